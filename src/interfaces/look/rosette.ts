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

/** In a field from −100 to 100. */
export interface Turns {
  /** Circles whose middles lie so far from the rosette's (upwards, before they are turned). */
  readonly outer: { readonly count: number; readonly radius: number; readonly offset: number }
  /** Ellipses about the middle. */
  readonly inner: { readonly count: number; readonly rx: number; readonly ry: number }
  /** Radii of the circles around all. */
  readonly rims: readonly number[]
}

/** @param seed  the first bytes of the proof (at least five; missing ones count as zero) */
export function turnsOf(seed: Uint8Array): Turns {
  const byte = (i: number): number => seed[i] ?? 0
  const radius = 30 + (byte(0) % 16)
  return {
    outer: { count: counts[byte(1) % counts.length] ?? 36, radius, offset: radius - 97 },
    inner: { count: petals[byte(3) % petals.length] ?? 12, rx: 52 + (byte(2) % 10), ry: 20 + (byte(4) % 9) },
    rims: [97.5, 99.4],
  }
}

/** @param seed  as above */
export function rosette(seed: Uint8Array): Html {
  const { outer, inner, rims } = turnsOf(seed)
  const rings = turned(outer.count, 360, `circle cy="${outer.offset}" r="${outer.radius}"`) + turned(inner.count, 180, `ellipse rx="${inner.rx}" ry="${inner.ry}"`) + rims.map((radius) => `<circle r="${radius}"/>`).join('')
  return html`<svg class="watermark" viewBox="-100 -100 200 200" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width=".5">${markup(rings)}</g><svg x="-17" y="-17.5" width="34" height="34" viewBox="0 0 24 24">${markup(wreathPaths)}</svg></svg>`
}
