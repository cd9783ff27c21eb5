import { sql, type Tx } from '#platform/db'
import { dayOf } from './visitor.ts'
import type { Tally } from './count.ts'
import type { Hit, HitKind, KeptHit, ViewerClass } from './view.ts'

interface HitRow {
  readonly id: string
  readonly credential_id: string
  readonly at: Date
  readonly kind: HitKind
  readonly class: ViewerClass
  readonly reason: string
  readonly counted: boolean
  readonly owner: boolean
  readonly method: string | null
  readonly prefetch: boolean
  readonly since_mail_ms: number | null
  readonly visible_ms: number | null
  readonly placement_token: string | null
  readonly visitor: string | null
  readonly network: string | null
  readonly user_agent: string | null
  readonly referrer_host: string | null
  readonly times: number
}

const toHit = (row: HitRow): KeptHit =>
  Object.freeze({
    id: row.id,
    credentialId: row.credential_id,
    at: row.at,
    kind: row.kind,
    class: row.class,
    reason: row.reason,
    counted: row.counted,
    owner: row.owner,
    method: row.method ?? undefined,
    prefetch: row.prefetch,
    sinceMailMs: row.since_mail_ms ?? undefined,
    visibleMs: row.visible_ms ?? undefined,
    placementToken: row.placement_token ?? undefined,
    visitor: row.visitor ?? undefined,
    network: row.network ?? undefined,
    userAgent: row.user_agent ?? undefined,
    referrerHost: row.referrer_host ?? undefined,
    ...(row.times === 1 ? {} : { times: row.times }),
  })

const columns = sql`id, credential_id, at, kind, class, reason, counted, owner, method, prefetch, since_mail_ms, visible_ms, placement_token, visitor, network, user_agent, referrer_host, times`

export async function insertHits(tx: Tx, hits: readonly KeptHit[]): Promise<void> {
  const of = <T>(pick: (one: KeptHit) => T) => hits.map(pick)
  await tx.change(sql`insert into view.hit (${columns}) select * from unnest(${of((one) => one.id)}::uuid[], ${of((one) => one.credentialId)}::uuid[], ${of((one) => one.at)}::timestamptz[], ${of((one) => one.kind)}::text[],
    ${of((one) => one.class)}::text[], ${of((one) => one.reason)}::text[], ${of((one) => one.counted)}::boolean[], ${of((one) => one.owner ?? false)}::boolean[], ${of((one) => one.method ?? null)}::text[],
    ${of((one) => one.prefetch ?? false)}::boolean[], ${of((one) => one.sinceMailMs ?? null)}::int[], ${of((one) => one.visibleMs ?? null)}::int[], ${of((one) => one.placementToken ?? null)}::text[],
    ${of((one) => one.visitor ?? null)}::text[], ${of((one) => one.network ?? null)}::text[], ${of((one) => one.userAgent ?? null)}::text[], ${of((one) => one.referrerHost ?? null)}::text[], ${of((one) => one.times ?? 1)}::int[])`)
}

/** Of one visitor, or one network; whoever does more in a few seconds is no less a machine for what is left out. */
const mostOfVisitor = 200

/**
 * The newest hits of visitors other than owners, between two times. Each visitor by its own look into the index: asked for all at once, PostgreSQL
 * read everybody's hits of those seconds, 20,000 of them for each group of 250.
 */
export async function hitsOfVisitors(tx: Tx, visitors: readonly string[], from: Date, to: Date): Promise<readonly KeptHit[]> {
  return (await tx.query(sql<HitRow>`select h.* from unnest(${visitors}::text[]) as of (visitor)
    cross join lateral (select ${columns} from view.hit where visitor = of.visitor and at >= ${from} and at <= ${to} and not owner order by at desc limit ${mostOfVisitor}) h`)).map(toHit)
}

/** The newest hits of strangers from networks with one browser's name each, between two times, without those that came by a mail's link. */
export async function hitsOfNetworks(tx: Tx, networks: readonly { readonly network: string; readonly userAgent: string | undefined }[], from: Date, to: Date): Promise<readonly KeptHit[]> {
  return (await tx.query(sql<HitRow>`select h.* from unnest(${networks.map((one) => one.network)}::text[], ${networks.map((one) => one.userAgent ?? '')}::text[]) as of (network, name)
    cross join lateral (select ${columns} from view.hit where network = of.network and coalesce(user_agent, '') = of.name and since_mail_ms is null and at >= ${from} and at <= ${to} and not owner order by at desc limit ${mostOfVisitor}) h`)).map(toHit)
}

