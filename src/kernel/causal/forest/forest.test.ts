import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { suite, test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { causalForest, type CausalForestSpec } from './causal-forest.ts'
import { instrumentalForest } from './instrumental-forest.ts'
import { leafSizeFor } from './options.ts'
import { probabilityForest } from './probability-forest.ts'
import { regressionForest } from './regression-forest.ts'

type Data = Record<string, Float64Array>

const covariates = ['x0', 'x1', 'x2', 'x3', 'x4']

/** A drawn treatment whose effect is a step in x0, among columns of few and of many values. */
function trial(n: number, seed = 1): Data {
  const g = generator(seed, 'forest test')
  const column = (draw: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => draw(i))
  const data: Data = { x0: column(() => g.uniform()), x1: column(() => g.normal()), x2: column(() => g.below(2)), x3: column(() => g.below(7)), x4: column(() => Math.floor(100 * g.uniform())), w: column(() => g.below(2)) }
  data['tau'] = column((i) => (data['x0']![i]! > 0.5 ? 2 : 0))
  data['y'] = column((i) => data['x1']![i]! + data['w']![i]! * data['tau']![i]! + g.normal())
  return data
}

const spec: CausalForestSpec = { outcome: 'y', treatment: 'w', covariates, numTrees: 200 }
const bits = (...arrays: readonly (Float64Array | undefined)[]): string => {
  const hash = createHash('sha256')
  for (const array of arrays) hash.update(new Uint8Array(array!.buffer, array!.byteOffset, array!.byteLength))
  return hash.digest('hex')
}
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((total, v) => total + v, 0) / values.length
const mse = (a: Float64Array, b: Float64Array): number => mean(a.map((v, i) => (v - b[i]!) ** 2))
const furthest = (a: Float64Array, b: Float64Array): number => a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0)
const faultOf = async (run: Promise<unknown>): Promise<string> => {
  try {
    await run
  } catch (error) {
    if (isFault(error)) return error.code
    throw error
  }
  return 'none'
}

suite('any number of threads', () => {
  for (const [name, change] of [
    ['as it is', {}],
    ['with weights, clusters and a part of each half-sample', { sampleWeights: 'weight', clusters: 'cluster', sampleFraction: 0.3 }],
    ['of single trees, exact, trees kept', { ciGroupSize: 1, exact: true, keepTrees: true }],
  ] as const) {
    test(`law: one, two and three threads give the same bits, ${name}`, async () => {
      const data = trial(600)
      data['weight'] = data['x4']!.map((v) => 1 + v / 50)
      data['cluster'] = data['x4']!
      const hashes = []
      for (const numThreads of [1, 2, 3]) {
        const forest = await causalForest(data, { ...spec, numTrees: 60, ...change, numThreads })
        const extra = 'keepTrees' in change ? [forest.predict(data)] : [forest.variances]
        hashes.push(bits(forest.predictions, forest.yHat, forest.wHat, forest.importance, ...extra))
      }
      assert.equal(new Set(hashes).size, 1)
    })
  }

  test('the seed decides: another seed gives another forest, a forest beside it does not', async () => {
    const data = trial(400)
    const [one, again, other, alone] = [await causalForest(data, { ...spec, numTrees: 50 }), await causalForest(data, { ...spec, numTrees: 50 }), await causalForest(data, { ...spec, numTrees: 50, seed: 2 }), await regressionForest(data, { ...spec, numTrees: 50 })]
    assert.equal(bits(one.predictions), bits(again.predictions))
    assert.notEqual(bits(one.predictions), bits(other.predictions))
    const more = await regressionForest(data, { ...spec, numTrees: 50, seed: 1 })
    assert.equal(bits(alone.predictions), bits(more.predictions))
  })
})

