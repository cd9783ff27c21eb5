import { isFault } from '#kernel/fault'
import { fault } from './faults.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import { isSignature, type KeyType, type PublicKey, publicKeyFromJwk, type Signer } from './key.ts'
import type { MethodResolver, VerificationMethod } from './method.ts'
import { decodeBase64url } from './multibase.ts'
import { refuse, type Refusal } from './refusal.ts'

/** A signed token (JWS, compact), taken apart and not yet believed. */
export interface Token {
  readonly ok: true
  readonly header: JsonObject
  readonly claims: JsonObject
  /** The JSON text of the claims, as it was signed. */
  readonly text: string
  readonly signed: string
  readonly signature: Uint8Array
}

/**
 * What each kind of key signs with. The key decides; a token that names another algorithm is refused.
 * Source: RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2 (`Ed25519`, the exact name of what `EdDSA` means with such a key).
 */
const algorithms: { readonly [type in KeyType]: readonly [string, ...string[]] } = { Ed25519: ['EdDSA', 'Ed25519'], 'P-256': ['ES256'], 'P-384': ['ES384'], 'P-521': ['ES512'], RSA: ['RS256'] }
const supported = Object.values(algorithms).flat()

/** Header members by which a token brings its own key, or says where to get one (RFC 7515 §4.1.2 to §4.1.6). */
const keyMembers = ['jku', 'jwk', 'x5u', 'x5c'] as const

/** 1 MB, as for every document from outside (issue 3, part 6). */
const longest = 1_048_576

export interface TokenOptions {
  readonly resolve: MethodResolver
  /** Milliseconds since 1970; without it `exp` and `nbf` are not judged. */
  readonly now?: number
  /**
   * A key in the header proves nothing about who signed, and is refused. Open Badges 3.0 §8.2 allows it all the same: with `unproved` it is used and the
   * method says `origin: 'header'`, so that no issuer is taken for proved.
   */
  readonly headerKeys?: 'refuse' | 'unproved'
}

/**
 * Takes a token apart and refuses what must never be verified: encrypted tokens, `none`, critical extensions, keys in the header.
 *
 * Source: RFC 7515 §5.2, RFC 8725 §3.1, §3.2, §3.5, §3.10.
 */
export function readToken(token: string, headerKeys: 'refuse' | 'unproved' = 'refuse'): Token | Refusal {
  if (token.length > longest) return refuse('too_complex', `longer than ${longest} characters`)
  const parts = token.split('.', 6)
  if (parts.length === 5) return refuse('token_encrypted')
  if (parts.length !== 3) return refuse('token_malformed', `${parts.length} parts`)
  const [head, body, tail] = parts as [string, string, string]
  const header = readPart(head)
  if (header === undefined) return refuse('token_malformed', 'header')
  const { alg, crit, b64 } = header.value
  if (typeof alg !== 'string') return refuse('token_malformed', 'alg')
  if (alg.toLowerCase() === 'none') return refuse('token_alg_none')
  if (!supported.includes(alg)) return refuse('token_alg_unsupported', alg)
  if (crit !== undefined || b64 !== undefined) return refuse('token_crit')
  const brought = keyMembers.find((member) => header.value[member] !== undefined)
  if (brought !== undefined && !(brought === 'jwk' && headerKeys === 'unproved')) return refuse('token_header_forbidden', brought)
  const claims = readPart(body)
  if (claims === undefined) return refuse('token_malformed', 'claims')
  try {
    return { ok: true, header: header.value, claims: claims.value, text: claims.text, signed: `${head}.${body}`, signature: decodeBase64url(tail) }
  } catch (error) {
    if (!isFault(error)) throw error
    return refuse('token_malformed', 'signature')
  }
}

/**
 * Finds the key of a token and checks its signature.
 *
 * @param owner  the identity that signs by its own account; keys named without an address are its
 */
export async function checkToken(token: Token, owner: string | undefined, purpose: string, options: TokenOptions): Promise<({ readonly ok: true } & VerificationMethod) | Refusal> {
  const { alg, kid, jwk } = token.header
  const method = jwk === undefined ? await byName(kid, owner, purpose, options.resolve) : ownKey(jwk, owner)
  if (!method.ok) return method
  if (!algorithms[method.key.type].includes(alg as string)) return refuse('key_mismatch', `${String(alg)}, ${method.key.type}`)
  return isSignature(method.key, Buffer.from(token.signed), token.signature) ? method : refuse('signature_wrong')
}

/** Whether a token is used within its time. @returns undefined when it is, or when there is no time to judge by */
export function checkTime(claims: JsonObject, now: number | undefined): Refusal | undefined {
  if (now === undefined) return undefined
  const { exp, nbf } = claims
  if ((exp !== undefined && !isTime(exp)) || (nbf !== undefined && !isTime(nbf))) return refuse('token_claims_wrong', 'exp, nbf')
  if (typeof exp === 'number' && exp * 1000 <= now) return refuse('token_time_wrong', 'exp')
  if (typeof nbf === 'number' && nbf * 1000 > now) return refuse('token_time_wrong', 'nbf')
  return undefined
}

export function isTime(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** Signs claims as a compact token; the algorithm is that of the key. */
export async function signToken(header: JsonObject, claims: JsonObject, signer: Signer): Promise<string> {
  const alg = algorithms[signer.publicKey.type][0]
  const text = JSON.stringify(claims)
  // JSON.stringify writes half a character as an escape, which every reader would understand in its own way.
  if (/\\ud[89a-f][0-9a-f]{2}/.test(text)) throw fault.not_canonical_json({ reason: 'it has a text with half a character (a lone surrogate)' })
  const signed = `${Buffer.from(JSON.stringify({ alg, ...header })).toString('base64url')}.${Buffer.from(text).toString('base64url')}`
  return `${signed}.${Buffer.from(await signer.sign(Buffer.from(signed))).toString('base64url')}`
}

async function byName(kid: Json | undefined, owner: string | undefined, purpose: string, resolve: MethodResolver): Promise<({ readonly ok: true } & VerificationMethod) | Refusal> {
  if (kid !== undefined && (typeof kid !== 'string' || kid === '')) return refuse('token_malformed', 'kid')
  if (kid !== undefined && kid.includes(':')) return resolve(kid, purpose)
  if (owner === undefined) return refuse('token_key_missing')
  if (kid === undefined) return owner.startsWith('did:key:') ? resolve(owner, purpose) : refuse('token_key_missing')
  return resolve(`${owner}#${kid.replace(/^#/, '')}`, purpose)
}

function ownKey(jwk: Json, owner: string | undefined): ({ readonly ok: true } & VerificationMethod) | Refusal {
  if (!isObject(jwk)) return refuse('key_malformed')
  let key: PublicKey
  try {
    key = publicKeyFromJwk(jwk)
  } catch (error) {
    if (!isFault(error)) throw error
    return refuse('key_malformed', error.message)
  }
  return { ok: true, id: `${owner ?? ''}#jwk`, controller: owner ?? '', key, origin: 'header' }
}

function readPart(part: string): { readonly value: JsonObject; readonly text: string } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decodeBase64url(part))
    const value = JSON.parse(text) as unknown
    return isObject(value) ? { value, text } : undefined
  } catch {
    return undefined
  }
}
