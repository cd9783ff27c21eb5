import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addProof, type ProofOptions } from './add-proof.ts'
import { hashData } from './data-integrity.ts'
import { didKeyMethod, resolveDidKey } from './did-key.ts'
import { sha256 } from './digest.ts'
import { canonicalJson } from './jcs.ts'
import { isObject, type JsonObject, without } from './json.ts'
import { decodeSecretMultikey, keyPairFromSeed } from './key-pair.ts'

import { canonicalizeRdf } from './rdf.ts'
import { needsStandards, standardContext as contexts, standardJson, standardText } from '#test/standards'
import { verifyProofs } from './verify-proof.ts'

interface Group {
  name: string
  cryptosuite: string
  unsigned: string
  keyPair: string
  canonicalDocument: string
  documentHash: string
  proofConfig: string
  canonicalProofConfig: string
  proofConfigHash: string
  combinedHash: string
  signatureHex: string
  signatureBase58btc: string
  signed: string
}
const folder = 'vc-di-eddsa/'
const resolve = resolveDidKey
const optionsOf = (config: JsonObject) => without(without(without(config, '@context'), 'type'), 'proofValue') as unknown as ProofOptions

test('every step of the published EdDSA vectors comes out byte for byte, from canonical form to signed credential', needsStandards, async () => {
  const groups = standardJson<{ groups: Group[] }>(`${folder}index.json`).groups.filter((group) => group.cryptosuite.startsWith('eddsa-'))
  assert.equal(groups.length, 3)
  for (const group of groups) {
    const read = (path: string) => standardText(folder + path)
    const unsigned = standardJson(folder + group.unsigned)
    const config = standardJson(folder + group.proofConfig)
    const form = group.cryptosuite === 'eddsa-jcs-2022' ? 'jcs' : 'rdfc'
    const canonical = async (document: JsonObject) => {
      if (form === 'jcs') return canonicalJson(document)
      const result = await canonicalizeRdf(document, contexts)
      assert.ok(result.ok, group.name)
      return result.nquads
    }
    const canonicalDocument = await canonical(unsigned)
    const canonicalConfig = await canonical(config)
    assert.equal(canonicalDocument, read(group.canonicalDocument), group.name)
    assert.equal(canonicalConfig, read(group.canonicalProofConfig), group.name)
    assert.equal(sha256(canonicalDocument).toString('hex'), read(group.documentHash))
    assert.equal(sha256(canonicalConfig).toString('hex'), read(group.proofConfigHash))
    const hashed = await hashData(unsigned, config, form, contexts)
    assert.ok(hashed.ok)
    assert.equal(Buffer.from(hashed.bytes).toString('hex'), read(group.combinedHash))
    const pair = decodeSecretMultikey(standardJson<{ privateKeyMultibase: string }>(folder + group.keyPair).privateKeyMultibase)
    assert.equal(Buffer.from(pair.sign(hashed.bytes)).toString('hex'), read(group.signatureHex))
    const signed = await addProof(unsigned, pair, optionsOf(config), contexts)
    assert.deepEqual(signed, standardJson(folder + group.signed), group.name)
    assert.equal((signed['proof'] as JsonObject)['proofValue'], read(group.signatureBase58btc))
    const [verdict] = await verifyProofs(signed, { contexts, resolve })
    assert.ok(verdict?.ok, JSON.stringify(verdict))
  }
})

test('the published proof set and proof chain come out byte for byte and hold', needsStandards, async () => {
  const { proofSetsAndChains } = standardJson<{ proofSetsAndChains: { keyPairs: string; unsigned: string; set: Record<string, string>[]; chain: Record<string, string>[] } }>(`${folder}index.json`)
  const pairs = Object.values(standardJson<Record<string, { privateKeyMultibase: string }>>(folder + proofSetsAndChains.keyPairs)).map((pair) => decodeSecretMultikey(pair.privateKeyMultibase))
  let document = standardJson(folder + proofSetsAndChains.unsigned)
  let step = 0
  for (const { proofConfig, signed } of [...proofSetsAndChains.set, ...proofSetsAndChains.chain]) {
    document = await addProof(document, pairs[step] as (typeof pairs)[0], optionsOf(standardJson(folder + (proofConfig as string))), contexts)
    const expected = standardJson(folder + (signed as string))
    assert.deepEqual(document['proof'], Array.isArray(document['proof']) ? expected['proof'] : [expected['proof']].flat()[0], signed)
    const verdicts = await verifyProofs(expected, { contexts, resolve })
    assert.equal(verdicts.length, step + 1)
    assert.ok(verdicts.every((verdict) => verdict.ok), JSON.stringify(verdicts))
    step++
  }
  assert.equal(step, 4)
  // The last proof builds on the third, the third on the first two: spoiling the first spoils all but the second.
  const proofs = [...(document['proof'] as JsonObject[])]
  proofs[0] = { ...(proofs[0] as JsonObject), created: '2023-02-24T23:36:39Z' }
  const codes = (await verifyProofs({ ...document, proof: proofs }, { contexts, resolve })).map((verdict) => (verdict.ok ? 'ok' : verdict.code))
  assert.deepEqual(codes, ['signature_wrong', 'ok', 'signature_wrong', 'previous_proof_failed'])
  const lost = (await verifyProofs({ ...document, proof: proofs.slice(1) }, { contexts, resolve })).map((verdict) => (verdict.ok ? 'ok' : verdict.code))
  assert.deepEqual(lost, ['ok', 'previous_proof_missing', 'previous_proof_failed'])
})

