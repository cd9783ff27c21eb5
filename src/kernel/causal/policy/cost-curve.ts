import type { Generator } from '#kernel/numeric'
import { Codes, column, type Columns } from '../columns.ts'
import { finiteColumn } from '../design.ts'
import type { Estimate } from '../estimate.ts'
import { fault } from '../faults.ts'
import { normalRow, plainRow } from '../row.ts'

export interface CostCurve {
  /** Columns of the predicted effect of each treatment beside none, made without the rows' own outcomes. */
  readonly predictions: readonly string[]
  /** Columns of the doubly robust scores of the same effects. */
  readonly scores: readonly string[]
  /** What each treatment costs a person, above zero: one number for all, or a column. */
  readonly costs: readonly (number | string)[]
  /** Spending per person at which the curve is told, ascending, above zero; 20 equal steps up to all that the predictions would spend where absent. */
  readonly budgets?: readonly number[]
  /** Column of clusters, drawn into a half as a whole. */
  readonly clusters?: string
  /** Half-samples for the errors; 200 where absent. */
  readonly draws?: number
  readonly random: Generator
  readonly confidence?: number
}

export interface CostCurveFit {
  /** Gain per person of the best use of each budget by the predictions; the budget and what is really spent among the options. */
  readonly gain: readonly Estimate[]
  /** The same less spending as much on whoever comes, by what is best on average. */
  readonly overChance: readonly Estimate[]
  /** Spending per person when everybody has whatever is predicted to do most good. */
  readonly whole: number
}

/**
 * What each budget can gain when the treatments are given to those for whom they are predicted to do most good for their cost: the multi-armed Qini curve.
 *
 *   max over rules π with E[c_π(X)] <= B of E[τ̂_π(X)];  its gain G(B) = (1/n) Σ_i Γ_i,π(i)
 *   of each person the treatments on the upper hull of (c, τ̂) over (0, 0) count; their steps are taken by Δτ̂/Δc, steepest first, the last one in part
 *   chance: the same with everybody's mean effects and costs, which tells nobody apart
 *   error: standard deviation over draws of half of the rows, or of the clusters, without replacement
 *
 * With one treatment of one cost G is the Qini curve: gain by share treated. Steps of one steepness are taken in the order of the rows.
 *
 * @throws Fault 'causal.cost_not_positive'; 'causal.too_few' with fewer than 4 rows or clusters; those of columns
 * Source: Sverdrup, Wu, Athey, Wager (2025), Qini curves for multi-armed treatment rules, JCGS. Pinned by its laws in cost-curve.test.ts.
 */
export function costCurve(data: Columns, spec: CostCurve): CostCurveFit {
  const arms = spec.predictions.length
  if (arms === 0 || spec.scores.length !== arms || spec.costs.length !== arms) throw new TypeError('There must be one column of predictions, one of scores and one cost for each treatment.')
  const n = column(data, spec.scores[0]!).length
  const predictions = spec.predictions.map((name) => finiteColumn(data, name, n))
  const scores = spec.scores.map((name) => finiteColumn(data, name, n))
  const costs = spec.costs.map((cost) => (typeof cost === 'number' ? new Float64Array(n).fill(cost) : finiteColumn(data, cost, n)))
  for (const [a, cost] of costs.entries()) {
    const free = cost.findIndex((c) => !(c > 0 && Number.isFinite(c)))
    if (free >= 0) throw fault.cost_not_positive({ treatment: spec.predictions[a]!, row: free + 1, cost: cost[free]! })
  }
  const labels = new Codes()
  const unit = spec.clusters === undefined ? Int32Array.from({ length: n }, (_, i) => i) : labels.codesOf(data, spec.clusters)
  const units = spec.clusters === undefined ? n : labels.size
  if (units < 4) throw fault.too_few({ n: units, needed: 4 })
  const { draws = 200, confidence = 0.95 } = spec
  if (!Number.isSafeInteger(draws) || draws < 2) throw new TypeError(`${draws} is not a number of draws.`)
  const steps = stepsOf(predictions, scores, costs)
  const inside = new Uint8Array(units).fill(1)
  const everybody = (): Totals => totals(predictions, scores, costs, unit, inside)
  const whole = spent(steps, unit, inside, n)
  const budgets = spec.budgets ?? (whole > 0 ? Array.from({ length: 20 }, (_, k) => (whole * (k + 1)) / 20) : [])
  if (!budgets.every((b, k) => b > (budgets[k - 1] ?? 0))) throw new TypeError('Budgets ascend and are above zero.')
  const all = everybody()
  const gains = along(steps, unit, inside, all.n, budgets)
  const chance = budgets.map((budget) => byChance(all, budget))
  const ids = Int32Array.from({ length: units }, (_, u) => u)
  const halves = Array.from({ length: draws }, (_, b) => {
    inside.fill(0)
    for (const u of spec.random.split(`half ${b}`).shuffle(ids.slice()).subarray(0, units >> 1)) inside[u] = 1
    const half = everybody()
    const { gain } = along(steps, unit, inside, half.n, budgets)
    return budgets.map((budget, k) => ({ gain: gain[k]!, over: gain[k]! - byChance(half, budget) }))
  })
  const rowOf = (k: number, term: 'gain' | 'gain - chance', estimate: number): Estimate => {
    const key = term === 'gain' ? 'gain' : 'over'
    const mean = halves.reduce((total, half) => total + half[k]![key], 0) / draws
    const std_error = Math.sqrt(halves.reduce((total, half) => total + (half[k]![key] - mean) ** 2, 0) / (draws - 1))
    const row = { estimator: 'cost_curve', options: { budget: budgets[k]!, spent: gains.spent[k]!, draws, clustered: spec.clusters !== undefined }, formula: spec.predictions.join(' + '), term, estimate, n }
    return std_error > 1e-15 ? normalRow({ ...row, std_error }, confidence) : plainRow(row)
  }
  return Object.freeze({
    gain: Object.freeze(budgets.map((_, k) => rowOf(k, 'gain', gains.gain[k]!))),
    overChance: Object.freeze(budgets.map((_, k) => rowOf(k, 'gain - chance', gains.gain[k]! - chance[k]!))),
    whole,
  })
}

