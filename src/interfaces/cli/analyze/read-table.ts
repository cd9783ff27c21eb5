/** Reads the columns that are wanted from CSV, TSV and their cousins, or from Parquet. */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { resolve } from 'node:path'
import { ClusterWatch } from './cluster-watch.ts'
import { NumberBuilder, TextBuilder, type Builder } from './column-builder.ts'
import { byte, headerOf, refuseOthers, type Header } from './delimited-header.ts'
import { DelimitedRows } from './delimited-rows.ts'
import { fault } from './faults.ts'
import { nearestName } from './nearest-name.ts'
import type { Column, Table, Wanted } from './table.ts'

export interface Source {
  /** As the result names it. */
  readonly file: string
  /** Its address for programs that open files themselves; none for the standard input. */
  readonly path: string | undefined
  /** Bytes, where that is known beforehand. */
  readonly size?: number
  /** So many bytes before each piece may be overwritten; none where absent. */
  readonly room?: number
  readonly open: () => AsyncIterable<Uint8Array>
}

/** A file on disk. */
export const fileSource = (file: string): Source => ({ file, path: resolve(file), size: statSync(file).size, room: roomForRest, open: () => bytesOf(file) })

/**
 * The bytes of a file, a megabyte at a time, in three buffers that take turns: while one is worked on the next is being filled, and what was given is
 * overwritten by the one after the next. Thousands of buffers of their own would be work for the collector (measured: a tenth of the time of reading).
 * Before each piece there is room for the rest of the one before, so that a row cut in two is joined without copying a megabyte.
 */
async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path)
  try {
    const buffers = Array.from({ length: 3 }, () => Buffer.allocUnsafeSlow(roomForRest + piece))
    const fill = (at: number) => file.read(buffers[at % 3]!, roomForRest, piece)
    let filling = fill(0)
    for (let at = 0; ; at++) {
      const { bytesRead } = await filling
      if (bytesRead === 0) return
      filling = fill(at + 1)
      filling.catch(() => {}) // Heard at the next turn, if there is one.
      yield buffers[at % 3]!.subarray(roomForRest, roomForRest + bytesRead)
    }
  } finally {
    await file.close()
  }
}

const piece = 1 << 20
/** No row of a table is as long; what looks so is a quote that was never closed, and the rest of the file is not to be read into memory for it. */
const longestRow = 1 << 24
const roomForRest = 1 << 16

/** Columns may take this share of the memory; the rest is for the estimators, which work on a few of them at a time. */
const shareForColumns = 0.6
export const memoryLimit = (): number => shareForColumns * Math.min(totalmem(), process.constrainedMemory() || Infinity)

export async function readTable(source: Source, wanted: (header: readonly string[]) => Wanted, limit = memoryLimit()): Promise<Table> {
  const text = new Set<string>()
  for (;;) {
    const attempt = await readOnce(source, wanted, text, limit)
    if (!('columns' in attempt)) for (const name of attempt) text.add(name)
    else return attempt
  }
}

export const parquetMark = 'PAR1'

/** The table, or the columns that turned out to be text. */
async function readOnce(source: Source, wanted: (header: readonly string[]) => Wanted, text: ReadonlySet<string>, limit: number): Promise<Table | ReadonlySet<string>> {
  const hash = createHash('sha256')
  let rest: Buffer = Buffer.alloc(0)
  let reading: Reading | undefined
  for await (const bytes of source.open()) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    hash.update(chunk)
    let whole = joined(rest, chunk, source.room ?? 0)
    if (reading === undefined) {
      if (whole.length >= 4 && whole.toString('latin1', 0, 4) === parquetMark) return await (await import('./read-parquet.ts')).readParquet(source, wanted, limit)
      refuseOthers(whole, source.file)
      const header = headerOf(whole, false, source.file)
      if (header === undefined) {
        rest = whole
        if (rest.length > longestRow) throw fault.row_too_long({ file: source.file, row: 1, megabytes: Math.round(longestRow / 1e6) })
        continue
      }
      reading = begin(source, header, wanted, text, rowsExpected(source, whole, header.after))
      whole = whole.subarray(header.after)
    }
    rest = whole.subarray(reading.rows.read(whole, false))
    if (reading.rows.turned.size > 0) return reading.rows.turned
    if (rest.length > longestRow) throw fault.row_too_long({ file: source.file, row: reading.rows.line, megabytes: Math.round(longestRow / 1e6) })
    refuseTooLarge(source.file, reading.builders, reading.rows.rows, limit)
  }
  if (reading === undefined) {
    if (rest.length === 0) throw fault.empty_file({ file: source.file })
    const header = headerOf(rest, true, source.file)!
    reading = begin(source, header, wanted, text, 0)
    rest = rest.subarray(header.after)
  }
  reading.rows.read(rest, true)
  if (reading.rows.turned.size > 0) return reading.rows.turned
  const { rows } = reading.rows
  if (rows === 0) throw fault.empty_file({ file: source.file })
  return {
    file: source.file,
    sha256: hash.digest('hex'),
    rows,
    header: reading.header,
    columns: new Map<string, Column>(reading.builders.map((builder) => [builder.name, builder.finish(rows)])),
    clusterLike: reading.watch.found(),
  }
}

