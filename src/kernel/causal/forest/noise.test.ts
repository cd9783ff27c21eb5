import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator } from '#kernel/numeric'
import { calibrationTest } from '../policy/calibration-test.ts'
import { effectScores } from '../policy/forest-rows.ts'
import { targetingCurve } from '../policy/rate.ts'
import { causalForest, type CausalForest } from './causal-forest.ts'

/**
 * A forest on pure noise finds nothing. The outcome depends on the covariates, the treatment is drawn and does the same to everybody, so tests at 5% should find differences in
 * one of twenty draws. The bar is 5% ± 1.5 points. Of 500 draws a right test misses it one time in eight (their standard error is 1 point), so the long form has 2,000; the short
 * form has 60, and the bounds outside which a right test falls once in a thousand times.
 *
 * RATE and the calibration test are asked of predictions that were learned on the other half of the rows. Of a forest's own out-of-bag predictions the calibration test
 * rejects more seldom than it says (2.8% of 500 draws): a prediction without the row's own outcome leans away from it. That is on the safe side, so only the upper bound holds there.
 */
const full = process.env['LAUREL_FULL'] === '1'
const draws = full ? 2000 : 60
const [n, columns, numTrees] = [400, 5, 50]

/** Least and largest number of rejections that a test of the given size has in `count` draws but for one in a thousand on either side. */
function usual(count: number, size: number): readonly [number, number] {
  let term = (1 - size) ** count
  let below = 0
  let least = -1
  for (let k = 0; ; k++) {
    below += term
    if (least < 0 && below > 0.001) least = k
    if (below >= 0.999) return [least, k]
    term *= ((count - k) / (k + 1)) * (size / (1 - size))
  }
}

interface Rejections {
  own: number
  calibration: number
  autoc: number
  qini: number
}

const differs = (forest: CausalForest): boolean => calibrationTest(forest)[1]!.p_value! <= 0.05

/** Counts how often 5% tests find differences in an effect of 0.2 that differs by `slope` along the first covariate. */
async function rejections(times: number, slope: number): Promise<Rejections> {
  const covariates = Array.from({ length: columns }, (_, j) => `x${j}`)
  const out = { own: 0, calibration: 0, autoc: 0, qini: 0 }
  for (let draw = 0; draw < times; draw++) {
    const g = generator(1, 'noise', draw)
    const column = (of: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => of(i))
    const data: Record<string, Float64Array> = Object.fromEntries(covariates.map((name, j) => [name, column(() => (j % 2 === 0 ? g.uniform() : g.below(4)))]))
    data['w'] = column(() => g.below(2))
    data['y'] = column((i) => data['x0']![i]! + (0.2 + slope * (data['x0']![i]! - 0.5)) * data['w']![i]! + g.normal())
    const half = (odd: number): Record<string, Float64Array> => Object.fromEntries(Object.entries(data).map(([name, values]) => [name, values.filter((_, i) => i % 2 === odd)]))
    const grow = (rows: Record<string, Float64Array>, keepTrees = false): Promise<CausalForest> => causalForest(rows, { outcome: 'y', treatment: 'w', covariates, wHat: 0.5, numTrees, seed: draw, keepTrees })
    if (differs(await grow(data))) out.own++
    const learned = await grow(half(0), true)
    const judged = half(1)
    const other = await grow(judged)
    const predictions = learned.predict(judged)
    if (differs({ ...other, predictions })) out.calibration++
    const curve = targetingCurve({ score: effectScores(other), priority: predictions }, { score: 'score', priority: 'priority', random: generator(2, 'noise', draw) })
    if (curve.autoc.p_value! <= 0.05) out.autoc++
    if (curve.qini.p_value! <= 0.05) out.qini++
  }
  return out
}

test(`a forest on noise finds nothing: ${draws} draws`, async (t) => {
  const found = await rejections(draws, 0)
  const [least, most] = full ? [0.035 * draws, 0.065 * draws] : usual(draws, 0.05)
  for (const [name, count] of Object.entries(found)) t.diagnostic(`${name}: ${((100 * count) / draws).toFixed(1)}% of ${draws} draws`)
  for (const [name, count] of Object.entries(found)) assert.ok((name === 'own' || count >= least) && count <= most, `${name} finds differences in ${count} of ${draws} draws, where ${least} to ${most} were to be expected`)
})

test('a forest on an effect that differs finds it', async () => {
  const found = await rejections(10, 4)
  assert.deepEqual(found, { own: 10, calibration: 10, autoc: 10, qini: 10 })
})

test('the usual number of rejections is a binomial quantile', () => {
  assert.deepEqual(usual(500, 0.05), [11, 41])
  assert.deepEqual(usual(60, 0.05), [0, 9])
})
