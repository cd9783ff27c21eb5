/**
 * Whether a message goes out now: the rules, from facts that were read in the same transaction, right before it is handed over.
 *
 * A ghost is decided on by the same rules, so that both arms are exposed alike.
 */
import { instantAt, addDays, isSameDay, wallTime } from './local-time.ts'
import { hoursWithin, isOpen, nextOpening, tomorrow, waking, type Hours } from './hours.ts'
import type { MoveReason, SkipReason } from './nudge.ts'
import { cap, type Step } from './workflow.ts'

export interface Situation {
  readonly now: Date
  readonly step: Step
  readonly runActive: boolean
  /** Undefined: at a visit. */
  readonly dueAt: Date | undefined
  readonly zone: string
  /** What the learner chose for reminders. */
  readonly waking?: Hours | undefined
  readonly erased: boolean
  readonly revoked: boolean
  /** The credential does not hold, but may again: what is due waits. */
  readonly suspended: boolean
  readonly consents: { readonly credential: boolean; readonly nudge: boolean }
  readonly suppressed: boolean
  readonly hasAddress: boolean
  /** When nudges of the learner were sent or shown lately, over all credentials; ghosts for a ghost. */
  readonly nudgedAt: readonly Date[]
}

export type Decision =
  | { readonly do: 'go' }
  | { readonly do: 'skip'; readonly because: SkipReason }
  | { readonly do: 'move'; readonly to: Date; readonly because: MoveReason }
  /** At this visit nothing is shown; perhaps at another. */
  | { readonly do: 'wait' }

const go: Decision = Object.freeze({ do: 'go' })
const wait: Decision = Object.freeze({ do: 'wait' })
const skip = (because: SkipReason): Decision => Object.freeze({ do: 'skip', because })
const msPerHour = 3_600_000

export function decide(situation: Situation): Decision {
  const { step, now, zone } = situation
  if (situation.erased) return skip('erased')
  if (situation.revoked) return skip('revoked')
  if (step.nudge && !situation.runActive) return skip('stopped')
  const hours = hoursWithin(step.due.at === 'day' ? step.due.hours : waking, situation.waking)
  if (situation.suspended) return step.channel === 'e_mail' ? Object.freeze({ do: 'move', to: tomorrow(zone, now, hours), because: 'suspended' }) : wait
  if (!(step.nudge ? situation.consents.nudge : situation.consents.credential)) return skip('no_consent')
  if (step.channel === 'e_mail') {
    if (situation.suppressed) return skip('suppressed')
    if (!situation.hasAddress) return skip('no_address')
    if (step.tooLateAfterHours !== undefined && situation.dueAt !== undefined && now.getTime() - situation.dueAt.getTime() > step.tooLateAfterHours * msPerHour) return skip('too_late')
  }
  if (!step.nudge) return go

  if (step.channel === 'e_mail' && !isOpen(zone, now, hours)) return Object.freeze({ do: 'move', to: nextOpening(zone, now, hours), because: 'hours' })
  const today = wallTime(zone, now)
  if (situation.nudgedAt.some((at) => isSameDay(wallTime(zone, at), today))) {
    return step.channel === 'e_mail' ? Object.freeze({ do: 'move', to: tomorrow(zone, now, hours), because: 'one_a_day' }) : wait
  }
  const since = instantAt(zone, addDays(today, -cap.days))
  if (situation.nudgedAt.filter((at) => at > since).length >= cap.nudges) return step.channel === 'e_mail' ? skip('capped') : wait
  return go
}
