import { columnLength, matrix, multiply, pick, pivotedQr, solveUpper, type Matrix } from '#kernel/numeric'
import { fault } from '../faults.ts'
import type { ClusterSeType } from './cluster-scores.ts'
import type { FeedPlan } from './feed.ts'

export type SeType = 'classical' | 'HC0' | 'HC1' | 'HC2' | 'HC3' | ClusterSeType

/**
 * Rows that each stand for several which agree in everything but the outcome, as `GROUP BY` makes them: the outcome column holds their mean. Estimates
 * and every kind of error are those of the rows behind them (Wong, Lewis, Wardrop 2021, "You Only Compress Once").
 */
export interface Cells {
  /** Column with the number of rows behind each. */
  readonly count: string
  /** Column with the variance of the outcome among them, divided by their number (`var_pop`). */
  readonly variance: string
}

/** What is regressed on what. A `place` is the place of a column in [design, endogenous, responses]. */
export interface Problem {
  /** The columns whose span is projected on: the regressors of OLS, the instruments (exogenous regressors among them) of 2SLS. null: the constant. */
  readonly design: readonly (string | null)[]
  /** Regressors that are not in the design. None: OLS. */
  readonly endogenous: readonly string[]
  readonly responses: readonly string[]
  /** Places of the regressors, in the order of their coefficients. */
  readonly regressors: readonly number[]
  readonly weights?: string | undefined
  /** Rows stand for several with the same regressors; see `Cells`. Not with weights. */
  readonly cells?: Cells | undefined
  /** Column of cluster labels; only with CR0, stata and CR2, and always with them. */
  readonly clusters?: string | undefined
  /** Column of groups that each get a coefficient of their own, absorbed; the design then has no constant. */
  readonly fixedEffects?: string | undefined
  readonly strata?: FeedPlan['strata']
  readonly seType: SeType
}

/**
 * The fit of one stratum in orthonormal coordinates: with X̂ = Q R the (projected) regressors that are kept, θ = Q'y = R β.
 * Errors are computed for θ, where everything has the same scale, and carried to β by R⁻¹.
 */
export interface Solved {
  readonly n: number
  /** Places of regressors, r kept. */
  readonly kept: readonly number[]
  readonly dropped: readonly number[]
  /** R, r×r upper triangular. */
  readonly factor: Matrix
  /** θ, r×(number of responses). */
  readonly theta: Matrix
  /** β = R⁻¹ θ. */
  readonly beta: Matrix
  /** Σ e_a e_b for every pair of responses. */
  readonly residual: Matrix
  /** The factor of [design, endogenous, responses] as the first pass left it. */
  readonly whole: Matrix
  /** The same turned so that its first rows are coordinates in the kept columns of the design, and the others what these leave. */
  readonly coordinates: Matrix
  /** First-stage coefficients of the endogenous columns on the kept columns of the design (2SLS), and those columns' places. */
  readonly firstStage: { readonly places: readonly number[]; readonly pi: Matrix } | null
}

export const clustered = (seType: SeType): seType is ClusterSeType => seType === 'CR0' || seType === 'stata' || seType === 'CR2'

/**
 * Solves a stratum from the triangular factor of [design, endogenous, responses].
 *
 * @param lengths  of the columns before means were taken off; their own where absent
 * @throws Fault 'causal.constant_column', 'causal.under_identified'
 */
