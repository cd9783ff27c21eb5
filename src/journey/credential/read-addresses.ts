/**
 * A list of addresses of credentials, as a recruiter keeps it: CSV with a column for them and whatever else, or one address a line. Each row is an
 * address or what is wrong with it. Nothing is fetched here.
 */
import { readCsv } from '#platform/csv'
import { fault } from './faults.ts'

/** What the column may be called; the first of these that the file has is taken. LinkedIn calls it "credential url". */
export const addressColumns = ['address', 'url', 'credential url', 'link'] as const

export type AddressFault = 'empty' | 'no_address' | 'width' | 'not_utf8'

export interface AddressRow {
  /** As a spreadsheet counts: a first row of names is row 1. */
  readonly row: number
  readonly fields: Readonly<Record<string, string>>
  /** What stands in the column, whatever it is. */
  readonly given: string
  /** What is wrong with the row, so that its address is not asked. */
  readonly fault: AddressFault | undefined
  /** How many fields it has, when not as many as the first row. */
  readonly has: number | undefined
}

export interface AddressList {
  /** The column of the addresses. */
  readonly column: string
  readonly columns: readonly string[]
  readonly rows: readonly AddressRow[]
}

/** As the guarded fetcher takes them. */
const longestAddress = 2_048

/** @throws Fault `credential.no_address_column`, `credential.list_too_long` beyond `most` rows, `credential.list_empty` without any; `csv.*` where it is not CSV */
export async function readAddresses(bytes: Uint8Array, most: number): Promise<AddressList> {
  // Addresses alone, one a line, are a list without a row of names.
  const nameless = /^(?:\uFEFF)?\s*"?https?:\/\//iu.test(new TextDecoder().decode(bytes.subarray(0, 64)))
  const text = nameless ? Buffer.concat([Buffer.from(`${addressColumns[0]}\n`), withoutMark(bytes)]) : bytes
  const rows: AddressRow[] = []
  let column: string | undefined
  let columns: readonly string[] = []
  for await (const record of readCsv(once(text), [])) {
    if (column === undefined) {
      columns = Object.keys(record.fields)
      column = addressColumns.find((one) => columns.includes(one))
      if (column === undefined) throw fault.no_address_column({ names: addressColumns.join(', '), found: columns.join(', ').slice(0, 500) })
    }
    if (rows.length === most) throw fault.list_too_long({ most })
    const given = record.fields[column] ?? ''
    rows.push({ row: nameless ? record.row - 1 : record.row, fields: record.fields, given, fault: faultOf(record.wrongWidth, record.notUtf8, given), has: record.wrongWidth })
  }
  if (column === undefined) throw fault.list_empty()
  return Object.freeze({ column, columns, rows: Object.freeze(rows) })
}

function faultOf(wrongWidth: number | undefined, notUtf8: readonly string[], given: string): AddressFault | undefined {
  if (wrongWidth !== undefined) return 'width'
  if (notUtf8.length > 0) return 'not_utf8'
  if (given === '') return 'empty'
  const url = given.length <= longestAddress && !/\s/u.test(given) ? URL.parse(given) : null
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? undefined : 'no_address'
}

/** A byte order mark stands at the beginning of a file only. */
const withoutMark = (bytes: Uint8Array): Uint8Array => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes)

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
