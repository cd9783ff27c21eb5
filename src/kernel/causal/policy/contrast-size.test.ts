import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contrastSampleSize, smallestContrast } from './contrast-size.ts'
import { meanSampleSize } from '../power.ts'

test('a contrast is seen at 2.80 of its errors; a difference half as large takes four times the rows', () => {
  const contrast = { n: 1000, stdError: 0.1 }
  assert.ok(Math.abs(smallestContrast(contrast) - 0.28016) < 1e-4)
  assert.ok(Math.abs(contrastSampleSize(contrast, smallestContrast(contrast)) - 1000) <= 1)
  assert.ok(Math.abs(contrastSampleSize(contrast, smallestContrast(contrast) / 2) - 4000) <= 1)
  assert.equal(contrastSampleSize(contrast, 0), Number.POSITIVE_INFINITY)
})

test('for two arms of one spread it is the sample size of a difference of means, but for the t distribution', () => {
  const perArm = meanSampleSize({ difference: 0.2, sd: 1 })
  // 500 a arm, error √(2/500).
  const rows = contrastSampleSize({ n: 1000, stdError: Math.sqrt(2 / 500) }, 0.2)
  assert.ok(Math.abs(rows / 2 - perArm) < 2, `${rows / 2} ${perArm}`)
})
