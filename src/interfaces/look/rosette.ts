/**
 * The rosette behind a credential: rings turned about a wreath, as on a banknote. The first bytes of the proof choose how many rings, how
 * large, and how far from the middle, so two credentials rarely look alike. It is ornament and proves nothing.
 */
import { html, markup, type Html } from './html.ts'
import { wreathPaths } from './wreath.ts'

const counts = [30, 32, 36, 40, 45, 48] as const
const petals = [8, 9, 10, 12, 15] as const

/** So many of a shape, spread over a turn in degrees; an ellipse is itself again after half a turn. */
const turned = (count: number, turn: number, shape: string): string =>
  Array.from({ length: count }, (_, i) => `<${shape} transform="rotate(${Math.round((i * turn * 100) / count) / 100})"/>`).join('')

/** @param seed  the first bytes of the proof (at least five; missing ones count as zero) */
export function rosette(seed: Uint8Array): Html {
  const byte = (i: number): number => seed[i] ?? 0
  const ring = 30 + (byte(0) % 16)
  const outer = turned(counts[byte(1) % counts.length] ?? 36, 360, `circle cy="${ring - 97}" r="${ring}"`)
  const long = 52 + (byte(2) % 10)
  const inner = turned(petals[byte(3) % petals.length] ?? 12, 180, `ellipse rx="${long}" ry="${20 + (byte(4) % 9)}"`)
  return html`<svg class="watermark" viewBox="-100 -100 200 200" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width=".5">${markup(outer + inner)}<circle r="97.5"/><circle r="99.4"/></g><svg x="-17" y="-17.5" width="34" height="34" viewBox="0 0 24 24">${markup(wreathPaths)}</svg></svg>`
}
