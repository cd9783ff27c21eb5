import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import {
  andersonRubin, cuped, differenceInMeans, firstStageF, ivRobust, ivRobustPasses, lmLin, lmLinPasses, lmRobust, lmRobustPasses, runPasses,
  type Columns, type Estimate, type Fit, type Passes, type SeType,
} from '#kernel/causal'
import { generator, invertUpper, matrix, multiply, symmetricEigen, transpose, TriangularFactor, type Matrix } from '#kernel/numeric'

const runs = 25
const errors: readonly SeType[] = ['classical', 'HC0', 'HC1', 'HC2', 'HC3', 'CR0', 'stata', 'CR2']
const by = (seType: SeType) => ({ seType, ...(seType === 'CR0' || seType === 'stata' || seType === 'CR2' ? { clusters: 'g' } : {}) })

/** Runs a property with a seed that is printed, so that a failure can be repeated with FC_SEED. */
function law(t: TestContext, property: (data: Record<string, Float64Array>, seed: number) => void, count = runs): void {
  const seed = Number(process.env['FC_SEED'] ?? 20260311)
  t.diagnostic(`fast-check seed ${seed}`)
  fc.assert(fc.property(fc.nat(), fc.integer({ min: 24, max: 300 }), (own, n) => property(trial(own, n), own)), { seed, numRuns: count })
}

/** An experiment of n rows with weights, clusters, imperfect take-up, and columns on very different scales. */
function trial(seed: number, n: number): Record<string, Float64Array> {
  const g = generator(seed, 'trial')
  const out = Object.fromEntries(['y', 'z', 'd', 'x1', 'x2', 'x3', 'w', 'g'].map((name) => [name, new Float64Array(n)]))
  const groups = 8 + g.below(8)
  for (let i = 0; i < n; i++) {
    const z = i % 2
    const x1 = g.normal()
    const u = g.normal()
    const d = (z === 1 ? g.uniform() < 0.7 : g.uniform() < 0.2) || i < 2 ? 1 : 0
    out['z']![i] = z
    out['x1']![i] = x1
    out['x2']![i] = 1e6 + 1e3 * g.normal()
    out['x3']![i] = g.below(3)
    out['d']![i] = d
    out['y']![i] = 100 + 2 * d + 3 * x1 + u * (1 + z)
    out['w']![i] = 0.2 + g.exponential()
    out['g']![i] = i < 2 * groups ? i % groups : g.below(groups)
  }
  return out
}

const covariates = ['x1', 'x2', 'x3']

/** Every estimator of the family with an error of each kind it has. */
function everything(data: Columns): Estimate[] {
  return errors.flatMap((seType) => [
    ...lmRobust(data, { outcome: 'y', terms: ['z', ...covariates], ...by(seType) }).estimates,
    ...lmRobust(data, { outcome: 'y', terms: ['z', ...covariates], weights: 'w', ...by(seType) }).estimates,
    ...lmLin(data, { outcome: 'y', treatment: 'z', covariates, ...by(seType) }).estimates,
    ...ivRobust(data, { outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates, ...by(seType) }).estimates,
    andersonRubin(data, { outcome: 'y', endogenous: 'd', instruments: ['z'], covariates: ['x1'], ...by(seType) }),
  ]).concat([
    differenceInMeans(data, { outcome: 'y', treatment: 'z' }),
    differenceInMeans(data, { outcome: 'y', treatment: 'z', blocks: 'x3', thinBlocks: 'drop' }),
    cuped(data, { outcome: 'y', treatment: 'z', baseline: 'x1' }),
    ...lmRobust(data, { outcome: 'y', terms: ['z', 'x1'], fixedEffects: 'x3', seType: 'HC1' }).estimates,
  ])
}

const near = (got: number, want: number, tolerance: number, what: string, scale = Math.abs(want)) => assert.ok(Math.abs(got - want) <= tolerance * Math.max(scale, 1e-12), `${what}: ${got}, wanted ${want}`)
const reorder = (data: Columns, order: readonly number[]): Columns => Object.fromEntries(Object.entries(data).map(([name, values]) => [name, Float64Array.from(order, (i) => values[i] as number)]))

