import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { hostile } from '#test/markup'
import { families, linesOf } from '../engine.ts'
import { contrastOf } from '../theme.ts'
import { drawCard } from './card.ts'
import { fit } from './fit.ts'
import { inksOf } from './inks.ts'
import { paletteOf } from './palette.ts'
import type { CardFacts } from '#journey/share'

const card: CardFacts = {
  language: 'en', issuer: 'Example Institute', learner: 'Ana Example', achievement: 'Data Analysis', hours: 120, assessed: 'A project', issuedAt: '2026-10-14T00:00:00.000Z',
  standing: 'in_force', host: 'credentials.example', demo: false, proofBytes: new Uint8Array([1, 222, 33, 4, 155]),
}

interface Read {
  readonly width: number
  readonly height: number
  readonly at: (x: number, y: number) => string
}

/** Reads an indexed PNG without filters: what `drawCard` writes. */
function read(png: Uint8Array): Read {
  const file = Buffer.from(png)
  assert.equal(file.subarray(1, 4).toString(), 'PNG')
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) chunks.set(file.subarray(at + 4, at + 8).toString(), file.subarray(at + 8, at + 8 + file.readUInt32BE(at)))
  const head = chunks.get('IHDR')!
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)]
  const rows = inflateSync(chunks.get('IDAT')!)
  const palette = chunks.get('PLTE')!
  return { width, height, at: (x, y) => `#${palette.subarray(3 * rows[y * (width + 1) + 1 + x]!).subarray(0, 3).toString('hex')}` }
}

/** How many pixels of a part of the picture are not its ground. */
function inked(picture: Read, [left, top, right, bottom]: readonly [number, number, number, number], ground = '#fffdf9'): number {
  let count = 0
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) if (picture.at(x, y) !== ground) count++
  return count
}

test('a card is 1200 by 627, small, and the same bytes each time', async () => {
  const [one, again] = await Promise.all([drawCard(card), drawCard({ ...card })])
  const picture = read(one)
  assert.deepEqual([picture.width, picture.height], [1200, 627])
  assert.ok(one.length < 90_000, `${one.length} bytes`)
  const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  assert.equal(sum(one), sum(again))
  assert.deepEqual([picture.at(5, 5), picture.at(1195, 5)], ['#fffdf9', '#123a2b'], 'grounds keep their exact colour')
})

test('names of five scripts are set, and nothing of them lies near an edge', async () => {
  const names = { en: 'Adaeze Nkechi Okonkwo', hi: 'प्रिया रमेश कुलकर्णी', ar: 'ليلى عبد الرحمن الحدّاد', zh: '陈思远', ru: 'Александра Преображенская' }
  const sums = new Set<string>()
  for (const [language, learner] of Object.entries(names)) {
    const png = await drawCard({ ...card, language, learner, achievement: learner })
    sums.add(createHash('sha256').update(png).digest('hex'))
    const picture = read(png)
    const rtl = language === 'ar'
    const middle: readonly [number, number, number, number] = rtl ? [390, 120, 1140, 520] : [60, 120, 810, 520]
    assert.ok(inked(picture, middle) > 5_000, `${language} is on the card`)
    assert.equal(inked(picture, rtl ? [1160, 0, 1200, 627] : [0, 0, 40, 627]), 0, `${language} keeps its distance`)
    assert.equal(inked(picture, [rtl ? 320 : 60, 0, rtl ? 1140 : 800, 40]), 0)
    assert.equal(inked(picture, [rtl ? 390 : 60, 590, rtl ? 1140 : 810, 627]), 0)
  }
  assert.equal(sums.size, 5)
})

test('a long name is set smaller and in more lines, and is never cut', async () => {
  const draw = (text: string) => (size: number) => ({ type: 'text' as const, text, style: { fontFamily: 'Noto Serif', fontSize: size, overflowWrap: 'anywhere' as const } })
  const steps = { width: 744, language: 'en', steps: [[84, 2], [54, 3], [36, 4], [28, 6]] as const }
  const short = await fit(draw('Ana Example'), steps)
  const long = await fit(draw('Pablo Diego José Francisco de Paula Juan Nepomuceno María de los Remedios Cipriano de la Santísima Trinidad Ruiz y Picasso'), steps)
  const word = await fit(draw('Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft'), steps)
  assert.deepEqual([short.size, short.lines], [84, 1])
  assert.ok(long.size < 84 && long.lines > 2)
  for (const one of [short, long, word]) assert.ok(one.width <= 745, `${one.width} wide at ${one.size}`)
  const whole = await linesOf(draw('x'.repeat(300))(28), 744, 'en')
  assert.ok(whole.lines > 5, 'what breaks nowhere is broken anywhere')
})

test('a size at which a text cannot stand is passed over, and what is chosen is what trying each would have chosen', async () => {
  const steps = [[84, 2], [74, 2], [64, 2], [54, 3], [44, 3], [36, 4], [28, 6]] as const
  let [tried, all] = [0, 0]
  for (const words of [1, 2, 3, 5, 8, 13, 21, 34]) {
    for (const word of ['Ana', 'Преображенская', '陈思远', 'कुलकर्णी']) {
      const text = Array.from({ length: words }, (_, i) => `${word}${i}`).join(' ')
      const draw = (size: number) => ({ type: 'text' as const, text, style: { fontFamily: families, fontSize: size, overflowWrap: 'anywhere' as const } })
      const fitted = await fit((size) => (tried++, draw(size)), { width: 744, language: 'en', steps })
      let expected = { size: 0, lines: 0 }
      for (const [size, most] of steps) {
        all++
        const { lines, width } = await linesOf(draw(size), 744, 'en')
        expected = { size, lines }
        if (lines <= most && width <= 745) break
      }
      assert.deepEqual({ size: fitted.size, lines: fitted.lines }, expected, text)
    }
  }
  assert.ok(tried < 0.75 * all, `${tried} of ${all}`)
})

