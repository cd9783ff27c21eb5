import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as say from './say.ts'

/** Ranges hold together by spaces that do not break; here they are read as spaces. */
const loose = <T extends readonly unknown[]>(f: (...given: T) => string) => (...given: T): string => f(...given).replaceAll('\u00a0', ' ')
const [sayAmount, sayDifference, sayLuck, sayP, sayPoints] = [loose(say.sayAmount), loose(say.sayDifference), loose(say.sayLuck), loose(say.sayP), loose(say.sayPoints)]
const [sayPointsRange, sayRange] = [loose(say.sayPointsRange), loose(say.sayRange)]

test('a range is not torn apart at the end of a line', () => {
  assert.equal(say.sayRange({ estimate: 0.01, low: 0.001, high: 0.019 }), '1\u00a0to\u00a019')
})

test('the published effect on jobs reads as a person would say it', () => {
  // Athey & Palikot (2024): 1.006 points (SE 0.452), 95% interval 0.12 to 1.89.
  const job = { estimate: 0.01006, low: 0.0012, high: 0.0189 }
  assert.equal(sayDifference(job), 'about 10 more of every 1,000; 95% interval 1 to 19')
  assert.equal(sayPoints(job.estimate), '+1.01')
  assert.equal(sayPointsRange(job), '0.12 to 1.89')
})

test('an interval across zero names both sides, and one below zero says fewer', () => {
  assert.equal(sayDifference({ estimate: 0.006, low: -0.004, high: 0.016 }), 'about 6 more of every 1,000; 95% interval 4 fewer to 16 more')
  assert.equal(sayDifference({ estimate: -0.005, low: -0.009, high: -0.001 }), 'about 5 fewer of every 1,000; 95% interval 1 to 9 fewer')
  assert.equal(sayAmount({ estimate: 0.0002, low: -0.004, high: 0.0044 }), 'about as many')
})

test('where the interval is narrower than two people, tenths are said', () => {
  assert.equal(sayDifference({ estimate: 0.0009, low: 0.0002, high: 0.0016 }), 'about 0.9 more of every 1,000; 95% interval 0.2 to 1.6')
  assert.equal(sayRange({ estimate: 0.0001, low: -0.0003, high: 0.0005 }), '0.3 fewer to 0.5 more')
})

test('a p-value is never zero, and luck is said as a frequency', () => {
  assert.equal(sayP(0), '< 0.001')
  assert.equal(sayP(0.0261), '0.026')
  assert.equal(sayP(0.48), '0.48')
  assert.equal(sayLuck(0.026), 'about 1 time in 40')
  assert.equal(sayLuck(0.2), 'about 1 time in 5')
  assert.equal(sayLuck(0.5), 'often')
  assert.equal(sayLuck(1e-9), 'less than 1 time in 10,000')
})
