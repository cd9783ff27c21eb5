import { column, type Columns } from '../columns.ts'
import { finiteColumn } from '../design.ts'
import type { Estimate } from '../estimate.ts'
import { fault } from '../faults.ts'
import { adjustPValues } from '../multiplicity.ts'
import { normalRow } from '../row.ts'
import { meanOver, type Written } from './forest-rows.ts'
import type { Units } from './leave-out.ts'

export interface MostAffected extends Written {
  /** Columns whose means are compared. */
  readonly covariates: readonly string[]
  /** Group of each row, from 0, lowest predicted effect first, as `gateByPrediction` makes it. */
  readonly group: Int32Array
  readonly weights?: Float64Array
  readonly units: Units
}

/**
 * What distinguishes those who are predicted to gain most from those predicted to gain least (classification analysis, CLAN).
 *
 *   per covariate  weighted mean in the highest group − in the lowest, error from sums by unit
 *
 * A description of two groups: that a trait is commoner among those who gain most does not make it the reason.
 *
 * @returns rows 'clan', one per covariate; both means, the difference in standard deviations and Holm's p among the options
 * @throws Fault 'causal.group_empty', 'causal.too_few', 'causal.not_finite'
 * Source: Chernozhukov, Demirer, Duflo, Fernández-Val (2025), Econometrica 93 (CLAN). Pinned by its laws in gate-by-prediction.test.ts.
 */
export function mostAffected(data: Columns, spec: MostAffected): readonly Estimate[] {
  const { group, units, covariates, confidence = 0.95, formula = 'x ~ group' } = spec
  const n = group.length
  const top = group.reduce((most, k) => Math.max(most, k), 0)
  if (top === 0) throw fault.group_empty({ group: 2, column: formula })
  const weights = spec.weights ?? new Float64Array(n).fill(1)
  const made = covariates.map((name) => {
    column(data, name)
    const x = finiteColumn(data, name, n)
    const [low, high] = [0, top].map((k) => meanOver(x, weights, units, (i) => group[i] === k)) as [ReturnType<typeof meanOver>, ReturnType<typeof meanOver>]
    const size = [0, 0]
    for (let i = 0; i < n; i++) if (group[i] === 0 || group[i] === top) size[group[i] === 0 ? 0 : 1]! += weights[i]!
    const sums = new Float64Array(units.count)
    const seen = new Uint8Array(units.count)
    for (let i = 0; i < n; i++) {
      if (group[i] !== 0 && group[i] !== top) continue
      seen[units.of[i]!] = 1
      sums[units.of[i]!]! += group[i] === top ? (weights[i]! * (x[i]! - high.mean)) / size[1]! : -(weights[i]! * (x[i]! - low.mean)) / size[0]!
    }
    const m = seen.reduce((total, one) => total + one, 0)
    const error = Math.sqrt((m / (m - 1)) * sums.reduce((total, v) => total + v * v, 0))
    const mean = x.reduce((total, v) => total + v, 0) / n
    const sd = Math.sqrt(x.reduce((total, v) => total + (v - mean) ** 2, 0) / (n - 1))
    return { name, low, high, error, sd, rows: low.rows + high.rows }
  })
  const varying = made.filter(({ error }) => error > 0)
  const rows = varying.map(({ name, low, high, error, sd, rows: n_ }) =>
    normalRow({ estimator: 'clan', options: { mean_lowest: low.mean, mean_highest: high.mean, standard_deviations: (high.mean - low.mean) / sd, clustered: units.clustered }, formula, term: name, estimate: high.mean - low.mean, std_error: error, n: n_ }, confidence),
  )
  const adjusted = adjustPValues(rows.map((row) => row.p_value!), 'holm')
  return Object.freeze(rows.map((row, k) => Object.freeze({ ...row, options: Object.freeze({ ...row.options, p_holm: adjusted[k]! }) })))
}
