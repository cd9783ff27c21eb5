import { runPasses, type Columns, type Passes } from '../columns.ts'
import { errorOptions, fitOf, requireError, seTypeOf, type ErrorSpec, type Fit } from './coefficients.ts'
import { invertUpper } from '#kernel/numeric'
import { LeastSquares } from './least-squares.ts'

export interface LmRobust extends ErrorSpec {
  readonly outcome: string
  /** Regressors beside the constant, in order. */
  readonly terms: readonly string[]
  readonly intercept?: boolean
}

/** The name that R gives to the constant. */
export const constant = '(Intercept)'

export function lmRobust(data: Columns, spec: LmRobust): Fit {
  return runPasses(lmRobustPasses(spec), data)
}

export function lmRobustPasses(spec: LmRobust): Passes<Fit> {
  const { squares, finish } = lmRobustOf(spec)
  return { add: (chunk) => squares.add(chunk), next: () => squares.next(), result: finish }
}

/** The passes and what is made of them, apart, so that the first may also be given as sums. */
export function lmRobustOf(spec: LmRobust): { readonly squares: LeastSquares; readonly finish: () => Fit } {
  const seType = seTypeOf(spec)
  const design = spec.intercept === false || spec.fixedEffects !== undefined ? [...spec.terms] : [null, ...spec.terms]
  const squares = new LeastSquares({ design, endogenous: [], responses: [spec.outcome], regressors: design.map((_, j) => j), weights: spec.weights, cells: spec.cells, clusters: spec.clusters, fixedEffects: spec.fixedEffects, seType })
  return {
    squares,
    finish() {
      const [fit] = squares.fits()
      const { n, kept, dropped, factor, beta } = fit!
      requireError(squares, design.length, spec.outcome)
      const covariances = squares.covariances(invertUpper(factor))
      const name = (place: number) => design[place] ?? constant
      return fitOf({
        estimator: 'lm_robust',
        options: errorOptions(spec, squares),
        formula: `${spec.outcome} ~ ${spec.terms.length === 0 ? '1' : spec.terms.join(' + ')}${spec.intercept === false ? ' - 1' : ''}`,
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