test('2SLS with the regressors as their own instruments is OLS', (t) => {
  law(t, (data) => {
    for (const seType of errors) {
      const ols = lmRobust(data, { outcome: 'y', terms: ['d', ...covariates], ...by(seType) }).estimates
      const iv = ivRobust(data, { outcome: 'y', endogenous: ['d'], instruments: ['d'], covariates, ...by(seType) }).estimates
      assert.deepEqual(iv.map(({ term }) => term), ols.map(({ term }) => term))
      for (const [j, row] of iv.entries()) {
        near(row.estimate, ols[j]!.estimate, 1e-10, row.term, ols[j]!.std_error!)
        near(row.std_error!, ols[j]!.std_error!, 1e-10, `${row.term} error`)
        near(row.df!, ols[j]!.df!, 1e-9, `${row.term} df`)
      }
    }
  })
})

test('a row given twice is a row of weight two, for the estimates of every regression', (t) => {
  law(t, (data, seed) => {
    const n = data['y']!.length
    const g = generator(seed, 'twice')
    const twice = Float64Array.from({ length: n }, () => 1 + g.below(2))
    const rows = Array.from({ length: n }, (_, i) => i).flatMap((i) => (twice[i] === 2 ? [i, i] : [i]))
    const long = reorder(data, rows)
    const weighted = { ...data, twice }
    const fits: [Fit, Fit][] = [
      [lmRobust(long, { outcome: 'y', terms: ['z', ...covariates] }), lmRobust(weighted, { outcome: 'y', terms: ['z', ...covariates], weights: 'twice' })],
      [lmLin(long, { outcome: 'y', treatment: 'z', covariates }), lmLin(weighted, { outcome: 'y', treatment: 'z', covariates, weights: 'twice' })],
      [ivRobust(long, { outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates }), ivRobust(weighted, { outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates, weights: 'twice' })],
    ]
    for (const [a, b] of fits) for (const [j, row] of a.estimates.entries()) near(b.estimates[j]!.estimate, row.estimate, 1e-9, row.term, row.std_error!)
  })
})

test('the order of the rows and the length of the chunks change no printed digit', (t) => {
  // Printed: ten significant digits of every figure. A figure on the edge between two last digits may fall either way, so it is compared as 5e-11.
  law(t, (data, seed) => {
    const n = data['y']!.length
    const order = generator(seed, 'order').shuffle(Array.from({ length: n }, (_, i) => i))
    const [a, b] = [everything(data), everything(reorder(data, order))]
    for (const [at, row] of a.entries()) {
      for (const figure of ['estimate', 'std_error', 'statistic', 'conf_low', 'conf_high', 'df'] as const) {
        const [x, y] = [row[figure], b[at]![figure]]
        if (x === null || y === null) assert.equal(x, y)
        else near(y, x, 5e-11, `${row.estimator} ${JSON.stringify(row.options)} ${row.term} ${figure}`, Math.max(Math.abs(x), row.std_error ?? 0))
      }
    }
  })
  law(t, (data, seed) => {
    const n = data['y']!.length
    const g = generator(seed, 'chunks')
    const makers: (() => Passes<Fit>)[] = [
      () => lmRobustPasses({ outcome: 'y', terms: ['z', ...covariates], clusters: 'g' }),
      () => lmLinPasses({ outcome: 'y', treatment: 'z', covariates }),
      () => ivRobustPasses({ outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates: ['x1'], fixedEffects: 'x3', seType: 'HC1' }),
    ]
    for (const make of makers) {
      const passes = make()
      do {
        for (let from = 0; from < n; ) {
          const to = Math.min(n, from + 1 + g.below(200))
          passes.add(Object.fromEntries(Object.entries(data).map(([name, values]) => [name, values.slice(from, to)])))
          from = to
        }
      } while (passes.next())
      assert.deepEqual(passes.result(), runPasses(make(), data))
    }
  })
})

