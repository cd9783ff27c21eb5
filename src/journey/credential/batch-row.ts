/**
 * One credential of a batch, as a line of NDJSON or a row of CSV says it: whom it is for, since when, and what else the achievement's subject holds.
 *
 *     {"learner":{"id":"did:example:1","name":"Ana","email":"ana@example.org"},"completedAt":"2026-03-31T14:00:00Z","validUntil":"2029-03-31T00:00:00Z",
 *      "narrative":"…","evidence":[…],"results":[…],"endorsement":[…]}
 *
 * The parts beyond learner and dates are taken as they are and judged by lint, as every document is before it is signed.
 */
import { instantOf, isObject, isUrl, type AchievementCredentialParts, type JsonObject } from '#kernel/openbadge'

export interface BatchRow {
  readonly id: string | undefined
  readonly learnerId: string | undefined
  readonly name: string | undefined
  readonly email: string | undefined
  /** xsd:dateTimeStamp, to the second. */
  readonly validFrom: string
  readonly validUntil: string | undefined
  readonly more: Partial<AchievementCredentialParts> | undefined
}

interface Wrong {
  readonly column: string
  readonly sentence: string
}

export type BatchRead = { readonly ok: true; readonly row: BatchRow } | { readonly ok: false; readonly wrong: readonly Wrong[] }

/** Names of a line that go into the document as they stand. */
const passedNames = ['narrative', 'evidence', 'results', 'endorsement', 'endorsementJwt', 'activityStartDate', 'activityEndDate', 'awardedDate', 'creditsEarned', 'licenseNumber', 'role', 'term', 'source', 'image', 'description', 'termsOfUse', 'refreshService', 'credentialSchema'] as const satisfies readonly (keyof AchievementCredentialParts)[]
const passed = new Set<string>(passedNames)
const ofLine = new Set<string>(['id', 'learner', 'completedAt', 'validUntil', ...passedNames])
const ofLearner = new Set(['id', 'name', 'email'])
const address = /^[^\s@<>"(),:;\\]+@[^\s@<>"(),:;\\]+\.[^\s@<>"(),:;\\]+$/u
const control = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/u
const longest = 500

/** A line of NDJSON, parsed. */
export function readBatchLine(line: unknown): BatchRead {
  if (!isObject(line)) return { ok: false, wrong: [{ column: '', sentence: 'it is not a JSON object' }] }
  const wrong: Wrong[] = []
  const learner = line['learner']
  const held = isObject(learner) ? learner : nobody
  let more: Record<string, unknown> | undefined
  for (const name in line) {
    if (!ofLine.has(name)) wrong.push({ column: name, sentence: `nothing is called “${name}”` })
    else if (passed.has(name)) (more ??= {})[name] = line[name]
  }
  for (const name in held) if (!ofLearner.has(name)) wrong.push({ column: `learner.${name}`, sentence: `nothing is called “learner.${name}”` })
  // The parts are unknown still; lint reads every one of them in the document before it is signed.
  return readFields(line['id'], held['id'], held['name'], held['email'], line['completedAt'], line['validUntil'], more as Partial<AchievementCredentialParts> | undefined, wrong)
}

const nobody: JsonObject = Object.freeze({})

/** A row of CSV, by its columns. */
export function readBatchFields(given: { readonly id?: string | undefined; readonly learnerId?: string | undefined; readonly name?: string | undefined; readonly email?: string | undefined; readonly completedAt?: string | undefined; readonly validUntil?: string | undefined }): BatchRead {
  return readFields(given.id, given.learnerId, given.name, given.email, given.completedAt, given.validUntil, undefined, [])
}

function readFields(givenId: unknown, givenLearner: unknown, givenName: unknown, givenEmail: unknown, givenFrom: unknown, givenUntil: unknown, more: BatchRow['more'], wrong: Wrong[]): BatchRead {
  const id = url('id', givenId, wrong)
  const learnerId = url('learner.id', givenLearner, wrong)
  const name = text('learner.name', givenName, wrong)
  const email = text('learner.email', givenEmail, wrong)
  const validFrom = moment('completedAt', givenFrom, wrong)
  const validUntil = moment('validUntil', givenUntil, wrong)
  if (email !== undefined && !address.test(email)) wrong.push({ column: 'learner.email', sentence: `“${email.slice(0, 100)}” is not a mail address` })
  if (validFrom === undefined && (givenFrom === undefined || givenFrom === '')) wrong.push({ column: 'completedAt', sentence: 'it is missing' })
  if (learnerId === undefined && name === undefined && email === undefined && wrong.length === 0) wrong.push({ column: 'learner', sentence: 'it says neither id, nor name, nor email' })
  if (validFrom !== undefined && validUntil !== undefined && validUntil < validFrom) wrong.push({ column: 'validUntil', sentence: 'it lies before completedAt' })
  return wrong.length > 0 || validFrom === undefined ? { ok: false, wrong } : { ok: true, row: { id, learnerId, name, email, validFrom, validUntil, more } }
}

function text(column: string, value: unknown, wrong: Wrong[]): string | undefined {
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string') wrong.push({ column, sentence: 'it is not a text' })
  else if (value.length > longest) wrong.push({ column, sentence: `${value.length} characters; ${longest} is the most` })
  else if (control.test(value) || !value.isWellFormed()) wrong.push({ column, sentence: 'there is a control character or half a character in it' })
  else return value
  return undefined
}

function url(column: string, value: unknown, wrong: Wrong[]): string | undefined {
  const held = text(column, value, wrong)
  if (held !== undefined && !isUrl(held)) wrong.push({ column, sentence: `“${held.slice(0, 100)}” is not a DID or another full address` })
  return held
}

/** Moments that were read already: a file has few different ones, and reading one takes a microsecond. */
const moments = new Map<string, string>()

function moment(column: string, value: unknown, wrong: Wrong[]): string | undefined {
  const known = typeof value === 'string' ? moments.get(value) : undefined
  if (known !== undefined) return known
  const held = text(column, value, wrong)
  if (held === undefined) return undefined
  const instant = instantOf(/^\d{4}-\d{2}-\d{2}$/.test(held) ? `${held}T00:00:00Z` : held)
  if (instant !== undefined) {
    const stamp = plainStamp.test(held) ? held : `${new Date(instant).toISOString().slice(0, 19)}Z`
    if (moments.size < 10_000) moments.set(held, stamp)
    return stamp
  }
  wrong.push({ column, sentence: `“${held.slice(0, 100)}” is not a date like 2026-03-31 or 2026-03-31T14:00:00Z (ISO 8601, with its zone)` })
  return undefined
}

/** As it goes into the credential. */
const plainStamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/
