/** The pages of a report for researchers: every figure with its error, interval, p-value and n, and a drawing beside it. */
import { besidePlan, figuresOf, html, note, nothing, sayP, table, type Html } from '#interfaces/look'
import type { Analysis, Answer } from './analysis.ts'
import { decimalsFor, groupsOf } from './say-answer.ts'
import { short } from './in-terminal.ts'
import type { Finding, Row } from './steps.ts'

const figures = figuresOf('en')

/** The unit of an outcome: shares in points. */
export interface Unit {
  readonly scale: number
  readonly decimals: number
  readonly name: string
}

export function unitOf(answer: Answer | undefined, row?: Row): Unit {
  const one = answer?.row ?? row
  const scale = answer?.share === true ? 100 : 1
  const error = one === undefined ? 1 : (one.std_error ?? ((one.conf_high ?? 1) - (one.conf_low ?? 0)) / 4)
  return { scale, decimals: decimalsFor(error * scale), name: answer?.share === true ? 'points' : '' }
}

/** Take-up of yes or no, in points. */
export function takeUpUnit({ sample, order }: Analysis, stage: Row): Unit {
  return sample.baseline(order.takeUp!).share ? { scale: 100, decimals: decimalsFor((stage.std_error ?? 1) * 100), name: 'points' } : unitOf(undefined, stage)
}

const headed = (what: string, unit: Unit): string => `${what}${unit.name === '' ? '' : `, ${unit.name}`} (SE)`

/** "+1,169 (305)" */
function effectCell(row: Row, unit: Unit): Html {
  return html`${figures.signed(row.estimate * unit.scale, unit.decimals)}${row.std_error === null ? nothing : html` <span class="fine">(${figures.number(row.std_error * unit.scale, unit.decimals)})</span>`}`
}

export function rangeOf(row: Row, unit: Unit): string {
  const number = (value: number | null, beyond: string): string => (value === null ? beyond : figures.number(value * unit.scale, unit.decimals))
  const shape = row.estimator === 'anderson_rubin' ? row.options.shape : 'interval'
  if (shape === 'whole line') return 'any effect'
  if (shape === 'empty') return 'no effect fits'
  if (shape === 'complement') return `up to ${number(row.conf_low, '')}, or from ${number(row.conf_high, '')}`
  if (row.conf_low === null && row.conf_high === null) return ''
  return `${number(row.conf_low, '−∞')} to ${number(row.conf_high, '∞')}`
}

/** Names of rows for people. */
export function nameOf(row: Row, covariates: number): string {
  const { options } = row
  const beside = covariates === 0 ? '' : `, ${covariates} covariates`
  switch (row.estimator) {
    case 'lm_lin':
      return 'Adjusted difference'
    case 'difference_in_means':
      return String(options.design).startsWith('simple') ? 'Difference in means' : `Difference in means, ${String(options.design)}`
    case 'lm_robust':
      return row.formula.includes(' + ') ? `Regression${beside}` : 'Regression on the treatment alone'
    case 'cuped':
      return `CUPED with ${String(options.covariate)}`
    case 'iv_robust':
      return row.formula.split(' | ')[0]!.includes(' + ') ? `Two-stage least squares${beside}` : 'Two-stage least squares'
    case 'anderson_rubin':
      return 'Anderson-Rubin set'
    case 'randomization_inference':
      return `Randomization test (${String(options.method)})`
    case 'lee_bounds':
      return { lower: 'Lowest effect', upper: 'Highest effect', effect: 'Both, with their error' }[row.term] ?? row.term
    default:
      return row.estimator
  }
}

/** Rows with an interval beside one another on one scale about zero. */
export function forest(caption: string, rows: readonly Row[], unit: Unit, name: (row: Row) => Html | string, what = 'Effect'): Html {
  const ends = rows.flatMap((row) => [row.conf_low, row.conf_high, row.estimate]).filter((value) => value !== null)
  const reach = Math.max(...ends.map(Math.abs)) * unit.scale * 1.04 || 1
  const drawable = (row: Row): boolean => row.conf_low !== null && row.conf_high !== null && (row.estimator !== 'anderson_rubin' || row.options.shape === 'interval')
  return table(
    caption,
    [
      { head: 'How', kind: 'name', cell: name },
      { head: 'Rows', kind: 'number', cell: (row: Row) => figures.number(row.n) },
      { head: headed(what, unit), kind: 'number', cell: (row: Row) => effectCell(row, unit) },
      { head: '95% interval', kind: 'number', cell: (row: Row) => rangeOf(row, unit) },
      { head: 'p', kind: 'number', cell: (row: Row) => (row.p_value === null ? '' : sayP(row.p_value)) },
      {
        head: 'Lower | none | higher',
        kind: 'drawing',
        cell: (row: Row) =>
          drawable(row)
            ? besidePlan({ estimate: row.estimate * unit.scale, low: row.conf_low! * unit.scale, high: row.conf_high! * unit.scale }, 0, reach, `${figures.signed(row.estimate * unit.scale, unit.decimals)}, ${rangeOf(row, unit)}`)
            : '',
      },
    ],
    rows,
    { className: 'forest' },
  )
}

