/** The months of raw hits: made ahead, emptied after ninety days, and dropped when they are empty. */
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import { attachMonth, deleteHitsBefore, dropMonth, forgetSeenBefore, holdMonths, months } from './store.ts'
import { dayOf } from './visitor.ts'

const msPerDay = 86_400_000
export const rawDays = 90
const monthsAhead = 2
/** So that writers are not held up. */
const deletedAtOnce = 10_000

/** Every day: the months to come are there, and what is past its time is gone. Any number of processes may do so at once. */
export async function makePartitions(needs: Pick<World, 'db'>): Promise<void> {
  await needs.db.transaction(keepMonths)
  for (;;) {
    const deleted = await needs.db.transaction((tx) => deleteHitsBefore(tx, new Date(tx.now.getTime() - rawDays * msPerDay), deletedAtOnce))
    if (deleted < deletedAtOnce) break
  }
  await needs.db.transaction((tx) => forgetSeenBefore(tx, dayOf(new Date(tx.now.getTime() - 2 * msPerDay))))
}

async function keepMonths(tx: Tx): Promise<void> {
  const there = new Set(await months(tx))
  const wanted = Array.from({ length: monthsAhead + 1 }, (_, ahead) => monthAfter(tx.now, ahead))
  const past = new Date(tx.now.getTime() - rawDays * msPerDay)
  const over = [...there].filter((month) => monthAfter(new Date(`${month}-01T00:00:00Z`), 1) <= dayOf(past).slice(0, 7))
  if (wanted.some((month) => !there.has(month)) || over.length > 0) {
    await holdMonths(tx)
    const now = new Set(await months(tx))
    for (const month of wanted) if (!now.has(month)) await attachMonth(tx, month, monthAfter(new Date(`${month}-01T00:00:00Z`), 1))
    for (const month of over) if (now.has(month)) await dropMonth(tx, month)
  }
}

/** The month so many after a time's, as 2026-03. */
function monthAfter(time: Date, count: number): string {
  return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + count, 1)).toISOString().slice(0, 7)
}
