import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { boostedTrees } from './boosting.ts'
import { crossFittedScore } from './cross-fit.ts'
import type { ScoreModel } from './model.ts'
import { ridgeLinear, ridgeLogistic } from './ridge.ts'

const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted
const near = (a: number, b: number, tolerance: number, what = ''): void => assert.ok(Math.abs(a - b) <= tolerance, `${what} ${a} is not ${b}`)
const all = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

function people(n: number, seed: number) {
  const g = generator(seed, 'score')
  const columns = [Float64Array.from({ length: n }, () => g.normal()), Float64Array.from({ length: n }, () => 100 + 20 * g.normal()), Float64Array.from({ length: n }, () => g.below(3))]
  const index = (i: number): number => 0.5 + columns[0]![i]! - 0.03 * (columns[1]![i]! - 100)
  return {
    columns,
    rows: all(n),
    y: Float64Array.from({ length: n }, (_, i) => index(i) + g.normal()),
    b: Float64Array.from({ length: n }, (_, i) => (g.uniform() < 1 / (1 + Math.exp(-index(i))) ? 1 : 0)),
    z: Float64Array.from({ length: n }, () => g.below(2)),
    // A step and an interaction, which no straight line sees.
    steps: Float64Array.from({ length: n }, (_, i) => (columns[0]![i]! > 0.5 ? 2 : 0) + (columns[2]![i] === 1 && columns[1]![i]! > 100 ? 3 : 0) + 0.3 * g.normal()),
  }
}

/** A fit's coefficients, read off its predictions: constant and slopes on the scale of `link`. */
function coefficients(model: ScoreModel, y: Float64Array, from: ReturnType<typeof people>, link: (p: number) => number): number[] {
  const predict = model.fit(y, from, generator(1))
  const at = (x: number[]) => link(predict({ columns: x.map((v) => Float64Array.of(v)), rows: all(1) })[0]!)
  const zero = at([0, 0, 0])
  return [zero, at([1, 0, 0]) - zero, at([0, 1, 0]) - zero, at([0, 0, 1]) - zero]
}

test('ridge fits are where their penalized criteria are flat', () => {
  const data = people(400, 1)
  const n = 400
  const spreads = data.columns.map((c) => {
    const mean = c.reduce((s, v) => s + v, 0) / n
    return Math.sqrt(c.reduce((s, v) => s + (v - mean) ** 2, 0) / n)
  })
  for (const penalty of [0, 0.1, 3]) {
    for (const [model, y, link, mean] of [
      [ridgeLinear({ penalty }), data.y, (p: number) => p, (eta: number) => eta],
      [ridgeLogistic({ penalty }), data.b, (p: number) => Math.log(p / (1 - p)), (eta: number) => 1 / (1 + Math.exp(-eta))],
    ] as const) {
      const beta = coefficients(model, y, data, link)
      const residual = Array.from(y, (v, i) => v - mean(beta[0]! + data.columns.reduce((s, c, j) => s + beta[j + 1]! * c[i]!, 0)))
      near(residual.reduce((s, e) => s + e, 0) / n, 0, 1e-9, `${model.name} constant`)
      for (const [j, c] of data.columns.entries()) {
        const slope = residual.reduce((s, e, i) => s + e * c[i]!, 0) / n - penalty * spreads[j]! ** 2 * beta[j + 1]!
        near(slope / spreads[j]!, 0, 1e-8, `${model.name} ${penalty} column ${j}`)
      }
    }
  }
})

test('a heavier ridge shrinks slopes towards none, and the prediction towards the mean', () => {
  const data = people(300, 2)
  const mean = data.y.reduce((s, v) => s + v, 0) / 300
  let last = Number.POSITIVE_INFINITY
  for (const penalty of [0, 1, 10, 1e6]) {
    const predicted = ridgeLinear({ penalty }).fit(data.y, data, generator(1))(data)
    const spread = predicted.reduce((s, v) => s + (v - mean) ** 2, 0)
    assert.ok(spread < last)
    last = spread
  }
  near(Math.sqrt(last / 300), 0, 1e-4)
})

