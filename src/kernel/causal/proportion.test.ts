import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proportionInterval } from './proportion.ts'

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a} and ${b}`)
const z2 = 1.959963984540054 ** 2

test('at the ends the limits have closed forms: 0 to z²/(n + z²), and n/(n + z²) to 1', () => {
  const none = proportionInterval(0, 30)
  near(none.low, 0)
  near(none.high, z2 / (30 + z2))
  const all = proportionInterval(30, 30)
  near(all.low, 30 / (30 + z2))
  near(all.high, 1)
})

test('limits solve the score equation |p − π| = z √(π(1 − π)/n), and mirror', () => {
  for (const [s, n] of [[1, 7], [5, 10], [166, 1000], [999, 1000]] as const) {
    const { estimate, low, high } = proportionInterval(s, n)
    for (const limit of [low, high]) near((estimate - limit) ** 2, (z2 * limit * (1 - limit)) / n)
    near(low, 1 - proportionInterval(n - s, n).high)
  }
})

test('no rows, and counts that are none, are refused', () => {
  assert.throws(() => proportionInterval(0, 0), { code: 'causal.no_rows' })
  assert.throws(() => proportionInterval(3, 2), TypeError)
})
