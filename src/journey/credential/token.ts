import { encodeMultikey, issueToken, type JsonObject } from '#kernel/proof'
import { issuerById } from '#journey/party'
import type { World } from '#platform/world'
import type { Credential } from './credential.ts'
import { fault } from './faults.ts'
import { issuerMethod } from './issuer-did.ts'
import { openKeyById } from './key.ts'
import { keysOfIssuer } from './store.ts'

type Needs = Pick<World, 'db' | 'secrets' | 'config'>

/**
 * A credential that is in force as a token (Open Badges 3.0 §8.2, EdDSA), for wallets that take no other form: the claims are the signed document without its proof. It is
 * signed with the key in use where the issuer is found by its name (did:web), else (did:key, where key and issuer are one) with the key that signed the document.
 *
 * @throws Fault `credential.not_in_force`; `credential.no_key` where the key of a did:key has been compromised since
 */
export async function credentialToken(needs: Needs, credential: Credential): Promise<string> {
  if (credential.signed === undefined || credential.revokedAt || credential.suspendedAt) throw fault.not_in_force()
  const document = JSON.parse(credential.signed) as JsonObject // our own, byte for byte as it was signed
  const { issuer, key } = await needs.db.read(async (tx) => {
    const issuer = await issuerById(tx, credential.issuerId)
    if (!issuer) throw fault.unknown()
    const did = (publicMultibase: string): string => issuerMethod(needs.config, issuer, publicMultibase).did
    const fit = (await keysOfIssuer(tx, issuer.id)).filter((one) => one.compromisedAt === undefined && did(one.publicMultibase) === issuerIn(document))
    const chosen = fit.find((one) => one.retiredAt === undefined) ?? fit.at(-1)
    if (!chosen) throw fault.no_key({ issuer: issuer.name })
    return { issuer, key: await openKeyById(tx, needs.secrets, issuer, chosen.id) }
  })
  return await issueToken(document, key.pair, { profile: 'ob3-jwt', kid: issuerMethod(needs.config, issuer, encodeMultikey(key.pair.publicKey)).method })
}

function issuerIn(document: JsonObject): unknown {
  const { issuer } = document
  return typeof issuer === 'object' && issuer !== null && !Array.isArray(issuer) ? (issuer as JsonObject)['id'] : issuer
}
