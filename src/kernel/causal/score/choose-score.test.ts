import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { calibrationCurve } from './calibration-curve.ts'
import { chosenScore, scoreModels } from './choose-score.ts'
import { crossFittedScore } from './cross-fit.ts'
import { forestModel } from './forest-model.ts'
import type { ScoreModel } from './model.ts'
import { ridgeLogistic } from './ridge.ts'

/** Chance of 1 that is a line in x on the scale of log odds, or a chequerboard of x and u that no line sees. */
function people(seed: number, n: number, kind: 'line' | 'board') {
  const g = generator(seed, 'choose')
  const column = (draw: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => draw(i))
  const [x, u, z] = [column(() => g.normal()), column(() => g.normal()), column(() => g.below(2))]
  const y = column((i) => (g.uniform() < (kind === 'line' ? 1 / (1 + Math.exp(0.5 - 1.5 * x[i]! + 1.2 * u[i]!)) : x[i]! * u[i]! > 0 ? 0.85 : 0.15) ? 1 : 0))
  return { x, u, z, y }
}
const spec = { outcome: 'y', treatment: 'z', covariates: ['x', 'u'], folds: 4, random: generator(1) }

test('the model that predicts best out of fold is chosen: the line where there is one, trees where lines see nothing', () => {
  const line = chosenScore(people(1, 1500, 'line'), { ...spec, models: scoreModels(true, 1500) })
  assert.equal(line.model, 'ridge logit')
  assert.deepEqual(line.judged.map((one) => one.loss), line.judged.map((one) => one.loss).toSorted((a, b) => a! - b!))
  assert.equal(line.judged.length, 3)
  assert.ok(line.judged[0]!.loss! < line.withoutModel)
  const board = chosenScore(people(2, 1500, 'board'), { ...spec, models: scoreModels(true, 1500) })
  assert.ok(['boosted trees', 'probability forest'].includes(board.model), board.model)
  assert.ok(board.judged.at(-1)!.model === 'ridge logit' && board.judged.at(-1)!.loss! > 0.95 * board.withoutModel)
})

test('the log-loss is that of control rows, and the score is the chosen model’s own', () => {
  const data = people(3, 400, 'line')
  const model = ridgeLogistic({ penalty: 0.01 })
  const chosen = chosenScore(data, { ...spec, models: [model] })
  assert.deepEqual(chosen.score, crossFittedScore(data, { ...spec, model }).score)
  const control = [...data.z.keys()].filter((i) => data.z[i] === 0)
  const loss = -control.reduce((total, i) => total + Math.log(Math.max(0.5 / control.length, data.y[i] === 1 ? chosen.score[i]! : 1 - chosen.score[i]!)), 0) / control.length
  assert.ok(Math.abs(chosen.judged[0]!.loss! - loss) < 1e-12)
})

test('a model that cannot be fitted is passed over with its reason; when none can, its fault is raised', () => {
  const data = people(4, 60, 'line')
  const broken: ScoreModel = { name: 'needs more', settings: {}, fit: (_, from) => forestModel({ loss: 'logistic' }).fit(data.y, { ...from, rows: from.rows.subarray(0, 2) }, generator(1)) }
  const chosen = chosenScore(data, { ...spec, models: [broken, ridgeLogistic({ penalty: 1 })] })
  assert.equal(chosen.model, 'ridge logit')
  assert.match(chosen.judged[1]!.reason!, /needed/)
  assert.throws(() => chosenScore(data, { ...spec, models: [broken] }), (e: unknown) => isFault(e) && e.code === 'causal.too_few')
})

test('a forest as a model: chances between 0 and 1 that follow the truth, means for other outcomes, one answer for a seed', () => {
  const data = people(5, 1200, 'board')
  const from = { columns: [data.x, data.u], rows: Int32Array.from({ length: 800 }, (_, i) => i) }
  const rest = { columns: from.columns, rows: Int32Array.from({ length: 400 }, (_, i) => 800 + i) }
  const p = forestModel({ loss: 'logistic' }).fit(data.y, from, generator(1))(rest)
  assert.ok(p.every((v) => v >= 0 && v <= 1))
  const right = p.filter((v, k) => v > 0.5 === data.x[800 + k]! * data.u[800 + k]! > 0).length / 400
  assert.ok(right > 0.85, `${right}`)
  assert.deepEqual(forestModel({ loss: 'logistic' }).fit(data.y, from, generator(1))(rest), p)
  assert.notDeepEqual(forestModel({ loss: 'logistic' }).fit(data.y, from, generator(2))(rest), p)
  // Of two classes it is the regression forest of 0 and 1.
  const mean = forestModel({ loss: 'squared' }).fit(data.y, from, generator(1))(rest)
  assert.ok(Math.max(...mean.map((v, k) => Math.abs(v - p[k]!))) < 0.2)
  assert.throws(() => forestModel({ loss: 'logistic' }).fit(data.x, from, generator(1)), (e: unknown) => isFault(e) && e.code === 'causal.not_zero_one')
})

test('the calibration curve of a true chance lies on the diagonal, of a sharpened one beside it; its points hold every row', () => {
  const g = generator(6, 'curve')
  const score = Float64Array.from({ length: 4000 }, () => g.uniform())
  const outcome = score.map((p) => (g.uniform() < p ? 1 : 0))
  const rows = Int32Array.from(score.keys())
  const points = calibrationCurve(score, outcome, rows)
  assert.equal(points.reduce((total, one) => total + one.rows, 0), 4000)
  assert.ok(points.filter((one) => one.low <= one.score && one.score <= one.high).length >= 8)
  const sharp = calibrationCurve(score.map((p) => (p > 0.5 ? 0.95 : 0.05)), outcome, rows)
  assert.ok(sharp.every((one) => one.score < one.low || one.score > one.high))
  assert.throws(() => calibrationCurve(score, outcome, rows.subarray(0, 12)), (e: unknown) => isFault(e) && e.code === 'causal.too_few')
})