test('columns that follow from others or never vary do not disturb a fit', () => {
  const data = people(200, 3)
  const more = { ...data, columns: [...data.columns, data.columns[0]!.map((v) => 3 * v - 1), new Float64Array(200).fill(7)] }
  for (const [model, y] of [[ridgeLinear(), data.y], [ridgeLogistic(), data.b]] as const) {
    const one = model.fit(y, data, generator(1))(data)
    const two = model.fit(y, more, generator(1))(more)
    for (let i = 0; i < 200; i++) near(two[i]!, one[i]!, 1e-9)
  }
})

test('a parted outcome has no logistic estimate, but a ridge one', () => {
  const data = people(100, 4)
  const parted = data.columns[0]!.map((v) => (v > 0 ? 1 : 0))
  assert.throws(() => ridgeLogistic().fit(parted, data, generator(1)), code('causal.no_finite_estimate'))
  assert.throws(() => ridgeLogistic().fit(new Float64Array(100), data, generator(1)), code('causal.no_finite_estimate'))
  const p = ridgeLogistic({ penalty: 0.01 }).fit(parted, data, generator(1))(data)
  assert.ok(p.filter((v, i) => v > 0.5 === (parted[i] === 1)).length >= 95)
  assert.throws(() => ridgeLogistic().fit(data.y, data, generator(1)), code('causal.not_zero_one'))
})

test('one tree of depth one is the best of all cuts, found by hand', () => {
  const data = people(60, 5)
  const settings = { loss: 'squared', trees: 1, depth: 1, learningRate: 1, leafRows: 5, penalty: 0, share: 1 } as const
  const predicted = boostedTrees(settings).fit(data.y, data, generator(1))(data)
  const mean = (rows: number[]) => rows.reduce((s, i) => s + data.y[i]!, 0) / rows.length
  let best = Number.POSITIVE_INFINITY
  let expected: number[] = []
  for (const c of data.columns) {
    for (const cut of c) {
      const left = [...data.rows].filter((i) => c[i]! <= cut)
      const right = [...data.rows].filter((i) => c[i]! > cut)
      if (left.length < 5 || right.length < 5) continue
      const fitted = [...data.rows].map((i) => (c[i]! <= cut ? mean(left) : mean(right)))
      const loss = fitted.reduce((s, f, i) => s + (data.y[i]! - f) ** 2, 0)
      if (loss < best - 1e-9) {
        best = loss
        expected = fitted
      }
    }
  }
  for (const [i, v] of expected.entries()) near(predicted[i]!, v, 1e-9)
})

test('a logistic leaf is one Newton step, with its penalty', () => {
  // One column of two values, ten rows each; start at the log odds of 8 in 20.
  const column = Float64Array.from({ length: 20 }, (_, i) => (i < 10 ? 0 : 1))
  const y = Float64Array.from({ length: 20 }, (_, i) => (i < 2 || i > 13 ? 1 : 0))
  const from = { columns: [column], rows: all(20) }
  const p = boostedTrees({ loss: 'logistic', trees: 1, depth: 1, learningRate: 0.5, leafRows: 2, penalty: 2, share: 1 }).fit(y, from, generator(1))(from)
  const start = Math.log(0.4 / 0.6)
  for (const [row, ones] of [[0, 2], [19, 6]] as const) near(p[row]!, 1 / (1 + Math.exp(-(start + (0.5 * (ones - 4)) / (10 * 0.24 + 2)))), 1e-12)
})

test('boosted trees see steps and interactions that a line does not, on rows they have not seen', () => {
  const data = people(2000, 6)
  const train = { columns: data.columns, rows: all(1000) }
  const rest = { columns: data.columns, rows: all(2000).slice(1000) }
  const error = (model: ScoreModel) => model.fit(data.steps, train, generator(1))(rest).reduce((s, v, i) => s + (v - data.steps[1000 + i]!) ** 2, 0) / 1000
  const trees = error(boostedTrees({ loss: 'squared' }))
  assert.ok(trees < 0.25 && error(ridgeLinear()) > 1, `${trees}`)
  // The noise alone has variance 0.09.
  assert.ok(trees > 0.09)
})

test('columns with more than 255 values are cut at quantiles; a seed gives one forest, another another', () => {
  const data = people(3000, 7)
  const fit = (seed: number) => boostedTrees({ loss: 'logistic', trees: 40 }).fit(data.b, data, generator(seed))(data)
  const [one, again, other] = [fit(1), fit(1), fit(2)]
  assert.deepEqual(one, again)
  assert.notDeepEqual(one, other)
  assert.ok(one!.every((p) => p > 0 && p < 1))
})

