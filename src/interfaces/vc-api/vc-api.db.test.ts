import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { conformanceContextFor, type Json, type JsonObject } from '#kernel/openbadge'
import { addProof, issueToken, keyPairFromSeed, didKey, didKeyMethod } from '#kernel/proof'
import { openHttp, type Http } from '#interfaces/http'
import { client, type Client } from '#test/client'
import { testWorld, type TestWorld } from '#test/world'
import { vcApiRoutes } from './routes.ts'
import { suites } from './suite.ts'

let t: TestWorld
let http: Http
let one: Client
before(async () => {
  t = await testWorld({ env: { LAUREL_VC_API: '1' } })
  http = openHttp({ world: t.world, routes: vcApiRoutes(t.world.config) })
  one = client(http, t.world.config.publicUrl, { headers: { accept: 'application/json' } })
})
after(() => t.close())

const holderKey = keyPairFromSeed(Buffer.alloc(32, 7))
const holder = didKey(holderKey.publicKey)
const signs = { verificationMethod: didKeyMethod(holderKey.publicKey), created: '2026-03-01T00:00:00Z' }
const credential = (issuer: string): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:36245ee9-9074-4b05-a777-febff2e69757',
  type: ['VerifiableCredential'],
  issuer,
  credentialSubject: { id: 'did:example:alice', name: 'Alice', description: 'A learner.' },
})
const older = (issuer: string): JsonObject => ({ ...credential(issuer), '@context': ['https://www.w3.org/2018/credentials/v1', { name: 'https://schema.org/name', description: 'https://schema.org/description' }], issuanceDate: '2026-01-01T00:00:00Z' })

interface Said {
  readonly status: number
  readonly body: { readonly verifiableCredential: JsonObject; readonly verified: boolean; readonly issuer: string; readonly errors: readonly { readonly code: string }[]; readonly warnings: readonly { readonly code: string }[]; readonly code: string }
}
async function said(answer: Response): Promise<Said> {
  return { status: answer.status, body: (await answer.json()) as Said['body'] }
}
const post = async (path: string, body: unknown): Promise<Said> => said(await one.request('POST', `/vc-api/${path}`, { json: body, headers: { origin: '' } }))
const issuerOf = async (suite: string): Promise<string> => (await said(await one.get(`/vc-api/${suite}`))).body.issuer
const issued = async (suite: string, document: JsonObject, options?: JsonObject): Promise<JsonObject> => {
  const { status, body } = await post(`${suite}/credentials/issue`, { credential: document, ...(options === undefined ? {} : { options }) })
  assert.equal(status, 201, `${suite}: ${JSON.stringify(body)}`)
  return body.verifiableCredential
}
const codes = ({ body }: Said): readonly string[] => body.errors.map((error) => error.code)
const reach = (value: Json | undefined, ...names: readonly string[]): Json | undefined => names.reduce<Json | undefined>((here, name) => (here as JsonObject | undefined)?.[name], value)

test('what a suite issues it verifies, in both data models, and refuses with 400 when a word was changed', async () => {
  assert.equal(suites.size, 7)
  for (const [name, suite] of suites) {
    for (const document of [credential(await issuerOf(name)), ...(suite.cryptosuite === undefined || name === 'ecdsa-sd-2023' ? [] : [older(await issuerOf(name))])]) {
      let secured = await issued(name, document)
      if (name === 'ecdsa-sd-2023') {
        const base = await post(`${name}/credentials/verify`, { verifiableCredential: secured })
        assert.deepEqual([base.status, codes(base)], [400, ['proof.base_proof']])
        const derived = await post(`${name}/credentials/derive`, { verifiableCredential: secured, options: { selectivePointers: ['/credentialSubject/name'] } })
        assert.equal(derived.status, 201)
        secured = derived.body.verifiableCredential
        assert.equal(reach(secured, 'credentialSubject', 'description'), undefined)
        assert.equal(secured['issuer'], document['issuer'], 'the issuer is shown though nobody asked for it')
      }
      const good = await post(`${name}/credentials/verify`, { verifiableCredential: secured, options: { checks: ['proof'] } })
      assert.deepEqual([good.status, good.body.verified, codes(good)], [200, true, []], `${name}: ${JSON.stringify(good.body)}`)
      const changed = suite.cryptosuite === undefined ? { ...secured, id: `${String(secured['id']).slice(0, -6)}AAAAAA` } : { ...secured, credentialSubject: { ...(secured['credentialSubject'] as JsonObject), name: 'Mallory' } }
      const bad = await post(`${name}/credentials/verify`, { verifiableCredential: changed })
      assert.equal(bad.status, 400, name)
      assert.equal(bad.body.verified, false)
      assert.ok(codes(bad).some((code) => ['proof.signature_wrong', 'proof.disclosure_wrong', 'proof.token_malformed'].includes(code)), `${name}: ${codes(bad)}`)
    }
  }
})

