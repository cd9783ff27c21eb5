/**
 * A font out of its WOFF wrapping (W3C WOFF File Format 1.0): the tables are inflated and written behind a plain sfnt directory, once, so that
 * whoever draws with it many times does not unpack it each time.
 */
import { inflateSync } from 'node:zlib'

const signature = 0x774f4646 // 'wOFF', section 3
const headerBytes = 44
const entryBytes = 20

/** The tables of a font by their four-letter tags, and the whole as an sfnt file. */
export interface Sfnt {
  readonly bytes: Uint8Array
  table(tag: string): DataView | undefined
}

/** @throws TypeError where the bytes are not WOFF: the files lie in the source, so that is a mistake of ours */
export function unpackWoff(woff: Uint8Array): Sfnt {
  const source = new DataView(woff.buffer, woff.byteOffset, woff.byteLength)
  if (source.getUint32(0) !== signature) throw new TypeError('not a WOFF file')
  const count = source.getUint16(12)
  const entries = Array.from({ length: count }, (_, i) => {
    const at = headerBytes + i * entryBytes
    const [offset, packed, length] = [source.getUint32(at + 4), source.getUint32(at + 8), source.getUint32(at + 12)] as const
    const stored = woff.subarray(offset, offset + packed)
    const bytes = packed < length ? inflateSync(stored, { maxOutputLength: length }) : stored // "compLength < origLength" marks a compressed table, section 5
    if (bytes.length !== length) throw new TypeError('a table of the WOFF file has another length than it says')
    return { tag: source.getUint32(at), checksum: source.getUint32(at + 16), bytes }
  })
  const directory = 12 + 16 * count
  const size = entries.reduce((sum, { bytes }) => sum + padded(bytes.length), directory)
  const out = new Uint8Array(size)
  const view = new DataView(out.buffer)
  const log = Math.floor(Math.log2(count))
  view.setUint32(0, source.getUint32(4)) // the flavor: TrueType or CFF outlines
  view.setUint16(4, count)
  view.setUint16(6, 16 << log) // searchRange, entrySelector, rangeShift: OpenType, "Table Directory"
  view.setUint16(8, log)
  view.setUint16(10, 16 * count - (16 << log))
  const places = new Map<string, DataView>()
  let at = directory
  entries.forEach(({ tag, checksum, bytes }, i) => {
    const entry = 12 + 16 * i
    view.setUint32(entry, tag)
    view.setUint32(entry + 4, checksum)
    view.setUint32(entry + 8, at)
    view.setUint32(entry + 12, bytes.length)
    out.set(bytes, at)
    places.set(String.fromCharCode(tag >>> 24, (tag >>> 16) & 255, (tag >>> 8) & 255, tag & 255), new DataView(out.buffer, at, bytes.length))
    at += padded(bytes.length)
  })
  return Object.freeze({ bytes: out, table: (tag: string) => places.get(tag) })
}

const padded = (length: number): number => (length + 3) & ~3
