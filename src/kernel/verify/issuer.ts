/**
 * Whether the one who signed is the issuer that the credential names.
 */
import { isObject, listOf, type JsonObject } from '#kernel/openbadge'
import { didWebAddress, resolveDidKey, resolveInDocument, type PublicKey, type VerificationMethod } from '#kernel/proof'
import type { Keys } from './keys.ts'
import { check, shown } from './reasons.ts'
import type { Check } from './report.ts'

/** The key that a proof was made with, as far as issuer binding needs it. */
export interface Signature {
  readonly controller: string
  readonly method: string
  readonly key: PublicKey
  readonly origin: VerificationMethod['origin']
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
  // A key that came along, or of another controller, may still be one that the issuer's own document lists.
  if (issuer.startsWith('did:key:')) {
    const only = resolveDidKey(issuer)
    if (only.ok && signatures.some((one) => isSame(one.key, only.key))) return { reason: 'key_is_it', name }
  } else {
    const stated = await keys.documentOf(issuer)
    if (stated !== undefined && signatures.some((one) => isListed(one, stated, issuer, purpose))) return { reason: 'key_listed', name }
    if (stated === undefined && own.length > 0) return { reason: 'self_stated', name }
  }
  // The identity of a DID is its keys, so a foreign key is a foreign signer; what an address says about its keys is not settled by not being there.
  const signer = shown(signatures.find((one) => one.controller !== issuer)?.controller ?? 'somebody who brought a key along')
  if (issuer.startsWith('did:')) return { reason: 'mismatch', name: signer }
  return own.length > 0 ? { reason: 'self_stated', name } : { reason: 'unconfirmed', name: signer }
}

/** Whether the issuer's document names the key for the purpose: by the method's own name, or as one of its keys. */
function isListed(signature: Signature, stated: JsonObject, issuer: string, purpose: string): boolean {
  if (stated['id'] !== issuer) return false
  const methods = listOf(stated[purpose]).map((entry) => (isObject(entry) ? entry['id'] : entry)).filter((id) => typeof id === 'string')
  if (signature.origin !== 'fragment' && methods.includes(signature.method)) return true
  return methods.some((id) => {
    const found = resolveInDocument(id.startsWith('#') ? issuer + id : id, purpose, stated)
    return found.ok && isSame(found.key, signature.key)
  })
}

function isSame(one: PublicKey, other: PublicKey): boolean {
  return one.type === other.type && Buffer.compare(one.bytes, other.bytes) === 0
}

/** The host behind an identity, which a person can look up; the identity itself where it has none. */
export function hostOf(id: string): string {
  const address = id.startsWith('did:web:') ? didWebAddress(id) : id
  return address !== undefined && /^https?:/.test(address) && URL.canParse(address) ? new URL(address).host : shown(id)
}
