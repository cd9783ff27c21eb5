import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { gateByPrediction, type PredictedGroupsFit } from './gate-by-prediction.ts'
import type { Units } from './leave-out.ts'
import { mostAffected } from './most-affected.ts'
import { sortedEffects } from './sorted-effects.ts'

const n = 1000
const rows: Units = { of: Int32Array.from({ length: n }, (_, i) => i), count: n, clustered: false }
const g = generator(11, 'groups')
const column = (draw: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => draw(i))
const prediction = column(() => g.uniform())
const noise = column(() => g.normal())
const of = (score: Float64Array, units = rows, groups = 4): PredictedGroupsFit => gateByPrediction({ score, prediction }, { score: 'score', prediction: 'prediction', groups, units })

test('each group has the mean of its own scores and its error; effects that rise are found to rise', () => {
  const fit = of(prediction.map((v, i) => 3 * v + noise[i]!))
  const own = Array.from(prediction.keys()).filter((i) => fit.group[i] === 2)
  const scores = own.map((i) => 3 * prediction[i]! + noise[i]!)
  const mean = scores.reduce((a, b) => a + b, 0) / own.length
  const sd = Math.sqrt(scores.reduce((a, v) => a + (v - mean) ** 2, 0) / (own.length - 1))
  assert.ok(Math.abs(fit.groups[2]!.estimate - mean) < 1e-12)
  assert.ok(Math.abs(fit.groups[2]!.std_error! - sd / Math.sqrt(own.length)) < 1e-12)
  assert.equal(fit.monotone.falls, 0)
  assert.equal(fit.monotone.p_fall, 1)
  assert.deepEqual(fit.monotone.rising, fit.groups.map((row) => row.estimate))
  assert.ok(fit.equality.p_value! < 1e-6 && fit.ends.estimate > 1.5)
})

test('effects that fall are said to fall, and their nearest rising sequence is level', () => {
  const fit = of(prediction.map((v, i) => -3 * v + noise[i]!))
  assert.equal(fit.monotone.falls, 3)
  assert.ok(fit.monotone.p_fall < 1e-4)
  assert.equal(new Set(fit.monotone.rising).size, 1)
})

test('rows of twins as clusters have the errors of single rows, up to the count of units', () => {
  const twice = (values: Float64Array): Float64Array => Float64Array.from({ length: 2 * n }, (_, i) => values[i >> 1]!)
  const score = prediction.map((v, i) => v + noise[i]!)
  const single = of(score)
  const twins = gateByPrediction({ score: twice(score), prediction: twice(prediction) }, { score: 'score', prediction: 'prediction', groups: 4, units: { of: Int32Array.from({ length: 2 * n }, (_, i) => i >> 1), count: n, clustered: true } })
  for (const k of [0, 1, 2, 3]) assert.ok(Math.abs(twins.groups[k]!.std_error! - single.groups[k]!.std_error!) < 0.02 * single.groups[k]!.std_error!)
  assert.ok(Math.abs(twins.equality.statistic! * 3 - single.equality.statistic!) < 0.05 * single.equality.statistic!)
})

test('groups of noise are told apart about as often as the level says, and are not said to fall more often', () => {
  const draws = 400
  let unequal = 0
  let fell = 0
  for (let seed = 0; seed < draws; seed++) {
    const own = generator(seed, 'noise groups')
    const fit = of(column(() => own.normal()))
    if (fit.equality.p_value! < 0.05) unequal += 1
    if (fit.monotone.p_fall < 0.05) fell += 1
  }
  // Binomial(400, 0.05): mean 20, sd 4.4; three sd either way. Holm is cautious, so only from above.
  assert.ok(unequal >= 7 && unequal <= 33, `${unequal}`)
  assert.ok(fell <= 33, `${fell}`)
})

test('a prediction with one value for most is refused', () => {
  assert.throws(() => gateByPrediction({ score: noise, prediction: column((i) => (i === 0 ? 1 : 0)) }, { score: 'score', prediction: 'prediction', units: rows }), (e: unknown) => isFault(e) && e.code === 'causal.group_empty')
})

test('what distinguishes the highest group is named with both means, and constant columns are left out', () => {
  const fit = of(noise)
  const made = mostAffected({ trait: column((i) => (prediction[i]! > 0.9 ? 1 : 0)), other: column(() => g.normal()), same: column(() => 2) }, { covariates: ['trait', 'other', 'same'], group: fit.group, units: rows })
  assert.deepEqual(made.map((row) => row.term), ['trait', 'other'])
  assert.equal(made[0]!.options['mean_lowest'], 0)
  assert.ok(made[0]!.estimate > 0.3 && (made[0]!.options['p_holm'] as number) < 1e-6)
  assert.ok(made[1]!.p_value! > 0.01)
})

test('sorted effects of noise have no signal though they rise', () => {
  const sorted = sortedEffects({ predictions: noise, variances: new Float64Array(n).fill(1.1) })
  assert.ok(sorted.effect.every((v, k) => k === 0 || v >= sorted.effect[k - 1]!))
  assert.equal(sorted.signal, 0)
  assert.ok(sorted.effect[100]! - sorted.effect[0]! > 4 && sorted.low![50]! < 0 && sorted.high![50]! > 0)
})
