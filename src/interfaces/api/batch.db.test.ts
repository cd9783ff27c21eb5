/** Completions in batches: issued before the answer, once however often they are sent, and all of them or none. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openHttp } from '#interfaces/http'
import { completionRecorded, saveAchievement } from '#journey/completion'
import { credentialsOfIssuer, establishKey, issueCredentials, verifyHere, credentialByPublicId } from '#journey/credential'
import { createApiKey, createIssuer, type Issuer } from '#journey/party'
import { sql } from '#platform/db'
import { when } from '#platform/queue'
import { client, type Client } from '#test/client'
import { testWorld, type TestWorld } from '#test/world'
import { apiRoutes } from './routes.ts'

let t: TestWorld
let issuer: Issuer
let program: Client
let secret: string

before(async () => {
  t = await testWorld({ flow: [when(completionRecorded, 'credential.issue', issueCredentials)] })
  ;({ secret } = await t.db.transaction(async (tx) => {
    issuer = await createIssuer(tx, { handle: 'example', name: 'Example University' })
    await establishKey(tx, t.world.secrets, issuer.id)
    await saveAchievement(tx, { issuerId: issuer.id, handle: 'weaving', document: { id: 'https://example.org/a/weaving', type: ['Achievement'], name: 'Weaving', description: 'Weaves a basket.', criteria: { narrative: 'Two baskets.' }, resultDescription: [{ id: 'urn:uuid:4b2d6ad2-0000-4000-8000-000000000001', type: ['ResultDescription'], name: 'Points', resultType: 'RawScore', valueMin: '0', valueMax: '100' }] } })
    return await createApiKey(tx, { issuerId: issuer.id, name: 'platform', scopes: ['completions:write'] })
  }))
  program = client(openHttp({ world: t.world, routes: apiRoutes }), t.world.config.publicUrl, { headers: { authorization: `Bearer ${secret}` } })
})
after(() => t.close())

interface Said {
  readonly completions: readonly { readonly completion: string; readonly repeated: boolean; readonly credential: { readonly state: string; readonly address: string | null } }[]
}
const one = (id: string, more: object = {}) => ({ learner: { id, name: `Learner ${id}`, timeZone: 'Asia/Kolkata' }, achievement: 'weaving', completedAt: '2026-02-27T10:00:00Z', ...more })
const send = (completions: readonly object[], key: string) => program.request('POST', '/api/v1/completions/batch', { json: { completions }, headers: { 'idempotency-key': key } })
const said = async (answer: Response) => (await answer.json()) as Said
const issued = async () => (await t.db.read((tx) => credentialsOfIssuer(tx, issuer.id, { limit: 5_000 }))).length

test('a batch is issued before it is answered, in its order, and verifies', async () => {
  const names = Array.from({ length: 300 }, (_, n) => `b-${n}`)
  const answer = await send(names.map((id) => one(id)), 'first')
  assert.equal(answer.status, 201)
  const { completions } = await said(answer)
  assert.equal(completions.length, names.length)
  assert.ok(completions.every((row) => !row.repeated && row.credential.state === 'issued'))
  for (const at of [0, 299]) {
    const credential = await t.db.read((tx) => credentialByPublicId(tx, completions[at]!.credential.address!.slice(-22)))
    const report = await verifyHere(t.world, credential!.signed!)
    assert.deepEqual([report.verdict, report.facts?.who], ['trusted', `Learner b-${at}`])
  }
})

test('the same request again is answered as before, and the same learners in another one change nothing', async () => {
  const batch = [one('r-1'), one('r-2')]
  const [first, second] = await Promise.all([send(batch, 'twice'), send(batch, 'twice')])
  assert.deepEqual([first.status, second.status].toSorted(), [200, 201])
  assert.deepEqual(await said(first), await said(second))
  const before = await issued()
  const again = await said(await send([one('r-2'), one('r-3'), one('r-3')], 'another'))
  assert.deepEqual(again.completions.map((row) => row.repeated), [true, false, true])
  assert.equal(again.completions[1]!.credential.address, again.completions[2]!.credential.address)
  assert.equal(await issued(), before + 1)
  assert.equal((await send([one('r-4')], 'twice')).status, 409, 'a key that stood for something else')
})

test('evidence, results, a narrative and an end go into the credential, and what would make it unfit is refused with its place', async () => {
  const more = { narrative: 'Wove at night.', evidence: [{ id: 'https://example.org/basket', name: 'The basket' }], results: [{ resultDescription: 'urn:uuid:4b2d6ad2-0000-4000-8000-000000000001', value: '93' }], validUntil: '2029-02-27T00:00:00+01:00' }
  const answer = await send([one('e-1', more), one('e-2')], 'with evidence')
  assert.equal(answer.status, 201, await answer.clone().text())
  const [rich, plain] = (await said(answer)).completions
  const document = async (row: typeof rich) => JSON.parse((await t.db.read((tx) => credentialByPublicId(tx, row!.credential.address!.slice(-22))))!.signed!) as Record<string, unknown>
  const report = await verifyHere(t.world, JSON.stringify(await document(rich)))
  assert.equal(report.verdict, 'trusted', report.explanation)
  assert.deepEqual([report.facts?.evidence, report.facts?.results, report.facts?.validUntil], [[{ name: 'The basket', url: 'https://example.org/basket' }], [{ name: 'Points', value: '93' }], '2029-02-26T23:00:00Z'])
  assert.equal(((await document(rich))['credentialSubject'] as { narrative?: string }).narrative, 'Wove at night.')
  assert.deepEqual(Object.keys(await document(plain)).filter((name) => ['evidence', 'validUntil'].includes(name)), [])
  const refused = await send([one('e-3'), one('e-4', { results: [{ resultDescription: 'urn:uuid:4b2d6ad2-0000-4000-8000-00000000000f', value: '93' }] }), one('e-5', { validUntil: '2020-01-01T00:00:00Z' })], 'unfit')
  assert.equal(refused.status, 422)
  const { code, findings } = (await refused.json()) as { code: string; findings: { pointer: string }[] }
  assert.equal(code, 'completion.bad_claims')
  assert.deepEqual(findings.map((finding) => finding.pointer.split('/').slice(0, 3).join('/')), ['/completions/1', '/completions/2'], JSON.stringify(findings))
})

test('one wrong completion keeps all of them out, and every wrong one is named with its place', async () => {
  const before = await issued()
  const refused = await send([one('w-1'), one('w-2', { achievement: 'sewing' }), one('w-3', { completedAt: '2036-01-01T00:00:00Z' })], 'wrong')
  assert.equal(refused.status, 422)
  const problem = (await refused.json()) as { code: string; findings: { pointer: string; code: string }[] }
  assert.deepEqual(problem.findings.map((finding) => [finding.pointer, finding.code]), [['/completions/1/achievement', 'completion.unknown_achievement'], ['/completions/2/completedAt', 'completion.in_future']])
  assert.equal((await send([one('w-1', { learner: { id: 'w-1', name: 'W', timeZone: 'Nowhere/Nothing' } })], 'zone')).status, 422)
  assert.equal((await send([], 'empty')).status, 422)
  assert.equal((await send(Array.from({ length: 1_001 }, (_, n) => one(`m-${n}`)), 'many')).status, 422)
  assert.equal(await issued(), before)
  assert.equal((await send([one('w-1')], 'wrong')).status, 201, 'nothing was kept of the refused request, its key included')
})

test('where the process ends between recording and issuing, a job finishes it later, and the same request tells of it', async () => {
  const ending = { ...t.world, secrets: { ...t.world.secrets, open: () => { throw new Error('the process ended here') } } }
  const other = client(openHttp({ world: ending, routes: apiRoutes }), t.world.config.publicUrl, { headers: { authorization: `Bearer ${secret}` } })
  const before = await issued()
  const request = { json: { completions: [one('c-1')] }, headers: { 'idempotency-key': 'ended' } }
  assert.equal((await other.request('POST', '/api/v1/completions/batch', request)).status, 500)
  assert.equal(await issued(), before)
  await t.world.queue.drain(t.world)
  assert.equal(await issued(), before, 'the safety net waits while a request may be at work')
  await t.db.transaction((tx) => tx.change(sql`update pgboss.job set start_after = now() where state = 'created'`))
  await t.world.queue.drain(t.world)
  assert.equal(await issued(), before + 1)
  const again = await program.request('POST', '/api/v1/completions/batch', request)
  assert.equal(again.status, 200)
  assert.equal((await said(again)).completions[0]!.credential.state, 'issued')
})
