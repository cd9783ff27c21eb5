import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator } from '#kernel/numeric'
import { rate, targetingCurve } from './rate.ts'

test('four rows by hand: AUTOC and Qini are the areas of their definition, ties share their mean', () => {
  // Scores 4, 2, 0, -2 in the order of priority: TOC = 3, 2, 1, 0.
  const data = { score: Float64Array.of(4, 2, 0, -2), priority: Float64Array.of(4, 3, 2, 1), tied: Float64Array.of(1, 1, 1, 1) }
  const of = (target: 'autoc' | 'qini', priority: string): number => rate(data, { score: 'score', priority, target, random: generator(1) }).estimate
  assert.equal(of('autoc', 'priority'), 6 / 4)
  assert.equal(of('qini', 'priority'), (3 * 0.25 + 2 * 0.5 + 1 * 0.75) / 4)
  assert.equal(of('autoc', 'tied'), 0)
})

test('a priority that knows nothing is rejected about as often as the level says', () => {
  const draws = 400
  let rejected = 0
  for (let seed = 0; seed < draws; seed++) {
    const g = generator(seed, 'rate')
    const column = (): Float64Array => Float64Array.from({ length: 300 }, () => g.normal())
    if (rate({ score: column(), priority: column() }, { score: 'score', priority: 'priority', target: 'qini', draws: 100, random: g.split('halves') }).p_value! < 0.05) rejected += 1
  }
  // Binomial(400, 0.05): mean 20, sd 4.4; three sd either way.
  assert.ok(rejected >= 7 && rejected <= 33, `${rejected} of ${draws}`)
})

test('a weight of two is two rows; the curve is the mean of the first minus the mean of all', () => {
  const spec = { score: 'score', priority: 'priority', draws: 10, random: generator(1), shares: [0.25, 0.5, 1] }
  const single = targetingCurve({ score: Float64Array.of(4, 4, 2, 0, 0, -2), priority: Float64Array.of(4, 4, 3, 2, 2, 1) }, spec)
  const weighted = targetingCurve({ score: Float64Array.of(4, 2, 0, -2), priority: Float64Array.of(4, 3, 2, 1), g: Float64Array.of(2, 1, 2, 1) }, { ...spec, weights: 'g' })
  assert.deepEqual(single.toc.map((row) => row.estimate), weighted.toc.map((row) => row.estimate))
  assert.ok(Math.abs(single.toc[1]!.estimate - (10 / 3 - 8 / 6)) < 1e-12)
  assert.equal(single.toc.length, 2)
  assert.ok(single.band >= 1.959)
})

test('a priority of one value has no error and no p-value', () => {
  const row = rate({ score: Float64Array.of(4, 2, 0, -2), priority: new Float64Array(4) }, { score: 'score', priority: 'priority', target: 'autoc', random: generator(1) })
  assert.equal(row.std_error, null)
  assert.equal(row.p_value, null)
})
