import { runPasses, type Columns, type Passes } from '../columns.ts'
import { fitOf, requireDegreesOfFreedom, requireError, sandwich, smallSample, type Fit } from './coefficients.ts'
import { identity, matrix } from '#kernel/numeric'
import { LeastSquares, type SeType } from './least-squares.ts'

export interface LmRobust {
  readonly outcome: string
  /** Regressors beside the constant, in order. */
  readonly terms: readonly string[]
  readonly intercept?: boolean
  readonly seType?: SeType
  readonly weights?: string
  readonly confidence?: number
}

/** The name that R gives to the constant. */
export const constant = '(Intercept)'

export function lmRobust(data: Columns, spec: LmRobust): Fit {
  return runPasses(lmRobustPasses(spec), data)
}

export function lmRobustPasses(spec: LmRobust): Passes<Fit> {
  const seType = spec.seType ?? 'HC2'
  const design = spec.intercept === false ? [...spec.terms] : [null, ...spec.terms]
  const squares = new LeastSquares({ design, endogenous: [], responses: [spec.outcome], regressors: design.map((_, j) => j), weights: spec.weights, seType })
  return {
    add: (chunk) => squares.add(chunk),
    next: () => squares.next(),
    result() {
      const [fit] = squares.result()
      const { n, kept, dropped, factor, beta, residual, whole, meat } = fit!
      const k = kept.length
      requireDegreesOfFreedom(n, k)
      requireError(residual.values[0]!, whole, design.length, spec.outcome)
      const covariance = sandwich(factor, meat?.[0] ?? identity(k))
      const scale = meat === null ? residual.values[0]! / (n - k) : smallSample(seType, n, k)
      const name = (place: number) => design[place] ?? constant
      return fitOf({
        estimator: 'lm_robust',
        options: { se_type: seType, ...(spec.weights === undefined ? {} : { weights: spec.weights }) },
        formula: `${spec.outcome} ~ ${spec.terms.length === 0 ? '1' : spec.terms.join(' + ')}${spec.intercept === false ? ' - 1' : ''}`,
        terms: kept.map(name),
        aliased: dropped.map(name),
        beta: beta.values,
        covariance: matrix(k, k, covariance.values.map((v) => v * scale)),
        df: kept.map(() => n - k),
        n,
        outcome: spec.outcome,
        confidence: spec.confidence ?? 0.95,
      })
    },
  }
}
