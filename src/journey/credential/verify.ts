import { isObject, type JsonObject } from '#kernel/openbadge'
import { didWebAddress } from '#kernel/proof'
import { verifyCredential, type Report } from '#kernel/verify'
import { issuerById } from '#journey/party'
import type { World } from '#platform/world'
import { ownDidDocument, ownIssuer } from './issuer-did.ts'
import { ownStatusList } from './status-list.ts'
import { compromiseOf } from './store.ts'

/** Asks an outside address for what a credential points at; undefined where it gave no answer. Left out: the network is not asked. */
export type Ask = (address: string) => Promise<Uint8Array | undefined>

/**
 * Verifies a credential of any issuer in any form. What belongs to this installation (its issuers' keys, its status lists) is read from the
 * database; everything else through `ask`. The issuers of this installation are the registry that its own pages trust.
 */
export async function verifyHere(needs: Pick<World, 'db' | 'secrets' | 'config' | 'clock'>, input: Uint8Array | string, options: { readonly ask?: Ask } = {}): Promise<Report> {
  const { ask } = options
  return await verifyCredential(input, {
    now: needs.clock.now().getTime(),
    async resolveDid(id) {
      const own = id.startsWith('did:web:') ? await ownDidDocument(needs, id) : undefined
      return own ? (own as JsonObject) : ask && jsonOf(await ask(didWebAddress(id) ?? id))
    },
    async withdrawnKey(method) {
      const at = await needs.db.read((tx) => compromiseOf(tx, method.slice(method.indexOf('#') + 1)))
      return at?.toISOString()
    },
    async fetchStatusList(address) {
      return (await ownStatusList(needs, address)) ?? (await ask?.(address))
    },
    ...(ask ? { fetchRefresh: ask } : {}),
    async trustedIssuers(issuerId) {
      return await needs.db.read(async (tx) => {
        const own = await ownIssuer(tx, needs.config, issuerId)
        const issuer = own === undefined ? undefined : await issuerById(tx, own)
        return issuer && { registry: new URL(needs.config.publicUrl).host, name: issuer.name }
      })
    },
  })
}

function jsonOf(bytes: Uint8Array | undefined): JsonObject | undefined {
  if (!bytes) return undefined
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}
