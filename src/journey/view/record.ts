import { placementsByToken } from '#journey/share'
import type { Tx } from '#platform/db'
import { burstsIn, burstWithinMs, networkKey } from './burst.ts'
import { classify } from './classify.ts'
import { isCountedOnce, seenKey, tally } from './count.ts'
import { previewFetched, thirdPartyViewed } from './events.ts'
import { addToCounters, forgetSeen, hitsOfNetworks, hitsOfVisitors, insertHits, markSeenFirst, takeFromCounters, takeFromPeople } from './store.ts'
import type { Hit, KeptHit } from './view.ts'

/**
 * Keeps hits, says what each was, and counts it, in one transaction. A burst that only now is one takes its first hits with it.
 *
 * What one visitor does again and again within a second is one hit that says how often. A placement's token counts only at its own credential. Announces what people saw, and what preview robots fetched.
 */
export async function recordHits(tx: Tx, hits: readonly Hit[]): Promise<readonly KeptHit[]> {
  if (hits.length === 0) return Object.freeze([])
  const placements = await placementsByToken(tx, [...new Set(hits.flatMap((hit) => hit.placementToken ?? []))])
  const named = together(hits).map((hit) => {
    const own = hit.placementToken !== undefined && placements.get(hit.placementToken)?.credentialId === hit.credentialId
    return { ...hit, id: tx.ids.uuid(tx.now), placementToken: own ? hit.placementToken : undefined }
  })

  const earlier = await earlierHits(tx, named)
  const bursts = burstsIn([...earlier, ...named])
  const classified = named.map((hit) => ({ ...hit, ...classify(hit, bursts.has(hit.id)) }))
  const first = await firstOfTheirDay(tx, classified)
  const kept = classified.map((hit): KeptHit => Object.freeze({ ...hit, counted: !isCountedOnce(hit) || hit.visitor === undefined || first.has(hit.id) }))

  await insertHits(tx, kept)
  await addToCounters(tx, tally(kept.filter((hit) => hit.counted)))
  await takeIntoBurst(tx, earlier.filter((hit) => bursts.has(hit.id) && (hit.class === 'unknown' || hit.class === 'human')))

  const seen = kept.filter((hit) => hit.kind === 'beacon' && hit.class === 'human')
  if (seen.length > 0) await tx.announce(thirdPartyViewed({ placementTokens: [...new Set(seen.flatMap((hit) => hit.placementToken ?? []))], credentialIds: [...new Set(seen.map((hit) => hit.credentialId))] }))
  const fetched = new Map(kept.flatMap((hit) => (hit.class === 'preview_bot' && hit.placementToken !== undefined ? [[`${hit.placementToken} ${hit.reason}`, { token: hit.placementToken, network: hit.reason }] as const] : [])))
  if (fetched.size > 0) await tx.announce(previewFetched({ fetches: [...fetched.values()] }))
  return Object.freeze(kept)
}

/** Pages that the same visitor asked for in the same way within the same second, as one. */
function together(hits: readonly Hit[]): readonly Hit[] {
  const known = new Map<string, { hit: Hit; times: number }>()
  const all: { hit: Hit; times: number }[] = []
  for (const hit of hits) {
    const key = hit.kind === 'page' && hit.visitor !== undefined ? [hit.credentialId, hit.visitor, Math.floor(hit.at.getTime() / 1000), hit.owner, hit.method, hit.prefetch, hit.sinceMailMs, hit.placementToken, hit.referrerHost].join('\n') : undefined
    const before = key === undefined ? undefined : known.get(key)
    if (before) before.times += hit.times ?? 1
    else {
      const one = { hit, times: hit.times ?? 1 }
      all.push(one)
      if (key !== undefined) known.set(key, one)
    }
  }
  return all.map(({ hit, times }) => (times === 1 ? hit : { ...hit, times }))
}

/** Hits that were kept before the burst was one: what they were taken for, is taken back. */
async function takeIntoBurst(tx: Tx, hits: readonly KeptHit[]): Promise<void> {
  if (hits.length === 0) return
  const changed = await takeFromPeople(tx, hits.map((hit) => ({ ...hit, ...classify(hit, true) })))
  const taken = hits.filter((hit) => changed.has(hit.id))
  await addToCounters(tx, tally(taken.map((hit) => ({ ...hit, ...classify(hit, true) }))))
  await takeFromCounters(tx, tally(taken.filter((hit) => hit.counted)))
  await forgetSeen(tx, taken.filter(isCountedOnce))
}

/** What the same visitors, and others of their networks with the same browser, did just before (or in between, when hits come late). */
async function earlierHits(tx: Tx, hits: readonly Hit[]): Promise<readonly KeptHit[]> {
  const strangers = hits.filter((hit) => hit.owner !== true && hit.kind !== 'verification')
  if (strangers.length === 0) return []
  const times = strangers.map((hit) => hit.at.getTime())
  const from = new Date(times.reduce((a, b) => Math.min(a, b)) - burstWithinMs)
  const to = new Date(times.reduce((a, b) => Math.max(a, b)) + burstWithinMs)
  const visitors = new Set(strangers.flatMap((hit) => hit.visitor ?? []))
  const networks = new Map(strangers.flatMap((hit) => (hit.network === undefined || networkKey(hit) === undefined ? [] : [[networkKey(hit), { network: hit.network, userAgent: hit.userAgent }] as const])))
  const found = [...(await hitsOfVisitors(tx, [...visitors], from, to)), ...(await hitsOfNetworks(tx, [...networks.values()], from, to))]
  return [...new Map(found.map((hit) => [hit.id, hit])).values()]
}

/** The ids of the hits that are their visitor's first of this kind at this credential today. */
async function firstOfTheirDay(tx: Tx, hits: readonly (KeptHit | Omit<KeptHit, 'counted'>)[]): Promise<ReadonlySet<string>> {
  const once = new Map(hits.toReversed().flatMap((hit) => (isCountedOnce(hit) && hit.visitor !== undefined ? [[seenKey(hit), hit] as const] : [])))
  if (once.size === 0) return new Set()
  const fresh = await markSeenFirst(tx, [...once].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, hit]) => hit))
  return new Set([...once].flatMap(([key, hit]) => (fresh.has(key) ? [hit.id] : [])))
}
