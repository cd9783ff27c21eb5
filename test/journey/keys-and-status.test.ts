/** Keys, status and files of credentials from the command line, as the one who runs Laurel uses them. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { jsonOf, laurel, workshop, workshopFor, type Server, type Workshop } from './laurel.ts'
import { achievement, credentialsIn, header, isOneSentence, row } from './provider.ts'
import { refusal } from './second-verifier.ts'

interface Verified {
  readonly verdict: string
  readonly checks: readonly { readonly name: string; readonly code: string; readonly detail: string }[]
}
interface Refused {
  readonly error: { readonly findings: readonly { readonly row?: number; readonly column?: string }[] }
}

suite('beside a running server', () => {
  let here: Workshop
  let server: Server
  const on = (...words: string[]) => [...words, '--data', here.data]
  before(async () => {
    here = workshop()
    server = await here.serve()
  })
  after(() => here.close())

  test('credentials are suspended, reinstated and revoked by id, by address and by file; keys are compromised and exported', async () => {
    const file = join(here.folder, 'held.csv')
    writeFileSync(file, `${header}\n${['H-1', 'H-2', 'H-3'].map((id) => row(id)).join('\n')}\n`)
    const to = join(here.folder, 'held')
    const issued = await laurel(on('issue', file, '--achievement', achievement, '--out', to, '--json'), { env: { LAUREL_SUSPENSION: '1' } })
    assert.equal(issued.code, 0, issued.err)
    const [one, two, three] = credentialsIn(to).map((name) => name.slice(0, -'.json'.length)) as [string, string, string]
    const status = async (id: string) => jsonOf<Verified>(await laurel(on('verify', join(to, `${id}.json`), '--json'))).checks.find((check) => check.name === 'status')?.code
    isOneSentence(await laurel(on('suspend', one)), 1, /Name the reason with --reason/)
    isOneSentence(await laurel(on('suspend', 'nonsense', '--reason', 'x')), 1, /“nonsense” is neither the id of a credential/)
    const held = await laurel(on('suspend', one, `http://localhost:${server.port}/c/${two}`, '--reason', 'An appeal is being heard.', '--json'))
    assert.deepEqual(jsonOf(held), { change: 'suspend', changed: 2 })
    assert.deepEqual([await status(one), await status(two), await status(three)], ['status.suspended', 'status.suspended', 'status.clear'])
    writeFileSync(join(here.folder, 'ids.txt'), `${one}\n${two}.json\n\n`)
    assert.equal((await laurel(on('reinstate', '--file', join(here.folder, 'ids.txt'), '--reason', 'Granted.'))).code, 0)
    assert.equal(await status(one), 'status.clear')
    assert.equal((await laurel(on('revoke', three, '--reason', 'Issued to the wrong person.'))).code, 0)
    assert.equal(await status(three), 'status.revoked')
    isOneSentence(await laurel(on('reinstate', three, '--reason', 'x')), 1, /revoked already, which is for good/)

    const [key] = jsonOf<{ publicMultibase: string }[]>(await laurel(on('keys', 'list', '--json')))
    isOneSentence(await laurel(on('keys', 'compromise', key!.publicMultibase, '--since', 'yesterday')), 1, /--since is “yesterday”/)
    const compromised = await laurel(on('keys', 'compromise', key!.publicMultibase, '--since', '2026-01-05'))
    assert.equal(compromised.code, 0, compromised.err)
    const verified = jsonOf<Verified>(await laurel(on('verify', join(to, `${one}.json`), '--json')))
    assert.equal(verified.verdict, 'not_proved')
    assert.match(verified.checks.find((check) => check.name === 'proof')?.detail ?? '', /withdrawn by its owner on 5 January 2026/)
    const exported = await laurel(on('keys', 'export-public'))
    const { keys } = jsonOf<{ keys: { publicKeyMultibase: string; compromisedAt?: string }[] }>(exported)
    assert.deepEqual(keys.map((held) => held.compromisedAt !== undefined), [true, false])
    assert.doesNotMatch(exported.out, /seed|sealed|"d":/)
  })

  test('a file of learners becomes a file of credentials, which another implementation accepts; with a fault in it there is no file', async () => {
    const [from, to] = [join(here.folder, 'learners.ndjson'), join(here.folder, 'signed.ndjson')]
    const lines = Array.from({ length: 600 }, (_, n) => JSON.stringify({ learner: { name: `Learner ${n}`, email: `b-${n}@learners.example` }, completedAt: '2026-08-30T10:00:00Z' }))
    writeFileSync(from, `${lines.join('\n')}\n`)
    const done = await laurel(on('issue', '--batch', from, '--achievement', achievement, '--out', to, '--json'))
    assert.equal(done.code, 0, done.err)
    assert.equal(jsonOf<{ credentials: number }>(done).credentials, lines.length)
    const signed = readFileSync(to, 'utf8').trimEnd().split('\n')
    assert.equal(signed.length, lines.length)
    for (const at of [0, 1, 599]) assert.equal(await refusal(JSON.parse(signed[at]!) as object), undefined)
    assert.notEqual(await refusal(JSON.parse(signed[1]!.replace('Learner 1', 'Learner 2')) as object), undefined)
    writeFileSync(from, `${lines.join('\n')}\n{"learner":{"name":"Late"}}\n`)
    const refused = await laurel(on('issue', '--batch', from, '--achievement', achievement, '--out', join(here.folder, 'none.ndjson'), '--json'))
    assert.equal(refused.code, 1)
    assert.deepEqual(jsonOf<Refused>(refused).error.findings.map((one) => [one.row, one.column]), [[601, 'completedAt']])
    assert.ok(!existsSync(join(here.folder, 'none.ndjson')) && !existsSync(join(here.folder, 'none.ndjson.unfinished')))
  })
})

test('with a passphrase the secret is sealed, and without it, or with another one, nothing is opened and nothing made', async (t) => {
  const sealed = workshopFor(t)
  const file = join(sealed.folder, 'one.csv')
  writeFileSync(file, `${header}\n${row('P-1')}\n`)
  const issue = (env: Readonly<Record<string, string>>) => laurel(['issue', file, '--achievement', achievement, '--data', sealed.data], { env })
  const first = await issue({ LAUREL_PASSPHRASE: 'correct horse battery' })
  assert.equal(first.code, 0, first.err)
  const key = () => readFileSync(join(sealed.data, 'secrets', 'root.key'), 'utf8')
  const before = key()
  assert.match(before, /^laurel-sealed-1:/)
  isOneSentence(await issue({}), 2, /sealed with a passphrase; give it in LAUREL_PASSPHRASE/)
  isOneSentence(await issue({ LAUREL_PASSPHRASE: 'incorrect horse batt.' }), 2, /does not open with the passphrase/)
  assert.equal(key(), before)
  assert.equal((await issue({ LAUREL_PASSPHRASE: 'correct horse battery' })).code, 0)
})
