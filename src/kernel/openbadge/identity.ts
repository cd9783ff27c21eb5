/**
 * Who the learner is, without saying it: the identity objects of Open Badges 3.0.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import type { JsonObject } from './json.ts'

export interface IdentityObject {
  readonly type: 'IdentityObject'
  readonly hashed: boolean
  readonly identityHash: string
  readonly identityType: string
  readonly salt?: string
}

/**
 * The salted hash of an identity.
 *
 *   identityHash = "sha256$" + hex(SHA-256(UTF-8(identity + salt)))
 *
 * E-mail addresses are put in lower case first, because people type them in any case; other identities are taken as they are.
 *
 * @param salt  at least 16 characters of chance; it is published with the hash, so each learner and each credential needs its own
 * @throws TypeError when the salt is shorter
 * Source: Open Badges 3.0, derived type IdentityHash; pinned by its example, `a@example.com` with the salt `Kosher`.
 */
export function hashedIdentity(identityType: string, identity: string, salt: string): IdentityObject {
  if (salt.length < 16) throw new TypeError('a salt of at least 16 characters is needed')
  return Object.freeze({ type: 'IdentityObject', hashed: true, identityHash: identityHash(identityType, identity, salt, 'sha256'), identityType, salt })
}

/** A learner's name as an identity in clear text, for a learner who wants it in the credential. */
export function namedIdentity(name: string): IdentityObject {
  return Object.freeze({ type: 'IdentityObject', hashed: false, identityHash: name, identityType: 'name' })
}

/**
 * Whether an identity object stands for an identity. A hash without salt and MD5 are read too, since old badges have them.
 */
export function isIdentity(object: JsonObject | IdentityObject, identity: string): boolean {
  const { hashed, identityHash: held, identityType, salt } = object as JsonObject
  if (typeof held !== 'string' || typeof identityType !== 'string') return false
  if (hashed !== true) return held === normalised(identityType, identity)
  const algorithm = held.startsWith('sha256$') ? 'sha256' : held.startsWith('md5$') ? 'md5' : undefined
  if (algorithm === undefined) return false
  const wanted = Buffer.from(identityHash(identityType, identity, typeof salt === 'string' ? salt : '', algorithm))
  const shown = Buffer.from(held.toLowerCase())
  return shown.length === wanted.length && timingSafeEqual(shown, wanted)
}

/** The bare hash; `hashedIdentity` is what issuing uses. */
export function identityHash(identityType: string, identity: string, salt: string, algorithm: 'sha256' | 'md5'): string {
  return `${algorithm}$${hash(algorithm, normalised(identityType, identity) + salt)}`
}

function normalised(identityType: string, identity: string): string {
  return identityType === 'emailAddress' ? identity.trim().toLowerCase() : identity
}
