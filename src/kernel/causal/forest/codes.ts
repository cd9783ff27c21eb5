import { numbers, rowCount, column, type Columns } from '../columns.ts'
import { fault } from '../faults.ts'

/** Covariates as ordered codes, made once and used by every forest and every thread; all arrays lie in shared memory. */
export interface CodedColumns {
  readonly n: number
  readonly p: number
  readonly names: readonly string[]
  /** Column after column, n codes each: codes[j n + i] = c when x, column j of row i, has cuts[j][c − 1] < x <= cuts[j][c]; a missing value has the highest code there is. */
  readonly codes: Uint8Array | Uint16Array
  /** The code of missing values. */
  readonly top: number
  /** Where a split may cut, per column, ascending: one fewer than there are codes of values. */
  readonly cuts: readonly Float64Array[]
  /** Columns of many codes have them in groups, by which splits are found before they are refined (refine.ts). */
  readonly groups: readonly (Groups | undefined)[]
  /** Columns with a missing value. */
  readonly missing: Uint8Array
  /** Columns with more distinct values than codes, which can be cut between some of their values only. */
  readonly binned: readonly string[]
  /** Columns with one value in every row: they take part in the draws and never split. */
  readonly constant: readonly string[]
  /** Whether splits are found by sorting. */
  readonly exact: boolean
}

/** Neighbouring codes of a column taken together. */
export interface Groups {
  /** The group of each code. */
  readonly of: Uint8Array
  /** The first code of each group, and behind the last one the number of codes. */
  readonly starts: Int32Array
}

/** The group of a code, or the code itself where a column has no groups. */
export const groupOf = (of: Uint8Array | undefined, code: number): number => (of === undefined ? code : of[code]!)

/** The number of the last group of a column, or of its last code where it has no groups. */
export const lastGroup = ({ cuts, groups }: Pick<CodedColumns, 'cuts' | 'groups'>, j: number): number => (groups[j] === undefined ? cuts[j]!.length : groups[j].starts.length - 2)

export interface Coding {
  /** Distinct values up to which a column has a cell of the tables for each, 2 to 255; 255 where absent. Of more values it has 64 groups, or as many as this where that is less. */
  readonly bins?: number
  /** Whether values of a group can be told apart, so that splits are refined; true where absent. Else there are as many groups as `bins`. For comparisons. */
  readonly refined?: boolean
  /** Splits between any two values, found by sorting: slow. For comparisons. */
  readonly exact?: boolean
}

/** Codes of a column at most; the highest number is for missing values. */
const mostCodes = 65_535
/** Codes of nearly equal numbers of rows where a column has more values than that, beside the cuts between groups. */
const fineCodes = 32_768
/** Since splits are refined, more groups do not err less: with 255, and more layouts for them, continuous columns took 1.3 times as long at 40,000 rows. */
const fewGroups = 64

/** Texts of a column at most that are turned into columns of 0 and 1; more of them are a name rather than a trait. */
const mostLevels = 50

/**
 * Codes the covariates of a table.
 *
 *   values        a code for each distinct value; of more than 65,535 values some 33,000 codes of nearly equal numbers of rows
 *   many values   of more than 255 the codes stand in 64 groups of nearly equal numbers of rows, cut at quantiles
 *   missing       a code of its own, which each split sends to the side where it gains more
 *   text          a column of 0 and 1 for each level, named column=level
 *
 * @throws Fault 'causal.no_column', 'causal.no_rows', 'causal.too_many_levels' for text with more than 50 levels, 'causal.not_finite' for an infinite value,
 *   'causal.too_many_values' where exact codes do not suffice
 * Pinned by law in forest.test.ts: on columns of few values codes give the bits that sorting gives, and only the order of a column counts.
 * Source: for missing values Twala, Jones, Hand (2008), Pattern Recognition Letters 29 (missing incorporated in attributes).
 */
