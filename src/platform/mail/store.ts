import { sql } from 'kysely'
import type { Tx } from '#platform/db'
import type { Letter } from './mailer.ts'

/** A letter in the development mailbox. */
export interface KeptLetter {
  readonly id: string
  readonly messageId: string
  readonly to: string
  readonly subject: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly html: string
  readonly at: Date
}

interface KeptRow {
  readonly id: string
  readonly message_id: string
  readonly recipient: string
  readonly subject: string
  readonly headers: Record<string, string>
  readonly text: string
  readonly html: string
  readonly at: Date
}

const toKept = (row: KeptRow): KeptLetter =>
  Object.freeze({ id: row.id, messageId: row.message_id, to: row.recipient, subject: row.subject, headers: Object.freeze(row.headers), text: row.text, html: row.html, at: row.at })

const columns = sql`id, message_id, recipient, subject, headers, text, html, at`

export async function keepLetter(tx: Tx, letter: Letter, headers: Readonly<Record<string, string>>): Promise<void> {
  await tx.change(sql`insert into mail.kept (id, message_id, recipient, subject, headers, text, html, at)
    values (${tx.ids.uuid(tx.now)}, ${letter.messageId}, ${letter.to}, ${letter.subject}, ${JSON.stringify(headers)}::jsonb, ${letter.text}, ${letter.html}, ${tx.now})
    on conflict (message_id) do nothing`)
}

/** What the development mailbox holds, newest first; of one recipient, or of everybody. */
export async function keptLetters(tx: Tx, wanted: { readonly to?: string | undefined; readonly limit: number }): Promise<readonly KeptLetter[]> {
  const rows = await tx.query(sql<KeptRow>`select ${columns} from mail.kept where ${wanted.to ?? null}::text is null or lower(recipient) = lower(${wanted.to ?? null}) order by at desc, id desc limit ${wanted.limit}`)
  return Object.freeze(rows.map(toKept))
}

export async function countKeptLetters(tx: Tx, to?: string): Promise<number> {
  return (await tx.query(sql<{ count: number }>`select count(*) from mail.kept where ${to ?? null}::text is null or lower(recipient) = lower(${to ?? null})`))[0]?.count ?? 0
}

export async function keptLetter(tx: Tx, id: string): Promise<KeptLetter | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return undefined
  const rows = await tx.query(sql<KeptRow>`select ${columns} from mail.kept where id = ${id}`)
  return rows[0] && toKept(rows[0])
}

/** Removes everything that was kept for an address. */
export async function forgetLettersTo(tx: Tx, address: string): Promise<void> {
  await tx.change(sql`delete from mail.kept where lower(recipient) = lower(${address})`)
}

/** Removes kept letters by their message ids: their recipients asked to be forgotten. */
export async function forgetLetters(tx: Tx, messageIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from mail.kept where message_id = any(${messageIds}::text[])`)
}
