import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assertHarmless, elementsOf, hostile } from '#test/markup'
import { figuresOf } from '../figures.ts'
import { band } from './band.ts'
import { besidePlan, pair } from './pair.ts'
import { around, decimalsOf, scaleOf, ticks } from './scale.ts'
import { thousand } from './thousand.ts'
import { whiskers } from './whiskers.ts'

const figures = figuresOf('en')
const seed = 20260630

test(`ticks are round, in order, within the ends, and at most four (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (low, span) => {
      const list = ticks(low, low + span)
      assert.ok(list.length <= 4)
      for (const [i, tick] of list.entries()) {
        assert.ok(tick >= low - span * 1e-6 && tick <= low + span * (1 + 1e-6))
        if (i > 0) assert.ok(tick > (list[i - 1] ?? Infinity))
      }
    }),
    { seed, numRuns: 300 },
  )
  assert.deepEqual(ticks(-2.2, 3.1), [-2, 0, 2])
  assert.deepEqual(ticks(0, 1), [0, 0.5, 1])
  assert.equal(decimalsOf([0, 0.25]), 2)
})

test('a scale keeps what it draws inside, and the ends apart', () => {
  const scale = scaleOf(-1, 3)
  assert.ok(scale.at(-50) >= 0 && scale.at(50) <= 100 && scale.at(0) < scale.at(1))
  assert.throws(() => scaleOf(1, 1), TypeError)
  assert.deepEqual(around([]), { low: -0.08, high: 0.08 })
})

test('each estimate stands with its interval; what cannot be shown says why', () => {
  const drawn = String(
    whiskers(
      [
        { label: 'Lowest third', interval: { estimate: 1.27, low: 0.23, high: 2.3 } },
        { label: 'Sealed', interval: null, instead: 'opens on 1 July 2027' },
        { label: 'All', interval: { estimate: 1.01, low: 0.12, high: 1.89 }, whole: true },
      ],
      { says: 'Effects by third', figures },
    ),
  )
  assertHarmless(drawn)
  assert.equal(elementsOf(drawn).filter((one) => one.attributes.get('class') === 'ci t').length, 2)
  assert.match(drawn, /\+1\.27 \(0\.23 to 2\.30\)/)
  assert.match(drawn, /opens on 1 July 2027/)
  assert.match(drawn, /class="limit"/)
  assert.match(drawn, /aria-label="Effects by third"/)
  assert.equal(String(whiskers([{ label: 'x', interval: null }], { says: 'x', figures })), '')
})

test('a thousand dots are a thousand dots, whichever way the difference goes', () => {
  for (const [anyway, more, reach] of [[173, 10, 19], [173, -10, -19], [990, 40, 60], [0, 0, 0]] as const) {
    const drawn = String(thousand({ anyway, more, reach, says: 'x' }))
    assert.equal([...drawn.matchAll(/M\d/gu)].length, 1000, `${anyway} ${more}`)
  }
})

test('arms differ by shape, and a band needs two moments', () => {
  const cell = String(pair({ estimate: 0.2, low: 0.19, high: 0.21 }, { estimate: 0.17, low: 0.16, high: 0.18 }, 'x'))
  assert.match(cell, /<circle class="t mark"/)
  assert.match(cell, /<rect class="c mark"/)
  assertHarmless(String(besidePlan({ estimate: 0.5002, low: 0.48, high: 0.52 }, 0.5, 0.04, 'x')))
  const at = (day: number): Date => new Date(Date.UTC(2026, 6, day))
  assert.equal(String(band([{ at: at(1), estimate: 1, low: 0, high: 2 }], { says: 'x', unit: 'points', figures })), '')
  assertHarmless(String(band([{ at: at(1), estimate: 1, low: -3, high: 5 }, { at: at(9), estimate: 2, low: 1, high: 3 }], { says: 'x', unit: 'points', figures })))
})

test('hostile labels stay labels', () => {
  for (const text of hostile) assertHarmless(String(whiskers([{ label: text, interval: { estimate: 1, low: 0, high: 2 } }, { label: text, interval: null, instead: text }], { says: text, figures })))
})
