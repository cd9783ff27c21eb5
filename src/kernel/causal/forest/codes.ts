import { numbers, rowCount, column, type Columns } from '../columns.ts'
import { fault } from '../faults.ts'

/** Covariates as ordered codes, made once and used by every forest and every thread; all arrays lie in shared memory. */
export interface CodedColumns {
  readonly n: number
  readonly p: number
  readonly names: readonly string[]
  /** Column after column, n codes each: codes[j n + i] = c when x, column j of row i, has cuts[j][c − 1] < x <= cuts[j][c]; a missing value has the highest code there is. */
  readonly codes: Uint8Array | Uint16Array
  /** Where a split may cut, per column, ascending: one fewer than there are codes of values. */
  readonly cuts: readonly Float64Array[]
  /** Columns with a missing value. */
  readonly missing: Uint8Array
  /** Columns with more distinct values than codes, which can be cut between groups of rows only. */
  readonly binned: readonly string[]
  /** Columns with one value in every row: they take part in the draws and never split. */
  readonly constant: readonly string[]
  /** Whether each distinct value has its own code, in every column. */
  readonly exact: boolean
}

export interface Coding {
  /** Codes of a column at most, 2 to 255; 255 where absent. */
  readonly bins?: number
  /** One code per distinct value, however many: splits are then found by sorting, which is slow. For comparisons. */
  readonly exact?: boolean
}

/** Texts of a column at most that are turned into columns of 0 and 1; more of them are a name rather than a trait. */
const mostLevels = 50

/**
 * Codes the covariates of a table.
 *
 *   few values    one code for each distinct value, where there are at most `bins`: nothing is lost
 *   many values   `bins` codes of nearly equal numbers of rows, cut at quantiles
 *   missing       a code of its own, which each split sends to the side where it gains more
 *   text          a column of 0 and 1 for each level, named column=level
 *
 * @throws Fault 'causal.no_column', 'causal.no_rows', 'causal.too_many_levels' for text with more than 50 levels, 'causal.not_finite' for an infinite value,
 *   'causal.too_many_values' where exact codes do not suffice
 * Pinned by law in forest.test.ts: on columns of few values codes give the bits that sorting gives, and only the order of a column counts.
 * Source: for missing values Twala, Jones, Hand (2008), Pattern Recognition Letters 29 (missing incorporated in attributes).
 */
export function codeColumns(data: Columns, covariates: readonly string[], coding: Coding = {}): CodedColumns {
  const { bins = 255, exact = false } = coding
  if (covariates.length === 0) throw new TypeError('A forest needs a covariate.')
  if (!Number.isSafeInteger(bins) || bins < 2 || bins > 255) throw new TypeError(`${bins} is not a number of codes from 2 to 255.`)
  const n = rowCount(data, covariates)
  if (n === 0) throw fault.no_rows()
  const columns = covariates.flatMap((name) => numericColumns(data, name))
  const p = columns.length
  if (p > 32_767) throw new TypeError(`A forest takes at most 32,767 columns, not ${p}.`)
  const codes = exact ? new Uint16Array(new SharedArrayBuffer(2 * n * p)) : new Uint8Array(new SharedArrayBuffer(n * p))
  const top = exact ? 65_535 : 255
  const missing = new Uint8Array(new SharedArrayBuffer(p))
  const sorted = new Float64Array(n)
  const cuts: Float64Array[] = []
  const binned: string[] = []
  const constant: string[] = []
  for (const [j, { name, values }] of columns.entries()) {
    // NaN is sorted behind all numbers.
    sorted.set(values)
    sorted.sort()
    let present = n
    while (present > 0 && Number.isNaN(sorted[present - 1])) present--
    const known = sorted.subarray(0, present)
    if (present < n) missing[j] = 1
    if (known[0] === -Infinity || known[present - 1] === Infinity) {
      const infinite = values.findIndex((x) => x === Infinity || x === -Infinity)
      throw fault.not_finite({ column: name, row: infinite + 1, value: String(values[infinite]) })
    }
    const distinct = distinctOf(known)
    const most = exact ? 65_535 : bins
    if (exact && distinct.length > most) throw fault.too_many_values({ column: name, values: distinct.length, most })
    if (distinct.length > most) binned.push(name)
    if (distinct.length + missing[j]! < 2) constant.push(name)
    const own = distinct.length <= most ? distinct.slice(0, -1) : quantileCuts(known, most)
    cuts.push(own)
    writeCodes(values, own, codes, j * n, top)
  }
  return Object.freeze({ n, p, names: Object.freeze(columns.map(({ name }) => name)), codes, cuts: Object.freeze(cuts), missing, binned: Object.freeze(binned), constant: Object.freeze(constant), exact })
}

