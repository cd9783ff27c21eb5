/**
 * The rows and columns of the models: the two arms as 0 and 1, texts as factors, rows with a missing value left out model by model. Whole columns
 * are used where they lie; a model's rows are handed on in small pieces, so nothing is copied for the sake of a few gaps.
 */
import type { Cells, Columns, Passes, Sums } from '#kernel/causal'
import { fault } from './faults.ts'
import { numberOf } from './delimited-rows.ts'
import type { Order } from './order.ts'
import type { Column, NumberColumn, Table } from './table.ts'

/** Rows handed to an estimator at a time; four blocks of the kernel's folding fit into the processor's nearest cache many times over. */
const atOnce = 16_384
/** More levels than this are hardly a covariate. */
export const mostLevels = 60

export interface Arms {
  readonly control: string
  readonly treated: string
  /** All values of the treatment's column, sorted, with their rows. */
  readonly all: readonly { readonly value: string; readonly rows: number }[]
  /** The name of the effect's row: as R names a factor's level where the arms are not 0 and 1. */
  readonly term: string
}

/** One or more columns of numbers that a named column is in a model. */
type Expanded = readonly { readonly name: string; readonly fill: (into: Float64Array, rows: Int32Array, count: number) => void }[]

export interface Model {
  /** What the model explains. */
  readonly outcome?: string
  readonly numbers?: readonly string[]
  readonly labels?: readonly string[]
  /** Columns given as they are, by name, beside those of the file. */
  readonly made?: Readonly<Record<string, Float64Array>>
}

/** Where estimators have their rows from: a table in memory, or groups of rows that a database has formed. */
export interface Rows {
  readonly order: Order
  readonly arms: Arms
  /** Rows in one of the two arms. */
  readonly rows: number
  /** Where a row that is given stands for several; `same` is for what does not vary inside them. */
  readonly cells?: Cells & { readonly same: string }
  /** The names that covariates have in a model: a text is one column per level but the first. */
  namesOf(covariates: readonly string[]): readonly string[]
  /** The column's mean in the control arm, over the rows in which it was seen, and whether it is 0 or 1 in every row. */
  baseline(name: string): { readonly controlMean: number; readonly share: boolean }
  /** Runs an estimator over the model's rows. */
  run<T>(passes: Passes<T>, model: Model): Promise<T>
  /** Sums of the model's columns and of their products by arm, and over both arms with the treatment among them; where they can be had without the rows. */
  sums?(model: Model): Promise<{ readonly byArm: readonly [Sums, Sums]; readonly all: Sums }>
  /** The model's rows as one table, for estimators that need it whole. */
  whole(model: Model): Readonly<Record<string, Float64Array | string[]>>
  /** A column as it is in the table. */
  column(name: string): Column
}

export class Sample implements Rows {
  readonly table: Table
  readonly order: Order
  readonly arms: Arms
  /** 0 control, 1 treated, NaN for neither. */
  readonly arm: Float64Array
  /** Rows in one of the two arms. */
  readonly rows: number
  private readonly expanded = new Map<string, Expanded>()

  constructor(table: Table, order: Order) {
    this.table = table
    this.order = order
    const { arms, arm, rows } = armsIn(table, order)
    this.arms = arms
    this.arm = arm
    this.rows = rows
  }

  column(name: string): Column {
    return this.table.columns.get(name)!
  }

  has(name: string, row: number): boolean {
    const column = this.column(name)
    return column.kind === 'number' ? !Number.isNaN(column.values[row]!) : column.codes[row]! >= 0
  }

  namesOf(covariates: readonly string[]): readonly string[] {
    return covariates.flatMap((name) => this.columnsFor(name).map((one) => one.name))
  }

  baseline(name: string): { readonly controlMean: number; readonly share: boolean } {
    const { values } = this.column(name) as NumberColumn
    let total = 0
    let rows = 0
    let share = true
    for (const [row, value] of values.entries()) {
      if (Number.isNaN(value) || Number.isNaN(this.arm[row]!)) continue
      if (value !== 0 && value !== 1) share = false
      if (this.arm[row] !== 0) continue
      total += value
      rows += 1
    }
    return { controlMean: total / rows, share }
  }

  private columnsFor(name: string): Expanded {
    const known = this.expanded.get(name)
    if (known !== undefined) return known
    const made = this.expand(this.column(name))
    this.expanded.set(name, made)
    return made
  }

