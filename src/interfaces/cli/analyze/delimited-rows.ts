/**
 * Rows of a file of columns (RFC 4180 and its many cousins), read from bytes: quoted fields with line ends and doubled quotes in them, CR, LF or
 * both. A number is read digit by digit and never becomes a string: 15 digits and a power of ten up to 22 are exact in doubles and so is one
 * division by it (Clinger 1990, "How to read floating point numbers accurately", fast path); the rest goes to Number().
 */
import type { Builder, NumberBuilder } from './column-builder.ts'
import type { ClusterWatch } from './cluster-watch.ts'
import { byte, type Header } from './delimited-header.ts'
import { fault } from './faults.ts'
import { isMissing } from './table.ts'

const powersOfTen = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`))
const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const withComma = /^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$/
const infinite = /^([+-]?)inf(?:inity)?$/i

/** A field as a number, NaN for none, undefined for text. */
export function numberOf(text: string, commas: boolean): number | undefined {
  const trimmed = text.trim()
  if (isMissing(trimmed)) return Number.NaN
  if (plain.test(trimmed)) return Number(trimmed)
  if (commas && withComma.test(trimmed)) return Number(trimmed.replace(',', '.'))
  const sign = infinite.exec(trimmed)
  return sign === null ? undefined : sign[1] === '-' ? -Infinity : Infinity
}

/** What a byte counts while columns are skipped: a delimiter one, the end of a line more than any row has columns, a quote more than that. */
const lineEnd = 1 << 20
const notPlain = 1 << 24

export class DelimitedRows {
  rows = 0
  /** Columns of numbers in which something else has been found: the file has to be read again with these as text. */
  readonly turned = new Set<string>()
  private blank = 0
  private readonly file: string
  private readonly delimiter: number
  private readonly commas: boolean
  private readonly targets: readonly (Builder | undefined)[]
  private readonly starts: Int32Array
  private readonly ends: Int32Array
  private readonly watch: ClusterWatch
  private readonly treatment: number
  private places: readonly number[]
  /** The columns that are wanted, in the order of the file, and how many others come before each and after the last. */
  private readonly wanted: readonly Builder[]
  private readonly before: Int32Array
  private readonly behind: number
  private readonly counts = new Int32Array(256)
  /** Rows that fit into every column. */
  private room = 0
  private numbers: readonly (Float64Array | undefined)[] = []
  /** Where the number that was read last ended. */
  private next = 0

  constructor(file: string, header: Header, targets: readonly (Builder | undefined)[], watch: ClusterWatch, treatment: number) {
    this.file = file
    this.delimiter = header.delimiter
    this.commas = header.delimiter === byte.semicolon
    this.targets = targets
    this.starts = new Int32Array(targets.length)
    this.ends = new Int32Array(targets.length)
    this.watch = watch
    this.places = watch.places
    this.treatment = treatment
    this.wanted = targets.filter((target) => target !== undefined)
    const where = this.wanted.map((target) => targets.indexOf(target))
    this.before = Int32Array.from(where, (place, k) => place - (where[k - 1] ?? -1) - 1)
    this.behind = targets.length - 1 - where.at(-1)!
    this.counts[this.delimiter] = 1
    this.counts[byte.newline] = this.counts[byte.return] = lineEnd
    this.counts[byte.quote] = notPlain
  }

  /** The line on which the next row begins, the first line being 1; fields with line ends in them are not counted. */
  get line(): number {
    return this.rows + this.blank + 2
  }

  /** Reads the complete rows of a piece of the file; at its end, the last one too. Returns where the first row begins that is not complete. */
  read(buffer: Buffer, final: boolean): number {
    const { delimiter, targets, starts, ends } = this
    const to = buffer.length
    const columns = targets.length
    const last = buffer.lastIndexOf(byte.newline)
    let i = 0
    while (i < to) {
      const watched = this.places.length > 0
      if (!watched && i <= last) {
        i = this.plainRows(buffer, i, last)
        if (i >= to) break
      }
      const start = i
      const at = this.rows
      if (at >= this.room) this.reserve(at + 1)
      let field = 0
      let empty = false
      for (;;) {
        const from = i
        i = this.field(buffer, i, final, field < columns ? targets[field] : undefined, at)
        if (i < 0) return start
        if (field === 0) empty = i === from
        if (watched && field < columns) {
          starts[field] = from
          ends[field] = i
        }
        field += 1
        const c = i < to ? buffer[i] : 0
        i += 1
        if (c === delimiter) continue
        if (c === byte.return) {
          if (i >= to && !final) return start
          if (buffer[i] === byte.newline) i += 1
        }
        break
      }
      if (field === 1 && empty) {
        this.blank += 1 // an empty line
        continue
      }
      if (field !== columns) throw fault.ragged({ file: this.file, row: this.line, fields: field, columns })
      if (watched) this.show(buffer)
      this.rows += 1
    }
    return to
  }

  /**
   * Reads rows, from one that begins at i on, for as long as columns that nobody asked for have no quotes, and the rows their right number of fields, and
   * end no later than at `last`, where a line ends. Returns where the first row begins that it has not read. The others are `read`'s.
   */
  private plainRows(buffer: Buffer, i: number, last: number): number {
    const { delimiter, wanted, before, behind, counts } = this
    const width = wanted.length
    for (;;) {
      const start = i
      if (i > last) return start
      const at = this.rows
      if (at >= this.room) this.reserve(at + 1)
      const { numbers } = this
      for (let k = 0; k < width; k++) {
        if (k > 0 && buffer[i++] !== delimiter) return start
        const skip = before[k]!
        let count = 0
        // Without a branch on what the byte is: the lengths of fields are not to be foreseen.
        while (count < skip) count += counts[buffer[i++]!]!
        if (count > skip) return start
        // Digits, perhaps with a sign and a point among them, are most of what there is; everything else by `field`.
        const values = numbers[k]
        if (values !== undefined) {
          // One or two digits and the end of the field, without a branch on which: most columns of most files have nothing else.
          const a = buffer[i]! - byte.zero
          if (((a | (9 - a)) >>> 31) === 0) {
            const b = buffer[i + 1]! - byte.zero
            const second = 1 - ((b | (9 - b)) >>> 31)
            const after = buffer[i + 1 + second]!
            if (after === delimiter || after === byte.newline || after === byte.return) {
              values[at] = a + second * (9 * a + b)
              i += 1 + second
              continue
            }
          }
          const from = i
          let d = buffer[i]! - byte.zero
          const negative = d === byte.minus - byte.zero
          if (negative) d = buffer[++i]! - byte.zero
          let digits = i
          let mantissa = 0
          while (d >= 0 && d <= 9) {
            mantissa = mantissa * 10 + d
            d = buffer[++i]! - byte.zero
          }
          digits = i - digits
          let fraction = 0
          if (d === byte.point - byte.zero) {
            const point = i
            d = buffer[++i]! - byte.zero
            while (d >= 0 && d <= 9) {
              mantissa = mantissa * 10 + d
              d = buffer[++i]! - byte.zero
            }
            fraction = i - point - 1
            digits += fraction
          }
          d += byte.zero
          if (digits > 0 && digits <= 15 && (d === delimiter || d === byte.newline || d === byte.return)) {
            const value = fraction === 0 ? mantissa : mantissa / powersOfTen[fraction]!
            values[at] = negative ? -value : value
            continue
          }
          i = from
        }
        i = this.field(buffer, i, false, wanted[k], at)
        if (i < 0) return start
      }
      let count = 0
      while (count < lineEnd) count += counts[buffer[i++]!]!
      if (count !== lineEnd + behind) return start
      if (buffer[i - 1] === byte.return) {
        if (i > last) return start
        if (buffer[i] === byte.newline) i += 1
      }
      this.rows = at + 1
    }
  }

  /** Reads one field into its column; where it ends, or −1 where that is not in the buffer. */
  private field(buffer: Buffer, from: number, final: boolean, target: Builder | undefined, at: number): number {
    const to = buffer.length
    if (buffer[from] === byte.quote) {
      const end = this.quoted(buffer, from, final)
      if (end >= 0 && target !== undefined) this.put(target, at, buffer.toString('utf8', from + 1, this.next).replaceAll('""', '"'))
      return end
    }
    if (target !== undefined && target.kind === 'number') {
      const value = this.number(buffer, from, to, final, target)
      if (this.next >= to && !final) return -1
      target.values[at] = value
      return this.next
    }
    let i = from
    while (i < to) {
      const c = buffer[i]!
      if (c === this.delimiter || c === byte.newline || c === byte.return) break
      i++
    }
    if (i >= to && !final) return -1
    if (target !== undefined) this.put(target, at, buffer.toString('utf8', from, i))
    return i
  }

  private reserve(rows: number): void {
    for (const target of this.wanted) target.reserve(rows)
    this.room = Math.min(...this.wanted.map((target) => target.values.length))
    this.numbers = this.wanted.map((target) => (target.kind === 'number' ? target.values : undefined))
  }

  /** Where the field ends whose opening quote is at i; `next` is the place of its closing quote. −1: it is not complete. */
  private quoted(buffer: Buffer, i: number, final: boolean): number {
    let j = i + 1
    for (;;) {
      j = buffer.indexOf(byte.quote, j)
      if (j < 0) {
        if (!final) return -1
        throw fault.quote_open({ file: this.file, row: this.line })
      }
      if (j + 1 >= buffer.length && !final) return -1
      if (buffer[j + 1] !== byte.quote) break
      j += 2
    }
    this.next = j
    for (j += 1; j < buffer.length; j++) if (buffer[j] === this.delimiter || buffer[j] === byte.newline || buffer[j] === byte.return) break
    return j < buffer.length || final ? j : -1
  }

  private put(target: Builder, at: number, text: string): void {
    if (target.kind === 'text') {
      target.values[at] = target.code(text)
      return
    }
    const value = numberOf(text, this.commas)
    if (value === undefined) this.turned.add(target.name)
    else if (Number.isNaN(value)) target.gaps = true
    else if (this.commas && text.includes(',')) target.commas = true
    target.values[at] = value ?? Number.NaN
  }

  private number(buffer: Buffer, from: number, to: number, final: boolean, target: NumberBuilder): number {
    let j = from
    let c = buffer[j]!
    const negative = c === byte.minus
    if (negative || c === byte.plus) c = buffer[++j]!
    let mantissa = 0
    let digits = 0
    let fraction = 0
    for (; c >= byte.zero && c <= byte.nine; c = buffer[++j]!) {
      mantissa = mantissa * 10 + (c - byte.zero)
      digits += 1
    }
    if (c === byte.point || (c === byte.comma && this.commas)) {
      if (c === byte.comma) target.commas = true
      for (c = buffer[++j]!; c >= byte.zero && c <= byte.nine; c = buffer[++j]!) {
        mantissa = mantissa * 10 + (c - byte.zero)
        fraction += 1
      }
    }
    if (digits + fraction > 0 && mantissa <= Number.MAX_SAFE_INTEGER && fraction <= 22 && (j >= to || c === this.delimiter || c === byte.newline || c === byte.return)) {
      this.next = j
      const value = fraction === 0 ? mantissa : mantissa / powersOfTen[fraction]!
      return negative ? -value : value
    }
    for (j = from; j < to; j++) {
      c = buffer[j]!
      if (c === this.delimiter || c === byte.newline || c === byte.return) break
    }
    this.next = j
    if (j >= to && !final) return Number.NaN // cut off by the end of the piece; it is read again
    target.gaps = true
    if (j === from) return Number.NaN
    const value = numberOf(buffer.toString('latin1', from, j), this.commas)
    if (value === undefined) this.turned.add(target.name)
    return value ?? Number.NaN
  }

  /** The row that was just read, for the columns that are watched. */
  private show(buffer: Buffer): void {
    const text = (place: number): string => buffer.toString('latin1', this.starts[place]!, this.ends[place]!)
    const arm = text(this.treatment)
    if (arm !== '' && this.watch.row(this.places.map(text), arm)) this.places = this.watch.places
  }
}
