import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logGamma } from './gamma.ts'

test('ln Γ of whole and half numbers is the logarithm of their products', () => {
  let whole = 0 // ln (n − 1)!
  let half = 0.5 * Math.log(Math.PI) // ln Γ(n − ½)
  for (let n = 1; n < 500; n++) {
    assert.ok(Math.abs(logGamma(n) - whole) <= 2e-14 * Math.max(1, whole), `${n}`)
    assert.ok(Math.abs(logGamma(n - 0.5) - half) <= 2e-14 * Math.max(1, Math.abs(half)), `${n} − ½`)
    whole += Math.log(n)
    half += Math.log(n - 0.5)
  }
})

test('ln Γ obeys the reflection formula and refuses what is not above zero', () => {
  for (const x of [1e-8, 0.1, 0.25, 0.7]) assert.ok(Math.abs(logGamma(x) + logGamma(1 - x) - Math.log(Math.PI / Math.sin(Math.PI * x))) < 1e-14 * Math.max(1, -Math.log(x)))
  for (const x of [0, -1, Number.NaN]) assert.throws(() => logGamma(x), TypeError)
})