  private expand(column: Column): Expanded {
    if (column.kind === 'number') {
      const { values } = column
      return [{ name: column.name, fill: (into, rows, count) => void fillFrom(into, values, rows, count) }]
    }
    if (column.levels.length > mostLevels) throw fault.many_levels({ column: column.name, levels: column.levels.length })
    const sorted = column.levels.map((level, code) => ({ level, code })).sort((a, b) => (a.level < b.level ? -1 : 1))
    return sorted.slice(1).map(({ level, code }) => ({
      name: `${column.name}${level}`,
      fill: (into, rows, count) => {
        for (let i = 0; i < count; i++) into[i] = column.codes[rows[i]!] === code ? 1 : 0
      },
    }))
  }

  /** Whether a row is in one of the arms and has a value in all these columns. */
  complete(columns: readonly string[]): (row: number) => boolean {
    const { arm } = this
    const numbers: Float64Array[] = []
    const codes: Int32Array[] = []
    for (const name of columns) {
      const column = this.column(name)
      if (column.missing === 0) continue
      if (column.kind === 'number') numbers.push(column.values)
      else codes.push(column.codes)
    }
    return (row) => {
      if (Number.isNaN(arm[row]!)) return false
      for (const values of numbers) if (Number.isNaN(values[row]!)) return false
      for (const values of codes) if (values[row]! < 0) return false
      return true
    }
  }

  /** The model's rows piece by piece. Only for estimators that do not keep what they are given. */
  *pieces(model: Model): Generator<Columns> {
    const { labels = [], made = {} } = model
    const numbers = numbersIn(model)
    const whole = this.complete([...numbers, ...labels])
    const rows = new Int32Array(atOnce)
    const columns = numbers.flatMap((name) => this.columnsFor(name)).map((one) => ({ ...one, into: new Float64Array(atOnce) }))
    const own = Object.entries(made).map(([name, values]) => ({ name, values, into: new Float64Array(atOnce) }))
    const arm = new Float64Array(atOnce)
    for (let row = 0; row < this.table.rows; ) {
      let count = 0
      for (; row < this.table.rows && count < atOnce; row++) if (whole(row)) rows[count++] = row
      if (count === 0) continue
      const chunk: Record<string, Float64Array | readonly string[]> = {}
      for (const one of columns) {
        one.fill(one.into, rows, count)
        chunk[one.name] = one.into.subarray(0, count)
      }
      for (const one of own) {
        fillFrom(one.into, one.values, rows, count)
        chunk[one.name] = one.into.subarray(0, count)
      }
      fillFrom(arm, this.arm, rows, count)
      chunk[this.order.treatment] = arm.subarray(0, count)
      for (const name of labels) chunk[name] = this.labelsAt(name, rows, count)
      yield chunk
    }
  }

  private labelsAt(name: string, rows: Int32Array, count: number): Float64Array | readonly string[] {
    const column = this.column(name)
    if (column.kind === 'number') return fillFrom(new Float64Array(count), column.values, rows, count)
    return Array.from({ length: count }, (_, i) => column.levels[column.codes[rows[i]!]!]!)
  }

  async run<T>(passes: Passes<T>, model: Model): Promise<T> {
    do for (const chunk of this.pieces(model)) passes.add(chunk)
    while (passes.next())
    return passes.result()
  }

  /** The model's rows as one table, for estimators that need it whole. Columns of numbers without a gap are given where they lie. */
  whole(model: Model): Readonly<Record<string, Float64Array | string[]>> {
    const { labels = [], made = {} } = model
    const numbers = numbersIn(model)
    const columns = [...numbers, ...labels].map((name) => this.column(name))
    if (this.rows === this.table.rows && columns.every((one) => one.kind === 'number' && one.missing === 0)) {
      const plain = columns.flatMap((one) => (one.kind === 'number' ? [[one.name, one.values] as const] : []))
      return { ...Object.fromEntries(plain), ...made, [this.order.treatment]: this.arm }
    }
    const complete = this.complete([...numbers, ...labels])
    let rows = 0
    for (let row = 0; row < this.table.rows; row++) if (complete(row)) rows += 1
    const out: Record<string, Float64Array | string[]> = {}
    let at = 0
    for (const chunk of this.pieces(model)) {
      let count = 0
      for (const [name, values] of Object.entries(chunk)) {
        count = values.length
        if (values instanceof Float64Array) {
          const into = (out[name] ??= new Float64Array(rows))
          if (into instanceof Float64Array) into.set(values, at)
        } else {
          const into = (out[name] ??= [])
          if (Array.isArray(into)) for (let i = 0; i < values.length; i++) into.push(String(values[i]))
        }
      }
      at += count
    }
    return out
  }
}

