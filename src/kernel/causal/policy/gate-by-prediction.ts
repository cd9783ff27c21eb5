import { chiSquareUpper, cholesky, fUpper, invertUpper, matrix, multiply, normalLower, transpose } from '#kernel/numeric'
import { column, type Columns } from '../columns.ts'
import { finiteColumn } from '../design.ts'
import type { Estimate } from '../estimate.ts'
import { fault } from '../faults.ts'
import { adjustPValues } from '../multiplicity.ts'
import { quantile7 } from '../quantile.ts'
import { normalRow, plainRow } from '../row.ts'
import type { Units } from './leave-out.ts'
import { meanOver, type Written } from './forest-rows.ts'

export interface PredictedGroups extends Written {
  /** Column of doubly robust scores of the effect. */
  readonly score: string
  /** Column of the prediction by which people are grouped, lowest first; made without the rows' own outcomes. */
  readonly prediction: string
  /** 5 where absent. */
  readonly groups?: number
  /** Weights of rows; 1 where absent. */
  readonly weights?: Float64Array
  readonly units: Units
}

export interface PredictedGroupsFit {
  /** Effect in each group, lowest prediction first. */
  readonly groups: readonly Estimate[]
  /** Highest group minus lowest. */
  readonly ends: Estimate
  /** Whether all groups have one effect. */
  readonly equality: Estimate
  readonly monotone: {
    /** Each group minus the one below it. */
    readonly steps: readonly Estimate[]
    /** p of "no step goes down": the least one-sided p of the steps, adjusted by Holm. */
    readonly p_fall: number
    /** Effects that never fall and lie nearest to those found, weighted by their errors. */
    readonly rising: readonly number[]
    /** Steps that go down, whatever their size. */
    readonly falls: number
  }
  readonly cuts: readonly number[]
  /** Group of each row, from 0. */
  readonly group: Int32Array
}

/**
 * Effects by groups of a prediction, and whether they rise with it.
 *
 *   cuts      quantiles 1/G, 2/G, ... of the prediction (R's type 7); people with one prediction stay together, in the group below the cut
 *   group g   weighted mean of the scores of its rows; covariances over all groups from sums by unit, m/(m − 1) in front
 *   equality  d' V⁻¹ d of the G − 1 differences from the lowest group: χ², with clusters F(G − 1, m − 1) after division by G − 1
 *   rising    isotonic means by pooling neighbours that fall, weights 1/variance
 *
 * A prediction that orders people rightly has effects that rise. One that does not is no ground for choosing people by it.
 *
 * @throws Fault 'causal.group_empty', 'causal.too_few' with fewer than two units in a group; those of columns
 * Source: Chernozhukov, Demirer, Duflo, Fernández-Val (2025), Econometrica 93 (GATES); Barlow and others (1972), Statistical inference under order restrictions.
 * Pinned by its laws in gate-by-prediction.test.ts.
 */
