import { column, type Columns } from '../columns.ts'
import { finiteColumn } from '../design.ts'
import { estimateRow, type Estimate } from '../estimate.ts'
import { averagingWeights, effectScores, unitsOf, type Grown, type Written } from './forest-rows.ts'
import { leaveOut } from './leave-out.ts'

export interface Projection extends Written {
  /** Columns on which the effect is projected; with none the row is the average effect. */
  readonly covariates: readonly string[]
}

/**
 * The straight line that comes nearest to the effect as a function of some covariates.
 *
 *   Γ_i = β_0 + x_i'β + error,  Γ the scores of `effectScores`;  HC3 errors, CR3 with clusters
 *
 * A description of the effect by these columns together, in units of the outcome per unit of the column, and no statement that one of them causes it.
 *
 * @returns rows 'best_linear_projection': (Intercept), then one per covariate
 * @throws Fault 'causal.columns_aliased', 'causal.leverage_one', 'causal.not_finite' for a missing covariate, 'causal.treatment_not_binary', 'causal.no_overlap'
 * Source: Semenova, Chernozhukov (2021), Econometrics Journal 24; Cui, Kosorok, Sverdrup, Wager, Zhu (2023), JRSS B 85.
 * Pinned by `blp0`..`blp2` in shared/data/reference/*.grf.json, in grf.test.ts.
 */
export function bestLinearProjection(data: Columns, forest: Grown, spec: Projection): readonly Estimate[] {
  const { n } = forest
  const units = unitsOf(forest)
  for (const name of spec.covariates) column(data, name)
  const names = ['(Intercept)', ...spec.covariates]
  const design = [new Float64Array(n).fill(1), ...spec.covariates.map((name) => finiteColumn(data, name, n))]
  const fit = leaveOut(names, design, effectScores(forest), averagingWeights(forest), units)
  const k = names.length
  const options = Object.freeze({ se_type: units.clustered ? 'CR3' : 'HC3' })
  return Object.freeze(
    names.map((term, j) => estimateRow({ estimator: 'best_linear_projection', options, formula: spec.formula ?? 'y ~ w | x', term, estimate: fit.beta[j]!, std_error: Math.sqrt(fit.covariance.values[j * k + j]!), df: fit.df, n }, spec.confidence ?? 0.95)),
  )
}
