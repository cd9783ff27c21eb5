import { parseAchievement } from '#kernel/openbadge'
import type { Tx } from '#platform/db'
import type { Achievement } from './completion.ts'
import { fault } from './faults.ts'
import { upsertAchievement } from './store.ts'

/**
 * Keeps an achievement under its handle. A later version takes its place for credentials not yet issued; issued ones carry their own copy.
 *
 * @throws Fault `completion.bad_achievement` with every fault and the JSON pointer to it
 */
export async function saveAchievement(tx: Tx, input: { readonly issuerId: string; readonly handle: string; readonly document: unknown; readonly domain?: string | undefined }): Promise<Achievement> {
  const parsed = parseAchievement(input.document)
  if (!parsed.ok) throw fault.bad_achievement({ count: parsed.findings.length }, { findings: parsed.findings })
  const document: Readonly<Record<string, unknown>> = { ...parsed.value }
  const field = document['fieldOfStudy']
  return await upsertAchievement(tx, {
    id: tx.ids.uuid(tx.now),
    issuerId: input.issuerId,
    handle: input.handle,
    domain: input.domain ?? (typeof field === 'string' && field !== '' ? field : 'other'),
    document,
  })
}
