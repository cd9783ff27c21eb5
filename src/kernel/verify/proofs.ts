/**
 * The proof checks: one per Data Integrity proof, or one for the token.
 */
import { readJson, type ContextSource, type Json, type JsonObject } from '#kernel/openbadge'
import { proofsOf, verifyProofs, verifySdJwt, verifyToken, type ProofVerdict, type Refusal, type VerificationMethod } from '#kernel/proof'
import { hostOf, type Signature } from './issuer.ts'
import type { Keys } from './keys.ts'
import { check } from './reasons.ts'
import type { Check } from './report.ts'

/** Each proof costs a canonical form; an honest credential has one, a proof set or chain a few. */
const mostProofs = 8

export interface Proven {
  readonly checks: readonly Check[]
  /** The keys of the proofs that hold. */
  readonly signatures: readonly Signature[]
  /** Warnings of the proofs, in the words of `#kernel/proof`. */
  readonly warnings: readonly string[]
  /** Set when the terms of the document have no certain meaning: a reason of the check `contexts`. */
  readonly meaning?: 'term_unmapped' | 'term_redefined' | 'json_ld_invalid'
}

/** What a presentation's proof has to answer; for credentials nothing is asked. */
export interface Asked {
  readonly purpose?: string
  readonly challenge?: string
  readonly domain?: string
}

/** Verifies every Data Integrity proof of a document. */
export async function proveDocument(document: JsonObject, contexts: ContextSource, keys: Keys, now: number, asked: Asked = {}): Promise<Proven> {
  const proofs = proofsOf(document)
  if (proofs.length === 0) return { checks: [check('proof', 'none')], signatures: [], warnings: [] }
  if (proofs.length > mostProofs) return { checks: [check('proof', 'too_many')], signatures: [], warnings: [] }
  return provenBy(await verifyProofs(document, { contexts, resolve: keys.resolve, now, ...asked }), proofs.map(methodOf), keys)
}

function signatureOf({ id, controller, key, origin }: VerificationMethod): Signature {
  return { method: id, controller, key, origin }
}

function methodOf(proof: unknown): string {
  const method = (proof as { verificationMethod?: unknown } | null)?.verificationMethod
  return typeof method === 'string' ? method : ''
}

function provenBy(verdicts: readonly ProofVerdict[], methods: readonly string[], keys: Keys): Proven {
  const checks: Check[] = []
  const signatures: Signature[] = []
  const warnings = new Set<string>()
  let meaning: Proven['meaning']
  verdicts.forEach((verdict, at) => {
    const method = methods[at] ?? ''
    if (verdict.ok) {
      checks.push(check('proof', 'holds'))
      signatures.push(signatureOf(verdict.method))
      for (const warning of verdict.warnings) warnings.add(warning)
      return
    }
    if (verdict.code === 'term_unmapped' || verdict.code === 'term_redefined' || verdict.code === 'json_ld_invalid') meaning ??= verdict.code
    checks.push(verdict.code === 'method_unknown' && keys.unreachable.has(method) ? check('proof', 'key_unreachable', { name: hostOf(method.split('#')[0] as string) }) : refusalCheck(verdict, method, keys))
  })
  return { checks, signatures, warnings: [...warnings], ...(meaning === undefined ? {} : { meaning }) }
}

/** What a token held, once its signature did. */
export interface Token {
  readonly proven: Proven
  /** The credential or presentation; absent when the signature does not hold. */
  readonly document?: JsonObject
  /** A reason of the check `parsed`: the signed text can be read in two ways. */
  readonly unreadable?: string
  /** `exp` and `nbf` of the token, milliseconds since 1970. */
  readonly from?: number
  readonly until?: number
  /** An SD-JWT VC: the kind of credential that `vct` names, which has no JSON-LD form. */
  readonly kind?: string
}