const fine = (text: string): Html => html`<p class="fine">${text}</p>`

export function effectTables(analysis: Analysis): Html {
  const { findings, answers, order } = analysis
  const covariates = analysis.sample.namesOf(analysis.design.covariates).length
  const { control, treated } = groupsOf(analysis)
  return html`${order.outcomes.map((outcome) => {
    const answer = answers.find((one) => one.outcome === outcome)
    const rows = findings.filter((one) => one.outcome === outcome && ['effect', 'test'].includes(one.role)).map((one) => one.row)
    if (rows.length === 0) return nothing
    const unit = unitOf(answer, rows[0])
    return html`<h3>${outcome}</h3>
${forest(`Effects of ${order.treatment} on ${outcome}`, rows, unit, (row) => html`${nameOf(row, covariates)}${row === answer?.row ? html` <span class="tag good">the answer</span>` : nothing} <span class="fine">${errorWord(row)}</span>`)}
${fine(`${treated} less ${control}. Mean with ${control}: ${answer === undefined ? '' : figures.number(answer.controlMean * unit.scale, unit.decimals)}${unit.name === '' ? '' : '%'}.${answer === undefined || answer.adjustedP === null ? '' : ` p, adjusted for ${order.outcomes.length} outcomes: ${sayP(answer.adjustedP)}.`}`)}`
  })}`
}

const errorWord = (row: Row): string => (row.options.se_type === undefined ? '' : `${String(row.options.se_type)} errors`)

export function takeUpTables(analysis: Analysis): Html {
  const { findings, answers, order } = analysis
  if (order.takeUp === undefined) return nothing
  const covariates = analysis.sample.namesOf(analysis.design.covariates).length
  const stage = findings.filter((one) => one.role === 'first stage').map((one) => one.row)
  const late = order.outcomes.map((outcome) => ({ outcome, rows: findings.filter((one) => one.outcome === outcome && one.role === 'effect of take-up').map((one) => one.row) }))
  const f = late.flatMap((one) => one.rows).find((row) => typeof row['first_stage_F'] === 'number')?.['first_stage_F']
  return html`<h2>Effect of ${order.takeUp}</h2>
${stage.length === 0 ? nothing : forest(`Effect of ${order.treatment} on ${order.takeUp}`, stage, takeUpUnit(analysis, stage[0]!), () => `First stage: ${order.treatment} on ${order.takeUp}`)}
${late.map(({ outcome, rows }) =>
  rows.length === 0
    ? nothing
    : html`<h3>${order.takeUp} on ${outcome}</h3>
${forest(`Effect of ${order.takeUp} on ${outcome}`, rows, unitOf(answers.find((one) => one.outcome === outcome), rows[0]), (row) => nameOf(row, covariates))}`,
)}
${fine(`Per unit of ${order.takeUp}, among those whom ${order.treatment} moved, if ${order.treatment} works through ${order.takeUp} only.${typeof f === 'number' ? ` First-stage F = ${figures.number(f, f < 100 ? 1 : 0)}.` : ''}`)}`
}

export function boundsTables(analysis: Analysis): Html {
  const seen = analysis.findings.filter((one) => one.role === 'observed')
  const limits = analysis.findings.filter((one) => one.role === 'bounds')
  if (seen.length === 0) return nothing
  return html`<h2>Who was seen</h2>
${forest('Share with an observed outcome, treated less control', seen.map((one) => one.row), { scale: 100, decimals: 2, name: 'points' }, (row) => row.formula.split(' ~ ')[0]!, 'Difference')}
${fine('A row without a value in the outcome is not seen. Where the arms do not differ in this, rows left out do little harm.')}
${limits.length === 0
  ? nothing
  : [...new Set(limits.map((one) => one.outcome))].map((outcome) => {
      const rows = limits.filter((one) => one.outcome === outcome).map((one) => one.row)
      return html`<h3>Bounds on the effect on ${outcome}</h3>${forest(`Lee’s bounds on ${outcome}`, rows, unitOf(analysis.answers.find((one) => one.outcome === outcome), rows[0]), (row) => nameOf(row, 0), 'Bound')}`
    })}`
}

