/**
 * Whether the one who signed is the issuer that the credential names.
 */
import { isObject, listOf, type JsonObject } from '#kernel/openbadge'
import { didWebAddress, type VerificationMethod } from '#kernel/proof'
import type { Keys } from './keys.ts'
import { check, shown } from './reasons.ts'
import type { Check } from './report.ts'

/** The key that a proof was made with, as far as issuer binding needs it; `header` is a key that a token brought along. */
export interface Signature {
  readonly controller?: string
  readonly method?: string
  readonly origin: VerificationMethod['origin'] | 'header'
}

/** The issuer's id: an address, or the id of the issuer object. */
export function issuerIdOf(document: JsonObject): string | undefined {
  const issuer = document['issuer']
  const id = isObject(issuer) ? issuer['id'] : issuer
  return typeof id === 'string' && id !== '' ? id : undefined
}

/**
 * Binds the proofs that hold to the issuer. One proof by the issuer is enough; further proofs may be by others (a proof set).
 *
 * Passed when the key's tie to the issuer is proved: by the did:key itself, or by the issuer's own document. Failed when the issuer is a DID and every
 * key is known to belong to somebody else. Otherwise the tie could not be checked.
 */
export async function checkIssuer(document: JsonObject, signatures: readonly Signature[], keys: Keys): Promise<Check> {
  const issuer = issuerIdOf(document)
  if (issuer === undefined) return check('issuer', 'missing')
  const { reason, name } = await bind(issuer, signatures, keys, 'assertionMethod')
  return check('issuer', reason === 'key_is_it' ? 'key_is_issuer' : reason, { name })
}

/** The holder of a presentation, bound in the same way; a presentation need not name one. */
export async function checkHolder(document: JsonObject, signatures: readonly Signature[], keys: Keys): Promise<Check> {
  const holder = document['holder']
  const id = isObject(holder) ? holder['id'] : holder
  if (typeof id !== 'string') return check('holder', 'none')
  const { reason, name } = await bind(id, signatures, keys, 'authentication')
  return check('holder', reason === 'key_is_it' ? 'key_is_holder' : reason, { name })
}

interface Bound {
  readonly reason: 'key_is_it' | 'key_listed' | 'self_stated' | 'mismatch' | 'unconfirmed'
  readonly name: string
}

async function bind(issuer: string, signatures: readonly Signature[], keys: Keys, purpose: string): Promise<Bound> {
  const own = signatures.filter((one) => one.controller === issuer)
  const name = hostOf(issuer)
  if (own.some((one) => one.origin === 'did:key')) return { reason: 'key_is_it', name }
  if (own.some((one) => one.origin === 'document')) return { reason: 'key_listed', name }
  if (own.some((one) => one.origin === 'fragment')) return { reason: 'self_stated', name }
  const others = signatures.filter((one) => one.controller !== undefined && one.controller !== issuer)
  if (others.length === 0) return { reason: 'self_stated', name }
  // The issuer's document may name a key of another controller as its own.
  const stated = issuer.startsWith('did:key:') ? undefined : await keys.documentOf(issuer)
  if (stated !== undefined && stated['id'] === issuer) {
    const methods = listOf(stated[purpose]).map((entry) => (isObject(entry) ? entry['id'] : entry))
    if (others.some((one) => one.origin !== 'fragment' && one.method !== undefined && methods.includes(one.method))) return { reason: 'key_listed', name }
  }
  const signer = shown(others[0]?.controller ?? '')
  return { reason: issuer.startsWith('did:') ? 'mismatch' : 'unconfirmed', name: signer }
}

/** The host behind an identity, which a person can look up; the identity itself where it has none. */
export function hostOf(id: string): string {
  const address = id.startsWith('did:web:') ? didWebAddress(id) : id
  return address !== undefined && /^https?:/.test(address) && URL.canParse(address) ? new URL(address).host : shown(id)
}
