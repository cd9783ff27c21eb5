import assert from 'node:assert/strict'
import { test } from 'node:test'
import { progressOn, remaining } from './progress.ts'

test('what is left is told at the pace so far, once there is a pace', () => {
  assert.equal(remaining(0.5, 1), '')
  assert.equal(remaining(0.01, 100), '')
  assert.equal(remaining(0.25, 10), ', about 30 s left')
  assert.equal(remaining(0.1, 100), ', about 15 min left')
  assert.equal(remaining(0.999, 100), ', about 1 s left')
  assert.equal(remaining(1, 100), '')
})

test('a terminal has a bar with the remaining time, anything else has a line each quarter', () => {
  let now = 0
  const written: string[] = []
  const said: string[] = []
  const context = { terminal: true, say: (text: string) => void said.push(text), now: () => new Date(now) }
  const bar = progressOn(context, (text) => void written.push(text))
  bar.to(0, 'reading')
  now = 30_000
  bar.to(0.5, '1,000 of 2,000 trees')
  bar.end()
  assert.match(written[1]!, /█{14}░{14} {2}50% {2}1,000 of 2,000 trees, about 30 s left/)
  assert.equal(said.length, 0)
  const lines = progressOn({ ...context, terminal: false })
  for (const share of [0, 0.1, 0.3, 0.8, 1]) lines.to(share, 'x')
  assert.deepEqual(said.map((line) => line.trim().split(' ')[0]), ['0%', '30%', '80%', '100%'])
})
