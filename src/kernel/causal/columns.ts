import { fault } from './faults.ts'

export type Label = string | number

/** A table: columns of equal length by name. Numbers in a Float64Array are used where they lie; labels may be text. */
export type Columns = Readonly<Record<string, ArrayLike<number> | ArrayLike<string>>>

/** An estimate that is made from chunks of rows, in one pass over them or more: the memory does not grow with the rows. */
export interface Passes<T> {
  /** Takes the next rows of the current pass. The chunk is read at once and not kept. */
  add(chunk: Columns): void
  /** Ends a pass. True: the same rows must be given once more. */
  next(): boolean
  result(): T
}

/** Runs all passes over a table that is in memory. */
export function runPasses<T>(passes: Passes<T>, data: Columns): T {
  do passes.add(data)
  while (passes.next())
  return passes.result()
}

/** Number of rows of the columns named; they must agree. */
export function rowCount(data: Columns, names: readonly string[]): number {
  let rows = -1
  for (const name of names) {
    const length = column(data, name).length
    if (rows >= 0 && length !== rows) throw new TypeError(`Column "${name}" has ${length} rows, another has ${rows}.`)
    rows = length
  }
  return Math.max(rows, 0)
}

export function column(data: Columns, name: string): ArrayLike<number> | ArrayLike<string> {
  const found = Object.hasOwn(data, name) ? data[name] : undefined
  if (found === undefined) throw fault.no_column({ column: name })
  return found
}

/** A column as numbers. Its values are not looked at here; see `requireFinite`. */
export function numbers(data: Columns, name: string): Float64Array {
  const found = column(data, name)
  if (found instanceof Float64Array) return found
  const out = new Float64Array(found.length)
  for (let i = 0; i < found.length; i++) {
    const value = found[i]
    if (typeof value === 'string') throw fault.not_numbers({ column: name, row: i + 1, value })
    out[i] = value ?? NaN
  }
  return out
}

/** Refuses the first value that is NaN or infinite, by its place. x − x is 0 for finite x and NaN for all others. */
export function requireFinite(values: ArrayLike<number>, name: string, from = 0, to = values.length, firstRow = 0): void {
  let zero = 0
  for (let i = from; i < to; i++) zero += values[i]! - values[i]!
  if (zero === 0) return
  for (let i = from; i < to; i++) if (!Number.isFinite(values[i])) throw fault.not_finite({ column: name, row: firstRow + i + 1, value: String(values[i]) })
}

/** Numbers labels 0, 1, 2, ... as they appear. */
export class Codes {
  readonly labels: Label[] = []
  private readonly codes = new Map<Label, number>()
  /** Codes of whole numbers below 2¹⁶, the usual labels: 1 more than the code, 0 for one not met yet. As long as it has to be. */
  private small = new Int32Array(0)

  get size(): number {
    return this.labels.length
  }

  code(label: Label): number {
    const known = this.codes.get(label)
    if (known !== undefined) return known
    const code = this.labels.length
    this.codes.set(label, code)
    this.labels.push(label)
    return code
  }

  private widen(label: number): void {
    const wider = new Int32Array(2 * label + 64)
    wider.set(this.small)
    this.small = wider
  }

  /** Codes of a whole column; a missing label (NaN, null) is refused. */
  codesOf(data: Columns, name: string, firstRow = 0): Int32Array {
    const found = column(data, name)
    const out = new Int32Array(found.length)
    let start = 0
    if (found instanceof Float64Array) {
      for (; start < found.length; start++) {
        const label = found[start]!
        if (!(label >= 0 && label < 1 << 16 && label === Math.floor(label))) break
        if (label >= this.small.length) this.widen(label)
        const known = this.small[label]!
        out[start] = known === 0 ? (this.small[label] = this.code(label) + 1) - 1 : known - 1
      }
    }
    let last: Label | undefined
    let lastCode = -1
    for (let i = start; i < found.length; i++) {
      const label = found[i]
      if (label === undefined || label === null || (typeof label === 'number' && !Number.isFinite(label))) {
        throw fault.not_finite({ column: name, row: firstRow + i + 1, value: String(label) })
      }
      if (label !== last) {
        last = label
        lastCode = this.code(label)
      }
      out[i] = lastCode
    }
    return out
  }
}
