import type { Tx } from '#platform/db'
import { burstsIn } from './burst.ts'
import { classify } from './classify.ts'
import { isCountedOnce, seenKey, tally } from './count.ts'
import { rawDays } from './partitions.ts'
import { clearDay, addToCounters, hitsOfDay, holdCounters, markSeenFirst, oldestHit, setClasses } from './store.ts'
import { dayOf } from './visitor.ts'
import type { KeptHit } from './view.ts'

const msPerDay = 86_400_000

/** The first day of which every raw hit is still kept. */
const firstWholeDay = (now: Date) => dayOf(new Date(now.getTime() - rawDays * msPerDay + msPerDay - 1))

/**
 * Says anew what the kept hits were, by today's rules, and counts each of their days again. From the day of `since`, or from the first day
 * of which all raw hits are still there: days before it keep their counts. Nobody is counted meanwhile.
 *
 * What was announced before (a placement was seen) is not taken back.
 */
export async function reclassify(tx: Tx, since: Date): Promise<{ readonly days: number; readonly hits: number; readonly changed: number }> {
  await holdCounters(tx)
  const total = { days: 0, hits: 0, changed: 0 }
  const oldest = await oldestHit(tx)
  if (!oldest) return Object.freeze(total)
  const days = [dayOf(since), firstWholeDay(tx.now), dayOf(oldest)]
  let day = days.reduce((a, b) => (a > b ? a : b))
  for (; day <= dayOf(new Date(tx.now.getTime() + msPerDay)); day = dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + msPerDay))) {
    const hits = await hitsOfDay(tx, day)
    if (hits.length === 0) continue
    const bursts = burstsIn(hits)
    const seen = new Set<string>()
    const anew = hits.map((hit): KeptHit => {
      const classified = { ...hit, ...classify(hit, bursts.has(hit.id)) }
      const once = isCountedOnce(classified) && hit.visitor !== undefined
      const counted = !once || !seen.has(seenKey(hit))
      if (once) seen.add(seenKey(hit))
      return { ...classified, counted }
    })
    const changed = anew.filter((hit, at) => hit.class !== hits[at]!.class || hit.reason !== hits[at]!.reason || hit.counted !== hits[at]!.counted)
    await setClasses(tx, changed)
    await clearDay(tx, day)
    await addToCounters(tx, tally(anew.filter((hit) => hit.counted)))
    await markSeenFirst(tx, anew.filter((hit) => hit.counted && isCountedOnce(hit) && hit.visitor !== undefined))
    total.days++
    total.hits += hits.length
    total.changed += anew.filter((hit, at) => hit.class !== hits[at]!.class).length
  }
  return Object.freeze(total)
}
