import { addProducts, cholesky, DoubleSums, invertUpper, matrix, symmetric, TriangularFactor, type Matrix } from '#kernel/numeric'
import { blockRows } from './feed.ts'

/** Rows that are folded by reflections before products are summed: a table of this length is never anything else. */
const foldedRows = 4_096

/**
 * Longest condition number of the columns, each brought to length 1, at which products may stand in for reflections: the factor that Cholesky finds has a relative
 * error of about u κ² (Higham 2002, Accuracy and Stability of Numerical Algorithms, theorem 10.8 and section 20.4), here 10⁻¹¹. Measured as ‖R‖ ‖R⁻¹‖ in the
 * Frobenius norm, which is never too small.
 */
const longestCondition = 300

/**
 * The triangular factor of one stratum's rows. The first rows are folded by Householder reflections; the rest is summed as products X'X, which takes half of the
 * time, and C'C = X'X gives their factor, which is folded in at the end. Where that would lose digits `end` says so, and the same rows have to come
 * once more, all to be folded: that is for columns which nearly explain each other, years and identifiers among them.
 */
export class FirstPass {
  private readonly columns: number
  private readonly places: readonly number[]
  private factor: TriangularFactor
  private readonly products: DoubleSums
  private readonly sums: Float64Array
  private rows = 0
  private summed = 0
  private foldAll: boolean

  constructor(columns: number, foldAll: boolean) {
    this.columns = columns
    this.places = Array.from({ length: columns }, (_, j) => j)
    this.foldAll = foldAll
    this.factor = new TriangularFactor(columns)
    const size = foldAll ? 0 : (columns * (columns + 1)) / 2
    this.products = new DoubleSums(size)
    this.sums = new Float64Array(size)
  }

  /** Takes a block of rows, which is destroyed. */
  add(values: Float64Array, rows: number): void {
    if (this.foldAll || this.rows < foldedRows) this.factor.fold(values, rows, blockRows)
    else {
      this.sums.fill(0)
      addProducts(values, blockRows, rows, this.places, this.sums)
      for (let at = 0; at < this.sums.length; at++) this.products.add(at, this.sums[at]!)
      this.summed += rows
    }
    this.rows += rows
  }

  /** False where the rows have to come again, from the first one on. */
  end(): boolean {
    if (this.summed === 0) return true
    const root = rootOf(symmetric(this.sums.map((_, at) => this.products.value(at)), this.columns))
    this.summed = 0
    if (root === null) {
      this.foldAll = true
      this.factor = new TriangularFactor(this.columns)
      this.rows = 0
      return false
    }
    this.factor.fold(root.values.slice(), this.columns, this.columns)
    return true
  }

  adopt(whole: Matrix): void {
    this.factor.values.set(whole.values)
  }

  matrix(): Matrix {
    return this.factor.matrix()
  }
}

/** The upper-triangular C with C'C = A, or null where its columns are too nearly dependent. */
function rootOf(a: Matrix): Matrix | null {
  const m = a.columns
  const lengths = Float64Array.from({ length: m }, (_, j) => Math.sqrt(a.values[j * m + j]!))
  const scaled = matrix(m, m, a.values.map((value, at) => value / (lengths[at % m]! * lengths[Math.floor(at / m)]!)))
  const root = cholesky(scaled)
  if (root === null || !(norm(root) * norm(invertUpper(root)) <= longestCondition)) return null
  return matrix(m, m, root.values.map((value, at) => value * lengths[Math.floor(at / m)]!))
}

const norm = ({ values }: Matrix): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
