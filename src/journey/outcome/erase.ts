import type { Tx } from '#platform/db'
import { deleteOutcomes } from './store.ts'

/** Removes what was seen of learners who asked to be forgotten. */
export async function eraseOutcomes(tx: Tx, erased: { readonly learnerIds: readonly string[] }): Promise<void> {
  await deleteOutcomes(tx, erased.learnerIds)
}
