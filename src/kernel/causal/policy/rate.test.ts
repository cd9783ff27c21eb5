import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator } from '#kernel/numeric'
import { rate } from './rate.ts'

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
