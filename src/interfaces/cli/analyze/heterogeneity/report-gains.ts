/** The sheet of the report about who gains, for whoever decides; the tables behind it are in gains-tables.ts. */
import { curve, figuresOf, html, nothing, note, ruleTree, table, whiskers, type CurvePoint, type Html } from '#interfaces/look'
import type { Estimate } from '#kernel/causal'
import type { Analysis } from '../analysis.ts'
import { baselineBlock } from './report-baseline.ts'
import { drawnRule } from './rule.ts'
import { amountsOf, range, sayDiffer, sayHarm, sayPolicy, sayReach, signed, type Amounts } from './say-gains.ts'
import type { WhoGains } from './who-gains.ts'

const figures = figuresOf('en')
const fine = (text: string): Html => html`<p class="fine">${text}</p>`

export function gainsPage(analysis: Analysis, gains: WhoGains): Html {
  const unit = amountsOf(analysis, gains)
  const differ = sayDiffer(gains, unit)
  const reach = sayReach(gains, unit)
  return html`<p class="eyebrow">Who gains?</p>
<h2 class="headline" id="gains">${differ.clear ? html`<b>Some gain more</b> in ${gains.outcome} than others.` : html`It is <b>not shown</b> that some gain more in ${gains.outcome} than others.`}</h2>
<p>${differ.sentence}</p>
${reach === '' ? nothing : fine(reach)}
<div class="figures">${targeting(gains, unit)}${fifths(gains, unit)}</div>
${baselineBlock(gains.baseline, gains.outcome, unit)}
${ruleBlock(gains, unit)}
${costs(gains, unit)}
${marks(gains)}
${sorted(gains, unit)}
<h2>What this does not say</h2>
<p>Nobody’s own effect is known: with and without the treatment, each was seen once. A prediction for one row is mostly noise, so people must not be ranked by it; averages over many, with their intervals, are what can be used. A trait that those who gain more have in common need not be the reason. More of ${gains.outcome} is taken to be better.</p>`
}

/** In the unit of the axis. */
const pointOf = (row: Estimate, at: number, { scale }: Amounts): CurvePoint => ({ at, estimate: row.estimate * scale, ...(row.conf_low === null || row.conf_high === null ? {} : { low: row.conf_low * scale, high: row.conf_high * scale }) })

function targeting({ curve: own, priority, order }: WhoGains, unit: Amounts): Html {
  const shown = own ?? priority
  if (shown === undefined) return nothing
  const told = shown.toc.map((row) => pointOf(row, row.options['share'] as number, unit))
  const says = shown.toc.map((row) => `first ${figures.percent(row.options['share'] as number, 0)}: ${signed(row.estimate, unit)}, 95% interval ${range(row, unit)}`).join('; ')
  const name = unit.name.trim()
  const byColumn = own === undefined || priority === undefined ? nothing : ` Dashed: by ${order.priority}.`
  return html`<figure>${curve(
    [{ points: [...told, { at: 1, estimate: 0 }], look: 't' }, ...(own === undefined || priority === undefined ? [] : [{ points: [...priority.toc.map((row) => ({ at: row.options['share'] as number, estimate: row.estimate * unit.scale })), { at: 1, estimate: 0 }], look: 'c' as const }])],
    { says: `Targeting curve. ${says}`, unit: name, zero: 'as all', from: 'the first few', to: 'everybody', figures },
  )}<figcaption>How much more those gain who would be treated first, ${own === undefined ? `by ${order.priority}` : 'by a forest that had not seen them'}, than all do${name === '' ? '' : `, in ${name}`}. Band: 95% interval of each point alone. A line at zero: the order says nothing.${byColumn}</figcaption></figure>`
}