/** The columns of a model that are numbers in it, the outcome first. */
export const numbersIn = ({ outcome, numbers = [] }: Model): readonly string[] => (outcome === undefined ? numbers : [outcome, ...numbers])

function fillFrom(into: Float64Array, values: Float64Array, rows: Int32Array, count: number): Float64Array {
  for (let i = 0; i < count; i++) into[i] = values[rows[i]!]!
  return into
}

function armsIn(table: Table, order: Order): { readonly arms: Arms; readonly arm: Float64Array; readonly rows: number } {
  const column = table.columns.get(order.treatment)!
  const counts = new Map<string | number, number>()
  const valueAt = (row: number): string | number | undefined => {
    if (column.kind === 'text') return column.codes[row]! < 0 ? undefined : column.levels[column.codes[row]!]
    const value = column.values[row]!
    return Number.isNaN(value) ? undefined : value
  }
  for (let row = 0; row < table.rows; row++) {
    const value = valueAt(row)
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const { arms, pair } = armsFrom(counts, order)
  const arm = new Float64Array(table.rows).fill(Number.NaN)
  let rows = 0
  for (let row = 0; row < table.rows; row++) {
    const value = valueAt(row)
    if (value === pair[0]) arm[row] = 0
    else if (value === pair[1]) arm[row] = 1
    else continue
    rows += 1
  }
  return { arms, arm, rows }
}

/** The two arms that are compared, from the rows of each value of the treatment. */
export function armsFrom(counts: ReadonlyMap<string | number, number>, order: Order): { readonly arms: Arms; readonly pair: readonly [string | number, string | number] } {
  const values = [...counts.keys()].sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1))
  const all = values.map((value) => ({ value: String(value), rows: counts.get(value)! }))
  const shown = all.slice(0, 8).map((one) => one.value).join(', ') + (all.length > 8 ? ', …' : '')
  if (values.length === 0) throw fault.no_usable_rows({ outcome: order.treatment })
  if (values.length === 1) throw fault.one_value({ column: order.treatment, value: String(values[0]) })
  let pair: readonly [string | number, string | number]
  if (order.arms === undefined) {
    if (values.length > 2) throw fault.many_values({ column: order.treatment, count: values.length, values: shown, example: `${all[0]!.value},${all[1]!.value}` })
    pair = [values[0]!, values[1]!]
  } else {
    const [control, treated] = order.arms.map((given) => {
      const found = values.find((value) => String(value) === given || (typeof value === 'number' && given !== '' && Number(given) === value))
      if (found === undefined) throw fault.arms_refused({ reason: `names “${given}”, which “${order.treatment}” never is; it has ${shown}` })
      return found
    }) as [string | number, string | number]
    pair = [control, treated]
  }
  const [control, treated] = [String(pair[0]), String(pair[1])]
  return { pair, arms: { control, treated, all, term: control === '0' && treated === '1' ? order.treatment : `${order.treatment}${treated}` } }
}

/** Texts of yes and no as 1 and 0, where numbers are needed; every other text is refused with its first row. */
export function asNumbers(column: Column, role: string): NumberColumn {
  if (column.kind === 'number') {
    const { values } = column
    for (let row = 0; row < values.length; row++) if (values[row] === Infinity || values[row] === -Infinity) throw fault.not_finite({ column: column.name, row: row + 2 })
    return column
  }
  const truth = column.levels.map((level) => (/^(?:true|yes)$/i.test(level) ? 1 : /^(?:false|no)$/i.test(level) ? 0 : numberOf(level, false)))
  const odd = truth.indexOf(undefined)
  if (odd >= 0) {
    const value = column.levels[odd]!
    const hint = /^[-+]?[\d.]+,\d+$/.test(value) ? 'It looks like a decimal comma: write the numbers with points, or part the columns by semicolons.' : /^[-+]?\d{1,3}(?:[., ]\d{3})+(?:[.,]\d+)?$/.test(value) ? 'It looks like a number with separators of thousands: write it without them.' : ''
    throw fault.text_column({ column: column.name, role, row: column.codes.indexOf(odd) + 2, value: value.length > 40 ? `${value.slice(0, 40)}…` : value, hint })
  }
  return { kind: 'number', name: column.name, values: Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : truth[code]!)), missing: column.missing, commas: false }
}
