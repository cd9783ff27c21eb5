/** Securing a document with the key of a suite, in the way that the suite names. */
import { conformanceContextFor, type JsonObject } from '#kernel/openbadge'
import { addProof, addSelectiveProof, issueToken, keyPairFromSeed } from '#kernel/proof'
import type { World } from '#platform/world'
import { keyOf, type Suite } from './suite.ts'

/** What must always be shown when the request says nothing: without its issuer a credential proves nothing (research/credentials.md 3.4). */
const alwaysShown = ['/issuer'] as const

/** @throws Fault `proof.not_canonical_rdf`, `proof.not_canonical_json`, `proof.cannot_select` */
export async function secure(needs: Pick<World, 'secrets' | 'clock' | 'ids'>, suite: Suite, credential: JsonObject, mandatoryPointers: readonly string[] = alwaysShown): Promise<JsonObject> {
  const { pair, method } = keyOf(needs.secrets, suite)
  const created = toSecond(needs.clock.now())
  if (suite.cryptosuite === undefined) {
    const token = await issueToken(credential, pair, { profile: 'vc+jwt', kid: method })
    // VC Data Model 2.0 §4.13.1; media type of VC-JOSE-COSE §6.1.1.
    return { '@context': ['https://www.w3.org/ns/credentials/v2'], id: `data:application/vc+jwt,${token}`, type: 'EnvelopedVerifiableCredential' }
  }
  if (suite.cryptosuite !== 'ecdsa-sd-2023') return addProof(credential, pair, { cryptosuite: suite.cryptosuite, verificationMethod: method, created }, conformanceContextFor)
  const scalar = needs.ids.bytes(32)
  scalar[0] = (scalar[0] ?? 0) & 0x7f // below the order of the curve, as in keyOf
  return addSelectiveProof(credential, pair, { verificationMethod: method, created, mandatoryPointers, hmacKey: needs.ids.bytes(32), proofKey: keyPairFromSeed(scalar, 'P-256') }, conformanceContextFor)
}

export function toSecond(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z')
}