function fifths({ groups, averages, outcome }: WhoGains, unit: Amounts): Html {
  if (groups === undefined) return nothing
  const names = ['Lowest fifth', 'Second fifth', 'Middle fifth', 'Fourth fifth', 'Highest fifth']
  const average = averages[0]
  const rows = [...groups.groups.map((row, k) => ({ label: names[k]!, row, whole: false })), ...(average === undefined ? [] : [{ label: 'All', row: average, whole: true }])]
  return html`<figure>${whiskers(
    rows.map(({ label, row, whole }) => ({ label, whole, interval: { estimate: row.estimate * unit.scale, low: row.conf_low! * unit.scale, high: row.conf_high! * unit.scale } })),
    { says: rows.map(({ label, row }) => `${label}: ${signed(row.estimate, unit)}, 95% interval ${range(row, unit)}`).join('; '), decimals: unit.decimals, figures },
  )}<figcaption>The effect on ${outcome} by fifths of the predicted effect${unit.name === '' ? '' : `, in${unit.name}`}, on rows that the prediction had not seen. ${groups.monotone.falls === 0 ? 'It never falls from one fifth to the next.' : `It falls ${groups.monotone.falls === 1 ? 'once' : `${groups.monotone.falls} times`} from one fifth to the next${groups.monotone.p_fall < 0.05 ? ', more than luck explains: the prediction does not order people rightly' : ', which luck alone explains'}.`}</figcaption></figure>`
}

function ruleBlock(gains: WhoGains, unit: Amounts): Html {
  const { policy } = gains
  if (policy === undefined) return nothing
  const said = sayPolicy(gains, policy, unit)
  const harm = sayHarm(policy, unit)
  const checked = policy.harm.length === 0 ? nothing : harm.length === 0 ? fine(`No harm was found in any of ${policy.harm.length} protected groups. That is no proof that there is none: the tables say how much there may be.`) : harm.map((one) => note(one, 'bad'))
  return html`<h2>Whom to treat</h2>
<p><b>${said.rule}</b></p>
${policy.kind === 'some' ? html`<figure>${ruleTree(drawnRule(gains, policy))}<figcaption>The best of all rules of at most ${gains.order.policyDepth} ${gains.order.policyDepth === 1 ? 'question' : 'questions in a row'}, learned from all ${figures.number(gains.used.rows.length)} rows.</figcaption></figure>` : nothing}
<p>${said.how}</p>
<figure>${whiskers(
    said.beside.map(({ other, row }) => ({ label: `The rule less ${other}`, interval: { estimate: row.estimate * unit.scale, low: row.conf_low! * unit.scale, high: row.conf_high! * unit.scale } })),
    { says: said.beside.map(({ other, row }) => `The rule less ${other}: ${signed(row.estimate, unit)}, 95% interval ${range(row, unit)}`).join('; '), decimals: unit.decimals, figures },
  )}<figcaption>${gains.outcome} per person${unit.name === '' ? '' : `, in${unit.name}`}, cost taken off: the rule less what needs no rule, or another. Line: 95% interval.</figcaption></figure>
${said.doubt === '' ? nothing : note(said.doubt, 'warn')}
${checked}
${fine('The worth is that of rules learned on earlier parts of the rows and judged on later ones, so no rule is judged by the rows that made it; the rule above, from all of them, should do a little better.')}`
}

