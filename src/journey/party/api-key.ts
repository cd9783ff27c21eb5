/**
 * Keys for programs: 256 bits of chance shown once, kept as their SHA-256, bound to one issuer and to scopes.
 *
 * A key needs no slow hash: it is not a password that can be guessed. It is looked up in the request's own transaction, so a key that was
 * revoked is refused at once.
 */
import { createHash } from 'node:crypto'
import type { Tx } from '#platform/db'
import { fault } from './faults.ts'
import { endApiKey, insertApiKey, keyByDigest, keysOfIssuer } from './store.ts'

export const apiScopes = ['completions:write', 'credentials:read', 'credentials:revoke', 'outcomes:write', 'estimates:read'] as const
export type ApiScope = (typeof apiScopes)[number]

export interface ApiKey {
  readonly id: string
  readonly issuerId: string
  readonly name: string
  readonly scopes: readonly ApiScope[]
  readonly createdAt: Date
  readonly revokedAt: Date | undefined
}

/** Makes a key; the text is returned this once. */
export async function createApiKey(tx: Tx, input: { readonly issuerId: string; readonly name: string; readonly scopes: readonly string[] }): Promise<{ readonly key: ApiKey; readonly secret: string }> {
  const scopes = input.scopes.map((scope) => {
    const known = apiScopes.find((one) => one === scope)
    if (!known) throw fault.unknown_scope({ scope, known: apiScopes.join(', ') })
    return known
  })
  const secret = `laurel_${Buffer.from(tx.ids.bytes(32)).toString('base64url')}`
  const key: ApiKey = Object.freeze({ id: tx.ids.uuid(tx.now), issuerId: input.issuerId, name: input.name, scopes: Object.freeze(scopes), createdAt: tx.now, revokedAt: undefined })
  await insertApiKey(tx, key, digest(secret))
  return Object.freeze({ key, secret })
}

/** The key that a text is, if it is one and not revoked. */
export async function checkApiKey(tx: Tx, secret: string): Promise<ApiKey | undefined> {
  return /^laurel_[A-Za-z0-9_-]{43}$/.test(secret) ? await keyByDigest(tx, digest(secret)) : undefined
}

export async function revokeApiKey(tx: Tx, keyId: string): Promise<void> {
  await endApiKey(tx, keyId)
}

export async function apiKeysOf(tx: Tx, issuerId: string): Promise<readonly ApiKey[]> {
  return await keysOfIssuer(tx, issuerId)
}

const digest = (secret: string) => createHash('sha256').update(secret).digest()
