/**
 * Whether a credential is in force at a moment.
 */
import { instantOf, type Json, type JsonObject } from '#kernel/openbadge'
import { check } from './reasons.ts'
import type { Check } from './report.ts'

export interface Period {
  readonly from?: number
  readonly until?: number
  readonly readable: boolean
}

/**
 * The period of validity. Both pairs of names are read whatever data model a document claims: the later beginning and the earlier end count, so that
 * nothing is gained by moving a date to the name of another version.
 */
export function periodOf(document: JsonObject): Period {
  const moments = (names: readonly string[]): (number | undefined)[] => names.filter((name) => document[name] !== undefined).map((name) => instant(document[name] as Json))
  const starts = moments(['validFrom', 'issuanceDate'])
  const ends = moments(['validUntil', 'expirationDate'])
  const readable = !starts.includes(undefined) && !ends.includes(undefined)
  const from = starts.length > 0 ? Math.max(...(starts as number[])) : undefined
  const until = ends.length > 0 ? Math.min(...(ends as number[])) : undefined
  return { readable, ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }
}

function instant(value: Json): number | undefined {
  return typeof value === 'string' ? instantOf(value) : undefined
}

function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}

/**
 * In force from `validFrom` to `validUntil`, both included (VC Data Model 2.0 §4.9). The times of a token narrow the period; its end is not included
 * (RFC 7519 §4.1.4).
 */
export function checkDates(document: JsonObject, now: number, token: { readonly from?: number; readonly until?: number } = {}): Check {
  const stated = periodOf(document)
  if (!stated.readable) return check('dates', 'unreadable')
  const from = later(stated.from, token.from)
  const until = token.until === undefined ? stated.until : Math.min(stated.until ?? Number.POSITIVE_INFINITY, token.until - 1)
  if (from !== undefined && now < from) return check('dates', 'not_yet', { date: from })
  if (until !== undefined) return now > until ? check('dates', 'expired', { date: until }) : check('dates', 'in_force_until', { date: until })
  return from === undefined ? check('dates', 'no_dates') : check('dates', 'in_force', { date: from })
}
