/** The pixels of a PNG that a stranger sent, for looking for a code in them. */
import { inflateSync } from 'node:zlib'

export interface Pixels {
  readonly width: number
  readonly height: number
  /** Red, green, blue and alpha; what was transparent is white paper. */
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

/** A screen of 4K has 8.3 million. */
const mostPixels = 9_000_000

/** Samples to a pixel, by colour type; 1 and 5 are none (PNG, third edition, table 8). */
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/**
 * PNG (third edition): chunks §5.3, filters §9.2, colour types §11.2.1. Interlaced pictures (rare, and of another order) and larger ones than `mostPixels` are left; checksums are not
 * asked for, since nothing but a text that is checked by itself is taken out.
 *
 * @returns undefined for what is no such picture, or not whole
 */
export function unpackPng(bytes: Uint8Array): Pixels | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < 57 || view.getUint32(0) !== 0x89504e47 || view.getUint32(12) !== 0x49484452) return undefined
  const [width, height, depth, colour, interlaced] = [view.getUint32(16), view.getUint32(20), bytes[24] ?? 0, bytes[25] ?? 0, bytes[28]]
  const samples = samplesOf[colour]
  if (samples === undefined || ![1, 2, 4, 8, 16].includes(depth) || interlaced !== 0 || width === 0 || height === 0 || width * height > mostPixels) return undefined
  const packed: Uint8Array[] = []
  let palette: Uint8Array | undefined
  for (let at = 8; at + 12 <= bytes.byteLength; ) {
    const to = at + 8 + view.getUint32(at)
    if (to + 4 > bytes.byteLength) break
    const type = view.getUint32(at + 4)
    if (type === 0x49444154) packed.push(bytes.subarray(at + 8, to)) // IDAT
    if (type === 0x504c5445) palette = bytes.subarray(at + 8, to) // PLTE
    at = to + 4
  }
  const stride = Math.ceil((width * samples * depth) / 8)
  const rows = inflated(packed, (stride + 1) * height)
  if (rows === undefined || !unfilter(rows, stride, height, Math.max(1, (samples * depth) >> 3))) return undefined

  const data = new Uint8ClampedArray(width * height * 4)
  const largest = 2 ** Math.min(depth, 8) - 1
  for (let y = 0; y < height; y++) {
    const row = y * (stride + 1) + 1
    /** Of 255, or a place in the palette; of sixteen bits the upper eight. */
    const sample = (n: number): number => (depth >= 8 ? (rows[row + n * (depth >> 3)] ?? 0) : ((rows[row + ((n * depth) >> 3)] ?? 0) >> (8 - depth - ((n * depth) & 7))) & largest)
    for (let x = 0; x < width; x++) {
      const first = x * samples
      const to = (y * width + x) * 4
      const opaque = colour === 4 || colour === 6 ? sample(first + samples - 1) / 255 : 1
      for (let channel = 0; channel < 3; channel++) {
        const value = colour === 3 ? (palette?.[sample(first) * 3 + channel] ?? 0) : (sample(first + (samples >= 3 ? channel : 0)) * 255) / largest
        data[to + channel] = value * opaque + 255 * (1 - opaque)
      }
      data[to + 3] = 255
    }
  }
  return Object.freeze({ width, height, data })
}

function inflated(packed: readonly Uint8Array[], length: number): Uint8Array | undefined {
  try {
    const rows = inflateSync(Buffer.concat(packed), { maxOutputLength: length })
    return rows.byteLength === length ? rows : undefined
  } catch {
    return undefined
  }
}

/** In place: each byte from its left, upper and upper-left neighbour (PNG §9.2). False where a row has a filter that there is not. */
function unfilter(rows: Uint8Array, stride: number, height: number, pixel: number): boolean {
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1) + 1
    const filter = rows[from - 1] ?? 0
    if (filter > 4) return false
    if (filter === 0) continue
    for (let i = 0; i < stride; i++) {
      const a = i < pixel ? 0 : (rows[from + i - pixel] ?? 0)
      const b = y === 0 ? 0 : (rows[from + i - stride - 1] ?? 0)
      const c = y === 0 || i < pixel ? 0 : (rows[from + i - stride - 1 - pixel] ?? 0)
      rows[from + i] = (rows[from + i] ?? 0) + (filter === 1 ? a : filter === 2 ? b : filter === 3 ? (a + b) >> 1 : paeth(a, b, c))
    }
  }
  return true
}

function paeth(a: number, b: number, c: number): number {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)]
  return toA <= toB && toA <= toC ? a : toB <= toC ? b : c
}
