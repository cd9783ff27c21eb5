import type { Tx } from '#platform/db'
import { blankTokens, deleteCards, deleteCardsOf, deletePlacements } from './store.ts'

/** Learners asked to be forgotten: what stands in their posts no longer leads to a row about them. That a share was made stays for the counts. */
export async function erasePlacements(tx: Tx, erased: { readonly learnerIds: readonly string[] }): Promise<void> {
  await blankTokens(tx, erased.learnerIds)
  await deleteCardsOf(tx, erased.learnerIds)
}

/** Removes the placements of credentials that are themselves removed: the demonstration's. */
export async function removePlacements(tx: Tx, credentialIds: readonly string[]): Promise<void> {
  await deletePlacements(tx, credentialIds)
  await deleteCards(tx, credentialIds)
}
