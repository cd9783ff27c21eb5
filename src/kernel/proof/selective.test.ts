import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { needsStandards, standardContext as contexts, standardJson, standardText } from '#test/standards'
import { decodeCbor, encodeCbor, type Cbor } from './cbor.ts'
import { didKeyMethod, resolveDidKey } from './did-key.ts'
import { isObject, type Json, type JsonObject, without } from './json.ts'
import { decodeSecretMultikey, keyPairFromSeed } from './key-pair.ts'
import { resolveFragmentKey } from './method.ts'
import { decodeMultibase, encodeMultibase } from './multibase.ts'
import { decodeMultikey } from './multikey.ts'
import { select } from './pointer.ts'
import { canonicalizeRdf } from './rdf.ts'
import { addSelectiveProof, checkBase, checkDerived, deriveProof } from './selective.ts'
import { verifyProofs } from './verify-proof.ts'

const folder = 'vc-di-ecdsa-sd-2023/'
const sets = [
  { name: 'employ', mandatory: 'employMandatory.json', selective: 'employSelective.json' },
  { name: 'prc', mandatory: 'prCredMandatory.json', selective: 'prCredSelective.json' },
]
const resolve = resolveDidKey
const codeOf = async (document: JsonObject) => {
  const [verdict] = await verifyProofs(document, { contexts, resolve })
  return verdict?.ok ? 'ok' : verdict?.code
}

test('the published derived credentials come out byte for byte, and hold; base proofs hold for their holder and are refused to others', needsStandards, async () => {
  for (const { name, mandatory, selective } of sets) {
    const read = <T = JsonObject>(file: string) => standardJson<T>(`${folder}ecdsa-sd-2023/${name}/${file}.json`)
    const base = read('addSignedSDBase')
    const proof = base['proof'] as JsonObject
    const config = await canonicalizeRdf({ ...without(proof, 'proofValue'), '@context': base['@context'] as Json }, contexts)
    assert.equal(config.ok && config.nquads, standardText(`${folder}ecdsa-sd-2023/${name}/addProofConfigCanon.txt`))
    const pointers = standardJson<string[]>(folder + selective)
    const derived = await deriveProof(base, pointers, contexts)
    assert.deepEqual(without(derived, 'proof'), read('derivedUnsignedReveal'), name)
    assert.deepEqual(derived, read('derivedRevealDocument'), name)
    assert.equal(await codeOf(derived), 'ok')
    assert.equal(await codeOf(base), 'base_proof')
    const key = decodeMultikey(String(proof['verificationMethod']).split('#')[1] as string)
    assert.equal(await checkBase(without(base, 'proof'), proof, key, contexts), undefined)
    // Made again with the published keys: the signatures are others, all else is the same.
    const keys = standardJson<Record<string, { secretKeyMultibase: string }> & { hmacKeyString: string }>(`${folder}ecdsa-sd-2023/SDKeyMaterial.json`)
    const again = await addSelectiveProof(without(base, 'proof'), decodeSecretMultikey(keys['baseKeyPair']?.secretKeyMultibase as string), {
      verificationMethod: proof['verificationMethod'] as string,
      created: proof['created'] as string,
      mandatoryPointers: standardJson<string[]>(folder + mandatory),
      hmacKey: Buffer.from(keys.hmacKeyString, 'hex'),
      proofKey: decodeSecretMultikey(keys['proofKeyPair']?.secretKeyMultibase as string),
    }, contexts)
    const parts = (document: JsonObject) => decodeCbor(decodeMultibase((document['proof'] as JsonObject)['proofValue'] as string, 'base64url').subarray(3)) as readonly Cbor[]
    const [ours, theirs] = [parts(again), parts(base)]
    assert.deepEqual([ours[1], ours[2], (ours[3] as Cbor[]).length, ours[4]], [theirs[1], theirs[2], (theirs[3] as Cbor[]).length, theirs[4]])
    assert.equal(await codeOf(await deriveProof(again, pointers, contexts)), 'ok')
  }
})

test('the published derived badge holds', needsStandards, async () => {
  const badge = standardJson('open-badges-3.0/fixtures/sd/derivedcredential.json')
  const [verdict] = await verifyProofs(badge, { contexts, resolve: (method) => (method.startsWith('did:key:') ? resolveDidKey(method) : resolveFragmentKey(method)) })
  assert.ok(verdict?.ok, JSON.stringify(verdict))
})

