import type { Matrix } from '#kernel/numeric'
import { estimateRow, type Estimate, type Option } from '../estimate.ts'
import { fault } from '../faults.ts'
import type { LeastSquares } from './least-squares.ts'
import type { Cells, SeType } from './solve.ts'

/** A fitted regression: its rows as they are printed, and what further tests need. */
export interface Fit {
  readonly estimates: readonly Estimate[]
  /** Terms that were dropped because the ones before them explain them, in order. */
  readonly aliased: readonly string[]
  readonly terms: readonly string[]
  /** Covariance of the estimates, k×k, in the order of `terms`. */
  readonly covariance: Matrix
  readonly df: readonly number[]
  readonly n: number
}

/** What a regression is told about its errors. */
export interface ErrorSpec {
  /** HC2 where rows are independent, CR2 where they come in clusters, unless another kind is asked for. */
  readonly seType?: SeType
  /** Column of cluster labels. */
  readonly clusters?: string
  /** Column of weights above zero. */
  readonly weights?: string
  /** Rows stand for several with the same regressors, as `GROUP BY` makes them; not with weights. */
  readonly cells?: Cells
  /** Column of groups whose own constants are absorbed. */
  readonly fixedEffects?: string
  /** 0.95 where absent. */
  readonly confidence?: number
}

/** How the error was made, as every regression's rows say it. */
export function errorOptions(spec: ErrorSpec, squares: LeastSquares): { readonly [name: string]: Option } {
  return {
    se_type: seTypeOf(spec),
    ...(spec.clusters === undefined ? {} : { clusters: spec.clusters, n_clusters: squares.clusterCount }),
    ...(spec.fixedEffects === undefined ? {} : { fixed_effects: spec.fixedEffects }),
    ...(spec.weights === undefined ? {} : { weights: spec.weights }),
  }
}

export const seTypeOf = (spec: ErrorSpec): SeType => spec.seType ?? (spec.clusters === undefined ? 'HC2' : 'CR2')

export function fitOf(spec: {
  readonly estimator: string
  readonly options: { readonly [name: string]: Option }
  readonly formula: string
  readonly terms: readonly string[]
  readonly aliased: readonly string[]
  readonly beta: ArrayLike<number>
  readonly covariance: Matrix
  readonly df: readonly number[]
  readonly n: number
  readonly outcome: string
  readonly confidence: number
}): Fit {
  const k = spec.terms.length
  const options = Object.freeze({ ...spec.options })
  const estimates = spec.terms.map((term, j) => {
    const variance = spec.covariance.values[j * k + j]!
    if (!(variance > 0)) throw fault.perfect_fit({ outcome: spec.outcome })
    const { estimator, formula, n } = spec
    return estimateRow({ estimator, options, formula, term, estimate: spec.beta[j]!, std_error: Math.sqrt(variance), df: spec.df[j]!, n }, spec.confidence)
  })
  return Object.freeze({
    estimates: Object.freeze(estimates),
    aliased: Object.freeze([...spec.aliased]),
    terms: Object.freeze([...spec.terms]),
    covariance: spec.covariance,
    df: Object.freeze([...spec.df]),
    n: spec.n,
  })
}

/**
 * Refuses an outcome that does not vary, and residuals that are rounding error: Σ e² at most 1e-24 of what the outcome varies (1e-12 of its
 * spread), or 1e-29 of Σ y² (some units in the last place of the outcome itself).
 */
export function requireError(squares: LeastSquares, response: number, outcome: string): void {
  const residual = squares.residual().values[0]!
  const { total, around } = squares.variation(response)
  if (around <= 1e-26 * total) throw fault.constant_column({ column: outcome })
  if (residual <= 1e-24 * around || residual <= 1e-29 * total) throw fault.perfect_fit({ outcome })
}
