import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { migrationsIn } from './migrate.ts'

test('the project’s migrations are numbered from one without gaps, and no number is taken twice', () => {
  const migrations = migrationsIn(join(import.meta.dirname, '../../../migrations'))
  assert.deepEqual(migrations.map((one) => one.number), migrations.map((_, at) => at + 1))
  assert.ok(migrations.length >= 28)
})
