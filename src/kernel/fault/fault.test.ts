import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, faults, isFault } from './index.ts'

const fault = faults('oven', {
  too_hot: ['refused', (d: { degrees: number }) => `The oven is at ${d.degrees} degrees; 250 is the most.`],
  broken: ['broken', () => 'The oven does not answer.'],
})

test('a fault carries its code, its kind, its data and a sentence', () => {
  const one = fault.too_hot({ degrees: 300 })
  assert.ok(isFault(one) && one instanceof Error)
  assert.equal(one.code, 'oven.too_hot')
  assert.equal(one.kind, 'refused')
  assert.deepEqual(one.data, { degrees: 300 })
  assert.equal(one.message, 'The oven is at 300 degrees; 250 is the most.')
})

test('the list of codes is closed and named after its room', () => {
  assert.deepEqual(fault.codes, ['oven.too_hot', 'oven.broken'])
})

test('findings and cause travel with the fault and cannot be changed', () => {
  const cause = new Error('spark')
  const one = fault.broken({}, { cause, findings: [{ code: 'oven.row', sentence: 'Row 2 is burnt.', row: 2, column: 'bread' }] })
  assert.equal(one.cause, cause)
  assert.equal(one.findings[0]?.row, 2)
  assert.throws(() => (one.findings as unknown[]).push(1), TypeError)
})

test('an ordinary error is not a fault', () => {
  assert.equal(isFault(new Error('x')), false)
  assert.equal(isFault(Object.assign(Object.create(null), { code: 'oven.broken' })), false)
  assert.ok(new Fault('a.b', 'broken', 'c') instanceof Fault)
})
