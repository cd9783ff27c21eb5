/** Writes PNG files whose pixels are few bits (PNG, third edition): codes of black and white, and cards of a known palette. */
import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'

export interface PngParts {
  readonly width: number
  readonly height: number
  /** Bits to a pixel. */
  readonly bits: 1 | 8
  /** Three bytes a colour; without one, a pixel is a grey. */
  readonly palette?: Uint8Array | undefined
  /** A byte of zero before each row (it is not filtered), then its pixels. */
  readonly rows: Uint8Array
  /** zlib's, 1 to 9. */
  readonly effort: number
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

const packed = promisify(deflate)

export async function pngOf({ width, height, bits, palette, rows, effort }: PngParts): Promise<Uint8Array<ArrayBuffer>> {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = bits
  head[9] = palette === undefined ? 0 : 3 // colour type; compression, filter and interlace stay 0
  return new Uint8Array(Buffer.concat([signature, chunk('IHDR', head), ...(palette === undefined ? [] : [chunk('PLTE', palette)]), chunk('IDAT', await packed(rows, { level: effort, memLevel: 9 })), chunk('IEND', new Uint8Array())]))
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}
