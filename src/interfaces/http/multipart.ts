/**
 * A multipart/form-data body (RFC 7578) as it arrives: part after part, the bytes of each handed on in chunks, so that a file may be larger
 * than memory. Parts come in the order in which they were sent, and one must be read before the next is asked for.
 */
import { fault } from './faults.ts'

export interface Part {
  readonly name: string
  /** Undefined for a field, '' for a file field that was left empty. */
  readonly fileName: string | undefined
  readonly mediaType: string | undefined
  readonly bytes: AsyncIterable<Uint8Array>
}

const mostParts = 200
const largestHead = 8_192
const unreadable = (what: string) => fault.unreadable({ what })

/** @throws Fault `http.unreadable`; `http.field_after_file` from the bytes of a file that is not the last part */
export async function* multipartParts(body: AsyncIterable<Uint8Array>, contentType: string): AsyncGenerator<Part> {
  const boundary = boundaryOf(contentType)
  // RFC 2046, 5.1.1: a delimiter is a line end, two hyphens and the boundary; the first one has no line end before it.
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  const source = body[Symbol.asyncIterator]()
  let held: Buffer = Buffer.from('\r\n')
  let ended = false

  const more = async (): Promise<boolean> => {
    const next = ended ? { done: true as const, value: undefined } : await source.next()
    if (next.done === true) {
      ended = true
      return false
    }
    held = held.length === 0 ? Buffer.from(next.value) : Buffer.concat([held, next.value])
    return true
  }
  const want = async (bytes: number): Promise<void> => {
    while (held.length < bytes) if (!(await more())) throw unreadable('the form breaks off')
  }

  /** Everything up to the next delimiter; afterwards `held` begins behind it. */
  async function* untilDelimiter(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const found = held.indexOf(delimiter)
      if (found !== -1) {
        if (found > 0) yield held.subarray(0, found)
        held = held.subarray(found + delimiter.length)
        return
      }
      // The end of what is held may be the beginning of a delimiter.
      const safe = held.length - delimiter.length + 1
      if (safe > 0) {
        yield held.subarray(0, safe)
        held = held.subarray(safe)
      }
      if (!(await more())) throw unreadable('the form breaks off')
    }
  }

  /** True at the closing delimiter ("--"), false when a part follows. */
  const closed = async (): Promise<boolean> => {
    await want(2)
    const two = held.toString('latin1', 0, 2)
    if (two !== '--' && two !== '\r\n') throw unreadable('the form has something behind a boundary')
    held = held.subarray(2)
    return two === '--'
  }

  for await (const before of untilDelimiter()) if (before.length > 2) throw unreadable('the form has something before its first boundary')
  let parts = 0
  while (!(await closed())) {
    if (++parts > mostParts) throw unreadable(`the form has more than ${mostParts} parts`)
    const head = await readHead()
    let read = false
    const isFile = head.fileName !== undefined && head.fileName !== ''
    const bytes = async function* () {
      yield* untilDelimiter()
      read = true
      if (isFile && !(await closed())) throw fault.field_after_file()
    }
    yield { ...head, bytes: bytes() }
    if (!read) throw new TypeError('A part must be read before the next one is asked for')
    if (isFile) return
  }

  async function readHead(): Promise<Omit<Part, 'bytes'>> {
    let end = held.indexOf('\r\n\r\n')
    while (end === -1) {
      if (held.length > largestHead) throw unreadable('the head of a part is too long')
      if (!(await more())) throw unreadable('the form breaks off')
      end = held.indexOf('\r\n\r\n')
    }
    const lines = held.toString('utf8', 0, end).split('\r\n')
    held = held.subarray(end + 4)
    const header = (name: string) => lines.find((line) => line.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1).trim()
    const disposition = header('content-disposition') ?? ''
    const name = parameter(disposition, 'name')
    if (!/^form-data\s*;/i.test(disposition) || name === undefined) throw unreadable('a part of the form has no name')
    return { name, fileName: parameter(disposition, 'filename'), mediaType: header('content-type')?.split(';')[0]?.trim().toLowerCase() }
  }
}

function boundaryOf(contentType: string): string {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType)
  const found = boundary?.[1] ?? boundary?.[2]
  if (found === undefined) throw unreadable('the form names no boundary')
  return found
}

/** Browsers write `"` as %22 and line ends as %0D%0A, and nothing else (HTML Living Standard, multipart/form-data encoding). */
function parameter(disposition: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}="([^"]*)"`, 'i').exec(disposition)?.[1]
  return found?.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n')
}