export function solve(problem: Problem, whole: Matrix, n: number, lengths?: Float64Array): Solved {
  const { design, endogenous, responses, regressors } = problem
  const m = whole.columns
  const z = pivotedQr(whole, design.length, lengths)
  const right = responses.map((_, r) => design.length + endogenous.length + r)
  requireVariation(problem, z.coordinates, z.dropped)
  if (endogenous.length === 0) {
    const theta = pick(z.coordinates, right, z.kept.length)
    return {
      n,
      kept: z.kept,
      dropped: z.dropped,
      factor: z.factor,
      theta,
      beta: solveUpper(z.factor, theta),
      residual: crossBelow(z.coordinates, right, z.kept.length),
      whole,
      coordinates: z.coordinates,
      firstStage: null,
    }
  }
  // 2SLS: coordinates of the regressors in the basis of the instruments, then a second QR there.
  const rank = z.kept.length
  const projected = pivotedQr(pick(z.coordinates, [...regressors, ...right], rank), regressors.length, lengths && regressors.map((place) => lengths[place]!))
  const observed = pivotedQr(pick(whole, regressors, m), regressors.length, lengths && regressors.map((place) => lengths[place]!))
  for (const j of projected.dropped) {
    if (!observed.dropped.includes(j)) throw fault.under_identified({ column: endogenous[regressors[j]! - design.length] ?? endogenous[0]! })
  }
  const r = projected.kept.length
  const theta = matrix(r, right.length)
  for (let b = 0; b < right.length; b++) theta.values.set(projected.rest.values.subarray(b * rank, b * rank + r), b * r)
  const beta = solveUpper(projected.factor, theta)
  const kept = projected.kept.map((j) => regressors[j]!)
  // Residuals at the observed regressors: in the basis of the factor, y − Xβ is a combination of its columns.
  const left = multiply(pick(whole, [...kept, ...right]), stack(beta))
  const everyEndogenous = endogenous.map((_, d) => design.length + d)
  return {
    n,
    kept,
    dropped: projected.dropped.map((j) => regressors[j]!),
    factor: projected.factor,
    theta,
    beta,
    residual: crossBelow(left, right.map((_, b) => b), 0),
    whole,
    coordinates: z.coordinates,
    firstStage: { places: z.kept, pi: solveUpper(z.factor, pick(z.coordinates, everyEndogenous, rank)) },
  }
}

/** [−β; I]: takes the columns [X y] to the residuals, with the sign turned. */
function stack(beta: Matrix): Matrix {
  const r = beta.rows
  const count = beta.columns
  const out = matrix(r + count, count)
  for (let b = 0; b < count; b++) {
    for (let j = 0; j < r; j++) out.values[b * (r + count) + j] = -beta.values[b * r + j]!
    out.values[b * (r + count) + r + b] = 1
  }
  return out
}

/** Cross-products of columns, rows `from` and below. */
function crossBelow(a: Matrix, columns: readonly number[], from: number): Matrix {
  const out = matrix(columns.length, columns.length)
  columns.forEach((p, i) =>
    columns.forEach((q, j) => {
      let s = 0
      for (let row = from; row < a.rows; row++) s += a.values[p * a.rows + row]! * a.values[q * a.rows + row]!
      out.values[j * columns.length + i] = s
    }),
  )
  return out
}

/** Refuses a regressor that only repeats the constant. In strata a column may be constant in one of them; the caller looks. */
function requireVariation(problem: Problem, coordinates: Matrix, dropped: readonly number[]): void {
  if (problem.design[0] !== null || problem.strata !== undefined) return
  const m = coordinates.rows
  const lookedAt = [...dropped, ...problem.responses.map((_, r) => problem.design.length + problem.endogenous.length + r)]
  for (const j of lookedAt) {
    let left = 0
    for (let i = 1; i < m; i++) left = Math.hypot(left, coordinates.values[j * m + i]!)
    const name = problem.design[j] ?? problem.responses[j - problem.design.length - problem.endogenous.length]
    if (left <= 1e-13 * Math.abs(coordinates.values[j * m]!) && name !== undefined && name !== null) throw fault.constant_column({ column: name })
  }
}

/** Weighted means of all columns over all strata, from factors whose first column is the constant: Σ w x = R_00 R_0j. */
export function meansOf(wholes: readonly Matrix[], columns: number): Float64Array {
  const out = new Float64Array(columns)
  let weight = 0
  for (const { values, rows } of wholes) {
    weight += values[0]! ** 2
    for (let j = 0; j < columns; j++) out[j]! += values[0]! * values[j * rows]!
  }
  return out.map((s) => s / weight)
}

/** Length of each column after the mean is taken off; infinite where nothing but rounding is left, so that the column is dropped. */
export function centredLengths(whole: Matrix, columns: number, means: ArrayLike<number>): Float64Array {
  const out = new Float64Array(columns)
  const m = whole.rows
  for (let j = 0; j < columns; j++) {
    const own = whole.values.slice(j * m, (j + 1) * m)
    const length = columnLength(own, 0, m)
    if (j > 0) own[0]! -= means[j]! * whole.values[0]!
    const centred = columnLength(own, 0, m)
    out[j] = centred <= 1e-12 * length ? Infinity : centred
  }
  return out
}
