/** A credential that is put on hold, reinstated and taken back over the API: what programs are told, what its page says, and what verifiers see. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { adminRoutes } from '#interfaces/admin'
import { apiRoutes } from '#interfaces/api'
import { openHttp, openSignIn, signInRoutes } from '#interfaces/http'
import { checkMailPage, mailedLinkPage, pageRoutes, signInPage } from '#interfaces/pages'
import { completionRecorded, recordCompletions, saveAchievement } from '#journey/completion'
import { credentialsOfIssuer, establishKey, issueCredentials, setVisibility, type Credential } from '#journey/credential'
import { addMember, createApiKey, createIssuer, type Issuer } from '#journey/party'
import { when } from '#platform/queue'
import { client, type Client } from './client.ts'
import { testWorld, type TestWorld } from './world.ts'

let t: TestWorld
let issuer: Issuer
let program: Client
let reader: Client
let owner: Client
let credentials: readonly Credential[]

before(async () => {
  t = await testWorld({ env: { LAUREL_SUSPENSION: '1' }, flow: [when(completionRecorded, 'credential.issue', issueCredentials)] })
  const { secret } = await t.db.transaction(async (tx) => {
    await addMember(tx, 'owner@example.org', { role: 'owner', issuerId: undefined })
    issuer = await createIssuer(tx, { handle: 'example', name: 'Example University' })
    await establishKey(tx, t.world.secrets, issuer.id)
    const achievement = await saveAchievement(tx, { issuerId: issuer.id, handle: 'weaving', document: { id: 'https://example.org/a/weaving', type: ['Achievement'], name: 'Weaving', description: 'Weaves a basket.', criteria: { narrative: 'Two baskets.' } } })
    await recordCompletions(tx, issuer, ['Ana', 'Bo', 'Chi'].map((name) => ({ learner: { externalId: name, name }, achievement, completedAt: new Date('2026-02-27T10:00:00Z'), covariates: {} })), 'api')
    return await createApiKey(tx, { issuerId: issuer.id, name: 'platform', scopes: ['credentials:revoke'] })
  })
  await t.world.queue.drain(t.world)
  credentials = await t.db.read((tx) => credentialsOfIssuer(tx, issuer.id, { limit: 10 }))
  await t.db.transaction(async (tx) => {
    for (const one of credentials) await setVisibility(tx, { credentialId: one.id, visibility: 'link' })
  })
  const signIn = await openSignIn(t.world)
  const http = openHttp({ world: t.world, routes: [...apiRoutes, ...adminRoutes, ...pageRoutes(signIn), ...signInRoutes(signIn, { signIn: signInPage, checkMail: checkMailPage, mailedLink: mailedLinkPage })], signIn })
  owner = client(http, t.world.config.publicUrl)
  owner.take((await signIn.openFor('owner@example.org', '')).cookies)
  program = client(http, t.world.config.publicUrl, { headers: { authorization: `Bearer ${secret}` } })
  reader = client(http, t.world.config.publicUrl)
})
after(() => t.close())

const post = async (path: string, body: object) => {
  const answer = await program.request('POST', path, { json: body })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const page = async (id: string, language = 'en') => (await (await reader.get(`/c/${id}`, { headers: { 'accept-language': language } })).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
const status = async (id: string) => {
  const document = await (await reader.get(`/c/${id}.json`)).text()
  const answer = await reader.request('POST', '/api/v1/verify', { body: document, headers: { 'content-type': 'application/vc' } })
  return ((await answer.json()) as { checks: { name: string; code: string }[] }).checks.find((one) => one.name === 'status')?.code
}

test('on hold, back again, and gone: the answer, the page and the verifier agree', async () => {
  const { publicId } = credentials[0]!
  const at = (what: string) => `/api/v1/credentials/${publicId}/${what}`
  assert.deepEqual(await post(at('suspension'), { reason: 'An appeal is being heard.' }), { status: 200, body: { status: 'suspended' } })
  assert.equal(await status(publicId), 'status.suspended')
  const held = await page(publicId)
  assert.match(held, /Suspended\. Do not rely on it now\./)
  assert.match(held, /An appeal is being heard\./)
  assert.match(await page(publicId, 'de'), /An appeal is being heard\./)
  assert.equal((await post(at('suspension'), { reason: 'Again.' })).body['code'], 'credential.already_suspended')
  assert.deepEqual(await post(at('reinstatement'), { reason: 'The appeal was granted.' }), { status: 200, body: { status: 'in force' } })
  assert.equal(await status(publicId), 'status.clear')
  assert.doesNotMatch(await page(publicId), /Suspended|appeal/)
  assert.deepEqual(await post(at('revocation'), { reason: 'Issued to the wrong person.' }), { status: 200, body: { status: 'revoked' } })
  assert.equal(await status(publicId), 'status.revoked')
  assert.match(await page(publicId), /Revoked\. Do not rely on it\..*Issued to the wrong person\./)
  assert.equal((await post(at('reinstatement'), { reason: 'No.' })).body['code'], 'credential.already_revoked')
})

test('many at once are changed or none is', async () => {
  const [gone, ...others] = credentials.map((one) => one.publicId)
  const refused = await post('/api/v1/credentials/status', { change: 'suspend', credentials: [...others, gone], reason: 'All of them.' })
  assert.deepEqual([refused.status, refused.body['code']], [409, 'credential.already_revoked'])
  for (const id of others) assert.equal(await status(id), 'status.clear')
  assert.deepEqual(await post('/api/v1/credentials/status', { change: 'suspend', credentials: others, reason: 'All of them.' }), { status: 200, body: { status: 'suspended', changed: 2 } })
  for (const id of others) assert.equal(await status(id), 'status.suspended')
  assert.equal((await post('/api/v1/credentials/status', { change: 'suspend', credentials: ['A'.repeat(22)], reason: 'Nobody’s.' })).status, 404)
  assert.equal((await post('/api/v1/credentials/status', { change: 'suspend', credentials: others, reason: '  ' })).status, 422)
})

test('a status list is kept by who asked for it, and a change gives it another tag', async () => {
  const list = `/status/${credentials[1]!.suspensionListId}`
  const first = await reader.get(list)
  const tag = first.headers.get('etag') ?? ''
  assert.match(tag, /^"[\w-]{22}"$/)
  assert.match(first.headers.get('cache-control') ?? '', /public, max-age=\d+/)
  const { validUntil, credentialSubject } = (await first.json()) as { validUntil: string; credentialSubject: { statusPurpose: string } }
  assert.ok(Date.parse(validUntil) > t.clock.now().getTime())
  assert.equal(credentialSubject.statusPurpose, 'suspension')
  assert.equal((await reader.get(list, { headers: { 'if-none-match': tag } })).status, 304)
  await post(`/api/v1/credentials/${credentials[1]!.publicId}/reinstatement`, { reason: 'It was a mistake.' })
  const after = await reader.get(list, { headers: { 'if-none-match': tag } })
  assert.equal(after.status, 200)
  assert.notEqual(after.headers.get('etag'), tag)
})

test('at the desk the ticked ones are changed, or it is said which one cannot be', async () => {
  const [gone, held, free] = credentials.map((one) => one.publicId) as [string, string, string]
  await post('/api/v1/credentials/status', { change: 'reinstate', credentials: [free], reason: 'For the desk.' })
  const list = '/admin/example/credentials'
  const page = await (await owner.get(list)).text()
  assert.ok(page.includes(`name="credential" value="${held}"`) && !page.includes(`name="credential" value="${gone}"`), 'what is revoked cannot be ticked')
  const change = async (ids: readonly string[], what: string) => {
    const fields = new URLSearchParams([['csrf', await owner.token()], ['change', what], ['reason', 'Marked again.'], ...ids.map((id): [string, string] => ['credential', id])])
    return await owner.request('POST', `${list}/status`, { body: fields.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } })
  }
  assert.equal((await change([held, free], 'suspend')).status, 303)
  assert.deepEqual([await status(held), await status(free)], ['status.suspended', 'status.suspended'])
  assert.match(await (await owner.get(list)).text(), /Suspended<\/span><br>[^]*?Marked again\./)
  const refused = await change([held, gone], 'reinstate')
  assert.equal(refused.status, 409)
  assert.match(await refused.text(), new RegExp(`${gone} has been revoked already`))
  assert.equal(await status(held), 'status.suspended')
  assert.equal((await change([], 'reinstate')).status, 422)
})