test('the key of each suite is its own issuer, told where it is asked for, and stays the same', async () => {
  for (const [name, suite] of suites) {
    const issuer = await issuerOf(name)
    assert.match(issuer, suite.key === 'P-256' ? /^did:key:zDna/ : /^did:key:z6Mk/)
    assert.equal(await issuerOf(name), issuer)
  }
})

test('a credential that breaks the data model is not issued: 400 with its faults, and 422 where the request itself is none', async () => {
  const issuer = await issuerOf('eddsa-rdfc-2022')
  for (const [change, code] of [
    [{ type: ['Something'] }, 'openbadge.type_unmapped'],
    [{ issuer: null }, 'openbadge.issuer_missing'],
    [{ validFrom: '2026-01-02T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' }, 'openbadge.dates_reversed'],
    [{ credentialSubject: {} }, 'openbadge.subject_empty'],
  ] as const) {
    const refused = await post('eddsa-rdfc-2022/credentials/issue', { credential: { ...credential(issuer), ...change } })
    assert.equal(refused.status, 400)
    assert.ok(codes(refused).includes(code), `${code} in ${codes(refused)}`)
  }
  const unmapped = await post('eddsa-rdfc-2022/credentials/issue', { credential: { ...credential(issuer), nobodyKnowsThis: 1 } })
  assert.deepEqual([unmapped.status, unmapped.body.code], [422, 'proof.not_canonical_rdf'])
  for (const body of [{}, { credential: 'text' }, { credential: [] }, { credential: credential(issuer), more: 1 }, { credential: credential(issuer), options: { mandatoryPointers: 'no list' } }]) {
    assert.equal((await post('ecdsa-sd-2023/credentials/issue', body)).status, 422, JSON.stringify(body))
  }
  for (const body of [{ credential: credential(issuer), options: { mandatoryPointers: ['/nowhere'] } }, { credential: older(issuer) }]) {
    const unselectable = await post('ecdsa-sd-2023/credentials/issue', body)
    assert.deepEqual([unselectable.status, unselectable.body.code], [422, 'proof.cannot_select'], 'a pointer to nothing, or a context written inline')
  }
  for (const body of [{}, { verifiableCredential: null }, { verifiableCredential: 7 }]) assert.equal((await post('eddsa-jcs-2022/credentials/verify', body)).status, 422, JSON.stringify(body))
  assert.equal((await post('eddsa-jcs-2022/credentials/verify', { verifiableCredential: { type: ['NonconformingDocument'] } })).status, 400)
})

test('what an envelope holds has no member that only a catch-all vocabulary names', async () => {
  const document = { ...credential(await issuerOf('vc-jwt')), '@context': ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/examples/v2'] }
  await issued('vc-jwt', { ...document, validFrom: '2026-01-01T00:00:00Z', evidence: [{ type: 'Something' }] })
  const refused = await post('vc-jwt/credentials/issue', { credential: { ...document, badExtension: { huh: 'what?' } } })
  assert.deepEqual([refused.status, codes(refused)], [400, ['vc-api.unknown_member']])
})

test('a token that names no key is let pass with a warning, and no other signature that was not checked is', async () => {
  const envelope = (token: string, type = 'application/vc+jwt'): JsonObject => ({ '@context': ['https://www.w3.org/ns/credentials/v2'], type: 'EnvelopedVerifiableCredential', id: `data:${type},${token}` })
  const signed = await issueToken(credential('https://issuer.example/1'), holderKey, { profile: 'ob3-jwt', kid: 'key-1' })
  const nameless = [Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'JWT' })).toString('base64url'), ...signed.split('.').slice(1)].join('.')
  const open = await post('vc-jwt/credentials/verify', { verifiableCredential: envelope(nameless) })
  assert.equal(open.status, 200, JSON.stringify(open.body))
  assert.ok(open.body.warnings.some(({ code }) => code === 'proof.token_key_missing'))
  const unreached = await post('vc-jwt/credentials/verify', { verifiableCredential: envelope(await issueToken(credential('did:web:issuer.example'), holderKey, { profile: 'vc+jwt', kid: 'did:web:issuer.example#key-1' })) })
  assert.deepEqual([unreached.status, codes(unreached)], [400, ['proof.key_unreachable']])
  const unread = await post('vc-jwt/credentials/verify', { verifiableCredential: envelope('0oRYVqQB', 'application/vc+cose;base64') })
  assert.equal(unread.status, 400)
})

