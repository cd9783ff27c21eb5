/** Somebody had credentials verified. Those of this site are looks of a kind of their own; nothing of a document is kept, ours or another's. */
import { credentialByPublicId, ownIssuer } from '#journey/credential'
import { hitOf, recordHits } from '#journey/view'
import type { RequestFacts, Who } from '#interfaces/http'
import type { World } from '#platform/world'

/** What a report says of a credential that is proved. */
export interface Verified {
  readonly credentialId?: string
  readonly issuerId: string
}

/**
 * Counts them, each once however often it is in a list. Anybody may sign a document under the id of another: one is ours when the issuer that signed it
 * is the one that issued it here.
 *
 * @returns the public ids of those that are
 */
export async function noteVerifications(world: World, who: Who, request: RequestFacts, verified: readonly Verified[]): Promise<ReadonlySet<string>> {
  const site = `${world.config.publicUrl}/c/`
  const claimed = new Map(verified.flatMap((one) => (one.credentialId?.startsWith(site) === true ? [[one.credentialId.slice(site.length), one.issuerId] as const] : [])))
  if (claimed.size === 0) return new Set()
  return await world.db.transaction(async (tx) => {
    const ours = []
    for (const [publicId, issuerId] of claimed) {
      const credential = await credentialByPublicId(tx, publicId)
      if (credential && !credential.withdrawnAt && (await ownIssuer(tx, world.config, issuerId)) === credential.issuerId) ours.push(credential)
    }
    await recordHits(
      tx,
      ours.map((one) =>
        hitOf(world.secrets, { credentialId: one.id, kind: 'verification', at: request.at, method: request.method, address: request.address, userAgent: request.userAgent, owner: who.learners.some((learner) => learner.id === one.learnerId) }),
      ),
    )
    return new Set(ours.map((one) => one.publicId))
  })
}