/** Everything of one day (UTC), in its order. */
export async function hitsOfDay(tx: Tx, day: string): Promise<readonly KeptHit[]> {
  return (await tx.query(sql<HitRow>`select ${columns} from view.hit where at >= ${day}::date and at < ${day}::date + 1 order by at, id`)).map(toHit)
}

/** The raw hits of one credential, newest first. */
export async function hitsOf(tx: Tx, credentialId: string, limit: number): Promise<readonly KeptHit[]> {
  return (await tx.query(sql<HitRow>`select ${columns} from view.hit where credential_id = ${credentialId} order by at desc, id desc limit ${limit}`)).map(toHit)
}

/** The raw hits that credentials' own learners made, the oldest first. */
export async function ownersHitsOf(tx: Tx, credentialIds: readonly string[]): Promise<readonly KeptHit[]> {
  return (await tx.query(sql<HitRow>`select ${columns} from view.hit where credential_id = any(${credentialIds}::uuid[]) and owner order by at, id`)).map(toHit)
}

export async function oldestHit(tx: Tx): Promise<Date | undefined> {
  return (await tx.query(sql<{ at: Date | null }>`select min(at) as at from view.hit`))[0]?.at ?? undefined
}

export async function setClasses(tx: Tx, hits: readonly KeptHit[]): Promise<void> {
  for (let at = 0; at < hits.length; at += 5_000) {
    const some = hits.slice(at, at + 5_000)
    await tx.change(sql`update view.hit h set class = s.class, reason = s.reason, counted = s.counted
      from unnest(${some.map((one) => one.at)}::timestamptz[], ${some.map((one) => one.id)}::uuid[], ${some.map((one) => one.class)}::text[], ${some.map((one) => one.reason)}::text[], ${some.map((one) => one.counted)}::boolean[])
        as s (at, id, class, reason, counted) where h.at = s.at and h.id = s.id`)
  }
}

/** Gives hits of people, or of nobody knows whom, another class; says which it was true of, so that two who find the same burst count it once. */
export async function takeFromPeople(tx: Tx, hits: readonly KeptHit[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query(sql<{ id: string }>`with held as (
      select h.at, h.id, s.class, s.reason from view.hit h
      join unnest(${hits.map((one) => one.at)}::timestamptz[], ${hits.map((one) => one.id)}::uuid[], ${hits.map((one) => one.class)}::text[], ${hits.map((one) => one.reason)}::text[]) as s (at, id, class, reason) on h.at = s.at and h.id = s.id
      where h.class in ('unknown', 'human') order by h.at, h.id for update of h)
    update view.hit h set class = held.class, reason = held.reason, counted = true from held where h.at = held.at and h.id = held.id returning h.id`)
  return new Set(rows.map((row) => row.id))
}

export async function deleteHits(tx: Tx, credentialIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from view.hit where credential_id = any(${credentialIds}::uuid[])`)
  await tx.change(sql`delete from view.seen where credential_id = any(${credentialIds}::uuid[])`)
}

// ---- counts ----

/** Adds to the counts, in the order of their keys, so that two who count at once do not wait for each other in a ring. */
export async function addToCounters(tx: Tx, tallies: readonly Tally[]): Promise<void> {
  const of = <T>(pick: (one: Tally) => T) => tallies.map(pick)
  await tx.change(sql`insert into view.counter as c (credential_id, day, class, kind, count)
    select credential_id, day, class, kind, sum(count) from unnest(${of((one) => one.credentialId)}::uuid[], ${of((one) => one.day)}::date[], ${of((one) => one.class)}::text[], ${of((one) => one.kind)}::text[], ${of((one) => one.count)}::int[])
      as t (credential_id, day, class, kind, count) group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (credential_id, day, class, kind) do update set count = c.count + excluded.count`)
}

/** Takes away what is counted elsewhere now; a count of nothing is no row. */
export async function takeFromCounters(tx: Tx, tallies: readonly Tally[]): Promise<void> {
  await addToCounters(tx, tallies.map((one) => ({ ...one, count: -one.count })))
  await tx.change(sql`delete from view.counter where credential_id = any(${[...new Set(tallies.map((one) => one.credentialId))]}::uuid[]) and count <= 0`)
}

export async function countersOf(tx: Tx, credentialIds: readonly string[]): Promise<readonly Tally[]> {
  const rows = await tx.query(sql<{ credential_id: string; day: string; class: ViewerClass; kind: HitKind; count: number }>`
    select credential_id, day, class, kind, count from view.counter where credential_id = any(${credentialIds}::uuid[])`)
  return rows.map((row) => ({ credentialId: row.credential_id, day: row.day, class: row.class, kind: row.kind, count: row.count }))
}

/** Keeps everybody from counting until the transaction ends. */
export async function holdCounters(tx: Tx): Promise<void> {
  await tx.change(sql`lock table view.counter in share row exclusive mode`)
}

export async function clearDay(tx: Tx, day: string): Promise<void> {
  await tx.change(sql`delete from view.counter where day = ${day}::date`)
  await tx.change(sql`delete from view.seen where day = ${day}::date`)
}

export async function deleteCounters(tx: Tx, credentialIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from view.counter where credential_id = any(${credentialIds}::uuid[])`)
}

