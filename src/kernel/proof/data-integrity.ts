import { canonicalJson } from './jcs.ts'
import { sha256 } from './digest.ts'
import { isFault } from '#kernel/fault'
import { isObject, type Json, type JsonObject, listOf } from './json.ts'
import type { KeyType } from './key.ts'
import { type CanonicalRdf, canonicalizeRdf, type ContextSource } from './rdf.ts'
import { refuse, type Refusal } from './refusal.ts'

/** How a document becomes bytes under each cryptosuite, and which key may sign them. */
export interface Cryptosuite {
  readonly form: 'rdfc' | 'jcs'
  readonly keyType: KeyType
}

/**
 * The cryptosuites over whole documents.
 * Source: Data Integrity EdDSA Cryptosuites 1.0 §3.2 and §3.3; Data Integrity ECDSA Cryptosuites 1.0 §3.2 and §3.3 (P-256 with SHA-256 only).
 */
export const cryptosuites: { readonly [name: string]: Cryptosuite } = Object.freeze({
  'eddsa-rdfc-2022': { form: 'rdfc', keyType: 'Ed25519' },
  'eddsa-jcs-2022': { form: 'jcs', keyType: 'Ed25519' },
  'ecdsa-rdfc-2019': { form: 'rdfc', keyType: 'P-256' },
  'ecdsa-jcs-2019': { form: 'jcs', keyType: 'P-256' },
})

/** A way to the canonical form of a document: `canonicalizeRdf` (the general road) or `canonicalizeShort`. */
export type Canonicalizer = (document: JsonObject, contexts: ContextSource) => Promise<CanonicalRdf>

export type HashData = { readonly ok: true; readonly bytes: Uint8Array } | Refusal

/**
 * The 64 bytes that are signed: SHA-256 of the canonical proof configuration, then SHA-256 of the canonical document.
 *
 * @param document  the document without its proof, or with the proofs that this one builds on
 * @param config    the proof without `proofValue`; with RDF its context is that of the document
 * @param canonicalize  the general road where we sign, the short one where we verify
 * Source: Data Integrity EdDSA Cryptosuites 1.0 §3.2.3 to §3.2.5 and §3.3.3 to §3.3.5.
 */
export async function hashData(document: JsonObject, config: JsonObject, form: 'rdfc' | 'jcs', contexts: ContextSource, canonicalize: Canonicalizer = canonicalizeRdf): Promise<HashData> {
  if (form === 'jcs') {
    try {
      return { ok: true, bytes: Buffer.concat([sha256(canonicalJson(config)), sha256(canonicalJson(document))]) }
    } catch (error) {
      if (isFault(error)) return refuse('json_invalid', String(error.data['reason']))
      throw error
    }
  }
  const context = document['@context']
  const canonicalConfig = await canonicalize(context === undefined ? config : { ...config, '@context': context }, contexts)
  if (!canonicalConfig.ok) return canonicalConfig
  const canonicalDocument = await canonicalize(document, contexts)
  if (!canonicalDocument.ok) return canonicalDocument
  return { ok: true, bytes: Buffer.concat([sha256(canonicalConfig.nquads), sha256(canonicalDocument.nquads)]) }
}

/** The proofs of a document, in order; what is no object stays as it is and is refused later. */
export function proofsOf(document: JsonObject): readonly Json[] {
  return listOf(document['proof'])
}

/**
 * The document that a proof covers: the credential, and the proofs named in `previousProof`, in the order in which they are named.
 *
 * @param bare  the document without any proof; returned as it is where the proof builds on no other
 * Source: Verifiable Credential Data Integrity 1.0 §4.3 (add proof set/chain) and §4.5 (verify proof sets and chains).
 */
export function coveredBy(proof: JsonObject, bare: JsonObject, all: readonly Json[]): { readonly ok: true; readonly covered: JsonObject; readonly previous: readonly number[] } | Refusal {
  const named = listOf(proof['previousProof'])
  if (named.length === 0) return { ok: true, covered: bare, previous: [] }
  const previous: number[] = []
  for (const id of named) {
    const at = typeof id === 'string' ? all.findIndex((one) => isObject(one) && one['id'] === id) : -1
    if (at < 0 || all[at] === proof) return refuse('previous_proof_missing', typeof id === 'string' ? id : undefined)
    previous.push(at)
  }
  return { ok: true, covered: { ...bare, proof: previous.map((at) => all[at] as Json) }, previous }
}