export function gateByPrediction(data: Columns, spec: PredictedGroups): PredictedGroupsFit {
  const n = column(data, spec.score).length
  const { groups: count = 5, units, confidence = 0.95, formula = spec.prediction } = spec
  if (!Number.isSafeInteger(count) || count < 2) throw new TypeError(`${count} is not a number of groups.`)
  const score = finiteColumn(data, spec.score, n)
  const prediction = finiteColumn(data, spec.prediction, n)
  const weights = spec.weights ?? new Float64Array(n).fill(1)
  const sorted = prediction.toSorted()
  const cuts = Array.from({ length: count - 1 }, (_, k) => quantile7(sorted, (k + 1) / count))
  const group = Int32Array.from(prediction, (v) => cuts.filter((cut) => v > cut).length)
  const sizes = new Float64Array(count)
  for (let i = 0; i < n; i++) sizes[group[i]!]! += weights[i]!
  const empty = sizes.findIndex((size) => size === 0)
  if (empty >= 0) throw fault.group_empty({ group: empty + 1, column: spec.prediction })
  const means = Array.from({ length: count }, (_, k) => meanOver(score, weights, units, (i) => group[i] === k))
  const sums = Array.from({ length: count }, () => new Float64Array(units.count))
  for (let i = 0; i < n; i++) sums[group[i]!]![units.of[i]!]! += (weights[i]! * (score[i]! - means[group[i]!]!.mean)) / sizes[group[i]!]!
  const seen = new Set(units.of).size
  const variance = (of: (u: number) => number, own: number): number => {
    let total = 0
    for (let u = 0; u < units.count; u++) total += of(u) ** 2
    return (own / (own - 1)) * total
  }
  const options = { groups: count, clustered: units.clustered }
  const named = { formula, estimator: 'gate', n }
  const groups = means.map(({ mean, variance: v, rows }, k) =>
    normalRow({ ...named, options: { ...options, group: k + 1, low: k === 0 ? sorted[0]! : cuts[k - 1]!, high: k === count - 1 ? sorted[n - 1]! : cuts[k]! }, term: `group ${k + 1}`, estimate: mean, std_error: Math.sqrt(v), n: rows }, confidence),
  )
  const between = (high: number, low: number): Estimate =>
    normalRow({ ...named, options, term: `group ${high + 1} - group ${low + 1}`, estimate: means[high]!.mean - means[low]!.mean, std_error: Math.sqrt(variance((u) => sums[high]![u]! - sums[low]![u]!, seen)) }, confidence)
  const steps = Array.from({ length: count - 1 }, (_, k) => between(k + 1, k))
  const q = count - 1
  const v = matrix(q, q)
  for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) {
    let total = 0
    for (let u = 0; u < units.count; u++) total += (sums[a + 1]![u]! - sums[0]![u]!) * (sums[b + 1]![u]! - sums[0]![u]!)
    v.values[b * q + a] = (seen / (seen - 1)) * total
  }
  const root = cholesky(v)
  if (root === null) throw fault.perfect_fit({ outcome: spec.score })
  const z = multiply(transpose(invertUpper(root)), matrix(q, 1, Float64Array.from({ length: q }, (_, a) => means[a + 1]!.mean - means[0]!.mean))).values
  const chi = z.reduce((total, x) => total + x * x, 0)
  const statistic = units.clustered ? chi / q : chi
  return Object.freeze({
    groups: Object.freeze(groups),
    ends: between(count - 1, 0),
    equality: plainRow({ ...named, options: { ...options, test: units.clustered ? `Wald, F(${q}, ${seen - 1})` : 'Wald, chi-square' }, term: 'all equal', estimate: statistic, statistic, p_value: units.clustered ? fUpper(statistic, q, seen - 1) : chiSquareUpper(statistic, q), df: q }),
    monotone: Object.freeze({
      steps: Object.freeze(steps),
      p_fall: Math.min(...adjustPValues(steps.map((row) => normalLower(row.statistic!)), 'holm')),
      rising: Object.freeze(isotonic(groups.map((row) => row.estimate), groups.map((row) => 1 / row.std_error! ** 2))),
      falls: steps.filter((row) => row.estimate < 0).length,
    }),
    cuts: Object.freeze(cuts),
    group,
  })
}

/** The sequence that never falls and is nearest to the values in weighted squares. */
function isotonic(values: readonly number[], weights: readonly number[]): number[] {
  const blocks: { mean: number; weight: number; length: number }[] = []
  for (const [k, value] of values.entries()) {
    blocks.push({ mean: value, weight: weights[k]!, length: 1 })
    for (let last = blocks.at(-1)!, before = blocks.at(-2); before !== undefined && before.mean > last.mean; before = blocks.at(-2)) {
      blocks.pop()
      blocks.pop()
      const weight = before.weight + last.weight
      last = { mean: (before.mean * before.weight + last.mean * last.weight) / weight, weight, length: before.length + last.length }
      blocks.push(last)
    }
  }
  return blocks.flatMap(({ mean, length }) => new Array<number>(length).fill(mean))
}
