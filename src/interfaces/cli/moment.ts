import type { Call } from './command.ts'
import { fault } from './faults.ts'

/** The moment that an option names: a day (its beginning in UTC), or a time with its zone. @throws Fault `cli.bad_number` */
export function momentFrom(call: Call, option: string): Date | undefined {
  const given = call.text(option)
  if (given === undefined) return undefined
  const date = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(given) ? new Date(given) : undefined
  // Date takes the 30th of February for the 2nd of March.
  const day = new Date(`${given.slice(0, 10)}T00:00:00Z`)
  if (date === undefined || Number.isNaN(date.getTime()) || day.toISOString().slice(0, 10) !== given.slice(0, 10)) throw fault.bad_number({ option, given, wanted: 'a date like 2026-11-05, or a moment with its time zone' })
  return date
}
