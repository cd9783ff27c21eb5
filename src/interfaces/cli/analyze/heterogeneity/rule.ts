/** The rule of an analysis in words, as a drawing, and as a record that an experiment can adopt. */
import { drawingOf, pruned, recordOf, sayTree, type Asked, type Drawing } from '#journey/policy'
import { figuresOf, type RuleNode } from '#interfaces/look'
import type { Analysis } from '../analysis.ts'
import type { Policy, WhoGains } from './who-gains.ts'

const figures = figuresOf('en')

/** What a column of the rule stands for: "degree=yes" is a level of a text. */
const askedIn = ({ used }: Pick<WhoGains, 'used'>) => (column: string): Asked => {
  const [, trait, level] = /^([^]*?)=([^]*)$/u.exec(column) ?? []
  const values = used.data[column]
  const numbers = values instanceof Float64Array ? values : new Float64Array()
  const kind = numbers.every((value) => value === 0 || value === 1) ? 'mark' : numbers.every((value) => Number.isInteger(value)) ? 'whole' : 'any'
  if (trait === undefined || level === undefined || kind !== 'mark') return { trait: column, kind }
  const otherwise = used.others.get(column)
  return { trait, level, kind, ...(otherwise === undefined ? {} : { otherwise }) }
}

/** "Treat where recency is 7 or more and zip_code is not Urban; nobody else.", or what is excepted where that is shorter. */
export const sayRule = (gains: Pick<WhoGains, 'used'>, policy: Policy): string =>
  sayTree(policy.tree.tree, askedIn(gains), { verb: 'Treat', everybody: 'everybody', nobody: 'nobody', list: figures.list, write: figures.number })

/** The rule as a drawing takes it. */
export function drawnRule(gains: Pick<WhoGains, 'used'>, policy: Policy): RuleNode {
  const total = gains.used.rows.length
  const of = (node: Drawing): RuleNode => ('treats' in node ? { leaf: node.treats ? 'Treat' : 'Do not treat', treats: node.treats, fine: `${figures.number(node.rows)} rows, ${figures.percent(node.rows / total, 0)}` } : { ...node, ifLow: of(node.ifLow), ifHigh: of(node.ifHigh) })
  return of(drawingOf(pruned(policy.tree.tree), askedIn(gains), figures.number))
}

/** The record that `experiment` keeps: what to do with whom, what it is worth, and where it was learned. */
export function adoptable(analysis: Pick<Analysis, 'order' | 'arms' | 'data'>, gains: WhoGains, policy: Policy) {
  const value = policy.value.find((row) => row.term === 'policy - nobody treated')!
  return {
    kind: policy.kind === 'everyone' ? 'everyone' : policy.kind === 'nobody' ? 'no_one' : 'tree',
    sentence: sayRule(gains, policy),
    outcome: gains.outcome,
    arm: policy.kind === 'nobody' ? analysis.arms.control : analysis.arms.treated,
    otherwise: analysis.arms.control,
    tree: recordOf(pruned(policy.tree.tree), askedIn(gains), [analysis.arms.control, analysis.arms.treated]),
    cost: gains.order.cost,
    value: { against: 'nobody treated', estimate: value.estimate, std_error: value.std_error, conf_low: value.conf_low, conf_high: value.conf_high, n: value.n },
    settled: value.conf_low !== null && value.conf_low > 0,
    learned_from: { file: analysis.data.file, sha256: analysis.data.sha256, rows: gains.used.rows.length },
  }
}