const issuer = keyPairFromSeed(Buffer.alloc(32, 1), 'P-256')
const options = { verificationMethod: didKeyMethod(issuer.publicKey), created: '2026-01-01T00:00:00Z', hmacKey: Buffer.alloc(32, 2), proofKey: keyPairFromSeed(Buffer.alloc(32, 3), 'P-256') }
const badge: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  issuer: { id: 'did:web:example.com', type: ['Profile'], name: 'Example' },
  validFrom: '2026-01-01T00:00:00Z',
  name: 'Weaving _:c14n0 <x> .',
  evidence: [{ type: ['Evidence'], name: 'One' }, { type: ['Evidence'], name: 'Two' }, { type: ['Evidence'], name: 'Three' }],
  credentialSubject: {
    type: ['AchievementSubject'],
    identifier: [{ type: 'IdentityObject', hashed: true, identityHash: 'sha256$1', identityType: 'emailAddress', salt: 's' }],
    result: [{ type: ['Result'], value: 'A' }, { type: ['Result'], value: 'B' }],
    achievement: { id: 'https://example.com/a', type: ['Achievement'], name: 'Weaving', description: 'Weaves.', criteria: { narrative: 'One basket.' } },
  },
}
const mandatoryPointers = ['/issuer', '/credentialSubject/achievement']

test('whatever a holder chooses to show verifies, shows no more, and cannot be altered', needsStandards, async () => {
  const base = await addSelectiveProof(badge, issuer, { ...options, mandatoryPointers }, contexts)
  const all = ['/name', '/validFrom', '/evidence', '/evidence/0', '/evidence/2/name', '/evidence/1', '/credentialSubject/result/1', '/credentialSubject/result/0/value', '/credentialSubject/identifier', '/credentialSubject', '/issuer/name', '']
  await fc.assert(
    fc.asyncProperty(fc.subarray(all.slice(0, -1)), async (pointers) => {
      const shown = await deriveProof(base, pointers, contexts)
      assert.equal(await codeOf(shown), 'ok', pointers.join())
      const { proof: _, ...said } = shown // the proof is chance in base64url, which spells “Two” once in a while
      const text = JSON.stringify(said)
      for (const [secret, by] of [['Two', ['/evidence', '/evidence/1']], ['"B"', ['/credentialSubject', '/credentialSubject/result/1']], ['One"', ['/evidence', '/evidence/0']], ['Weaving _:', ['/name']]] as const) {
        assert.equal(text.includes(secret), by.some((pointer) => pointers.includes(pointer)), `${secret} with ${pointers.join()}`)
      }
      const changed = { ...shown, issuer: { ...(shown['issuer'] as JsonObject), name: 'Exemple' } }
      assert.equal(await codeOf(changed), 'signature_wrong')
    }),
    { seed: 20_230, numRuns: 25 },
  )
  assert.equal(await codeOf(await deriveProof(base, [''], contexts)), 'ok')
})

test('derived proofs that were tampered with are refused', needsStandards, async () => {
  const base = await addSelectiveProof(badge, issuer, { ...options, mandatoryPointers }, contexts)
  const shown = await deriveProof(base, ['/name', '/credentialSubject/result'], contexts)
  const proof = shown['proof'] as JsonObject
  const bytes = decodeMultibase(proof['proofValue'] as string, 'base64url')
  const parts = decodeCbor(bytes.subarray(3)) as Cbor[]
  const withParts = (change: (parts: Cbor[]) => void, header = bytes.subarray(0, 3)) => {
    const copy = [...parts]
    change(copy)
    return { ...shown, proof: { ...proof, proofValue: encodeMultibase(Buffer.concat([header, encodeCbor(copy)]), 'base64url') } }
  }
  assert.equal(await codeOf(withParts(() => undefined)), 'ok')
  const labels = parts[3] as ReadonlyMap<number, Uint8Array>
  const cases: [code: string, document: JsonObject][] = [
    ['signature_wrong', withParts((p) => (p[0] = new Uint8Array(64)))],
    ['signature_wrong', withParts((p) => (p[1] = Buffer.concat([Buffer.from([0x80, 0x24]), keyPairFromSeed(Buffer.alloc(32, 9), 'P-256').publicKey.bytes])))],
    ['value_malformed', withParts((p) => (p[1] = new Uint8Array(35)))],
    ['disclosure_wrong', withParts((p) => (p[2] = (p[2] as Cbor[]).slice(1)))],
    ['disclosure_wrong', withParts((p) => (p[2] = (p[2] as Cbor[]).toReversed()))],
    ['disclosure_wrong', withParts((p) => (p[3] = new Map([...labels].map(([n], _, entries) => [n, (entries[0] as [number, Uint8Array])[1]]))))],
    ['disclosure_wrong', withParts((p) => (p[3] = new Map([...labels].slice(1))))],
    ['disclosure_wrong', withParts((p) => (p[3] = new Map([...labels, [99, new Uint8Array(32)]])))],
    ['disclosure_wrong', withParts((p) => (p[4] = [0, 0, ...(p[4] as number[]).slice(2)]))],
    ['disclosure_wrong', withParts((p) => (p[4] = [...(p[4] as number[]).slice(1), 999]))],
    ['value_malformed', withParts((p) => void p.pop())],
    ['value_malformed', withParts(() => undefined, Buffer.from([0xd9, 0x5d, 0x02]))],
    ['value_malformed', { ...shown, proof: { ...proof, proofValue: 'u2V0B' } }],
    ['value_malformed', { ...shown, proof: { ...proof, proofValue: 'z111' } }],
    ['value_missing', { ...shown, proof: { ...proof, proofValue: '' } }],
    ['disclosure_wrong', { ...shown, validFrom: '2026-01-01T00:00:00Z' }],
    ['key_mismatch', { ...shown, proof: { ...proof, verificationMethod: didKeyMethod(keyPairFromSeed(Buffer.alloc(32, 1)).publicKey) } }],
  ]
  for (const [code, document] of cases) assert.equal(await codeOf(document), code)
})

