/**
 * A difference over time with its interval as a band. Curves lie in a stretched layer of their own; words do not stretch with them.
 */
import type { Figures } from '../figures.ts'
import { html, nothing, type Html } from '../html.ts'
import { around, decimalsOf, ticks } from './scale.ts'

export interface Moment {
  readonly at: Date
  readonly estimate: number
  readonly low: number
  readonly high: number
}

export interface BandOptions {
  readonly says: string
  /** What stands behind the figures of the axis: "points". */
  readonly unit: string
  readonly figures: Figures
}

const height = 240
const ground = 212

/** Differences in the unit of the axis, at least two of them, in order of time. */
export function band(series: readonly Moment[], options: BandOptions): Html {
  const first = series[0]
  const last = series.at(-1)
  if (first === undefined || last === undefined || last.at.getTime() <= first.at.getTime()) return nothing
  const ends = around(series.flatMap((one) => [one.low, one.high]))
  const y = (value: number): number => Math.round((12 + ((ends.high - value) / (ends.high - ends.low)) * (ground - 12)) * 10) / 10
  const x = (when: Date): number => Math.round((1 + ((when.getTime() - first.at.getTime()) / (last.at.getTime() - first.at.getTime())) * 81) * 100) / 100
  const line = (pick: (one: Moment) => number, list: readonly Moment[]): string => list.map((one) => `${x(one.at)},${y(pick(one))}`).join(' ')
  const marks = ticks(ends.low, ends.high)
  const fraction = decimalsOf(marks)
  const { figures } = options
  return html`<svg class="chart" width="100%" height="${height}" role="img" aria-label="${options.says}">
${marks.map((tick) => html`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="0" x2="100%" y1="${y(tick)}" y2="${y(tick)}"/><text x="100%" y="${y(tick) - 5}" text-anchor="end">${tick === 0 ? 'no difference' : `${figures.signed(tick, fraction)} ${options.unit}`}</text>`)}
<svg x="0" y="0" width="100%" height="${height}" viewBox="0 0 100 ${height}" preserveAspectRatio="none"><polygon class="band t" points="${line((one) => one.high, series)} ${line((one) => one.low, [...series].reverse())}"/><polyline class="line t" points="${line((one) => one.estimate, series)}"/></svg>
<circle class="t mark" cx="${x(last.at)}%" cy="${y(last.estimate)}" r="4.5"/>
<text x="1%" y="${height - 8}">${figures.date(first.at)}</text><text x="82%" y="${height - 8}" text-anchor="end">${figures.date(last.at)}</text>
</svg>`
}
