import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
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

test('with a passphrase the secret stands sealed, and opens with that one only; nothing is made in its place', () => {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-secret-'))
  try {
    const file = join(folder, 'secrets', 'root.key')
    const open = secretsIn(folder, false)
    const plain = readFileSync(file, 'utf8')
    assert.deepEqual(secretsIn(folder, true, 'twelve letters').mac('a', 'm'), open.mac('a', 'm'), 'sealed where it stood open')
    const sealed = readFileSync(file, 'utf8')
    assert.ok(!sealed.includes(plain))
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(secretsIn(folder, true, 'twelve letters').mac('a', 'm'), open.mac('a', 'm'))
    assert.throws(() => secretsIn(folder, true), code('secret.locked'))
    assert.throws(() => secretsIn(folder, true, 'twelve lettres'), code('secret.wrong_passphrase'))
    assert.equal(readFileSync(file, 'utf8'), sealed)
    writeFileSync(file, sealed.slice(0, -3))
    assert.throws(() => secretsIn(folder, true, 'twelve letters'), code('secret.wrong_passphrase'))
    rmSync(file)
    assert.throws(() => secretsIn(folder, true, 'twelve letters'), code('secret.missing'))
    secretsIn(folder, false, 'twelve letters')
    assert.match(readFileSync(file, 'utf8'), /^laurel-sealed-1:/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a sample secret of one repeated digit is refused', () => {
  assert.throws(() => secretsFrom('0'.repeat(64), 'LAUREL_SECRET'), code('secret.unfit'))
})
