/**
 * CSV (RFC 4180) from a stream of bytes, a record at a time, so that a file may be larger than memory.
 *
 * The first row names the columns. A byte order mark is skipped; a file whose first row has semicolons and no comma is read with semicolons
 * (what spreadsheets write where the comma is the decimal sign). Rows count as a spreadsheet shows them: the header is row 1, and a quoted
 * field with line ends in it is still in one row.
 */
import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { fault } from './faults.ts'

export interface CsvRecord {
  readonly row: number
  readonly fields: Readonly<Record<string, string>>
  /** How many fields the row has, when not as many as the header. */
  readonly wrongWidth: number | undefined
  /** Columns whose bytes are not UTF-8. */
  readonly notUtf8: readonly string[]
}

/** Of any system, also mixed: a row that somebody adds by hand ends as their editor ends it. */
const lineEnds = ['\r\n', '\n', '\r']

/** A field longer than this is a missing quote, not a value. */
const longestRecord = 1_000_000

export async function* readCsv(bytes: AsyncIterable<Uint8Array>, required: readonly string[]): AsyncGenerator<CsvRecord> {
  const source = bytes[Symbol.asyncIterator]()
  const first = await firstChunk(source)
  if (first.length === 0) throw fault.empty()
  if ((first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff)) throw fault.not_utf8()
  const header = new TextDecoder().decode(first.subarray(0, first.indexOf(10) === -1 ? first.length : first.indexOf(10)))
  const parser = Readable.from(rejoined(first, source)).pipe(
    parse({ bom: true, delimiter: !header.includes(',') && header.includes(';') ? ';' : ',', relax_column_count: true, record_delimiter: lineEnds, skip_empty_lines: true, max_record_size: longestRecord }),
  )
  let columns: readonly string[] | undefined
  let row = 0
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      row++
      if (!columns) {
        columns = namesOf(record, required)
        continue
      }
      const fields = Object.create(null) as Record<string, string>
      for (let at = 0; at < columns.length; at++) fields[columns[at]!] = (record[at] ?? '').trim()
      yield {
        row,
        fields,
        wrongWidth: record.length === columns.length ? undefined : record.length,
        notUtf8: columns.filter((name) => fields[name]!.includes('\uFFFD')),
      }
    }
  } catch (error) {
    if (error instanceof CsvError) throw fault.broken({ row: (typeof error['records'] === 'number' ? error['records'] : row) + 1, reason: inWords(error) }, { cause: error })
    throw error
  }
  if (!columns) throw fault.empty()
}

async function firstChunk(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  for (let next = await source.next(); next.done !== true; next = await source.next()) if (next.value.length > 0) return next.value
  return new Uint8Array(0)
}

async function* rejoined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

function namesOf(record: readonly string[], required: readonly string[]): readonly string[] {
  const names = record.map((name) => name.trim().toLowerCase())
  const missing = required.filter((name) => !names.includes(name))
  if (missing.length > 0) {
    throw fault.no_columns(
      { missing: missing.join(', '), found: names.join(', ') },
      { findings: missing.map((column) => ({ code: 'csv.no_columns', sentence: `Column “${column}” is missing.`, row: 1, column })) },
    )
  }
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at)
  if (twice !== undefined) throw fault.twice({ column: twice })
  return names
}

function inWords(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quotation mark is opened and never closed.'
    case 'CSV_MAX_RECORD_SIZE':
      return `it is longer than ${longestRecord.toLocaleString('en')} characters; a quotation mark is probably missing.`
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a quotation mark stands inside a field; write it twice and put the field in quotation marks.'
    default:
      return `it is not CSV (${error.code}).`
  }
}
