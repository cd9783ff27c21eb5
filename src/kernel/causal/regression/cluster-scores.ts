import { addWeightedProducts, identity, inverseRootOfComplement, matrix, multiply, symmetric, symmetricEigen, symmetricFunction, transpose, type Matrix } from '#kernel/numeric'
import { blockRows } from './feed.ts'

export type ClusterSeType = 'CR0' | 'stata' | 'CR2'

/** An eigenvalue of I − H_gg below this is a direction that the cluster alone decides; its residual is zero, so it is left out. */
const nothing = 1e-10

/**
 * What a clustered error needs of each cluster g, in the orthonormal coordinates q of the regression (Σ w q q' = I over all rows): the score
 * s_g = Σ w q e, and for CR2 the Gram matrix T_g = Σ w q q'. Nothing of the size of a cluster is formed.
 *
 *   CR0, stata   meat = Σ_g s_g s_g'
 *   CR2          meat = Σ_g S_g s_g s_g' S_g,   S_g = (I − T_g)^(−1/2)
 *
 * The second holds because A_g = (I − Q_g Q_g')^(−1/2) gives A_g Q_g = Q_g (I − Q_g'Q_g)^(−1/2). Degrees of freedom (Satterthwaite, for an
 * independent error with one variance, as in Bell and McCaffrey): for a coefficient ℓ'θ,
 *
 *   u_g = T_g S_g ℓ    a_g = ℓ'S_g u_g    Ω = diag(a) − U U'    df = (tr Ω)² / ‖Ω‖²,   ‖Ω‖² = Σ a² − 2 Σ a_g u_g'u_g + ‖U'U‖²
 *
 * With weights the working model is still one variance for all rows (as in clubSandwich and estimatr), and I − H_gg is not symmetric:
 * B_g = I − Q_gQ_g'W_g − W_gQ_gQ_g' + Q_g P Q_g', P = Σ w² q q'. It is I + U Z U' with U = [Q_g, W_g Q_g], so its root, too, follows from
 * Gram matrices of U, twice as wide. Cost: O(G k³) time, G k² memory for CR2 and G k for the others.
 *
 * Strata of the regression (arms) share no coordinates, so T_g is block-diagonal and is kept by blocks.
 * Source: Bell, McCaffrey (2002), Survey Methodology 28(2); Pustejovsky, Tipton (2018), J. Bus. Econ. Stat. 36(4).
 * Pinned by the CR0, stata and CR2 rows of shared/data/reference, and by the n×n definition in cluster-scores.test.ts.
 */
export class ClusterScores {
  readonly clusters: number
  private readonly widths: readonly number[]
  private readonly offsets: readonly number[]
  private readonly total: number
  private readonly weighted: boolean
  /** Per response: Σ w q e by cluster. */
  private readonly scores: readonly Float64Array[]
  /** Per response: Σ q e by cluster; only for CR2 with weights. */
  private readonly plain: readonly Float64Array[]
  /** Per stratum, lower triangles by cluster: Σ w q q', and for CR2 with weights Σ q q' and Σ w² q q'. */
  private readonly grams: readonly (readonly Float64Array[])[]
  private readonly cr2: boolean

  constructor(seType: ClusterSeType, clusters: number, widths: readonly number[], responses: number, weighted: boolean) {
    this.cr2 = seType === 'CR2'
    this.weighted = weighted && this.cr2
    this.clusters = clusters
    this.widths = widths
    this.offsets = widths.map((_, s) => widths.slice(0, s).reduce((a, b) => a + b, 0))
    this.total = widths.reduce((a, b) => a + b, 0)
    const scores = () => Array.from({ length: responses }, () => new Float64Array(clusters * this.total))
    this.scores = scores()
    this.plain = this.weighted ? scores() : []
    this.grams = widths.map((k) => Array.from({ length: this.cr2 ? (this.weighted ? 3 : 1) : 0 }, () => new Float64Array((clusters * k * (k + 1)) / 2)))
  }