function costs({ costs: found, order, averages }: WhoGains, unit: Amounts): Html {
  if (found === undefined || found.gain.length < 2) return nothing
  const at = (row: Estimate): number => row.options['budget'] as number
  const end = at(found.gain.at(-1)!)
  const average = averages[0]!.estimate
  const spendable = Math.min(order.budget, end)
  const atBudget = found.gain.findLast((row) => at(row) <= spendable + 1e-9)
  const name = unit.name.trim()
  return html`<h2>What a budget can gain</h2>
<figure>${curve(
    [{ points: [{ at: 0, estimate: 0, low: 0, high: 0 }, ...found.gain.map((row) => pointOf(row, at(row), unit))], look: 't' }, { points: [{ at: 0, estimate: 0 }, { at: 1, estimate: average * unit.scale }], look: 'c' }],
    { says: `Gain by share treated: ${found.gain.filter((_, k) => k % 4 === 3).map((row) => `${figures.percent(at(row), 0)}: ${signed(row.estimate, unit)}`).join('; ')}`, unit: name, zero: 'nothing gained', from: 'nobody treated', to: 'everybody treated', figures },
  )}<figcaption>Gain per person of all, when those are treated first for whom the forest predicts most (full line; band: 95% intervals), and when as many are treated at random (dashed). The line ends where nobody is left for whom a gain is predicted.</figcaption></figure>
${atBudget === undefined ? nothing : html`<p>With ${figures.percent(at(atBudget), 0)} treated${order.budget < 1 ? `, as far as a budget for ${figures.percent(order.budget, 0)} goes` : ''}, the gain is ${signed(atBudget.estimate, unit)} per person of all (95% interval ${range(atBudget, unit)})${order.cost === 0 ? '' : `; the treatment of so many costs ${figures.number(at(atBudget) * order.cost * unit.scale, unit.decimals)}${unit.name} per person`}.</p>`}`
}

/** What distinguishes the highest fifth from the lowest: the largest differences first. */
function marks({ distinguishes }: WhoGains): Html {
  if (distinguishes.length === 0) return nothing
  const rows = distinguishes.toSorted((a, b) => Math.abs(Number(b.options['standard_deviations'])) - Math.abs(Number(a.options['standard_deviations']))).slice(0, 8)
  const mean = (value: unknown): string => {
    const one = Number(value)
    return figures.number(one, Math.abs(one) >= 1000 ? 0 : Math.abs(one) >= 10 ? 1 : 2)
  }
  return html`<h2>What marks those who are predicted to gain most</h2>
${table(
    'Means in the fifth predicted to gain least and in the fifth predicted to gain most',
    [
      { head: 'Covariate', kind: 'name', cell: (row: Estimate) => row.term },
      { head: 'Lowest fifth', kind: 'number', cell: (row: Estimate) => mean(row.options['mean_lowest']) },
      { head: 'Highest fifth', kind: 'number', cell: (row: Estimate) => mean(row.options['mean_highest']) },
      { head: 'Difference, SDs', kind: 'number', cell: (row: Estimate) => figures.signed(Number(row.options['standard_deviations']), 2) },
    ],
    rows,
  )}
${fine('A description of two groups, not a reason: changing a mark of a person need not change the effect.')}`
}

function sorted({ sorted: effects }: WhoGains, unit: Amounts): Html {
  const { share, effect, low, high, spread, noise, signal } = effects
  const points = Array.from(share, (at, k): CurvePoint => ({ at, estimate: effect[k]! * unit.scale, ...(low === undefined || high === undefined ? {} : { low: low[k]! * unit.scale, high: high[k]! * unit.scale }) }))
  const amount = (value: number): string => `${figures.number(value * unit.scale, Math.max(1, unit.decimals))}${unit.name}`
  const name = unit.name.trim()
  return html`<h2>Predicted effects, sorted</h2>
<figure>${curve([{ points, look: 't' }], { says: `Predicted effects from ${amount(effect[0]!)} to ${amount(effect.at(-1)!)}; most of the slope is noise`, unit: name, zero: 'no effect', from: 'lowest prediction', to: 'highest prediction', figures })}
<figcaption>Each row’s predicted effect, from the lowest to the highest; band: 95% interval of a single prediction.</figcaption></figure>
${note(html`<b>Sorted noise rises too.</b> This line would climb even if everybody had the same effect. The predictions are spread by ${amount(spread)} (standard deviation)${noise === undefined || signal === undefined ? '' : html`, and chance alone spreads them by ${amount(noise)}${signal === 0 ? '; nothing is left that people would have to differ by' : `; ${amount(signal)} would be left for people to differ by, if the noise is told rightly`}`}. Whether effects differ is said by the curve and the fifths above, not by this picture.`, 'warn')}`
}