/** Codes other rows by the same cuts, for prediction. A column must be there under its name; for text, the text. */
export function codeAlike(data: Columns, like: CodedColumns): CodedColumns {
  const { names, p, cuts } = like
  const found = names.map((name) => {
    if (Object.hasOwn(data, name)) return numbers(data, name)
    const [, factor, level] = /^([^]*?)=([^]*)$/.exec(name) ?? []
    if (factor === undefined || !Object.hasOwn(data, factor)) throw fault.no_column({ column: name })
    return indicator(data[factor] as ArrayLike<string>, level!)
  })
  const n = found[0]?.length ?? 0
  if (n === 0) throw fault.no_rows()
  const codes = like.exact ? new Uint16Array(n * p) : new Uint8Array(n * p)
  const missing = new Uint8Array(p)
  for (const [j, values] of found.entries()) {
    if (values.length !== n) throw new TypeError(`Column "${names[j]!}" has ${values.length} rows, another has ${n}.`)
    writeCodes(values, cuts[j]!, codes, j * n, like.exact ? 65_535 : 255)
  }
  return Object.freeze({ ...like, n, codes, missing })
}

function numericColumns(data: Columns, name: string): readonly { readonly name: string; readonly values: Float64Array }[] {
  const found = column(data, name)
  if (typeof found[0] !== 'string') return [{ name, values: numbers(data, name) }]
  const texts = found as ArrayLike<string>
  const levels = new Set(Array.from(texts))
  if (levels.size > mostLevels) throw fault.too_many_levels({ column: name, levels: levels.size, most: mostLevels })
  const present = [...levels].filter((text) => text !== '').sort()
  // Of two levels the second says all.
  return present.slice(present.length === 2 ? 1 : 0).map((level) => ({ name: `${name}=${level}`, values: indicator(texts, level) }))
}

/** 1 where the text is the level, missing where there is no text. */
const indicator = (texts: ArrayLike<string>, level: string): Float64Array => Float64Array.from(texts, (text) => (text === '' ? Number.NaN : text === level ? 1 : 0))

function distinctOf(sorted: Float64Array): Float64Array {
  let count = 0
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) count++
  const out = new Float64Array(count)
  count = 0
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) out[count++] = sorted[i]!
  return out
}

/** Cuts between `bins` groups of nearly equal numbers of rows, at values that occur, the highest left out. */
function quantileCuts(sorted: Float64Array, bins: number): Float64Array {
  const last = sorted[sorted.length - 1]!
  const ends = Float64Array.from({ length: bins - 1 }, (_, b) => sorted[Math.ceil(((b + 1) * sorted.length) / bins) - 1]!)
  return ends.filter((x, i) => x < last && (i === 0 || x !== ends[i - 1]))
}

function writeCodes(values: Float64Array, cuts: Float64Array, codes: Uint8Array | Uint16Array, from: number, top: number): void {
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    let low = 0
    let high = cuts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (x <= cuts[middle]!) high = middle
      else low = middle + 1
    }
    codes[from + i] = x !== x ? top : low
  }
}
