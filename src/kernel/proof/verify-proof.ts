import { isFault } from '#kernel/fault'
import { canonicalizeShort } from './canonical.ts'
import { type Canonicalizer, coveredBy, type Cryptosuite, cryptosuites, hashData, proofsOf } from './data-integrity.ts'
import { isObject, type Json, type JsonObject, listOf, without } from './json.ts'
import { isSignature } from './key.ts'
import type { MethodResolver, VerificationMethod } from './method.ts'
import { decodeMultibase } from './multibase.ts'
import type { CanonicalRdf, ContextSource } from './rdf.ts'
import { refuse, type Refusal } from './refusal.ts'
import { checkDerived, selectiveSuite } from './selective.ts'

export interface VerifyOptions {
  readonly contexts: ContextSource
  /** Finds keys; `resolveDidKey` alone serves did:key. */
  readonly resolve: MethodResolver
  /** What the proof has to be for; `assertionMethod` unless said otherwise. */
  readonly purpose?: string
  /** For presentations: the values that were asked for. A proof with others, or with none, is refused. */
  readonly challenge?: string
  readonly domain?: string
  /** Milliseconds since 1970; without it `expires` is not judged. */
  readonly now?: number
}

/** What is worth telling about a proof that holds. */
export const proofWarnings = ['legacy_type', 'legacy_cryptosuite', 'context_appended'] as const
export type ProofWarning = (typeof proofWarnings)[number]

export interface ProvenProof {
  readonly ok: true
  readonly cryptosuite: string
  readonly method: VerificationMethod
  readonly purpose: string
  readonly created?: string
  readonly warnings: readonly ProofWarning[]
}

export type ProofVerdict = ProvenProof | Refusal

const mostProofs = 16
const mostLinks = 4

/** XML Schema 1.1 part 2 §3.4.28, as far as a pattern can say it. */
const dateTimeStamp = /^-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-4]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/

/**
 * Verifies every Data Integrity proof of a document, each by its own key.
 *
 * Whether the key belongs to the issuer is not judged here: `method.controller` and `method.origin` say whose key it was and how that is known.
 *
 * @returns one verdict per proof, in their order; empty when there is none. A proof that builds on a proof that does not hold does not hold.
 * Source: Verifiable Credential Data Integrity 1.0 §4.4 and §4.5. Never throws for a bad document.
 */
export async function verifyProofs(document: JsonObject, options: VerifyOptions): Promise<readonly ProofVerdict[]> {
  const proofs = proofsOf(document)
  // Each proof costs a signature, each link of a chain a canonical form as well; nobody needs more than a few.
  const links = proofs.filter((proof) => isObject(proof) && proof['previousProof'] !== undefined).length
  if (proofs.length > mostProofs || links > mostLinks) return proofs.map(() => refuse('too_complex', `${proofs.length} proofs`))
  const bare = without(document, 'proof')
  const canonicalize = remembering(bare)
  const verdicts: ProofVerdict[] = []
  const previous: (readonly number[])[] = []
  for (const proof of proofs) {
    const covered = isObject(proof) ? coveredBy(proof, bare, proofs) : refuse('proof_not_object')
    previous.push(covered.ok ? covered.previous : [])
    verdicts.push(covered.ok ? await verifyOne(proof as JsonObject, covered.covered, options, canonicalize) : covered)
  }
  // A chain is as strong as its first link; passes are repeated because a link may stand before the one it builds on.
  for (let changed = true; changed; ) {
    changed = false
    verdicts.forEach((verdict, i) => {
      if (verdict.ok && (previous[i] as readonly number[]).some((at) => !(verdicts[at] as ProofVerdict).ok)) {
        verdicts[i] = refuse('previous_proof_failed')
        changed = true
      }
    })
  }
  return Object.freeze(verdicts)
}

/** The short road, which remembers the canonical form of one document: all the proofs of a set are over the same. */
function remembering(document: JsonObject): Canonicalizer {
  let known: Promise<CanonicalRdf> | undefined
  return (one, contexts) => (one === document ? (known ??= canonicalizeShort(one, contexts)) : canonicalizeShort(one, contexts))
}

