/** The tables behind the sheet about who gains, for researchers. */
import { figuresOf, html, nothing, sayP, table, type Html } from '#interfaces/look'
import { leafSizeFor, type Estimate } from '#kernel/causal'
import type { Analysis } from '../analysis.ts'
import { forest } from '../report-tables.ts'
import { decimalsFor } from '../say-answer.ts'
import type { Row } from '../steps.ts'
import { baselineTables } from './report-baseline.ts'
import { amountsOf, pWords, type Amounts } from './say-gains.ts'
import type { WhoGains } from './who-gains.ts'

const figures = figuresOf('en')
const fine = (text: string): Html => html`<p class="fine">${text}</p>`

export function gainsTables(analysis: Analysis, gains: WhoGains): Html {
  const said = amountsOf(analysis, gains)
  const unit: Amounts = { ...said, decimals: said.decimals + 1, name: said.name.trim() }
  const drawn = (caption: string, rows: readonly Estimate[], name: (row: Row) => Html | string, what = 'Effect'): Html => (rows.length === 0 ? nothing : forest(caption, rows as readonly Row[], unit, name, what))
  const plain = (caption: string, rows: readonly Estimate[]): Html =>
    table(
      caption,
      [
        { head: 'Term', kind: 'name', cell: (row: Estimate) => row.term },
        { head: 'Estimate (SE)', kind: 'number', cell: (row: Estimate) => `${figures.number(row.estimate, decimalsFor(row.std_error ?? 1))} (${figures.number(row.std_error ?? 0, decimalsFor(row.std_error ?? 1))})` },
        { head: 'p', kind: 'number', cell: (row: Estimate) => (row.p_value === null ? '' : sayP(row.p_value)) },
      ],
      rows,
    )
  const { groups, curve, priority, policy, order, used, forest: grown } = gains
  const averaged: Readonly<Record<string, string>> = { 'causal_forest.ate': 'On all', 'causal_forest.att': 'On the treated', 'causal_forest.ato': 'On those found in both arms' }
  const rates = [...(curve === undefined ? [] : [['predicted effect, held rows', curve] as const]), ...(priority === undefined ? [] : [[order.priority ?? '', priority] as const])]
  const propensity = order.propensity === 'known' ? 'as the design gave it' : order.propensity === 'estimated' ? 'estimated by a forest, out of bag' : String(order.propensity)
  return html`<h2>Who gains: the figures behind it</h2>
<h3>Average effects by doubly robust scores</h3>
${drawn('Average effects of the causal forest', gains.averages, (row) => averaged[row.estimator] ?? row.estimator)}
<h3>Test of calibration</h3>
${gains.calibration.length === 0 ? nothing : plain('Test of calibration', gains.calibration)}
${fine('1 in the first line: right on average. Above 0 in the second: differences were found; 1: of the right size. p one-sided. Out-of-bag predictions lean on each other, so this test is somewhat too ready to find; the test that decides is the area of the targeting curve.')}
${rates.map(([name, one]) => html`<h3>Area of the targeting curve by ${name}</h3>${drawn(`RATE by ${name}`, [one.autoc, one.qini], (row) => (row.estimator === 'rate.autoc' ? 'AUTOC' : 'Qini'), 'Area')}`)}
${groups === undefined ? nothing : html`<h3>By fifths of the predicted effect, held rows</h3>${drawn('Effects by predicted fifth', [...groups.groups, groups.ends], (row) => (row.term.includes(' - ') ? 'Highest less lowest' : `Fifth ${row.term.replace('group ', '')}`))}${fine(`All five equal: ${pWords(groups.equality.p_value!)}. A step that goes down: ${pWords(groups.monotone.p_fall)}, adjusted for ${groups.monotone.steps.length} steps.`)}`}
${baselineTables(gains.baseline, unit)}
${gains.projection.length === 0 ? nothing : html`<h3>Best linear projection</h3>${plain('Best linear projection of the effect', gains.projection)}${fine('The straight line nearest to the effect, in units of the outcome per unit of the column; HC3 errors, CR3 with clusters.')}`}
${policy === undefined ? nothing : html`<h3>Value of the rule and of others, rows not learned from</h3>${drawn('Values of rules', policy.value.filter((row) => !row.term.startsWith('policy - ')), (row) => (row.term === 'policy' ? 'The rule' : capital(row.term)), 'Value')}${drawn('The rule less others', policy.value.filter((row) => row.term.startsWith('policy - ')), (row) => `Rule less ${row.term.slice('policy - '.length)}`, 'Difference')}`}
${policy === undefined || policy.harm.length === 0
    ? nothing
    : html`<h3>What the rule does to protected groups</h3>${drawn('Change of the outcome under the rule, by group, costs left out', policy.harm, (row) => html`${row.formula} <span class="fine">${figures.percent(Number(row.options['share_treated']), 0)} treated; p of harm ${sayP(Number(row.options['p_harm']))}</span>`, 'Change')}${fine('p of harm: one-sided, adjusted by Holm for the number of groups of a column. The lower end of an interval is the harm that the rows leave open.')}`}
${fine(`Forest: ${figures.number(order.trees)} trees, nodes of at most ${figures.number(order.minNodeSize ?? leafSizeFor(used.rows.length))} rows not split${order.exactSplits ? ', splits between any two values' : ''}, propensity ${propensity} (${figures.percent(Math.min(...minmax(grown.wHat)), 1)} to ${figures.percent(Math.max(...minmax(grown.wHat)), 1)}), ${figures.number(used.rows.length)} rows, ${figures.number(used.covariates.length)} covariates. Rankings are by forests of ${figures.number(Math.max(50, Math.ceil(order.trees / 2)))} trees grown on earlier folds.`)}`
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

function minmax(values: Float64Array): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}
