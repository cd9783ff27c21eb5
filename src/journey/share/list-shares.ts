import { credentialsOfLearners } from '#journey/credential'
import type { Tx } from '#platform/db'
import { confirmShares } from './confirm.ts'
import type { Placement } from './placement.ts'
import type { ListedCertificate } from './read-certifications.ts'
import { shortToken } from './short-token.ts'
import { insertPlacements, placementsAt } from './store.ts'

const target = 'linkedin_profile'

/**
 * Keeps which credentials of these learners their profile lists, by its own export: the strongest evidence there is of a share, and the
 * published study's outcome (Athey and Palikot 2024, section 3). A line is one of theirs when its number is the credential's, or its address
 * is that of its page here. Who never went there by our link gets a placement that was confirmed and not clicked; nothing becomes more
 * visible by it. Gives the credentials' public ids.
 */
export async function listShares(tx: Tx, order: { readonly learnerIds: readonly string[]; readonly listed: readonly ListedCertificate[]; readonly publicUrl: string }): Promise<readonly string[]> {
  const ids = new Set(order.listed.flatMap((one) => [one.id, idAt(one.address, order.publicUrl)]))
  const found = (await credentialsOfLearners(tx, order.learnerIds)).filter((one) => one.signedAt && !one.withdrawnAt && ids.has(one.publicId))
  if (found.length === 0) return Object.freeze([])
  await insertPlacements(
    tx,
    found.map((one): Placement => ({ id: tx.ids.uuid(tx.now), credentialId: one.id, learnerId: one.learnerId, target, token: shortToken(tx), promptedBy: undefined, instance: undefined, clickedAt: undefined, confirmedAt: undefined, confirmedBy: undefined, seenAt: undefined })),
  )
  const placements = await placementsAt(tx, found.map((one) => ({ credentialId: one.id, target })))
  await confirmShares(tx, placements.map((one) => ({ placementId: one.id, by: 'profile_export' as const })))
  return Object.freeze(found.map((one) => one.publicId))
}

/** The public id in the address of a page of ours, with whatever was appended to it on the way; undefined for any other text. */
function idAt(address: string, publicUrl: string): string | undefined {
  const url = URL.parse(address)
  return url === null || url.host !== new URL(publicUrl).host ? undefined : /^\/c\/([A-Za-z0-9_-]{22})(?:[./]|$)/.exec(url.pathname)?.[1]
}
