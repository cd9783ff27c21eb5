/**
 * Outcomes from a file: learner_id, observed_at, title, employer, started_on, ended_on. A row with an empty title says that somebody looked
 * and saw no position; a learner with several positions has several rows.
 */
import type { Finding } from '#kernel/fault'
import { readCsv } from '#platform/csv'
import type { OutcomeRow } from './outcome.ts'

export type OutcomeRead = { readonly row: number; readonly fields: Readonly<Record<string, string>> } & ({ readonly ok: true; readonly outcome: OutcomeRow } | { readonly ok: false; readonly findings: readonly Finding[] })

const columns = ['learner_id', 'observed_at', 'title', 'employer', 'started_on', 'ended_on'] as const

export async function* readOutcomesCsv(bytes: AsyncIterable<Uint8Array>, now: Date): AsyncGenerator<OutcomeRead> {
  const firstRowOf = new Map<string, number>()
  for await (const { row, fields, wrongWidth, notUtf8 } of readCsv(bytes, columns)) {
    const findings: Finding[] = []
    const wrong = (column: string, code: string, sentence: string) => void findings.push({ code: `outcome.${code}`, sentence: `Row ${row}: ${sentence}`, row, column, value: (fields[column] ?? '').slice(0, 100) })
    if (wrongWidth !== undefined) wrong('', 'row_width', `it has ${wrongWidth} fields and the first row has ${Object.keys(fields).length}.`)
    for (const column of notUtf8) wrong(column, 'not_utf8', `some bytes of ${column} are not UTF-8.`)
    const value = (column: (typeof columns)[number]) => fields[column] ?? ''
    const date = (column: 'observed_at' | 'started_on' | 'ended_on') => {
      const day = dayOf(value(column))
      if (!day) wrong(column, 'bad_date', `“${value(column).slice(0, 100)}” in ${column} is not a date like 2026-03-31.`)
      else if (day > now.toISOString().slice(0, 10)) wrong(column, 'future_date', `${column} is ${day}, which lies in the future.`)
      return day
    }
    if (value('learner_id') === '') wrong('learner_id', 'empty', 'learner_id is empty.')
    const observed = date('observed_at')
    let position: OutcomeRow['position']
    if (value('title') !== '') {
      const startedOn = date('started_on')
      const endedOn = value('ended_on') === '' ? undefined : date('ended_on')
      if (startedOn && endedOn && endedOn < startedOn) wrong('ended_on', 'ends_before_start', `the position ends (${endedOn}) before it starts (${startedOn}).`)
      if (startedOn) position = { title: value('title'), employer: value('employer'), startedOn, endedOn }
    } else if (value('employer') !== '' || value('started_on') !== '') wrong('title', 'empty', 'there is an employer or a start but no title.')
    const key = [value('learner_id'), observed, value('title'), value('employer'), value('started_on')].join('\0')
    const first = firstRowOf.get(key)
    if (first !== undefined) wrong('learner_id', 'duplicate', `it says the same as row ${first}.`)
    else firstRowOf.set(key, row)
    yield observed && findings.length === 0
      ? { row, fields, ok: true, outcome: { externalId: value('learner_id'), observedAt: new Date(`${observed}T00:00:00Z`), position } }
      : { row, fields, ok: false, findings }
  }
}

/** A day that exists, as 2026-03-31; a time after it is cut off. */
function dayOf(text: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text)
  if (!match) return undefined
  const day = `${match[1]}-${match[2]}-${match[3]}`
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) ? day : undefined
}
