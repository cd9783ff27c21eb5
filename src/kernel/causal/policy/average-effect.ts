import type { Estimate } from '../estimate.ts'
import { estimateRow } from '../estimate.ts'
import { fault } from '../faults.ts'
import { normalRow } from '../row.ts'
import { averagingWeights, effectScores, meanOver, requireArms, unitsOf, type Grown, type Written } from './forest-rows.ts'

export interface AverageEffect extends Written {
  /** Over whom the effect is averaged; 'all' where absent. 'overlap' weighs people by e (1 − e), most where both arms are found. */
  readonly target?: 'all' | 'treated' | 'control' | 'overlap'
}

const names = { all: 'ate', treated: 'att', control: 'atc', overlap: 'ato' } as const

/**
 * The average effect of a causal forest, corrected by what the forest left unexplained.
 *
 *   all       Σ g Γ / Σ g,  Γ the scores of `effectScores`
 *   treated   Σ_{w=1} g τ / Σ_{w=1} g + Σ g [w γ (y − μ_1) − (1 − w) γ (y − μ_0)] / Σ g,  γ ∝ 1 and e/(1 − e), of mean g-weight 1 in each arm
 *   control   the same over w = 0 with γ ∝ (1 − e)/e and 1
 *   overlap   slope of y − m on w − e
 *   error     m/(m − 1) Σ_c (Σ_{i in c} g_i (v_i − v̄))² / (Σ g)² over m clusters or rows; overlap: HC3, with clusters HC1 by cluster ("stata")
 *
 * g are the forest's weights. Needs a treatment of 0 and 1, but for overlap.
 *
 * @returns row 'causal_forest.ate', '.att', '.atc' or '.ato', in units of the outcome
 * @throws Fault 'causal.treatment_not_binary', 'causal.no_overlap', 'causal.one_arm', 'causal.too_few'
 * Source: Athey, Wager (2019), Observational Studies 5; Robins, Rotnitzky, Zhao (1994); Li, Morgan, Zaslavsky (2018), JASA 113 (overlap).
 * Pinned by `ate`, `att`, `ato` and their errors in shared/data/reference/*.grf.json, in grf.test.ts.
 */
export function averageEffect(forest: Grown, spec: AverageEffect = {}): Estimate {
  const { target = 'all', formula = 'y ~ w | x', confidence = 0.95 } = spec
  const g = averagingWeights(forest)
  const units = unitsOf(forest)
  const written = { estimator: `causal_forest.${names[target]}`, options: { target, clustered: units.clustered, weighted: forest.weights !== undefined }, formula, term: 'tau', n: forest.n }
  if (target === 'overlap') {
    const { slope, error, df } = overlapSlope(forest, g)
    return estimateRow({ ...written, estimate: slope, std_error: error, df }, confidence)
  }
  if (target === 'all') {
    const { mean, variance } = meanOver(effectScores(forest), g, units)
    return normalRow({ ...written, estimate: mean, std_error: Math.sqrt(variance) }, confidence)
  }
  requireArms(forest)
  const { w, y, yHat, wHat, predictions } = forest
  const arm = target === 'treated' ? 1 : 0
  const raw = [0, 1].map((own) => {
    const values = w.map((v, i) => {
      if (v !== own) return 0
      const odds = wHat[i]! / (1 - wHat[i]!)
      return own === arm ? 1 : arm === 1 ? odds : 1 / odds
    })
    const total = values.reduce((sum, v, i) => sum + v * g[i]!, 0)
    if (total === 0) throw fault.one_arm({ treatment: 'w', arm: String(own) })
    return { values, total }
  })
  const all = g.reduce((sum, v) => sum + v, 0)
  let inside = 0
  let sum = 0
  for (let i = 0; i < forest.n; i++) {
    if (w[i] !== arm) continue
    inside += g[i]!
    sum += g[i]! * predictions[i]!
  }
  const mean = sum / inside
  const pointwise = predictions.reduce((total, tau, i) => total + (w[i] === arm ? (g[i]! * (tau - mean)) ** 2 : 0), 0) / (inside * inside)
  const correction = predictions.map((tau, i) => {
    const own = w[i]!
    const level = yHat[i]! + (own - wHat[i]!) * tau
    return (2 * own - 1) * ((raw[own]!.values[i]! / raw[own]!.total) * all) * (y[i]! - level)
  })
  const sums = new Float64Array(units.count)
  for (let i = 0; i < forest.n; i++) sums[units.of[i]!]! += g[i]! * correction[i]!
  if (units.count < 2) throw fault.too_few({ n: units.count, needed: 2 })
  const estimate = mean + correction.reduce((total, v, i) => total + g[i]! * v, 0) / all
  const variance = ((units.count / (units.count - 1)) * sums.reduce((total, v) => total + v * v, 0)) / (all * all)
  return normalRow({ ...written, estimate, std_error: Math.sqrt(pointwise + variance) }, confidence)
}

/** y − m on 1 and w − e by weighted least squares, and the slope's error. */
function overlapSlope(forest: Grown, g: Float64Array): { readonly slope: number; readonly error: number; readonly df: number } {
  const { n, w, y, wHat, yHat } = forest
  const units = unitsOf(forest)
  if (units.count < 3) throw fault.too_few({ n: units.count, needed: 3 })
  const total = g.reduce((sum, v) => sum + v, 0)
  const average = (of: (i: number) => number): number => g.reduce((sum, v, i) => sum + v * of(i), 0) / total
  const x = w.map((v, i) => v - wHat[i]!)
  const z = y.map((v, i) => v - yHat[i]!)
  const [mx, mz] = [average((i) => x[i]!), average((i) => z[i]!)]
  const s = g.reduce((sum, v, i) => sum + v * (x[i]! - mx) ** 2, 0)
  const slope = g.reduce((sum, v, i) => sum + v * (x[i]! - mx) * (z[i]! - mz), 0) / s
  const sums = new Float64Array(units.count)
  for (let i = 0; i < n; i++) {
    const d = x[i]! - mx
    const leverage = units.clustered ? 0 : g[i]! * (1 / total + (d * d) / s)
    sums[units.of[i]!]! += (g[i]! * d * (z[i]! - mz - slope * d)) / (1 - leverage)
  }
  const factor = units.clustered ? (units.count / (units.count - 1)) * ((n - 1) / (n - 2)) : 1
  return { slope, error: Math.sqrt(factor * sums.reduce((sum, v) => sum + v * v, 0)) / s, df: units.clustered ? units.count - 1 : n - 2 }
}
