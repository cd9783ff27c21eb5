import { studentUpper } from '#kernel/numeric'
import { estimateRow, type Estimate } from '../estimate.ts'
import { averagingWeights, unitsOf, type Grown, type Written } from './forest-rows.ts'
import { leaveOut } from './leave-out.ts'

/**
 * Whether a forest's effects are right on average, and whether their differences say anything.
 *
 *   y − m = α τ̄ (w − e) + β (τ − τ̄) (w − e) + error
 *
 * α = 1: the average is right. β > 0: the forest has found differences; β = 1: of the right size. The p-values are one-sided against 0. β near 0 may mean
 * that effects do not differ or that the rows are too few to see it. Errors HC3, CR3 with clusters.
 *
 * @returns rows 'calibration_test': mean_forest_prediction (α), differential_forest_prediction (β)
 * @throws Fault 'causal.columns_aliased' where all predictions are alike; 'causal.leverage_one'
 * Source: Chernozhukov, Demirer, Duflo, Fernández-Val (2025), Econometrica 93 (best linear predictor); Athey, Wager (2019), Observational Studies 5.
 * Pinned by `cal_mean`, `cal_diff` in shared/data/reference/*.grf.json, in grf.test.ts.
 */
export function calibrationTest(forest: Grown, { formula = 'y ~ w | x', confidence = 0.95 }: Written = {}): readonly Estimate[] {
  const g = averagingWeights(forest)
  const { n, y, w, yHat, wHat, predictions } = forest
  const units = unitsOf(forest)
  const total = g.reduce((sum, v) => sum + v, 0)
  const mean = predictions.reduce((sum, tau, i) => sum + g[i]! * tau, 0) / total
  const names = ['mean_forest_prediction', 'differential_forest_prediction']
  const rest = w.map((v, i) => v - wHat[i]!)
  const fit = leaveOut(names, [rest.map((v) => v * mean), rest.map((v, i) => v * (predictions[i]! - mean))], y.map((v, i) => v - yHat[i]!), g, units)
  return Object.freeze(
    names.map((term, j) => {
      const row = estimateRow({ estimator: 'calibration_test', options: Object.freeze({ se_type: units.clustered ? 'CR3' : 'HC3', alternative: 'greater' }), formula, term, estimate: fit.beta[j]!, std_error: Math.sqrt(fit.covariance.values[j * 2 + j]!), df: fit.df, n }, confidence)
      return Object.freeze({ ...row, p_value: studentUpper(row.statistic!, fit.df) })
    }),
  )
}
