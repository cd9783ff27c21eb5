import type { Matrix } from './matrix.ts'

/**
 * The three inner loops of a regression's second pass, on a block of rows held column by column: element (i, j) is block[j·stride + i].
 * They are written so that one load serves several multiply-adds; there is nothing else in them.
 */

/** columns[target] += Σ_j coefficient_j columns[source_j] */
export function addCombination(block: Float64Array, stride: number, rows: number, target: number, sources: readonly number[], coefficients: ArrayLike<number>): void {
  const t = target * stride
  let j = 0
  for (; j + 3 < sources.length; j += 4) {
    const a = sources[j]! * stride
    const b = sources[j + 1]! * stride
    const c = sources[j + 2]! * stride
    const d = sources[j + 3]! * stride
    const p = coefficients[j]!
    const q = coefficients[j + 1]!
    const r = coefficients[j + 2]!
    const s = coefficients[j + 3]!
    for (let i = 0; i < rows; i++) {
      block[t + i]! += p * block[a + i]! + q * block[b + i]! + (r * block[c + i]! + s * block[d + i]!)
    }
  }
  for (; j < sources.length; j++) {
    const a = sources[j]! * stride
    const p = coefficients[j]!
    for (let i = 0; i < rows; i++) block[t + i]! += p * block[a + i]!
  }
}

/**
 * Replaces each row x (the columns named by `places`) by q = R⁻ᵀ x, its coordinates in the orthonormal basis Q = X R⁻¹. Two columns at a time take what they
 * have in common: four loads then serve eight multiply-adds (measured: two thirds of the time that one at a time takes).
 */
export function toOrthonormal(block: Float64Array, stride: number, rows: number, places: readonly number[], factor: Matrix): void {
  const k = places.length
  const r = factor.values
  for (let j = 0; j < k; j += 2) {
    const t = places[j]! * stride
    const own = 1 / r[j * k + j]!
    if (j + 1 === k) {
      addCombination(block, stride, rows, places[j]!, places.slice(0, j), r.subarray(j * k, j * k + j).map((x) => -x))
      for (let i = 0; i < rows; i++) block[t + i]! *= own
      return
    }
    const u = places[j + 1]! * stride
    const first = j * k
    const second = first + k
    let l = 0
    for (; l + 3 < j; l += 4) {
      const a = places[l]! * stride
      const b = places[l + 1]! * stride
      const c = places[l + 2]! * stride
      const d = places[l + 3]! * stride
      const ta = -r[first + l]!
      const tb = -r[first + l + 1]!
      const tc = -r[first + l + 2]!
      const td = -r[first + l + 3]!
      const ua = -r[second + l]!
      const ub = -r[second + l + 1]!
      const uc = -r[second + l + 2]!
      const ud = -r[second + l + 3]!
      for (let i = 0; i < rows; i++) {
        const va = block[a + i]!
        const vb = block[b + i]!
        const vc = block[c + i]!
        const vd = block[d + i]!
        block[t + i]! += ta * va + tb * vb + (tc * vc + td * vd)
        block[u + i]! += ua * va + ub * vb + (uc * vc + ud * vd)
      }
    }
    for (; l < j; l++) {
      const a = places[l]! * stride
      const ta = -r[first + l]!
      const ua = -r[second + l]!
      for (let i = 0; i < rows; i++) {
        const v = block[a + i]!
        block[t + i]! += ta * v
        block[u + i]! += ua * v
      }
    }
    const last = -r[second + j]!
    const next = 1 / r[second + j + 1]!
    for (let i = 0; i < rows; i++) {
      const q = block[t + i]! * own
      block[t + i] = q
      block[u + i] = (block[u + i]! + last * q) * next
    }
  }
}

/** out_i += Σ_j columns[place_j]_i² */
export function addSquares(block: Float64Array, stride: number, rows: number, places: readonly number[], out: Float64Array): void {
  for (const place of places) {
    const t = place * stride
    for (let i = 0; i < rows; i++) out[i]! += block[t + i]! * block[t + i]!
  }
}

/** One or two columns x and y, at t and u of `left`, and the places of their rows in `out`; `second` is −1 where there is one only. */
interface Pair {
  readonly left: Float64Array
  readonly t: number
  readonly u: number
  readonly first: number
  readonly second: number
}

