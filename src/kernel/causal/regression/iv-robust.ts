import { invertUpper } from '#kernel/numeric'
import { runPasses, type Columns, type Passes } from '../columns.ts'
import { errorOptions, fitOf, requireDegreesOfFreedom, requireError, seTypeOf, type Fit } from './coefficients.ts'
import { LeastSquares, type SeType } from './least-squares.ts'
import { constant } from './lm-robust.ts'

export interface IvRobust {
  readonly outcome: string
  /** Regressors that the instruments move; usually one, the take-up. */
  readonly endogenous: readonly string[]
  readonly instruments: readonly string[]
  /** Regressors that are their own instruments. */
  readonly covariates?: readonly string[]
  readonly seType?: SeType
  readonly clusters?: string
  readonly weights?: string
  readonly confidence?: number
}

/** `y ~ d + x | z + x`, as R writes it. */
export function ivFormula(outcome: string, left: readonly string[], right: readonly string[]): string {
  return `${outcome} ~ ${left.join(' + ')} | ${right.join(' + ')}`
}

export function ivRobust(data: Columns, spec: IvRobust): Fit {
  return runPasses(ivRobustPasses(spec), data)
}

export function ivRobustPasses(spec: IvRobust): Passes<Fit> {
  const seType = seTypeOf(spec)
  const covariates = spec.covariates ?? []
  // An endogenous regressor that is named as an instrument too is exogenous.
  const endogenous = spec.endogenous.filter((name) => !spec.instruments.includes(name) && !covariates.includes(name))
  const design = [null, ...spec.instruments, ...covariates.filter((name) => !spec.instruments.includes(name))]
  const names = [constant, ...spec.endogenous, ...covariates]
  const regressors = names.map((name, j) => {
    if (j === 0) return 0
    const place = design.indexOf(name)
    return place >= 0 ? place : design.length + endogenous.indexOf(name)
  })
  const squares = new LeastSquares({ design, endogenous, responses: [spec.outcome], regressors, weights: spec.weights, clusters: spec.clusters, seType })
  return {
    add: (chunk) => squares.add(chunk),
    next: () => squares.next(),
    result() {
      const [fit] = squares.fits()
      const { n, kept, dropped, factor, beta, residual, whole } = fit!
      const k = kept.length
      requireDegreesOfFreedom(n, k)
      requireError(residual.values[0]!, whole, design.length + endogenous.length, spec.outcome)
      const covariances = squares.covariances(invertUpper(factor))
      const name = (place: number) => names[regressors.indexOf(place)]!
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
