import { isFault } from '#kernel/fault'
import { isObject, type Json, type JsonObject, listOf } from './json.ts'
import { type PublicKey, publicKeyFromJwk } from './key.ts'
import { decodeMultikey } from './multikey.ts'
import { refuse, type Refusal } from './refusal.ts'

/** A key with what is known about it. */
export interface VerificationMethod {
  readonly id: string
  /** The identity that the key speaks for. */
  readonly controller: string
  readonly key: PublicKey
  /**
   * How the tie between key and controller is known: the identity is the key (`did:key`), the controller's own document lists it (`document`), or the
   * method's address or the token's header merely carries the key (`fragment`, `header`), which anybody can write: the signature is then sound, its author unproved.
   */
  readonly origin: 'did:key' | 'document' | 'fragment' | 'header'
}

export type MethodResolution = ({ readonly ok: true } & VerificationMethod) | Refusal

/** Finds the key of a verification method for a purpose such as `assertionMethod`. */
export type MethodResolver = (method: string, purpose: string) => MethodResolution | Promise<MethodResolution>

export function resolved(method: VerificationMethod): MethodResolution {
  return Object.freeze({ ok: true, ...method })
}

/**
 * The key of a verification method that carries it in the fragment of an https address, as the fixtures of the Open Badges validator do.
 *
 * @returns the key with `origin: 'fragment'`, or a refusal
 */
export function resolveFragmentKey(method: string): MethodResolution {
  const match = /^(https:\/\/[^#\s]+)#(z[1-9A-HJ-NP-Za-km-z]{20,120})$/.exec(method)
  if (match === null) return refuse('method_unsupported', method)
  try {
    return resolved({ id: method, controller: match[1] as string, key: decodeMultikey(match[2] as string), origin: 'fragment' })
  } catch (error) {
    if (!isFault(error)) throw error
    return refuse('key_malformed', error.message)
  }
}

/**
 * The key of a verification method, looked up in its controller's document (a DID document or another controlled identifier document).
 *
 * The document must be about the part of the method before `#`, list the method, and allow it for the purpose, by reference or embedded.
 *
 * @param at  the moment for which `revoked` and `expires` are judged, milliseconds since 1970; undefined judges `revoked` only
 * @returns the key with `origin: 'document'`, or a refusal that says what is missing
 * Source: Controlled Identifiers 1.0 §3.3 (retrieve verification method).
 */
export function resolveInDocument(method: string, purpose: string, document: JsonObject, at?: number): MethodResolution {
  const hash = method.indexOf('#')
  if (hash <= 0) return refuse('method_malformed', method)
  const subject = method.slice(0, hash)
  if (document['id'] !== subject) return refuse('controller_mismatch', method)
  const named = (value: Json): boolean => isObject(value) && absolute(value['id'], subject) === method
  const allowed = listOf(document[purpose]).find((entry) => absolute(entry, subject) === method || named(entry))
  const found = isObject(allowed) ? allowed : listOf(document['verificationMethod']).find(named)
  if (!isObject(found)) return refuse('method_unknown', method)
  // Withdrawn keys are usually taken out of the purposes as well; that they were withdrawn says more.
  const { revoked, expires } = found
  if (revoked !== undefined) return refuse('key_revoked', typeof revoked === 'string' ? revoked : undefined)
  if (allowed === undefined) return refuse('method_not_authorized', purpose)
  if (typeof expires === 'string' && at !== undefined && !(Date.parse(expires) > at)) return refuse('key_expired', expires)
  const { controller } = found
  if (typeof controller !== 'string' || (controller !== subject && !listOf(document['controller']).includes(controller))) return refuse('controller_mismatch', method)
  try {
    const key = keyIn(found)
    return key === undefined ? refuse('key_unsupported', method) : resolved({ id: method, controller: subject, key, origin: 'document' })
  } catch (error) {
    if (!isFault(error)) throw error
    return refuse('key_malformed', error.message)
  }
}

function absolute(id: Json | undefined, subject: string): string | undefined {
  return typeof id !== 'string' ? undefined : id.startsWith('#') ? subject + id : id
}

function keyIn(method: JsonObject): PublicKey | undefined {
  const { type, publicKeyMultibase, publicKeyJwk } = method
  if (typeof publicKeyMultibase === 'string') {
    const key = decodeMultikey(publicKeyMultibase)
    return type === 'Multikey' || (type === 'Ed25519VerificationKey2020' && key.type === 'Ed25519') ? key : undefined
  }
  if (isObject(publicKeyJwk) && (type === 'JsonWebKey' || type === 'JsonWebKey2020')) return publicKeyFromJwk(publicKeyJwk)
  return undefined
}
