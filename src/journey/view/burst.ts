/**
 * Bursts: one visitor at many different credentials within seconds, which is a machine going through links. A machine that takes another address
 * of its network for every link is known by the network and the name of its browser.
 *
 * One visitor, five within ten seconds: a person who opens the links of a list in tabs stays below it; a gateway that checks the day's mails does not.
 *
 * One network with one browser, eight within ten seconds: there may be many people behind it. Of people who come independently of each other (simulated,
 * 400,000 arrivals a rate) 1 in 10,000 is in such a window at 288 an hour, 8 at 360, 35 at 500, 74 at 576: so fewer than one in a hundred is lost up to 576
 * an hour from one network with one and the same browser. Pages that were opened by a mail's link are no part of it: everybody's mail comes at once, and
 * they are judged by the time since.
 */
import type { HitKind } from './view.ts'

export const burstWithinMs = 10_000
const burstCredentials = 5
const networkBurstCredentials = 8

export interface Looked {
  readonly id: string
  /** Verifications are asked for in lists and are no part of a burst. */
  readonly kind?: HitKind
  readonly visitor?: string | undefined
  readonly network?: string | undefined
  readonly userAgent?: string | undefined
  readonly sinceMailMs?: number | undefined
  readonly credentialId: string
  readonly at: Date
}

/** Who may be one machine, as far as networks tell; undefined for what is no part of that. */
export const networkKey = (hit: Pick<Looked, 'network' | 'userAgent' | 'sinceMailMs'>): string | undefined => (hit.network === undefined || hit.sinceMailMs !== undefined ? undefined : `${hit.network}\n${hit.userAgent ?? ''}`)

/** The ids of the hits that are part of a burst, from all hits of some visitors and networks. Of a window that is one, every hit is. */
export function burstsIn(hits: readonly Looked[]): ReadonlySet<string> {
  const looks = hits.filter((hit) => hit.kind !== 'verification')
  const found = new Set<string>()
  markBursts(Map.groupBy(looks, (hit) => hit.visitor), burstCredentials, found)
  markBursts(Map.groupBy(looks, networkKey), networkBurstCredentials, found)
  return found
}

function markBursts(groups: ReadonlyMap<string | undefined, readonly Looked[]>, credentials: number, found: Set<string>): void {
  for (const [key, own] of groups) {
    if (key === undefined || own.length < credentials) continue
    const sorted = own.toSorted((a, b) => a.at.getTime() - b.at.getTime())
    const inWindow = new Map<string, number>()
    let marked = 0
    for (let first = 0, next = 0; first < sorted.length; first++) {
      const start = sorted[first]!.at.getTime()
      for (; next < sorted.length && sorted[next]!.at.getTime() < start + burstWithinMs; next++) inWindow.set(sorted[next]!.credentialId, (inWindow.get(sorted[next]!.credentialId) ?? 0) + 1)
      if (inWindow.size >= credentials) for (marked = Math.max(marked, first); marked < next; marked++) found.add(sorted[marked]!.id)
      const leaving = sorted[first]!.credentialId
      const left = (inWindow.get(leaving) ?? 1) - 1
      if (left === 0) inWindow.delete(leaving)
      else inWindow.set(leaving, left)
    }
  }
}
