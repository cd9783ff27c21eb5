/**
 * Bursts: one visitor at many different credentials within seconds, which is a machine going through links.
 *
 * Five within ten seconds: a person who opens the links of a list in tabs stays below it; a gateway that checks the day's mails does not.
 */
import type { HitKind } from './view.ts'

export const burstWithinMs = 10_000
const burstCredentials = 5

interface Looked {
  readonly id: string
  /** Verifications are asked for in lists and are no part of a burst. */
  readonly kind?: HitKind
  readonly visitor?: string | undefined
  readonly credentialId: string
  readonly at: Date
}

/** The ids of the hits that are part of a burst, from all hits of some visitors. Of a window that is one, every hit is. */
export function burstsIn(hits: readonly Looked[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [visitor, own] of Map.groupBy(hits.filter((hit) => hit.kind !== 'verification'), (hit) => hit.visitor)) {
    if (visitor === undefined || own.length < burstCredentials) continue
    const sorted = own.toSorted((a, b) => a.at.getTime() - b.at.getTime())
    const inWindow = new Map<string, number>()
    let marked = 0
    for (let first = 0, next = 0; first < sorted.length; first++) {
      const start = sorted[first]!.at.getTime()
      for (; next < sorted.length && sorted[next]!.at.getTime() < start + burstWithinMs; next++) inWindow.set(sorted[next]!.credentialId, (inWindow.get(sorted[next]!.credentialId) ?? 0) + 1)
      if (inWindow.size >= burstCredentials) for (marked = Math.max(marked, first); marked < next; marked++) found.add(sorted[marked]!.id)
      const leaving = sorted[first]!.credentialId
      const left = (inWindow.get(leaving) ?? 1) - 1
      if (left === 0) inWindow.delete(leaving)
      else inWindow.set(leaving, left)
    }
  }
  return found
}
