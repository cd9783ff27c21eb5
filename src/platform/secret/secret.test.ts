import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { secretsFrom, secretsIn } from './index.ts'

const code = (wanted: string) => (error: unknown) => isFault(error) && error.code === wanted
const one = secretsFrom('00'.repeat(31) + '01', 'test')
const other = secretsFrom('00'.repeat(31) + '02', 'test')
const text = new TextEncoder().encode('a signing key')

test('what is sealed opens with the same secret for the same purpose only', () => {
  const sealed = one.seal('signing', text)
  assert.deepEqual(one.open('signing', sealed), text)
  assert.throws(() => one.open('session', sealed), code('secret.not_ours'))
  assert.throws(() => other.open('signing', sealed), code('secret.not_ours'))
  for (const at of [0, 12, sealed.length - 1]) {
    const altered = sealed.slice()
    altered[at]! ^= 1
    assert.throws(() => one.open('signing', altered), code('secret.not_ours'))
  }
  assert.notDeepEqual(one.seal('signing', text), sealed, 'the nonce is new each time')
})

test('each purpose has its own code and key', () => {
  assert.notDeepEqual(one.mac('a', 'm'), one.mac('b', 'm'))
  assert.notEqual(one.key('a'), one.key('b'))
  assert.deepEqual(one.mac('a', 'm'), one.mac('a', 'm'))
})

test('a folder gets its secret once, unreadable by others, and a lost one is never replaced silently', () => {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-secret-'))
  try {
    const first = secretsIn(folder, false)
    const file = join(folder, 'secrets', 'root.key')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(secretsIn(folder, true).mac('a', 'm'), first.mac('a', 'm'))
    chmodSync(file, 0o644)
    assert.throws(() => secretsIn(folder, true), code('secret.exposed'))
    chmodSync(file, 0o600)
    writeFileSync(file, 'too short')
    assert.throws(() => secretsIn(folder, true), code('secret.unfit'))
    rmSync(file)
    assert.throws(() => secretsIn(folder, true), code('secret.missing'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a sample secret of one repeated digit is refused', () => {
  assert.throws(() => secretsFrom('0'.repeat(64), 'LAUREL_SECRET'), code('secret.unfit'))
})
