/** When a message may reach a person: hours of their own day. */
import { addDays, instantAt, isZone, wallTime } from './local-time.ts'

/** Minutes of the day, the first included and the last not. */
export interface Hours {
  readonly from: number
  readonly to: number
}

/** Outside the quiet hours, which are 20:00 to 08:00 (research notes on reliability, section 7). */
export const waking: Hours = Object.freeze({ from: 8 * 60, to: 20 * 60 })

export const isOpen = (zone: string, instant: Date, hours: Hours): boolean => {
  const { minute } = wallTime(zone, instant)
  return minute >= hours.from && minute < hours.to
}

/** The moment itself when it is within the hours, else the next one that is. */
export function nextOpening(zone: string, instant: Date, hours: Hours): Date {
  if (isOpen(zone, instant, hours)) return instant
  const wall = wallTime(zone, instant)
  for (let days = wall.minute < hours.from ? 0 : 1; days < 4; days++) {
    const opening = instantAt(zone, addDays({ ...wall, minute: hours.from }, days))
    if (opening >= instant && isOpen(zone, opening, hours)) return opening
  }
  throw new TypeError(`${zone} has no hours from minute ${hours.from} to ${hours.to} within three days of ${instant.toISOString()}`)
}

/** So many days later at this time of the person's day, or when the hours next open after it. */
export function daysLater(zone: string, instant: Date, days: number, hours: Hours): Date {
  return nextOpening(zone, instantAt(zone, addDays(wallTime(zone, instant), days)), hours)
}

/** The first opening of the person's next day. */
export function tomorrow(zone: string, instant: Date, hours: Hours): Date {
  return nextOpening(zone, instantAt(zone, addDays({ ...wallTime(zone, instant), minute: hours.from }, 1)), hours)
}

/** The hours of a step within those that the learner left open; the learner's own where the two do not meet: the wish of whoever is reminded outweighs ours. */
export function hoursWithin(step: Hours, learner: Hours | undefined): Hours {
  if (!learner) return step
  const both = { from: Math.max(step.from, learner.from), to: Math.min(step.to, learner.to) }
  return both.from < both.to ? both : learner
}

export interface PersonalZone {
  readonly zone: string
  readonly of: 'learner' | 'issuer' | 'nobody'
  /** What the learner chose for reminders. */
  readonly waking?: Hours
}

/** The learner's time zone where this machine knows it, else the issuer's, else UTC; and whose it is, which is kept with the message. */
export function zoneOf(learner: { readonly timeZone: string; readonly waking?: Hours }, issuer: { readonly timeZone: string } | undefined): PersonalZone {
  const waking = learner.waking === undefined ? {} : { waking: learner.waking }
  if (isZone(learner.timeZone)) return Object.freeze({ zone: learner.timeZone, of: 'learner', ...waking })
  if (issuer && isZone(issuer.timeZone)) return Object.freeze({ zone: issuer.timeZone, of: 'issuer', ...waking })
  return Object.freeze({ zone: 'UTC', of: 'nobody', ...waking })
}
