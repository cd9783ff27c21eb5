import { readCsv } from '#platform/csv'
import { firstDay } from './month.ts'
import type { OutcomeRow } from './outcome.ts'

/** A field that could not be read. */
export interface UnreadMonth {
  readonly row: number
  readonly column: 'Started On' | 'Finished On'
  readonly value: string
}

export interface PositionsRead {
  readonly positions: readonly NonNullable<OutcomeRow['position']>[]
  readonly unread: readonly UnreadMonth[]
}

/**
 * Reads Positions.csv of the copy that LinkedIn gives members of their data: Company Name, Title, Description, Location, Started On, Finished On
 * (research notes on the domain, D1). Descriptions and places are left where they are; lines without a title or a start say nothing that counts.
 * An empty end is a position that is held.
 *
 * @throws Fault `csv.*`
 */
export async function readPositions(bytes: AsyncIterable<Uint8Array>): Promise<PositionsRead> {
  const positions: NonNullable<OutcomeRow['position']>[] = []
  const unread: UnreadMonth[] = []
  for await (const { row, fields } of readCsv(bytes, ['company name', 'title', 'started on', 'finished on'])) {
    const monthIn = (column: UnreadMonth['column']): string | undefined => {
      const value = fields[column.toLowerCase()] ?? ''
      const day = value === '' ? undefined : firstDay(value)
      if (value !== '' && day === undefined) unread.push(Object.freeze({ row, column, value: value.slice(0, 100) }))
      return day
    }
    const [startedOn, endedOn] = [monthIn('Started On'), monthIn('Finished On')]
    const title = fields['title'] ?? ''
    if (title !== '' && startedOn !== undefined) positions.push(Object.freeze({ title, employer: fields['company name'] ?? '', startedOn, ...(endedOn === undefined ? {} : { endedOn }) }))
  }
  return Object.freeze({ positions: Object.freeze(positions), unread: Object.freeze(unread) })
}