test('a presentation is verified against challenge and domain, with the credentials in it', async () => {
  const inner = await issued('eddsa-rdfc-2022', credential(await issuerOf('eddsa-rdfc-2022')))
  const envelope = await issued('vc-jwt', credential(await issuerOf('vc-jwt')))
  const asked = { challenge: 'c-1', domain: 'verifier.example' }
  const present = (held: readonly JsonObject[]) => addProof({ '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiablePresentation'], holder, verifiableCredential: held }, holderKey, { cryptosuite: 'eddsa-rdfc-2022', proofPurpose: 'authentication', ...signs, ...asked }, conformanceContextFor)
  const verifiablePresentation = await present([inner, envelope])
  const ask = (presentation: JsonObject, options: JsonObject) => post('eddsa-rdfc-2022/presentations/verify', { verifiablePresentation: presentation, options })
  const good = await ask(verifiablePresentation, asked)
  assert.deepEqual([good.status, codes(good)], [200, []])
  assert.deepEqual(codes(await ask(verifiablePresentation, { ...asked, challenge: 'c-2' })), ['proof.challenge_wrong'])
  assert.deepEqual(codes(await ask(verifiablePresentation, { ...asked, domain: 'other.example' })), ['proof.domain_wrong'])
  const stained = await ask(await present([{ ...inner, credentialSubject: { id: 'did:example:mallory', name: 'Mallory' } }]), asked)
  assert.deepEqual([stained.status, codes(stained)], [400, ['proof.signature_wrong']])
})

test('the suite of status lists gives each credential a place on a signed list, which is served and looked up', async () => {
  const secured = await issued('bitstring-status-list', credential(await issuerOf('bitstring-status-list')))
  const address = String(reach(secured, 'credentialStatus', 'statusListCredential'))
  assert.equal(address, `${t.world.config.publicUrl}/vc-api/bitstring-status-list/status`)
  assert.match(String(reach(secured, 'credentialStatus', 'statusListIndex')), /^\d+$/)
  const answer = await one.get(new URL(address).pathname)
  assert.equal(answer.status, 200)
  const list = (await answer.json()) as JsonObject
  assert.equal(list['id'], address)
  assert.equal((await post('eddsa-rdfc-2022/credentials/verify', { verifiableCredential: list })).status, 200)
  const elsewhere = await post('bitstring-status-list/credentials/issue', { credential: { ...credential(await issuerOf('bitstring-status-list')), statusEntry: { type: 'BitstringStatusListEntry' } } })
  assert.ok([400, 422].includes(elsewhere.status))
  assert.equal((await one.get('/vc-api/eddsa-rdfc-2022/status')).status, 404)
})

test('no other suite, and no derivation but of selective disclosure, is answered', async () => {
  assert.equal((await one.get('/vc-api/rsa-2048')).status, 404)
  assert.equal((await post('rsa-2048/credentials/issue', { credential: credential(holder) })).status, 404)
  assert.equal((await post('eddsa-rdfc-2022/credentials/derive', { verifiableCredential: credential(holder) })).status, 404)
})

test('it is off unless the settings ask for it', async () => {
  const plain = await testWorld()
  try {
    assert.deepEqual(vcApiRoutes(plain.world.config), [])
    const off = client(openHttp({ world: plain.world, routes: vcApiRoutes(plain.world.config) }), plain.world.config.publicUrl)
    assert.equal((await off.request('POST', '/vc-api/eddsa-rdfc-2022/credentials/issue', { json: { credential: credential(holder) } })).status, 404)
  } finally {
    await plain.close()
  }
})