suite('the effect', () => {
  test('a step is found, and its variable is the important one', async () => {
    const data = trial(2000)
    const forest = await causalForest(data, spec)
    assert.ok(mse(forest.predictions, data['tau']!) < 0.15, `${mse(forest.predictions, data['tau']!)}`)
    assert.equal(forest.importance.indexOf(Math.max(...forest.importance)), 0)
    assert.ok(Math.abs(mean(forest.importance) * 5 - 1) < 1e-9)
    const inside = forest.predictions.filter((tau, i) => Math.abs(tau - data['tau']![i]!) < 1.96 * Math.sqrt(forest.variances![i]!)).length / 2000
    assert.ok(inside > 0.7, `${inside}`)
  })

  test('law: with the treatment as its own instrument the instrumental forest is the causal forest', async () => {
    const data = trial(800)
    const shared = { outcome: 'y', treatment: 'w', covariates, numTrees: 100, yHat: 0.7, wHat: 0.5 }
    const causal = await causalForest(data, shared)
    const iv = await instrumentalForest(data, { ...shared, instrument: 'w', zHat: 0.5 })
    assert.ok(furthest(causal.predictions, iv.predictions) < 1e-6)
    assert.ok(furthest(causal.variances!, iv.variances!) < 1e-6)
  })

  test('an instrument uncovers the effect that take-up hides', async () => {
    const n = 3000
    const data = trial(n)
    const g = generator(3, 'iv')
    const able = Float64Array.from({ length: n }, () => g.normal())
    data['z'] = data['w']!
    data['d'] = able.map((a, i) => (a + 1.5 * data['z']![i]! > 0.7 ? 1 : 0))
    data['y'] = able.map((a, i) => a + data['d']![i]! + 0.5 * g.normal())
    const iv = await instrumentalForest(data, { outcome: 'y', treatment: 'd', instrument: 'z', covariates, numTrees: 200, zHat: 0.5, minNodeSize: 50 })
    const naive = await causalForest(data, { outcome: 'y', treatment: 'd', covariates, numTrees: 200, minNodeSize: 50 })
    assert.ok(Math.abs(mean(iv.predictions) - 1) < 0.25, `${mean(iv.predictions)}`)
    assert.ok(mean(naive.predictions) > 1.5)
  })

  test('law: an outcome turned round turns the effects round, arms turned round do too', async () => {
    const data = trial(500)
    const plain = await causalForest(data, spec)
    const turned = await causalForest({ ...data, y: data['y']!.map((v) => -v) }, spec)
    assert.ok(furthest(plain.predictions, turned.predictions.map((v) => -v)) < 1e-6)
    const other = await causalForest(data, { ...spec, arms: [1, 0] })
    assert.ok(Math.abs(mean(other.predictions) + mean(plain.predictions)) < 0.1)
  })

  test('a dose is a treatment too', async () => {
    const n = 2000
    const data = trial(n)
    const g = generator(5, 'dose')
    data['dose'] = Float64Array.from({ length: n }, () => 3 * g.uniform())
    data['y'] = data['dose']!.map((d, i) => d * data['tau']![i]! + g.normal())
    const forest = await causalForest(data, { outcome: 'y', treatment: 'dose', covariates, numTrees: 200 })
    assert.ok(mse(forest.predictions, data['tau']!) < 0.3, `${mse(forest.predictions, data['tau']!)}`)
  })
})

suite('splits', () => {
  const few = (n: number): Data => {
    const data = trial(n)
    return { ...data, x0: data['x0']!.map((v) => Math.floor(9 * v)), x1: data['x1']!.map((v) => Math.round(v)), x4: data['x4']!.map((v) => Math.floor(v / 3)) }
  }

  test('law: on columns of few values the table and the sorting give the same bits', async () => {
    const data = few(700)
    data['x2']![3] = Number.NaN
    data['x3'] = data['x3']!.map((v, i) => (i % 5 === 0 ? Number.NaN : v))
    data['weight'] = data['x4']!.map((v) => 1 + v / 20)
    data['class'] = data['x1']!.map((v) => Math.max(-1, Math.min(1, v)))
    // Of few columns drawn at a node each is sorted there; else the order of all is kept through the tree (order.ts).
    for (const change of [{}, { sampleWeights: 'weight' }, { imbalancePenalty: 0.1 }, { mtry: 2 }, { mtry: 2, sampleWeights: 'weight' }]) {
      const [table, sorted] = [await causalForest(data, { ...spec, numTrees: 50, ...change }), await causalForest(data, { ...spec, numTrees: 50, ...change, exact: true })]
      assert.equal(bits(table.predictions, table.yHat), bits(sorted.predictions, sorted.yHat))
    }
    const [table, sorted] = [await probabilityForest(data, { outcome: 'class', covariates: ['x0', 'x2', 'x3'], numTrees: 50 }), await probabilityForest(data, { outcome: 'class', covariates: ['x0', 'x2', 'x3'], numTrees: 50, exact: true })]
    assert.equal(bits(...table.predictions), bits(...sorted.predictions))
  })

  test('law: only the order of a covariate counts', async () => {
    const data = trial(500)
    const plain = await regressionForest(data, { outcome: 'y', covariates, numTrees: 50 })
    const bent = await regressionForest({ ...data, x1: data['x1']!.map(Math.exp) }, { outcome: 'y', covariates, numTrees: 50 })
    assert.equal(bits(plain.predictions), bits(bent.predictions))
  })

  test('a missing value that tells something is split off, on columns of few and of many values', async () => {
    const n = 1500
    for (const column of ['x1', 'x3']) {
      const data = trial(n)
      const absent = data['x2']!.map((_, i) => (i % 3 === 0 ? 1 : 0))
      data['y'] = absent.map((v, i) => 5 * v + 0.1 * data['x1']![i]!)
      data[column] = data[column]!.map((v, i) => (absent[i] === 1 ? Number.NaN : v))
      const forest = await regressionForest(data, { outcome: 'y', covariates: [column, 'x2'], numTrees: 100 })
      assert.ok(mse(forest.predictions, absent.map((v) => 5 * v)) < 0.1)
    }
  })

  test('a forest of a thousand columns tries some at each node', async () => {
    const n = 300
    const g = generator(8, 'wide')
    const data: Data = { y: new Float64Array(n) }
    for (let j = 0; j < 1000; j++) data[`c${j}`] = Float64Array.from({ length: n }, () => (j % 2 === 0 ? g.normal() : g.below(3)))
    data['y'] = data['c500']!.map((v) => 3 * v)
    const forest = await regressionForest(data, { outcome: 'y', covariates: Object.keys(data).filter((name) => name !== 'y'), numTrees: 100 })
    assert.equal(forest.importance.indexOf(Math.max(...forest.importance)), 500)
  })
})

