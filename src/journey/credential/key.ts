/**
 * An issuer's signing keys: Ed25519, one in use at a time, sealed at rest, old ones kept so that what they signed stays verifiable.
 */
import { encodeMultikey, keyPairFromSeed, type KeyPair } from '#kernel/proof'
import type { Tx } from '#platform/db'
import type { Secrets } from '#platform/secret'
import { fault } from './faults.ts'
import { insertKey, keysOfIssuer, retireKey, type KeyRecord } from './store.ts'

export interface SigningKey {
  readonly id: string
  readonly publicMultibase: string
  readonly createdAt: Date
  readonly retiredAt: Date | undefined
  readonly compromisedAt: Date | undefined
}

const purpose = 'signing key'

/** Gives an issuer its first key, and does nothing when it has had one: a lost key is never replaced silently. */
export async function establishKey(tx: Tx, secrets: Secrets, issuerId: string): Promise<void> {
  if ((await keysOfIssuer(tx, issuerId)).length === 0) await makeKey(tx, secrets, issuerId)
}

/** Puts a new key to use; the old public key stays in the issuer's DID document. */
export async function rotateKey(tx: Tx, secrets: Secrets, issuerId: string): Promise<SigningKey> {
  await retireKey(tx, issuerId)
  return await makeKey(tx, secrets, issuerId)
}

export async function keysOf(tx: Tx, issuerId: string): Promise<readonly SigningKey[]> {
  return (await keysOfIssuer(tx, issuerId)).map(shownKey)
}

/** The key to sign with, opened, and known to belong to the public key on record. @throws Fault `credential.no_key`, `credential.key_differs`, `secret.not_ours` */
export async function openKey(tx: Tx, secrets: Secrets, issuer: { readonly id: string; readonly name: string }): Promise<{ readonly id: string; readonly pair: KeyPair }> {
  const record = (await keysOfIssuer(tx, issuer.id)).find((key) => key.retiredAt === undefined)
  if (!record) throw fault.no_key({ issuer: issuer.name })
  return open(record, secrets, issuer.name)
}

export async function openKeyById(tx: Tx, secrets: Secrets, issuer: { readonly id: string; readonly name: string }, keyId: string): Promise<{ readonly id: string; readonly pair: KeyPair }> {
  const record = (await keysOfIssuer(tx, issuer.id)).find((key) => key.id === keyId)
  if (!record) throw fault.no_key({ issuer: issuer.name })
  return open(record, secrets, issuer.name)
}

function open(record: KeyRecord, secrets: Secrets, issuer: string): { readonly id: string; readonly pair: KeyPair } {
  const pair = keyPairFromSeed(secrets.open(`${purpose} ${record.id}`, record.sealedSeed))
  if (encodeMultikey(pair.publicKey) !== record.publicMultibase) throw fault.key_differs({ issuer })
  return { id: record.id, pair }
}

async function makeKey(tx: Tx, secrets: Secrets, issuerId: string): Promise<SigningKey> {
  const seed = tx.ids.bytes(32)
  const id = tx.ids.uuid(tx.now)
  const record: KeyRecord = {
    id,
    issuerId,
    publicMultibase: encodeMultikey(keyPairFromSeed(seed).publicKey),
    sealedSeed: secrets.seal(`${purpose} ${id}`, seed),
    createdAt: tx.now,
    retiredAt: undefined,
    compromisedAt: undefined,
  }
  await insertKey(tx, record)
  return shownKey(record)
}

/** What may be shown of a key: never its seed. */
export const shownKey = (record: Omit<KeyRecord, 'sealedSeed' | 'issuerId'>): SigningKey =>
  Object.freeze({ id: record.id, publicMultibase: record.publicMultibase, createdAt: record.createdAt, retiredAt: record.retiredAt, compromisedAt: record.compromisedAt })
