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

/** Replaces each row x (the columns named by `places`) by q = R⁻ᵀ x, its coordinates in the orthonormal basis Q = X R⁻¹. */
export function toOrthonormal(block: Float64Array, stride: number, rows: number, places: readonly number[], factor: Matrix): void {
  const k = places.length
  const minus = new Float64Array(k)
  for (let j = 0; j < k; j++) {
    for (let l = 0; l < j; l++) minus[l] = -factor.values[j * k + l]!
    addCombination(block, stride, rows, places[j]!, places.slice(0, j), minus)
    const t = places[j]! * stride
    const scale = 1 / factor.values[j * k + j]!
    for (let i = 0; i < rows; i++) block[t + i]! *= scale
  }
}

/** out_i += Σ_j columns[place_j]_i² */
export function addSquares(block: Float64Array, stride: number, rows: number, places: readonly number[], out: Float64Array): void {
  for (const place of places) {
    const t = place * stride
    for (let i = 0; i < rows; i++) out[i]! += block[t + i]! * block[t + i]!
  }
}

/**
 * out_jl += Σ_i w_i q_ij q_il for l ≤ j; out holds the k(k+1)/2 elements of the lower triangle, row by row.
 * `scratch` has room for one column.
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
  let at = 0
  for (let j = 0; j < k; j++) {
    const t = places[j]! * stride
    for (let i = 0; i < rows; i++) scratch[i] = weights[i]! * block[t + i]!
    let l = 0
    for (; l + 3 <= j; l += 4) {
      const a = places[l]! * stride
      const b = places[l + 1]! * stride
      const c = places[l + 2]! * stride
      const d = places[l + 3]! * stride
      let p = 0
      let q = 0
      let r = 0
      let s = 0
      for (let i = 0; i < rows; i++) {
        const x = scratch[i]!
        p += x * block[a + i]!
        q += x * block[b + i]!
        r += x * block[c + i]!
        s += x * block[d + i]!
      }
      out[at + l]! += p
      out[at + l + 1]! += q
      out[at + l + 2]! += r
      out[at + l + 3]! += s
    }
    for (; l <= j; l++) {
      const a = places[l]! * stride
      let p = 0
      for (let i = 0; i < rows; i++) p += scratch[i]! * block[a + i]!
      out[at + l]! += p
    }
    at += j + 1
  }
}

/**
 * out_jl += Σ_i x_ij x_il for l ≤ j over the first m columns; out as in `addWeightedProducts`. Two columns by four at a time: six loads serve eight multiply-adds.
 */
export function addProducts(block: Float64Array, stride: number, rows: number, m: number, out: Float64Array): void {
  const place = (j: number, l: number): number => (j * (j + 1)) / 2 + l
  for (let j = 0; j < m; j += 2) {
    const t = j * stride
    const u = j + 1 < m ? t + stride : t
    let l = 0
    for (; l + 3 <= j; l += 4) {
      const a = l * stride
      const b = a + stride
      const c = b + stride
      const d = c + stride
      let ta = 0
      let tb = 0
      let tc = 0
      let td = 0
      let ua = 0
      let ub = 0
      let uc = 0
      let ud = 0
      for (let i = 0; i < rows; i++) {
        const x = block[t + i]!
        const y = block[u + i]!
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
      let at = place(j, l)
      out[at]! += ta
      out[at + 1]! += tb
      out[at + 2]! += tc
      out[at + 3]! += td
      if (u === t) continue
      at = place(j + 1, l)
      out[at]! += ua
      out[at + 1]! += ub
      out[at + 2]! += uc
      out[at + 3]! += ud
    }
    for (let row = j; row < Math.min(m, j + 2); row++) {
      const own = row * stride
      for (let rest = l; rest <= row; rest++) {
        const a = rest * stride
        let sum = 0
        for (let i = 0; i < rows; i++) sum += block[own + i]! * block[a + i]!
        out[place(row, rest)]! += sum
      }
    }
  }
}

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
