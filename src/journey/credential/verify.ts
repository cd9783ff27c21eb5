import { isObject, type JsonObject } from '#kernel/openbadge'
import { didWebAddress } from '#kernel/proof'
import { verifyCredential, type Loaders, type Report, type TrustedIssuer } from '#kernel/verify'
import { issuerById } from '#journey/party'
import type { World } from '#platform/world'
import { ownDidDocument, ownIssuer } from './issuer-did.ts'
import { ownStatusList } from './status-list.ts'
import { compromiseOf } from './store.ts'

/** Asks an outside address for what a credential points at; undefined where it gave no answer. Left out: the network is not asked. */
export type Ask = (address: string) => Promise<Uint8Array | undefined>

type Needs = Pick<World, 'db' | 'secrets' | 'config' | 'clock'>

/**
 * Verifies a credential of this installation, or one that is known to be harmless to read; `verifyStranger` is for all others. What belongs to this installation
 * (its issuers' keys, its status lists) is read from the database; everything else through `ask`.
 */
export async function verifyHere(needs: Needs, input: Uint8Array | string, options: { readonly ask?: Ask } = {}): Promise<Report> {
  return await verifyCredential(input, { ...loadersHere(needs, options.ask), now: needs.clock.now().getTime() })
}

/** What the verifier may ask for. The registries are the issuers of this installation, and those that its operator listed. */
export function loadersHere(needs: Needs, ask: Ask | undefined): Loaders {
  return {
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
      const own = await needs.db.read(async (tx) => {
        const id = await ownIssuer(tx, needs.config, issuerId)
        return id === undefined ? undefined : await issuerById(tx, id)
      })
      if (own) return { registry: new URL(needs.config.publicUrl).host, name: own.name }
      return listedIn(needs.config.registries, issuerId)
    },
  }
}

/** The first of the operator's registries that lists an issuer. */
export function listedIn(registries: World['config']['registries'], issuerId: string): TrustedIssuer | undefined {
  const listing = registries.find((registry) => registry.issuers.has(issuerId))
  const name = listing?.issuers.get(issuerId)
  return listing && { registry: listing.name, ...(name === undefined ? {} : { name }) }
}

export function jsonOf(bytes: Uint8Array | undefined): JsonObject | undefined {
  if (!bytes) return undefined
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}
