import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differenceAtEveryLook, differenceAtOneLook, sharesOf } from './compare.ts'

const treatment = { reached: 189, drawn: 987 }
const control = { reached: 169, drawn: 1013 }

test('the difference of two shares is Neyman’s, from counts as from rows', () => {
  const found = differenceAtOneLook(treatment, control)
  assert.ok(found)
  const [p1, p0] = [189 / 987, 169 / 1013]
  // s² of ones and zeros is n/(n − 1) p(1 − p); V = s1²/n1 + s0²/n0; 1.9612 is t at 0.975 with 1,974 degrees of freedom.
  const se = Math.sqrt((p1 * (1 - p1)) / 986 + (p0 * (1 - p0)) / 1012)
  for (const [value, wanted] of [[found.estimate, p1 - p0], [found.low, p1 - p0 - 1.9612 * se], [found.high, p1 - p0 + 1.9612 * se]] as const) assert.ok(Math.abs(value - wanted) < 1e-6, `${value} is not ${wanted}`)
})

test('the interval that holds at every look has the same middle and is wider', () => {
  const [once, always] = [differenceAtOneLook(treatment, control), differenceAtEveryLook(treatment, control)]
  assert.ok(once && always)
  assert.ok(Math.abs(always.estimate - once.estimate) < 1e-12)
  assert.ok(always.low < once.low && always.high > once.high)
})

test('where there is nothing to compare there is no figure: an empty arm, everybody alike, too few for a look', () => {
  const none = { reached: 0, drawn: 0 }
  assert.equal(sharesOf(treatment, none), undefined)
  assert.equal(differenceAtOneLook(treatment, none), undefined)
  assert.equal(differenceAtOneLook({ reached: 0, drawn: 50 }, { reached: 0, drawn: 40 }), undefined)
  assert.equal(differenceAtEveryLook({ reached: 0, drawn: 500 }, { reached: 0, drawn: 400 }), undefined)
  assert.equal(differenceAtEveryLook({ reached: 9, drawn: 60 }, { reached: 4, drawn: 60 }), undefined)
  assert.ok(differenceAtOneLook({ reached: 9, drawn: 60 }, { reached: 4, drawn: 60 }))
})
