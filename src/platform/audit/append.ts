import type { Tx } from '#platform/db'
import { hashOf, type AuditEntry, type AuditFact } from './entry.ts'
import { insertEntry, lockedEnd, moveEnd } from './store.ts'

/**
 * Writes one row at the end of the log, in the transaction of the change itself: both are kept, or neither. The end of the chain is locked
 * until that transaction ends, so it is the last thing that a transaction does.
 */
export async function appendAudit(tx: Tx, fact: AuditFact): Promise<AuditEntry> {
  const end = await lockedEnd(tx)
  const unhashed = { ...fact, actor: Object.freeze({ ...fact.actor }), seq: end.seq + 1, at: tx.now, previous: end.hash }
  const entry: AuditEntry = Object.freeze({ ...unhashed, hash: hashOf(unhashed) })
  await insertEntry(tx, entry)
  await moveEnd(tx, entry)
  return entry
}
