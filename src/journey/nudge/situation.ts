import { credentialsOfLearners, type Credential } from '#journey/credential'
import { consentsOf, issuerById, learnersById, type Consents, type Issuer, type Learner } from '#journey/party'
import type { Tx } from '#platform/db'
import { decide, type Decision } from './decide.ts'
import { zoneOf, type PersonalZone } from './hours.ts'
import type { PlannedMessage } from './nudge.ts'
import { recentNudges, suppressionsOf } from './store.ts'
import { cap, workflowNamed, type Step } from './workflow.ts'

export interface Decided {
  readonly message: PlannedMessage
  readonly step: Step
  readonly decision: Decision
  readonly zone: PersonalZone
  readonly learner: Learner | undefined
  readonly credential: Credential | undefined
  readonly issuer: Issuer | undefined
}

/** More than the cap's days by any clock, so that no nudge that counts is left out. */
const msLookedBack = (cap.days + 2) * 24 * 3_600_000

/**
 * Decides on messages in their order, each with those before it: a second nudge to one learner in the same batch finds the first.
 * The caller holds the runs of all their learners.
 */
export async function decideOn(tx: Tx, messages: readonly PlannedMessage[]): Promise<readonly Decided[]> {
  const learnerIds = [...new Set(messages.map((one) => one.learnerId))]
  const learners = await learnersById(tx, learnerIds)
  const consents = await consentsOf(tx, learnerIds)
  const suppressions = await suppressionsOf(tx, learnerIds)
  const credentials = new Map((await credentialsOfLearners(tx, learnerIds)).map((one) => [one.id, one]))
  const issuers = new Map<string, Issuer | undefined>()
  for (const id of new Set(messages.map((one) => one.issuerId))) issuers.set(id, await issuerById(tx, id))
  const nudged = new Map<string, Date[]>()
  const nudgedOf = (message: PlannedMessage) => {
    const key = `${message.learnerId} ${message.ghost}`
    const times = nudged.get(key) ?? []
    nudged.set(key, times)
    return times
  }
  for (const one of await recentNudges(tx, learnerIds, new Date(tx.now.getTime() - msLookedBack))) {
    const key = `${one.learnerId} ${one.ghost}`
    nudged.set(key, [...(nudged.get(key) ?? []), one.at])
  }

  return messages.map((message) => {
    const learner = learners.get(message.learnerId)
    const credential = credentials.get(message.credentialId)
    const issuer = issuers.get(message.issuerId)
    const step = workflowNamed(message.workflow)?.steps.find((one) => one.name === message.step)
    if (!step) throw new TypeError(`message ${message.id} is of step ${message.step}, which ${message.workflow} does not have`)
    const zone = zoneOf(learner ?? { timeZone: '' }, issuer)
    const times = nudgedOf(message)
    const suppression = suppressions.get(message.learnerId)
    const decision = decide({
      now: tx.now,
      step,
      runActive: message.runActive,
      dueAt: message.dueAt,
      zone: zone.zone,
      waking: zone.waking,
      erased: !learner || learner.erasedAt !== undefined || !credential || credential.withdrawnAt !== undefined || suppression === 'erased',
      revoked: credential?.revokedAt !== undefined,
      suspended: credential?.suspendedAt !== undefined,
      consents: consents.get(message.learnerId) ?? silence,
      suppressed: suppression !== undefined,
      hasAddress: learner?.email !== undefined && learner.email !== '',
      nudgedAt: times,
    })
    if (decision.do === 'go' && step.nudge) times.push(tx.now)
    return Object.freeze({ message, step, decision, zone, learner, credential, issuer })
  })
}

const silence: Consents = Object.freeze({ credential: false, nudge: false, research: false, outcome: false })
