import { invertUpper, multiply, transpose, type Matrix } from '#kernel/numeric'
import type { Passes } from '../columns.ts'
import { fault } from '../faults.ts'
import { seTypeOf, type ErrorSpec } from './coefficients.ts'
import { LeastSquares } from './least-squares.ts'

export interface Instrumented extends ErrorSpec {
  readonly outcome: string
  /** The one endogenous regressor. */
  readonly endogenous: string
  readonly instruments: readonly string[]
  readonly covariates?: readonly string[]
}

/** Outcome and take-up, both regressed on the instruments, with the joint covariance of the instruments' coefficients. */
export interface ReducedForm {
  /** Instruments that are kept; m of them. */
  readonly instruments: readonly string[]
  /** m coefficients of the outcome, m of the take-up. */
  readonly piY: Float64Array
  readonly piD: Float64Array
  /** m×m each; element (i, j) of vYD is Cov(piY_i, piD_j), which is symmetric here. */
  readonly vYY: Matrix
  readonly vYD: Matrix
  readonly vDD: Matrix
  /** Cross-products of the instruments after the other regressors are taken out, m×m. */
  readonly spread: Matrix
  /** Degrees of freedom of a test of the instruments: the smallest of their coefficients'. */
  readonly df: number
  readonly n: number
}

export function reducedFormPasses(spec: Instrumented): Passes<ReducedForm> {
  const seType = seTypeOf(spec)
  const covariates = spec.covariates ?? []
  // Instruments last: an instrument that the covariates explain is the one that is dropped.
  const ones = spec.fixedEffects === undefined ? [null] : []
  const design = [...ones, ...covariates, ...spec.instruments]
  const squares = new LeastSquares({
    design,
    endogenous: [],
    responses: [spec.outcome, spec.endogenous],
    regressors: design.map((_, j) => j),
    weights: spec.weights,
    cells: spec.cells,
    clusters: spec.clusters,
    fixedEffects: spec.fixedEffects,
    seType,
  })
  return {
    add: (chunk) => squares.add(chunk),
    next: () => squares.next(),
    result() {
      const [fit] = squares.fits()
      const { n, kept, factor, beta } = fit!
      const k = kept.length
      const own = kept.flatMap((place, at) => (place >= ones.length + covariates.length ? [at] : []))
      const first = own[0]
      if (first === undefined) throw fault.under_identified({ column: spec.endogenous })
      const { pairs, df } = squares.covariances(invertUpper(factor))
      const square = (pair: number): Matrix => part(pairs[pair]!, own)
      // The instruments' corner of the factor is the factor of the instruments given the rest.
      const corner = part(factor, own)
      return {
        instruments: own.map((at) => design[kept[at]!]!),
        piY: Float64Array.from(own, (at) => beta.values[at]!),
        piD: Float64Array.from(own, (at) => beta.values[k + at]!),
        vYY: square(0),
        vYD: square(1),
        vDD: square(2),
        spread: multiply(transpose(corner), corner),
        df: Math.min(...own.map((at) => df[at]!)),
        n,
      }
    },
  }
}

/** Rows and columns `which` of a square matrix. */
function part(a: Matrix, which: readonly number[]): Matrix {
  const m = which.length
  const values = new Float64Array(m * m)
  for (let j = 0; j < m; j++) for (let i = 0; i < m; i++) values[j * m + i] = a.values[which[j]! * a.rows + which[i]!]!
  return { rows: m, columns: m, values }
}
