import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { confidenceSequence, differenceSequence } from './confidence-sequence.ts'

const near = (a: number, b: number, tolerance: number): void => assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`)
const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted

/** The interval of Waudby-Smith et al. (2024), theorem 2.2, written as there: σ√(2(tρ² + 1)/(t²ρ²) ln(√(tρ² + 1)/α)). */
function halfWidth(sigma: number, t: number, rho: number, alpha: number): number {
  return sigma * Math.sqrt(((2 * (t * rho ** 2 + 1)) / (t ** 2 * rho ** 2)) * Math.log(Math.sqrt(t * rho ** 2 + 1) / alpha))
}

test('the interval is that of the theorem, with ρ chosen for n*', () => {
  for (const alpha of [0.05, 0.001]) {
    for (const tuned of [100, 5000]) {
      const rho = Math.sqrt((-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / tuned)
      for (const n of [50, 5000, 1e6]) {
        const row = confidenceSequence({ estimate: 1, std_error: 2 / Math.sqrt(n), n }, { tuned, alpha })
        near((row.conf_high! - row.conf_low!) / 2 / halfWidth(2, n, rho, alpha), 1, 1e-12)
      }
    }
  }
})

test('it is narrowest in units of the standard error near n*, and wider than a single look everywhere', () => {
  const critical = (n: number) => Number(confidenceSequence({ estimate: 0, std_error: 1, n }, { tuned: 5000 }).options['critical'])
  assert.ok(critical(5000) < critical(500) && critical(5000) < critical(50_000))
  near(critical(5000) / Math.min(...Array.from({ length: 400 }, (_, i) => critical(1000 + 25 * i))), 1, 0.002)
  assert.ok(critical(5000) > 2.8 && critical(5000) < 3.3)
})

test('the p-value is alpha exactly where the interval touches zero', () => {
  for (const n of [300, 5000, 80_000]) {
    const touch = Number(confidenceSequence({ estimate: 0, std_error: 1, n }, { tuned: 5000 }).options['critical'])
    const row = confidenceSequence({ estimate: touch, std_error: 1, n }, { tuned: 5000 })
    near(row.p_value!, 0.05, 1e-12)
    near(row.conf_low!, 0, 1e-12)
  }
  assert.equal(confidenceSequence({ estimate: 0, std_error: 1, n: 300 }, { tuned: 5000 }).p_value, 1)
})

test('running sums give the difference in means with the error of two samples', () => {
  const y0 = [1, 4, 2, 8]
  const y1 = [3, 9, 5]
  const sums = (y: number[], guess: number) => ({ n: y.length, sum: y.reduce((s, v) => s + v - guess, 0), sumOfSquares: y.reduce((s, v) => s + (v - guess) ** 2, 0) })
  const row = differenceSequence(sums(y0, 0), sums(y1, 0), { tuned: 10 })
  near(row.estimate, 17 / 3 - 15 / 4, 1e-12)
  near(row.std_error!, Math.sqrt(9.333333333333334 / 3 + 9.583333333333334 / 4), 1e-12)
  assert.equal(row.n, 7)
  // Taken about a guess of the mean, the spread is the same.
  near(differenceSequence(sums(y0, 3), sums(y1, 3), { tuned: 10 }).std_error!, row.std_error!, 1e-12)
})

test('the row names what it was made of', () => {
  const row = confidenceSequence({ estimator: 'lm_lin', formula: 'y ~ z', term: 'z', estimate: 0.4, std_error: 0.1, n: 900 }, { tuned: 1000 })
  assert.deepEqual([row.estimator, row.options['of'], row.formula, row.term, row.n], ['confidence_sequence', 'lm_lin', 'y ~ z', 'z', 900])
})

test('what has no error or too few units is refused with a code', () => {
  const options = { tuned: 100 }
  for (const std_error of [0, Number.NaN, null]) assert.throws(() => confidenceSequence({ estimate: 1, std_error, n: 10 }, options), code('causal.not_a_number'))
  assert.throws(() => confidenceSequence({ estimate: 1, std_error: 1, n: 1 }, options), code('causal.too_few'))
  assert.throws(() => differenceSequence({ n: 1, sum: 0, sumOfSquares: 0 }, { n: 5, sum: 0, sumOfSquares: 1 }, options), code('causal.arm_too_small'))
  assert.throws(() => confidenceSequence({ estimate: 1, std_error: 1, n: 10 }, { tuned: 0 }), TypeError)
})