suite('the mean and the classes', () => {
  test('a regression forest predicts out of bag, and its variance covers', async () => {
    const data = trial(2000)
    const truth = data['x1']!.map((v, i) => v + 0.5 * data['tau']![i]!)
    const forest = await regressionForest(data, { outcome: 'y', covariates, numTrees: 400 })
    assert.ok(mse(forest.predictions, truth) < 0.25, `${mse(forest.predictions, truth)}`)
    assert.ok(forest.variances!.every((v) => v > 0 && v < 1))
  })

  test('law: a constant outcome is predicted as it is, and without any doubt', async () => {
    const data = { ...trial(200), y: new Float64Array(200).fill(7) }
    const forest = await regressionForest(data, { outcome: 'y', covariates, numTrees: 20 })
    assert.ok(forest.predictions.every((v) => v === 7) && forest.variances!.every((v) => v === 0))
  })

  test('law: weights that are all alike change nothing', async () => {
    const data = { ...trial(400), weight: new Float64Array(400).fill(2) }
    const [plain, weighted] = [await causalForest(data, { ...spec, numTrees: 100 }), await causalForest(data, { ...spec, numTrees: 100, sampleWeights: 'weight' })]
    assert.ok(furthest(plain.predictions, weighted.predictions) < 1e-6)
    assert.ok(furthest(plain.variances!, weighted.variances!) < 1e-6)
  })

  test('law: of two classes the probability forest is the regression forest of 0 and 1; probabilities add up to 1', async () => {
    const data = trial(600)
    data['b'] = data['x1']!.map((v) => (v > 0 ? 1 : 0))
    data['c'] = data['x1']!.map((v) => (v > 0.5 ? 2 : v > -0.5 ? 1 : 0))
    const two = await probabilityForest(data, { outcome: 'b', covariates, numTrees: 100 })
    const one = await regressionForest(data, { outcome: 'b', covariates, numTrees: 100 })
    assert.ok(mse(two.predictions[1]!, one.predictions) < 0.002)
    const three = await probabilityForest({ ...data, weight: data['x4']!.map((v) => 1 + v) }, { outcome: 'c', covariates, numTrees: 100, sampleWeights: 'weight' })
    assert.deepEqual(three.classes, [0, 1, 2])
    for (let i = 0; i < 600; i++) assert.ok(Math.abs(three.predictions.reduce((total, p) => total + p[i]!, 0) - 1) < 1e-9)
    const right = data['c'].filter((c, i) => three.predictions[c]![i]! > 0.5).length / 600
    assert.ok(right > 0.8, `${right}`)
  })

  test('clusters are drawn as a whole: what a cluster has in common is not learned from its other rows', async () => {
    const n = 1000
    const g = generator(4, 'clusters')
    const cluster = Float64Array.from({ length: n }, (_, i) => i % 50)
    const own = Float64Array.from({ length: 50 }, () => 3 * g.normal())
    const data: Data = { cluster, x: cluster, y: cluster.map((c) => own[c]! + g.normal()) }
    const rows = await regressionForest(data, { outcome: 'y', covariates: ['x'], numTrees: 200 })
    const whole = await regressionForest(data, { outcome: 'y', covariates: ['x'], numTrees: 200, clusters: 'cluster' })
    const equal = await regressionForest(data, { outcome: 'y', covariates: ['x'], numTrees: 200, clusters: 'cluster', equalizeClusterWeights: true })
    assert.ok(mse(rows.predictions, data['y']!) < 3)
    assert.ok(mse(whole.predictions, data['y']!) > 6 && mse(equal.predictions, data['y']!) > 6)
  })

  test('kept trees predict other rows; a row of the data by all trees, not only those out of bag', async () => {
    const data = trial(1000)
    const forest = await causalForest(data, { ...spec, keepTrees: true })
    const other = trial(500, 9)
    assert.ok(mse(forest.predict(other), other['tau']!) < 0.2)
    assert.ok(mse(forest.predict(data), forest.predictions) < 0.2)
    const bare = await causalForest(data, { ...spec, numTrees: 50 })
    assert.throws(() => bare.predict(other), TypeError)
  })

  test("the product's leaves grow with the rows, grf's do not", () => {
    assert.deepEqual([100, 10_000, 40_000].map(leafSizeFor), [5, 125, 500])
  })

  test('progress counts all trees of all forests, upwards, to the end', async () => {
    const heard: (readonly [number, number])[] = []
    await causalForest(trial(200), { ...spec, numThreads: 2, progress: (done, total) => heard.push([done, total]) })
    assert.ok(heard.every(([done], i) => i === 0 || done >= heard[i - 1]![0]))
    assert.deepEqual(heard.at(-1), [300, 300])
  })
})

