/** The program that checks in the reader's browser, on Node's WebCrypto, beside the kernel's own answers. */
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { test } from 'node:test'
import fc from 'fast-check'
import { contextFor, type JsonObject } from '#kernel/openbadge'
import { addProof, didDocument, didKey, didKeyMethod, encodeStatusList, keyPairFromSeed, newStatusBits, setStatusBit, verifyProofs, resolveDidKey } from '#kernel/proof'
import { anyCredential, anyShape } from '#test/sample-credential'

interface Program {
  check(document: unknown, about: { fetched: (address: string) => Promise<unknown>; now: number; shown?: string[] }): Promise<string>
}
// @ts-expect-error A program for browsers has no declarations.
const { check } = (await import('./static/check.js')) as Program

const pair = keyPairFromSeed(Buffer.alloc(32, 5))
const did = 'did:web:school.example:i:weavers'
const now = Date.parse('2026-06-01T00:00:00Z')
const made = '2026-01-01T00:00:00Z'
const sign = (document: JsonObject, verificationMethod = `${did}#key-1`, by = pair) => addProof(document, by, { cryptosuite: 'eddsa-rdfc-2022', verificationMethod, created: made }, contextFor)
const entry = (purpose: string, index: number): JsonObject => ({ id: `https://school.example/status/${purpose}#${index}`, type: 'BitstringStatusListEntry', statusPurpose: purpose, statusListIndex: String(index), statusListCredential: `https://school.example/status/${purpose}` })
const document = (more: JsonObject = {}): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: 'https://school.example/c/1',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: 'Weaving',
  issuer: { id: did, type: ['Profile'], name: 'School' },
  validFrom: made,
  credentialSubject: { type: ['AchievementSubject'], identifier: [{ type: 'IdentityObject', hashed: false, identityHash: 'Ana Example', identityType: 'name' }], achievement: { id: 'https://school.example/a', type: ['Achievement'], name: 'Weaving', description: 'Weaves.', criteria: { narrative: 'One basket.' } } },
  credentialStatus: [entry('revocation', 7), entry('suspension', 9)],
  ...more,
})
async function list(purpose: string, set: readonly number[], more: JsonObject = {}): Promise<JsonObject> {
  const bits = newStatusBits()
  for (const at of set) setStatusBit(bits, at, true)
  const id = `https://school.example/status/${purpose}`
  return await sign({ '@context': ['https://www.w3.org/ns/credentials/v2'], id, type: ['VerifiableCredential', 'BitstringStatusListCredential'], issuer: did, validFrom: made, validUntil: '2026-07-01T00:00:00Z', credentialSubject: { id: `${id}#list`, type: 'BitstringStatusList', statusPurpose: purpose, encodedList: encodeStatusList(bits) }, ...more })
}
const keys = didDocument(did, [{ fragment: 'key-1', publicKey: pair.publicKey }]) as JsonObject
const world = async (more: Readonly<Record<string, unknown>> = {}) => {
  const pages: Readonly<Record<string, unknown>> = { 'https://school.example/i/weavers/did.json': keys, 'https://school.example/status/revocation': await list('revocation', [3]), 'https://school.example/status/suspension': await list('suspension', []), ...more }
  return async (address: string) => {
    const found = pages[address]
    if (found === undefined) throw new Error(`nothing at ${address}`)
    return structuredClone(found)
  }
}

test('what an issuer signed holds: by the key in its document, in force, on no list', async () => {
  assert.equal(await check(await sign(document()), { fetched: await world(), now, shown: ['Ana Example', 'Weaving'] }), 'holds')
  const { proof, ...rest } = await sign(document())
  assert.equal(await check({ ...rest, proof: [proof] }, { fetched: await world(), now }), 'holds', 'a set of one')
})

test('what was changed after it was signed does not hold, whichever text of it was changed', async () => {
  const signed = await sign(document())
  const fetched = await world()
  const text = JSON.stringify(signed)
  let cases = 0
  for (const value of ['Ana Example', 'Weaves.', 'One basket.', '"School"', made, 'https://school.example/c/1', 'https://school.example/a"', '"7"']) {
    const at = text.indexOf(value) + value.length - 2
    const changed = text.slice(0, at) + (text[at] === '1' ? '2' : text[at] === 'x' ? 'y' : /\d/.test(text[at]!) ? '1' : 'x') + text.slice(at + 1)
    assert.notEqual(changed, text)
    assert.match(await check(JSON.parse(changed), { fetched, now }), /^(?:broken|other)$/, value)
    cases++
  }
  assert.equal(cases, 8)
  const { proof, ...rest } = signed
  assert.equal(await check({ ...rest, proof: { ...(proof as JsonObject), created: '2026-01-02T00:00:00Z' } }, { fetched, now }), 'broken')
  assert.equal(await check({ ...rest, name: 'Weaving', description: 'More than was signed.', proof }, { fetched, now }), 'broken')
})

