import { cholesky, invertUpper, matrix, multiply, transpose, type Matrix } from '#kernel/numeric'
import { fault } from '../faults.ts'

/** Rows, or clusters of rows, that are independent of each other. */
export interface Units {
  /** Unit of each row, from 0. */
  readonly of: Int32Array
  readonly count: number
  readonly clustered: boolean
}

export interface LeaveOutFit {
  readonly beta: Float64Array
  readonly covariance: Matrix
  /** n − k; units − 1 with clusters. */
  readonly df: number
}

/**
 * Weighted least squares with errors from what each unit moves the coefficients by when it is left out.
 *
 *   β = A⁻¹ Σ w x y,  A = Σ w xx'      δ_g = (A − A_g)⁻¹ Σ_{i in g} w_i x_i e_i      V = Σ_g δ_g δ_g'
 *
 * That is HC3 where units are rows, and CR3 (sandwich's clustered HC3) where they are clusters.
 *
 * @param design  k columns of n values
 * @throws Fault 'causal.columns_aliased', 'causal.leverage_one', 'causal.no_degrees_of_freedom'
 * Source: MacKinnon, White (1985), J. Econometrics 29; Bell, McCaffrey (2002). Pinned by lmRobust's HC3 and by leaving units out, in leave-out.test.ts.
 */
export function leaveOut(names: readonly string[], design: readonly Float64Array[], y: Float64Array, weights: Float64Array | undefined, units: Units): LeaveOutFit {
  const k = design.length
  const n = y.length
  if (n <= k || units.count <= 1) throw fault.no_degrees_of_freedom({ n: units.clustered ? units.count : n, coefficients: k })
  const scale = design.map((x) => Math.sqrt(x.reduce((total, v) => total + v * v, 0) / n) || 1)
  const x = design.map((column, j) => column.map((v) => v / scale[j]!))
  const gram = (rows: Iterable<number>): Matrix => {
    const out = matrix(k, k)
    for (const i of rows) {
      const w = weights?.[i] ?? 1
      for (let b = 0; b < k; b++) for (let a = 0; a <= b; a++) out.values[b * k + a]! += w * x[a]![i]! * x[b]![i]!
    }
    for (let b = 0; b < k; b++) for (let a = 0; a < b; a++) out.values[a * k + b] = out.values[b * k + a]!
    return out
  }
  const whole = gram(y.keys())
  const inverse = inverted(whole)
  if (inverse === null) throw fault.columns_aliased({ columns: names.join(', ') })
  const moment = new Float64Array(k)
  for (let i = 0; i < n; i++) for (let j = 0; j < k; j++) moment[j]! += (weights?.[i] ?? 1) * x[j]![i]! * y[i]!
  const beta = times(inverse, moment)
  const rest = (i: number): number => y[i]! - x.reduce((fit, column, j) => fit + column[i]! * beta[j]!, 0)
  const spread = matrix(k, k)
  const add = (move: Float64Array): void => {
    for (let b = 0; b < k; b++) for (let a = 0; a < k; a++) spread.values[b * k + a]! += move[a]! * move[b]!
  }
  if (units.clustered) {
    const members = Array.from({ length: units.count }, (): number[] => [])
    for (let i = 0; i < n; i++) members[units.of[i]!]!.push(i)
    for (const rows of members) {
      const own = gram(rows)
      const without = inverted(matrix(k, k, whole.values.map((v, at) => v - own.values[at]!)))
      if (without === null) throw fault.leverage_one({ row: rows[0]! + 1, se_type: 'CR3' })
      const score = new Float64Array(k)
      for (const i of rows) for (let j = 0; j < k; j++) score[j]! += (weights?.[i] ?? 1) * x[j]![i]! * rest(i)
      add(times(without, score))
    }
  } else {
    for (let i = 0; i < n; i++) {
      const w = weights?.[i] ?? 1
      const direction = times(inverse, Float64Array.from(x, (column) => column[i]!))
      const leverage = w * x.reduce((total, column, j) => total + column[i]! * direction[j]!, 0)
      if (leverage > 1 - 1e-10) throw fault.leverage_one({ row: i + 1, se_type: 'HC3' })
      const by = (w * rest(i)) / (1 - leverage)
      add(direction.map((v) => v * by))
    }
  }
  return {
    beta: beta.map((v, j) => v / scale[j]!),
    covariance: matrix(k, k, spread.values.map((v, at) => v / (scale[at % k]! * scale[Math.floor(at / k)]!))),
    df: units.clustered ? units.count - 1 : n - k,
  }
}

/** A⁻¹, or null where a column follows from the others to ten digits. */
function inverted(a: Matrix): Matrix | null {
  const root = cholesky(a, 1e-10)
  if (root === null) return null
  const upper = invertUpper(root)
  return multiply(upper, transpose(upper))
}

function times(a: Matrix, x: Float64Array): Float64Array {
  const out = new Float64Array(a.rows)
  for (let j = 0; j < a.columns; j++) for (let i = 0; i < a.rows; i++) out[i]! += a.values[j * a.rows + i]! * x[j]!
  return out
}
