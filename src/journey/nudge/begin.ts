/** The messages that steps begin with: which, when, and by whose clock. */
import type { Tx } from '#platform/db'
import { addDays, instantAt, wallTime } from './local-time.ts'
import { daysLater, hoursWithin, type PersonalZone } from './hours.ts'
import type { NewMessage } from './store.ts'
import type { Step } from './workflow.ts'

/** The message of a step that begins at `from`: for a mail the time it is due, moved into the hours of the learner's own day. */
export function messageOf(tx: Tx, step: Step, run: { readonly id: string; readonly learnerId: string; readonly credentialId: string; readonly ghost: boolean }, from: Date, zone: PersonalZone): NewMessage {
  return {
    id: tx.ids.uuid(tx.now),
    runId: run.id,
    learnerId: run.learnerId,
    credentialId: run.credentialId,
    step: step.name,
    channel: step.channel,
    nudge: step.nudge,
    ghost: run.ghost && step.nudge, // the award mail is the same in both arms
    ...dueOf(step, from, zone),
    timeZone: zone.zone,
    timeZoneOf: zone.of,
    token: tx.ids.token(),
  }
}

function dueOf(step: Step, from: Date, { zone, waking }: PersonalZone): Pick<NewMessage, 'firstDueAt' | 'dueAt' | 'movedBecause'> {
  if (step.due.at === 'visit') return { firstDueAt: undefined, dueAt: undefined, movedBecause: undefined }
  if (step.due.at === 'once') return { firstDueAt: from, dueAt: from, movedBecause: undefined }
  const { days } = step.due
  const hours = hoursWithin(step.due.hours, waking)
  const firstDueAt = instantAt(zone, addDays(wallTime(zone, from), days))
  const dueAt = daysLater(zone, from, days, hours)
  return { firstDueAt, dueAt, movedBecause: dueAt.getTime() === firstDueAt.getTime() ? undefined : 'hours' }
}
