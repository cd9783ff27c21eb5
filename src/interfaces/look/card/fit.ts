/** Text that has to fit: the largest size at which it stands in so many lines. A name shrinks and wraps and is never cut. */
import { linesOf, type Drawing } from '../engine.ts'

export interface Fitted {
  readonly size: number
  readonly lines: number
  readonly width: number
}

export interface Steps {
  /** Sizes in pixels, the largest first, and in how many lines the text may stand at each. */
  readonly steps: readonly (readonly [size: number, lines: number])[]
  readonly width: number
  readonly language: string
}

export async function fit(draw: (size: number) => Drawing, { steps, width, language }: Steps): Promise<Fitted> {
  let last: Fitted = { size: 0, lines: 0, width: 0 }
  for (const [size, most] of steps) {
    const { lines, width: widest } = await linesOf(draw(size), width, language)
    last = { size, lines, width: widest }
    if (lines <= most && widest <= width + 1) return last
  }
  return last
}
