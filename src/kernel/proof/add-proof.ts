import { coveredBy, cryptosuites, hashData, proofsOf } from './data-integrity.ts'
import { fault } from './faults.ts'
import { type Json, type JsonObject, listOf, without } from './json.ts'
import type { Signer } from './key.ts'
import { encodeMultibase } from './multibase.ts'
import type { ContextSource } from './rdf.ts'
import type { Refusal } from './refusal.ts'

export interface ProofOptions {
  /** One of `cryptosuites`; its key type must be the signer's. */
  readonly cryptosuite: string
  readonly verificationMethod: string
  /** XML Schema dateTimeStamp, to the second. */
  readonly created?: string
  readonly expires?: string
  /** `assertionMethod` unless said otherwise. */
  readonly proofPurpose?: string
  readonly id?: string
  readonly challenge?: string
  readonly domain?: string | readonly string[]
  readonly previousProof?: string | readonly string[]
  /** Writes `proof` as a list even of one, as the Open Badges schema asks. */
  readonly asList?: boolean
}

/** The contexts that define the terms of a proof. The v2 base context has them built in; older documents need one more. */
const definesProofs = new Set(['https://www.w3.org/ns/credentials/v2', 'https://w3id.org/security/data-integrity/v1', 'https://w3id.org/security/data-integrity/v2'])

/**
 * The document with one more Data Integrity proof. Proofs it has already are kept (a proof set); `previousProof` makes a chain.
 *
 * A document whose contexts do not define proofs (data model 1.1) gets the data-integrity context appended first.
 *
 * @throws Fault `proof.not_canonical_rdf` when the document has no canonical form; TypeError for an unknown cryptosuite or a key of another type
 * Source: Verifiable Credential Data Integrity 1.0 §4.2 and §4.3; the cryptosuites' §3.2.1, §3.3.1. Pinned by `standards/vc-di-eddsa`.
 */
export async function addProof(document: JsonObject, signer: Signer, options: ProofOptions, contexts: ContextSource): Promise<JsonObject> {
  const { cryptosuite, proofPurpose = 'assertionMethod', id, verificationMethod, ...rest } = options
  const suite = cryptosuites[cryptosuite]
  if (suite === undefined) throw new TypeError(`unknown cryptosuite ${cryptosuite}`)
  if (signer.publicKey.type !== suite.keyType) throw new TypeError(`${cryptosuite} needs an ${suite.keyType} key`)
  const whole = withProofContext(document)
  const context = whole['@context']
  const config = {
    ...(id === undefined ? {} : { id }),
    type: 'DataIntegrityProof',
    cryptosuite,
    ...(rest.created === undefined ? {} : { created: rest.created }),
    ...(rest.expires === undefined ? {} : { expires: rest.expires }),
    verificationMethod,
    proofPurpose,
    ...(rest.challenge === undefined ? {} : { challenge: rest.challenge }),
    ...(rest.domain === undefined ? {} : { domain: rest.domain }),
    ...(rest.previousProof === undefined ? {} : { previousProof: rest.previousProof }),
    ...(suite.form === 'jcs' && context !== undefined ? { '@context': context } : {}),
  } as JsonObject
  const proofs = proofsOf(whole)
  const covered = coveredBy(config, without(whole, 'proof'), proofs)
  if (!covered.ok) throw unsigned(covered)
  const hashed = await hashData(covered.covered, config, suite.form, contexts)
  if (!hashed.ok) throw unsigned(hashed)
  const proof: JsonObject = { ...config, proofValue: encodeMultibase(await signer.sign(hashed.bytes), 'base58btc') }
  return { ...whole, proof: proofs.length === 0 && options.asList !== true ? proof : [...proofs, proof] }
}

/** The document with a context that defines proofs; the same document where it has one. */
export function withProofContext(document: JsonObject): JsonObject {
  const contexts = listOf(document['@context'])
  if (contexts.length === 0 || contexts.some((entry: Json) => typeof entry === 'string' && definesProofs.has(entry))) return document
  return { ...document, '@context': [...contexts, 'https://w3id.org/security/data-integrity/v2'] }
}

export function unsigned(refusal: Refusal): Error {
  return fault.not_canonical_rdf({ reason: refusal.detail })
}
