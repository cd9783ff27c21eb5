/**
 * A thousand dots, for people who think in people: so many would have had the outcome anyway, so many more (or fewer) with the nudge, and as
 * rings those that the interval leaves open.
 */
import { html, markup, nothing, type Html } from '../html.ts'

export interface Thousand {
  /** Of 1,000 without nudges. */
  readonly anyway: number
  /** The best estimate of the difference, per 1,000, and the end of its interval that lies further from zero. */
  readonly more: number
  readonly reach: number
  readonly says: string
}

const columns = 50
const size = 8

/** The dots from one number to another, as one path of arcs: a path of circles is a twentieth of the bytes of as many elements. */
function dots(from: number, to: number, r: number): string {
  let d = ''
  for (let i = from; i < to; i += 1) d += `M${(i % columns) * size + 4 - r} ${Math.floor(i / columns) * size + 4}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0-${2 * r} 0`
  return d
}

export function thousand(view: Thousand): Html {
  const anyway = Math.min(1000, Math.max(0, Math.round(view.anyway)))
  const more = Math.round(view.more)
  const reach = Math.round(view.reach)
  // A gain is added after those who would have had it anyway; a loss is taken from their end.
  const gained = Math.min(1000 - anyway, Math.max(0, more))
  const open = Math.min(1000 - anyway - gained, Math.max(0, reach - gained))
  const taken = Math.min(anyway, Math.max(0, -more))
  const kept = anyway - taken
  const end = anyway + gained + open
  return html`<svg class="dots" viewBox="0 0 400 160" role="img" aria-label="${view.says}">
<path class="c" d="${markup(dots(0, kept, 2.9))}"/>
${taken === 0 ? nothing : html`<path class="maybe" d="${markup(dots(kept, anyway, 2.4))}"/>`}
${gained === 0 ? nothing : html`<path class="t" d="${markup(dots(anyway, anyway + gained, 2.9))}"/>`}
${open === 0 ? nothing : html`<path class="maybe" d="${markup(dots(anyway + gained, end, 2.4))}"/>`}
<path class="rest" d="${markup(dots(end, 1000, 1.2))}"/>
</svg>`
}
