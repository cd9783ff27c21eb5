import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { isFault } from '#kernel/fault'
import { rasterPng } from './engine.ts'
import { logoMost, makeLogo } from './logo.ts'

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
/** A PNG of one colour (red, green, blue, opacity), with what chunks one likes before its pixels. */
function png(width: number, height: number, colour: readonly number[], before: readonly Buffer[] = [], said: { readonly width?: number; readonly height?: number } = {}): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(said.width ?? width, 0)
  head.writeUInt32BE(said.height ?? height, 4)
  head.set([8, 6, 0, 0, 0], 8)
  const row = Buffer.concat([Buffer.from([0]), ...Array.from({ length: width }, () => Buffer.from(colour))])
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), ...before, chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))), chunk('IEND', Buffer.alloc(0))])
}
const chunksOf = (file: Uint8Array): string[] => {
  const bytes = Buffer.from(file)
  const types: string[] = []
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) types.push(bytes.toString('latin1', at + 4, at + 8))
  return types
}
const codeOf = async (given: Uint8Array): Promise<string> => {
  try {
    await makeLogo(given)
    return 'taken'
  } catch (error) {
    if (!isFault(error)) throw error
    return error.code
  }
}
const blue = [18, 56, 160, 255] as const

test('a logo keeps its shape, is never made larger, and never kept larger than a page needs', async () => {
  for (const [given, kept] of [[[120, 60], [120, 60]], [[1_200, 300], [480, 120]], [[300, 1_500], [48, 240]], [[2_000, 1], [480, 1]], [[480, 240], [480, 240]]] as const) {
    const { width, height, png: made } = await makeLogo(png(given[0], given[1], blue))
    assert.deepEqual([width, height], kept)
    assert.ok(width <= logoMost.width && height <= logoMost.height)
    assert.deepEqual([Buffer.from(made).readUInt32BE(16), Buffer.from(made).readUInt32BE(20)], kept)
  }
})

test('nothing of the file goes on but its pixels', async () => {
  const secret = 'taken at 48.2082 N, 16.3738 E <script>alert(1)</script>'
  const said = [chunk('tEXt', Buffer.from(`Comment\0${secret}`)), chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.from(secret))])), chunk('eXIf', Buffer.from(secret)), chunk('iCCP', Buffer.concat([Buffer.from('p\0\0'), deflateSync(Buffer.from(secret))]))]
  const plain = await makeLogo(png(90, 60, blue))
  const full = await makeLogo(Buffer.concat([png(90, 60, blue, said), Buffer.from(secret)]))
  assert.deepEqual(full, plain, 'the same picture, the same bytes')
  assert.ok(chunksOf(full.png).every((type) => ['IHDR', 'IDAT', 'IEND', 'PLTE'].includes(type)), chunksOf(full.png).join())
  assert.ok(!Buffer.from(full.png).includes('script'))
})

test('what was transparent is paper, so that a logo stands alike on a card, on paper and in the dark', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="20" height="20" fill="#1238a0"/></svg>'
  const { png: made } = await makeLogo(await rasterPng(svg, 40, 20))
  const opaque = await rasterPng(svg.replace('<rect', '<rect width="40" height="20" fill="#fffdf9"/><rect'), 40, 20)
  assert.deepEqual(made, (await makeLogo(opaque)).png)
})

test('what is no picture, too large, a bomb, or cannot be seen is refused, each with its own code', async () => {
  const good = png(64, 64, blue)
  assert.equal(await codeOf(good), 'taken')
  for (const other of [Buffer.alloc(0), Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), Buffer.from('\xff\xd8\xff\xe0JFIF', 'latin1'), Buffer.from('GIF89a'), good.subarray(1), good.subarray(0, 20)]) assert.equal(await codeOf(other), 'logo.not_png')
  for (const broken of [good.subarray(0, 60), good.subarray(0, good.length - 20), Buffer.concat([good.subarray(0, 50), Buffer.from([1, 2, 3, 4]), good.subarray(54)]), png(64, 64, blue, [], { height: 65 }), png(64, 64, blue, [], { width: 0 })]) assert.equal(await codeOf(broken), 'logo.unreadable')
  assert.equal(await codeOf(Buffer.concat([good, Buffer.alloc(256 * 1024)])), 'logo.too_large')
  for (const said of [{ width: 60_000, height: 60_000 }, { width: 2_001 }, { height: 0xffffffff }]) assert.equal(await codeOf(png(64, 64, blue, [], said)), 'logo.too_many_pixels')
  // A hundred kilobytes that unpack to a hundred megabytes behind a small header: the engine stops where the header says that the picture ends.
  const bomb = Buffer.concat([good.subarray(0, 33), chunk('IDAT', deflateSync(Buffer.alloc(100_000_000))), chunk('IEND', Buffer.alloc(0))])
  assert.ok(bomb.length < 256 * 1024)
  assert.match(await codeOf(bomb), /^logo\.(unseen|unreadable)$/)
  assert.equal(await codeOf(png(64, 64, [255, 255, 255, 255])), 'logo.unseen')
  assert.equal(await codeOf(png(64, 64, [0, 0, 0, 0])), 'logo.unseen')
  assert.equal(await codeOf(png(64, 64, [255, 214, 0, 255])), 'taken', 'amber is seen')
})