  /** Adds a block in which the columns `places` hold √w q (or √w x; see `toOrthonormal`) and the columns from `first` on √w e. */
  add(stratum: number, values: Float64Array, rows: number, places: readonly number[], first: number, codes: Int32Array, roots: Float64Array | null): void {
    const k = places.length
    const offset = this.offsets[stratum]!
    const [gram, gramPlain, gramSquare] = this.grams[stratum]!
    const q = new Float64Array(k)
    for (let i = 0; i < rows; i++) {
      const g = codes[i]!
      for (let j = 0; j < k; j++) q[j] = values[places[j]! * blockRows + i]!
      const w = roots === null ? 1 : roots[i]! * roots[i]!
      for (let b = 0; b < this.scores.length; b++) {
        const e = values[(first + b) * blockRows + i]!
        const at = g * this.total + offset
        const score = this.scores[b]!
        for (let j = 0; j < k; j++) score[at + j]! += q[j]! * e
        if (this.weighted) {
          const plain = this.plain[b]!
          for (let j = 0; j < k; j++) plain[at + j]! += (q[j]! * e) / w
        }
      }
      if (gram === undefined) continue
      let at = (g * k * (k + 1)) / 2
      for (let j = 0; j < k; j++) {
        const x = q[j]!
        for (let l = 0; l <= j; l++) gram[at + l]! += x * q[l]!
        if (this.weighted) {
          for (let l = 0; l <= j; l++) {
            gramPlain![at + l]! += (x * q[l]!) / w
            gramSquare![at + l]! += x * q[l]! * w
          }
        }
        at += j + 1
      }
    }
  }

  /** Turns sums of x e into sums of q e = R⁻ᵀ x e, where rows were added as x. */
  toOrthonormal(factors: readonly Matrix[]): void {
    for (const [s, factor] of factors.entries()) {
      const k = factor.columns
      for (const score of this.scores) {
        for (let g = 0; g < this.clusters; g++) {
          const at = g * this.total + this.offsets[s]!
          for (let j = 0; j < k; j++) {
            let x = score[at + j]!
            for (let i = 0; i < j; i++) x -= factor.values[j * k + i]! * score[at + i]!
            score[at + j] = x / factor.values[j * k + j]!
          }
        }
      }
    }
  }

  /**
   * Σ_g of products of (adjusted) scores for each pair (a, b) of responses, element (i, j) for coordinate i of a and j of b; and for CR2 the
   * degrees of freedom of the coefficients ℓ'θ, ℓ the rows of `map`.
   */
  finish(pairs: readonly (readonly [number, number])[], map: Matrix): { readonly meat: readonly Matrix[]; readonly df: readonly number[] | null } {
    const k = this.total
    const meat = pairs.map(() => matrix(k, k))
    const p = this.weighted ? this.squares() : null
    const across = transpose(map)
    // The ℓ of all coefficients side by side, cut by strata.
    const wanted = this.widths.map((width, s) => rowsOf(across, this.offsets[s]!, width))
    const spreads = Array.from({ length: this.cr2 ? map.rows : 0 }, () => new SpreadMoments(k, p))
    const adjusted = this.scores.map(() => new Float64Array(k))
    const squares = this.widths.map((_, s) => (this.weighted ? this.squaresOf(s) : null))
    for (let g = 0; g < this.clusters; g++) {
      const parts = this.cr2 ? this.widths.map((_, s) => this.part(g, s, squares[s]!)) : null
      for (const [b, out] of adjusted.entries()) {
        out.set(this.scores[b]!.subarray(g * k, (g + 1) * k))
        parts?.forEach((part, s) => out.set(part.adjust(b), this.offsets[s]!))
      }
      for (const [at, [a, b]] of pairs.entries()) {
        const out = meat[at]!.values
        const left = adjusted[a]!
        for (let j = 0; j < k; j++) {
          const y = adjusted[b]![j]!
          if (y !== 0) for (let i = 0; i < k; i++) out[j * k + i]! += left[i]! * y
        }
      }
      if (parts === null) continue
      const moments = parts.map((part, s) => part.moments(wanted[s]!))
      for (const [c, spread] of spreads.entries()) {
        let own = 0
        for (const [s, { a, v, d }] of moments.entries()) {
          const width = this.widths[s]!
          own += a[c]!
          spread.v.set(v.values.subarray(c * width, (c + 1) * width), this.offsets[s]!)
          if (p !== null) spread.d.set(d.values.subarray(c * width, (c + 1) * width), this.offsets[s]!)
        }
        spread.add(own)
      }
    }
    return { meat, df: this.cr2 ? spreads.map((spread) => spread.degreesOfFreedom()) : null }
  }

