import { matrix, type Matrix } from './matrix.ts'

/**
 * The triangular factor R of a tall matrix A = Q R, built from blocks of rows; A itself is never held. R is all that least squares needs:
 * for A = [X y] it contains the factor of X, Q'y and the residual sum of squares. Its condition is that of A, where a matrix of
 * cross-products A'A would have the square of it, and so half of the digits.
 *
 * Each block is folded in by Householder reflections that use the zeros of R: with x = (R_jj, b_1j ... b_nj), α = −sign(R_jj) ‖x‖,
 * v = x − α e_1, every later column loses v (2 v'c / v'v). Cost: m² multiply-adds per row for m columns. Error: backward stable, column by
 * column, whatever the order or the size of the blocks.
 * Source: Golub, Van Loan (2013), Matrix Computations, 4th ed., 5.1.2 and 6.5.3 (appending rows); Demmel, Grigori, Hoemmen, Langou (2012),
 * "Communication-optimal parallel and sequential QR and LU factorizations", SIAM J. Sci. Comput. 34(1).
 */
export class TriangularFactor {
  readonly columns: number
  /** R, m×m column-major, zeros below the diagonal; the signs of its rows are not fixed. */
  readonly values: Float64Array

  constructor(columns: number) {
    this.columns = columns
    this.values = new Float64Array(columns * columns)
  }

  /**
   * Folds in `rows` rows. `block` is column-major with `stride` elements per column and is destroyed.
   */
  fold(block: Float64Array, rows: number, stride: number): void {
    const m = this.columns
    const r = this.values
    for (let j = 0; j < m; j++) {
      const jb = j * stride
      const top = r[j * m + j]!
      let squares = 0
      for (let i = 0; i < rows; i++) squares += block[jb + i]! * block[jb + i]!
      if (squares === 0) continue
      const norm = Math.sqrt(top * top + squares)
      const alpha = top > 0 ? -norm : norm
      const v0 = top - alpha
      const scale = 2 / (v0 * v0 + squares)
      r[j * m + j] = alpha
      let l = j + 1
      // Four columns at a time: one load of v serves four multiply-adds.
      for (; l + 3 < m; l += 4) {
        const b0 = l * stride
        const b1 = b0 + stride
        const b2 = b1 + stride
        const b3 = b2 + stride
        const t0 = l * m + j
        const t1 = t0 + m
        const t2 = t1 + m
        const t3 = t2 + m
        let s0 = v0 * r[t0]!
        let s1 = v0 * r[t1]!
        let s2 = v0 * r[t2]!
        let s3 = v0 * r[t3]!
        for (let i = 0; i < rows; i++) {
          const v = block[jb + i]!
          s0 += v * block[b0 + i]!
          s1 += v * block[b1 + i]!
          s2 += v * block[b2 + i]!
          s3 += v * block[b3 + i]!
        }
        s0 *= scale
        s1 *= scale
        s2 *= scale
        s3 *= scale
        r[t0]! -= s0 * v0
        r[t1]! -= s1 * v0
        r[t2]! -= s2 * v0
        r[t3]! -= s3 * v0
        for (let i = 0; i < rows; i++) {
          const v = block[jb + i]!
          block[b0 + i]! -= s0 * v
          block[b1 + i]! -= s1 * v
          block[b2 + i]! -= s2 * v
          block[b3 + i]! -= s3 * v
        }
      }
      for (; l < m; l++) {
        const b = l * stride
        const t = l * m + j
        let s = v0 * r[t]!
        for (let i = 0; i < rows; i++) s += block[jb + i]! * block[b + i]!
        s *= scale
        r[t]! -= s * v0
        for (let i = 0; i < rows; i++) block[b + i]! -= s * block[jb + i]!
      }
    }
  }

  /** Folds in the factor of another part of the rows. */
  merge(other: TriangularFactor): void {
    this.fold(other.values.slice(), this.columns, this.columns)
  }

  matrix(): Matrix {
    return matrix(this.columns, this.columns, this.values.slice())
  }
}

export interface Pivoted {
  /** Places of the columns that are kept, rising; r of them. */
  readonly kept: readonly number[]
  /** Places of the columns that are linear combinations of kept ones before them. */
  readonly dropped: readonly number[]
  /** r×r upper triangular: the factor of the kept columns. */
  readonly factor: Matrix
  /** Q'A, all columns and all rows, in the basis that the kept columns span: the first r rows belong to it, the others to what it leaves. */
  readonly coordinates: Matrix
  /** The columns of `coordinates` that are right-hand sides. */
  readonly rest: Matrix
}

/**
 * Householder QR of the first `candidates` columns of a small matrix, dropping those that the columns before them explain; the other columns
 * are right-hand sides. A column is dropped when what is left of it is shorter than `tolerance` times what it was: the rule (and the
 * tolerance 1e-7) of `lm` in R, LINPACK's dqrdc2 with limited pivoting, so the same columns are dropped and the first of a set is kept.
 *
 * @param lengths  what each candidate was before something was taken from it (a mean, say); its own length where absent
 */
export function pivotedQr(a: Matrix, candidates: number, lengths?: ArrayLike<number>, tolerance = 1e-7): Pivoted {
  const n = a.rows
  const w = a.values.slice()
  const kept: number[] = []
  const dropped: number[] = []
  for (let j = 0; j < candidates; j++) {
    const r = kept.length
    const jb = j * n
    const left = columnLength(w, jb + r, jb + n)
    if (r >= n || left <= tolerance * (lengths?.[j] ?? columnLength(a.values, jb, jb + n))) {
      dropped.push(j)
      continue
    }
    kept.push(j)
    const top = w[jb + r]!
    const alpha = top > 0 ? -left : left
    const v0 = top - alpha
    w[jb + r] = v0
    let squares = 0
    for (let i = r; i < n; i++) squares += w[jb + i]! * w[jb + i]!
    for (let l = j + 1; l < a.columns; l++) {
      const lb = l * n
      let s = 0
      for (let i = r; i < n; i++) s += w[jb + i]! * w[lb + i]!
      s *= 2 / squares
      for (let i = r; i < n; i++) w[lb + i]! -= s * w[jb + i]!
    }
    w[jb + r] = alpha
    w.fill(0, jb + r + 1, jb + n)
  }
  const rank = kept.length
  const factor = matrix(rank, rank)
  kept.forEach((j, to) => factor.values.set(w.subarray(j * n, j * n + rank), to * rank))
  return { kept, dropped, factor, coordinates: matrix(n, a.columns, w), rest: matrix(n, a.columns - candidates, w.slice(candidates * n)) }
}

/** ‖values[from .. to)‖, scaled so that squares neither overflow nor vanish. */
export function columnLength(values: Float64Array, from: number, to: number): number {
  let largest = 0
  for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(values[i]!))
  if (largest === 0 || largest === Infinity) return largest
  let squares = 0
  for (let i = from; i < to; i++) squares += (values[i]! / largest) ** 2
  return largest * Math.sqrt(squares)
}