test('adding a constant to the outcome moves the intercept by it and nothing else', (t) => {
  law(t, (data) => {
    const moved = { ...data, y: data['y']!.map((y) => y + 1000) }
    for (const seType of errors) {
      const pairs: [Fit, Fit][] = [data, moved].map((d) => [lmRobust(d, { outcome: 'y', terms: ['z', ...covariates], ...by(seType) }), lmLin(d, { outcome: 'y', treatment: 'z', covariates, ...by(seType) }), ivRobust(d, { outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates, ...by(seType) })]).reduce<[Fit, Fit][]>((out, fits) => fits.map((fit, j) => [...(out[j] ?? []), fit] as unknown as [Fit, Fit]), [])
      for (const [a, b] of pairs) {
        for (const [j, row] of a.estimates.entries()) {
          near(b.estimates[j]!.estimate, row.estimate + (row.term === '(Intercept)' ? 1000 : 0), 1e-9, row.term, Math.max(row.std_error!, 1))
          near(b.estimates[j]!.std_error!, row.std_error!, 1e-9, `${row.term} error`)
        }
      }
    }
  })
})

test('Lin\'s regression without covariates is the difference in means', (t) => {
  law(t, (data) => {
    const difference = differenceInMeans(data, { outcome: 'y', treatment: 'z' })
    const lin = lmLin(data, { outcome: 'y', treatment: 'z', covariates: [] }).estimates[1]!
    const ols = lmRobust(data, { outcome: 'y', terms: ['z'] }).estimates[1]!
    for (const row of [lin, ols]) {
      near(row.estimate, difference.estimate, 1e-11, 'estimate', difference.std_error!)
      near(row.std_error!, difference.std_error!, 1e-11, 'error')
    }
  })
})

test('more arms than two: each effect is the one that the two arms alone give, for the point estimate at the same covariate means', (t) => {
  law(t, (data) => {
    const arm = data['x3']!
    const fit = lmLin({ ...data, arm }, { outcome: 'y', treatment: 'arm', arms: [0, 1, 2], covariates: [] })
    assert.deepEqual(fit.terms, ['(Intercept)', 'arm1', 'arm2'])
    for (const other of [1, 2]) {
      const rows = [...arm.keys()].filter((i) => arm[i] === 0 || arm[i] === other)
      const two = differenceInMeans(reorder({ ...data, arm }, rows), { outcome: 'y', treatment: 'arm', arms: [0, other] })
      near(fit.estimates[other]!.estimate, two.estimate, 1e-10, two.term, two.std_error!)
      near(fit.estimates[other]!.std_error!, two.std_error!, 1e-10, `${two.term} error`)
    }
  })
})

test('an ill-conditioned design (condition number 1e8) keeps its digits', () => {
  // x2 = (x1 + 2^-22 v) / 16, in numbers of few bits so that nothing is rounded: the same model in x1 and v is well conditioned.
  const n = 512
  const g = generator(31, 'ill-conditioned')
  const small = (bits: number) => (g.below(2 ** bits) - 2 ** (bits - 1)) / 2 ** (bits - 1)
  const rows = Array.from({ length: n }, () => ({ x1: small(12), v: small(12), r: small(10) }))
  const data = {
    x1: Float64Array.from(rows, ({ x1 }) => x1 / 16),
    x2: Float64Array.from(rows, ({ x1, v }) => (x1 + v * 2 ** -22) / 16),
    v: Float64Array.from(rows, ({ v }) => v),
    y: Float64Array.from(rows, ({ x1, v, r }) => 1 + 2 * x1 + 3 * v + r),
    z: Float64Array.from(rows, (_, i) => i % 2),
    g: Float64Array.from(rows, (_, i) => i % 32),
  }
  const x = matrix(n, 3, Float64Array.from([...new Float64Array(n).fill(1), ...data.x1, ...data.x2]))
  const factor = new TriangularFactor(3)
  factor.fold(x.values, n, n)
  const singular = (r: Matrix) => Math.sqrt(Math.max(...symmetricEigen(multiply(transpose(r), r)).values))
  const condition = singular(factor.matrix()) * singular(invertUpper(factor.matrix()))
  assert.ok(condition > 1e8, `condition number ${condition}`)
  for (const seType of errors) {
    const pairs = [
      [lmRobust(data, { outcome: 'y', terms: ['x1', 'x2'], ...by(seType) }), lmRobust(data, { outcome: 'y', terms: ['x1', 'v'], ...by(seType) }), 2],
      [lmLin(data, { outcome: 'y', treatment: 'z', covariates: ['x1', 'x2'], ...by(seType) }), lmLin(data, { outcome: 'y', treatment: 'z', covariates: ['x1', 'v'], ...by(seType) }), 3],
      [ivRobust(data, { outcome: 'y', endogenous: ['z'], instruments: ['z'], covariates: ['x1', 'x2'], ...by(seType) }), lmRobust(data, { outcome: 'y', terms: ['z', 'x1', 'v'], ...by(seType) }), 3],
    ] as const
    for (const [ill, well, last] of pairs) {
      // The coefficient of x2 is that of v times 2^26: it rests on the 2^-22 that is left of x2, and a backward stable method loses the condition number times 1e-16.
      near(ill.estimates[last]!.estimate, well.estimates[last]!.estimate * 2 ** 26, 1e-7, seType)
      near(ill.estimates[last]!.std_error!, well.estimates[last]!.std_error! * 2 ** 26, 1e-7, `${seType} error`)
      // From X'X there would be no digit at all: its condition is 1e16.
      near(ill.estimates[0]!.estimate, well.estimates[0]!.estimate, 1e-7, `${seType} intercept`, well.estimates[0]!.std_error!)
      near(ill.estimates[0]!.std_error!, well.estimates[0]!.std_error!, 1e-7, `${seType} intercept error`)
    }
  }
})

