import { credentialsOfLearners } from '#journey/credential'
import type { Tx } from '#platform/db'
import { deleteCounters, deleteHits } from './store.ts'

/** Learners asked to be forgotten: the raw hits on their pages are removed; how often each was seen, by day, stays for the counts. */
export async function eraseViews(tx: Tx, erased: { readonly learnerIds: readonly string[] }): Promise<void> {
  await deleteHits(tx, (await credentialsOfLearners(tx, erased.learnerIds)).map((one) => one.id))
}

/** Removes the views of credentials that are themselves removed: the demonstration's. */
export async function removeViews(tx: Tx, credentialIds: readonly string[]): Promise<void> {
  await deleteHits(tx, credentialIds)
  await deleteCounters(tx, credentialIds)
}
