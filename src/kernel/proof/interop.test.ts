import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import fc from 'fast-check'
import { anyCredential, anyShape, varying } from '#test/sample-credential'
import { needsStandards, standardContext as contexts } from '#test/standards'
import { addProof } from './add-proof.ts'
import { encodeBase58 } from './base58.ts'
import { bulkSigner } from './bulk.ts'
import { didKey, didKeyMethod, resolveDidKey } from './did-key.ts'
import { isObject, type JsonObject } from './json.ts'
import { keyPairFromSeed } from './key-pair.ts'
import { verifyProofs } from './verify-proof.ts'

const full = process.env['LAUREL_FULL'] === '1'
const pairs = full ? 1_000 : 12
const pair = keyPairFromSeed(Buffer.alloc(32, 1))
const verificationMethod = didKeyMethod(pair.publicKey)
const controller = didKey(pair.publicKey)
const created = '2026-01-01T00:00:00Z'

const documentLoader = async (url: string) => {
  const key = { '@context': 'https://w3id.org/security/multikey/v1', id: verificationMethod, type: 'Multikey', controller, publicKeyMultibase: pair.publicKeyMultibase }
  const owner = { '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'], id: controller, verificationMethod: [key], assertionMethod: [verificationMethod] }
  // The library asks for a context that only says what a DID document is; it takes an empty one.
  const document = url === verificationMethod ? key : url === controller ? owner : url === 'https://www.w3.org/ns/did/v1' ? { '@context': { id: '@id', assertionMethod: { '@id': 'https://w3id.org/security#assertionMethod', '@type': '@id', '@container': '@set' } } } : contexts(url)
  if (document === undefined) throw new Error(`not known: ${url}`)
  return { documentUrl: url, document: structuredClone(document), contextUrl: null }
}

/** Credentials that the library takes: issued by the key itself, without a status to ask for, with an id that it understands. */
const credentials = fc
  .sample(anyShape.chain((shape) => fc.array(anyCredential({ ...shape, withStatus: false, withId: true, withUntil: false, withSubjectId: true }), { minLength: 4, maxLength: 4 })), { seed: 20_260_601, numRuns: 2 * pairs })
  .flat()
  // The library wants every id to be a URL, and so do our own rules for credentials; a blank node name is none.
  .filter((credential) => !JSON.stringify(credential).includes('"id":"_:'))
  .map((credential, i): JsonObject => ({ ...credential, id: `urn:uuid:${i}`, issuer: controller, validFrom: '2020-01-01T00:00:00Z' }))

test(`our credentials verify with the usual library, and its credentials with ours (${pairs} both ways)`, needsStandards, async (t) => {
  const signer = bulkSigner({ signer: pair, verificationMethod, contexts, varying, chance: () => 1 })
  const key = await Ed25519Multikey.from({ id: verificationMethod, type: 'Multikey', controller, publicKeyMultibase: pair.publicKeyMultibase, secretKeyMultibase: secretMultikey() })
  const theirs = () => new DataIntegrityProof({ signer: key.signer(), cryptosuite, date: created })
  let compared = 0
  for (const credential of credentials) {
    if (compared === pairs) break
    const alone = await addProof(credential, pair, { cryptosuite: 'eddsa-rdfc-2022', created, verificationMethod }, contexts).catch(() => undefined)
    if (alone === undefined) continue
    compared++
    const [text] = await signer.sign([credential], created)
    const ours = JSON.parse(text?.json ?? '') as JsonObject
    const judged = await vc.verifyCredential({ credential: ours, suite: new DataIntegrityProof({ cryptosuite }), documentLoader })
    assert.ok(judged.verified, `${JSON.stringify(judged.error?.errors ?? judged.error)} ${text?.json}`)
    const issued: unknown = await vc.issue({ credential: structuredClone(credential), suite: theirs(), documentLoader })
    assert.ok(isObject(issued))
    assert.deepEqual((issued['proof'] as JsonObject)['proofValue'], (alone['proof'] as JsonObject)['proofValue'])
    const [verdict] = await verifyProofs(issued, { contexts, resolve: resolveDidKey })
    assert.ok(verdict?.ok, JSON.stringify(verdict))
  }
  t.diagnostic(JSON.stringify(signer.counts()))
  t.diagnostic(`law ${JSON.stringify({ law: 'Credentials of ours verified by @digitalbazaar/vc, and its by ours: all of them, with the same signature', cases: compared, long: 1_000 })}`)
  assert.equal(compared, pairs)
})

function secretMultikey(): string {
  // The pair's private half as the library reads it: the seed followed by the public key (ed25519-priv of its own making).
  const seed = pair.privateKey.export({ format: 'jwk' }).d as string
  return multibase(Buffer.concat([Buffer.from([0x80, 0x26]), Buffer.from(seed, 'base64url'), pair.publicKey.bytes]))
}

function multibase(bytes: Uint8Array): string {
  return `z${encodeBase58(bytes)}`
}
