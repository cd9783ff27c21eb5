/** Who gains, in words: whether effects differ at all, how large a difference these rows could have shown, and what a rule is worth. */
import { figuresOf, sayP } from '#interfaces/look'
import type { Estimate } from '#kernel/causal'
import type { Analysis } from '../analysis.ts'
import { decimalsFor } from '../say-answer.ts'
import { sayRule } from './rule.ts'
import type { Policy, WhoGains } from './who-gains.ts'

const figures = figuresOf('en')

/** How amounts of the outcome are written: shares in points. */
export interface Amounts {
  readonly scale: number
  readonly decimals: number
  readonly name: string
}

export function amountsOf(analysis: Pick<Analysis, 'answers'>, gains: Pick<WhoGains, 'outcome' | 'averages'>): Amounts {
  const share = analysis.answers.find((one) => one.outcome === gains.outcome)?.share === true
  const scale = share ? 100 : 1
  return { scale, decimals: Math.max(0, decimalsFor((gains.averages[0]?.std_error ?? 1) * scale) - 1), name: share ? ' points' : '' }
}

const amount = (value: number, { scale, decimals, name }: Amounts): string => `${figures.number(value * scale, decimals)}${name}`
export const signed = (value: number, { scale, decimals, name }: Amounts): string => `${figures.signed(value * scale, decimals)}${name}`
export const range = (row: Pick<Estimate, 'conf_low' | 'conf_high'>, unit: Amounts): string =>
  row.conf_low === null || row.conf_high === null ? '' : `${figures.number(row.conf_low * unit.scale, unit.decimals)} to ${figures.number(row.conf_high * unit.scale, unit.decimals)}`
export const pWords = (p: number): string => `p ${sayP(p).startsWith('<') ? '' : '= '}${sayP(p)}`

/** Whether the interval lies above zero, below it, or holds it. */
export const sideOf = (row: Pick<Estimate, 'conf_low' | 'conf_high'>): 'above' | 'below' | 'unclear' => ((row.conf_low ?? -1) > 0 ? 'above' : (row.conf_high ?? 1) < 0 ? 'below' : 'unclear')

/** The one finding of the forest: AUTOC on rows that the ranking had not seen. One test decides, so that it is not looked for until found. */
export function sayDiffer(gains: WhoGains, unit: Amounts): { readonly clear: boolean; readonly sentence: string } {
  const { curve, groups, outcome } = gains
  if (curve === undefined || curve.autoc.std_error === null) return { clear: false, sentence: 'Whether some gain more than others could not be tested with these rows.' }
  const p = pWords(curve.autoc.p_value!)
  const most = groups?.groups.at(-1)
  const least = groups?.groups[0]
  const ends = most === undefined || least === undefined ? '' : ` In the fifth predicted to gain most the effect was ${signed(most.estimate, unit)} (95% interval ${range(most, unit)}), in the fifth predicted to gain least ${signed(least.estimate, unit)} (${range(least, unit)}).`
  switch (sideOf(curve.autoc)) {
    case 'above':
      return { clear: true, sentence: `Some gain more in ${outcome} than others, and the covariates tell who: those whom a forest put first gained more than all did, on rows that it had not seen (${p}).${ends}` }
    case 'below':
      return { clear: false, sentence: `The forest put people in the wrong order: those whom it put first gained less than all did, on rows that it had not seen (${p}). Do not choose people by it.${ends}` }
    default:
      return { clear: false, sentence: `These rows do not show that some gain more in ${outcome} than others (${p}).${ends}` }
  }
}

/** What could have been seen, and what it would take to see more. */
export function sayReach({ reach, averages, groups, used }: WhoGains, unit: Amounts): string {
  if (reach === undefined || groups === undefined) return ''
  const average = averages[0]
  const rows = reach.asLargeAsAverage
  const needed = !Number.isFinite(rows) || average === undefined ? '' : rows <= groups.ends.n ? ' A difference as large as the average effect itself is within reach.' : ` A difference as large as the average effect itself (${amount(Math.abs(average.estimate), unit)}) takes about ${rounded(rows)} such rows.`
  return `With these ${figures.number(used.rows.length)} rows (${figures.number(groups.ends.n)} of them judged), a difference between the highest and the lowest fifth is seen 4 times in 5 where it is ${amount(reach.smallest, unit)} or more.${needed}`
}

/** Two digits: nobody plans a study to the last row. */
function rounded(rows: number): string {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1)
  return figures.number(Math.ceil(rows / power) * power)
}

export interface SaidPolicy {
  readonly rule: string
  /** How many it treats, and at what cost. */
  readonly how: string
  /** The rule less others, per person. */
  readonly beside: readonly { readonly other: string; readonly row: Estimate }[]
  /** Where it is not clearly better than what needs no rule. */
  readonly doubt: string
}

export function sayPolicy(gains: WhoGains, policy: Policy, unit: Amounts): SaidPolicy {
  const row = (term: string): Estimate => policy.value.find((one) => one.term === term)!
  const [none, all, random] = [row('policy - nobody treated'), row('policy - everybody treated'), row('policy - random')]
  const third = policy.value.find((one) => one.term === 'policy - lowest third treated')
  const shares = none.options['shares'] as readonly number[]
  const [best] = [none, all].toSorted((a, b) => a.estimate - b.estimate)
  return {
    rule: sayRule(gains, policy),
    how: `Rules learned in this way treated ${figures.percent(shares[1]!, 0)} of the rows that they were not learned from${gains.order.cost === 0 ? '' : `, at a cost of ${amount(gains.order.cost, unit)} each, which is taken off`}.`,
    beside: [
      { other: 'treating nobody', row: none },
      { other: 'treating everybody', row: all },
      { other: 'treating as many at random', row: random },
      ...(third === undefined ? [] : [{ other: 'treating the third expected to do worst', row: third }]),
    ],
    doubt: sideOf(best!) === 'above' ? '' : `These rows do not show that the rule does better than ${best === none ? 'treating nobody' : 'treating everybody'}, which needs no rule.`,
  }
}

/** Groups that must not be harmed: what was seen, and how much harm the rows leave open. */
export function sayHarm(policy: Policy, unit: Amounts): readonly string[] {
  return policy.harm.filter((row) => row.std_error !== 0).flatMap((row) => {
    const p = row.options['p_harm'] as number
    if (p < 0.05) return [`Harm: where ${row.formula}, the rule changed the outcome by ${signed(row.estimate, unit)} a person (95% interval ${range(row, unit)}; ${pWords(p)}, adjusted for the number of groups).`]
    return []
  })
}

/** For the terminal and for the report: everything above in order. */
export function sayGains(analysis: Analysis, gains: WhoGains): readonly string[] {
  const unit = amountsOf(analysis, gains)
  const reach = sayReach(gains, unit)
  const policy = gains.policy === undefined ? undefined : sayPolicy(gains, gains.policy, unit)
  return [sayDiffer(gains, unit).sentence, ...(reach === '' ? [] : [reach]), ...(policy === undefined ? [] : [`Rule: ${policy.rule} ${policy.how} Per person: ${policy.beside.map(({ other, row }) => `${signed(row.estimate, unit)} against ${other} (95% interval ${range(row, unit)})`).join('; ')}. ${policy.doubt}`.trim()]), ...(gains.policy === undefined ? [] : sayHarm(gains.policy, unit))]
}