export function codeColumns(data: Columns, covariates: readonly string[], coding: Coding = {}): CodedColumns {
  const { bins = 255, exact = false, refined = true } = coding
  if (covariates.length === 0) throw new TypeError('A forest needs a covariate.')
  if (!Number.isSafeInteger(bins) || bins < 2 || bins > 255) throw new TypeError(`${bins} is not a number of groups from 2 to 255.`)
  const n = rowCount(data, covariates)
  if (n === 0) throw fault.no_rows()
  const columns = covariates.flatMap((name) => numericColumns(data, name))
  const p = columns.length
  if (p > 32_767) throw new TypeError(`A forest takes at most 32,767 columns, not ${p}.`)
  const missing = new Uint8Array(new SharedArrayBuffer(p))
  const sorted = new Float64Array(n)
  const cuts: Float64Array[] = []
  const groups: (Groups | undefined)[] = []
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
    if (exact && distinct.length > mostCodes) throw fault.too_many_values({ column: name, values: distinct.length, most: mostCodes })
    if (distinct.length > (exact || refined ? mostCodes : bins)) binned.push(name)
    if (distinct.length + missing[j]! < 2) constant.push(name)
    const grouped = !exact && distinct.length > bins
    const between = grouped ? groupCuts(known, distinct, refined ? Math.min(bins, fewGroups) : bins) : undefined
    const own = between === undefined ? distinct.subarray(0, -1) : refined ? codeCuts(known, distinct, between) : between
    cuts.push(shared(own))
    groups.push(between !== undefined && refined ? groupsBy(own, between) : undefined)
  }
  // Two bytes a code only where a column needs them.
  const wide = cuts.some(({ length }) => length > 254)
  const codes = wide ? new Uint16Array(new SharedArrayBuffer(2 * n * p)) : new Uint8Array(new SharedArrayBuffer(n * p))
  const top = wide ? 65_535 : 255
  for (const [j, { values }] of columns.entries()) writeCodes(values, cuts[j]!, codes, j * n, top)
  return Object.freeze({ n, p, names: Object.freeze(columns.map(({ name }) => name)), codes, top, cuts: Object.freeze(cuts), groups: Object.freeze(groups), missing, binned: Object.freeze(binned), constant: Object.freeze(constant), exact })
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
  const codes = like.codes instanceof Uint16Array ? new Uint16Array(n * p) : new Uint8Array(n * p)
  const missing = new Uint8Array(p)
  for (const [j, values] of found.entries()) {
    if (values.length !== n) throw new TypeError(`Column "${names[j]!}" has ${values.length} rows, another has ${n}.`)
    writeCodes(values, cuts[j]!, codes, j * n, like.top)
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

/** Cuts between groups of nearly equal numbers of rows, at values that occur, the highest left out. */
function quantileCuts(sorted: Float64Array, count: number): Float64Array {
  const last = sorted[sorted.length - 1]!
  const ends = Float64Array.from({ length: count - 1 }, (_, b) => sorted[Math.ceil(((b + 1) * sorted.length) / count) - 1]!)
  return ends.filter((x, i) => x < last && (i === 0 || x !== ends[i - 1]))
}

/** At least one: nearly all rows may have the highest value. */
function groupCuts(sorted: Float64Array, distinct: Float64Array, count: number): Float64Array {
  const found = quantileCuts(sorted, count)
  return found.length > 0 ? found : distinct.slice(-2, -1)
}

const codeCuts = (sorted: Float64Array, distinct: Float64Array, between: Float64Array): Float64Array =>
  distinct.length <= mostCodes ? distinct.subarray(0, -1) : distinctOf(Float64Array.from([...between, ...quantileCuts(sorted, fineCodes)]).sort())

/** In memory that threads share. */
function shared(values: Float64Array): Float64Array {
  const out = new Float64Array(new SharedArrayBuffer(8 * values.length))
  out.set(values)
  return out
}

/** The groups between some of a column's cuts. */
function groupsBy(cuts: Float64Array, between: Float64Array): Groups {
  const of = new Uint8Array(new SharedArrayBuffer(cuts.length + 1))
  const starts = new Int32Array(new SharedArrayBuffer(4 * (between.length + 2)))
  let group = 0
  for (let code = 0; code <= cuts.length; code++) {
    of[code] = group
    if (code < cuts.length && cuts[code] === between[group]) starts[++group] = code + 1
  }
  starts[between.length + 1] = cuts.length + 1
  return { of, starts }
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
