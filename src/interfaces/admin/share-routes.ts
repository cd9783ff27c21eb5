import { z } from 'zod'
import { shareCounts, type ShareCount } from '#journey/estimate'
import { knowable, targets, type Grade } from '#journey/share'
import { page, rates, route, type Route } from '#interfaces/http'
import { wordsOf } from '#interfaces/look'
import { deskChrome, mayEnter } from './desk.ts'
import { sharesPage, type PlaceRow, type SharesView } from './shares-page.ts'

export const shareRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/admin/:issuer/shares',
    summary: 'Where learners shared, and how sure that is.',
    roles: mayEnter.shares,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({}),
    async handler(asked) {
      const { places, credentials } = await asked.world.db.read((tx) => shareCounts(tx, asked.issuer.id))
      return page(sharesPage(presentShares(places, credentials), deskChrome(asked, asked.issuer, 'shares')))
    },
  }),
]

/** In the order in which learners see the places; those that nobody went to are left out. */
export function presentShares(counts: readonly ShareCount[], credentials: number): SharesView {
  const order = new Map(targets.map((one, at) => [one.id, at]))
  const sorted = counts.toSorted((a, b) => (order.get(a.target) ?? 99) - (order.get(b.target) ?? 99))
  const rows = sorted.map((one) => row(nameOf(one.target), one, knowable(one.target)))
  return { rows, total: row('All', sum(counts), new Set(['exported', 'told', 'fetched'])), credentials, simulated: counts.reduce((so, one) => so + one.simulated, 0) }
}

/** “LinkedIn” is two places. */
function nameOf(id: string): string {
  const words = wordsOf('en')
  if (id === 'linkedin_profile') return 'LinkedIn profile'
  return words.maybe(`target.${id}`) ?? targets.find((one) => one.id === id)?.name ?? id
}

function row(place: string, one: ShareCount, can: ReadonlySet<Grade>): PlaceRow {
  const known = (grade: Grade, count: number) => (can.has(grade) ? count : undefined)
  const { strongest } = one
  return {
    place,
    went: one.went,
    prompted: one.prompted,
    told: known('told', one.told),
    exported: known('exported', one.exported),
    fetched: known('fetched', one.fetched),
    seen: one.seen,
    strongest: { exported: known('exported', strongest.exported), told: known('told', strongest.told), seen: strongest.seen, fetched: known('fetched', strongest.fetched), went: strongest.went },
  }
}

function sum(counts: readonly ShareCount[]): ShareCount {
  const of = (pick: (one: ShareCount) => number) => counts.reduce((so, one) => so + pick(one), 0)
  return {
    target: '',
    went: of((one) => one.went), prompted: of((one) => one.prompted), told: of((one) => one.told), exported: of((one) => one.exported), simulated: of((one) => one.simulated), fetched: of((one) => one.fetched), seen: of((one) => one.seen),
    strongest: { exported: of((one) => one.strongest.exported), told: of((one) => one.strongest.told), seen: of((one) => one.strongest.seen), fetched: of((one) => one.strongest.fetched), went: of((one) => one.strongest.went) },
  }
}
