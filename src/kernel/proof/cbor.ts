import { fault } from './faults.ts'

/** The part of CBOR that selective disclosure uses: whole numbers, bytes, texts, lists, and maps from numbers to bytes. */
export type Cbor = number | Uint8Array | string | readonly Cbor[] | ReadonlyMap<number, Uint8Array>

const kinds = { number: 0, bytes: 2, text: 3, list: 4, map: 5 } as const

/** The deterministic encoding: definite lengths, shortest numbers, map keys in ascending order. Source: RFC 8949 §4.2.1. */
export function encodeCbor(value: Cbor): Buffer {
  if (typeof value === 'number') return head(kinds.number, value)
  if (typeof value === 'string') {
    const bytes = Buffer.from(value)
    return Buffer.concat([head(kinds.text, bytes.length), bytes])
  }
  if (value instanceof Uint8Array) return Buffer.concat([head(kinds.bytes, value.length), value])
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<number, Uint8Array>)].toSorted(([a], [b]) => a - b)
    return Buffer.concat([head(kinds.map, entries.length), ...entries.flatMap(([key, bytes]) => [encodeCbor(key), encodeCbor(bytes)])])
  }
  const list = value as readonly Cbor[]
  return Buffer.concat([head(kinds.list, list.length), ...list.map(encodeCbor)])
}

function head(kind: number, size: number): Buffer {
  const first = kind << 5
  if (size < 24) return Buffer.from([first | size])
  if (size < 0x100) return Buffer.from([first | 24, size])
  if (size < 0x10000) return Buffer.from([first | 25, size >> 8, size & 255])
  const bytes = Buffer.alloc(5)
  bytes[0] = first | 26
  bytes.writeUInt32BE(size, 1)
  return bytes
}

/**
 * Reads one value that fills the bytes.
 *
 * @throws Fault `proof.bad_encoding` for other kinds, indefinite lengths, numbers longer than needed, equal keys, lengths beyond the bytes, and rest
 */
export function decodeCbor(bytes: Uint8Array): Cbor {
  const bad = (reason: string) => fault.bad_encoding({ what: 'CBOR', reason })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0

  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw bad('it ends too early')
    at += length
    return bytes.subarray(at - length, at)
  }
  const size = (short: number): number => {
    if (short < 24) return short
    if (short > 26) throw bad('it has a length of a kind that is not used')
    const width = 1 << (short - 24)
    const start = at
    take(width)
    const value = width === 1 ? view.getUint8(start) : width === 2 ? view.getUint16(start) : view.getUint32(start)
    if (value < (width === 1 ? 24 : width === 2 ? 0x100 : 0x10000)) throw bad('a number is longer than needed')
    return value
  }
  const read = (depth: number): Cbor => {
    if (depth > 4) throw bad('it is nested too deep')
    const first = take(1)[0] as number
    const length = size(first & 31)
    switch (first >> 5) {
      case kinds.number:
        return length
      case kinds.bytes:
        return Uint8Array.from(take(length))
      case kinds.text:
        try {
          return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(take(length))
        } catch {
          throw bad('a text is not UTF-8')
        }
      case kinds.list: {
        // Each member takes a byte at least, so a list cannot promise more than there is.
        if (length > bytes.length - at) throw bad('it ends too early')
        return Array.from({ length }, () => read(depth + 1))
      }
      case kinds.map: {
        const map = new Map<number, Uint8Array>()
        if (length > bytes.length - at) throw bad('it ends too early')
        for (let i = 0; i < length; i++) {
          const key = read(depth + 1)
          const value = read(depth + 1)
          if (typeof key !== 'number' || !(value instanceof Uint8Array) || map.has(key)) throw bad('a map is not one from numbers to bytes')
          map.set(key, value)
        }
        return map
      }
      default:
        throw bad('it has a kind of value that is not used')
    }
  }

  const value = read(0)
  if (at !== bytes.length) throw bad('something follows it')
  return value
}