/** Marks visitors as counted, and says by `seenKey` which of them were not yet. */
export async function markSeenFirst(tx: Tx, hits: readonly Pick<Hit, 'credentialId' | 'kind' | 'at' | 'visitor'>[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query(sql<{ day: string; credential_id: string; kind: HitKind; visitor: string }>`insert into view.seen (day, credential_id, kind, visitor)
    select * from unnest(${hits.map((one) => dayOf(one.at))}::date[], ${hits.map((one) => one.credentialId)}::uuid[], ${hits.map((one) => one.kind)}::text[], ${hits.map((one) => one.visitor ?? '')}::text[])
    on conflict do nothing returning day, credential_id, kind, visitor`)
  return new Set(rows.map((row) => `${row.day} ${row.credential_id} ${row.kind} ${row.visitor}`))
}

export async function forgetSeen(tx: Tx, hits: readonly Pick<Hit, 'credentialId' | 'kind' | 'at' | 'visitor'>[]): Promise<void> {
  await tx.change(sql`delete from view.seen s using unnest(${hits.map((one) => dayOf(one.at))}::date[], ${hits.map((one) => one.credentialId)}::uuid[], ${hits.map((one) => one.kind)}::text[], ${hits.map((one) => one.visitor ?? '')}::text[])
    as t (day, credential_id, kind, visitor) where s.day = t.day and s.credential_id = t.credential_id and s.kind = t.kind and s.visitor = t.visitor`)
}

export async function forgetSeenBefore(tx: Tx, day: string): Promise<void> {
  await tx.change(sql`delete from view.seen where day < ${day}::date`)
}

// ---- months ----

/** A number for the months' lock: "view" as four bytes. */
const monthsLock = 0x76_69_65_77

export async function holdMonths(tx: Tx): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(${monthsLock})`)
}

/** The months that have a table of their own, as 2026-03. */
export async function months(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.query(sql<{ name: string }>`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'view.hit'::regclass and c.relname ~ '^hit_[0-9]{4}_[0-9]{2}$'`)
  return rows.map((row) => row.name.slice(4).replace('_', '-'))
}

const tableOf = (month: string) => {
  if (!/^\d{4}-\d{2}$/.test(month)) throw new TypeError(`“${month}” is not a month`)
  return sql.raw(`view.hit_${month.replace('-', '_')}`)
}

/**
 * Gives a month its table. Hits of it that came before are in the table for all others and move; attaching a table holds up nobody but
 * writers to that one.
 */
export async function attachMonth(tx: Tx, month: string, until: string): Promise<void> {
  const table = tableOf(month)
  const from = sql.lit(`${month}-01T00:00:00Z`)
  const to = sql.lit(`${until}-01T00:00:00Z`)
  await tx.change(sql`create table ${table} (like view.hit including defaults including constraints)`)
  await tx.change(sql`lock table view.hit_other in access exclusive mode`)
  await tx.change(sql`with moved as (delete from view.hit_other where at >= ${from} and at < ${to} returning ${columns}) insert into ${table} (${columns}) select ${columns} from moved`)
  await tx.change(sql`alter table view.hit attach partition ${table} for values from (${from}) to (${to})`)
}

export async function dropMonth(tx: Tx, month: string): Promise<void> {
  await tx.change(sql`drop table ${tableOf(month)}`)
}

export async function deleteHitsBefore(tx: Tx, time: Date, limit: number): Promise<number> {
  return await tx.change(sql`delete from view.hit where (at, id) in (select at, id from view.hit where at < ${time} order by at, id limit ${limit})`)
}
