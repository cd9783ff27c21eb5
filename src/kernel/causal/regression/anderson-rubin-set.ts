import { cholesky, type Matrix } from '#kernel/numeric'
import { fault } from '../faults.ts'
import type { ReducedForm } from './reduced-form.ts'

export type Shape = 'interval' | 'complement' | 'whole line' | 'empty' | 'union'

export interface ConfidenceSet {
  readonly shape: Shape
  readonly low: number | null
  readonly high: number | null
  /** [from, to] of each piece, rising; null is no bound. */
  readonly pieces: readonly (readonly [number | null, number | null])[]
  /** Where the statistic is smallest; only from `projectiveSet`. */
  readonly best?: number
}

/**
 * The b with a b² + 2 h b + c ≤ 0. For a > 0 between the roots or nowhere; for a < 0 outside the roots or everywhere; a = 0 leaves a half-line,
 * which is an interval without a bound on one side.
 */
export function quadraticSet(a: number, h: number, c: number): ConfidenceSet {
  const discriminant = h * h - a * c
  if (a > 0 && discriminant < 0) return { shape: 'empty', low: null, high: null, pieces: [] }
  if (a < 0 && discriminant <= 0) return everything
  if (a === 0) {
    if (h === 0) return c <= 0 ? everything : { shape: 'empty', low: null, high: null, pieces: [] }
    const end = -c / (2 * h)
    return h > 0 ? { shape: 'interval', low: null, high: end, pieces: [[null, end]] } : { shape: 'interval', low: end, high: null, pieces: [[end, null]] }
  }
  // First the root whose two parts have the same sign, then the other from the product of the roots: neither loses digits.
  const q = -(h + (h < 0 ? -1 : 1) * Math.sqrt(discriminant))
  const [low, high] = [q / a, q === 0 ? 0 : c / q].sort((s, t) => s - t) as [number, number]
  return a > 0 ? { shape: 'interval', low, high, pieces: [[low, high]] } : { shape: 'complement', low, high, pieces: [[null, low], [high, null]] }
}

const everything: ConfidenceSet = { shape: 'whole line', low: null, high: null, pieces: [[null, null]] }

/**
 * The b with AR(b) ≤ c for several instruments. b = s tan φ turns the line with its point at infinity into a circle of circumference π, on which AR
 * is smooth and periodic: with x = V(φ)⁻¹ π(φ),
 *
 *   π(φ) = cos φ π_y − s sin φ π_d     V(φ) = cos² φ V_yy − s sin φ cos φ (V_yd + V_yd') + s² sin² φ V_dd
 *   AR = π'x / m                       AR' = (2 π̇'x − x'V̇x) / m
 *
 * AR − c is a ratio of polynomials of degree 2m in tan φ, so it has at most 2m zeros. Turning points are found where AR' changes sign on a grid of
 * 256 m points and bisected; between them AR is monotone, so each change of sign of AR − c is bisected to the last digit.
 * s = (tr V_yy / tr V_dd)^½ gives both coefficients the same weight, so that the grid is fine where the set ends.
 */
