import type { Tx } from '#platform/db'
import { partyErased } from './events.ts'
import { blankLearners } from './store.ts'

/**
 * Forgets learners: name, mail address and everything else that says who they are. Their rows stay, empty, so that counts and proofs hold;
 * the other rooms hear of it and remove what is theirs.
 */
export async function eraseLearners(tx: Tx, learnerIds: readonly string[]): Promise<void> {
  await blankLearners(tx, learnerIds)
  await tx.announce(partyErased({ learnerIds }))
}
