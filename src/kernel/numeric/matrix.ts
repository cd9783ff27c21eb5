/** A real matrix, column by column: element (i, j) is values[j·rows + i]. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/** A matrix of zeros, or around given values (not copied). */
export function matrix(rows: number, columns: number, values: Float64Array = new Float64Array(rows * columns)): Matrix {
  if (values.length !== rows * columns) throw new TypeError(`${values.length} values do not fill ${rows} x ${columns}.`)
  return { rows, columns, values }
}

export function identity(size: number): Matrix {
  const out = matrix(size, size)
  for (let i = 0; i < size; i++) out.values[i * size + i] = 1
  return out
}

export function transpose(a: Matrix): Matrix {
  const out = matrix(a.columns, a.rows)
  for (let j = 0; j < a.columns; j++) for (let i = 0; i < a.rows; i++) out.values[i * a.columns + j] = a.values[j * a.rows + i]!
  return out
}

/** A B, for small matrices. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.rows) throw new TypeError(`${a.rows} x ${a.columns} does not meet ${b.rows} x ${b.columns}.`)
  const out = matrix(a.rows, b.columns)
  const { rows, columns, values: left } = a
  const { values: right } = b
  const { values } = out
  for (let j = 0; j < b.columns; j++) {
    const to = j * rows
    for (let l = 0; l < columns; l++) {
      const x = right[j * columns + l]!
      const from = l * rows
      if (x !== 0) for (let i = 0; i < rows; i++) values[to + i]! += left[from + i]! * x
    }
  }
  return out
}

/** The columns `which`, in that order, and of each the first `rows` elements. */
export function pick(a: Matrix, which: readonly number[], rows = a.rows): Matrix {
  const out = matrix(rows, which.length)
  which.forEach((from, to) => out.values.set(a.values.subarray(from * a.rows, from * a.rows + rows), to * rows))
  return out
}

/** Solves R x = b for an upper-triangular R and every column of b. */
export function solveUpper(r: Matrix, b: Matrix): Matrix {
  const k = r.columns
  const out = matrix(k, b.columns)
  for (let c = 0; c < b.columns; c++) {
    const x = out.values.subarray(c * k, (c + 1) * k)
    x.set(b.values.subarray(c * b.rows, c * b.rows + k))
    for (let j = k - 1; j >= 0; j--) {
      const v = (x[j]! /= r.values[j * r.rows + j]!)
      for (let i = 0; i < j; i++) x[i]! -= r.values[j * r.rows + i]! * v
    }
  }
  return out
}

/** R⁻¹ for an upper-triangular R. */
export const invertUpper = (r: Matrix): Matrix => solveUpper(r, identity(r.columns))

/**
 * The upper-triangular C with C'C = A for a symmetric positive definite A, or null where A is not (a pivot ≤ tolerance × its diagonal).
 * Cholesky's method, as in Golub, Van Loan (2013), algorithm 4.2.1.
 */
export function cholesky(a: Matrix, tolerance = 0): Matrix | null {
  const k = a.columns
  const c = matrix(k, k)
  for (let j = 0; j < k; j++) {
    for (let i = 0; i <= j; i++) {
      let s = a.values[j * k + i]!
      for (let l = 0; l < i; l++) s -= c.values[i * k + l]! * c.values[j * k + l]!
      if (i < j) c.values[j * k + i] = s / c.values[i * k + i]!
      else if (s > tolerance * a.values[j * k + j]! && s > 0) c.values[j * k + j] = Math.sqrt(s)
      else return null
    }
  }
  return c
}