const pair = keyPairFromSeed(Buffer.alloc(32, 1))
const curve = keyPairFromSeed(Buffer.alloc(32, 1), 'P-256')
const credential: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: 'urn:uuid:00000000-0000-4000-8000-000000000001',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  issuer: { id: 'did:web:example.com', type: ['Profile'], name: 'Example' },
  validFrom: '2026-01-01T00:00:00Z',
  name: 'Weaving',
  credentialSubject: {
    id: 'did:example:learner',
    type: ['AchievementSubject'],
    achievement: { id: 'https://example.com/a/1', type: ['Achievement'], name: 'Weaving', description: 'Can weave.', criteria: { narrative: 'Weave a basket.' } },
  },
}
const optionsFor = (cryptosuite: string): ProofOptions => ({
  cryptosuite,
  created: '2026-01-01T00:00:00Z',
  verificationMethod: didKeyMethod((cryptosuite.startsWith('ecdsa') ? curve : pair).publicKey),
})

test('all four suites sign and verify, and any change to what is signed is noticed', needsStandards, async () => {
  for (const suite of ['eddsa-rdfc-2022', 'eddsa-jcs-2022', 'ecdsa-rdfc-2019', 'ecdsa-jcs-2019']) {
    const signer = suite.startsWith('ecdsa') ? curve : pair
    const signed = await addProof(credential, signer, optionsFor(suite), contexts)
    const verdictOf = async (document: JsonObject) => {
      const [verdict] = await verifyProofs(document, { contexts, resolve })
      return verdict?.ok ? 'ok' : verdict?.code
    }
    assert.equal(await verdictOf(signed), 'ok', suite)
    assert.equal(await verdictOf({ ...signed, name: 'Weawing' }), 'signature_wrong')
    const proof = signed['proof'] as JsonObject
    assert.equal(await verdictOf({ ...signed, proof: { ...proof, created: '2026-01-01T00:00:01Z' } }), 'signature_wrong')
    assert.equal(await verdictOf({ ...signed, proof: { ...proof, verificationMethod: didKeyMethod((signer === pair ? curve : pair).publicKey) } }), 'key_mismatch')
  }
})

