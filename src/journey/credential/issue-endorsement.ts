import { buildEndorsementCredential, contextFor, isUrl, type JsonObject } from '#kernel/openbadge'
import { addProof, encodeMultikey } from '#kernel/proof'
import type { Issuer } from '#journey/party'
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import { fault } from './faults.ts'
import { issuerProfile, refuseUnfit, toSecond } from './issue.ts'
import { issuerMethod } from './issuer-did.ts'
import { openKey } from './key.ts'

export interface EndorsementOrder {
  /** The address or DID of what is endorsed: a profile, an achievement, a credential. */
  readonly endorsed: string
  /** Markdown. */
  readonly comment: string
  readonly name?: string | undefined
  readonly validUntil?: Date | undefined
}

/**
 * An issuer's signed word about somebody or something else (Open Badges 3.0, EndorsementCredential), to stand alone or to be put into what it endorses, as `endorsement` of an
 * achievement or of a row of `issue --batch`. It is handed out and not kept: it has no page and no status, so it ends with its `validUntil` or not at all.
 *
 * @throws Fault `credential.nothing_endorsed`, `credential.not_fit`, and those of `openKey`
 */
export async function issueEndorsement(tx: Tx, needs: Pick<World, 'secrets' | 'config' | 'ids'>, issuer: Issuer, order: EndorsementOrder): Promise<JsonObject> {
  if (!isUrl(order.endorsed)) throw fault.nothing_endorsed({ given: order.endorsed.slice(0, 200) })
  const { pair } = await openKey(tx, needs.secrets, issuer)
  const document = buildEndorsementCredential({
    id: `urn:uuid:${needs.ids.uuid(tx.now)}`,
    issuer: issuerProfile(needs.config, issuer, pair),
    endorsed: order.endorsed,
    comment: order.comment,
    name: order.name ?? `Endorsement by ${issuer.name}`,
    validFrom: toSecond(tx.now),
    ...(order.validUntil === undefined ? {} : { validUntil: toSecond(order.validUntil) }),
  })
  refuseUnfit(document)
  return await addProof(document, pair, { cryptosuite: 'eddsa-rdfc-2022', verificationMethod: issuerMethod(needs.config, issuer, encodeMultikey(pair.publicKey)).method, created: toSecond(tx.now), asList: true }, contextFor)
}
