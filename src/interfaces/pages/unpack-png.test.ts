import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { qrCode, qrPng } from '#interfaces/look'
import { photoOf } from '#test/photo'
import { unpackPng } from './unpack-png.ts'

const seed = 20_261_129
const samplesOf = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const
type Colour = keyof typeof samplesOf

/** A PNG as PNG (third edition) says, with the filter of each row as given (§9.2), from samples of its own depth. */
function png(width: number, height: number, depth: number, colour: Colour, samples: readonly number[], filters: readonly number[], palette?: Uint8Array, interlaced = 0): Uint8Array {
  const across = width * samplesOf[colour]
  const stride = Math.ceil((across * depth) / 8)
  const pixel = Math.max(1, (samplesOf[colour] * depth) >> 3)
  const plain = Array.from({ length: height }, (_, y) => {
    const row = new Uint8Array(stride)
    for (let n = 0; n < across; n++) {
      const value = samples[y * across + n]!
      if (depth === 16) row.set([value >> 8, value & 255], n * 2)
      else if (depth === 8) row[n] = value
      else row[(n * depth) >> 3]! |= value << (8 - depth - ((n * depth) & 7))
    }
    return row
  })
  const rows = plain.flatMap((row, y) => {
    const filter = filters[y % filters.length]!
    const [a, b, c] = [(i: number) => row[i - pixel] ?? 0, (i: number) => plain[y - 1]?.[i] ?? 0, (i: number) => plain[y - 1]?.[i - pixel] ?? 0]
    const paeth = (i: number) => [a(i), b(i), c(i)].toSorted((one, other) => Math.abs(a(i) + b(i) - c(i) - one) - Math.abs(a(i) + b(i) - c(i) - other))[0]! // a stable sort: ties go to a, then b
    return [filter, ...row.map((byte, i) => byte - [0, a(i), b(i), (a(i) + b(i)) >> 1, paeth(i)][filter]!)]
  })
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([depth, colour, 0, 0, interlaced], 8)
  const chunk = (type: string, data: Uint8Array) => {
    const whole = Buffer.alloc(12 + data.length)
    whole.writeUInt32BE(data.length, 0)
    whole.write(type, 4, 'latin1')
    whole.set(data, 8)
    return whole
  }
  const packed = deflateSync(Uint8Array.from(rows))
  const half = packed.length >> 1
  return Buffer.concat([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), chunk('IHDR', head), ...(palette ? [chunk('PLTE', palette)] : []), chunk('IDAT', packed.subarray(0, half)), chunk('IDAT', packed.subarray(half)), chunk('IEND', new Uint8Array())])
}

const kinds = ([[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [2, 8], [2, 16], [3, 1], [3, 2], [3, 4], [3, 8], [4, 8], [4, 16], [6, 8], [6, 16]] as const).map(([colour, depth]) => ({ colour, depth }))
const pictures = fc.record({ kind: fc.constantFrom(...kinds), width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 9 }), filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 9 }), palette: fc.uint8Array({ minLength: 768, maxLength: 768 }) })
  .chain((given) => fc.array(fc.integer({ min: 0, max: 2 ** given.kind.depth - 1 }), { minLength: given.width * given.height * samplesOf[given.kind.colour], maxLength: given.width * given.height * samplesOf[given.kind.colour] }).map((samples) => ({ ...given, samples })))

test('every colour type, depth and filter of PNG comes out as it went in, on white where it was transparent', () => {
  fc.assert(
    fc.property(pictures, ({ kind: { colour, depth }, width, height, filters, palette, samples }) => {
      const read = unpackPng(png(width, height, depth, colour, samples, filters, palette.subarray(0, 3 * 2 ** Math.min(depth, 8))))
      const byte = (n: number) => (depth === 16 ? samples[n]! >> 8 : (samples[n]! * 255) / (2 ** depth - 1))
      const wanted = Array.from({ length: width * height }, (_, at) => {
        const n = at * samplesOf[colour]
        const seen = [0, 1, 2].map((channel) => (colour === 3 ? palette[samples[n]! * 3 + channel]! : byte(colour === 2 || colour === 6 ? n + channel : n)))
        const opaque = colour === 4 ? byte(n + 1) / 255 : colour === 6 ? byte(n + 3) / 255 : 1
        return [...seen.map((one) => one * opaque + 255 * (1 - opaque)), 255]
      })
      assert.deepEqual([read?.width, read?.height], [width, height])
      assert.deepEqual(read?.data, Uint8ClampedArray.from(wanted.flat()))
    }),
    { seed, numRuns: 300 },
  )
})

test('the picture of a code that we give out is unpacked to the code', async () => {
  const code = qrCode('https://credentials.example.org/c/u7HkQ2mK9dXw4ZrT8pLb3A')
  const drawn = photoOf(code, { scale: 5, greys: [0, 255] })
  assert.deepEqual(unpackPng(await qrPng(code, 5)), drawn)
})

test('what is broken, interlaced, too large, or no PNG is left alone', () => {
  const whole = png(4, 4, 8, 2, Array.from({ length: 48 }, (_, at) => at), [0])
  assert.ok(unpackPng(whole))
  for (let length = 0; length < whole.length - 16; length++) assert.equal(unpackPng(whole.subarray(0, length)), undefined, `${length} bytes`)
  assert.equal(unpackPng(png(4, 4, 8, 2, Array.from({ length: 48 }, (_, at) => at), [5])), undefined, 'a filter that there is not')
  assert.equal(unpackPng(png(4, 4, 8, 2, Array.from({ length: 48 }, (_, at) => at), [0], undefined, 1)), undefined, 'interlaced')
  for (const [at, value] of [[16, 0x10000], [16, 0], [20, 5], [20, 3]] as const) {
    const other = Buffer.from(whole)
    other.writeUInt32BE(value, at)
    assert.equal(unpackPng(other), undefined, `${at} says ${value}`)
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => { assert.equal(unpackPng(bytes), undefined) }), { seed })
  // Whatever a byte is changed to, it is read, or left; it does not throw.
  fc.assert(fc.property(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, value) => { unpackPng(whole.map((one, i) => (i === at ? value : one))) }), { seed, numRuns: 500 })
})
