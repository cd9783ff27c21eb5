import { createHash } from 'node:crypto'
import { isFault } from '#kernel/fault'
import { isObject, type Json, type JsonObject } from './json.ts'
import { isSignature, publicKeyFromJwk } from './key.ts'
import type { VerificationMethod } from './method.ts'
import { decodeBase64url } from './multibase.ts'
import { refuse, type Refusal } from './refusal.ts'
import { checkTime, checkToken, isTime, readToken, type TokenOptions } from './token.ts'

/** `dc+sd-jwt` (and `vc+sd-jwt` before it) are SD-JWT VC; `vc+sd-jwt` with a JSON-LD context is the same of VC-JOSE-COSE. */
const types = ['dc+sd-jwt', 'vc+sd-jwt', 'vp+sd-jwt']

export interface SdJwtOptions extends TokenOptions {
  /** What the verifier asked the holder to sign. With either of them a key binding is required. */
  readonly audience?: string
  readonly nonce?: string
}

export interface ProvenSdJwt {
  readonly ok: true
  readonly type: string
  readonly method: VerificationMethod
  /** The claims with what was disclosed put in its place, and nothing left of how it was hidden. */
  readonly claims: JsonObject
  /** Whether the holder signed this presentation with the key that the issuer bound to it. */
  readonly holderBound: boolean
}

const mostDisclosures = 1_000
const deepest = 64

/**
 * Verifies a selectively disclosable token: the issuer's signature, each disclosure against its digest, and the holder's key binding where there is one.
 *
 * Source: RFC 9901 (SD-JWT) §7.1 and §7.3; SD-JWT-based Verifiable Credentials §3; VC-JOSE-COSE §3.2. Never throws for a bad token.
 */
export async function verifySdJwt(text: string, options: SdJwtOptions): Promise<ProvenSdJwt | Refusal> {
  const parts = text.split('~', mostDisclosures + 3)
  if (parts.length < 2) return refuse('token_malformed', 'no ~')
  if (parts.length > mostDisclosures + 2) return refuse('too_complex', 'disclosures')
  const [jwt, ...rest] = parts as [string, ...string[]]
  const binding = rest.pop() as string
  const token = readToken(jwt, options.headerKeys)
  if (!token.ok) return token
  const { typ } = token.header
  if (typeof typ !== 'string' || !types.includes(typ)) return refuse('token_type_wrong', typeof typ === 'string' ? typ : undefined)
  const { issuer, holder, iss } = token.claims
  const owner = isObject(issuer) ? issuer['id'] : (issuer ?? iss ?? (isObject(holder) ? holder['id'] : holder))
  const method = await checkToken(token, typeof owner === 'string' ? owner : undefined, typ === 'vp+sd-jwt' ? 'authentication' : 'assertionMethod', options)
  if (!method.ok) return method
  const opened = disclose(token.claims, rest)
  if (!opened.ok) return opened
  const { claims } = opened
  if (claims['@context'] === undefined && typeof claims['vct'] !== 'string') return refuse('token_claims_wrong', 'vct')
  const late = checkTime(claims, options.now)
  if (late !== undefined) return late
  const asked = options.audience !== undefined || options.nonce !== undefined
  if (binding === '' && asked) return refuse('token_holder_missing')
  if (binding !== '') {
    const unbound = checkBinding(binding, text.slice(0, text.length - binding.length), claims['cnf'], opened.algorithm, options)
    if (unbound !== undefined) return unbound
  }
  const { ok: _, ...key } = method
  return Object.freeze({ ok: true, type: typ, method: Object.freeze(key), claims, holderBound: binding !== '' })
}

type Hash = 'sha256' | 'sha384' | 'sha512'
const hashes: { readonly [name: string]: Hash } = { 'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512' }

interface Disclosure {
  readonly name: string | undefined
  readonly value: Json
  used: boolean
}

