import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { effectScores } from './forest-rows.ts'
import { forwardPredictions, taken } from './forward-predictions.ts'
import { rate } from './rate.ts'
import { causalForest } from '../forest/causal-forest.ts'

function trial(seed: number, n: number, effect: number) {
  const g = generator(seed, 'forward')
  const column = (draw: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => draw(i))
  const x = column(() => g.below(10))
  const u = column(() => g.uniform())
  const w = column(() => g.below(2))
  const y = column((i) => 0.2 * x[i]! + w[i]! * effect * (x[i]! > 4 ? 1 : -1) + g.normal())
  return { x, u, w, y, kind: Array.from(x, (v) => (v > 6 ? 'many' : 'few')), group: column((i) => Math.floor(i / 4)) }
}
const spec = { outcome: 'y', treatment: 'w', covariates: ['x', 'u', 'kind'], wHat: 0.5, numTrees: 50 }

test('the first fold has no prediction, the others have places from 0 to 1, and their own outcomes do not reach them', async () => {
  const data = trial(1, 300, 1)
  const told = await forwardPredictions(data, { ...spec, random: generator(1) })
  assert.equal(told.held.length, 200)
  assert.equal(told.place.filter((v) => Number.isNaN(v)).length, 100)
  for (const i of told.held) assert.ok(told.place[i]! >= 0 && told.place[i]! <= 1)
  // With two folds the second is judged by the first alone: other outcomes in it change nothing.
  const two = await forwardPredictions(data, { ...spec, folds: 2, random: generator(1) })
  const y = data.y.map((v, i) => (Number.isNaN(two.place[i]!) ? v : 100 - v))
  assert.deepEqual((await forwardPredictions({ ...data, y }, { ...spec, folds: 2, random: generator(1) })).prediction, two.prediction)
  const other = data.y.map((v, i) => (Number.isNaN(two.place[i]!) ? 100 - v : v))
  assert.notDeepEqual((await forwardPredictions({ ...data, y: other }, { ...spec, folds: 2, random: generator(1) })).prediction, two.prediction)
})

test('clusters stay together, a seed gives one answer at any number of threads, and too few rows are refused', async () => {
  const data = trial(2, 240, 1)
  const clustered = await forwardPredictions(data, { ...spec, clusters: 'group', random: generator(2) })
  for (let i = 0; i < 240; i++) assert.equal(Number.isNaN(clustered.place[i]!), Number.isNaN(clustered.place[4 * Math.floor(i / 4)]!))
  assert.deepEqual(await forwardPredictions(data, { ...spec, clusters: 'group', random: generator(2), numThreads: 2 }), clustered)
  await assert.rejects(forwardPredictions(taken(data, Int32Array.of(0, 1, 2, 3, 4)), { ...spec, random: generator(1) }), (e: unknown) => isFault(e) && e.code === 'causal.too_few')
})

test('a difference that is there is found on the held rows; on noise the priority finds one as often as its level says', async () => {
  const judged = async (seed: number, n: number, effect: number): Promise<number> => {
    const data = trial(seed, n, effect)
    const { place, held } = await forwardPredictions(data, { ...spec, numTrees: 20, random: generator(seed) })
    const forest = await causalForest(data, { ...spec, numTrees: 20, ciGroupSize: 1 })
    const score = effectScores(forest)
    return rate(taken({ score, place }, held), { score: 'score', priority: 'place', target: 'autoc', draws: 50, random: generator(seed) }).statistic!
  }
  assert.ok((await judged(3, 1200, 1)) > 3)
  const draws = process.env['LAUREL_FULL'] === '1' ? 400 : 60
  let found = 0
  for (let seed = 0; seed < draws; seed++) if ((await judged(seed, 150, 0)) > 1.645) found += 1
  // Binomial(60, 0.05): 9 or more once in 800; Binomial(400, 0.05): 33 or more once in 400. Out-of-bag predictions of one forest find far more.
  assert.ok(found <= (draws === 60 ? 8 : 32), `${found} of ${draws}`)
})
