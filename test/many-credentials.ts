/** Credentials by the hundred thousand, written straight into the tables: what lists and counts have to stand. */
import { randomBytes } from 'node:crypto'
import type { Achievement } from '#journey/completion'
import { sql, type Database } from '#platform/db'

/** Rows for each transaction: below the deadline that every statement has, and below the places of a status list. */
const atOnce = 20_000

/**
 * As many learners who completed that achievement and have its credential, signed; every third is public, every fiftieth revoked. Learners, completions,
 * credentials, status lists and the tally are as the product writes them, ids in the order of time (UUID 7) included; the signed document is a few bytes in
 * place of three kilobytes, which no list reads.
 *
 * Each row names rows that were made with it, so that what it refers to is not looked up again: of a million credentials that would be ten million look-ups. Every index and
 * every other check is as it is. It takes a superuser, which the database of tests and benches has. A row takes 0.17 ms; with the look-ups and ids in no order it took 0.52.
 */
export async function manyCredentials(db: Database, achievement: Achievement, count: number): Promise<void> {
  const batch = randomBytes(6).toString('hex')
  for (let from = 0, next = 0; from < count; from = next) {
    next = Math.min(count, from + atOnce)
    const to = next - 1
    await db.transaction(async (tx) => {
      const list = tx.ids.uuid(tx.now)
      const [last] = await tx.query(sql<{ number: number }>`select coalesce(max(number), 0) as number from credential.status_list where issuer_id = ${achievement.issuerId} and purpose = 'revocation'`)
      await tx.change(sql`insert into credential.status_list (id, issuer_id, number, purpose, length, used, bits, changed_at) values (${list}, ${achievement.issuerId}, ${(last?.number ?? 0) + 1}, 'revocation', 131072, ${to - from + 1}, ${new Uint8Array(131_072 / 8)}, ${tx.now})`)
      await tx.change(sql`set local session_replication_role = 'replica'`)
      await tx.change(sql`create temporary table made on commit drop as select n, uuidv7() as learner, uuidv7() as completion, uuidv7() as credential from generate_series(${from}::int, ${to}::int) as n`)
      await tx.change(sql`insert into party.learner (id, issuer_id, external_id, name, email, locale, time_zone, created_at) select learner, ${achievement.issuerId}, ${batch} || '-' || n, 'Learner ' || n, null, 'en', 'UTC', ${tx.now} from made`)
      await tx.change(sql`insert into completion.completion (id, issuer_id, learner_id, achievement_id, completed_at, recorded_at, source) select completion, ${achievement.issuerId}, learner, ${achievement.id}, ${tx.now}, ${tx.now}, 'api' from made`)
      await tx.change(sql`insert into credential.credential (id, public_id, completion_id, issuer_id, learner_id, achievement_id, key_id, status_list_id, status_index, valid_from, prepared_at, signed_at, signed, visibility, revoked_at, revocation_reason)
        select credential, ${batch} || lpad(n::text, 10, '0'), completion, ${achievement.issuerId}, learner, ${achievement.id}, (select id from credential.signing_key where issuer_id = ${achievement.issuerId} and retired_at is null), ${list}, n - ${from}::int,
          ${tx.now}, ${tx.now}, ${tx.now}, '{}', case when n % 3 = 0 then 'public' else 'private' end, case when n % 50 = 0 then ${tx.now}::timestamptz end, case when n % 50 = 0 then 'A mistake.' end from made`)
      await tx.change(sql`insert into credential.tally as t (achievement_id, slot, issuer_id, signed, revoked, suspended) select ${achievement.id}, 0, ${achievement.issuerId}, count(*), count(*) filter (where n % 50 = 0), 0 from made
        on conflict (achievement_id, slot) do update set signed = t.signed + excluded.signed, revoked = t.revoked + excluded.revoked`)
    })
  }
  await db.refreshStatistics()
}
