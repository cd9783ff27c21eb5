import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { assessmentMethod, parseAchievement, parseProfile, workloadHours } from './achievement.ts'
import type { JsonObject } from './json.ts'

const example = JSON.parse(readFileSync(new URL('../../../examples/achievement.json', import.meta.url), 'utf8')) as JsonObject
const pointers = (input: unknown): string[] => {
  const parsed = parseAchievement(input)
  return parsed.ok ? [] : parsed.findings.map((one) => `${one.pointer} ${one.code}`)
}

test('the example achievement reads, states its workload and its assessment, and cannot be changed', () => {
  const parsed = parseAchievement(example)
  assert.ok(parsed.ok, JSON.stringify(parsed))
  assert.equal(parsed.value.name, 'Data Analysis for Business Decisions')
  assert.equal(workloadHours(parsed.value), 120)
  assert.equal(assessmentMethod(parsed.value), 'Marked project and supervised exam')
  assert.throws(() => { (parsed.value as { name: string }).name = 'x' }, TypeError)
  assert.deepEqual(parsed.value, example)
})

test('every fault is listed with its JSON pointer', () => {
  const { criteria, ...rest } = example
  assert.ok(criteria)
  assert.deepEqual(pointers(rest), ['/criteria openbadge.missing'])
  assert.deepEqual(pointers({ ...example, id: 'not an address', name: null, tag: [], hours: 12, achievementType: 'Trophy' }), [
    '/id openbadge.wrong_kind',
    '/achievementType openbadge.not_in_vocabulary',
    '/name openbadge.null_value',
    '/tag openbadge.empty_list',
    '/hours openbadge.unknown_property',
  ])
  assert.deepEqual(pointers({ ...example, alignment: [{ type: ['Alignment'], targetName: 'x' }] }), ['/alignment/0/targetUrl openbadge.missing'])
  assert.deepEqual(pointers({ ...example, type: ['Trophy'] }), ['/type openbadge.wrong_type'])
  assert.deepEqual(pointers({ ...example, creditsAvailable: '4' }), ['/creditsAvailable openbadge.wrong_kind'])
  assert.deepEqual(pointers({ ...example, criteria: {} }), ['/criteria openbadge.criteria_empty'])
  assert.deepEqual(pointers({ ...example, resultDescription: [{ id: 'urn:x:1', type: ['ResultDescription'], name: 'Grade', resultType: 'LetterGrade', allowedValue: ['B', 'A'], requiredValue: 'C' }] }), ['/resultDescription/0/requiredValue openbadge.result_value_outside'])
})

test('what is no object is refused', () => {
  for (const input of [undefined, null, 1, 'x', [], () => 1]) assert.equal(parseAchievement(input).ok, false)
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  assert.equal(parseAchievement(cycle).ok, false)
})

test('an issuer profile needs an id and a name', () => {
  assert.ok(parseProfile({ id: 'did:web:learn.example.org', type: ['Profile'], name: 'Example Institute', url: 'https://learn.example.org' }).ok)
  const nameless = parseProfile({ id: 'did:web:learn.example.org', type: ['Profile'] })
  assert.deepEqual(nameless.ok ? [] : nameless.findings.map((one) => one.code), ['openbadge.issuer_name_missing'])
})
