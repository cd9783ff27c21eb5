import type { CausalForest } from '../forest/causal-forest.ts'
import { fault } from '../faults.ts'
import type { Units } from './leave-out.ts'

/** What is computed after a causal forest takes from it; its arrays are in the order of the rows. */
export type Grown = Pick<CausalForest, 'n' | 'y' | 'w' | 'yHat' | 'wHat' | 'predictions' | 'weights' | 'clusters' | 'equalizeClusterWeights'>

/** How a row is written: the formula that it prints and its confidence. */
export interface Written {
  /** What the forest was grown on, in words of R; "y ~ w | x" where absent. */
  readonly formula?: string
  /** 0.95 where absent. */
  readonly confidence?: number
}

/** Rows, or the forest's clusters. */
export function unitsOf({ n, clusters }: Pick<Grown, 'n' | 'clusters'>): Units {
  if (clusters === undefined) return { of: Int32Array.from({ length: n }, (_, i) => i), count: n, clustered: false }
  return { of: clusters, count: clusters.reduce((most, c) => Math.max(most, c), -1) + 1, clustered: true }
}

/** Weights of rows in an average: those of the forest, or 1; where clusters count alike each row has a share of its cluster. */
export function averagingWeights(forest: Grown): Float64Array {
  if (forest.weights !== undefined) return forest.weights
  const weights = new Float64Array(forest.n).fill(1)
  if (forest.clusters === undefined || !forest.equalizeClusterWeights) return weights
  const { of, count } = unitsOf(forest)
  const size = new Float64Array(count)
  for (const c of of) size[c]! += 1
  return weights.map((_, i) => 1 / size[of[i]!]!)
}

/** Refuses a dose: what follows compares those with and those without. */
export function requireArms({ w }: Pick<Grown, 'w'>): void {
  const other = w.findIndex((v) => v !== 0 && v !== 1)
  if (other >= 0) throw fault.treatment_not_binary({ row: other + 1 })
}

/** Scores of the effect Γ_1 − Γ_0 = τ + (w − e) / (e (1 − e)) (y − m − (w − e) τ), see `doublyRobustScores`. @throws Fault 'causal.treatment_not_binary', 'causal.no_overlap' */
export function effectScores(forest: Grown): Float64Array {
  requireArms(forest)
  const { y, w, yHat, wHat, predictions } = forest
  return predictions.map((tau, i) => {
    const e = wHat[i]!
    if (!(e > 0 && e < 1)) throw fault.no_overlap({ row: i + 1, propensity: e })
    const centred = w[i]! - e
    return tau + (centred / (e * (1 - e))) * (y[i]! - yHat[i]! - centred * tau)
  })
}

/** Weighted mean of values, and its variance m/(m − 1) Σ_c (Σ_{i in c} w_i (v_i − v̄))² / (Σ w)² over m units that have a row among those given. */
export function meanOver(values: Float64Array, weights: Float64Array, units: Units, inside: (row: number) => boolean = () => true): { readonly mean: number; readonly variance: number; readonly rows: number; readonly units: number } {
  let total = 0
  let sum = 0
  let rows = 0
  for (let i = 0; i < values.length; i++) {
    if (!inside(i)) continue
    total += weights[i]!
    sum += weights[i]! * values[i]!
    rows += 1
  }
  const mean = sum / total
  const sums = new Float64Array(units.count)
  const seen = new Uint8Array(units.count)
  for (let i = 0; i < values.length; i++) {
    if (!inside(i)) continue
    sums[units.of[i]!]! += weights[i]! * (values[i]! - mean)
    seen[units.of[i]!] = 1
  }
  const m = seen.reduce((count, one) => count + one, 0)
  if (m < 2) throw fault.too_few({ n: m, needed: 2 })
  return { mean, variance: ((m / (m - 1)) * sums.reduce((a, v) => a + v * v, 0)) / (total * total), rows, units: m }
}
