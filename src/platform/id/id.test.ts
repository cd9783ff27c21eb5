import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomIds, seededIds } from './index.ts'

test('a uuid is version 7, carries its time, and sorts by it', () => {
  const early = randomIds.uuid(new Date('2026-01-01T00:00:00Z'))
  const late = randomIds.uuid(new Date('2026-01-01T00:00:01Z'))
  for (const id of [early, late]) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.ok(early < late)
  assert.equal(Number.parseInt(early.slice(0, 8) + early.slice(9, 13), 16), Date.parse('2026-01-01T00:00:00Z'))
})

test('a public token has 128 bits and is fit for an address', () => {
  const seen = new Set(Array.from({ length: 10_000 }, () => randomIds.token()))
  assert.equal(seen.size, 10_000)
  for (const token of seen) assert.match(token, /^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/)
})

test('the same seed gives the same names, another seed others', () => {
  const at = new Date(0)
  const some = (seed: string) => {
    const ids = seededIds(seed)
    return [ids.uuid(at), ids.token(), Buffer.from(ids.bytes(100)).toString('hex'), ids.uuid(at)]
  }
  assert.deepEqual(some('1'), some('1'))
  assert.notDeepEqual(some('1'), some('2'))
  assert.equal(new Set(some('1')).size, 4)
})