test('what does not hold has no seal, says so in colour and shape, and a name that cannot be set whole is left out whole', async () => {
  const band: readonly [number, number, number, number] = [900, 60, 1190, 520]
  const holds = read(await drawCard(card))
  const grounds = new Set<string>()
  for (const standing of ['revoked', 'suspended', 'expired'] as const) {
    const picture = read(await drawCard({ ...card, standing }))
    const ground = picture.at(1195, 5)
    grounds.add(ground)
    assert.equal(inked(picture, [820, 60, 890, 520]), 0, `${standing}: no seal reaches over the paper`)
    assert.ok(inked(picture, band, ground) > 1_500, `${standing}: mark and word`)
  }
  assert.deepEqual([...grounds], ['#97291c', '#53565b'])
  assert.ok(inked(holds, [820, 60, 890, 520]) > 1_000)
  const part = await drawCard({ ...card, learner: 'ሰላም Tesfaye' })
  const none = await drawCard({ ...card, learner: 'ሰላም' })
  assert.ok(Buffer.from(part).equals(Buffer.from(none)), 'part of a name is somebody else’s')
  assert.ok(Buffer.from(await drawCard({ ...card, learner: 'Ana 😀' })).equals(Buffer.from(await drawCard({ ...card, learner: 'Ana' }))), 'a picture in a name is no letter of it')
})

test('no text stops a card from being drawn', async () => {
  for (const text of [...hostile, '', ' ', '\u{10ffff}', 'a'.repeat(2_000), '\n\n\t']) {
    const { width } = read(await drawCard({ ...card, issuer: text, learner: text, achievement: text, assessed: text, host: 'x.example' }))
    assert.equal(width, 1200)
  }
})

test('every mixture of a ground and its ink has a colour of the palette within eight steps of each channel', () => {
  const palette = paletteOf([['#fffdf9', '#1b1e1a'], ['#123a2b', '#d8b45a']])
  assert.equal(palette.colours.length % 3, 0)
  assert.ok(palette.colours.length <= 768)
  const colour = (one: string) => [1, 3, 5].map((at) => Number.parseInt(one.slice(at, at + 2), 16))
  fc.assert(
    fc.property(fc.constantFrom(['#fffdf9', '#1b1e1a'], ['#123a2b', '#d8b45a']), fc.double({ min: 0, max: 1, noNaN: true }), ([ground, ink], share) => {
      const mixed = colour(ground!).map((from, c) => Math.round(from + (colour(ink!)[c]! - from) * share))
      const i = palette.indexOf(mixed[0]!, mixed[1]!, mixed[2]!)
      const given = palette.colours.subarray(3 * i, 3 * i + 3)
      for (const c of [0, 1, 2]) assert.ok(Math.abs(given[c]! - mixed[c]!) <= 8)
    }),
  )
})

const colours = fc.oneof(fc.integer({ min: 0, max: 0xffffff }), fc.constantFrom(0, 0xffffff, 0xffff00, 0x00ff00, 0x0000ff, 0xff0000, 0xd8b45a)).map((number) => `#${number.toString(16).padStart(6, '0')}`)

test('whatever colour an issuer chooses, what is written on its card can be read; of what does not hold the colour stays ours', () => {
  fc.assert(
    fc.property(colours, (colour) => {
      const { paper, band, ink, ink2, title, onBand, seal } = inksOf({ standing: 'in_force', colour })
      for (const [one, ground] of [[ink, paper], [ink2, paper], [title, paper], [onBand, band], [seal, band]] as const) {
        const ratio = contrastOf(one, ground)
        assert.ok(ratio >= 4.5, `${one} on ${ground} has ${ratio.toFixed(2)} for ${colour}`)
      }
      for (const standing of ['revoked', 'suspended', 'expired'] as const) assert.equal(inksOf({ standing, colour }), inksOf({ standing }))
    }),
    { numRuns: 2_000, seed: 20261129 },
  )
})

test('an issuer’s colour is the ground of the band, exactly, and its card is as small', async () => {
  const png = await drawCard({ ...card, colour: '#123a7b' })
  assert.equal(read(png).at(1195, 5), inksOf({ standing: 'in_force', colour: '#123a7b' }).band)
  assert.ok(Math.abs(png.length - (await drawCard(card)).length) < 4_000)
})

test('the number of a colour does not depend on which colours were asked for before', () => {
  const pairs = [['#fffdf9', '#1b1e1a'], ['#123a2b', '#d8b45a']] as const
  const channel = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(fc.array(fc.tuple(channel, channel, channel), { minLength: 2, maxLength: 40 }), fc.integer({ min: -3, max: 3 }), (asked, step) => {
      const near = asked.map(([r, g, b]) => [Math.min(255, Math.max(0, r + step)), g, b] as const)
      const [one, other] = [paletteOf(pairs), paletteOf(pairs)]
      for (const rgb of near) other.indexOf(...rgb)
      assert.deepEqual(asked.map((rgb) => one.indexOf(...rgb)), asked.map((rgb) => other.indexOf(...rgb)))
    }),
    { seed: 20261129 },
  )
})