/** Products of a pair with four columns of a block, at a, b, c and d: six loads serve eight multiply-adds. */
function addFour(block: Float64Array, rows: number, a: number, b: number, c: number, d: number, { left, t, u, first, second }: Pair, l: number, out: Float64Array): void {
  let ta = 0
  let tb = 0
  let tc = 0
  let td = 0
  let ua = 0
  let ub = 0
  let uc = 0
  let ud = 0
  for (let i = 0; i < rows; i++) {
    const x = left[t + i]!
    const y = left[u + i]!
    const va = block[a + i]!
    const vb = block[b + i]!
    const vc = block[c + i]!
    const vd = block[d + i]!
    ta += x * va
    tb += x * vb
    tc += x * vc
    td += x * vd
    ua += y * va
    ub += y * vb
    uc += y * vc
    ud += y * vd
  }
  out[first + l]! += ta
  out[first + l + 1]! += tb
  out[first + l + 2]! += tc
  out[first + l + 3]! += td
  if (second < 0) return
  out[second + l]! += ua
  out[second + l + 1]! += ub
  out[second + l + 2]! += uc
  out[second + l + 3]! += ud
}

/** Products of one column, at t of `left`, with one of a block, at a. */
function addOne(left: Float64Array, t: number, block: Float64Array, a: number, rows: number, out: Float64Array, at: number): void {
  let sum = 0
  for (let i = 0; i < rows; i++) sum += left[t + i]! * block[a + i]!
  out[at]! += sum
}

/** Products of columns j and j + 1 with all columns up to themselves. */
function addPair(block: Float64Array, stride: number, rows: number, places: readonly number[], j: number, pair: Pair, out: Float64Array): void {
  let l = 0
  for (; l + 3 <= j; l += 4) addFour(block, rows, places[l]! * stride, places[l + 1]! * stride, places[l + 2]! * stride, places[l + 3]! * stride, pair, l, out)
  const { left, t, u, first, second } = pair
  for (let rest = l; rest <= j; rest++) addOne(left, t, block, places[rest]! * stride, rows, out, first + rest)
  if (second >= 0) for (let rest = l; rest <= j + 1; rest++) addOne(left, u, block, places[rest]! * stride, rows, out, second + rest)
}

/**
 * out_jl += Σ_i w_i q_ij q_il for l ≤ j; out holds the k(k+1)/2 elements of the lower triangle, row by row. Two columns by four at a time.
 * `scratch` has room for two columns.
 */
export function addWeightedProducts(
  block: Float64Array,
  stride: number,
  rows: number,
  places: readonly number[],
  weights: Float64Array,
  scratch: Float64Array,
  out: Float64Array,
): void {
  const k = places.length
  for (let j = 0; j < k; j += 2) {
    const t = places[j]! * stride
    const u = j + 1 < k ? places[j + 1]! * stride : t
    for (let i = 0; i < rows; i++) {
      const w = weights[i]!
      scratch[i] = w * block[t + i]!
      scratch[rows + i] = w * block[u + i]!
    }
    addPair(block, stride, rows, places, j, { left: scratch, t: 0, u: rows, first: rowOf(j), second: j + 1 < k ? rowOf(j + 1) : -1 }, out)
  }
}

/** out_jl += Σ_i x_ij x_il for l ≤ j; out as in `addWeightedProducts`. */
export function addProducts(block: Float64Array, stride: number, rows: number, places: readonly number[], out: Float64Array): void {
  const m = places.length
  for (let j = 0; j < m; j += 2) {
    const t = places[j]! * stride
    addPair(block, stride, rows, places, j, { left: block, t, u: j + 1 < m ? places[j + 1]! * stride : t, first: rowOf(j), second: j + 1 < m ? rowOf(j + 1) : -1 }, out)
  }
}

/** Where row j of a lower triangle begins. */
const rowOf = (j: number): number => (j * (j + 1)) / 2

/** The symmetric k×k matrix of a lower triangle stored row by row. */
export function symmetric(lower: ArrayLike<number>, k: number): Matrix {
  const values = new Float64Array(k * k)
  let at = 0
  for (let j = 0; j < k; j++) {
    for (let l = 0; l <= j; l++) {
      values[j * k + l] = lower[at]!
      values[l * k + j] = lower[at++]!
    }
  }
  return { rows: k, columns: k, values }
}
