import assert from 'node:assert/strict'
import { test } from 'node:test'
import { knowable, targets } from './index.ts'

test('what can be known of a place follows from its row: an export has only profiles, a robot only networks with one, a printed code is only gone for and seen', () => {
  assert.deepEqual([...knowable('linkedin_profile')], ['exported', 'told', 'seen', 'fetched', 'went'])
  assert.deepEqual([...knowable('whatsapp')], ['told', 'seen', 'fetched', 'went'])
  assert.deepEqual([...knowable('email')], ['told', 'seen', 'went'])
  assert.deepEqual([...knowable('qr_code')], ['seen', 'went'])
  for (const target of targets) assert.ok(knowable(target.id).has('went') && knowable(target.id).has('seen'), target.id)
})