test('the answer hangs on the signature: with a crypto that says yes to everything, what was changed holds', async () => {
  const { verify } = crypto.subtle
  const changed = JSON.parse(JSON.stringify(await sign(document())).replace('Ana Example', 'Bo Example')) as unknown
  const fetched = await world()
  assert.equal(await check(changed, { fetched, now }), 'broken')
  Object.defineProperty(crypto.subtle, 'verify', { value: async () => true, configurable: true })
  try {
    assert.equal(await check(changed, { fetched, now }), 'holds')
  } finally {
    Object.defineProperty(crypto.subtle, 'verify', { value: verify, configurable: true })
  }
})

test('a key of somebody else, a key that was withdrawn, and one that may not sign credentials sign nothing', async () => {
  const other = keyPairFromSeed(Buffer.alloc(32, 6))
  const fetched = await world()
  assert.equal(await check(await sign(document(), undefined, other), { fetched, now }), 'broken')
  assert.equal(await check(await sign(document(), didKeyMethod(other.publicKey), other), { fetched, now }), 'broken', 'a key of its own, and the name of the school')
  const method = (keys['verificationMethod'] as readonly JsonObject[])[0]!
  for (const document_ of [{ ...keys, verificationMethod: [{ ...method, revoked: made }] }, { ...keys, assertionMethod: [] }, { ...keys, id: 'did:web:other.example' }, { ...keys, verificationMethod: [{ ...method, controller: 'did:web:other.example' }] }]) {
    assert.equal(await check(await sign(document()), { fetched: await world({ 'https://school.example/i/weavers/did.json': document_ }), now }), 'broken')
  }
  const own = didKey(other.publicKey)
  assert.equal(await check(await sign(document({ issuer: own, credentialStatus: [] }), didKeyMethod(other.publicKey), other), { fetched: async () => { throw new Error('nobody is asked') }, now }), 'holds')
})

test('revoked, suspended, outside its time, shown otherwise, and a list that says nothing are told apart', async () => {
  const signed = await sign(document())
  const told = async (more: Readonly<Record<string, unknown>>, at = now, shown: string[] = []) => await check(signed, { fetched: await world(more), now: at, shown })
  assert.equal(await told({ 'https://school.example/status/revocation': await list('revocation', [7]) }), 'revoked')
  assert.equal(await told({ 'https://school.example/status/suspension': await list('suspension', [9]) }), 'suspended')
  assert.equal(await told({}, Date.parse('2025-12-31T00:00:00Z')), 'time')
  assert.equal(await check(await sign(document({ validUntil: '2026-05-01T00:00:00Z' })), { fetched: await world(), now }), 'time')
  assert.equal(await told({}, now, ['Somebody Else']), 'differs')
  const [clear] = [await list('revocation', [])]
  for (const [why, odd] of [
    ['it is not there', undefined],
    ['it is too old', await list('revocation', [], { validUntil: '2026-05-31T00:00:00Z' })],
    ['it is another one', await list('suspension', [])],
    ['it was changed', { ...clear, validFrom: '2026-01-02T00:00:00Z' }],
    ['it is too short', await sign({ ...(({ proof: _, ...rest }) => rest)(clear!), credentialSubject: { id: 'https://school.example/status/revocation#list', type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList: `u${gzipSync(new Uint8Array(0)).toString('base64url')}` } })],
  ] as const) assert.equal(await told({ 'https://school.example/status/revocation': odd }), 'unlisted', why)
})

test('a proof of another kind, or several, are for another verifier', async () => {
  const signed = await sign(document())
  const { proof, ...rest } = signed
  for (const odd of [undefined, [proof, proof], { ...(proof as JsonObject), cryptosuite: 'ecdsa-rdfc-2019' }, { ...(proof as JsonObject), type: 'Ed25519Signature2020' }]) assert.equal(await check({ ...rest, ...(odd === undefined ? {} : { proof: odd }) }, { fetched: await world(), now }), 'other')
})

test('whatever credential the kernel signs and verifies, this program does too, or says that it cannot; it takes none that was changed', async () => {
  let holds = 0
  await fc.assert(
    fc.asyncProperty(anyShape.chain((shape) => anyCredential(shape)), async (given) => {
      const own = didKey(pair.publicKey)
      const prepared: JsonObject = { ...given, issuer: own, credentialStatus: [], validFrom: made, validUntil: '2027-01-01T00:00:00Z' }
      const signed = await sign(prepared, didKeyMethod(pair.publicKey)).catch(() => undefined)
      if (signed === undefined) return
      const [verdict] = await verifyProofs(signed, { contexts: contextFor, resolve: resolveDidKey })
      assert.equal(verdict?.ok, true)
      const fetched = async () => ({})
      const said = await check(JSON.parse(JSON.stringify(signed)), { fetched, now })
      assert.match(said, /^(?:holds|other)$/)
      if (said === 'holds') holds++
      assert.match(await check({ ...signed, validUntil: '2028-01-01T00:00:00Z' }, { fetched, now }), /^(?:broken|other)$/)
    }),
    { numRuns: 150, seed: 20261129 },
  )
  assert.ok(holds > 50, `${holds} of 150 hold`)
})