export function groupTables(analysis: Analysis): Html {
  const outcomes = [...new Set(analysis.findings.filter((one) => one.role === 'group').map((one) => one.outcome))]
  if (outcomes.length === 0) return nothing
  const thirds = ['Low third', 'Middle third', 'High third']
  return html`<h2>By thirds of ${analysis.order.score === 'auto' ? 'the outcome that covariates predict' : analysis.order.score!}</h2>
${outcomes.map((outcome) => {
  const own = (role: Finding['role']): readonly Row[] => analysis.findings.filter((one) => one.outcome === outcome && one.role === role).map((one) => one.row)
  const groups = own('group')
  const answer = analysis.answers.find((one) => one.outcome === outcome)
  const unit = unitOf(answer, groups[0])
  const [bottom, , equality] = own('interaction')
  return html`<h3>${outcome}</h3>
${forest(`Effects on ${outcome} by third`, [...groups, ...(answer === undefined ? [] : [answer.row])], unit, (row) => (row.estimator === 'gate_tertile' ? html`${thirds[Number(row.options.tertile) - 1]} <span class="fine">control mean ${figures.number(Number(row.options.control_mean) * unit.scale, unit.decimals)}</span>` : 'All'))}
${bottom === undefined || equality === undefined ? nothing : note(html`<b>Interaction.</b> Low third less the others: ${figures.signed(bottom.estimate * unit.scale, unit.decimals)} (SE ${figures.number(bottom.std_error! * unit.scale, unit.decimals)}; 95% interval ${rangeOf(bottom, unit)}; p ${sayP(bottom.p_value!)}). All three equal: p ${sayP(equality.p_value!)}. An interval that leaves out zero in one third and not in another is no evidence that the effects differ.`)}`
})}`
}

export function balanceTable(analysis: Analysis): Html {
  const { balance, rows, clusters } = analysis.design
  if (balance === null || balance.differences.length === 0) return nothing
  // What luck alone gives a standardized difference of rows drawn one by one: √(1/n₁ + 1/n₀).
  const luck = Math.sqrt(1 / rows[0] + 1 / rows[1])
  const alone = clusters === null
  const reach = Math.max(0.1, ...balance.differences.map((row) => Math.abs(row.estimate) + 1.96 * luck)) * 1.04
  const [joint] = balance.joint
  return html`<h2>Balance before the treatment</h2>
${table(
    'Covariates by arm',
    [
      { head: 'Covariate', kind: 'name', cell: (row) => row.term },
      { head: 'Control mean', kind: 'number', cell: (row) => mean(row.options.mean_control) },
      { head: 'Treated mean', kind: 'number', cell: (row) => mean(row.options.mean_treated) },
      { head: 'Difference, SDs', kind: 'number', cell: (row) => figures.signed(row.estimate, 3) },
      { head: 'Less | equal | more', kind: 'drawing', cell: (row) => besidePlan({ estimate: row.estimate, low: alone ? row.estimate - 1.96 * luck : row.estimate, high: alone ? row.estimate + 1.96 * luck : row.estimate }, 0, reach, `${row.term}: ${figures.signed(row.estimate, 3)} standard deviations`) },
    ],
    balance.differences,
    { className: 'forest' },
  )}
${fine(`${alone ? 'Lines: 95% intervals, each covariate by itself; 1 in 20 leaves out zero by luck. ' : ''}${joint === undefined ? '' : `All covariates together: p ${sayP(joint.p_value!).startsWith('<') ? '' : '= '}${sayP(joint.p_value!)} (${String(joint.options.test)}, ${figures.number(joint.n)} rows).`}`)}`
}

function mean(value: unknown): string {
  const one = Number(value)
  return figures.number(one, Math.abs(one) >= 1000 ? 0 : Math.abs(one) >= 10 ? 1 : 3)
}

export function familyTable(analysis: Analysis): Html {
  const rows = analysis.findings.filter((one) => one.role === 'family').map((one) => one.row)
  if (rows.length === 0) return nothing
  const cell = (name: string) => (row: Row) => sayP(row[name] as number)
  return html`<h2>Several outcomes at once</h2>
${table('p-values of the difference in means, adjusted', [
    { head: 'Outcome', kind: 'name', cell: (row: Row) => short(row.formula).split(' ~ ')[0]! },
    { head: 'p alone', kind: 'number', cell: (row: Row) => sayP(row.p_value!) },
    { head: 'Holm', kind: 'number', cell: cell('p_holm') },
    { head: 'Benjamini-Hochberg', kind: 'number', cell: cell('p_bh') },
    { head: 'Romano-Wolf', kind: 'number', cell: cell('p_romano_wolf') },
  ], rows)}
${fine(`${figures.number(rows[0]!.n)} rows that have every outcome. Holm and Romano-Wolf: chance of any false finding; Benjamini-Hochberg: share of false ones among the findings.`)}`
}
