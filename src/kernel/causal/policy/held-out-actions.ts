import type { Generator } from '#kernel/numeric'
import { Codes, column, type Columns } from '../columns.ts'
import { finiteColumn } from '../design.ts'
import { fault } from '../faults.ts'
import type { Estimate } from '../estimate.ts'
import { normalRow } from '../row.ts'
import { policyActions, policyTree, type PolicySearch } from './policy-tree.ts'

export interface HeldOut extends PolicySearch {
  /** Number of folds, drawn from `random`. */
  readonly folds: number
  readonly random: Generator
  /** Column of clusters, which stay together in a fold. */
  readonly clusters?: string
}

export interface HeldOutActions {
  /** Action of each row by a rule learned on the folds before its own; −1 in the first fold. */
  readonly action: Int32Array
  /** Rows after the first fold, ascending. */
  readonly judged: readonly number[]
  /** Cluster of each row, or the row itself. */
  readonly unit: Int32Array
  readonly units: number
  /** Scores of each action, costs taken off. */
  readonly scores: readonly Float64Array[]
}

/**
 * What rules learned on earlier folds do with the rows of later ones.
 *
 * Learning from earlier folds only makes the terms of every mean over these rows martingale differences, so that errors hold however much the rules differ.
 *
 * @throws Fault 'causal.too_few' with fewer clusters or rows than folds; those of `policyTree`
 * Source: Wager (2024), Sequential validation of treatment heterogeneity, arXiv 2405.05534. Pinned by policy-value.test.ts.
 */
export function heldOutActions(data: Columns, spec: HeldOut): HeldOutActions {
  const n = column(data, spec.scores[0]!).length
  const labels = new Codes()
  const unit = spec.clusters === undefined ? Int32Array.from({ length: n }, (_, i) => i) : labels.codesOf(data, spec.clusters)
  const units = spec.clusters === undefined ? n : labels.size
  if (unit.length !== n) throw new TypeError('The clusters have another number of rows than the scores.')
  if (!Number.isSafeInteger(spec.folds) || spec.folds < 2) throw new TypeError(`${spec.folds} is not a number of folds.`)
  if (units < spec.folds) throw fault.too_few({ n: units, needed: spec.folds })
  const scores = spec.scores.map((name, a) => finiteColumn(data, name, n).map((v) => v - (spec.costs?.[a] ?? 0)))
  const names = [...spec.scores, ...spec.covariates]
  const columns = names.map((name) => finiteColumn(data, name, n))
  const fold = new Int32Array(units)
  for (const [place, u] of spec.random.split('folds').shuffle(Int32Array.from({ length: units }, (_, u) => u)).entries()) fold[u] = place % spec.folds
  const action = new Int32Array(n).fill(-1)
  for (let k = 1; k < spec.folds; k++) {
    const members = (from: number, to: number): Columns =>
      Object.fromEntries(names.map((name, j) => [name, columns[j]!.filter((_, i) => fold[unit[i]!]! >= from && fold[unit[i]!]! <= to)]))
    const own = Array.from(unit.keys()).filter((i) => fold[unit[i]!] === k)
    const actions = policyActions(members(k, k), policyTree(members(0, k - 1), spec).tree, own.length)
    for (const [at, i] of own.entries()) action[i] = actions[at]!
  }
  return Object.freeze({ action, judged: Array.from(unit.keys()).filter((i) => action[i]! >= 0), unit, units, scores })
}

/** A mean over some rows as a row of a result: variance m/(m − 1) Σ_c (Σ_{i in c} (d_i − d̄))² / n², over the m units that have one of the rows. */
export function meanRow({ unit, units }: Pick<HeldOutActions, 'unit' | 'units'>, rows: readonly number[], of: (i: number) => number, written: Pick<Estimate, 'estimator' | 'options' | 'formula' | 'term'>, confidence: number): Estimate {
  const estimate = rows.reduce((total, i) => total + of(i), 0) / rows.length
  const sums = new Float64Array(units)
  const seen = new Uint8Array(units)
  for (const i of rows) {
    sums[unit[i]!]! += of(i) - estimate
    seen[unit[i]!] = 1
  }
  const m = seen.reduce((total, one) => total + one, 0)
  if (m < 2) throw fault.too_few({ n: m, needed: 2 })
  const std_error = Math.sqrt((m / (m - 1)) * sums.reduce((total, v) => total + v * v, 0)) / rows.length
  return normalRow({ ...written, estimate, std_error, n: rows.length }, confidence)
}