/** RFC 9901 §7.1 step 3: every digest that has a disclosure is replaced, every other one is dropped, and every disclosure is used once. */
function disclose(claims: JsonObject, texts: readonly string[]): { readonly ok: true; readonly claims: JsonObject; readonly algorithm: Hash } | Refusal {
  const named = claims['_sd_alg'] ?? 'sha-256'
  const algorithm = typeof named === 'string' && Object.hasOwn(hashes, named) ? hashes[named] : undefined
  if (algorithm === undefined) return refuse('disclosure_wrong', '_sd_alg')
  const known = new Map<string, Disclosure>()
  for (const text of texts) {
    const disclosure = readDisclosure(text)
    const digest = createHash(algorithm).update(text, 'ascii').digest('base64url')
    if (disclosure === undefined || known.has(digest)) return refuse('disclosure_wrong')
    known.set(digest, disclosure)
  }
  const digests = new Set<string>()
  const wrong = new Error('a disclosure is wrong')
  const find = (digest: Json): Disclosure | undefined => {
    if (typeof digest !== 'string' || digests.has(digest)) throw wrong
    digests.add(digest)
    const disclosure = known.get(digest)
    if (disclosure !== undefined) disclosure.used = true
    return disclosure
  }
  const open = (value: Json, depth: number): Json => {
    if (depth > deepest) throw wrong
    if (Array.isArray(value)) {
      return (value as readonly Json[]).flatMap((member) => {
        if (!isObject(member) || !Object.hasOwn(member, '...')) return [open(member, depth + 1)]
        if (Object.keys(member).length !== 1) throw wrong
        const disclosure = find(member['...'] as Json)
        if (disclosure === undefined) return []
        if (disclosure.name !== undefined) throw wrong
        return [open(disclosure.value, depth + 1)]
      })
    }
    if (!isObject(value)) return value
    const result: { [name: string]: Json } = {}
    const put = (name: string, member: Json) => Object.defineProperty(result, name, { value: member, enumerable: true, writable: true, configurable: true })
    if (Object.hasOwn(value, '...')) throw wrong
    for (const name of Object.keys(value)) if (name !== '_sd' && !(name === '_sd_alg' && depth === 0)) put(name, open(value[name] as Json, depth + 1))
    const hidden = value['_sd']
    if (hidden === undefined) return result
    if (!Array.isArray(hidden)) throw wrong
    for (const digest of hidden as readonly Json[]) {
      const disclosure = find(digest)
      if (disclosure === undefined) continue
      const { name } = disclosure
      if (name === undefined || name === '_sd' || name === '...' || name === '__proto__' || Object.hasOwn(result, name)) throw wrong
      put(name, open(disclosure.value, depth + 1))
    }
    return result
  }
  try {
    const opened = open(claims, 0) as JsonObject
    if ([...known.values()].some((disclosure) => !disclosure.used)) return refuse('disclosure_wrong', 'not asked for')
    return { ok: true, claims: opened, algorithm }
  } catch (error) {
    if (error === wrong) return refuse('disclosure_wrong')
    throw error
  }
}

function readDisclosure(text: string): Disclosure | undefined {
  try {
    const parts = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(decodeBase64url(text))) as unknown
    if (!Array.isArray(parts) || typeof parts[0] !== 'string') return undefined
    if (parts.length === 2) return { name: undefined, value: parts[1] as Json, used: false }
    return parts.length === 3 && typeof parts[1] === 'string' ? { name: parts[1], value: parts[2] as Json, used: false } : undefined
  } catch {
    return undefined
  }
}

/** RFC 9901 §7.3 step 5: signed with the key in `cnf`, over the very text that was presented, for us and now. */
function checkBinding(binding: string, presented: string, cnf: Json | undefined, algorithm: Hash, options: SdJwtOptions): Refusal | undefined {
  const token = readToken(binding)
  if (!token.ok) return token
  if (token.header['typ'] !== 'kb+jwt') return refuse('token_type_wrong', 'key binding')
  const jwk = isObject(cnf) ? cnf['jwk'] : undefined
  if (!isObject(jwk)) return refuse('token_holder_missing', 'cnf')
  try {
    const key = publicKeyFromJwk(jwk)
    if (!isSignature(key, Buffer.from(token.signed), token.signature)) return refuse('signature_wrong', 'key binding')
  } catch (error) {
    if (!isFault(error)) throw error
    return refuse('key_malformed', 'key binding')
  }
  const { aud, nonce, sd_hash: bound, iat } = token.claims
  if (bound !== createHash(algorithm).update(presented, 'utf8').digest('base64url')) return refuse('disclosure_wrong', 'key binding')
  if (!isTime(iat)) return refuse('token_claims_wrong', 'key binding')
  if (options.audience !== undefined && aud !== options.audience) return refuse('domain_wrong')
  if (options.nonce !== undefined && nonce !== options.nonce) return refuse('challenge_wrong')
  return undefined
}
