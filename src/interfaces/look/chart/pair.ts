/** The cell of a table that shows where two arms stand, or one arm beside what was planned: a disc for treatment, a square for control. */
import { html, nothing, type Html } from '../html.ts'
import { scaleOf } from './scale.ts'

export interface Placed {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/** Shares of the two arms, 0 to 1, each with its interval. */
export function pair(treatment: Placed, control: Placed, says: string): Html {
  const scale = scaleOf(0, 1)
  const whisker = (one: Placed, y: number, arm: 't' | 'c'): Html =>
    html`<line class="ci ${arm}" x1="${scale.x(one.low)}" x2="${scale.x(one.high)}" y1="${y}" y2="${y}"/>`
  return html`<svg class="chart" width="100%" height="30" role="img" aria-label="${says}">
${[0, 0.5, 1].map((tick) => html`<line class="grid" x1="${scale.x(tick)}" x2="${scale.x(tick)}" y1="0" y2="30"/>`)}
${whisker(treatment, 9, 't')}<circle class="t mark" cx="${scale.x(treatment.estimate)}" cy="9" r="4.5"/>
${whisker(control, 21, 'c')}<svg x="${scale.x(control.estimate)}" y="21" overflow="visible"><rect class="c mark" x="-4" y="-4" width="8" height="8"/></svg>
</svg>`
}

/** A share beside the planned one (the full line), on a scale about the plan. */
export function besidePlan(one: Placed, planned: number, reach: number, says: string): Html {
  const scale = scaleOf(planned - reach, planned + reach)
  return html`<svg class="chart" width="100%" height="26" role="img" aria-label="${says}">
<line class="zero" x1="${scale.x(planned)}" x2="${scale.x(planned)}" y1="0" y2="26"/>
<line class="ci t" x1="${scale.x(one.low)}" x2="${scale.x(one.high)}" y1="13" y2="13"/>
${one.estimate < scale.low || one.estimate > scale.high ? nothing : html`<circle class="t mark" cx="${scale.x(one.estimate)}" cy="13" r="4.5"/>`}
</svg>`
}
