/** Whether a log is the one that was written, told from the log alone and a hash of it that was kept elsewhere. */
import { hashOf, toHex, type AuditEntry } from './entry.ts'

/** A place in the chain: so many rows, and the hash of the last. Kept outside the database, it is what shows a rewritten log. */
export interface ChainEnd {
  readonly seq: number
  readonly hash: Uint8Array
}

export const chainStart: ChainEnd = Object.freeze({ seq: 0, hash: new Uint8Array(32) })

export interface ChainBreak {
  readonly seq: number
  readonly reason: 'missing' | 'altered' | 'not_after_the_one_before' | 'not_the_kept_hash'
}

/**
 * Walks the rows in order and gives the first break, or undefined when the chain holds.
 *
 * Altering, removing, inserting or swapping rows breaks it at that row. Cutting off the end and writing all hashes anew are invisible to
 * the chain itself; `kept`, an end noted earlier and elsewhere, shows both.
 */
export function checkChain(entries: Iterable<AuditEntry>, kept: readonly ChainEnd[] = []): ChainBreak | undefined {
  const awaited = new Map(kept.map((end) => [end.seq, toHex(end.hash)]))
  let last: ChainEnd = chainStart
  for (const entry of entries) {
    if (entry.seq !== last.seq + 1) return { seq: last.seq + 1, reason: 'missing' }
    if (toHex(entry.previous) !== toHex(last.hash)) return { seq: entry.seq, reason: 'not_after_the_one_before' }
    if (toHex(hashOf(entry)) !== toHex(entry.hash)) return { seq: entry.seq, reason: 'altered' }
    const noted = awaited.get(entry.seq)
    if (noted !== undefined && noted !== toHex(entry.hash)) return { seq: entry.seq, reason: 'not_the_kept_hash' }
    awaited.delete(entry.seq)
    last = { seq: entry.seq, hash: entry.hash }
  }
  awaited.delete(0)
  const [cut] = [...awaited.keys()].toSorted((a, b) => a - b)
  return cut === undefined ? undefined : { seq: cut, reason: 'missing' }
}
