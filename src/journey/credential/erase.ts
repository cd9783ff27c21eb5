import type { Tx } from '#platform/db'
import { blankReasons, credentialsOfLearners, insertStatusChanges, withdraw } from './store.ts'
import { writeBits } from './write-bits.ts'

/**
 * Takes back the credentials of learners who asked to be forgotten: the documents and the reasons of revocations are removed, and the status says that they no longer hold;
 * that a credential was issued, and when, stays.
 */
export async function eraseCredentials(tx: Tx, erased: { readonly learnerIds: readonly string[] }): Promise<void> {
  const credentials = (await credentialsOfLearners(tx, erased.learnerIds)).filter((one) => !one.withdrawnAt)
  if (credentials.length === 0) return
  const ids = credentials.map((one) => one.id)
  await withdraw(tx, ids)
  await writeBits(tx, credentials, 'revocation', true)
  await blankReasons(tx, ids)
  await insertStatusChanges(tx, ids, 'withdrawn', 'The learner asked to be forgotten.', 'learner')
}
