/**
 * Baked PNG: the credential in an `iTXt` chunk with the keyword `openbadgecredential`, uncompressed (Open Badges 3.0, "Baked Badge", PNG).
 */
import { crc32 } from 'node:zlib'
import { fault } from './faults.ts'
import type { Unbaked } from './unbaked.ts'

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const keyword = 'openbadgecredential'
/** Open Badges 2.0 and 1.x used this keyword, for an address or a JWS. */
const olderKeyword = 'openbadges'
/** A PNG of 1 MB in IDAT chunks of 8 kB has about 130; the bound keeps a file of empty chunks from costing anything. */
const mostChunks = 4096

interface Chunk {
  readonly type: string
  readonly data: Uint8Array
  /** Offset of the chunk's length field, and of the byte after its checksum. */
  readonly from: number
  readonly to: number
  readonly sound: boolean
}

type Chunks = { readonly ok: true; readonly chunks: readonly Chunk[] } | { readonly ok: false; readonly code: 'png_broken' | 'png_too_many_chunks' }

/** PNG (third edition) §5.3: length, type, data, CRC-32 over type and data; IHDR first, IEND last. */
function chunksOf(bytes: Uint8Array): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  if (!signature.every((byte, at) => bytes[at] === byte)) return { ok: false, code: 'png_broken' }
  let at = signature.length
  while (at + 12 <= bytes.byteLength) {
    const length = view.getUint32(at)
    const to = at + 12 + length
    if (to > bytes.byteLength) return { ok: false, code: 'png_broken' }
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (!/^[A-Za-z]{4}$/.test(type) || (chunks.length === 0) !== (type === 'IHDR')) return { ok: false, code: 'png_broken' }
    const sound = crc32(bytes.subarray(at + 4, to - 4)) === view.getUint32(to - 4)
    chunks.push({ type, data: bytes.subarray(at + 8, to - 4), from: at, to, sound })
    if (chunks.length > mostChunks) return { ok: false, code: 'png_too_many_chunks' }
    if (type === 'IEND') return { ok: true, chunks }
    at = to
  }
  return { ok: false, code: 'png_broken' }
}

function keywordOf(chunk: Chunk): string | undefined {
  if (chunk.type !== 'iTXt' && chunk.type !== 'tEXt' && chunk.type !== 'zTXt') return undefined
  const end = chunk.data.indexOf(0)
  return end > 0 ? Buffer.from(chunk.data.subarray(0, end)).toString('latin1') : undefined
}

function isCredentialChunk(chunk: Chunk): boolean {
  return keywordOf(chunk) === keyword
}

/** Takes the credential out of a baked PNG. A second one is refused, though the specification lets readers stop at the first: which one a viewer shows must not be a matter of the viewer. */
export function unbakePng(bytes: Uint8Array): Unbaked {
  const read = chunksOf(bytes)
  const carrier = 'png' as const
  if (!read.ok) return { ok: false, carrier, code: read.code }
  const [chunk, second] = read.chunks.filter(isCredentialChunk)
  if (second !== undefined) return { ok: false, carrier, code: 'png_several_credentials' }
  if (chunk === undefined) return { ok: false, carrier, code: read.chunks.some((one) => keywordOf(one) === olderKeyword) ? 'open_badges_2' : 'png_no_credential' }
  if (!chunk.sound) return { ok: false, carrier, code: 'png_checksum' }
  if (chunk.type !== 'iTXt') return { ok: false, carrier, code: chunk.type === 'zTXt' ? 'png_compressed' : 'png_broken' }
  return textOf(chunk.data)
}

/** PNG §11.3.3.4: keyword, 0, compression flag, compression method, language tag, 0, translated keyword, 0, UTF-8 text. */
function textOf(data: Uint8Array): Unbaked {
  const carrier = 'png' as const
  const flagAt = keyword.length + 1
  // "Compression MUST NOT be used" (Open Badges 3.0): a compressed text is refused and never inflated.
  if (data[flagAt] !== 0) return { ok: false, carrier, code: 'png_compressed' }
  const languageEnd = data.indexOf(0, flagAt + 2)
  const translatedEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1)
  if (translatedEnd < 0) return { ok: false, carrier, code: 'png_broken' }
  try {
    return { ok: true, carrier, text: new TextDecoder('utf-8', { fatal: true }).decode(data.subarray(translatedEnd + 1)).trim() }
  } catch {
    return { ok: false, carrier, code: 'not_utf8' }
  }
}

/**
 * Puts a credential (JSON text or compact JWS) into a PNG, directly after its header; one that was there before, also of Open Badges 2.0, is replaced.
 *
 * @throws Fault `openbadge.not_a_picture` when the bytes are no whole PNG
 */
export function bakePng(picture: Uint8Array, credential: string): Uint8Array {
  const read = chunksOf(picture)
  if (!read.ok) throw fault.not_a_picture({ kind: 'PNG', reason: read.code === 'png_broken' ? 'its chunks do not fit together.' : 'it has too many chunks.' })
  const kept = read.chunks.filter((chunk) => !isCredentialChunk(chunk) && keywordOf(chunk) !== olderKeyword)
  const [header, ...rest] = kept.map((chunk) => picture.subarray(chunk.from, chunk.to))
  const data = Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(credential, 'utf8')])
  return new Uint8Array(Buffer.concat([signature, header as Uint8Array, chunkBytes('iTXt', data), ...rest]))
}

function chunkBytes(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.byteLength, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}
