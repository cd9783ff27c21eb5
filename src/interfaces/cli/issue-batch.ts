/**
 * `./laurel issue --batch`: credentials signed straight into a file. The file is read, signed and written a stretch at a time, so a million rows take no more memory than ten thousand.
 * All of it or nothing: the file is written under another name and gets its own when the last row is in it.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { isFault, type Finding } from '#kernel/fault'
import { newBatch } from '#kernel/proof'
import { readBatchFields, readBatchLine, type BatchIssuer, type BatchRead, type BatchRow } from '#journey/credential'
import { readCsv } from '#platform/csv'
import { fault } from './faults.ts'
import { writing } from './writing.ts'

/**
 * Has the collector look when the heap has grown by a third instead of several times over: what lives here is 50 MB whatever the file, and garbage that is left lying looks like a
 * leak to whoever watches the process. Measured over 400,000 credentials: 390 MB resident from the first 100,000 on, against 330 rising to 570; no slower.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=30')
}

export interface BatchOrder {
  readonly name: string
  readonly open: () => AsyncIterable<Uint8Array>
  readonly out: string
  readonly issuer: BatchIssuer
  readonly progress: (rows: number) => void
}

/** Rows that are held at a time: so few that the memory of those before is free again before the collector looks a second time. */
const stretch = 250
/** Rows of one batch, whose first credential is checked the slow way (2 ms) before the next is signed. */
const perBatch = 5_000
const bufferBytes = 2 ** 20
/** More faults than this are counted, not listed. */
const mostListed = 200

/** @throws Fault `cli.bad_rows` with the row and column of each; `cli.unwritable_file` */
export async function issueBatch(order: BatchOrder): Promise<{ readonly rows: number }> {
  const temporary = `${order.out}.unfinished`
  const file = writing(order.out, () => openSync(temporary, 'w', 0o644))
  try {
    const rows = await write(order, file)
    writing(order.out, () => fsyncSync(file))
    closeSync(file)
    writing(order.out, () => renameSync(temporary, order.out))
    return { rows }
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

async function write(order: BatchOrder, file: number): Promise<number> {
  // One buffer is used again and again: joining lines first would ask the system for fresh memory each time.
  const buffer = Buffer.allocUnsafe(bufferBytes)
  let filled = 0
  const flush = () => {
    writing(order.out, () => {
      for (let at = 0; at < filled; ) at += writeSync(file, buffer, at, filled - at)
    })
    filled = 0
  }
  const take = (json: string) => {
    if (filled + 3 * json.length + 1 > bufferBytes) flush()
    if (3 * json.length + 1 > bufferBytes) {
      writing(order.out, () => writeSync(file, `${json}\n`))
      return
    }
    filled += buffer.write(json, filled)
    buffer[filled++] = 0x0a
  }

  const findings: Finding[] = []
  let wrong = 0
  let done = 0
  let rows: BatchRow[] = []
  let places: number[] = []
  let batch = newBatch()
  let inBatch = 0
  const sign = async () => {
    if (wrong === 0 && rows.length > 0) {
      try {
        if (inBatch >= perBatch) {
          batch = newBatch()
          inBatch = 0
        }
        inBatch += rows.length
        await order.issuer.issue(rows, take, batch)
      } catch (error) {
        throw placed(error, places, order.name)
      }
    }
    done += rows.length
    rows = []
    places = []
    order.progress(done)
  }
  for await (const { at, read } of order.name.toLowerCase().endsWith('.csv') ? rowsOfCsv(order.open()) : rowsOfLines(order.open())) {
    if (read.ok) {
      rows.push(read.row)
      places.push(at)
      if (rows.length === stretch) await sign()
    } else {
      wrong++
      for (const { column, sentence } of read.wrong) if (findings.length < mostListed) findings.push({ code: 'cli.bad_rows', row: at, column, sentence: `Row ${at}${column === '' ? '' : `, ${column}`}: ${sentence}.` })
    }
  }
  await sign()
  if (wrong > 0) throw fault.bad_rows({ count: wrong, file: order.name }, { findings })
  if (done === 0) throw fault.no_rows({ file: order.name })
  flush()
  return done
}

/** A fault about one of the rows that were signed together, with its row in the file. */
function placed(error: unknown, places: readonly number[], file: string): unknown {
  if (!isFault(error)) return error
  const index = error.code === 'credential.not_fit' ? error.data['index'] : error.code === 'proof.not_canonical_rdf' ? Number(error.findings[0]?.pointer?.slice(1)) : undefined
  const row = typeof index === 'number' ? places[index] : undefined
  if (row === undefined) return error
  const said = error.code === 'credential.not_fit' ? error.findings : [{ code: error.code, sentence: error.message }]
  return fault.bad_rows({ count: 1, file }, { cause: error, findings: said.map((one) => ({ ...one, row, sentence: `Row ${row}: ${one.sentence}` })) })
}

interface Placed {
  /** As an editor counts: the first line is 1. */
  readonly at: number
  readonly read: BatchRead
}

/** NDJSON: one JSON object a line; empty lines are passed over. */
async function* rowsOfLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Placed> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  let rest = ''
  let at = 0
  const readLine = (line: string): BatchRead => {
    try {
      return readBatchLine(JSON.parse(line))
    } catch {
      return { ok: false, wrong: [{ column: '', sentence: 'it is not JSON' }] }
    }
  }
  for await (const chunk of bytes) {
    const text = rest + decoded(decoder, chunk)
    let from = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      const line = text.slice(from, text[end - 1] === '\r' ? end - 1 : end)
      from = end + 1
      at++
      if (line !== '') yield { at, read: readLine(line) }
    }
    rest = text.slice(from)
    if (rest.length > longestLine) throw fault.bad_rows({ count: 1, file: 'the file' }, { findings: [{ code: 'cli.bad_rows', row: at + 1, sentence: `Row ${at + 1} is longer than ${longestLine.toLocaleString('en')} characters.` }] })
  }
  rest += decoded(decoder, undefined)
  if (rest.trim() !== '') yield { at: at + 1, read: readLine(rest) }
}

const longestLine = 1_000_000

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
  } catch (error) {
    throw fault.not_utf8_file(undefined, { cause: error })
  }
}

/** CSV with the columns of completions; `learner_did`, `credential_id` and `valid_until` are read where there are such columns. */
async function* rowsOfCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Placed> {
  for await (const { row, fields, wrongWidth, notUtf8 } of readCsv(bytes, ['completed_at'])) {
    if (wrongWidth !== undefined) yield { at: row, read: { ok: false, wrong: [{ column: '', sentence: `it has ${wrongWidth} fields and the first row has ${Object.keys(fields).length}` }] } }
    else if (notUtf8.length > 0) yield { at: row, read: { ok: false, wrong: notUtf8.map((column) => ({ column, sentence: 'some bytes are not UTF-8' })) } }
    else yield { at: row, read: readBatchFields({ id: fields['credential_id'], learnerId: fields['learner_did'], name: fields['name'], email: fields['email'], completedAt: fields['completed_at'], validUntil: fields['valid_until'] }) }
  }
}