/** What was left of the last piece and the next one; in the next one's own memory if it has room for the rest. */
function joined(rest: Buffer, chunk: Buffer, room: number): Buffer {
  if (rest.length === 0) return chunk
  if (rest.length > room) return Buffer.concat([rest, chunk])
  const whole = Buffer.from(chunk.buffer, chunk.byteOffset - rest.length, rest.length + chunk.length)
  rest.copy(whole)
  return whole
}

interface Reading {
  readonly header: readonly string[]
  readonly builders: readonly Builder[]
  readonly watch: ClusterWatch
  readonly rows: DelimitedRows
}

/** As many rows as the rest of the file has, if its lines are as long as those of its beginning; a little more, so that columns seldom grow. */
function rowsExpected({ size }: Source, start: Buffer, after: number): number {
  if (size === undefined) return 0
  let lines = 1
  for (let i = start.indexOf(byte.newline, after); i >= 0; i = start.indexOf(byte.newline, i + 1)) lines += 1
  return Math.ceil((1.05 * size * lines) / Math.max(1, start.length - after))
}

function begin(source: Source, header: Header, wanted: (header: readonly string[]) => Wanted, text: ReadonlySet<string>, rows: number): Reading {
  const { columns, treatment } = wanted(header.names)
  const places = placesOf(header.names, columns)
  const targets: (Builder | undefined)[] = header.names.map(() => undefined)
  const numbers = columns.filter((name) => !text.has(name))
  // One piece of memory for all: each piece of this size by itself makes the collector go through everything.
  const memory = new Float64Array(numbers.length * rows)
  for (const [at, name] of numbers.entries()) targets[places.get(name)!] = new NumberBuilder(name, rows, memory.subarray(at * rows, (at + 1) * rows))
  for (const name of text) targets[places.get(name)!] = new TextBuilder(name, rows)
  const watch = new ClusterWatch(header.names.flatMap((column, place) => (places.has(column) || column === '' ? [] : [{ column, place }])))
  const builders = targets.filter((one) => one !== undefined)
  return { header: header.names, builders, watch, rows: new DelimitedRows(source.file, header, targets, watch, places.get(treatment)!) }
}

/** Where the columns stand; one that is absent, or there twice, is refused. */
export function placesOf(header: readonly string[], columns: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    columns.map((name) => {
      const place = header.indexOf(name)
      if (place < 0) throw fault.no_column({ column: name, near: nearestName(name, header), all: listed(header) })
      if (header.indexOf(name, place + 1) >= 0) throw fault.duplicate_column({ column: name })
      return [name, place]
    }),
  )
}

const listed = (names: readonly string[]): string => (names.length <= 40 ? names.join(', ') : `${names.slice(0, 40).join(', ')} and ${names.length - 40} more`)

export function refuseTooLarge(file: string, builders: readonly Builder[], rows: number, limit: number): void {
  const bytes = builders.reduce((total, one) => total + one.bytes(rows), 0)
  if (bytes > limit) throw fault.too_large({ file, rows, needed: Math.round(bytes / 1e6), memory: Math.round(limit / 1e6) })
}
