import assert from 'node:assert/strict'
import { test } from 'node:test'
import { andersonRubin, firstStageF, ivRobust, lmRobust, type AndersonRubinEstimate, type Columns } from '#kernel/causal'
import { cholesky, fQuantile, generator, invertUpper, matrix, multiply, transpose } from '#kernel/numeric'
import { quadraticSet } from './anderson-rubin-set.ts'

/** n rows, m instruments of given strengths; `bias` breaks the exclusion of the last instrument. */
function market(seed: number, n: number, strengths: readonly number[], bias = 0): Record<string, Float64Array> {
  const g = generator(seed, 'market')
  const out: Record<string, Float64Array> = { y: new Float64Array(n), d: new Float64Array(n), x: new Float64Array(n), g: new Float64Array(n) }
  strengths.forEach((_, j) => (out[`z${j}`] = new Float64Array(n)))
  for (let i = 0; i < n; i++) {
    const u = g.normal()
    out['x']![i] = g.normal()
    out['g']![i] = g.below(25)
    let d = u + g.normal() + out['x']![i]!
    strengths.forEach((strength, j) => {
      const z = g.normal() + 0.3 * out['x']![i]!
      out[`z${j}`]![i] = z
      d += strength * z
    })
    out['d']![i] = d
    out['y']![i] = 0.5 * d + u * (1 + 0.5 * Math.abs(d)) + g.normal() + bias * (out[`z${strengths.length - 1}`]?.[i] ?? 0)
  }
  return out
}

const instruments = (data: Columns) => Object.keys(data).filter((name) => /^z\d/.test(name))

/** AR(b) the long way: regress y − b d on everything and test the instruments. */
function statistic(data: Record<string, Float64Array>, b: number, seType: 'HC1' | 'HC2' | 'classical' | 'stata'): number {
  const names = instruments(data)
  const residual = data['y']!.map((y, i) => y - b * data['d']![i]!)
  const fit = lmRobust({ ...data, residual }, { outcome: 'residual', terms: [...names, 'x'], seType, ...(seType === 'stata' ? { clusters: 'g' } : {}) })
  const m = names.length
  const v = matrix(m, m, Float64Array.from({ length: m * m }, (_, at) => fit.covariance.values[(1 + Math.floor(at / m)) * (m + 2) + 1 + (at % m)]!))
  const pi = matrix(m, 1, Float64Array.from(names, (_, j) => fit.estimates[1 + j]!.estimate))
  const half = multiply(transpose(invertUpper(cholesky(v)!)), pi)
  return half.values.reduce((sum, value) => sum + value * value, 0) / m
}

const inside = (set: AndersonRubinEstimate['set'], b: number) => set.some(([from, to]) => (from === null || b >= from) && (to === null || b <= to))

test('the set is what brute-force inversion keeps: one instrument or several, each kind of error, each shape', () => {
  const seen = new Set<string>()
  const cases: [number, number, readonly number[], number][] = [
    [1, 200, [0.6], 0], [2, 60, [0.12], 0], [3, 60, [0.02], 0], [4, 200, [0.5, 0.3], 0], [5, 60, [0.1, 0.1], 0], [6, 60, [0.02, 0.01, 0.02], 0], [7, 300, [0.5, 0.5], 3], [8, 250, [0.5, 0.3, 0.2, 0.1], 0.3],
  ]
  for (const [seed, n, strengths, bias] of cases) {
    for (const seType of ['classical', 'HC1', 'HC2', 'stata'] as const) {
      const data = market(seed, n, strengths, bias)
      const row = andersonRubin(data, { outcome: 'y', endogenous: 'd', instruments: instruments(data), covariates: ['x'], seType, ...(seType === 'stata' ? { clusters: 'g' } : {}) })
      seen.add(row.options.shape as string)
      const c = fQuantile(0.95, strengths.length, row.df!)
      const scale = 3 / strengths.reduce((a, b) => a + b)
      for (let i = -60; i <= 60; i++) {
        const b = 0.5 + scale * Math.sign(i) * (i / 12) ** 2 + 0.0123
        const ar = statistic(data, b, seType)
        if (Math.abs(ar / c - 1) > 1e-6) assert.equal(inside(row.set, b), ar <= c, `seed ${seed} ${seType}: b ${b}, AR ${ar}, critical ${c}, set ${JSON.stringify(row.set)}`)
      }
      // At each end AR is the critical value, to more digits than are printed.
      for (const end of row.set.flat()) if (end !== null) assert.ok(Math.abs(statistic(data, end, seType) / c - 1) < 1e-8, `end ${end}: ${statistic(data, end, seType)} against ${c}`)
      assert.ok(Math.abs(row.statistic! - statistic(data, 0, seType)) < 1e-8 * row.statistic!)
      // The estimate is where AR is smallest.
      const least = statistic(data, row.estimate, seType)
      for (const factor of [0.99, 0.9999, 1.0001, 1.01]) assert.ok(statistic(data, row.estimate * factor, seType) >= least - 1e-12)
    }
  }
  assert.deepEqual([...seen].sort(), ['complement', 'empty', 'interval', 'whole line'])
})

