/**
 * One or more curves over a share of people, the first with its interval as a band. Curves lie in a stretched layer of their own; words do not stretch with them.
 */
import type { Figures } from '../figures.ts'
import { html, nothing, type Html } from '../html.ts'
import { around, decimalsOf, ticks } from './scale.ts'

export interface CurvePoint {
  /** A share, 0 to 1. */
  readonly at: number
  /** In the unit of the axis. */
  readonly estimate: number
  readonly low?: number
  readonly high?: number
}

export interface Curve {
  readonly points: readonly CurvePoint[]
  /** `t` the full line with a band, `c` a dashed one to compare it with. */
  readonly look: 't' | 'c'
}

export interface CurveOptions {
  /** What the picture shows, as a finding. */
  readonly says: string
  /** What stands behind the figures of the axis: "points". */
  readonly unit: string
  /** What zero means, at its line. */
  readonly zero: string
  /** The words under the axis, at its ends. */
  readonly from: string
  readonly to: string
  /** False where the axis is of levels and not of differences. */
  readonly signed?: boolean
  readonly figures: Figures
}

const height = 240
const ground = 204
/** Per cent of the width for the curves; the figures of the axis stand in the rest, where no line runs through them. */
const reach = 84

export function curve(curves: readonly Curve[], options: CurveOptions): Html {
  const all = curves.flatMap((one) => one.points)
  if (all.length < 2) return nothing
  const ends = around(all.flatMap((one) => [one.estimate, one.low ?? one.estimate, one.high ?? one.estimate]))
  const y = (value: number): number => Math.round((12 + ((ends.high - value) / (ends.high - ends.low)) * (ground - 12)) * 10) / 10
  const x = (share: number): number => Math.round(share * reach * 100) / 100
  const line = (pick: (one: CurvePoint) => number, list: readonly CurvePoint[]): string => list.map((one) => `${x(one.at)},${y(pick(one))}`).join(' ')
  const marks = ticks(ends.low, ends.high)
  const fraction = decimalsOf(marks)
  const { figures } = options
  return html`<svg class="chart" width="100%" height="${height}" role="img" aria-label="${options.says}">
${marks.map((tick) => html`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="0" x2="100%" y1="${y(tick)}" y2="${y(tick)}"/><text x="100%" y="${y(tick) - 5}" text-anchor="end">${tick === 0 ? options.zero : `${options.signed === false ? figures.number(tick, fraction) : figures.signed(tick, fraction)} ${options.unit}`}</text>`)}
<svg x="0" y="0" width="100%" height="${height}" viewBox="0 0 100 ${height}" preserveAspectRatio="none">${curves.map(({ points, look }) => {
    const banded = points.filter((one) => one.low !== undefined && one.high !== undefined)
    return html`${banded.length < 2 ? nothing : html`<polygon class="band ${look}" points="${line((one) => one.high!, banded)} ${line((one) => one.low!, [...banded].reverse())}"/>`}<polyline class="line ${look}" points="${line((one) => one.estimate, points)}"/>`
  })}</svg>
<text x="0" y="${ground + 18}">${options.from}</text><text x="${reach}%" y="${ground + 18}" text-anchor="end">${options.to}</text>
</svg>`
}
