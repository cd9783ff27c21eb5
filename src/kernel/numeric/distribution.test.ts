import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  chiSquareLower,
  chiSquareQuantile,
  chiSquareUpper,
  fQuantile,
  fUpper,
  normalLower,
  normalQuantile,
  normalUpper,
  studentLower,
  studentQuantile,
  studentTwoSided,
  studentUpper,
} from './index.ts'

const close = (got: number, want: number, relative: number, what: string) =>
  assert.ok(Math.abs(got - want) <= relative * Math.abs(want), `${what}: ${got}, wanted ${want}`)

test('two-sided p-values of t keep their digits far in the tail', () => {
  // From R 4.2.2 as recorded in the reference files (statistic, df, p).
  close(studentTwoSided(13.5564196423709, 1322), 2.69114988542198e-39, 1e-12, 't 13.6')
  close(studentTwoSided(-3.5547005078858, 11172), 0.000379972876740112, 1e-12, 't -3.6')
  // Closed forms: df = 1 is Cauchy, df = 2 is 1 − t/√(2 + t²).
  close(studentUpper(1e6, 1), Math.atan(1e-6) / Math.PI, 1e-13, 'Cauchy')
  for (const t of [0.5, 3, 1e3, 1e8]) close(studentTwoSided(t, 2), 2 / (2 + t * t + t * Math.sqrt(2 + t * t)), 1e-13, `df 2, t ${t}`)
  close(studentTwoSided(40, 1e7), 2 * normalUpper(40), 2e-1, 'near the normal')
})

test('quantiles undo the distribution functions, for whole, fractional, tiny and huge degrees of freedom', () => {
  for (const df of [1, 1.5, 2.37, 5, 7.865, 30, 140.585889658695, 1322, 11172, 799958, Infinity]) {
    for (const p of [1e-9, 1e-4, 0.025, 0.31, 0.5, 0.9, 0.975, 0.9995]) {
      close(studentLower(studentQuantile(p, df), df), p, 1e-12, `t df ${df} p ${p}`)
    }
  }
  for (const d1 of [1, 2, 5, 17]) {
    for (const d2 of [3, 165, 11202, 799958, Infinity]) {
      for (const p of [0.5, 0.95, 0.999]) close(fUpper(fQuantile(p, d1, d2), d1, d2), 1 - p, 1e-9, `F ${d1} ${d2} p ${p}`)
    }
  }
  for (const df of [1, 2, 3, 8, 77, 500]) for (const p of [0.001, 0.5, 0.95]) close(chiSquareLower(chiSquareQuantile(p, df), df), p, 1e-12, `chi-square ${df}`)
  for (const p of [1e-300, 1e-40, 1e-12, 1e-9, 0.025, 0.5, 0.975]) close(normalLower(normalQuantile(p)), p, 1e-12, `normal ${p}`)
})

test('F with one numerator degree of freedom is t squared, also where p is tiny', () => {
  for (const [t, df] of [[3.5, 11202], [13.5, 1322], [27, 165], [106.6, 11202]] as const) {
    close(fUpper(t * t, 1, df), studentTwoSided(t, df), 1e-11, `t ${t} df ${df}`)
  }
  close(fUpper(12.3118858265568, 1, 11202), 0.000451849195015554, 1e-12, 'R')
})

test('the upper chi-square tail has relative digits: normal squared, exponential, and R', () => {
  for (const z of [0.1, 1, 5, 20, 37]) close(chiSquareUpper(z * z, 1), 2 * normalUpper(z), 1e-12, `z ${z}`)
  for (const x of [0.5, 30, 1400]) close(chiSquareUpper(x, 2), Math.exp(-x / 2), 1e-12, `x ${x}`)
  close(chiSquareUpper(2.88609831947415, 8), 0.941300726136139, 1e-12, 'R, carvalho2016 balance')
  close(chiSquareUpper(30, 9) + chiSquareLower(30, 9), 1, 1e-14, 'both tails')
  // Erlang: the sum for 400 degrees of freedom, smallest term first.
  let term = Math.exp(-450)
  const terms = [term]
  for (let j = 1; j < 200; j++) terms.push((term *= 450 / j))
  close(chiSquareUpper(900, 400), terms.sort((a, b) => a - b).reduce((a, b) => a + b), 1e-11, '400 degrees of freedom')
})
