/** What a hit adds to the counts. */
import { dayOf } from './visitor.ts'
import type { Classified, Hit, HitKind, ViewerClass } from './view.ts'

/** Once a visitor, credential and day: people by their beacons, and pages opened by nobody knows whom; so the two can be set side by side. */
export const isCountedOnce = (hit: Pick<Hit, 'kind'> & Pick<Classified, 'class'>): boolean => (hit.kind === 'beacon' && hit.class === 'human') || (hit.kind === 'page' && hit.class === 'unknown')

export interface Tally {
  readonly credentialId: string
  readonly day: string
  readonly class: ViewerClass
  readonly kind: HitKind
  readonly count: number
}

/** Counts by credential, day, class and kind, in the order of their key. */
export function tally(hits: readonly (Pick<Hit, 'credentialId' | 'kind' | 'at' | 'times'> & Pick<Classified, 'class'>)[]): readonly Tally[] {
  const counts = Map.groupBy(hits, (hit) => `${hit.credentialId} ${dayOf(hit.at)} ${hit.class} ${hit.kind}`)
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const one = group[0]!
      return { credentialId: one.credentialId, day: dayOf(one.at), class: one.class, kind: one.kind, count: group.reduce((sum, hit) => sum + (isCountedOnce(hit) ? 1 : (hit.times ?? 1)), 0) }
    })
}

export const seenKey = (hit: Pick<Hit, 'credentialId' | 'kind' | 'at' | 'visitor'>) => `${dayOf(hit.at)} ${hit.credentialId} ${hit.kind} ${hit.visitor}`
