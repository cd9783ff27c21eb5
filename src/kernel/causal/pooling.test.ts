import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { pool, type Spread } from './pooling.ts'

const near = (a: number, b: number, digits: number, what = ''): void => assert.ok(Math.abs(a - b) <= 0.5001 * 10 ** -digits, `${what} ${a} is not ${b}`)
const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted

// Thirteen trials of the BCG vaccine, Colditz et al. (1994), JAMA 271: cases and others, vaccinated and not (metafor's dat.bcg).
const trials = [[4, 119, 11, 128], [6, 300, 29, 274], [3, 228, 11, 209], [62, 13536, 248, 12619], [33, 5036, 47, 5761], [180, 1361, 372, 1079], [8, 2537, 10, 619], [505, 87886, 499, 87892], [29, 7470, 45, 7232], [17, 1699, 65, 1600], [186, 50448, 141, 27197], [5, 2493, 3, 2338], [27, 16886, 29, 17825]] as const
const bcg = trials.map(([a, b, c, d]) => ({ estimate: Math.log(a / (a + b) / (c / (c + d))), std_error: Math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)) }))

test('the BCG trials as published: log risk ratio −0.7145 (0.1798), τ² 0.3132, Q 152.23, I² 92.22%', () => {
  const fit = pool(bcg, { error: 'normal' })
  near(fit.pooled.estimate, -0.7145, 4)
  near(fit.pooled.std_error!, 0.1798, 4)
  near(fit.pooled.statistic!, -3.9744, 4)
  near(fit.pooled.conf_low!, -1.0669, 4)
  near(fit.pooled.conf_high!, -0.3622, 4)
  near(fit.tauSquared, 0.3132, 4)
  near(fit.heterogeneity.statistic!, 152.233, 3)
  near(fit.iSquared, 0.9222, 4)
})

test('the Hartung-Knapp error is that of a weighted mean about itself, with t on k − 1 degrees of freedom', () => {
  const fit = pool(bcg)
  const mean = bcg.reduce((s, r, i) => s + fit.weights[i]! * r.estimate, 0)
  const variance = bcg.reduce((s, r, i) => s + fit.weights[i]! * (r.estimate - mean) ** 2, 0) / 12
  near(fit.pooled.estimate, mean, 12)
  near(fit.pooled.std_error!, Math.sqrt(variance), 12)
  near(fit.pooled.std_error!, 0.1808, 4)
  near((fit.pooled.conf_high! - fit.pooled.conf_low!) / (2 * fit.pooled.std_error!), 2.1788, 4) // t quantile 0.975, 12 degrees of freedom
  // With equal errors it is the ordinary t interval of the mean, whatever the spread.
  const equal = [1, 4, 2, 7].map((estimate) => ({ estimate, std_error: 0.3 }))
  near(pool(equal).pooled.std_error!, Math.sqrt(21 / 3 / 4), 12)
})

test('the three spreads solve their own equations', () => {
  const weighted = (t: number) => {
    const w = bcg.map((r) => 1 / (r.std_error ** 2 + t))
    const total = w.reduce((a, b) => a + b, 0)
    const mean = bcg.reduce((s, r, i) => s + w[i]! * r.estimate, 0) / total
    return { w, total, mean, q: bcg.reduce((s, r, i) => s + w[i]! * (r.estimate - mean) ** 2, 0) }
  }
  const tau = (spread: Spread) => pool(bcg, { spread }).tauSquared
  near(weighted(tau('paule-mandel')).q, 12, 9)
  const one = weighted(0)
  near(tau('dersimonian-laird'), (one.q - 12) / (one.total - one.w.reduce((s, w) => s + w * w, 0) / one.total), 12)
  near(tau('dersimonian-laird'), 0.3088, 4)
  const likelihood = (t: number) => {
    const { w, total, q } = weighted(t)
    return -0.5 * (w.reduce((s, x) => s - Math.log(x), 0) + Math.log(total) + q)
  }
  const best = tau('reml')
  for (const step of [1e-4, 1e-3, 0.1, 1]) assert.ok(likelihood(best) > likelihood(best + step) && likelihood(best) > likelihood(Math.max(0, best - step)))
})

test('the five waves of the credential study pool to +2.93 (0.40), Q 4.7 on 4', () => {
  // Athey, Palikot (2024), table 10: effect on sharing by batch, in percentage points.
  const fit = pool([[2.24, 0.9], [3.26, 0.83], [2.98, 0.85], [4.26, 0.91], [1.58, 1.02]].map(([estimate, std_error]) => ({ estimate: estimate!, std_error: std_error! })))
  near(fit.common.estimate, 2.93, 2)
  near(fit.common.std_error!, 0.4, 2)
  assert.ok(Math.abs(fit.heterogeneity.statistic! - 4.7) < 0.1)
})

test('providers that agree have no spread, and the pooled estimate is their weighted mean', () => {
  const rows = [{ estimate: 1, std_error: 0.5 }, { estimate: 1.1, std_error: 0.25 }, { estimate: 0.9, std_error: 0.5 }]
  for (const spread of ['reml', 'paule-mandel', 'dersimonian-laird'] as const) {
    const fit = pool(rows, { spread, error: 'normal' })
    assert.equal(fit.tauSquared, 0)
    assert.equal(fit.iSquared, 0)
    near(fit.pooled.estimate, fit.common.estimate, 12)
    near(fit.pooled.std_error!, fit.common.std_error!, 12)
    near(fit.weights.reduce((a, b) => a + b, 0), 1, 12)
  }
  assert.equal(pool(rows.slice(1)).prediction, null)
})

test('one estimate, or an error of zero, is refused with a code', () => {
  assert.throws(() => pool([{ estimate: 1, std_error: 1 }]), code('causal.too_few'))
  assert.throws(() => pool([{ estimate: 1, std_error: 1 }, { estimate: 1, std_error: 0 }]), code('causal.not_a_number'))
  assert.throws(() => pool([{ estimate: 1, std_error: 1 }, { estimate: 1, std_error: null }]), code('causal.not_a_number'))
})
