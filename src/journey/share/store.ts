import { sql, type Tx } from '#platform/db'
import type { Confirmation, Placement } from './placement.ts'

interface PlacementRow {
  readonly id: string
  readonly credential_id: string
  readonly learner_id: string
  readonly target: string
  readonly token: string
  readonly prompted_by: string | null
  readonly instance: string | null
  readonly clicked_at: Date | null
  readonly confirmed_at: Date | null
  readonly confirmed_by: Confirmation | null
  readonly seen_at: Date | null
}

const toPlacement = (row: PlacementRow): Placement =>
  Object.freeze({
    id: row.id,
    credentialId: row.credential_id,
    learnerId: row.learner_id,
    target: row.target,
    token: row.token,
    promptedBy: row.prompted_by ?? undefined,
    instance: row.instance ?? undefined,
    clickedAt: row.clicked_at ?? undefined,
    confirmedAt: row.confirmed_at ?? undefined,
    confirmedBy: row.confirmed_by ?? undefined,
    seenAt: row.seen_at ?? undefined,
  })

const columns = sql`p.id, p.credential_id, p.learner_id, p.target, p.token, p.prompted_by, p.instance, p.clicked_at, p.confirmed_at, p.confirmed_by, p.seen_at`

/** Writes the placements that are not there yet, and says which those were; one that was known from a profile only takes the time of the first click. In one order, so that two who write at once do not wait for each other in a ring. */
export async function insertPlacements(tx: Tx, placements: readonly Placement[]): Promise<ReadonlySet<string>> {
  const of = <T>(pick: (one: Placement) => T) => placements.map(pick)
  const rows = await tx.query(sql<{ id: string }>`insert into share.placement (id, credential_id, learner_id, target, token, prompted_by, instance, clicked_at)
    select id, credential_id, learner_id, target, token, prompted_by, instance, clicked_at
    from unnest(${of((one) => one.id)}::uuid[], ${of((one) => one.credentialId)}::uuid[], ${of((one) => one.learnerId)}::uuid[], ${of((one) => one.target)}::text[], ${of((one) => one.token)}::text[],
      ${of((one) => one.promptedBy ?? null)}::uuid[], ${of((one) => one.instance ?? null)}::text[], ${of((one) => one.clickedAt ?? null)}::timestamptz[])
      as wanted (id, credential_id, learner_id, target, token, prompted_by, instance, clicked_at)
    order by credential_id, target
    on conflict (credential_id, target) do update set clicked_at = excluded.clicked_at where placement.clicked_at is null and excluded.clicked_at is not null returning id`)
  return new Set(rows.map((row) => row.id))
}

/** Learners move: the server that was named last is the one. */
export async function setInstances(tx: Tx, placements: readonly Placement[]): Promise<void> {
  if (placements.length === 0) return
  await tx.change(sql`update share.placement p set instance = named.instance
    from unnest(${placements.map((one) => one.credentialId)}::uuid[], ${placements.map((one) => one.target)}::text[], ${placements.map((one) => one.instance ?? null)}::text[]) as named (credential_id, target, instance)
    where p.credential_id = named.credential_id and p.target = named.target and p.instance is distinct from named.instance`)
}

/** The server that a learner named last, at any credential of theirs. */
export async function lastInstance(tx: Tx, learnerId: string): Promise<string | undefined> {
  const rows = await tx.query(sql<{ instance: string }>`select instance from share.placement where learner_id = ${learnerId} and instance is not null order by clicked_at desc nulls last limit 1`)
  return rows[0]?.instance
}

export async function placementsAt(tx: Tx, places: readonly Pick<Placement, 'credentialId' | 'target'>[]): Promise<readonly Placement[]> {
  const rows = await tx.query(sql<PlacementRow>`select ${columns} from share.placement p
    join unnest(${places.map((one) => one.credentialId)}::uuid[], ${places.map((one) => one.target)}::text[]) as wanted (credential_id, target) on wanted.credential_id = p.credential_id and wanted.target = p.target`)
  return rows.map(toPlacement)
}

export async function placementsByToken(tx: Tx, tokens: readonly string[]): Promise<ReadonlyMap<string, Placement>> {
  if (tokens.length === 0) return new Map()
  const rows = await tx.query(sql<PlacementRow>`select ${columns} from share.placement p where p.token = any(${tokens}::text[])`)
  return new Map(rows.map((row) => [row.token, toPlacement(row)]))
}

export async function placementByToken(tx: Tx, token: string): Promise<Placement | undefined> {
  return (await placementsByToken(tx, [token])).get(token)
}

