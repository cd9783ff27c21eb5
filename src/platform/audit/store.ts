import { sql, type Tx } from '#platform/db'
import type { ChainEnd } from './check.ts'
import type { AuditActor, AuditEntry } from './entry.ts'

interface EntryRow {
  readonly seq: number
  readonly at: Date
  readonly actor_kind: AuditActor['kind']
  readonly actor_id: string | null
  readonly action: string
  readonly issuer_id: string | null
  readonly subject: string | null
  readonly before: Buffer | null
  readonly after: Buffer | null
  readonly request_id: string | null
  readonly previous: Buffer
  readonly hash: Buffer
}

const toEntry = (row: EntryRow): AuditEntry =>
  Object.freeze({
    seq: row.seq,
    at: row.at,
    actor: Object.freeze({ kind: row.actor_kind, id: row.actor_id ?? undefined }),
    action: row.action,
    issuerId: row.issuer_id ?? undefined,
    subject: row.subject ?? undefined,
    before: row.before ?? undefined,
    after: row.after ?? undefined,
    requestId: row.request_id ?? undefined,
    previous: row.previous,
    hash: row.hash,
  })

const endOf = (rows: readonly { readonly seq: number; readonly hash: Buffer }[]): ChainEnd => {
  const [row] = rows
  if (!row) throw new TypeError('The audit log has lost its end: audit.head is empty')
  return Object.freeze({ seq: row.seq, hash: row.hash })
}

export async function lockedEnd(tx: Tx): Promise<ChainEnd> {
  return endOf(await tx.query(sql<{ seq: number; hash: Buffer }>`select seq, hash from audit.head for update`))
}

/** Where the log ends now. */
export async function auditEnd(tx: Tx): Promise<ChainEnd> {
  return endOf(await tx.query(sql<{ seq: number; hash: Buffer }>`select seq, hash from audit.head`))
}

export async function insertEntry(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx.change(sql`insert into audit.entry (seq, at, actor_kind, actor_id, action, issuer_id, subject, before, after, request_id, previous, hash)
    values (${entry.seq}, ${entry.at}, ${entry.actor.kind}, ${entry.actor.id ?? null}, ${entry.action}, ${entry.issuerId ?? null}, ${entry.subject ?? null},
      ${entry.before ?? null}, ${entry.after ?? null}, ${entry.requestId ?? null}, ${entry.previous}, ${entry.hash})`)
}

export async function moveEnd(tx: Tx, end: ChainEnd): Promise<void> {
  await tx.change(sql`update audit.head set seq = ${end.seq}, hash = ${end.hash}`)
}

/** What one actor did, in order. */
export async function auditEntriesOf(tx: Tx, actorId: string): Promise<readonly AuditEntry[]> {
  const rows = await tx.query(sql<EntryRow>`select seq, at, actor_kind, actor_id, action, issuer_id, subject, before, after, request_id, previous, hash
    from audit.entry where actor_id = ${actorId} order by seq`)
  return rows.map(toEntry)
}

/** Rows after a place, in order, at most `limit`. */
export async function auditEntries(tx: Tx, after: number, limit: number): Promise<readonly AuditEntry[]> {
  const rows = await tx.query(sql<EntryRow>`select seq, at, actor_kind, actor_id, action, issuer_id, subject, before, after, request_id, previous, hash
    from audit.entry where seq > ${after} order by seq limit ${limit}`)
  return rows.map(toEntry)
}
