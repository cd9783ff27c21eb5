import { forgetLetters } from '#platform/mail'
import type { Tx } from '#platform/db'
import { learnersOf } from '#journey/party'
import { deleteNudges, deleteSuppressions, messageIdsOfIssuer } from './store.ts'

/** Removes everything of an issuer whose whole installation is removed: the demonstration. */
export async function removeNudges(tx: Tx, issuerId: string): Promise<void> {
  await forgetLetters(tx, await messageIdsOfIssuer(tx, issuerId))
  await deleteNudges(tx, issuerId)
  for (let after: string | undefined; ; ) {
    const page = (await learnersOf(tx, issuerId, { after, limit: 1_000 })).map((one) => one.id)
    await deleteSuppressions(tx, page)
    after = page.at(-1)
    if (after === undefined) return
  }
}