test('with one instrument the estimate is that of 2SLS and F is the square of the first stage\'s t', () => {
  const data = market(9, 300, [0.4])
  const spec = { endogenous: 'd', instruments: ['z0'], covariates: ['x'] }
  const row = andersonRubin(data, { outcome: 'y', ...spec })
  assert.ok(Math.abs(row.estimate - ivRobust(data, { outcome: 'y', ...spec, endogenous: ['d'] }).estimates[1]!.estimate) < 1e-12)
  const t = lmRobust(data, { outcome: 'd', terms: ['z0', 'x'] }).estimates[1]!.statistic!
  const { f, effectiveF } = firstStageF(data, spec)
  for (const got of [f, effectiveF, row.first_stage_F]) assert.ok(Math.abs(got - t * t) < 1e-9 * t * t)
})

test('effective F is π\'Sπ / tr(S V), and equals F for classical errors and several instruments', () => {
  const data = market(10, 400, [0.3, 0.2, 0.1])
  const classical = firstStageF(data, { endogenous: 'd', instruments: ['z0', 'z1', 'z2'], covariates: ['x'], seType: 'classical' })
  assert.ok(Math.abs(classical.effectiveF - classical.f) < 1e-9 * classical.f)
  assert.equal(classical.df1, 3)
  const robust = firstStageF(data, { endogenous: 'd', instruments: ['z0', 'z1', 'z2'], covariates: ['x'] })
  // By definition from the fitted regression, instruments residualised on the constant and x.
  const fit = lmRobust(data, { outcome: 'd', terms: ['x', 'z0', 'z1', 'z2'] })
  const residual = ['z0', 'z1', 'z2'].map((name) => {
    const b = lmRobust(data, { outcome: name, terms: ['x'] }).estimates
    return data[name]!.map((z, i) => z - b[0]!.estimate - b[1]!.estimate * data['x']![i]!)
  })
  const s = (a: number, b: number) => residual[a]!.reduce((sum, v, i) => sum + v * residual[b]![i]!, 0)
  let top = 0
  let bottom = 0
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) {
      top += fit.estimates[2 + a]!.estimate * s(a, b) * fit.estimates[2 + b]!.estimate
      bottom += s(a, b) * fit.covariance.values[(2 + b) * 5 + 2 + a]!
    }
  }
  assert.ok(Math.abs(robust.effectiveF - top / bottom) < 1e-9 * robust.effectiveF)
})

test('the quadratic has four shapes and half-lines', () => {
  assert.deepEqual(quadraticSet(1, -1, -3).pieces, [[-1, 3]])
  assert.deepEqual(quadraticSet(-1, 1, 3), { shape: 'complement', low: -1, high: 3, pieces: [[null, -1], [3, null]] })
  assert.equal(quadraticSet(1, 0, 1).shape, 'empty')
  assert.equal(quadraticSet(-1, 0, -1).shape, 'whole line')
  assert.deepEqual(quadraticSet(0, 1, -4), { shape: 'interval', low: null, high: 2, pieces: [[null, 2]] })
  assert.deepEqual(quadraticSet(0, -1, -4), { shape: 'interval', low: -2, high: null, pieces: [[-2, null]] })
  assert.equal(quadraticSet(0, 0, -1).shape, 'whole line')
  assert.equal(quadraticSet(0, 0, 1).shape, 'empty')
})

test('an instrument that the covariates explain identifies nothing', () => {
  const data = market(11, 50, [0.5])
  const wide = { ...data, copy: data['x']!.map((x) => 2 * x + 1) }
  assert.throws(() => andersonRubin(wide, { outcome: 'y', endogenous: 'd', instruments: ['copy'], covariates: ['x'] }), { code: 'causal.under_identified' })
  assert.throws(() => ivRobust(wide, { outcome: 'y', endogenous: ['d'], instruments: ['copy'], covariates: ['x'] }), { code: 'causal.under_identified' })
})
