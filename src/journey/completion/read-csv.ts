/**
 * A course platform's export, row by row: each row a completion or the list of what is wrong with it. Nothing is written here.
 *
 * Columns: learner_id, name, email, locale, time_zone, country, education, completed_at, and achievement where the file has more than one.
 * Any other column is kept as a covariate known before the draw: a number where every character of it is one, else text.
 */
import type { Finding } from '#kernel/fault'
import { readCsv, type CsvRecord } from '#platform/csv'
import type { Achievement } from './completion.ts'
import type { CompletionInput } from './record.ts'

export const requiredColumns = ['learner_id', 'name', 'email', 'locale', 'time_zone', 'country', 'education', 'completed_at'] as const

export type CsvRead = { readonly row: number; readonly fields: Readonly<Record<string, string>> } & ({ readonly ok: true; readonly input: CompletionInput } | { readonly ok: false; readonly findings: readonly Finding[] })

interface Rules {
  /** By handle. */
  readonly achievements: ReadonlyMap<string, Achievement>
  /** For files without a column `achievement`. */
  readonly achievement?: Achievement | undefined
  readonly now: Date
}

const known = new Set<string>([...requiredColumns, 'achievement'])
const longest = 500 // characters of a field; a name longer than that is a mistake in the file
const control = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/u
const dayMs = 86_400_000

export async function* readCompletionsCsv(bytes: AsyncIterable<Uint8Array>, rules: Rules): AsyncGenerator<CsvRead> {
  const firstRowOf = new Map<string, number>()
  const required = rules.achievement ? requiredColumns : [...requiredColumns, 'achievement']
  for await (const record of readCsv(bytes, required)) {
    const findings: Finding[] = []
    const input = readRow(record, rules, firstRowOf, (column, code, sentence) => {
      findings.push({ code: `completion.${code}`, sentence, row: record.row, column, value: (record.fields[column] ?? '').slice(0, 100) })
    })
    yield input && findings.length === 0 ? { row: record.row, fields: record.fields, ok: true, input } : { row: record.row, fields: record.fields, ok: false, findings }
  }
}

function readRow(record: CsvRecord, rules: Rules, firstRowOf: Map<string, number>, wrong: (column: string, code: string, sentence: string) => void): CompletionInput | undefined {
  const { fields, row } = record
  if (record.wrongWidth !== undefined) {
    wrong('', 'row_width', `Row ${row} has ${record.wrongWidth} fields and the first row has ${Object.keys(fields).length}; a comma or a quotation mark is missing or too many.`)
    return undefined
  }
  for (const column of record.notUtf8) wrong(column, 'not_utf8', `Row ${row}, ${column}: some bytes are not UTF-8; save the file as CSV UTF-8.`)
  for (const [column, value] of Object.entries(fields)) {
    if (value.length > longest) wrong(column, 'too_long', `Row ${row}, ${column}: ${value.length} characters; ${longest} is the most.`)
    if (control.test(value)) wrong(column, 'control_character', `Row ${row}, ${column}: there is a control character or a line end in it.`)
  }
  const value = (column: string) => fields[column] ?? ''
  const optional = (column: string) => (value(column) === '' ? undefined : value(column))

  for (const column of ['learner_id', 'name'] as const) if (value(column) === '') wrong(column, 'empty', `Row ${row}: ${column} is empty.`)
  if (optional('email') !== undefined && !/^[^\s@<>"(),:;\\]+@[^\s@<>"(),:;\\]+\.[^\s@<>"(),:;\\]+$/u.test(value('email'))) wrong('email', 'bad_email', `Row ${row}: “${value('email').slice(0, 100)}” is not a mail address.`)
  if (optional('locale') !== undefined && !isLocale(value('locale'))) wrong('locale', 'bad_locale', `Row ${row}: “${value('locale').slice(0, 100)}” is not a language tag like en or pt-BR.`)
  if (optional('time_zone') !== undefined && !isTimeZone(value('time_zone'))) wrong('time_zone', 'bad_time_zone', `Row ${row}: “${value('time_zone').slice(0, 100)}” is not a time zone like Asia/Kolkata.`)
  if (optional('country') !== undefined && !/^[A-Za-z]{2}$/.test(value('country'))) wrong('country', 'bad_country', `Row ${row}: “${value('country').slice(0, 100)}” is not a country of two letters like IN (ISO 3166-1).`)

  const completedAt = instant(value('completed_at'))
  if (!completedAt) wrong('completed_at', 'bad_date', `Row ${row}: “${value('completed_at').slice(0, 100)}” is not a date like 2026-03-31 or 2026-03-31T14:00:00Z (ISO 8601, with its zone).`)
  else if (completedAt.getTime() > rules.now.getTime() + dayMs) wrong('completed_at', 'future_date', `Row ${row}: ${value('completed_at')} lies in the future.`)

  const achievement = 'achievement' in fields && value('achievement') !== '' ? rules.achievements.get(value('achievement')) : rules.achievement
  if (!achievement) {
    wrong('achievement', 'unknown_achievement', `Row ${row}: there is no achievement “${value('achievement').slice(0, 100)}”.`)
    return undefined
  }
  const key = `${value('learner_id')}\0${achievement.id}`
  const first = firstRowOf.get(key)
  if (first !== undefined) wrong('learner_id', 'duplicate', `Row ${row}: learner ${value('learner_id').slice(0, 100)} has this achievement in row ${first} already.`)
  else firstRowOf.set(key, row)
  if (!completedAt) return undefined

  const covariates = Object.entries(fields).filter(([column, text]) => column !== '' && !known.has(column) && text !== '')
  return {
    learner: {
      externalId: value('learner_id'),
      name: value('name'),
      email: optional('email'),
      locale: optional('locale'),
      timeZone: optional('time_zone'),
      country: optional('country')?.toUpperCase(),
      education: optional('education'),
    },
    achievement,
    completedAt,
    covariates: Object.fromEntries(covariates.map(([column, text]) => [column, /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text])),
  }
}

const locales = new Map<string, boolean>()
function isLocale(tag: string): boolean {
  return remembered(locales, tag, () => Intl.getCanonicalLocales(tag.replaceAll('_', '-')).length === 1)
}

const zones = new Map<string, boolean>()
function isTimeZone(name: string): boolean {
  return remembered(zones, name, () => Boolean(new Intl.DateTimeFormat('en', { timeZone: name })))
}

/** Intl takes 40 us to refuse a zone; a file has few different ones. */
function remembered(known: Map<string, boolean>, text: string, test: () => boolean): boolean {
  let answer = known.get(text)
  if (answer === undefined) {
    try {
      answer = test()
    } catch {
      answer = false
    }
    if (known.size < 10_000) known.set(text, answer)
  }
  return answer
}

/** An instant in ISO 8601: a day (its beginning in UTC), or a time with its zone; days that do not exist are refused. */
function instant(text: string): Date | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/.exec(text)
  if (!match) return undefined
  const [, year, month, day] = match.map(Number)
  const date = new Date(Date.UTC(year!, month! - 1, day!))
  if (date.getUTCMonth() !== month! - 1 || date.getUTCDate() !== day) return undefined
  const parsed = new Date(match[4] === undefined ? text : text.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
  return Number.isNaN(parsed.getTime()) ? undefined : parsed
}
