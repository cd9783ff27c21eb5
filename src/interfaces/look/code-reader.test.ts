import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { photoOf, readPhoto } from '#test/photo'
import { assets } from './assets.ts'
import { qrCode } from './qr-code.ts'

/** A printed address: a host of some length, and the token of the place where it stands, or none. */
const addresses = fc.tuple(fc.integer({ min: 4, max: 60 }), fc.string({ minLength: 22, maxLength: 22, unit: fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_') }), fc.constantFrom('', '?s=ab-_1XYZ345')).map(([length, id, token]) => `https://${'credentials.example.'.repeat(4).slice(0, length)}org/c/${id}${token}`)
const seed = 20_261_129

test('every code that is printed is read back: addresses of every length, turned by every quarter, one to four pixels to a module, with noise', () => {
  let sizes = new Set<number>()
  fc.assert(
    fc.property(addresses, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 80 }), fc.constantFrom(0, 2, 5), (address, scale, turned, around, noise) => {
      sizes = sizes.add(qrCode(address).modules)
      assert.equal(readPhoto(photoOf(qrCode(address), { scale, turned, around, noise: noise * scale }, address)), address)
    }),
    { seed, numRuns: process.env['LAUREL_FULL'] === '1' ? 2_000 : 120 },
  )
  assert.ok(sizes.size >= 4, `${sizes.size} sizes of code`)
})

test('codes are read in faint print, and light on dark; where there is no code there is none', () => {
  const address = 'https://credentials.example.org/c/u7HkQ2mK9dXw4ZrT8pLb3A?s=ab-_1XYZ345'
  for (const greys of [[110, 190], [225, 30]] as const) assert.equal(readPhoto(photoOf(qrCode(address), { scale: 4, turned: 1, around: 40, noise: 6, greys })), address)
  assert.throws(() => readPhoto(photoOf(qrCode(address), { scale: 3, around: 40, noise: 20, greys: [128, 128] })))
})

test('a code that is torn in a corner is read still, and the switch: one that is torn in half is not', () => {
  const address = 'https://credentials.example.org/c/u7HkQ2mK9dXw4ZrT8pLb3A'
  const torn = (share: number) => {
    const { width, height, data } = photoOf(qrCode(address), { scale: 4, around: 20, noise: 4 })
    for (let y = Math.round(height * (1 - share)); y < height; y++) for (let x = Math.round(width * (1 - share)); x < width; x++) data.fill(225, (y * width + x) * 4, (y * width + x) * 4 + 3)
    return { width, height, data }
  }
  assert.equal(readPhoto(torn(0.28)), address)
  assert.throws(() => readPhoto(torn(0.6)))
})

test('the reader is fetched as one script that keeps its notice and needs nothing that the policy of a page refuses', () => {
  const { body, encoded } = assets.find((one) => one.name === 'qr.js')!
  const text = Buffer.from(body).toString('utf8')
  assert.match(text, /^\/\*!\n \* Copyright \(c\) \d{4} Paul Miller/)
  assert.doesNotMatch(text, /\beval\(|new Function\(|WebAssembly|new Worker\(|\bimport\b/)
  assert.ok(encoded.br.byteLength < 30_000, `${encoded.br.byteLength} bytes`)
})
