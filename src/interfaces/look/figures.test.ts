import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figuresOf } from './figures.ts'

const en = figuresOf('en')
const when = new Date('2026-11-23T09:41:00Z')

test('numbers have their thousands apart, a true minus, and the decimals that were asked for', () => {
  assert.equal(en.number(1482), '1,482')
  assert.equal(en.number(-0.583, 2), '\u22120.58')
  assert.equal(en.percent(0.17303), '17.3%')
  assert.equal(en.signed(1.006), '+1.01')
  assert.equal(en.signed(-0.3), '\u22120.30')
  assert.equal(en.signed(0), '0.00')
  for (const zero of [en.number(-0.0000001, 6), en.signed(-0.004), en.percent(-0.0004, 1).replace('%', '')]) assert.match(zero, /^0\.0+$/)
})

test('dates are written out, and times carry their zone', () => {
  assert.equal(en.date('2026-10-14'), '14 October 2026')
  assert.equal(en.month(new Date('2026-10-01')), 'October 2026')
  assert.equal(en.instant(when), '23 November 2026, 09:41 UTC')
  assert.match(en.instant(when, 'Africa/Lagos'), /23 November 2026, 10:41 (?:WAT|GMT\+1)/)
  assert.throws(() => en.date('no date'), TypeError)
})

test('other languages use their own order of words and the digits that every reader has', () => {
  assert.equal(figuresOf('ar').number(120), '120')
  assert.match(figuresOf('ar').date('2026-10-14'), /^14 .+ 2026$/u)
  assert.equal(figuresOf('zh').date('2026-10-14'), '2026年10月14日')
  assert.match(figuresOf('hi').instant(when), /09:41 UTC/)
  assert.match(figuresOf('de').number(1482), /^1\.482$/)
})

test('a duration is said in words, and what is none is left as it was', () => {
  assert.equal(en.duration('PT120H'), '120 hours')
  assert.equal(en.duration('PT1H'), '1 hour')
  assert.equal(en.duration('P14W'), '14 weeks')
  assert.equal(en.duration('P1Y6M'), '1 year and 6 months')
  assert.equal(en.duration('about two weeks'), 'about two weeks')
  assert.equal(en.duration('P'), 'P')
})

test('lists and sizes read as people write them', () => {
  assert.equal(en.list(['A', 'B', 'C']), 'A, B and C')
  assert.equal(en.bytes(4120), '4.1 kB')
  assert.equal(en.bytes(1_000_000), '1 MB')
})
