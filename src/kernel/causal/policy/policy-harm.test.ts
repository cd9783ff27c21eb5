import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator } from '#kernel/numeric'
import { policyHarm } from './policy-harm.ts'

/** Treatment helps the many by 1 and harms the few by 1; the rule may look at x only, which tells them apart where `seen`. */
function people(seed: number, n: number, seen: boolean) {
  const g = generator(seed, 'harm')
  const few = Float64Array.from({ length: n }, () => (g.uniform() < 0.2 ? 1 : 0))
  const x = seen ? few : Float64Array.from({ length: n }, () => g.below(5))
  return { none: Float64Array.from({ length: n }, () => g.normal()), nudge: Float64Array.from(few, (f) => (f === 1 ? -1 : 1) + g.normal()), x, group: Array.from(few, (f) => (f === 1 ? 'few' : 'many')) }
}
const spec = { scores: ['none', 'nudge'], covariates: ['x'], depth: 1, folds: 4, groups: 'group', random: generator(1) }

test('a rule that harms a group is told so, with the group that it helps beside it', () => {
  const rows = policyHarm(people(1, 2000, false), spec)
  assert.deepEqual(rows.map((row) => row.options['group']), ['many', 'few'])
  const [many, few] = rows
  assert.ok(many!.conf_low! > 0 && (many!.options['p_harm'] as number) > 0.5)
  assert.ok(few!.conf_high! < 0 && (few!.options['p_harm'] as number) < 0.001)
})

test('a rule that leaves the group alone does not harm it, and costs are not counted against learners', () => {
  const rows = policyHarm(people(2, 2000, true), { ...spec, costs: [0, 0.2] })
  const few = rows.find((row) => row.options['group'] === 'few')!
  assert.equal(few.options['share_treated'], 0)
  assert.equal(few.estimate, 0)
  assert.equal(few.p_value, null)
  assert.equal(few.options['p_harm'], 1)
  const many = rows.find((row) => row.options['group'] === 'many')!
  assert.ok(Math.abs(many.estimate - 1) < 0.2, `${many.estimate}`)
})

test('a group of one person has no error and is left out', () => {
  const data = people(3, 400, true)
  const rows = policyHarm({ ...data, group: data.group.map((g, i) => (i === 0 ? 'alone' : g)) }, spec)
  assert.ok(!rows.some((row) => row.options['group'] === 'alone'))
})
