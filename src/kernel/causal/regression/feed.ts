import { Codes, numbers, requireFinite, rowCount, type Columns } from '../columns.ts'
import { fault } from '../faults.ts'

/** Rows per block: 24 columns of 128 doubles are 24 KB, so a block stays in the first-level cache while it is worked on. */
export const blockRows = 128

/** A block of rows of one stratum, column by column: element (i, j) is values[j·blockRows + i]. The receiver may overwrite it. */
export interface Block {
  readonly stratum: number
  readonly rows: number
  readonly values: Float64Array
  /** √weight of each row, or null where rows are not weighted; `values` are multiplied by it already. */
  readonly roots: Float64Array | null
  /** Code of each row, one array per label column. */
  readonly codes: readonly Int32Array[]
  /** Place of each row in the data, from 0. */
  readonly places: Float64Array
}

export interface FeedPlan {
  /** Names of the columns to lay out; null is the constant 1. */
  readonly columns: readonly (string | null)[]
  readonly weights?: string | undefined
  /** Places of columns from which their own first value is taken, so that years or identifiers keep their digits; the caller must not mind. */
  readonly shifted?: readonly number[] | undefined
  /** Label columns to code as 0, 1, 2, ... */
  readonly labels?: readonly string[]
  /** Which of `strata` strata each row of a chunk belongs to. One stratum where absent. */
  readonly strata?: { readonly count: number; readonly of: (chunk: Columns, firstRow: number) => Int32Array; readonly column: string } | undefined
}

/**
 * Cuts chunks of any length into blocks of a fixed number of rows, in the order of the rows and apart for each stratum, so that what is computed
 * does not depend on how the data arrived. Values are checked to be finite, weights to be positive.
 */
export class Feed {
  readonly codes: readonly Codes[]
  rowsSeen = 0
  private readonly plan: FeedPlan
  private readonly shifts: Float64Array
  private shiftsKnown = false
  private readonly open: { values: Float64Array; roots: Float64Array | null; codes: Int32Array[]; places: Float64Array; rows: number; doubtful: boolean }[]

  constructor(plan: FeedPlan, codes?: readonly Codes[]) {
    this.plan = plan
    this.shifts = new Float64Array(plan.columns.length)
    const labels = plan.labels ?? []
    this.codes = codes ?? labels.map(() => new Codes())
    this.open = Array.from({ length: plan.strata?.count ?? 1 }, () => ({
      values: new Float64Array(plan.columns.length * blockRows),
      roots: plan.weights === undefined ? null : new Float64Array(blockRows),
      codes: labels.map(() => new Int32Array(blockRows)),
      places: new Float64Array(blockRows),
      rows: 0,
      doubtful: false,
    }))
  }

  add(chunk: Columns, receive: (block: Block) => void): void {
    const { plan } = this
    const labels = plan.labels ?? []
    const named = plan.columns.filter((name) => name !== null)
    const n = rowCount(chunk, [...named, ...labels, ...(plan.weights === undefined ? [] : [plan.weights]), ...(plan.strata ? [plan.strata.column] : [])])
    const columns = plan.columns.map((name) => (name === null ? null : numbers(chunk, name)))
    if (n > 0 && !this.shiftsKnown) {
      for (const j of plan.shifted ?? []) this.shifts[j] = columns[j]![0]!
      this.shiftsKnown = true
    }
    const roots = plan.weights === undefined ? null : this.rootsOf(numbers(chunk, plan.weights), plan.weights)
    const codes = labels.map((name, l) => this.codes[l]!.codesOf(chunk, name, this.rowsSeen))
    const ordered = plan.strata ? byStratum(plan.strata.of(chunk, this.rowsSeen), plan.strata.count) : [null]
    for (const [stratum, rows] of ordered.entries()) {
      const open = this.open[stratum]!
      const total = rows === null ? n : rows.length
      for (let from = 0; from < total; ) {
        const take = Math.min(blockRows - open.rows, total - from)
        for (let j = 0; j < columns.length; j++) if (!copy(columns[j]!, rows, from, take, this.shifts[j]!, open.values, j * blockRows + open.rows)) open.doubtful = true
        for (const [l, column] of codes.entries()) {
          const to = open.codes[l]!
          for (let i = 0; i < take; i++) to[open.rows + i] = column[rows === null ? from + i : rows[from + i]!]!
        }
        for (let i = 0; i < take; i++) open.places[open.rows + i] = this.rowsSeen + (rows === null ? from + i : rows[from + i]!)
        if (roots !== null) for (let i = 0; i < take; i++) open.roots![open.rows + i] = roots[rows === null ? from + i : rows[from + i]!]!
        open.rows += take
        from += take
        if (open.rows === blockRows) this.flush(stratum, receive)
      }
    }
    this.rowsSeen += n
  }

  /** Hands over what is left and starts again at row 0, keeping the codes. */
  end(receive: (block: Block) => void): number {
    for (let stratum = 0; stratum < this.open.length; stratum++) if (this.open[stratum]!.rows > 0) this.flush(stratum, receive)
    const rows = this.rowsSeen
    this.rowsSeen = 0
    return rows
  }

  private flush(stratum: number, receive: (block: Block) => void): void {
    const open = this.open[stratum]!
    const { values, roots, rows } = open
    if (open.doubtful) for (const [j, name] of this.plan.columns.entries()) for (let i = 0; i < rows; i++) requireFinite([values[j * blockRows + i]!], name ?? '', 0, 1, open.places[i]!)
    if (roots !== null) for (let at = 0; at < this.plan.columns.length * blockRows; at += blockRows) for (let i = 0; i < rows; i++) values[at + i]! *= roots[i]!
    open.rows = 0
    receive({ stratum, rows, values, roots, codes: open.codes, places: open.places })
  }

  private rootsOf(weights: Float64Array, name: string): Float64Array {
    requireFinite(weights, name, 0, weights.length, this.rowsSeen)
    const out = new Float64Array(weights.length)
    for (let i = 0; i < weights.length; i++) {
      const w = weights[i]!
      if (!(w > 0)) throw fault.weight_not_positive({ column: name, row: this.rowsSeen + i + 1, value: w })
      out[i] = Math.sqrt(w)
    }
    return out
  }
}

/**
 * Copies `take` values of a column (null: 1), less a shift, from the place `from` of `rows` on, or of the column itself. False where one of them is not finite:
 * x − x is 0 for finite x and NaN for all others.
 */
function copy(values: Float64Array | null, rows: Int32Array | null, from: number, take: number, shift: number, to: Float64Array, at: number): boolean {
  if (values === null) {
    to.fill(1, at, at + take)
    return true
  }
  let finite = true
  // A branch that is never taken is cheaper here than a sum, whose every step waits for the one before it.
  if (rows === null) {
    for (let i = 0; i < take; i++) {
      const x = values[from + i]!
      if (x - x !== 0) finite = false
      to[at + i] = x - shift
    }
    return finite
  }
  for (let i = 0; i < take; i++) {
    const x = values[rows[from + i]!]!
    if (x - x !== 0) finite = false
    to[at + i] = x - shift
  }
  return finite
}

/** The rows of each stratum, rising. */
function byStratum(strata: Int32Array, count: number): Int32Array[] {
  const sizes = new Int32Array(count)
  for (let i = 0; i < strata.length; i++) sizes[strata[i]!]! += 1
  const out = Array.from(sizes, (size) => new Int32Array(size))
  sizes.fill(0)
  for (let i = 0; i < strata.length; i++) {
    const s = strata[i]!
    out[s]![sizes[s]!++] = i
  }
  return out
}