test('out of fold: no row is scored by a model that has seen it, clusters stay together, and only control rows teach', () => {
  const data = people(300, 8)
  const table = { y: data.y, b: data.b, z: data.z, x0: data.columns[0]!, x1: data.columns[1]!, cluster: Float64Array.from({ length: 300 }, (_, i) => Math.floor(i / 3)) }
  const spec = { outcome: 'y', treatment: 'z', covariates: ['x0', 'x1'], folds: 5, random: generator(1) }
  // A model that remembers: it predicts the outcome of a row that it was given, and 1e6 for one that is new to it.
  const memory: ScoreModel = { name: 'memory', settings: {}, fit: (y, from) => (of) => Float64Array.from(of.rows, (i) => (from.rows.includes(i) ? y[i]! : 1e6 + Math.max(...from.rows.values().map((r) => table.z[r]!)))) }
  const { score, fold } = crossFittedScore(table, { ...spec, model: memory })
  assert.ok(score.every((s) => s === 1e6)) // 1e6 + 0: new, and no treated row among the teachers
  assert.deepEqual([0, 1, 2, 3, 4].map((k) => fold.filter((f) => f === k).length), [60, 60, 60, 60, 60])
  const clusters = Float64Array.from(table.cluster, (c) => Math.floor(c))
  const whole = crossFittedScore({ ...table, z: clusters.map((c) => c % 2) }, { ...spec, clusters: 'cluster', model: ridgeLinear() })
  for (let i = 0; i < 300; i++) assert.equal(whole.fold[i], whole.fold[3 * Math.floor(i / 3)])
  assert.deepEqual(crossFittedScore(table, { ...spec, model: ridgeLinear() }).score, crossFittedScore(table, { ...spec, model: ridgeLinear() }).score)
})

test('quality: pairs ordered rightly for 0/1 outcomes, variance explained for others, control rows only', () => {
  const data = people(500, 9)
  const table = { y: data.y, b: data.b, z: data.z, x0: data.columns[0]!, x1: data.columns[1]! }
  const spec = { treatment: 'z', covariates: ['x0', 'x1'], folds: 4, random: generator(1) }
  const binary = crossFittedScore(table, { ...spec, outcome: 'b', model: ridgeLogistic() })
  let right = 0
  let pairs = 0
  for (let i = 0; i < 500; i++) for (let j = 0; j < 500; j++) {
    if (table.z[i] === 1 || table.z[j] === 1 || table.b[i] !== 1 || table.b[j] !== 0) continue
    pairs += 1
    right += binary.score[i]! > binary.score[j]! ? 1 : binary.score[i] === binary.score[j] ? 0.5 : 0
  }
  assert.equal(binary.quality.measure, 'auc')
  near(binary.quality.value, right / pairs, 1e-12)
  const numeric = crossFittedScore(table, { ...spec, outcome: 'y', model: ridgeLinear() })
  assert.ok(numeric.quality.measure === 'r2' && numeric.quality.value > 0.4 && numeric.quality.value < 0.75, `${numeric.quality.value}`)
})

test('what cannot be scored is refused with a code', () => {
  const data = people(30, 10)
  const table = { y: data.y, z: data.z, x0: data.columns[0]! }
  const spec = { outcome: 'y', treatment: 'z', covariates: ['x0'], model: ridgeLinear(), random: generator(1) }
  assert.throws(() => crossFittedScore(table, { ...spec, folds: 31 }), code('causal.too_few'))
  assert.throws(() => crossFittedScore({ ...table, fold: new Float64Array(30) }, { ...spec, folds: 'fold' }), code('causal.too_few'))
  assert.throws(() => crossFittedScore({ ...table, x0: table.x0.with(0, Number.NaN) }, { ...spec, folds: 3 }), code('causal.not_finite'))
  assert.throws(() => boostedTrees({ loss: 'squared' }).fit(data.y, data, generator(1)), code('causal.too_few'))
  assert.throws(() => boostedTrees({ loss: 'logistic', leafRows: 2 }).fit(data.y, data, generator(1)), code('causal.not_zero_one'))
  assert.throws(() => boostedTrees({ loss: 'squared', depth: 0 }), TypeError)
  assert.throws(() => ridgeLinear({ penalty: -1 }), TypeError)
})
