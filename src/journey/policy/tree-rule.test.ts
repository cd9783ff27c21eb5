import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRule } from '#journey/experiment'
import type { PolicyNode } from '#kernel/causal'
import { drawingOf, pruned, recordOf, sayTree, type Asked, type RuleWords } from './tree-rule.ts'

const asked = (column: string): Asked => ({ trait: column.split('=')[0]!, label: column.split('=')[0]!.replaceAll('_', ' '), kind: column.startsWith('w') ? 'whole' : column.startsWith('m') ? 'mark' : 'any', ...(column.includes('=') ? { level: column.split('=')[1]! } : {}) })
const words: RuleWords = { verb: 'Nudge', everybody: 'everybody', nobody: 'nobody', list: (all) => all.join(' and '), write: (value, digits) => String(Number(value.toFixed(digits))) }
const leaf = (action: number): PolicyNode => ({ action, rows: 10 })
const cut = (column: string, at: number, low: PolicyNode, high: PolicyNode): PolicyNode => ({ column, at, low, high })
const said = (node: PolicyNode) => sayTree(node, asked, words)

test('a rule is said by whom it nudges, or by whom it spares where that is shorter', () => {
  assert.equal(said(leaf(1)), 'Nudge everybody.')
  assert.equal(said(leaf(0)), 'Nudge nobody.')
  assert.equal(said(cut('w_skill', 48, leaf(1), leaf(0))), 'Nudge where w skill is at most 48; nobody else.')
  assert.equal(said(cut('w_skill', 48, leaf(1), cut('kind=a', 0, leaf(0), leaf(1)))), 'Nudge everybody, but not where w skill is 49 or more and kind is not a.')
  assert.equal(said(cut('m_job', 0, leaf(0), leaf(1))), 'Nudge where m job is 1; nobody else.')
  assert.equal(said(cut('years', 1.23456, leaf(0), leaf(1))), 'Nudge where years is above 1.23; nobody else.')
})

test('two answers about one number are one condition', () => {
  assert.equal(said(cut('w', 51, cut('w', 48, leaf(1), leaf(0)), cut('w', 55, leaf(1), leaf(0)))), 'Nudge where w is at most 48, or where w is 52 to 55; nobody else.')
  assert.equal(said(cut('years', 5, cut('years', 2, leaf(0), leaf(1)), leaf(0))), 'Nudge where years is above 2 and at most 5; nobody else.')
  assert.equal(said(cut('w', 51, cut('w', 50, leaf(0), leaf(1)), leaf(0))), 'Nudge where w is 51; nobody else.')
  // Parts of one number that are treated alike are one part.
  assert.deepEqual(pruned(cut('w', 1, leaf(1), cut('w', 4, leaf(1), leaf(0)))), cut('w', 4, { action: 1, rows: 20 }, leaf(0)))
  assert.deepEqual(pruned(cut('w', 4, cut('w', 1, leaf(1), leaf(0)), leaf(0))), cut('w', 1, leaf(1), { action: 0, rows: 20 }))
})

test('questions whose answer does not matter are left out, and the record is one that an experiment reads', () => {
  const node = pruned(cut('kind=a', 0, cut('w', 3, leaf(1), leaf(1)), cut('w', 5, leaf(0), leaf(1))))
  assert.deepEqual(node, cut('kind=a', 0, { action: 1, rows: 20 }, cut('w', 5, leaf(0), leaf(1))))
  const record = { kind: 'tree', tree: recordOf(node, asked, ['control', 'nudge']) }
  assert.deepEqual(parseRule(record, ['control', 'nudge']), { column: 'kind', is: 'a', yes: { column: 'w', atMost: 5, yes: { arm: 'control' }, no: { arm: 'nudge' } }, no: { arm: 'nudge' } })
  assert.deepEqual(drawingOf(node, asked, words.write), { low: 'kind is not a', high: 'kind is a', ifLow: { treats: true, rows: 20 }, ifHigh: { low: 'w is at most 5', high: 'w is 6 or more', ifLow: { treats: false, rows: 10 }, ifHigh: { treats: true, rows: 10 } } })
})
