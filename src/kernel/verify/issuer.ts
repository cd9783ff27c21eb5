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
  const own = signatures.filter((one) => one.controller === issuer)
  if (own.some((one) => one.origin === 'did:key')) return check('issuer', 'key_is_issuer')
  if (own.some((one) => one.origin === 'document')) return check('issuer', 'key_listed', { name: hostOf(issuer) })
  if (own.some((one) => one.origin === 'fragment')) return check('issuer', 'self_stated')
  const others = signatures.filter((one) => one.controller !== undefined && one.controller !== issuer)
  if (others.length === 0) return check('issuer', 'self_stated')
  // The issuer's document may name a key of another controller as its own.
  const stated = issuer.startsWith('did:key:') ? undefined : await keys.documentOf(issuer)
  if (stated !== undefined && stated['id'] === issuer) {
    const methods = listOf(stated['assertionMethod']).map((entry) => (isObject(entry) ? entry['id'] : entry))
    if (others.some((one) => one.origin !== 'fragment' && one.method !== undefined && methods.includes(one.method))) return check('issuer', 'key_listed', { name: hostOf(issuer) })
  }
  const signer = shown(others[0]?.controller ?? '')
  return issuer.startsWith('did:') ? check('issuer', 'mismatch', { name: signer }) : check('issuer', 'unconfirmed', { name: signer })
}

/** The host behind an identity, which a person can look up; the identity itself where it has none. */
export function hostOf(id: string): string {
  const address = id.startsWith('did:web:') ? didWebAddress(id) : id
  return address !== undefined && /^https?:/.test(address) && URL.canParse(address) ? new URL(address).host : shown(id)
}
