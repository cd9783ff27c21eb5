import type { Tx } from '#platform/db'
import { follow, type Outcome } from './follow.ts'
import { atVisit, holdRunsOf, settle } from './store.ts'
import { decideOn } from './situation.ts'
import type { StepName } from './workflow.ts'

export interface Visit {
  readonly learnerId: string
  /** The credential whose page is open; without it, whichever credential is the first in line. */
  readonly credentialId?: string | undefined
}

/** A prompt to show in the page that is being made. */
export interface Prompt {
  readonly learnerId: string
  readonly credentialId: string
  readonly messageId: string
  readonly step: StepName
  /** For the buttons' address. */
  readonly token: string
}

/**
 * Learners are here: the prompts to show them, one at most each, written down as shown. For a ghost the same is written and nothing is
 * returned. The second prompt comes at a visit on a later day of the learner's, and only if the first was not followed or refused.
 *
 * Answers in the order of the visits; a learner without a prompt is left out.
 */
export async function promptAtVisit(tx: Tx, visits: readonly Visit[]): Promise<readonly Prompt[]> {
  const first = new Map(visits.toReversed().map((visit) => [visit.learnerId, visit]))
  const learnerIds = [...first.keys()]
  const inLine = async () => (await atVisit(tx, learnerIds)).filter((one) => (first.get(one.learnerId)?.credentialId ?? one.credentialId) === one.credentialId)
  if ((await inLine()).length === 0) return Object.freeze([]) // most visits: nothing to hold
  await holdRunsOf(tx, { learnerIds })
  const waiting = await inLine()

  const outcomes: Outcome[] = []
  const shown = new Map<string, Prompt>()
  const prompted = new Set<string>()
  for (const { message, decision } of await decideOn(tx, waiting)) {
    if (decision.do === 'skip') outcomes.push({ message, state: 'skipped', reason: decision.because })
    if (decision.do !== 'go' || prompted.has(message.learnerId)) continue
    prompted.add(message.learnerId)
    outcomes.push({ message, state: 'shown', at: tx.now })
    if (!message.ghost) shown.set(message.learnerId, Object.freeze({ learnerId: message.learnerId, credentialId: message.credentialId, messageId: message.id, step: message.step, token: message.token }))
  }
  await settle(tx, 'planned', outcomes.map((one) => ({ id: one.message.id, state: one.state, reason: one.reason, at: one.at })))
  await follow(tx, outcomes)
  return Object.freeze(learnerIds.toReversed().flatMap((id) => shown.get(id) ?? []))
}