test('each fault of a proof has its own code', needsStandards, async () => {
  const signed = await addProof(credential, pair, { ...optionsFor('eddsa-rdfc-2022'), expires: '2027-01-01T00:00:00Z', challenge: 'c', domain: ['d', 'e'] }, contexts)
  const proof = signed['proof'] as JsonObject
  const stranger = didKeyMethod(keyPairFromSeed(Buffer.alloc(32, 2)).publicKey)
  const changed: [code: string, change: JsonObject][] = [
    ['proof_type_unknown', { type: 'RsaSignature2018' }],
    ['cryptosuite_missing', { cryptosuite: null }],
    ['cryptosuite_unknown', { cryptosuite: 'toString' }],
    ['cryptosuite_unknown', { cryptosuite: '__proto__' }],
    ['method_missing', { verificationMethod: 7 }],
    ['method_missing', { verificationMethod: { id: proof['verificationMethod'] } as JsonObject }],
    ['method_unsupported', { verificationMethod: 'https://example.com/key' }],
    ['purpose_missing', { proofPurpose: '' }],
    ['purpose_wrong', { proofPurpose: 'authentication' }],
    ['value_missing', { proofValue: '' }],
    ['value_malformed', { proofValue: `u${String(proof['proofValue']).slice(1)}` }],
    ['value_malformed', { proofValue: 'z111' }],
    ['value_malformed', { proofValue: `${String(proof['proofValue'])}0` }],
    ['created_malformed', { created: 'yesterday' }],
    ['created_malformed', { expires: '2027-01-01T00:00:00' }],
    ['signature_wrong', { verificationMethod: stranger }],
    ['term_unmapped', { comment: 'unknown to the context' }],
    ['previous_proof_missing', { previousProof: 'urn:none' }],
  ]
  for (const [code, change] of changed) {
    const [verdict] = await verifyProofs({ ...signed, proof: { ...proof, ...change } }, { contexts, resolve })
    assert.ok(verdict && !verdict.ok)
    assert.equal(verdict.code, code, JSON.stringify(change))
  }
  const asked: [code: string, options: object][] = [
    ['ok', { challenge: 'c', domain: 'e', now: Date.UTC(2026, 5) }],
    ['expired', { now: Date.UTC(2027, 5) }],
    ['challenge_wrong', { challenge: 'x' }],
    ['domain_wrong', { domain: 'x' }],
  ]
  for (const [code, options] of asked) {
    const [verdict] = await verifyProofs(signed, { contexts, resolve, ...options })
    assert.equal(verdict?.ok ? 'ok' : verdict?.code, code)
  }
  const documents: [code: string, document: JsonObject][] = [
    ['proof_not_object', { ...signed, proof: 'x' }],
    ['proof_not_object', { ...signed, proof: [null] }],
    ['context_unknown', { ...signed, '@context': [...(signed['@context'] as string[]), 'https://example.com/unknown'] }],
    ['term_redefined', { ...signed, '@context': [...(signed['@context'] as string[]), { name: 'https://example.com/name' }] }],
    ['term_unmapped', { ...signed, unknownTerm: 1 }],
    ['term_unmapped', { ...signed, type: [...(signed['type'] as string[]), 'UnknownType'] }],
    ['term_unmapped', { ...signed, id: 'relative' }],
    ['json_invalid', { ...signed, name: 'half \ud800' }],
    ['json_ld_invalid', { ...signed, id: ['urn:a', 'urn:b'] }],
    ['json_ld_invalid', { ...signed, '@context': 7 as unknown as string }],
    ['term_unmapped', without(signed, '@context')],
  ]
  for (const [code, document] of documents) {
    const [verdict] = await verifyProofs(document, { contexts, resolve })
    assert.equal(verdict?.ok ? 'ok' : verdict?.code, code, JSON.stringify(verdict))
  }
  assert.deepEqual(await verifyProofs(credential, { contexts, resolve }), [])
})

test('an older credential gets a context for its proof, and verifies', needsStandards, async () => {
  const old: JsonObject = {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiableCredential'],
    issuer: 'did:example:i',
    issuanceDate: '2026-01-01T00:00:00Z',
    credentialSubject: { id: 'did:example:s' },
  }
  const signed = await addProof(old, pair, optionsFor('eddsa-rdfc-2022'), contexts)
  assert.deepEqual(signed['@context'], ['https://www.w3.org/2018/credentials/v1', 'https://w3id.org/security/data-integrity/v2'])
  assert.ok((await verifyProofs(signed, { contexts, resolve })).every((verdict) => verdict.ok))
})

test('signing refuses what it cannot protect, and the wrong key', needsStandards, async () => {
  await assert.rejects(addProof({ ...credential, unknownTerm: 1 }, pair, optionsFor('eddsa-rdfc-2022'), contexts), { code: 'proof.not_canonical_rdf' })
  await assert.rejects(addProof(credential, curve, optionsFor('eddsa-rdfc-2022'), contexts), TypeError)
  await assert.rejects(addProof(credential, pair, optionsFor('none'), contexts), TypeError)
})

test('with canonical JSON the proof tells when the shown context is longer than the signed one', needsStandards, async () => {
  const signed = await addProof(credential, pair, optionsFor('eddsa-jcs-2022'), contexts)
  const context = signed['@context'] as string[]
  const [longer] = await verifyProofs({ ...signed, '@context': [...context, 'https://example.com/more'] }, { contexts, resolve })
  assert.ok(longer?.ok)
  assert.deepEqual(longer.warnings, ['context_appended'])
  const [foreign] = await verifyProofs({ ...signed, '@context': context.slice(1) }, { contexts, resolve })
  assert.ok(foreign && !foreign.ok && foreign.code === 'proof_context_wrong')
  assert.ok(isObject(signed['proof']))
})
