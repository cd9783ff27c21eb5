import { decodeMultikey, didKey } from '#kernel/proof'
import type { Tx } from '#platform/db'
import type { Secrets } from '#platform/secret'
import { fault } from './faults.ts'
import { rotateKey, shownKey, type SigningKey } from './key.ts'
import { forgetSignedLists, keysOfIssuer, markCompromised, moveUnsigned } from './store.ts'

/**
 * Declares that a signing key has been in strange hands since a moment. From the next verification on, everything that it ever signed is no longer
 * proved, and the date is told: a thief can write any date into a proof, so an older one proves nothing. In one transaction:
 *
 *   - the key stays in the DID document as `revoked`, with the date, and is allowed for nothing any more (Controlled Identifiers 1.0, section 2.2)
 *   - where it was the key in use, a new one takes its place
 *   - what was prepared and is still unsigned goes over to the key in use, in the new issuer's name where the key is the name (did:key)
 *   - the status lists are signed again when they are next asked for
 *
 * An earlier date may be given later; a later one takes nothing back.
 *
 * @throws Fault `credential.unknown_key`, `credential.compromised_before`, `credential.compromised_later`
 */
export async function compromiseKey(tx: Tx, secrets: Secrets, input: { readonly issuerId: string; readonly publicMultibase: string; readonly since: Date }): Promise<{ readonly key: SigningKey; readonly inUse: SigningKey }> {
  const { issuerId, publicMultibase, since } = input
  const before = await keysOfIssuer(tx, issuerId)
  const key = before.find((one) => one.publicMultibase === publicMultibase)
  if (!key) throw fault.unknown_key({ key: publicMultibase })
  if (since > tx.now) throw fault.compromised_later()
  if (key.compromisedAt && key.compromisedAt <= since) throw fault.compromised_before({ date: key.compromisedAt.toISOString().slice(0, 10) })
  await markCompromised(tx, key.id, since)
  const inUse = key.retiredAt ? before.find((one) => one.retiredAt === undefined) : await rotateKey(tx, secrets, issuerId)
  if (!inUse) throw fault.no_key({ issuer: issuerId })
  await moveUnsigned(tx, key.id, inUse.id, nameOf(key.publicMultibase), nameOf(inUse.publicMultibase))
  await forgetSignedLists(tx, issuerId)
  return Object.freeze({ key: shownKey({ ...key, compromisedAt: since, retiredAt: key.retiredAt ?? tx.now }), inUse: shownKey(inUse) })
}

const nameOf = (publicMultibase: string): string => didKey(decodeMultikey(publicMultibase))
