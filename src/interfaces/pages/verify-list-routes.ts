/** Many credentials at once, by their addresses; for whoever hires. Nothing of a list is kept. */
import { z } from 'zod'
import { isFault } from '#kernel/fault'
import { addressColumns, readAddresses, verifyAddresses, type AddressList } from '#journey/credential'
import { page, route, uploadBody, type Rate, type Route } from '#interfaces/http'
import { noteVerifications } from './note-verifications.ts'
import { verifyListPage, type ListAnswers, type ListedRow, type VerifyListView } from './verify-list-page.ts'

const address = '/verify/list'
/** As many as a person wants to read in one table; and a list's time, in which at the worst each address takes its five seconds, four at once, is then not over at the first tenth. */
const mostRows = 100
const largestBytes = 200_000
const seconds = 60
/** A list costs up to a hundred verifications: so many an hour are what `rates.verify` allows in ten minutes. */
const rate: Rate = { name: 'verify list', per: 'address', limit: 20, seconds: 3_600, burst: 5 }

const empty: VerifyListView = { address, singleAddress: '/verify', most: mostRows, largestBytes, seconds, columnNames: addressColumns }

export const verifyListRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: address,
    summary: 'The form that takes a list of addresses.',
    roles: ['anonymous'],
    rate: { none: 'A page without a question to the database.' },
    handler: async ({ chrome }) => page(verifyListPage(empty, chrome())),
  }),
  route({
    method: 'POST',
    path: address,
    summary: 'Verifies what is at a list of addresses: one verdict and one sentence a row.',
    roles: ['anonymous'],
    csrf: 'form',
    audit: { none: 'Nothing that is given is kept; that credentials of ours were verified are looks, in a log of their own.' },
    rate,
    body: uploadBody(z.strictObject({ text: z.string().max(largestBytes).optional() }), { mediaTypes: ['text/csv', 'text/plain', 'application/csv', 'application/vnd.ms-excel', 'application/octet-stream'], limit: largestBytes + 10_000 }),
    async handler({ input, world, who, request, chrome }) {
      const uploaded = await input.body.file?.readAll()
      const text = input.body.fields.text?.trim() ?? ''
      const again = (fault: NonNullable<VerifyListView['fault']>) => page(verifyListPage({ ...empty, ...(text === '' ? {} : { text }), fault }, chrome()), { status: 422 })
      const given = uploaded !== undefined && uploaded.length > 0 ? uploaded : Buffer.from(text)
      if (given.length === 0) return again({ name: 'list_empty' })
      let list
      try {
        list = await readAddresses(given, mostRows)
      } catch (error) {
        const fault = faultIn(error)
        if (fault) return again(fault)
        throw error
      }
      const reports = await verifyAddresses(world, list.rows.filter((one) => one.fault === undefined).map((one) => one.given), { signal: AbortSignal.timeout(seconds * 1_000) })
      await noteVerifications(world, who, request, [...reports.values()].flatMap((one) => (one.facts === undefined ? [] : [one.facts])))
      return page(verifyListPage({ ...empty, answers: answersOf(list, reports) }, chrome()))
    },
  }),
]

function answersOf(list: AddressList, reports: Awaited<ReturnType<typeof verifyAddresses>>): ListAnswers {
  const rows = list.rows.map(({ row, fields, given, fault, has }): ListedRow => {
    const result = fault === undefined ? reports.get(given) : undefined
    return { row, fields, given, ...(result === undefined ? { fault: fault ?? 'late' } : { result }), ...(has === undefined ? {} : { has }) }
  })
  return { column: list.column, columns: list.columns, rows }
}

/** Why a list was refused as a whole, for the page to say in the reader's language. */
function faultIn(error: unknown): NonNullable<VerifyListView['fault']> | undefined {
  if (!isFault(error)) return undefined
  const { code, data } = error
  if (code === 'credential.list_empty' || code === 'csv.empty') return { name: 'list_empty' }
  if (code === 'credential.no_address_column') return { name: 'no_address_column' }
  if (code === 'credential.list_too_long') return { name: 'list_too_long' }
  if (code === 'csv.broken' && typeof data['row'] === 'number') return { name: 'broken', row: data['row'] }
  return code.startsWith('csv.') ? { name: 'not_csv' } : undefined
}