test('what cannot be shown by itself is refused', needsStandards, async () => {
  const base = await addSelectiveProof(badge, issuer, { ...options, mandatoryPointers: [] }, contexts)
  for (const [document, pointers] of [
    [base, ['/nothing']],
    [base, ['/evidence/3']],
    [base, ['/evidence/-']],
    [base, ['evidence']],
    [base, ['/name/x']],
    [base, ['/__proto__']],
    [base, []],
    [badge, ['/name']],
    [{ ...base, proof: { ...(base['proof'] as JsonObject), proofValue: 'u2V0A' } }, ['/name']],
    [{ ...base, validUntil: '2027-01-01T00:00:00Z' }, ['/name']],
  ] as [JsonObject, string[]][]) {
    await assert.rejects(deriveProof(document, pointers, contexts), { code: 'proof.cannot_select' }, pointers.join())
  }
  await assert.rejects(addSelectiveProof(badge, issuer, { ...options, mandatoryPointers: ['/x'] }, contexts), { code: 'proof.cannot_select' })
  await assert.rejects(addSelectiveProof({ ...badge, unknownTerm: 1 }, issuer, { ...options, mandatoryPointers }, contexts), { code: 'proof.not_canonical_rdf' })
  await assert.rejects(addSelectiveProof({ ...badge, '@context': [...(badge['@context'] as string[]), { x: 'https://example.com/x' }] }, issuer, { ...options, mandatoryPointers }, contexts), { code: 'proof.cannot_select' })
  assert.equal((await checkBase(without({ ...base, name: 'Other' }, 'proof'), base['proof'] as JsonObject, issuer.publicKey, contexts))?.code, 'disclosure_wrong')
  assert.equal((await checkDerived(badge, base['proof'] as JsonObject, issuer.publicKey, contexts))?.code, 'base_proof')
})

test('a selection keeps the order of lists, whatever the order of pointers', () => {
  const document = { id: 'urn:x:1', type: 'T', list: [{ a: 1, b: 2 }, 'x', { c: 3 }], other: 4, 'a/b~c': 5 }
  const of = (...pointers: string[]) => select(document, pointers)?.document
  assert.deepEqual(of('/list/2', '/list/0/b', '/list/1'), { id: 'urn:x:1', type: 'T', list: [{ b: 2 }, 'x', { c: 3 }] })
  assert.deepEqual(of('/list/0/b', '/list', '/list/0'), { id: 'urn:x:1', type: 'T', list: document.list })
  assert.deepEqual(of('/list/0', '/list/0/b'), { id: 'urn:x:1', type: 'T', list: [{ a: 1, b: 2 }] })
  assert.deepEqual(of('/a~1b~0c'), { id: 'urn:x:1', type: 'T', 'a/b~c': 5 })
  assert.deepEqual(of(''), document)
  assert.equal(of('/a~2'), undefined)
})

test('CBOR reads back what it wrote, and refuses the rest', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  const value: fc.Arbitrary<Cbor> = fc.oneof(fc.nat(0xffffffff), fc.nat(300), bytes, fc.string({ maxLength: 40 }), fc.array(fc.oneof(fc.nat(70_000), bytes), { maxLength: 30 }), fc.array(fc.tuple(fc.nat(300), bytes)).map((entries) => new Map(entries)))
  fc.assert(fc.property(value, (one) => assert.deepEqual(decodeCbor(encodeCbor(one)), one instanceof Map ? new Map([...one].toSorted(([a], [b]) => a - b)) : one)), { seed: 8949, numRuns: 300 })
  for (const hex of ['', '18', '1801', '190001', '1a00000001', '1b0000000000000001', '1f', '20', '5f', '4201', '61ff', '9bffffffffffffffff', '9affffffff', '818181818181', 'a10000', 'a2004100004100', 'f6', 'c000', '0000']) {
    assert.throws(() => decodeCbor(Buffer.from(hex, 'hex')), { code: 'proof.bad_encoding' }, hex)
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
      try {
        decodeCbor(noise)
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'proof.bad_encoding')
      }
    }),
    { seed: 8950, numRuns: 500 },
  )
  assert.ok(!isObject(decodeCbor(Buffer.from([0]))))
})
