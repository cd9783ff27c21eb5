import { blockRows, type Block } from './feed.ts'

/**
 * Means of every column within groups, and the within transformation x − x̄_group that absorbs one coefficient per group without a column for it
 * (Frisch, Waugh 1933; Lovell 1963). Sums are taken of deviations from the group's first value, so that a column far from zero keeps its digits.
 * Memory: one row of columns per group.
 */
export class GroupMeans {
  private readonly columns: number
  private capacity = 64
  /** Σ w, then per column Σ w (x − first), and the first value. */
  private weights = new Float64Array(64)
  private sums: Float64Array
  private firsts: Float64Array
  private means: Float64Array | null = null
  /** Σ w x² of each column, groups together. */
  readonly squares: Float64Array
  groups = 0

  constructor(columns: number) {
    this.columns = columns
    this.sums = new Float64Array(64 * columns)
    this.firsts = new Float64Array(64 * columns)
    this.squares = new Float64Array(columns)
  }

  add({ values, rows, roots }: Block, codes: Int32Array): void {
    const m = this.columns
    for (let i = 0; i < rows; i++) {
      const g = codes[i]!
      if (g >= this.capacity) this.grow(g)
      const root = roots === null ? 1 : roots[i]!
      const fresh = this.weights[g] === 0
      if (fresh) this.groups += 1
      this.weights[g]! += root * root
      for (let j = 0; j < m; j++) {
        const v = values[j * blockRows + i]!
        const at = g * m + j
        if (fresh) this.firsts[at] = v / root
        this.sums[at]! += root * v - root * root * this.firsts[at]!
        this.squares[j]! += v * v
      }
    }
  }

  finish(): void {
    this.means = this.sums.map((sum, at) => this.firsts[at]! + sum / this.weights[Math.floor(at / this.columns)]!)
  }

  /** Takes the group's mean off every value of a block. */
  subtract({ values, rows, roots }: Block, codes: Int32Array): void {
    const m = this.columns
    const means = this.means!
    for (let j = 0; j < m; j++) {
      const from = j * blockRows
      for (let i = 0; i < rows; i++) values[from + i]! -= (roots === null ? 1 : roots[i]!) * means[codes[i]! * m + j]!
    }
  }

  /** The part of a row's leverage that is its group's own coefficient: w / Σ w. */
  leverage(code: number, root: number): number {
    return (root * root) / this.weights[code]!
  }

  private grow(code: number): void {
    while (this.capacity <= code) this.capacity *= 2
    const larger = (from: Float64Array, size: number) => {
      const to = new Float64Array(size)
      to.set(from)
      return to
    }
    this.weights = larger(this.weights, this.capacity)
    this.sums = larger(this.sums, this.capacity * this.columns)
    this.firsts = larger(this.firsts, this.capacity * this.columns)
  }
}