export function projectiveSet(form: ReducedForm, c: number, outcome: string): ConfidenceSet {
  const s = Math.sqrt(trace(form.vYY) / trace(form.vDD))
  const at = (phi: number) => statistic(form, s, phi, outcome)
  const points = 256 * form.piY.length
  const grid = Array.from({ length: points + 1 }, (_, i) => -Math.PI / 2 + (Math.PI * i) / points)
  const turns: number[] = []
  for (let i = 0; i < points; i++) {
    const [from, to] = [grid[i]!, grid[i + 1]!]
    if (at(from).slope < 0 !== at(to).slope < 0) turns.push(bisect(from, to, (phi) => at(phi).slope))
  }
  const best = turns.length === 0 ? 0 : turns.reduce((a, b) => (at(b).value < at(a).value ? b : a))
  const marks = [-Math.PI / 2, ...turns, Math.PI / 2]
  const ends: number[] = []
  for (let i = 0; i + 1 < marks.length; i++) {
    const [from, to] = [marks[i]!, marks[i + 1]!]
    if (at(from).value <= c !== at(to).value <= c) ends.push(s * Math.tan(bisect(from, to, (phi) => at(phi).value - c)))
  }
  const inside = at(-Math.PI / 2).value <= c
  if (ends.length === 0) return inside ? { ...everything, best: s * Math.tan(best) } : { shape: 'empty', low: null, high: null, pieces: [], best: s * Math.tan(best) }
  const edges = inside ? [null, ...ends, null] : ends
  const pieces = Array.from({ length: edges.length / 2 }, (_, p) => [edges[2 * p]!, edges[2 * p + 1]!] as const)
  const shape: Shape = pieces.length === 1 ? 'interval' : inside && pieces.length === 2 ? 'complement' : 'union'
  const limits = shape === 'complement' ? [ends[0]!, ends[1]!] : [edges[0]!, edges.at(-1)!]
  return { shape, low: limits[0] ?? null, high: limits[1] ?? null, pieces, best: s * Math.tan(best) }
}

/** AR(b). */
export const andersonRubinAt = (form: ReducedForm, b: number, outcome: string): number => statistic(form, 1, Math.atan(b), outcome).value

function statistic(form: ReducedForm, s: number, phi: number, outcome: string): { readonly value: number; readonly slope: number } {
  const { piY, piD, vYY, vYD, vDD } = form
  const m = piY.length
  const [cos, sin] = [Math.cos(phi), Math.sin(phi)]
  const v = new Float64Array(m * m)
  const turn = new Float64Array(m * m)
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < m; i++) {
      const yy = vYY.values[j * m + i]!
      const both = s * (vYD.values[j * m + i]! + vYD.values[i * m + j]!)
      const dd = s * s * vDD.values[j * m + i]!
      v[j * m + i] = cos * cos * yy - sin * cos * both + sin * sin * dd
      turn[j * m + i] = 2 * sin * cos * (dd - yy) - (cos * cos - sin * sin) * both
    }
  }
  const root = cholesky({ rows: m, columns: m, values: v })
  if (root === null) throw fault.perfect_fit({ outcome })
  const pi = Float64Array.from(piY, (y, i) => cos * y - s * sin * piD[i]!)
  const x = solveSymmetric(root, pi)
  let value = 0
  let slope = 0
  for (let j = 0; j < m; j++) {
    value += pi[j]! * x[j]!
    slope += 2 * (-sin * piY[j]! - s * cos * piD[j]!) * x[j]!
    for (let i = 0; i < m; i++) slope -= x[i]! * turn[j * m + i]! * x[j]!
  }
  return { value: value / m, slope: slope / m }
}

/** V⁻¹ b from the Cholesky factor of V. */
function solveSymmetric(root: Matrix, b: Float64Array): Float64Array {
  const m = b.length
  const x = b.slice()
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < j; i++) x[j]! -= root.values[j * m + i]! * x[i]!
    x[j]! /= root.values[j * m + j]!
  }
  for (let j = m - 1; j >= 0; j--) {
    x[j]! /= root.values[j * m + j]!
    for (let i = 0; i < j; i++) x[i]! -= root.values[j * m + i]! * x[j]!
  }
  return x
}

/** The zero of f between two points where it has different signs, to the last digit. */
function bisect(from: number, to: number, f: (x: number) => number): number {
  const negative = f(from) < 0
  for (;;) {
    const middle = (from + to) / 2
    if (middle <= from || middle >= to) return middle
    if (f(middle) < 0 === negative) from = middle
    else to = middle
  }
}

const trace = (a: Matrix): number => a.values.reduce((sum, x, at) => (at % (a.rows + 1) === 0 ? sum + x : sum), 0)