  /** P = Σ w² q q' over all rows. */
  private squares(): Matrix {
    const out = matrix(this.total, this.total)
    for (const [s, k] of this.widths.entries()) {
      const p = this.squaresOf(s)
      const from = this.offsets[s]!
      for (let j = 0; j < k; j++) out.values.set(p.values.subarray(j * k, (j + 1) * k), (from + j) * this.total + from)
    }
    return out
  }

  private squaresOf(stratum: number): Matrix {
    const k = this.widths[stratum]!
    const size = (k * (k + 1)) / 2
    const gram = this.grams[stratum]![2]!
    const sums = new Float64Array(size)
    for (let g = 0; g < this.clusters; g++) for (let at = 0; at < size; at++) sums[at]! += gram[g * size + at]!
    return symmetric(sums, k)
  }

  private part(cluster: number, stratum: number, squares: Matrix | null): Part {
    const k = this.widths[stratum]!
    const size = (k * (k + 1)) / 2
    const [t, plain, square] = this.grams[stratum]!.map((gram) => symmetric(gram.subarray(cluster * size, (cluster + 1) * size), k))
    const from = cluster * this.total + this.offsets[stratum]!
    const of = (scores: readonly Float64Array[]) => scores.map((score) => score.subarray(from, from + k))
    return squares === null ? unweightedPart(t!, of(this.scores)) : weightedPart(t!, plain!, square!, squares, of(this.scores), of(this.plain))
  }
}

/**
 * tr Ω and ‖Ω‖² of Ω = diag(a) + Y N Y', cluster by cluster, Y having a row [v d] for each. Without weights v = d = u and N is −1 on one copy of it;
 * with weights N = [[0, −I], [−I, P]]. Rows are kept for a block of clusters at a time, so that Y'Y is summed by columns.
 */
class SpreadMoments {
  readonly v: Float64Array
  readonly d: Float64Array
  private readonly p: Matrix | null
  private readonly places: readonly number[]
  private readonly rows: Float64Array
  private readonly lower: Float64Array
  private held = 0
  private trace = 0
  private squares = 0

  constructor(k: number, p: Matrix | null) {
    const width = p === null ? k : 2 * k
    this.v = new Float64Array(k)
    this.d = new Float64Array(k)
    this.p = p
    this.places = Array.from({ length: width }, (_, j) => j)
    this.rows = new Float64Array(width * blockRows)
    this.lower = new Float64Array((width * (width + 1)) / 2)
  }

  /** Takes the row of one cluster, its v and d having been set. */
  add(a: number): void {
    const { v, d, p, rows } = this
    const k = v.length
    // (Y N Y')_gg
    const own = p === null ? -dot(v, v) : dot(d, times(p, d)) - 2 * dot(v, d)
    this.trace += a + own
    this.squares += a * a + 2 * a * own
    for (let j = 0; j < k; j++) rows[j * blockRows + this.held] = v[j]!
    if (p !== null) for (let j = 0; j < k; j++) rows[(k + j) * blockRows + this.held] = d[j]!
    this.held += 1
    if (this.held === blockRows) this.flush()
  }

  degreesOfFreedom(): number {
    this.flush()
    const { p, places, v } = this
    const k = v.length
    const width = places.length
    let gram = symmetric(this.lower, width)
    if (p !== null) gram = multiply(gram, blocks(matrix(k, k), negative(identity(k)), negative(identity(k)), p))
    // ‖Y N Y'‖² = tr (Y'Y N)².
    let squares = this.squares
    for (let j = 0; j < width; j++) for (let i = 0; i < width; i++) squares += gram.values[j * width + i]! * gram.values[i * width + j]!
    return this.trace ** 2 / squares
  }

  private flush(): void {
    addWeightedProducts(this.rows, blockRows, this.held, this.places, ones, scratch, this.lower)
    this.held = 0
  }
}

const ones = new Float64Array(blockRows).fill(1)
const scratch = new Float64Array(2 * blockRows)

interface Part {
  /** Q_g'W_g A_g e_g for a response. */
  adjust(response: number): Float64Array
  /** For every column ℓ, with c = A_g W_g Q_g ℓ: a = c'c, v = Q_g'W_g c, d = Q_g'c. */
  moments(l: Matrix): { readonly a: Float64Array; readonly v: Matrix; readonly d: Matrix }
}