suite('bad input', () => {
  const change = (columns: Record<string, ArrayLike<number> | readonly string[]>, options: object = {}): Promise<unknown> => causalForest({ ...trial(200), ...columns } as Data, { ...spec, numTrees: 50, ...options })
  const column = (value: (i: number) => number, n = 200): Float64Array => Float64Array.from({ length: n }, (_, i) => value(i))
  const codeOfTowns = (data: Data, town: readonly string[]): Promise<string> => faultOf(causalForest({ ...data, town }, { ...spec, covariates: ['x0', 'town'], numTrees: 50 }))

  test('what cannot be told is refused by a code', async () => {
    assert.equal(await faultOf(change({ w: column(() => 1) })), 'causal.one_arm')
    assert.equal(await faultOf(change({ w: column(() => 0.3) })), 'causal.constant_column')
    assert.equal(await faultOf(change({ y: column((i) => (i === 7 ? Number.NaN : i)) })), 'causal.not_finite')
    assert.equal(await faultOf(change({ x1: column((i) => (i === 7 ? Infinity : i)) })), 'causal.not_finite')
    assert.equal(await faultOf(change({}, { wHat: 1 })), 'causal.no_overlap')
    assert.equal(await faultOf(change({ x1: Array.from({ length: 200 }, (_, i) => `town ${i}`) })), 'causal.too_many_levels')
    assert.equal(await faultOf(change({}, { covariates: ['nobody'] })), 'causal.no_column')
    assert.equal(await faultOf(change({}, { numTrees: 2 })), 'causal.never_out_of_bag')
    assert.equal(await faultOf(change({ weight: column((i) => i - 3) }, { sampleWeights: 'weight' })), 'causal.weight_not_positive')
    assert.equal(await faultOf(change({ village: column(() => 1) }, { clusters: 'village' })), 'causal.one_cluster')
    assert.equal(await faultOf(causalForest({ x: new Float64Array(3), y: Float64Array.of(1, 2, 3), w: Float64Array.of(0, 1, 0) }, { outcome: 'y', treatment: 'w', covariates: ['x'] })), 'causal.too_few')
  })

  test('a treatment that the covariates decide is refused; a factor of 5,000 levels is told from a number of 5,000 values', async () => {
    const data = trial(1000)
    assert.equal(await faultOf(causalForest({ ...data, w: data['x0']!.map((v) => (v > 0.5 ? 1 : 0)) }, { ...spec, numTrees: 200 })), 'causal.no_overlap')
    const n = 5000
    const wide: Data = trial(n)
    const town = Array.from({ length: n }, (_, i) => `town ${i}`)
    const refused = await codeOfTowns(wide, town)
    assert.equal(refused, 'causal.too_many_levels')
    const numbered = await causalForest({ ...wide, town: Float64Array.from(town.keys()) }, { ...spec, covariates: ['x0', 'town'], numTrees: 50, wHat: 0.5 })
    assert.deepEqual(numbered.coded.binned, [])
    assert.ok(numbered.predictions.every(Number.isFinite) && numbered.variances!.every(Number.isFinite))
  })

  test('a thousand columns, one without any value, and an empty cell of the treatment', async () => {
    const data = trial(200)
    const g = generator(5, 'thousand')
    const many = Array.from({ length: 1000 }, (_, j) => `c${j}`)
    for (const name of many) data[name] = column(() => g.normal())
    const forest = await causalForest(data, { ...spec, covariates: many, numTrees: 50, wHat: 0.5 })
    assert.ok(forest.predictions.every(Number.isFinite) && forest.variances!.every(Number.isFinite))
    const empty = await causalForest({ ...data, x0: column(() => Number.NaN) }, { ...spec, numTrees: 50 })
    assert.match(empty.warnings.join(' '), /can explain nothing: x0/)
    assert.ok(empty.predictions.every(Number.isFinite))
    assert.equal(await faultOf(change({ w: column((i) => (i === 3 ? Number.NaN : i % 2)) })), 'causal.not_finite')
  })

  test('law: whatever the forest is given, it answers with numbers or a fault', async () => {
    const g = generator(9, 'law of numbers')
    let answered = 0
    for (let k = 0; k < 30; k++) {
      const n = 6 + g.below(40)
      const own = trial(n, k)
      const values = 1 + g.below(3)
      own['w'] = column(() => g.below(values), n)
      own['y'] = column(() => g.below(1 + g.below(3)), n)
      own['x0'] = column(() => (g.below(4) === 0 ? Number.NaN : g.below(3)), n)
      try {
        const forest = await causalForest(own, { ...spec, numTrees: 20 + g.below(40), minNodeSize: 1 + g.below(5), ...(g.below(2) === 0 ? { wHat: 0.5 } : {}), ...(g.below(2) === 0 ? { sampleFraction: 0.3 } : {}) })
        assert.ok([forest.predictions, forest.variances!, forest.yHat, forest.wHat].every((array) => array.every(Number.isFinite)), `case ${k}`)
        answered++
      } catch (error) {
        if (!isFault(error)) throw error
      }
    }
    assert.ok(answered > 3 && answered < 30, `${answered}`)
  })

  test('ten rows, and constant covariates, give averages and say so', async () => {
    const ten = await causalForest(trial(10), { ...spec, wHat: 0.5 })
    assert.ok(ten.predictions.every(Number.isFinite))
    assert.match(ten.warnings.join(' '), /No tree found a split/)
    const constant = await causalForest({ ...trial(200), x0: new Float64Array(200), x1: new Float64Array(200) }, { ...spec, covariates: ['x0', 'x1'] })
    assert.match(constant.warnings.join(' '), /one value in every row and can explain nothing: x0, x1/)
    assert.ok(constant.predictions.every(Number.isFinite))
  })

  test('where hardly anybody is on the other side, the share of such rows is said', async () => {
    const data = trial(1000)
    const g = generator(6, 'overlap')
    data['w'] = data['x0']!.map((v) => (g.uniform() < (v > 0.6 ? 0.99 : 0.5) ? 1 : 0))
    const forest = await causalForest(data, spec)
    assert.ok(forest.outsideOverlap > 0.2 && forest.outsideOverlap < 0.5, `${forest.outsideOverlap}`)
    assert.match(forest.warnings.join(' '), /% of the rows have a chance of "w" below 5% or above 95%/)
  })

  test('short forests for outcome and treatment are warned of where there are many rows, unless the propensity is given', async () => {
    const data = trial(2000)
    const warned = async (change: Partial<CausalForestSpec>): Promise<boolean> => (await causalForest(data, { ...spec, numTrees: 200, ...change })).warnings.some((one) => one.includes('leans towards zero'))
    assert.deepEqual([await warned({}), await warned({ wHat: 0.5 }), await warned({ numTrees: 1000 })], [true, false, false])
  })

  test('a text of few levels becomes columns of 0 and 1', async () => {
    const data = trial(300)
    const town = Array.from(data['x3']!, (v) => ['a', 'b', 'c'][v % 3]!)
    const forest = await regressionForest({ ...data, town, y: data['x3']!.map((v) => (v % 3 === 1 ? 5 : 0)) }, { outcome: 'y', covariates: ['town', 'x0'], numTrees: 50, keepTrees: true })
    assert.deepEqual(forest.coded.names, ['town=a', 'town=b', 'town=c', 'x0'])
    const [at] = forest.predict({ town: ['b'], x0: Float64Array.of(0.5) })
    assert.ok(at! > 4)
  })
})
