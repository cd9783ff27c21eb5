/**
 * Who an issuer is to the outside: did:web under the public address, so that a verifier finds the keys where the issuer's name is; did:key
 * where the public address is no domain (a server on one's own machine), which proves the key and nothing about its owner.
 */
import { decodeMultikey, didDocument, didKey, didWeb } from '#kernel/proof'
import { issuerByHandle, type Issuer } from '#journey/party'
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import { issuerAddress } from './address.ts'
import { issuerOfKey, keysOfIssuer } from './store.ts'

type Site = { readonly publicUrl: string }

const hasDomain = (site: Site) => site.publicUrl.startsWith('https://') && new URL(site.publicUrl).hostname.includes('.')

export function issuerDid(site: Site, issuer: Pick<Issuer, 'handle'>, publicMultibase: string): string {
  return hasDomain(site) ? didWeb(issuerAddress(site, issuer)) : didKey(decodeMultikey(publicMultibase))
}

/** The DID and the name of the key that a proof gives. */
export function issuerMethod(site: Site, issuer: Pick<Issuer, 'handle'>, publicMultibase: string): { readonly did: string; readonly method: string } {
  const did = issuerDid(site, issuer, publicMultibase)
  return { did, method: `${did}#${publicMultibase}` }
}

/** The issuer's DID document, with all keys that it ever had: an old signature is verified with the key of its time. */
export async function issuerDidDocument(tx: Tx, site: Site, issuer: Issuer): Promise<Readonly<Record<string, unknown>> | undefined> {
  const keys = await keysOfIssuer(tx, issuer.id)
  const [first] = keys
  if (!first || !hasDomain(site)) return undefined
  return didDocument(
    issuerDid(site, issuer, first.publicMultibase),
    keys.map((key) => ({ fragment: key.publicMultibase, publicKey: decodeMultikey(key.publicMultibase), ...(key.compromisedAt ? { revoked: key.compromisedAt.toISOString() } : {}) })),
  )
}

/** The document of a DID that is one of this installation's issuers, without asking the network. */
export async function ownDidDocument(needs: Pick<World, 'db' | 'config'>, did: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const handle = did.split(':').at(-1) ?? ''
  return await needs.db.read(async (tx) => {
    const issuer = await issuerByHandle(tx, handle)
    const document = issuer && (await issuerDidDocument(tx, needs.config, issuer))
    return document?.['id'] === did ? document : undefined
  })
}

/** The issuer of this installation that a DID stands for, if it is one: what "trusted" means on its own pages. */
export async function ownIssuer(tx: Tx, site: Site, did: string): Promise<string | undefined> {
  if (did.startsWith('did:key:')) return await issuerOfKey(tx, did.slice('did:key:'.length))
  const issuer = await issuerByHandle(tx, did.split(':').at(-1) ?? '')
  const document = issuer && (await issuerDidDocument(tx, site, issuer))
  return document?.['id'] === did ? issuer?.id : undefined
}