export async function placementsById(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Placement>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.query(sql<PlacementRow>`select ${columns} from share.placement p where p.id = any(${ids}::uuid[])`)
  return new Map(rows.map((row) => [row.id, toPlacement(row)]))
}

/** The placements of credentials, the first one first. */
export async function sharesOf(tx: Tx, credentialIds: readonly string[]): Promise<ReadonlyMap<string, readonly Placement[]>> {
  const rows = await tx.query(sql<PlacementRow>`select ${columns} from share.placement p where p.credential_id = any(${credentialIds}::uuid[]) order by coalesce(p.clicked_at, p.confirmed_at), p.id`)
  const shares = new Map<string, Placement[]>(credentialIds.map((id) => [id, []]))
  for (const row of rows) shares.get(row.credential_id)?.push(toPlacement(row))
  return shares
}

export async function markConfirmed(tx: Tx, confirmed: readonly { readonly id: string; readonly by: Confirmation }[]): Promise<readonly Placement[]> {
  const rows = await tx.query(sql<PlacementRow>`with held as (
      select p.id, c.by from share.placement p join unnest(${confirmed.map((one) => one.id)}::uuid[], ${confirmed.map((one) => one.by)}::text[]) as c (id, by) on c.id = p.id
      where p.confirmed_at is null order by p.id for no key update of p)
    update share.placement p set confirmed_at = ${tx.now}, confirmed_by = held.by from held where held.id = p.id and p.confirmed_at is null returning ${columns}`)
  return Object.freeze(rows.map(toPlacement))
}

/** Keeps each kind of evidence once, with the time at which it first came. */
export async function keepEvidence(tx: Tx, evidence: readonly { readonly id: string; readonly by: Confirmation }[]): Promise<void> {
  await tx.change(sql`insert into share.evidence (placement_id, kind, at)
    select distinct id, kind, ${tx.now}::timestamptz from unnest(${evidence.map((one) => one.id)}::uuid[], ${evidence.map((one) => one.by)}::text[]) as e (id, kind) order by 1, 2
    on conflict do nothing`)
}

export async function setSeen(tx: Tx, tokens: readonly string[]): Promise<void> {
  await tx.change(sql`with held as (select id from share.placement where token = any(${tokens}::text[]) and seen_at is null order by id for no key update)
    update share.placement p set seen_at = ${tx.now} from held where held.id = p.id and p.seen_at is null`)
}

export async function blankTokens(tx: Tx, learnerIds: readonly string[]): Promise<void> {
  await tx.change(sql`update share.placement set token = 'erased-' || id, instance = null where learner_id = any(${learnerIds}::uuid[])`)
}

export async function deletePlacements(tx: Tx, credentialIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from share.placement where credential_id = any(${credentialIds}::uuid[])`)
}

// ---- cards ----

export interface KeptCard {
  readonly credentialId: string
  readonly learnerId: string
  readonly key: string
  readonly png: Uint8Array<ArrayBuffer>
}

export async function keptCard(tx: Tx, credentialId: string): Promise<{ readonly key: string; readonly png: Uint8Array<ArrayBuffer> } | undefined> {
  const [row] = await tx.query(sql<{ key: string; png: Buffer }>`select key, png from share.card where credential_id = ${credentialId}`)
  return row && { key: row.key, png: new Uint8Array(row.png) }
}

export async function keptCardKeys(tx: Tx, credentialIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query(sql<{ credential_id: string; key: string }>`select credential_id, key from share.card where credential_id = any(${credentialIds}::uuid[])`)
  return new Map(rows.map((row) => [row.credential_id, row.key]))
}

/** Row by row: a picture travels as bytes; in a list of pictures each would travel as text, twice as long. */
export async function keepCards(tx: Tx, cards: readonly KeptCard[]): Promise<void> {
  for (const one of cards.toSorted((a, b) => (a.credentialId < b.credentialId ? -1 : 1))) {
    await tx.change(sql`insert into share.card (credential_id, learner_id, key, png, made_at) values (${one.credentialId}, ${one.learnerId}, ${one.key}, ${Buffer.from(one.png)}, ${tx.now})
      on conflict (credential_id) do update set key = excluded.key, png = excluded.png, made_at = excluded.made_at`)
  }
}

export async function deleteCardsOf(tx: Tx, learnerIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from share.card where learner_id = any(${learnerIds}::uuid[])`)
}

export async function deleteCards(tx: Tx, credentialIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from share.card where credential_id = any(${credentialIds}::uuid[])`)
}
