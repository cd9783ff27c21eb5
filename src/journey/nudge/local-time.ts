/**
 * What time it is for a person somewhere, and when it is that time there.
 *
 * The rules are the IANA time zone database's, by Intl. Nothing here takes a day for 24 hours: days are counted on the calendar, and a wall
 * time that a zone skips or has twice is resolved as RFC 5545 (3.3.5) and Temporal's "compatible" do: skipped means as much later, twice
 * means the first.
 */

/** A wall clock: a date of the Gregorian calendar, and minutes since its midnight as the clock on the wall counts them. */
export interface WallTime {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  /** 0 to 1439. */
  readonly minute: number
}

const clocks = new Map<string, Intl.DateTimeFormat | undefined>()

function clockOf(zone: string): Intl.DateTimeFormat | undefined {
  if (clocks.has(zone)) return clocks.get(zone)
  let clock: Intl.DateTimeFormat | undefined
  try {
    clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' })
  } catch {
    clock = undefined // a RangeError: no such zone
  }
  if (clocks.size < 2_000) clocks.set(zone, clock) // the database has some 600 names; what people type has no end
  return clock
}

/** Whether this machine knows the zone. */
export const isZone = (zone: string): boolean => zone !== '' && clockOf(zone) !== undefined

/** The wall clock in a zone. @throws TypeError for a zone that this machine does not know */
export function wallTime(zone: string, instant: Date): WallTime {
  const clock = clockOf(zone)
  if (!clock) throw new TypeError(`“${zone}” is not a time zone`)
  const fields: Record<string, number> = {}
  for (const part of clock.formatToParts(instant)) if (part.type !== 'literal') fields[part.type] = Number(part.value)
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = fields
  return Object.freeze({ year, month, day, minute: hour * 60 + minute })
}

/** The moment at which the wall clock in a zone shows a time. */
export function instantAt(zone: string, wall: WallTime): Date {
  const asIfUtc = utc(wall)
  // The offset of the zone on either side: no zone has changed its clocks twice within two days.
  const before = offsetAt(zone, asIfUtc - probe)
  const after = offsetAt(zone, asIfUtc + probe)
  const fitting = [before, after].filter((offset) => offsetAt(zone, asIfUtc - offset) === offset).map((offset) => asIfUtc - offset)
  return new Date(fitting.length === 0 ? asIfUtc - before : Math.min(...fitting))
}

/** The same wall time so many days later on the calendar. */
export function addDays(wall: WallTime, days: number): WallTime {
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days))
  return Object.freeze({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), minute: wall.minute })
}

export const isSameDay = (a: WallTime, b: WallTime): boolean => a.year === b.year && a.month === b.month && a.day === b.day

const msPerMinute = 60_000
/** Far enough from any change of the clocks, which move by at most a day (Apia left out 30 December 2011). */
const probe = 24 * 60 * msPerMinute
const utc = (wall: WallTime) => Date.UTC(wall.year, wall.month - 1, wall.day, 0, wall.minute)
const offsetAt = (zone: string, ms: number) => utc(wallTime(zone, new Date(ms))) - Math.floor(ms / msPerMinute) * msPerMinute
