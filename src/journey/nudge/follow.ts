import { issuerById, learnersById } from '#journey/party'
import type { Tx } from '#platform/db'
import { messageOf } from './begin.ts'
import { zoneOf } from './hours.ts'
import type { MessageState, PlannedMessage } from './nudge.ts'
import { endFinishedRuns, endRuns, holdRuns, insertMessages, skipPlanned } from './store.ts'
import { workflowNamed } from './workflow.ts'

export interface Outcome {
  readonly message: PlannedMessage
  readonly state: MessageState
  readonly reason?: string | undefined
  /** When it reached the learner, or may have. */
  readonly at?: Date | undefined
}

/** States in which a message reached the learner, or may have. */
const reached: readonly MessageState[] = ['sent', 'shown', 'unknown']

/**
 * What follows a message that has come to its end: the step after it, counted from when it reached the learner; the end of the run where a
 * nudge could not reach the learner; or the end where nothing is left. The caller holds the runs.
 */
export async function follow(tx: Tx, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return
  const runIds = [...new Set(outcomes.map((one) => one.message.runId))]
  const active = await holdRuns(tx, runIds)
  const alive = outcomes.filter((one) => active.has(one.message.runId))
  const ended = alive.filter((one) => one.message.nudge && !reached.includes(one.state)).map((one) => ({ runId: one.message.runId, because: one.state === 'failed' ? 'undeliverable' : (one.reason ?? one.state) }))
  if (ended.length > 0) {
    await endRuns(tx, ended)
    await skipPlanned(tx, ended, false)
  }
  const next = alive.flatMap((outcome) => {
    const steps = reached.includes(outcome.state) ? (workflowNamed(outcome.message.workflow)?.steps ?? []) : []
    return steps.filter((step) => step.after === outcome.message.step).map((step) => ({ step, outcome }))
  })
  if (next.length > 0) {
    const learners = await learnersById(tx, [...new Set(next.map((one) => one.outcome.message.learnerId))])
    const issuers = new Map<string, Awaited<ReturnType<typeof issuerById>>>()
    for (const id of new Set(next.map((one) => one.outcome.message.issuerId))) issuers.set(id, await issuerById(tx, id))
    await insertMessages(
      tx,
      next.map(({ step, outcome: { message, at } }) => {
        const zone = zoneOf(learners.get(message.learnerId) ?? { timeZone: '' }, issuers.get(message.issuerId))
        return messageOf(tx, step, { id: message.runId, learnerId: message.learnerId, credentialId: message.credentialId, ghost: message.ghost }, at ?? tx.now, zone)
      }),
    )
  }
  await endFinishedRuns(tx, runIds)
}
