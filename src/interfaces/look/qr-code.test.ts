import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { qrCode, qrPng, qrSvg, type QrCode } from './qr-code.ts'

const address = 'https://credentials.example.org/c/u7HkQ2mK9dXw4ZrT8pLb3A?s=ab-_1XYZ345'

/** The dark modules that a path draws. */
function modulesOf({ modules, path }: QrCode): readonly string[] {
  const rows = Array.from({ length: modules }, () => Array.from({ length: modules }, () => '.'))
  const drawn = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)]
  assert.equal(drawn.map(([whole]) => whole).join(''), path, 'nothing but rows of modules')
  for (const [, from, row, length, back] of drawn) {
    assert.equal(length, back)
    rows[Number(row)]!.fill('#', Number(from), Number(from) + Number(length))
  }
  return rows.map((row) => row.join(''))
}

test('the three finders stand in their corners, and the timing runs between them (ISO/IEC 18004, 5.3)', () => {
  const code = qrCode(address)
  const rows = modulesOf(code)
  const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']
  const corner = (top: number, left: number) => rows.slice(top, top + 7).map((row) => row.slice(left, left + 7))
  assert.deepEqual(corner(0, 0), finder)
  assert.deepEqual(corner(0, code.modules - 7), finder)
  assert.deepEqual(corner(code.modules - 7, 0), finder)
  assert.equal(rows[6]!.slice(7, -7), `${'.#'.repeat((code.modules - 15) / 2)}.`)
  assert.equal((code.modules - 17) % 4, 0)
})

test('the picture has the same modules as the drawing, and four of white around them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, maxLength: 90, unit: 'grapheme-ascii' }), fc.integer({ min: 1, max: 9 }), async (text, scale) => {
      const code = qrCode(text)
      const png = Buffer.from(await qrPng(code, scale))
      const side = (code.modules + 8) * scale
      assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]], [side, side, 1, 0])
      const length = png.readUInt32BE(33)
      assert.equal(png.subarray(37, 41).toString(), 'IDAT')
      const pixels = inflateSync(png.subarray(41, 41 + length))
      const dark = (x: number, y: number) => ((pixels[y * (Math.ceil(side / 8) + 1) + 1 + (x >> 3)]! >> (7 - (x & 7))) & 1) === 0
      const rows = modulesOf(code)
      for (let y = 0; y < side; y += scale) for (let x = 0; x < side; x += scale) assert.equal(dark(x, y), rows[y / scale - 4]?.[x / scale - 4] === '#')
    }),
    { numRuns: 20 },
  )
})

test('the file is a drawing on white with its margin', () => {
  const code = qrCode(address)
  assert.match(qrSvg(code), new RegExp(`^<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 ${code.modules + 8} ${code.modules + 8}"`))
  assert.match(qrSvg(code), /<path fill="#fff" d="M-4 -4h/)
})
