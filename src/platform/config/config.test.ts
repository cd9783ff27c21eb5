import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { besideServer, readConfig } from './index.ts'

test('with nothing set, it runs on this machine with a folder beside the project', () => {
  const config = readConfig({}, {}, '/project')
  assert.equal(config.port, 3000)
  assert.equal(config.publicUrl, 'http://localhost:3000')
  assert.equal(config.dataFolder, '/project/.laurel')
  assert.equal(config.demo, true)
})

test('the command line wins over the environment', () => {
  const config = readConfig({ PORT: '4000', LAUREL_DATA: '/a' }, { port: '5000', data: '/b' }, '/project')
  assert.deepEqual([config.port, config.dataFolder, config.publicUrl], [5000, '/b', 'http://localhost:5000'])
})

test('every wrong setting is named at once, and secrets are not repeated', () => {
  const env = { PORT: '70000', LAUREL_PUBLIC_URL: 'http://credentials.example.org', DATABASE_URL: 'mysql://me:hunter2@db/x', LAUREL_SECRET: 'short', LAUREL_SMTP_URL: 'mail', LAUREL_MAIL_FROM: 'no', LAUREL_LOG_LEVEL: 'loud', LAUREL_VC_API: 'yes' }
  assert.throws(
    () => readConfig(env, {}, '/project'),
    (error: unknown) => {
      assert.ok(isFault(error) && error.code === 'config.wrong' && error.kind === 'refused')
      assert.deepEqual(error.findings.map((finding) => finding.column), Object.keys(env))
      assert.doesNotMatch(JSON.stringify(error.findings), /hunter2|short/)
      return true
    },
  )
})

test('a database of its own needs a secret of its own, and gets no demonstration', () => {
  assert.throws(() => readConfig({ DATABASE_URL: 'postgresql://db/laurel' }, {}, '/project'), (error: unknown) => isFault(error) && error.findings[0]?.column === 'LAUREL_SECRET')
  assert.equal(readConfig({ DATABASE_URL: 'postgresql://db/laurel', LAUREL_SECRET: 'ab'.repeat(32) }, {}, '/project').demo, false)
})

test('beside a server its address is taken, with the sender that follows, unless another one was given', () => {
  const beside = (env: Record<string, string>) => besideServer(readConfig(env, {}, '/project'), 'https://credentials.example.org')
  assert.deepEqual([beside({}).publicUrl, beside({}).mailFrom], ['https://credentials.example.org', 'credentials@credentials.example.org'])
  assert.equal(beside({ LAUREL_MAIL_FROM: 'badges@example.org' }).mailFrom, 'badges@example.org')
  assert.equal(beside({ LAUREL_PUBLIC_URL: 'https://other.example' }).publicUrl, 'https://other.example')
  assert.equal(besideServer(readConfig({}, {}, '/project'), undefined).publicUrl, 'http://localhost:3000')
})

test('registries are read from their file, and a wrong one is told with the other wrong settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-config-'))
  try {
    const file = join(folder, 'issuers.json')
    const read = (text: string) => {
      writeFileSync(file, text)
      return readConfig({ LAUREL_TRUSTED_ISSUERS: file }, {}, folder).registries
    }
    const [board] = read('[{"registry":"Board","issuers":[{"id":"did:web:school.example","name":"School"},{"id":"https://other.example"}]}]')
    assert.deepEqual([board?.name, [...(board?.issuers ?? [])]], ['Board', [['did:web:school.example', 'School'], ['https://other.example', undefined]]])
    assert.equal(read('{"registry":"Board","issuers":[]}').length, 1)
    for (const wrong of ['{', '[{"issuers":[]}]', '[{"registry":"B","issuers":[{"id":"school"}]}]', '[{"registry":"B","issuers":[{"id":"did:web:a.example"},{"id":"did:web:a.example"}]}]', '[{"registry":"B","issuers":[{"id":"did:web:a.example","name":1}]}]']) {
      assert.throws(() => read(wrong), { code: 'config.wrong' }, wrong)
    }
    rmSync(file)
    assert.throws(() => readConfig({ LAUREL_TRUSTED_ISSUERS: file }, {}, folder), { code: 'config.wrong' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
