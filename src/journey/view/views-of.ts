import type { Tx } from '#platform/db'
import { countersOf } from './store.ts'
import type { Tally } from './count.ts'
import { dayOf } from './visitor.ts'
import type { ViewerClass } from './view.ts'

/** Who looked: people by what they saw, those who had it checked, and all the others by the pages they opened. */
export type Viewer = ViewerClass | 'verification'

export interface ViewCount {
  readonly viewer: Viewer
  readonly last30Days: number
  readonly inAll: number
}

const msPerDay = 86_400_000
export const viewers: readonly Viewer[] = Object.freeze(['human', 'verification', 'owner', 'preview_bot', 'scanner', 'robot', 'unknown'])

/**
 * Counts by kind of viewer, every kind named.
 *
 *   human         people a day whose page was visible for 1.5 s
 *   verification  checks by people
 *   unknown       visitors a day who opened a page, less the people: without a script, or gone at once
 *   the others    pages opened and checks made
 */
export async function viewsOf(tx: Tx, credentialIds: readonly string[]): Promise<ReadonlyMap<string, readonly ViewCount[]>> {
  const since = dayOf(new Date(tx.now.getTime() - 30 * msPerDay))
  const byCredential = Map.groupBy(await countersOf(tx, credentialIds), (one) => one.credentialId)
  return new Map(
    credentialIds.map((id) => {
      const counters = byCredential.get(id) ?? []
      const recent = counters.filter((one) => one.day > since)
      return [id, Object.freeze(viewers.map((viewer) => Object.freeze({ viewer, last30Days: countOf(viewer, recent), inAll: countOf(viewer, counters) })))]
    }),
  )
}

function countOf(viewer: Viewer, counters: readonly Tally[]): number {
  const sum = (which: (one: Tally) => boolean) => counters.filter(which).reduce((total, one) => total + one.count, 0)
  const people = sum((one) => one.class === 'human' && one.kind === 'beacon')
  if (viewer === 'human') return people
  if (viewer === 'verification') return sum((one) => one.class === 'human' && one.kind === 'verification')
  if (viewer === 'unknown') return Math.max(0, sum((one) => one.class === 'unknown' && one.kind === 'page') - people)
  return sum((one) => one.class === viewer && one.kind !== 'beacon')
}
