import type { Report } from '#kernel/verify'
import type { World } from '#platform/world'
import { verifyStranger } from './verify-stranger.ts'

type Needs = Pick<World, 'db' | 'secrets' | 'config' | 'clock' | 'fetch'>

/** Of one list at once: a list takes no more of the server, or of whoever is asked, than a few visitors do. */
const atOnce = 4

/**
 * Verifies what is at some addresses, each once however often it is in the list, by the road of the single one (`verifyStranger`): the guarded fetcher, the thread apart.
 *
 * @param options.signal  ends the list: what has not begun by then is left out of the answer, and what is on its way gets no further answer from the network
 * @param options.verify  the road, for the test that breaks it
 */
export async function verifyAddresses(needs: Needs, addresses: readonly string[], options: { readonly signal?: AbortSignal; readonly verify?: typeof verifyStranger } = {}): Promise<ReadonlyMap<string, Report>> {
  const { signal, verify = verifyStranger } = options
  const waiting = [...new Set(addresses)].values()
  const reports = new Map<string, Report>()
  const work = async (): Promise<void> => {
    for (const address of waiting) {
      if (signal?.aborted) return
      const report = await verify(needs, address, { online: true, ...(signal === undefined ? {} : { signal }) })
      // An answer that came when the time was over may lack what was not waited for.
      if (!signal?.aborted) reports.set(address, report)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return reports
}
