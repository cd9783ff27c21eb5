import { invertUpper } from '#kernel/numeric'
import { runPasses, type Columns, type Passes } from '../columns.ts'
import { errorOptions, fitOf, requireError, seTypeOf, type ErrorSpec, type Fit } from './coefficients.ts'
import { LeastSquares } from './least-squares.ts'
import { constant } from './lm-robust.ts'

export interface IvRobust extends ErrorSpec {
  readonly outcome: string
  /** Regressors that the instruments move; usually one, the take-up. */
  readonly endogenous: readonly string[]
  readonly instruments: readonly string[]
  /** Regressors that are their own instruments. */
  readonly covariates?: readonly string[]
}

/** `y ~ d + x | z + x`, as R writes it. */
export function ivFormula(outcome: string, left: readonly string[], right: readonly string[]): string {
  return `${outcome} ~ ${left.join(' + ')} | ${right.join(' + ')}`
}

/**
 * Two-stage least squares: the effect of a take-up that instruments move, the draw first among them.
 *
 *   X̂ = Z (Z'WZ)⁻¹ Z'W X     β = (X̂'WX̂)⁻¹ X̂'Wy     e = y − Xβ     V = (X̂'WX̂)⁻¹ M (X̂'WX̂)⁻¹
 *
 * with M, small-sample factors and degrees of freedom as in `lmRobust`, x̂ in place of x in scores and leverages: h_i = w_i x̂_i'(X̂'WX̂)⁻¹x̂_i.
 * (`vcovHC` of R's sandwich takes x_i'(...)⁻¹x̂_i instead: another sixth digit in HC2 and HC3.) Solved by QR of [Z D y] and then of Q_z'X.
 *
 * @param data  columns of n values; see `lmRobust`
 * @returns     rows for (Intercept), the endogenous regressors, the covariates, in that order
 * @throws Fault as `lmRobust`, and 'causal.under_identified' when rank X̂ is less than rank X
 * Assumes exclusion and random assignment of the instruments; with effects that differ, one instrument and nobody who does the opposite, β is
 *   the average effect among those whom it moves (LATE).
 * Source: Theil (1953); Imbens, Angrist (1994); Wooldridge (2010), chapter 5; conventions of estimatr 1.0.0.
 * Pinned by the `iv_robust` rows of shared/data/reference.
 */
export function ivRobust(data: Columns, spec: IvRobust): Fit {
  return runPasses(ivRobustPasses(spec), data)
}

/** The same from chunks of rows; passes as `lmRobustPasses`. */
export function ivRobustPasses(spec: IvRobust): Passes<Fit> {
  const { squares, finish } = ivRobustOf(spec)
  return { add: (chunk) => squares.add(chunk), next: () => squares.next(), result: finish }
}

/** The passes, the columns they read beside the constant, and what is made of them. */
export function ivRobustOf(spec: IvRobust): { readonly squares: LeastSquares; readonly columns: readonly string[]; readonly finish: () => Fit } {
  const seType = seTypeOf(spec)
  const covariates = spec.covariates ?? []
  // An endogenous regressor that is named as an instrument too is exogenous.
  const endogenous = spec.endogenous.filter((name) => !spec.instruments.includes(name) && !covariates.includes(name))
  const ones = spec.fixedEffects === undefined ? [null] : []
  const design = [...ones, ...spec.instruments, ...covariates.filter((name) => !spec.instruments.includes(name))]
  const names = [...ones, ...spec.endogenous, ...covariates]
  const regressors = names.map((name) => {
    const place = design.indexOf(name)
    return place >= 0 || name === null ? place : design.length + endogenous.indexOf(name)
  })
  const squares = new LeastSquares({ design, endogenous, responses: [spec.outcome], regressors, weights: spec.weights, cells: spec.cells, clusters: spec.clusters, fixedEffects: spec.fixedEffects, seType })
  return {
    squares,
    columns: [...design, ...endogenous, spec.outcome].filter((name) => name !== null),
    finish() {
      const [fit] = squares.fits()
      const { n, kept, dropped, factor, beta } = fit!
      requireError(squares, design.length + endogenous.length, spec.outcome)
      const covariances = squares.covariances(invertUpper(factor))
      const name = (place: number) => names[regressors.indexOf(place)] ?? constant
      return fitOf({
        estimator: 'iv_robust',
        options: errorOptions(spec, squares),
        formula: ivFormula(spec.outcome, [...spec.endogenous, ...covariates], [...spec.instruments, ...covariates]),
        terms: kept.map(name),
        aliased: dropped.map(name),
        beta: beta.values,
        covariance: covariances.pairs[0]!,
        df: covariances.df,
        n,
        outcome: spec.outcome,
        confidence: spec.confidence ?? 0.95,
      })
    },
  }
}
