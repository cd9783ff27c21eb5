import type { Tx } from '#platform/db'
import { blankCompletions } from './store.ts'

/**
 * Learners asked to be forgotten: the further columns that their provider sent, and what it said of their work, are emptied, whatever they were. That something was completed,
 * and when, stays for the counts; it names nobody.
 */
export async function eraseCompletions(tx: Tx, erased: { readonly learnerIds: readonly string[] }): Promise<void> {
  await blankCompletions(tx, erased.learnerIds)
}