/** Steps along everybody's hulls, steepest first. */
interface Steps {
  readonly row: Int32Array
  readonly cost: Float64Array
  readonly score: Float64Array
}

function stepsOf(predictions: readonly Float64Array[], scores: readonly Float64Array[], costs: readonly Float64Array[]): Steps {
  const found: { row: number; steep: number; cost: number; score: number }[] = []
  const n = predictions[0]!.length
  for (let i = 0; i < n; i++) {
    const points = hull(predictions.map((p, a) => ({ arm: a, cost: costs[a]![i]!, effect: p[i]! })))
    let [cost, effect, score] = [0, 0, 0]
    for (const point of points) {
      const own = scores[point.arm]![i]!
      found.push({ row: i, steep: (point.effect - effect) / (point.cost - cost), cost: point.cost - cost, score: own - score })
      ;[cost, effect, score] = [point.cost, point.effect, own]
    }
  }
  const order = found.toSorted((a, b) => b.steep - a.steep)
  return { row: Int32Array.from(order, (s) => s.row), cost: Float64Array.from(order, (s) => s.cost), score: Float64Array.from(order, (s) => s.score) }
}

interface Point {
  readonly arm: number
  readonly cost: number
  readonly effect: number
}

/** The points that are worth taking one after the other: each dearer and better than the one before, and ever less steep. */
function hull(points: readonly Point[]): readonly Point[] {
  const kept: Point[] = []
  const steep = (from: Point | undefined, to: Point): number => (to.effect - (from?.effect ?? 0)) / (to.cost - (from?.cost ?? 0))
  for (const point of points.toSorted((a, b) => a.cost - b.cost || b.effect - a.effect)) {
    if (point.effect <= (kept.at(-1)?.effect ?? 0) || point.cost === kept.at(-1)?.cost) continue
    while (kept.length > 0 && steep(kept.at(-2), kept.at(-1)!) <= steep(kept.at(-1), point)) kept.pop()
    kept.push(point)
  }
  return kept
}

function spent({ row, cost }: Steps, unit: Int32Array, inside: Uint8Array, n: number): number {
  let total = 0
  for (let s = 0; s < row.length; s++) if (inside[unit[row[s]!]!] === 1) total += cost[s]!
  return total / n
}

/** Gain and spending per person at each budget. */
function along({ row, cost, score }: Steps, unit: Int32Array, inside: Uint8Array, n: number, budgets: readonly number[]): { readonly gain: readonly number[]; readonly spent: readonly number[] } {
  const gain: number[] = []
  const paid: number[] = []
  let [money, good, next] = [0, 0, 0]
  for (let s = 0; s < row.length && next < budgets.length; s++) {
    if (inside[unit[row[s]!]!] === 0) continue
    for (; next < budgets.length && money + cost[s]! >= budgets[next]! * n; next++) {
      gain.push((good + (score[s]! * (budgets[next]! * n - money)) / cost[s]!) / n)
      paid.push(budgets[next]!)
    }
    money += cost[s]!
    good += score[s]!
  }
  for (; next < budgets.length; next++) {
    gain.push(good / n)
    paid.push(money / n)
  }
  return { gain, spent: paid }
}

interface Totals {
  readonly n: number
  readonly effects: readonly number[]
  readonly scores: readonly number[]
  readonly costs: readonly number[]
}

function totals(predictions: readonly Float64Array[], scores: readonly Float64Array[], costs: readonly Float64Array[], unit: Int32Array, inside: Uint8Array): Totals {
  let n = 0
  for (const u of unit) n += inside[u]!
  const mean = (values: Float64Array): number => {
    let sum = 0
    for (let i = 0; i < values.length; i++) if (inside[unit[i]!] === 1) sum += values[i]!
    return sum / n
  }
  return { n, effects: predictions.map(mean), scores: scores.map(mean), costs: costs.map(mean) }
}

/** Everybody alike: mixtures of the treatments that are best on average for their cost. */
function byChance({ effects, scores, costs }: Totals, budget: number): number {
  let [cost, score] = [0, 0]
  for (const point of hull(effects.map((effect, arm) => ({ arm, effect, cost: costs[arm]! })))) {
    const own = scores[point.arm]!
    if (budget < point.cost) return score + ((own - score) * (budget - cost)) / (point.cost - cost)
    ;[cost, score] = [point.cost, own]
  }
  return score
}