function unweightedPart(t: Matrix, scores: readonly Float64Array[]): Part {
  const root = inverseRootOfComplement(t, nothing)
  return {
    adjust: (b) => times(root, scores[b]!),
    moments(l) {
      const s = multiply(root, l)
      const u = multiply(t, s)
      return { a: columnProducts(s, u), v: u, d: u }
    },
  }
}

function weightedPart(t: Matrix, plain: Matrix, square: Matrix, p: Matrix, scores: readonly Float64Array[], plainScores: readonly Float64Array[]): Part {
  const k = t.columns
  // U'U for U = [Q, WQ], and B = I + U Z U' with Z = [[P, −I], [−I, 0]].
  const gram = blocks(plain, t, t, square)
  const z = blocks(p, negative(identity(k)), negative(identity(k)), matrix(k, k))
  const { values, vectors } = symmetricEigen(gram)
  const largest = Math.max(...values)
  const used = [...values.keys()].filter((j) => values[j]! > 1e-13 * largest)
  // U = O F with O'O = I: F = Λ^(1/2) E' over the directions that the cluster has.
  const f = matrix(used.length, 2 * k)
  used.forEach((j, row) => {
    for (let i = 0; i < 2 * k; i++) f.values[i * used.length + row] = Math.sqrt(values[j]!) * vectors.values[j * 2 * k + i]!
  })
  // F⁺' takes U'e to O'e.
  const lift = matrix(used.length, 2 * k)
  used.forEach((j, row) => {
    for (let i = 0; i < 2 * k; i++) lift.values[i * used.length + row] = vectors.values[j * 2 * k + i]! / Math.sqrt(values[j]!)
  })
  const inner = multiply(multiply(f, z), transpose(f))
  for (let j = 0; j < used.length; j++) inner.values[j * used.length + j]! += 1
  const root = symmetricFunction(inner, (x) => (x > nothing ? 1 / Math.sqrt(x) : 0))
  // WQ = O F_2 with F_2 the right half of F; everything lies in the span of O, but e does not: what is outside is left as it is and is orthogonal to WQ.
  const f1 = matrix(used.length, k, f.values.slice(0, used.length * k))
  const f2 = matrix(used.length, k, f.values.slice(used.length * k))
  return {
    adjust(b) {
      const ue = new Float64Array(2 * k)
      ue.set(plainScores[b]!, 0)
      ue.set(scores[b]!, k)
      return times(transpose(f2), times(root, times(lift, ue)))
    },
    moments(l) {
      const c = multiply(root, multiply(f2, l))
      return { a: columnProducts(c, c), v: multiply(transpose(f2), c), d: multiply(transpose(f1), c) }
    },
  }
}

function times(a: Matrix, x: ArrayLike<number>): Float64Array {
  const { rows, columns, values } = a
  const out = new Float64Array(rows)
  for (let j = 0; j < columns; j++) {
    const v = x[j]!
    const from = j * rows
    if (v !== 0) for (let i = 0; i < rows; i++) out[i]! += values[from + i]! * v
  }
  return out
}

/** Σ_i a_ij b_ij for every column j. */
function columnProducts(a: Matrix, b: Matrix): Float64Array {
  const out = new Float64Array(a.columns)
  const { rows, values: left } = a
  const { values: right } = b
  for (let j = 0; j < a.columns; j++) {
    let sum = 0
    for (let i = j * rows; i < (j + 1) * rows; i++) sum += left[i]! * right[i]!
    out[j] = sum
  }
  return out
}

/** Rows from .. from + count. */
function rowsOf(a: Matrix, from: number, count: number): Matrix {
  const out = matrix(count, a.columns)
  for (let j = 0; j < a.columns; j++) out.values.set(a.values.subarray(j * a.rows + from, j * a.rows + from + count), j * count)
  return out
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

const negative = (a: Matrix): Matrix => matrix(a.rows, a.columns, a.values.map((x) => -x))

function blocks(a: Matrix, b: Matrix, c: Matrix, d: Matrix): Matrix {
  const k = a.rows
  const out = matrix(2 * k, 2 * k)
  for (let j = 0; j < k; j++) {
    out.values.set(a.values.subarray(j * k, (j + 1) * k), j * 2 * k)
    out.values.set(c.values.subarray(j * k, (j + 1) * k), j * 2 * k + k)
    out.values.set(b.values.subarray(j * k, (j + 1) * k), (j + k) * 2 * k)
    out.values.set(d.values.subarray(j * k, (j + 1) * k), (j + k) * 2 * k + k)
  }
  return out
}
