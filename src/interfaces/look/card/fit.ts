/** Text that has to fit: the largest size at which it stands in so many lines. A name shrinks and wraps and is never cut. */
import { linesOf, type Drawing } from '../engine.ts'

export interface Fitted {
  readonly size: number
  readonly lines: number
  readonly width: number
  readonly height: number
}

export interface Steps {
  /** Sizes in pixels, the largest first, and in how many lines the text may stand at each. */
  readonly steps: readonly (readonly [size: number, lines: number])[]
  readonly width: number
  readonly language: string
}

/** Letters grow with their size, so a text that was set once is not tried where all its lines together are longer than the lines it may have. */
export async function fit(draw: (size: number) => Drawing, { steps, width, language }: Steps): Promise<Fitted> {
  let last: Fitted = { size: 0, lines: 0, width: 0, height: 0 }
  let perPixel = 0
  for (const [i, [size, most]] of steps.entries()) {
    if (perPixel * size > most * (width + 1) && i < steps.length - 1) continue
    const { lines, width: widest, total, height } = await linesOf(draw(size), width, language)
    perPixel = total / size
    last = { size, lines, width: widest, height }
    if (lines <= most && widest <= width + 1) return last
  }
  return last
}