test('a covariate far from zero keeps its digits: years, identifiers, cents', () => {
  const data = trial(5, 200)
  const exact = data['x1']!.map((x) => Math.round(x * 1024) / 1024)
  for (const seType of ['HC2', 'CR2'] as const) {
    for (const far of [2000, 2 ** 40]) {
      const a = lmLin({ ...data, x1: exact.map((x) => x + far) }, { outcome: 'y', treatment: 'z', covariates: ['x1'], ...by(seType) }).estimates
      const b = lmLin({ ...data, x1: exact }, { outcome: 'y', treatment: 'z', covariates: ['x1'], ...by(seType) }).estimates
      for (const [j, row] of a.entries()) {
        near(row.estimate, b[j]!.estimate, 1e-11, row.term, row.std_error!)
        near(row.std_error!, b[j]!.std_error!, 1e-11, `${row.term} error`)
      }
    }
  }
})

test('columns that the ones before them explain are named and dropped, the others are as without them', (t) => {
  law(t, (data) => {
    const wide = { ...data, both: data['x1']!.map((x, i) => x - 2 * data['x3']![i]!), copy: data['z']!, again: data['x1']!.map((x) => x / 3) }
    for (const seType of errors) {
      const plain = lmRobust(data, { outcome: 'y', terms: ['z', 'x1', 'x3'], ...by(seType) })
      const dropped = lmRobust(wide, { outcome: 'y', terms: ['z', 'copy', 'x1', 'x3', 'both', 'again'], ...by(seType) })
      assert.deepEqual(dropped.aliased, ['copy', 'both', 'again'])
      const lin = lmLin(wide, { outcome: 'y', treatment: 'z', covariates: ['x1', 'again'], ...by(seType) })
      assert.deepEqual(lin.aliased, ['again_c', 'z:again_c'])
      const iv = ivRobust(wide, { outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates: ['x1', 'again'], ...by(seType) })
      assert.deepEqual(iv.aliased, ['again'])
      for (const [a, b] of [[plain, dropped], [lmLin(data, { outcome: 'y', treatment: 'z', covariates: ['x1'], ...by(seType) }), lin], [ivRobust(data, { outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates: ['x1'], ...by(seType) }), iv]] as const) {
        assert.deepEqual(a.terms, b.terms)
        for (const [j, row] of a.estimates.entries()) {
          near(b.estimates[j]!.estimate, row.estimate, 1e-9, row.term, row.std_error!)
          near(b.estimates[j]!.std_error!, row.std_error!, 1e-9, `${row.term} error`)
        }
      }
    }
  }, 8)
})

