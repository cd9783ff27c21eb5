/** What strangers send to be verified: read in a thread that can be ended, fetched only when asked for, and only through the guarded fetcher. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { apiRoutes } from '#interfaces/api'
import { openHttp } from '#interfaces/http'
import { contextFor, type JsonObject } from '#kernel/openbadge'
import { addProof, didDocument, encodeStatusList, keyPairFromSeed, newStatusBits, setStatusBit } from '#kernel/proof'
import { verifyStranger } from '#journey/credential'
import { guardedFetch, type Fetched } from '#platform/net'
import { client, type Client } from './client.ts'
import { testWorld, type TestWorld } from './world.ts'

const did = 'did:web:school.example'
const pair = keyPairFromSeed(Buffer.alloc(32, 9))
const sign = (document: JsonObject) => addProof(document, pair, { cryptosuite: 'eddsa-rdfc-2022', verificationMethod: `${did}#key-1`, created: '2026-01-01T00:00:00Z' }, contextFor)
const bits = newStatusBits()
setStatusBit(bits, 7, true)
const list = await sign({ '@context': ['https://www.w3.org/ns/credentials/v2'], id: 'https://school.example/status', type: ['VerifiableCredential', 'BitstringStatusListCredential'], issuer: did, validFrom: '2026-01-01T00:00:00Z', credentialSubject: { id: 'https://school.example/status#list', type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList: encodeStatusList(bits) } })
const credential = async (index: number, more: JsonObject = {}) =>
  await sign({
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    id: `urn:uuid:${index}`,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: 'Weaving',
    issuer: { id: did, type: ['Profile'], name: 'School' },
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: { id: 'did:example:1', type: ['AchievementSubject'], achievement: { id: 'https://school.example/a', type: ['Achievement'], name: 'Weaving', description: 'Weaves.', criteria: { narrative: 'One basket.' } } },
    credentialStatus: { id: `https://school.example/status#${index}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: String(index), statusListCredential: 'https://school.example/status' },
    ...more,
  })

let t: TestWorld
let api: Client
const asked: string[] = []
const pages: Record<string, string> = {
  'https://school.example/.well-known/did.json': JSON.stringify(didDocument(did, [{ fragment: 'key-1', publicKey: pair.publicKey }])),
  'https://school.example/status': JSON.stringify(list),
  'https://school.example/badge.json': JSON.stringify(await credential(1)),
}

before(async () => {
  const guarded = guardedFetch({ userAgent: 'test', resolve: async () => [] })
  t = await testWorld({
    fetch: async (address, options): Promise<Fetched> => {
      asked.push(address)
      const body = pages[address]
      // Whatever is not among the pages goes the way that it goes in the product, to the guard.
      return body === undefined ? await guarded(address, options) : { status: 200, address, mediaType: 'application/json', body: Buffer.from(body), header: () => undefined }
    },
  })
  api = client(openHttp({ world: t.world, routes: apiRoutes }), t.world.config.publicUrl)
})
after(() => t.close())

interface Said {
  readonly verdict: string
  readonly reason: string
  readonly checks: readonly { readonly name: string; readonly code: string }[]
}
let callers = 0
async function verify(body: string, query = ''): Promise<Said> {
  asked.length = 0
  const answer = await api.request('POST', `/api/v1/verify${query}`, { body, headers: { 'content-type': 'text/plain' }, address: `198.51.100.${callers++}` })
  assert.equal(answer.status, 200, await answer.clone().text())
  return (await answer.json()) as Said
}

test('nothing is asked unless it is asked for; then keys and lists are', async () => {
  const text = JSON.stringify(await credential(1))
  assert.equal((await verify(text)).reason, 'proof.key_unreachable')
  assert.deepEqual(asked, [])
  const online = await verify(text, '?online=yes')
  assert.deepEqual([online.verdict, online.reason], ['unknown_issuer', 'registry.unlisted'])
  assert.deepEqual(asked, ['https://school.example/.well-known/did.json', 'https://school.example/status'])
  assert.equal((await verify(JSON.stringify(await credential(7)), '?online=yes')).reason, 'status.revoked')
})

test('an issuer in a registry that the operator listed is trusted, under the name that the registry gives', async () => {
  const listed = { ...t.world, config: { ...t.world.config, registries: [{ name: 'Board of Education', issuers: new Map([[did, 'The School of Weaving']]) }] } }
  const report = await verifyStranger(listed, JSON.stringify(await credential(1)), { online: true })
  assert.deepEqual([report.verdict, report.reason, report.facts?.registryName], ['trusted', 'registry.listed', 'The School of Weaving'])
})

test('an address is fetched and what is there is verified', async () => {
  const said = await verify('https://school.example/badge.json', '?online=yes')
  assert.deepEqual([said.verdict, said.reason], ['unknown_issuer', 'registry.unlisted'])
  assert.equal((await verify('https://school.example/badge.json')).reason, 'proof.key_unreachable')
  assert.deepEqual(asked, ['https://school.example/badge.json'], 'the address is what was given; what is in it is not asked')
})

test('addresses inside the network are asked by nobody, wherever they stand', async () => {
  const inside = ['http://169.254.169.254/latest/meta-data/', 'https://169.254.169.254/', 'https://127.0.0.1/', 'https://[::1]/', 'https://10.0.0.1/x', 'https://localhost/', 'https://2130706433/', 'https://0x7f.1/', 'https://user:pass@school.example/', 'file:///etc/passwd', 'ftp://school.example/']
  for (const address of inside) {
    const said = await verify(address)
    assert.ok(['parsed.address_unreachable', 'parsed.unknown_kind', 'parsed.not_json'].includes(said.reason), `${address} ${said.reason}`)
    const hidden = await verify(JSON.stringify(await credential(1, { credentialStatus: { id: `${address}#1`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: '1', statusListCredential: address }, refreshService: { id: address, type: '1EdTechCredentialRefresh' } }).catch(() => ({}))), '?online=yes')
    assert.notEqual(hidden.verdict, 'trusted')
    assert.ok(!hidden.checks.some((one) => one.code === 'status.clear'), address)
  }
})

test('a document that asks for a hundred lists is not a way to make the server ask a hundred hosts', async () => {
  const entries = Array.from({ length: 100 }, (_, n) => ({ id: `https://h${n}.example/#1`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: '1', statusListCredential: `https://h${n}.example/` }))
  const endorsements = await Promise.all(Array.from({ length: 40 }, (_, n) => sign({ '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'], id: `urn:uuid:e${n}`, type: ['VerifiableCredential', 'EndorsementCredential'], name: 'E', issuer: { id: `did:web:e${n}.example`, type: ['Profile'], name: 'E' }, validFrom: '2026-01-01T00:00:00Z', credentialSubject: { id: 'https://school.example/a', type: ['EndorsementSubject'] } })))
  await verify(JSON.stringify(await credential(1, { credentialStatus: entries, endorsement: endorsements })), '?online=yes')
  assert.ok(asked.length <= 16, `${asked.length} asked`)
})

test('a credential of our own is found by its address only when its learner has opened it', async () => {
  assert.equal((await verify(`${t.world.config.publicUrl}/c/${'A'.repeat(22)}`)).reason, 'parsed.address_unreachable')
  assert.deepEqual(asked, [], 'we do not ask ourselves over the network')
})
