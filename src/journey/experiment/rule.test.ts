import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { armByRule, parseRule } from './rule.ts'

const arms = ['control', 'nudge']
const record = { kind: 'tree', sentence: 'x', tree: { column: 'education', is: 'none', yes: { arm: 'nudge', rows: 40 }, no: { column: 'age', at_most: 25, yes: { arm: 'nudge' }, no: { arm: 'control' } } } }

test('a rule is read from its record and gives each learner an arm; chance decides where it cannot', () => {
  const rule = parseRule(record, arms)
  assert.equal(armByRule(rule, { education: 'none' }), 'nudge')
  assert.equal(armByRule(rule, { education: 'degree', age: 25 }), 'nudge')
  assert.equal(armByRule(rule, { education: 'degree', age: '26' }), 'control')
  assert.equal(armByRule(rule, { education: 'degree' }), undefined)
  assert.equal(armByRule(rule, { education: 'degree', age: 'old' }), undefined)
  assert.equal(armByRule(rule, { age: 20 }), undefined)
  assert.deepEqual(parseRule({ kind: 'everyone', arm: 'nudge' }, arms), { arm: 'nudge' })
})

test('what is no rule is refused with the reason', () => {
  const deep = (levels: number): unknown => (levels === 0 ? { arm: 'nudge' } : { column: 'x', at_most: 1, yes: deep(levels - 1), no: { arm: 'control' } })
  for (const [odd, reason] of [
    [{ kind: 'forest' }, /kind is “forest”/],
    [{ kind: 'everyone', arm: 'email' }, /arm “email”, and there are control, nudge/],
    [{ kind: 'tree', tree: { arm: 'Womens E-Mail' } }, /there are control, nudge/],
    [{ kind: 'tree', tree: { column: 'x', yes: { arm: 'nudge' }, no: { arm: 'control' } } }, /neither "is" nor "at_most"/],
    [{ kind: 'tree', tree: { at_most: 1, yes: { arm: 'nudge' }, no: { arm: 'control' } } }, /names no column/],
    [{ kind: 'tree', tree: { column: 'x', at_most: 1, yes: { arm: 'nudge' } } }, /no object/],
    [{ kind: 'tree', tree: deep(6) }, /more than 4 questions/],
    [{}, /kind is “undefined”/],
  ] as const) assert.throws(() => parseRule(odd, arms), (e: unknown) => isFault(e) && e.code === 'experiment.rule_refused' && reason.test(e.message), JSON.stringify(odd))
})