/**
 * Verifies a token (`ob3-jwt`, `vc+jwt`, `vp+jwt`) or a selectively disclosed one.
 *
 * Its times are not judged here but with the credential's own, so that an expired one is called expired and not forged. A key in its header is used, as
 * Open Badges 3.0 §8.2.2 wants it, and proves nothing about who signed.
 */
export async function proveToken(form: 'jwt' | 'sd-jwt', text: string, keys: Keys, asked: Asked = {}): Promise<Token> {
  const options = { resolve: keys.resolve, headerKeys: 'unproved' as const, ...(asked.challenge === undefined ? {} : { challenge: asked.challenge, nonce: asked.challenge }), ...(asked.domain === undefined ? {} : { domain: asked.domain, audience: asked.domain }) }
  if (form === 'sd-jwt') {
    const verdict = await verifySdJwt(text, options)
    if (!verdict.ok) return { proven: refused(verdict, keys) }
    if (asked.purpose === 'authentication' && verdict.type !== 'vp+sd-jwt') return { proven: ofAnotherType }
    const { claims } = verdict
    const vct = claims['vct']
    const plain = claims['@context'] === undefined && typeof vct === 'string'
    return { proven: held(verdict.method), document: plain ? fromClaims(claims) : claims, ...times(claims), ...(plain ? { kind: vct } : {}) }
  }
  const verdict = await verifyToken(text, options)
  if (!verdict.ok) return { proven: refused(verdict, keys) }
  if (asked.purpose === 'authentication' && verdict.profile !== 'vp+jwt' && verdict.claims['vp'] === undefined) return { proven: ofAnotherType }
  const reading = readJson(verdict.text)
  return { proven: held(verdict.method), document: verdict.document, ...times(verdict.claims), ...(reading.ok ? {} : { unreadable: reading.code }) }
}

/** A token for credentials answers no challenge and is signed for another purpose, so it presents nothing, whatever its claims call themselves. */
const ofAnotherType: Proven = { checks: [check('proof', 'token_type_wrong', { sentence: 'The token is of another type.' })], signatures: [], warnings: [] }

function held(method: VerificationMethod): Proven {
  return { checks: [check('proof', 'holds')], signatures: [signatureOf(method)], warnings: [] }
}

function refused(verdict: Refusal, keys: Keys): Proven {
  const [unreachable] = keys.unreachable
  const open = verdict.code === 'method_unknown' && unreachable !== undefined
  return { checks: [open ? check('proof', 'key_unreachable', { name: hostOf(unreachable.split('#')[0] as string) }) : refusalCheck(verdict, undefined, keys)], signatures: [], warnings: [] }
}

/** A refusal as a check; of a key that was taken back, with the date. A token names its key in a header that is not at hand here: its date is the one noted last. */
function refusalCheck(verdict: Refusal, method: string | undefined, keys: Keys): Check {
  const date = verdict.code !== 'key_revoked' ? undefined : method === undefined ? [...keys.withdrawn.values()].at(-1) : keys.withdrawn.get(method)
  return check('proof', verdict.code, { sentence: verdict.detail, ...(date === undefined ? {} : { date }) })
}

function times(claims: JsonObject): { from?: number; until?: number } {
  const { nbf, exp } = claims
  return { ...(typeof nbf === 'number' ? { from: nbf * 1000 } : {}), ...(typeof exp === 'number' ? { until: exp * 1000 } : {}) }
}

/** The claims of an SD-JWT VC under the names that the other checks and the facts look for. */
function fromClaims(claims: JsonObject): JsonObject {
  const { iss, sub, jti, name, given_name, family_name, status } = claims
  const members: Readonly<Record<string, Json | undefined>> = {
    id: jti,
    type: ['VerifiableCredential'],
    issuer: iss,
    credentialSubject: JSON.parse(JSON.stringify({ id: sub, name, givenName: given_name, familyName: family_name })) as JsonObject,
    credentialStatus: status === undefined ? undefined : { type: 'status_list' },
  }
  return Object.fromEntries(Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined))
}
