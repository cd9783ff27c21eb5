import { forgetLetters } from '#platform/mail'
import type { Tx } from '#platform/db'
import { stopRuns } from './stop.ts'
import { blankMessages, insertSuppressions, messagesOfLearners } from './store.ts'

/**
 * Learners asked to be forgotten: nothing more is sent, links in what was sent lead nowhere, letters in the development mailbox are removed.
 * That a step was reached, and when, stays for the counts; it names nobody.
 */
export async function eraseNudges(tx: Tx, erased: { readonly learnerIds: readonly string[] }): Promise<void> {
  await stopRuns(tx, { learnerIds: erased.learnerIds }, 'erased')
  await insertSuppressions(tx, erased.learnerIds.map((learnerId) => ({ learnerId, reason: 'erased' as const })))
  await forgetLetters(tx, (await messagesOfLearners(tx, erased.learnerIds)).map((one) => one.id))
  await blankMessages(tx, erased.learnerIds)
}
