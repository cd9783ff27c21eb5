/**
 * Dots with whiskers: estimates beneath one another, each with its interval, on one scale. The word stands over its own line and the figure
 * at its end, so nothing is cut on a phone and no legend is needed. An estimate without an interval is not drawn.
 */
import type { Figures } from '../figures.ts'
import { html, nothing, type Html } from '../html.ts'
import { around, decimalsOf, scaleOf, ticks } from './scale.ts'

export interface Whisker {
  readonly label: string
  /** In the unit of the axis (points, say). Null where there is nothing to show; `instead` then says why. */
  readonly interval: { readonly estimate: number; readonly low: number; readonly high: number } | null
  readonly instead?: string
  /** Everybody together: a diamond, and a dotted line through the others. */
  readonly whole?: boolean
}

export interface WhiskerOptions {
  /** What the picture shows, as a finding: "Low third +1.3 points, 0.2 to 2.3; …". */
  readonly says: string
  readonly decimals?: number
  readonly figures: Figures
}

const row = 46
const top = 4
const foot = 26

export function whiskers(rows: readonly Whisker[], options: WhiskerOptions): Html {
  const shown = rows.flatMap((one) => (one.interval === null ? [] : [one.interval]))
  if (shown.length === 0) return nothing
  const { figures, decimals = 2 } = options
  const ends = around(shown.flatMap((one) => [one.low, one.high, one.estimate]))
  const scale = scaleOf(ends.low, ends.high)
  const marks = ticks(ends.low, ends.high)
  const fraction = decimalsOf(marks)
  const height = top + rows.length * row + foot
  const whole = rows.find((one) => one.whole === true)?.interval ?? null
  return html`<svg class="chart" width="100%" height="${height}" role="img" aria-label="${options.says}">
${marks.map((tick) => html`<text x="${scale.x(tick)}" y="${top + rows.length * row + 16}" text-anchor="middle">${tick === 0 ? '0' : figures.signed(tick, fraction)}</text>`)}
${rows.map((one, i) => {
  const y = top + i * row
  const middle = y + 32
  // The lines of the scale stop beneath the words, so that no figure is struck through.
  const upright = (className: string, value: number): Html => html`<line class="${className}" x1="${scale.x(value)}" x2="${scale.x(value)}" y1="${y + 21}" y2="${y + 43}"/>`
  return html`<text class="said" x="0" y="${y + 14}">${one.label}</text>
${one.interval === null ? nothing : html`${marks.map((tick) => upright(tick === 0 ? 'zero' : 'grid', tick))}${whole === null || rows.length < 2 ? nothing : upright('limit', whole.estimate)}`}
${one.interval === null
    ? html`<text x="100%" y="${y + 14}" text-anchor="end">${one.instead ?? ''}</text>`
    : html`<text class="said" x="100%" y="${y + 14}" text-anchor="end">${figures.signed(one.interval.estimate, decimals)} (${figures.number(one.interval.low, decimals)} to ${figures.number(one.interval.high, decimals)})</text>
<line class="ci t" x1="${scale.x(one.interval.low)}" x2="${scale.x(one.interval.high)}" y1="${middle}" y2="${middle}"/>
<svg x="${scale.x(one.interval.estimate)}" y="${middle}" overflow="visible">${one.whole === true ? html`<path class="t mark" d="M-8 0 0-7 8 0 0 7z"/>` : html`<circle class="t mark" r="5"/>`}</svg>`}
`
})}
</svg>`
}
