import type { Tx } from '#platform/db'
import { endRuns, holdRunsOf, skipPlanned } from './store.ts'

/** What ends a run before its last step. */
export type StopReason = 'shared' | 'clicked' | 'declined' | 'unsubscribed' | 'revoked' | 'erased'

/** These end the mails about a credential altogether; the others end the nudges, and news of the credential itself still arrives. */
const endsEverything: readonly StopReason[] = ['unsubscribed', 'revoked', 'erased']

/** Stops the runs of learners, or of credentials. What is being handed over at this moment was decided before; nothing is decided after. */
export async function stopRuns(tx: Tx, which: { readonly learnerIds: readonly string[] } | { readonly credentialIds: readonly string[] }, because: StopReason): Promise<void> {
  const runs = (await holdRunsOf(tx, which)).map((runId) => ({ runId, because }))
  if (runs.length === 0) return
  await endRuns(tx, runs)
  await skipPlanned(tx, runs, endsEverything.includes(because))
}

/** The learner shared something, or is about to: nothing that is under way asks for it any more. */
export async function stopNudges(tx: Tx, shared: { readonly learnerIds: readonly string[] }): Promise<void> {
  await stopRuns(tx, { learnerIds: shared.learnerIds }, 'shared')
}

/** The credentials no longer hold: nobody is written to about them. */
export async function stopNudgesOfCredentials(tx: Tx, revoked: { readonly credentialIds: readonly string[] }): Promise<void> {
  await stopRuns(tx, { credentialIds: revoked.credentialIds }, 'revoked')
}
