/** From the rows to everything that is said about who gains: each step by itself, a step that cannot be taken leaves a sentence. */
import {
  averageEffect, bestLinearProjection, calibrationTest, causalForest, contrastSampleSize, costCurve, doublyRobustScores, effectScores, forwardPredictions, gateByPrediction, leafSizeFor, mostAffected, policyHarm, policyTree, policyValue,
  smallestContrast, sortedEffects, taken, targetingCurve, unitsOf, type CausalForest, type CostCurveFit, type Estimate, type ForwardPredictions, type PolicyTree, type PredictedGroupsFit, type SortedEffects, type TargetingCurve,
} from '#kernel/causal'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import type { Design } from '../examine.ts'
import type { Sample } from '../sample.ts'
import type { Finding, Role, Row } from '../steps.ts'
import type { Warning } from '../warn.ts'
import { baselineOf, expectedWithout, judgedRows, rowsOfSplit, type Baseline } from './baseline.ts'
import type { ForestOrder } from './forest-order.ts'
import { rowsOfForest, type ForestRows } from './rows-of-forest.ts'

/** What a contrast could show with these rows, and how many it would take to see one as large as the average effect. */
export interface Reach {
  readonly smallest: number
  readonly asLargeAsAverage: number
}

export interface Policy {
  readonly tree: PolicyTree
  /** Whether the tree treats anybody, and anybody not. */
  readonly kind: 'everyone' | 'nobody' | 'some'
  readonly value: readonly Estimate[]
  readonly harm: readonly Estimate[]
  /** Columns that the rule could have used. */
  readonly from: readonly string[]
}

export interface WhoGains {
  readonly order: ForestOrder
  readonly outcome: string
  readonly used: ForestRows
  readonly forest: CausalForest
  readonly score: Float64Array
  readonly averages: readonly Estimate[]
  readonly calibration: readonly Estimate[]
  readonly projection: readonly Estimate[]
  /** By the forest's own predictions, on rows that it had not seen. */
  readonly curve: TargetingCurve | undefined
  /** By the column that was named. */
  readonly priority: TargetingCurve | undefined
  readonly groups: PredictedGroupsFit | undefined
  readonly distinguishes: readonly Estimate[]
  readonly sorted: SortedEffects
  readonly baseline: Baseline | undefined
  readonly costs: CostCurveFit | undefined
  readonly policy: Policy | undefined
  readonly reach: Reach | undefined
  readonly findings: readonly Finding[]
  readonly warnings: readonly Warning[]
}

/** Fifths, as quantiles are usually told. */
const groupCount = 5
/** Folds in a row for the value of the rule: four fifths of the rows are judged. */
const valueFolds = 5
/** More columns make an exact search long and a rule hard to believe. */
const mostRuleColumns = 30
/** A rule's group of fewer than 1% of the people is not worth a rule, and its effect is not known. */
const leastLeaf = 0.01
/** Trees of the forests that only rank: half as many rows and no variances, so fewer are needed. */
const rankingTrees = (trees: number): number => Math.max(50, Math.ceil(trees / 2))

