/** A policy tree in words, and as a record that an experiment can draw by. */
import type { PolicyNode } from '#kernel/causal'

/** What a column of a tree stands for. */
export interface Asked {
  readonly trait: string
  /** How the trait is called in words; as it is, where absent. */
  readonly label?: string
  /** Of a text: the level that the column marks with 1; and what it is else, where there are two. */
  readonly level?: string
  readonly otherwise?: string
  /** Of numbers: 0 and 1 only, whole ones only, any. */
  readonly kind: 'mark' | 'whole' | 'any'
}

export type AskedOf = (column: string) => Asked

/** A question of a rule, and its two answers in words. */
export interface Question {
  readonly low: string
  readonly high: string
}

/** Writes a number with at most so many digits behind the point. */
export type WriteNumber = (value: number, digits: number) => string

/** "degree is not yes" below a mark's cut; a number is at most, or above. */
export function questionOf({ trait: name, label: trait = name, level, otherwise, kind }: Asked, at: number, write: WriteNumber): Question {
  if (level !== undefined) return { low: otherwise === undefined ? `${trait} is not ${level}` : `${trait} is ${otherwise}`, high: `${trait} is ${level}` }
  if (kind === 'mark') return { low: `${trait} is 0`, high: `${trait} is 1` }
  if (kind === 'whole') return { low: `${trait} is at most ${write(at, 0)}`, high: `${trait} is ${write(at + 1, 0)} or more` }
  // Three digits say where a cut lies; no rule is known better.
  const digits = at === 0 ? 2 : Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(at))) - 1))
  return { low: `${trait} is at most ${write(at, digits)}`, high: `${trait} is above ${write(at, digits)}` }
}

/** Neighbouring leaves of one action are one leaf: they ask a question whose answer does not matter. So are neighbouring parts of one column. */
export function pruned(node: PolicyNode): PolicyNode {
  if ('action' in node) return node
  const [low, high] = [pruned(node.low), pruned(node.high)]
  if ('action' in low && 'action' in high && low.action === high.action) return { action: low.action, rows: low.rows + high.rows }
  // up to a: A; a to b: A; above b: B  is  up to b: A; above b: B
  if ('action' in low && !('action' in high) && high.column === node.column && 'action' in high.low && high.low.action === low.action) return { ...high, low: { action: low.action, rows: low.rows + high.low.rows } }
  if ('action' in high && !('action' in low) && low.column === node.column && 'action' in low.high && low.high.action === high.action) return { ...low, high: { action: high.action, rows: high.rows + low.high.rows } }
  return { ...node, low, high }
}

/** One answer on the way to a leaf. */
interface Answer {
  readonly asked: Asked
  readonly at: number
  readonly low: boolean
}

/** The groups to which an action is given, each as its conditions. */
function groupsOf(node: PolicyNode, action: number, asked: AskedOf, write: WriteNumber, path: readonly Answer[] = []): readonly (readonly string[])[] {
  if ('action' in node) return node.action === action ? [conditionsOf(path, write)] : []
  const answer = { asked: asked(node.column), at: node.at }
  return [...groupsOf(node.low, action, asked, write, [...path, { ...answer, low: true }]), ...groupsOf(node.high, action, asked, write, [...path, { ...answer, low: false }])]
}

/** Two answers about one number are one condition: "is 52 to 55". */
function conditionsOf(path: readonly Answer[], write: WriteNumber): readonly string[] {
  const seen = new Set<string>()
  return path.flatMap(({ asked, at, low }) => {
    if (asked.level !== undefined || asked.kind === 'mark') return [questionOf(asked, at, write)[low ? 'low' : 'high']]
    if (seen.has(asked.trait)) return []
    seen.add(asked.trait)
    const all = path.filter((one) => one.asked.trait === asked.trait)
    const most = Math.min(...all.filter((one) => one.low).map((one) => one.at))
    const least = Math.max(...all.filter((one) => !one.low).map((one) => one.at))
    if (most === Infinity) return [questionOf(asked, least, write).high]
    if (least === -Infinity) return [questionOf(asked, most, write).low]
    const name = asked.label ?? asked.trait
    return [asked.kind === 'whole' ? (least + 1 === most ? `${name} is ${write(most, 0)}` : `${name} is ${write(least + 1, 0)} to ${write(most, 0)}`) : `${questionOf(asked, least, write).high} and ${questionOf(asked, most, write).low.slice(`${name} is `.length)}`]
  })
}

export interface RuleWords {
  /** What is done, as a command: "Nudge", "Treat". */
  readonly verb: string
  readonly everybody: string
  readonly nobody: string
  readonly list: (conditions: readonly string[]) => string
  readonly write: WriteNumber
}

/** "Treat where recency is 7 or more and zip_code is not Urban; nobody else.", or what is excepted where that is shorter. */
export function sayTree(tree: PolicyNode, asked: AskedOf, words: RuleWords): string {
  const node = pruned(tree)
  if ('action' in node) return node.action === 0 ? `${words.verb} ${words.nobody}.` : `${words.verb} ${words.everybody}.`
  const [spared, treated] = [0, 1].map((action) => groupsOf(node, action, asked, words.write).map((conditions) => words.list(conditions))) as [string[], string[]]
  return spared.length < treated.length ? `${words.verb} ${words.everybody}, but not where ${spared.join(', or where ')}.` : `${words.verb} where ${treated.join(', or where ')}; ${words.nobody} else.`
}

export type Branch = { readonly arm: string; readonly rows: number } | { readonly column: string; readonly is?: string; readonly at_most?: number; readonly yes: Branch; readonly no: Branch }

/** Leaves name their arm; a text is asked for by its level, a number by "at most". */
export function recordOf(node: PolicyNode, asked: AskedOf, arms: readonly [untreated: string, treated: string]): Branch {
  if ('action' in node) return { arm: arms[node.action as 0 | 1], rows: node.rows }
  const { trait, level } = asked(node.column)
  const [low, high] = [recordOf(node.low, asked, arms), recordOf(node.high, asked, arms)]
  return level === undefined ? { column: trait, at_most: node.at, yes: low, no: high } : { column: trait, is: level, yes: high, no: low }
}

/** A tree in words, for drawing. */
export type Drawing = { readonly treats: boolean; readonly rows: number } | (Question & { readonly ifLow: Drawing; readonly ifHigh: Drawing })

export function drawingOf(node: PolicyNode, asked: AskedOf, write: WriteNumber): Drawing {
  if ('action' in node) return { treats: node.action === 1, rows: node.rows }
  return { ...questionOf(asked(node.column), node.at, write), ifLow: drawingOf(node.low, asked, write), ifHigh: drawingOf(node.high, asked, write) }
}