async function verifyOne(proof: JsonObject, covered: JsonObject, options: VerifyOptions, canonicalize: Canonicalizer): Promise<ProofVerdict> {
  const warnings: ProofWarning[] = []
  const { created } = proof
  const named = suiteNamed(proof)
  if (!named.ok) return named
  const { cryptosuite, suite } = named
  if (named.warning !== undefined) warnings.push(named.warning)
  const stated = checkStated(proof, options)
  if (!stated.ok) return stated
  const proven = (method: VerificationMethod): ProvenProof =>
    Object.freeze({ ok: true, cryptosuite, method, purpose: stated.purpose, ...(typeof created === 'string' ? { created } : {}), warnings: Object.freeze(warnings) })
  if (suite === 'selective') {
    const method = await options.resolve(stated.method, stated.purpose)
    if (!method.ok) return method
    if (method.key.type !== 'P-256') return refuse('key_mismatch', `${cryptosuite}, ${method.key.type}`)
    return (await checkDerived(covered, proof, method.key, options.contexts)) ?? proven(method)
  }
  const signature = signatureOf(proof)
  if (!signature.ok) return signature
  const method = await options.resolve(stated.method, stated.purpose)
  if (!method.ok) return method
  if (method.key.type !== suite.keyType) return refuse('key_mismatch', `${cryptosuite}, ${method.key.type}`)
  let document = covered
  if (suite.form === 'jcs' && proof['@context'] !== undefined) {
    const bound = boundContext(proof['@context'], covered['@context'])
    if (bound === 'foreign') return refuse('proof_context_wrong')
    if (bound === 'longer') warnings.push('context_appended')
    document = { ...covered, '@context': proof['@context'] }
  }
  const hashed = await hashData(document, without(proof, 'proofValue'), suite.form, options.contexts, canonicalize)
  if (!hashed.ok) return hashed
  if (!isSignature(method.key, hashed.bytes, signature.bytes)) return refuse('signature_wrong')
  return proven(method)
}

interface NamedSuite {
  readonly ok: true
  readonly cryptosuite: string
  readonly suite: Cryptosuite | 'selective'
  readonly warning: ProofWarning | undefined
}

/** The suite of a proof, with the two former names that are still read: the proof type Ed25519Signature2020 and the cryptosuite eddsa-2022, both eddsa-rdfc-2022 in all but name. */
function suiteNamed(proof: JsonObject): NamedSuite | Refusal {
  const { type, cryptosuite } = proof
  const eddsa = cryptosuites['eddsa-rdfc-2022'] as Cryptosuite
  if (type === 'Ed25519Signature2020') return { ok: true, cryptosuite: type, suite: eddsa, warning: 'legacy_type' }
  if (type !== 'DataIntegrityProof') return refuse('proof_type_unknown', shown(type))
  if (typeof cryptosuite !== 'string') return refuse('cryptosuite_missing')
  if (cryptosuite === 'eddsa-2022') return { ok: true, cryptosuite, suite: eddsa, warning: 'legacy_cryptosuite' }
  if (cryptosuite === selectiveSuite) return { ok: true, cryptosuite, suite: 'selective', warning: undefined }
  const suite = Object.hasOwn(cryptosuites, cryptosuite) ? cryptosuites[cryptosuite] : undefined
  return suite === undefined ? refuse('cryptosuite_unknown', cryptosuite) : { ok: true, cryptosuite, suite, warning: undefined }
}

/** What every proof states about itself, whatever its type: method, purpose, times, challenge and domain. */
export function checkStated(proof: JsonObject, options: VerifyOptions): { readonly ok: true; readonly method: string; readonly purpose: string } | Refusal {
  const { verificationMethod, proofPurpose, created, expires, challenge, domain } = proof
  const purpose = options.purpose ?? 'assertionMethod'
  if (typeof verificationMethod !== 'string' || verificationMethod === '') return refuse('method_missing')
  if (typeof proofPurpose !== 'string' || proofPurpose === '') return refuse('purpose_missing')
  if (proofPurpose !== purpose) return refuse('purpose_wrong', proofPurpose)
  for (const date of [created, expires]) {
    if (date !== undefined && (typeof date !== 'string' || !dateTimeStamp.test(date))) return refuse('created_malformed', shown(date))
  }
  if (options.now !== undefined && typeof expires === 'string' && Date.parse(expires) <= options.now) return refuse('expired', expires)
  if (options.challenge !== undefined && challenge !== options.challenge) return refuse('challenge_wrong')
  if (options.domain !== undefined && !listOf(domain).includes(options.domain)) return refuse('domain_wrong')
  return { ok: true, method: verificationMethod, purpose }
}

function signatureOf(proof: JsonObject): { readonly ok: true; readonly bytes: Uint8Array } | Refusal {
  const { proofValue } = proof
  if (typeof proofValue !== 'string' || proofValue === '') return refuse('value_missing')
  try {
    const bytes = decodeMultibase(proofValue, 'base58btc')
    return bytes.length === 64 ? { ok: true, bytes } : refuse('value_malformed', `${bytes.length} bytes`)
  } catch (error) {
    if (!isFault(error)) throw error
    return refuse('value_malformed')
  }
}

/** Whether the context a proof was made with begins the context of the document (EdDSA Cryptosuites §3.3.2 step 4). */
function boundContext(bound: Json, whole: Json | undefined): 'same' | 'longer' | 'foreign' {
  const first = listOf(bound)
  const all = listOf(whole)
  if (first.length > all.length || !first.every((entry, i) => JSON.stringify(entry) === JSON.stringify(all[i]))) return 'foreign'
  return first.length === all.length ? 'same' : 'longer'
}

function shown(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