test('what no regression can answer is refused, each with its own code', () => {
  const data = trial(7, 40)
  const n = 40
  const code = (name: string) => ({ code: `causal.${name}` })
  const at = (column: string, row: number, value: number) => ({ ...data, [column]: data[column]!.map((v, i) => (i === row ? value : v)) })
  const fits: ((d: Columns) => unknown)[] = [
    (d) => lmRobust(d, { outcome: 'y', terms: ['z', 'x1'], weights: 'w' }),
    (d) => lmLin(d, { outcome: 'y', treatment: 'z', covariates: ['x1'], weights: 'w' }),
    (d) => ivRobust(d, { outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates: ['x1'], weights: 'w' }),
    (d) => andersonRubin(d, { outcome: 'y', endogenous: 'd', instruments: ['z'], covariates: ['x1'], weights: 'w' }),
  ]
  for (const fit of fits) {
    for (const value of [NaN, Infinity, -Infinity]) assert.throws(() => fit(at('x1', 7, value)), { ...code('not_finite'), data: { column: 'x1', row: 8, value: String(value) } })
    assert.throws(() => fit(at('w', 3, 0)), { ...code('weight_not_positive'), data: { column: 'w', row: 4, value: 0 } })
    assert.throws(() => fit({ ...data, x1: new Float64Array(n).fill(0.1) }), { ...code('constant_column'), data: { column: 'x1' } })
    assert.throws(() => fit({ ...data, y: new Float64Array(n).fill(5) }), { ...code('constant_column'), data: { column: 'y' } })
    assert.throws(() => fit({ ...data, y: Array.from({ length: n }, () => 'many') }), code('not_numbers'))
  }
  assert.throws(() => lmRobust(data, { outcome: 'y', terms: ['z', 'nothing'] }), code('no_column'))
  assert.throws(() => lmRobust(data, { outcome: 'twice', terms: ['z', 'x1'] }), code('no_column'))
  assert.throws(() => lmRobust({ ...data, twice: data['x1']!.map((x) => 2 * x + 1) }, { outcome: 'twice', terms: ['z', 'x1'] }), code('perfect_fit'))
  assert.throws(() => lmRobust(reorder(data, [0, 1, 2, 3]), { outcome: 'y', terms: ['z', 'x1', 'x2'], seType: 'HC1' }), code('no_degrees_of_freedom'))
  assert.throws(() => lmRobust({ ...data, alone: data['z']!.map((_, i) => (i === 11 ? 1 : 0)) }, { outcome: 'y', terms: ['alone'] }), { ...code('leverage_one'), data: { row: 12, se_type: 'HC2' } })
  assert.throws(() => lmRobust({ ...data, g: new Float64Array(n) }, { outcome: 'y', terms: ['z'], clusters: 'g' }), code('one_cluster'))
  assert.throws(() => lmLin({ ...data, z: new Float64Array(n) }, { outcome: 'y', treatment: 'z', covariates: ['x1'] }), code('one_arm'))
  assert.throws(() => lmLin({ ...data, z: data['z']!.map((_, i) => (i === 4 ? 1 : 0)) }, { outcome: 'y', treatment: 'z', covariates: ['x1'] }), code('one_row_arm'))
  assert.throws(() => firstStageF({ ...data, d: data['z']! }, { endogenous: 'd', instruments: ['z'] }), code('perfect_fit'))
  assert.throws(() => cuped({ ...data, x1: new Float64Array(n).fill(2) }, { outcome: 'y', treatment: 'z', baseline: 'x1' }), code('constant_column'))
  assert.throws(() => lmRobust(data, { outcome: 'y', terms: ['z'], seType: 'CR2' }), TypeError)
  assert.throws(() => lmRobust(data, { outcome: 'y', terms: ['z'], seType: 'HC2', clusters: 'g' }), TypeError)
  assert.throws(() => lmRobust(reorder(data, []), { outcome: 'y', terms: ['z'] }), code('no_rows'))
  assert.throws(() => lmLin(reorder(data, []), { outcome: 'y', treatment: 'z', covariates: [] }), code('no_rows'))
  const passes = lmRobustPasses({ outcome: 'y', terms: ['z'] })
  passes.add(data)
  passes.next()
  passes.add(reorder(data, [0, 1, 2]))
  assert.throws(() => passes.next(), code('rows_changed'))
})
