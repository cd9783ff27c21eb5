import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { lmRobust } from '../regression/lm-robust.ts'
import { leaveOut, type Units } from './leave-out.ts'

const g = generator(5, 'leave out')
const n = 120
const one = new Float64Array(n).fill(1)
const x = Float64Array.from({ length: n }, () => 2000 + g.below(9))
const z = Float64Array.from({ length: n }, () => g.normal())
const y = Float64Array.from({ length: n }, (_, i) => z[i]! * (1 + 0.1 * (x[i]! - 2004)) + g.normal())
const w = Float64Array.from({ length: n }, () => 0.5 + g.uniform())
const rows: Units = { of: Int32Array.from({ length: n }, (_, i) => i), count: n, clustered: false }
const clusters: Units = { of: Int32Array.from({ length: n }, (_, i) => i % 15), count: 15, clustered: true }
const names = ['(Intercept)', 'x', 'z']
const near = (a: number, b: number, tolerance = 1e-7): void => assert.ok(Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b)), `${a} is not ${b}`)

test('law: with rows as units it is the HC3 regression, with weights too', () => {
  for (const weights of [undefined, w]) {
    const fit = leaveOut(names, [one, x, z], y, weights, rows)
    const reference = lmRobust({ x, z, y, w }, { outcome: 'y', terms: ['x', 'z'], seType: 'HC3', ...(weights === undefined ? {} : { weights: 'w' }) })
    for (const [j, row] of reference.estimates.entries()) {
      near(fit.beta[j]!, row.estimate)
      near(Math.sqrt(fit.covariance.values[j * 3 + j]!), row.std_error!)
      assert.equal(fit.df, row.df)
    }
  }
})

test('law: with clusters the covariance is that of the coefficients without each cluster in turn', () => {
  const fit = leaveOut(names, [one, x, z], y, w, clusters)
  const moved = [0, 0, 0]
  for (let c = 0; c < 15; c++) {
    const keep = (values: Float64Array): Float64Array => values.filter((_, i) => clusters.of[i] !== c)
    const without = lmRobust({ x: keep(x), z: keep(z), y: keep(y), w: keep(w) }, { outcome: 'y', terms: ['x', 'z'], weights: 'w' })
    for (const [j, row] of without.estimates.entries()) moved[j]! += (row.estimate - fit.beta[j]!) ** 2
  }
  for (const [j, total] of moved.entries()) near(fit.covariance.values[j * 3 + j]!, total, 1e-5)
})

test('columns that follow from each other and a row that decides alone are refused', () => {
  const code = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      if (isFault(error)) return error.code
      throw error
    }
    return 'none'
  }
  assert.equal(code(() => leaveOut(names, [one, x, x], y, undefined, rows)), 'causal.columns_aliased')
  assert.equal(code(() => leaveOut(names, [one, x, Float64Array.from(one, (_, i) => (i === 3 ? 1 : 0))], y, undefined, rows)), 'causal.leverage_one')
  assert.equal(code(() => leaveOut(names, [one, x, Float64Array.from(clusters.of, (c) => (c === 3 ? 1 : 0))], y, undefined, clusters)), 'causal.leverage_one')
})
