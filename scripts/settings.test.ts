/** The reference of the settings names what the configuration reads, and nothing else. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from './run-tests.ts'

test('docs/reference/settings.md lists every variable that the configuration reads', () => {
  const code = readFileSync(join(root, 'src/platform/config/config.ts'), 'utf8')
  const page = readFileSync(join(root, 'docs/reference/settings.md'), 'utf8')
  const read = new Set([...code.matchAll(/given\('([A-Z_]+)'\)/g)].map((match) => match[1]))
  const listed = new Set([...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]))
  assert.ok(read.size >= 8)
  assert.deepEqual([...listed].toSorted(), [...read].toSorted())
})
