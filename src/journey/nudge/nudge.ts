/** A run of a workflow, its messages, and what can become of one. */
import type { Channel, StepName } from './workflow.ts'

/** Why a message was not sent. Skips are kept: they are non-compliance, and the estimate of sharing's effect is about them. */
export const skipReasons = [
  'shared', // the learner shared
  'clicked', // the learner followed the first prompt
  'declined', // the learner said no
  'unsubscribed', // the learner wants no more mail
  'no_consent', // the learner does not agree to this kind of message, or not any more
  'suppressed', // no mail goes to this learner: unsubscribed, bounced or complained before
  'no_address', // the provider gave no mail address
  'revoked', // the credential no longer holds
  'erased', // the learner asked to be forgotten
  'capped', // two nudges in fourteen days
  'too_late', // by our own fault
  'stopped', // the run had ended
] as const
export type SkipReason = (typeof skipReasons)[number]

/** Why a mail goes out later than its workflow says. */
export type MoveReason =
  | 'hours' // outside the hours in which people are reminded
  | 'one_a_day' // another nudge came that day
  | 'suspended' // the credential does not hold at present

export type MessageState = 'planned' | 'sending' | 'sent' | 'shown' | 'skipped' | 'unknown' | 'failed'

export interface Run {
  readonly id: string
  readonly credentialId: string
  readonly learnerId: string
  readonly issuerId: string
  readonly experimentId: string | undefined
  readonly arm: string | undefined
  readonly workflow: string
  readonly ghost: boolean
  readonly state: 'active' | 'stopped' | 'done'
  readonly stoppedBecause: string | undefined
  readonly createdAt: Date
  readonly endedAt: Date | undefined
}

export interface Message {
  readonly id: string
  readonly runId: string
  readonly learnerId: string
  readonly credentialId: string
  readonly step: StepName
  readonly channel: Channel
  readonly nudge: boolean
  readonly ghost: boolean
  readonly state: MessageState
  readonly reason: string | undefined
  /** By the workflow alone, before quiet hours and caps. */
  readonly firstDueAt: Date | undefined
  /** Undefined: at the learner's next visit. */
  readonly dueAt: Date | undefined
  readonly movedBecause: MoveReason | undefined
  readonly timeZone: string | undefined
  readonly timeZoneOf: 'learner' | 'issuer' | 'nobody' | undefined
  readonly tries: number
  readonly claimedAt: Date | undefined
  /** When it was sent or shown, or would have been. */
  readonly at: Date | undefined
  readonly clickedAt: Date | undefined
  readonly dismissedAt: Date | undefined
  readonly declinedAt: Date | undefined
  readonly token: string
}

/** A message that is yet to be decided on, with what its run says. */
export interface PlannedMessage extends Message {
  readonly issuerId: string
  readonly workflow: string
  readonly runActive: boolean
}