export async function whoGains(sample: Sample, design: Design, outcome: string, order: ForestOrder, progress: (share: number, what: string) => void): Promise<WhoGains> {
  const used = rowsOfForest(sample, design, outcome, order)
  const { data, covariates, plain, clusters, weights } = used
  const { seed } = sample.order
  const formula = `${outcome} ~ ${sample.order.treatment} | ${covariates.join(' + ')}`
  const common = {
    outcome,
    treatment: used.treatment,
    covariates,
    ...(used.propensity === undefined ? {} : { wHat: used.propensity }),
    ...(clusters === undefined ? {} : { clusters }),
    ...(weights === undefined ? {} : { sampleWeights: weights }),
    minNodeSize: order.minNodeSize ?? leafSizeFor(used.rows.length),
    ...(order.exactSplits ? { exact: true } : {}),
    numThreads: order.threads,
    seed,
  }
  const forest = await causalForest(data, { ...common, numTrees: order.trees, progress: (done, total) => progress((0.6 * done) / total, `${done.toLocaleString('en')} of ${total.toLocaleString('en')} trees`) })
  const findings: Finding[] = []
  const warnings: Warning[] = forest.warnings.map((sentence): Warning => ({ tone: 'warn', sentence }))
  if (used.withGaps.length > 0) warnings.push({ tone: 'plain', sentence: `${used.withGaps.join(', ')} ${used.withGaps.length === 1 ? 'has' : 'have'} gaps: the forest sends missing values their own way, and the projection, the comparison of groups and the rule leave ${used.withGaps.length === 1 ? 'it' : 'them'} out.` })
  const keep = (role: Role, rows: readonly Estimate[]): void => void findings.push(...rows.map((row): Finding => ({ role, outcome, row: row as Row })))
  function attempt<T>(what: string, run: () => T): T | undefined {
    try {
      return run()
    } catch (error) {
      if (!isFault(error) || error.kind === 'broken') throw error
      warnings.push({ tone: 'plain', sentence: `${what} could not be computed: ${error.message}` })
      return undefined
    }
  }

  const score = effectScores(forest)
  const averages = (['all', 'treated', 'overlap'] as const).flatMap((target) => attempt(`causal_forest.${{ all: 'ate', treated: 'att', overlap: 'ato' }[target]}`, () => averageEffect(forest, { target, formula })) ?? [])
  keep('heterogeneity', averages)
  const calibration = attempt('calibration_test', () => calibrationTest(forest, { formula })) ?? []
  keep('heterogeneity', calibration)
  const projection = plain.length === 0 ? [] : (attempt('best_linear_projection', () => bestLinearProjection(data, forest, { covariates: independent(plain), formula })) ?? [])
  keep('other', projection)
  progress(0.65, 'averages')

  const priority = order.priority === undefined ? undefined : attempt(`the targeting curve by ${order.priority}`, () => targetingCurve({ ...data, score }, { score: 'score', priority: order.priority!, ...(clusters === undefined ? {} : { clusters }), ...(weights === undefined ? {} : { weights }), random: generator(seed, 'priority') }))
  const named = (row: Estimate, name: string): Estimate => ({ ...row, formula: name, term: outcome })
  if (priority !== undefined) {
    keep('heterogeneity', [priority.autoc, priority.qini].map((row) => named(row, order.priority!)))
    keep('other', priority.toc.map((row) => named(row, order.priority!)))
  }

  const { curve, groups, distinguishes, costs, told } = await byPrediction()
  const drawnWhole = design.clusters?.split === 0 ? clusters : undefined
  const chosen = plain.length === 0 ? undefined : attempt('the expected outcome', () => expectedWithout({ used, seed, clusters: drawnWhole }))
  const baseline = chosen === undefined || weights !== undefined ? undefined : baselineOf(chosen, { used, seed, blocks: used.blocks, clusters: drawnWhole, place: told?.place, held: told?.held, attempt })
  if (baseline !== undefined) {
    // Folds share their rows, so that cross-fitted thirds of a score which is noise differ too often: 17 of 100 draws of 1,700 rows in place of 5 (measured).
    if (!(baseline.chosen.judged[0]!.loss! < baseline.chosen.withoutModel)) warnings.push({ tone: 'warn', sentence: `The covariates do not foretell ${outcome} without treatment, so groups by the expected outcome are groups of chance, and tests that compare them reject too often: do not read a difference between them.` })
    keep('other', judgedRows(baseline, outcome, plain))
    keep('other', rowsOfSplit(baseline.byScore, outcome, sample.order.treatment, 'expected outcome'))
    if (baseline.byEffect !== undefined) keep('other', rowsOfSplit(baseline.byEffect, outcome, sample.order.treatment, 'predicted effect'))
  }
  progress(0.93, 'the expected outcome')
  const reach = groups === undefined || groups.ends.std_error === null || averages[0] === undefined ? undefined : reachOf(groups.ends, averages[0].estimate)
  const policy = weights === undefined ? attempt('policy_value', () => rule()) : undefined
  if (weights !== undefined) warnings.push({ tone: 'plain', sentence: 'The rule and its value take no weights of rows and were left out.' })
  progress(1, 'the rule')
  return { order, outcome, used, forest, score, averages, calibration, projection, curve, priority, groups, distinguishes, sorted: sortedEffects(forest), baseline, costs, policy, reach, findings, warnings }

  /** What rests on ranking people by a prediction: the prediction is made on earlier folds, so that it has not seen the rows that are judged. */
  async function byPrediction(): Promise<Pick<WhoGains, 'curve' | 'groups' | 'distinguishes' | 'costs'> & { readonly told: ForwardPredictions | undefined }> {
    const nothing = { curve: undefined, groups: undefined, distinguishes: [], costs: undefined, told: undefined }
    let told: ForwardPredictions
    try {
      told = await forwardPredictions(data, { ...common, numTrees: rankingTrees(order.trees), random: generator(seed, 'forward'), ...(order.minNodeSize === undefined ? { leafSize: leafSizeFor } : {}), progress: (done, total) => progress(0.65 + (0.25 * done) / total, 'forests that rank rows they have not seen') })
    } catch (error) {
      if (!isFault(error) || error.kind === 'broken') throw error
      warnings.push({ tone: 'plain', sentence: `rate could not be computed: ${error.message}` })
      return nothing
    }
    const { held } = told
    const judged = taken({ ...data, score, place: told.place, prediction: told.prediction }, held)
    const units = unitsOf({ n: held.length, clusters: forest.clusters === undefined ? undefined : Int32Array.from(held, (i) => forest.clusters![i]!) })
    const heldWeights = weights === undefined ? {} : { weights: judged[weights] as Float64Array }
    const name = 'predicted effect'
    const curve_ = attempt('rate', () => targetingCurve(judged, { score: 'score', priority: 'place', ...(clusters === undefined ? {} : { clusters }), ...(weights === undefined ? {} : { weights }), random: generator(seed, 'rate') }))
    if (curve_ !== undefined) {
      keep('heterogeneity', [curve_.autoc, curve_.qini].map((row) => named(row, name)))
      keep('other', curve_.toc.map((row) => named(row, name)))
    }
    const groups_ = attempt('gate', () => gateByPrediction(judged, { score: 'score', prediction: 'place', groups: groupCount, units, formula: `${outcome} by ${name}`, ...heldWeights }))
    if (groups_ !== undefined) keep('heterogeneity', [...groups_.groups, groups_.ends, groups_.equality])
    const distinguishes_ = groups_ === undefined || plain.length === 0 ? [] : (attempt('clan', () => mostAffected(judged, { covariates: plain, group: groups_.group, units, formula: `covariate by ${name}`, ...heldWeights })) ?? [])
    keep('other', distinguishes_)
    const costs_ = weights !== undefined ? undefined : attempt('cost_curve', () => costCurve(judged, { predictions: ['prediction'], scores: ['score'], costs: [1], ...(clusters === undefined ? {} : { clusters }), random: generator(seed, 'cost curve') }))
    if (costs_ !== undefined) keep('other', [...costs_.gain, ...costs_.overChance].map((row) => ({ ...row, formula: name })))
    return { curve: curve_, groups: groups_, distinguishes: distinguishes_, costs: costs_, told }
  }

  function rule(): Policy | undefined {
    const from = plain.slice(0, mostRuleColumns)
    if (from.length === 0) return undefined
    if (plain.length > from.length) warnings.push({ tone: 'plain', sentence: `The rule may ask about the first ${from.length} of ${plain.length} columns only; name fewer covariates to choose them yourself.` })
    const wHat = Float64Array.from(forest.wHat)
    const scores = doublyRobustScores({ ...data, m: forest.yHat, tau: forest.predictions, wHat }, { outcome, treatment: used.treatment, mean: 'm', effect: 'tau', propensity: 'wHat' })
    const low = lowestThird()
    const table = { ...data, 'nobody treated': scores.untreated, 'everybody treated': scores.treated, ...(low === undefined ? {} : { low }) }
    const search = { scores: ['nobody treated', 'everybody treated'], covariates: from, depth: order.policyDepth, costs: [0, order.cost], minLeaf: Math.max(1, Math.round(leastLeaf * used.rows.length)), ...(order.policyDepth === 3 ? { bins: 16 } : {}) }
    const tree = policyTree(table, search)
    const held = { ...search, folds: valueFolds, ...(clusters === undefined ? {} : { clusters }) }
    const value = policyValue(table, { ...held, random: generator(seed, 'value'), ...(low === undefined ? {} : { rivals: [{ name: 'lowest third treated', actions: 'low' }] }) })
    keep('heterogeneity', value)
    const harm = order.protected.flatMap((name) => attempt(`policy_harm by ${name}`, () => policyHarm(table, { ...held, groups: name, random: generator(seed, 'value') })) ?? [])
    keep('other', harm)
    const actions = leaves(tree.tree)
    return { tree, kind: actions.every((a) => a === 1) ? 'everyone' : actions.every((a) => a === 0) ? 'nobody' : 'some', value, harm, from }
  }

  /** 1 for those in the lowest third of the outcome that is expected without treatment: whom "help those who have least" would treat. */
  function lowestThird(): Float64Array | undefined {
    if (chosen === undefined) return undefined
    const { score: without } = chosen
    const cut = without.toSorted()[Math.floor(without.length / 3)]!
    return without.map((v) => (v <= cut ? 1 : 0))
  }
}

function reachOf(ends: Estimate, average: number): Reach {
  const contrast = { n: ends.n, stdError: ends.std_error! }
  return { smallest: smallestContrast(contrast), asLargeAsAverage: contrastSampleSize(contrast, average) }
}

/** One level of each text is left out: all of them and the constant would say one thing twice. */
function independent(plain: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return plain.filter((name) => {
    const factor = /^(.*?)=/u.exec(name)?.[1]
    const several = factor !== undefined && plain.filter((one) => one.startsWith(`${factor}=`)).length > 1
    if (!several || seen.has(factor)) return true
    seen.add(factor)
    return false
  })
}

const leaves = (node: PolicyTree['tree']): readonly number[] => ('action' in node ? [node.action] : [...leaves(node.low), ...leaves(node.high)])
