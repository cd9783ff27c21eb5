/**
 * Learns whom to nudge from a finished draw: the best of all rules of one or two questions, what rules learned in this way are worth on learners that they were not
 * learned from, beside the rules that need no learning, and what it does to groups that must not be harmed.
 *
 * Learned on doubly robust scores (Athey and Wager 2021); valued forwards, each fold by the rule of the folds before it (Wager 2024).
 */
import { adjustPValues, policyHarm, policyTree, policyValue, type Columns, type Estimate } from '#kernel/causal'
import { generator, normalLower, normalQuantile } from '#kernel/numeric'
import type { ScoredLearners } from '#journey/estimate'
import type { Findings, Harm, RivalName, Terms, Worth } from './policy.ts'
import { drawingOf, pruned, recordOf, sayTree, type Asked, type RuleWords } from './tree-rule.ts'

/** Four fifths of the learners are judged. */
const folds = 5
/** A group of fewer than one learner in twenty is not worth a rule of its own, and too few to know its effect. */
const leastLeaf = 0.05
/** More columns make a search long and a rule hard to believe. */
const mostColumns = 30
/** Groups of fewer learners are not told: the harm to them could be anything. */
const fewestOfGroup = 20

const write = (value: number, digits: number): string => value.toLocaleString('en-GB', { maximumFractionDigits: digits }).replace('-', '−')
const words: RuleWords = { verb: 'Nudge', everybody: 'everybody', nobody: 'nobody', list: (conditions) => conditions.join(' and '), write }

/** No covariate is called so by accident. */
const [nobody, everybody, third] = ['nobody·', 'everybody·', 'lowest third·'] as const

/** Undefined where nothing is known of everybody that a rule may ask about. @throws Fault those of `policyTree` and `policyValue`, where there are too few learners */
export function learnRule(learners: ScoredLearners, terms: Terms, arms: readonly [control: string, nudge: string], seed: string): Findings | undefined {
  const { traits, untreated, treated, lowestThird } = learners
  const n = untreated.length
  const covariates = traits.askable.slice(0, mostColumns)
  if (covariates.length === 0) return undefined
  const data: Columns = { ...traits.columns, [nobody]: untreated, [everybody]: treated, ...(lowestThird === undefined ? {} : { [third]: lowestThird }) }
  const search = { scores: [nobody, everybody], covariates, depth: terms.depth, costs: [0, terms.cost], budget: terms.budget, minLeaf: Math.max(1, Math.round(leastLeaf * n)) }
  const asked = (column: string): Asked => askedOf(learners, column)
  const tree = pruned(policyTree(data, search).tree)
  const kind: Findings['tree']['kind'] = 'action' in tree ? (tree.action === 1 ? 'everyone' : 'no_one') : 'some'
  const held = { ...search, folds, random: generator(seed, 'value') }
  const value = policyValue(data, { ...held, ...(lowestThird === undefined ? {} : { rivals: [{ name: third, actions: third }] }) })
  const row = (term: string): Estimate => value.find((one) => one.term === term)!
  const rivals = ([['nobody', nobody], ['everybody', everybody], ['random', 'random'], ['lowest_third', third]] as const).flatMap(([name, term]): { name: RivalName; worth: Worth; less: Worth }[] =>
    value.some((one) => one.term === term) ? [{ name, worth: worthOf(row(term)), less: worthOf(row(`policy - ${term}`)) }] : [],
  )
  const shares = row('policy').options['shares'] as readonly number[]
  return Object.freeze({
    outcome: learners.outcome,
    learners: n,
    judged: row('policy').n,
    tree: { kind, sentence: sayTree(tree, asked, words), record: recordOf(tree, asked, arms), drawing: drawingOf(tree, asked, write) },
    nudged: shares[1]!,
    worth: worthOf(row('policy')),
    rivals,
    everybodyLessNobody: meanWorth(Array.from(untreated, (v, i) => treated[i]! - terms.cost - v)),
    harm: kind === 'some' ? Object.keys(traits.groups).flatMap((trait) => harmOfRule(data, learners, held, trait)) : [],
    harmOfEverybody: Object.keys(traits.groups).flatMap((trait) => harmOfAll(learners, trait)),
    couldAsk: [...new Set(covariates.map((column) => asked(column).label ?? column))],
  })
}

/** "education=Secondary school" is a level of a text; in words names are written without their underscores, and a domain is the field that the groups call it too. */
function askedOf({ traits }: ScoredLearners, column: string): Asked {
  const { trait, level } = traits.levels[column] ?? { trait: column, level: undefined }
  const label = trait === 'domain' ? 'field' : trait.replaceAll('_', ' ')
  if (level !== undefined) return { trait, label, level, kind: 'mark', ...(traits.others[column] === undefined ? {} : { otherwise: traits.others[column] }) }
  const values = traits.columns[column]!
  return { trait, label, kind: values.every((value) => value === 0 || value === 1) ? 'mark' : values.every((value) => Number.isInteger(value)) ? 'whole' : 'any' }
}

const worthOf = (row: Estimate): Worth => ({ estimate: row.estimate, stdError: row.std_error, low: row.conf_low, high: row.conf_high })

function meanWorth(values: readonly number[]): Worth {
  const n = values.length
  const estimate = values.reduce((total, v) => total + v, 0) / n
  const stdError = Math.sqrt(values.reduce((total, v) => total + (v - estimate) ** 2, 0) / (n - 1) / n)
  const reach = normalQuantile(0.975) * stdError
  return { estimate, stdError, low: estimate - reach, high: estimate + reach }
}

function harmOfRule(data: Columns, { traits }: ScoredLearners, held: Omit<Parameters<typeof policyHarm>[1], 'groups'>, trait: string): readonly Harm[] {
  const labels = traits.groups[trait]!
  return policyHarm({ ...data, 'group·': [...labels] }, { ...held, groups: 'group·' })
    .filter((row) => row.n >= fewestOfGroup)
    .map((row) => ({ trait, group: String(row.options['group']), learners: row.n, nudged: Number(row.options['share_treated']), change: row.std_error === 0 ? null : worthOf(row), pHarm: row.std_error === 0 ? null : Number(row.options['p_harm']) }))
}

/** The same where everybody is nudged: nothing was learned, so all learners judge it. */
function harmOfAll({ traits, untreated, treated }: ScoredLearners, trait: string): readonly Harm[] {
  const labels = traits.groups[trait]!
  const found = [...new Set(labels)].map((group) => ({ group, rows: Array.from(labels.keys()).filter((i) => labels[i] === group) })).filter(({ rows }) => rows.length >= fewestOfGroup).toSorted((a, b) => b.rows.length - a.rows.length)
  const changes = found.map(({ rows }) => meanWorth(rows.map((i) => treated[i]! - untreated[i]!)))
  const p = adjustPValues(changes.map((one) => normalLower(one.estimate / one.stdError!)), 'holm')
  return found.map(({ group, rows }, k) => ({ trait, group, learners: rows.length, nudged: 1, change: changes[k]!, pHarm: p[k]! }))
}
