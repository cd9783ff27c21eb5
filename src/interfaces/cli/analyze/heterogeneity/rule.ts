/** A policy tree in words, and as a record that an experiment can adopt. */
import type { PolicyNode } from '#kernel/causal'
import { figuresOf, type RuleNode } from '#interfaces/look'
import type { Analysis } from '../analysis.ts'
import type { Policy, WhoGains } from './who-gains.ts'

const figures = figuresOf('en')

/** 0 and 1 only; whole numbers only; any; the mark of a text with two values, and what it is where it is not marked. */
export type NumberKind = 'mark' | 'whole' | 'any' | { readonly else: string }

/** A question of a rule, and its two answers in words. */
export interface Question {
  readonly low: string
  readonly high: string
}

/** "degree=yes at most 0" is "degree is not yes"; a number is at most, or above. */
export function questionOf(column: string, at: number, kind: NumberKind): Question {
  const [, factor, level] = /^([^]*?)=([^]*)$/u.exec(column) ?? []
  if (factor !== undefined && level !== undefined && at >= 0 && at < 1) return { low: typeof kind === 'object' ? `${factor} is ${kind.else}` : `${factor} is not ${level}`, high: `${factor} is ${level}` }
  if (kind === 'mark') return { low: `${column} is 0`, high: `${column} is 1` }
  if (kind === 'whole') return { low: `${column} is at most ${figures.number(at)}`, high: `${column} is ${figures.number(at + 1)} or more` }
  const digits = at === 0 ? 2 : Math.max(0, 3 - Math.floor(Math.log10(Math.abs(at))) - 1)
  return { low: `${column} is at most ${figures.number(at, Math.min(6, digits))}`, high: `${column} is above ${figures.number(at, Math.min(6, digits))}` }
}

/** Neighbouring leaves of one action are one leaf: they ask a question whose answer does not matter. */
export function pruned(node: PolicyNode): PolicyNode {
  if ('action' in node) return node
  const [low, high] = [pruned(node.low), pruned(node.high)]
  if ('action' in low && 'action' in high && low.action === high.action) return { action: low.action, rows: low.rows + high.rows }
  return { ...node, low, high }
}

/** What kind of numbers a column holds. */
export const kindIn = ({ used }: Pick<WhoGains, 'used'>) => (column: string): NumberKind => {
  const other = used.others.get(column)
  if (other !== undefined) return { else: other }
  const values = used.data[column]
  if (!(values instanceof Float64Array)) return 'any'
  return values.every((value) => value === 0 || value === 1) ? 'mark' : values.every((value) => Number.isInteger(value)) ? 'whole' : 'any'
}

/** The groups to which an action is given, each as its conditions. */
function groupsOf(node: PolicyNode, action: number, kind: (column: string) => NumberKind, path: readonly string[] = []): readonly (readonly string[])[] {
  if ('action' in node) return node.action === action ? [path] : []
  const { low, high } = questionOf(node.column, node.at, kind(node.column))
  return [...groupsOf(node.low, action, kind, [...path, low]), ...groupsOf(node.high, action, kind, [...path, high])]
}

/** "Treat where recency is 7 or more and zip_code is not Urban; nobody else.", or what is excepted where that is shorter. */
export function sayRule(gains: Pick<WhoGains, 'used'>, policy: Policy): string {
  if (policy.kind === 'everyone') return 'Treat everybody.'
  if (policy.kind === 'nobody') return 'Treat nobody.'
  const tree = pruned(policy.tree.tree)
  const [spared, treated] = [0, 1].map((action) => groupsOf(tree, action, kindIn(gains)).map((conditions) => figures.list(conditions))) as [string[], string[]]
  return spared.length < treated.length ? `Treat everybody, but not where ${spared.join(', or where ')}.` : `Treat where ${treated.join(', or where ')}; nobody else.`
}

/** The rule as a drawing takes it. */
export function drawnRule(gains: Pick<WhoGains, 'used'>, policy: Policy): RuleNode {
  const kind = kindIn(gains)
  const total = gains.used.rows.length
  const of = (node: PolicyNode): RuleNode => {
    if ('action' in node) return { leaf: node.action === 1 ? 'Treat' : 'Do not treat', treats: node.action === 1, fine: `${figures.number(node.rows)} rows, ${figures.percent(node.rows / total, 0)}` }
    return { ...questionOf(node.column, node.at, kind(node.column)), ifLow: of(node.low), ifHigh: of(node.high) }
  }
  return of(pruned(policy.tree.tree))
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
    tree: named(pruned(policy.tree.tree), [analysis.arms.control, analysis.arms.treated]),
    cost: gains.order.cost,
    value: { against: 'nobody treated', estimate: value.estimate, std_error: value.std_error, conf_low: value.conf_low, conf_high: value.conf_high, n: value.n },
    settled: value.conf_low !== null && value.conf_low > 0,
    learned_from: { file: analysis.data.file, sha256: analysis.data.sha256, rows: gains.used.rows.length },
  }
}

type Branch = { readonly arm: string; readonly rows: number } | { readonly column: string; readonly is?: string; readonly at_most?: number; readonly yes: Branch; readonly no: Branch }

/** Leaves name their arm; a text is asked for by its level, a number by "at most". */
function named(node: PolicyNode, arms: readonly [string, string]): Branch {
  if ('action' in node) return { arm: arms[node.action as 0 | 1], rows: node.rows }
  const [, factor, level] = /^([^]*?)=([^]*)$/u.exec(node.column) ?? []
  const [low, high] = [named(node.low, arms), named(node.high, arms)]
  return factor !== undefined && level !== undefined ? { column: factor, is: level, yes: high, no: low } : { column: node.column, at_most: node.at, yes: low, no: high }
}
