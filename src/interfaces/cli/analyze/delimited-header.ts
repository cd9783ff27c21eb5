/** The first line of a file of columns: what parts its fields, and what they are called. */
import { fault } from './faults.ts'

export interface Header {
  readonly delimiter: number
  readonly names: readonly string[]
  /** Where the rows begin. */
  readonly after: number
}

export const byte = { tab: 9, newline: 10, return: 13, quote: 34, plus: 43, comma: 44, minus: 45, point: 46, zero: 48, nine: 57, semicolon: 59, bar: 124 } as const
const delimiters = [byte.comma, byte.tab, byte.semicolon, byte.bar]

/** Refuses what is no text of columns, by its first bytes. */
export function refuseOthers(start: Uint8Array, file: string): void {
  const begins = (...bytes: number[]): boolean => bytes.every((b, i) => start[i] === b)
  const refuse = (reason: string): never => {
    throw fault.not_a_table({ file, reason })
  }
  if (begins(0x50, 0x4b, 3, 4)) refuse('is an Excel workbook or another zip file; save the sheet as CSV')
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) refuse('is an old Excel workbook; save the sheet as CSV')
  if (begins(0x1f, 0x8b) || begins(0x28, 0xb5, 0x2f, 0xfd)) refuse('is compressed; unpack it first, as in: zcat file.csv.gz | ./laurel analyze -')
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff)) refuse('is UTF-16; save it as UTF-8')
  if (start.subarray(0, 4_096).includes(0)) refuse('is no text: it holds bytes of zero')
}

/** The header, or undefined while the first line is not complete. */
export function headerOf(start: Buffer, complete: boolean, file: string): Header | undefined {
  let from = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0
  let told: number | undefined
  const excel = /^sep=(.)\r?\n/.exec(start.toString('latin1', from, from + 8))
  if (excel !== null) {
    told = excel[1]!.charCodeAt(0)
    from += excel[0].length
  }
  const counts = delimiters.map(() => 0)
  let quoted = false
  let end = from
  for (; end < start.length; end++) {
    const c = start[end]!
    if (c === byte.quote) quoted = !quoted
    else if (!quoted && (c === byte.newline || c === byte.return)) break
    else if (!quoted && delimiters.includes(c as never)) counts[delimiters.indexOf(c as never)]! += 1
  }
  if (end === start.length && !complete) return undefined
  const delimiter = told ?? delimiters[counts.indexOf(Math.max(...counts))]!
  const names = split(start.toString('utf8', from, end), String.fromCharCode(delimiter))
  if (names.length === 1) {
    if (names[0] === '') throw fault.empty_file({ file })
    throw fault.one_column({ file })
  }
  let after = end
  if (start[after] === byte.return) after += 1
  if (start[after] === byte.newline) after += 1
  return { delimiter, names, after }
}

function split(line: string, delimiter: string): string[] {
  const names: string[] = []
  let name = ''
  let quoted = false
  for (const c of line) {
    if (c === '"') quoted = !quoted
    else if (c === delimiter && !quoted) {
      names.push(name.trim())
      name = ''
    } else name += c
  }
  return [...names, name.trim()]
}
