import { isObject, type JsonObject } from '#kernel/openbadge'
import { sql, type Tx } from '#platform/db'
import type { Credential, Visibility } from './credential.ts'

interface CredentialRow {
  readonly id: string
  readonly public_id: string
  readonly completion_id: string
  readonly issuer_id: string
  readonly learner_id: string
  readonly achievement_id: string
  readonly valid_from: Date
  readonly prepared_at: Date
  readonly signed_at: Date | null
  readonly signed: string | null
  readonly visibility: Visibility
  readonly known_as: string | null
  readonly status_list_id: string
  readonly status_index: number
  readonly suspension_list_id: string | null
  readonly suspended_at: Date | null
  readonly suspension_reason: string | null
  readonly revoked_at: Date | null
  readonly revocation_reason: string | null
  readonly withdrawn_at: Date | null
}

const toCredential = (row: CredentialRow): Credential =>
  Object.freeze({
    id: row.id,
    publicId: row.public_id,
    completionId: row.completion_id,
    issuerId: row.issuer_id,
    learnerId: row.learner_id,
    achievementId: row.achievement_id,
    validFrom: row.valid_from,
    preparedAt: row.prepared_at,
    signedAt: row.signed_at ?? undefined,
    signed: row.signed ?? undefined,
    visibility: row.visibility,
    knownAs: row.known_as ?? undefined,
    statusListId: row.status_list_id,
    statusIndex: row.status_index,
    suspensionListId: row.suspension_list_id ?? undefined,
    suspendedAt: row.suspended_at ?? undefined,
    suspensionReason: row.suspension_reason ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
    revocationReason: row.revocation_reason ?? undefined,
    withdrawnAt: row.withdrawn_at ?? undefined,
  })

/** Without the signed text, which is long. */
const facts = sql`id, public_id, completion_id, issuer_id, learner_id, achievement_id, valid_from, prepared_at, signed_at, null::text as signed, visibility, known_as, status_list_id, status_index, suspension_list_id, suspended_at, suspension_reason, revoked_at, revocation_reason, withdrawn_at`
const everything = sql`id, public_id, completion_id, issuer_id, learner_id, achievement_id, valid_from, prepared_at, signed_at, signed, visibility, known_as, status_list_id, status_index, suspension_list_id, suspended_at, suspension_reason, revoked_at, revocation_reason, withdrawn_at`

/** With its signed document. */
export async function credentialByPublicId(tx: Tx, publicId: string): Promise<Credential | undefined> {
  const rows = await tx.query(sql<CredentialRow>`select ${everything} from credential.credential where public_id = ${publicId}`)
  return rows[0] && toCredential(rows[0])
}

export async function credentialsById(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Credential>> {
  const rows = await tx.query(sql<CredentialRow>`select ${everything} from credential.credential where id = any(${ids}::uuid[])`)
  return new Map(rows.map((row) => [row.id, toCredential(row)]))
}

/** With the signed documents only where they are asked for. */
export async function credentialsOfCompletions(tx: Tx, completionIds: readonly string[], options: { readonly signed?: boolean } = {}): Promise<readonly Credential[]> {
  return (await tx.query(sql<CredentialRow>`select ${options.signed === true ? everything : facts} from credential.credential where completion_id = any(${completionIds}::uuid[]) order by prepared_at, id`)).map(toCredential)
}

/** In the order of issuing, without the signed documents. */
export async function credentialsOfLearners(tx: Tx, learnerIds: readonly string[]): Promise<readonly Credential[]> {
  return (await tx.query(sql<CredentialRow>`select ${facts} from credential.credential where learner_id = any(${learnerIds}::uuid[]) order by prepared_at, id`)).map(toCredential)
}

/** Newest first, without the signed documents. */
export async function credentialsOfIssuer(tx: Tx, issuerId: string, page: { readonly before?: string | undefined; readonly limit: number }): Promise<readonly Credential[]> {
  return (await tx.query(sql<CredentialRow>`select ${facts} from credential.credential where issuer_id = ${issuerId} and id < ${page.before ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'}::uuid order by id desc limit ${page.limit}`)).map(toCredential)
}

/** What learners of an issuer made public and what holds, newest first; by an index that has nothing else in it. */
export async function publicCredentialsOf(tx: Tx, issuerId: string, page: { readonly before?: string | undefined; readonly limit: number }): Promise<readonly Credential[]> {
  return (await tx.query(sql<CredentialRow>`select ${facts} from credential.credential where issuer_id = ${issuerId} and visibility = 'public' and signed_at is not null and revoked_at is null and suspended_at is null and withdrawn_at is null
      and id < ${page.before ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'}::uuid order by id desc limit ${page.limit}`)).map(toCredential)
}

export interface CredentialCount {
  readonly signed: number
  readonly revoked: number
  readonly suspended: number
}

const countOf = (rows: readonly CredentialCount[]): CredentialCount => Object.freeze(rows[0] ?? { signed: 0, revoked: 0, suspended: 0 })

/** Of an issuer, from the tally: as fast with a million as with ten. */
export async function countCredentials(tx: Tx, issuerId: string): Promise<CredentialCount> {
  return countOf(await tx.query(sql<CredentialCount>`select coalesce(sum(signed), 0)::bigint signed, coalesce(sum(revoked), 0)::bigint revoked, coalesce(sum(suspended), 0)::bigint suspended from credential.tally where issuer_id = ${issuerId}`))
}

/** Of one achievement. */
export async function countCredentialsOf(tx: Tx, achievementId: string): Promise<CredentialCount> {
  return countOf(await tx.query(sql<CredentialCount>`select coalesce(sum(signed), 0)::bigint signed, coalesce(sum(revoked), 0)::bigint revoked, coalesce(sum(suspended), 0)::bigint suspended from credential.tally where achievement_id = ${achievementId}`))
}

/** Adds to the tally for rows that a statement changed; `changed` is the name of its rows, with achievement_id, issuer_id, and the three differences. In the order of the keys, so that two never wait for each other in a ring. */
const tallied = (changed: string) => sql`insert into credential.tally as t (achievement_id, slot, issuer_id, signed, revoked, suspended)
  select achievement_id, pg_backend_pid() % 16, issuer_id, sum(signed), sum(revoked), sum(suspended) from ${sql.raw(changed)} group by achievement_id, issuer_id order by achievement_id
  on conflict (achievement_id, slot) do update set signed = t.signed + excluded.signed, revoked = t.revoked + excluded.revoked, suspended = t.suspended + excluded.suspended`

/**
 * For credentials by their public ids, a text that changes with whatever is on record of them: the last transaction that wrote the row
 * (PostgreSQL's xmin: status, visibility, withdrawal are columns of it), and the end of the key that signed them.
 */
export async function credentialVersions(tx: Pick<Tx, 'query'>, publicIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query(sql<{ public_id: string; version: string }>`select c.public_id, concat_ws(' ', c.xmin, k.compromised_at) version
    from credential.credential c join credential.signing_key k on k.id = c.key_id where c.public_id = any(${publicIds}::text[])`)
  return new Map(rows.map((row) => [row.public_id, row.version]))
}

export interface NewCredential {
  readonly id: string
  readonly publicId: string
  readonly completionId: string
  readonly learnerId: string
  readonly achievementId: string
  readonly statusListId: string
  readonly statusIndex: number
  readonly suspensionListId: string | undefined
  readonly validFrom: Date
  readonly prepared: string
}

export async function completionsWithCredential(tx: Tx, completionIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query(sql<{ completion_id: string }>`select completion_id from credential.credential where completion_id = any(${completionIds}::uuid[])`)
  return new Set(rows.map((row) => row.completion_id))
}

/** The journal of what is to be signed; says which of it was written. A completion that another process prepared meanwhile keeps that one. */
export async function insertPrepared(tx: Tx, issuerId: string, keyId: string, credentials: readonly NewCredential[]): Promise<ReadonlySet<string>> {
  const of = <T>(pick: (one: NewCredential) => T) => credentials.map(pick)
  const written = await tx.query(sql<{ id: string }>`insert into credential.credential (id, public_id, completion_id, issuer_id, learner_id, achievement_id, key_id, status_list_id, status_index, suspension_list_id, valid_from, prepared_at, prepared)
    select id, public_id, completion_id, ${issuerId}::uuid, learner_id, achievement_id, ${keyId}::uuid, status_list_id, status_index, suspension_list_id, valid_from, ${tx.now}, prepared
    from unnest(${of((one) => one.id)}::uuid[], ${of((one) => one.publicId)}::text[], ${of((one) => one.completionId)}::uuid[], ${of((one) => one.learnerId)}::uuid[], ${of((one) => one.achievementId)}::uuid[],
      ${of((one) => one.statusListId)}::uuid[], ${of((one) => one.statusIndex)}::int[], ${of((one) => one.suspensionListId ?? null)}::uuid[], ${of((one) => one.validFrom)}::timestamptz[], ${of((one) => one.prepared)}::text[])
      as prepared (id, public_id, completion_id, learner_id, achievement_id, status_list_id, status_index, suspension_list_id, valid_from, prepared)
    on conflict (completion_id) do nothing returning id`)
  return new Set(written.map((row) => row.id))
}

export interface Prepared {
  readonly id: string
  readonly keyId: string
  readonly document: JsonObject
  readonly preparedAt: Date
}

/** What was prepared for these completions and is not signed yet. */
export async function preparedFor(tx: Tx, completionIds: readonly string[]): Promise<readonly Prepared[]> {
  const rows = await tx.query(sql<{ id: string; key_id: string; prepared: string; prepared_at: Date }>`
    select id, key_id, prepared, prepared_at from credential.credential where completion_id = any(${completionIds}::uuid[]) and signed_at is null and withdrawn_at is null order by id`)
  return rows.map((row) => ({ id: row.id, keyId: row.key_id, document: documentIn(row.prepared), preparedAt: row.prepared_at }))
}

function documentIn(text: string): JsonObject {
  const document: unknown = JSON.parse(text)
  if (!isObject(document)) throw new TypeError('what was prepared is not a document')
  return document
}

/** Stores signatures and says which credentials had none before: those are the ones to announce. None is kept of a key that was taken from them meanwhile. */
export async function storeSigned(tx: Tx, keyId: string, signed: readonly { readonly id: string; readonly signed: string }[]): Promise<readonly string[]> {
  const rows = await tx.query(sql<{ id: string }>`with changed as (update credential.credential c set signed = s.signed, signed_at = ${tx.now}, prepared = null
      from unnest(${signed.map((one) => one.id)}::uuid[], ${signed.map((one) => one.signed)}::text[]) as s (id, signed)
      where c.id = s.id and c.key_id = ${keyId} and c.signed_at is null and c.withdrawn_at is null returning c.id, c.achievement_id, c.issuer_id, 1 signed, 0 revoked, 0 suspended),
    counted as (${tallied('changed')})
    select id from changed`)
  return rows.map((row) => row.id)
}

/** Completions whose credential was not finished in time, oldest first, by issuer: a job that was lost, or a crash between the steps. */
export async function completionsLeftBehind(tx: Tx, before: Date, limit: number): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx.query(sql<{ issuer_id: string; completion_id: string }>`select issuer_id, completion_id from credential.credential
    where signed_at is null and withdrawn_at is null and prepared_at < ${before} order by prepared_at limit ${limit}`)
  const byIssuer = new Map<string, string[]>()
  for (const row of rows) byIssuer.set(row.issuer_id, [...(byIssuer.get(row.issuer_id) ?? []), row.completion_id])
  return byIssuer
}

export async function unsignedCount(tx: Tx): Promise<number> {
  return (await tx.query(sql<{ count: number }>`select count(*) from credential.credential where signed_at is null and withdrawn_at is null`))[0]?.count ?? 0
}

export async function updateKnownAs(tx: Tx, credentialId: string, name: string | undefined): Promise<number> {
  return await tx.change(sql`update credential.credential set known_as = ${name ?? null} where id = ${credentialId} and withdrawn_at is null`)
}

export async function updateVisibility(tx: Tx, credentialIds: readonly string[], visibility: Visibility): Promise<number> {
  return await tx.change(sql`update credential.credential set visibility = ${visibility} where id = any(${credentialIds}::uuid[]) and withdrawn_at is null`)
}

export async function markRevoked(tx: Tx, ids: readonly string[], reason: string): Promise<void> {
  await tx.change(sql`with changed as (update credential.credential set revoked_at = ${tx.now}, revocation_reason = ${reason} where id = any(${ids}::uuid[]) and revoked_at is null
      returning achievement_id, issuer_id, 0 signed, 1 revoked, case when suspended_at is null then 0 else -1 end suspended)
    ${tallied('changed')}`)
}

/** Sets the suspension of credentials, or takes it away. */
export async function markSuspended(tx: Tx, ids: readonly string[], reason: string | undefined): Promise<void> {
  const on = reason !== undefined
  await tx.change(sql`with changed as (update credential.credential set suspended_at = ${on ? tx.now : null}, suspension_reason = ${reason ?? null} where id = any(${ids}::uuid[]) and revoked_at is null and (suspended_at is null) = ${on}
      returning achievement_id, issuer_id, 0 signed, 0 revoked, ${on ? 1 : -1}::int suspended)
    ${tallied('changed')}`)
}

/** Credentials by their public ids, held until the transaction ends, so that no two changes of status pass each other. */
export async function lockByPublicId(tx: Tx, publicIds: readonly string[]): Promise<ReadonlyMap<string, Credential>> {
  const rows = await tx.query(sql<CredentialRow>`select ${facts} from credential.credential where public_id = any(${publicIds}::text[]) order by id for update`)
  return new Map(rows.map((row) => [row.public_id, toCredential(row)]))
}

export async function lockById(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Credential>> {
  const rows = await tx.query(sql<CredentialRow>`select ${facts} from credential.credential where id = any(${ids}::uuid[]) order by id for update`)
  return new Map(rows.map((row) => [row.id, toCredential(row)]))
}

export async function withdraw(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.change(sql`update credential.credential set withdrawn_at = ${tx.now}, signed = null, prepared = null, visibility = 'private', known_as = null, revocation_reason = null, suspension_reason = null where id = any(${ids}::uuid[])`)
}

/** Reasons are words about a person; that something was revoked, when and by whom, stays. */
export async function blankReasons(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.change(sql`update credential.status_change set reason = '' where credential_id = any(${ids}::uuid[])`)
}

export async function insertStatusChanges(tx: Tx, ids: readonly string[], change: 'revoked' | 'suspended' | 'reinstated' | 'withdrawn', reason: string, byWhom: string): Promise<void> {
  await tx.change(sql`insert into credential.status_change (id, credential_id, change, reason, by_whom, at)
    select id, credential_id, ${change}, ${reason}, ${byWhom}, ${tx.now} from unnest(${ids.map(() => tx.ids.uuid(tx.now))}::uuid[], ${ids}::uuid[]) as changed (id, credential_id)`)
}

export type StatusPurpose = 'revocation' | 'suspension'

interface StatusListRow {
  readonly id: string
  readonly issuer_id: string
  readonly purpose: StatusPurpose
  readonly length: number
  readonly used: number
  readonly bits: Buffer
  readonly signed: string | null
  readonly signed_until: Date | null
}

export interface StatusList {
  readonly id: string
  readonly issuerId: string
  readonly purpose: StatusPurpose
  readonly length: number
  readonly used: number
  readonly bits: Uint8Array
  readonly signed: string | undefined
  readonly signedUntil: Date | undefined
}

const toStatusList = (row: StatusListRow): StatusList => ({ id: row.id, issuerId: row.issuer_id, purpose: row.purpose, length: row.length, used: row.used, bits: row.bits, signed: row.signed ?? undefined, signedUntil: row.signed_until ?? undefined })
const listColumns = sql`id, issuer_id, purpose, length, used, bits, signed, signed_until`

export interface OpenList {
  readonly id: string
  readonly number: number
  readonly used: number
}

/** The issuer's list that still has room, held until the transaction ends so that no two allot from it at once. */
export async function lockOpenStatusList(tx: Tx, issuerId: string, closedAt: number): Promise<OpenList | undefined> {
  const rows = await tx.query(sql<OpenList>`select id, number, used from credential.status_list where issuer_id = ${issuerId} and purpose = 'revocation' and used < ${closedAt} order by number desc limit 1 for update`)
  return rows[0]
}

/** Undefined where another process made the next list at the same moment: it is there now. */
export async function insertStatusList(tx: Tx, issuerId: string, length: number): Promise<OpenList | undefined> {
  const rows = await tx.query(sql<OpenList>`insert into credential.status_list (id, issuer_id, number, purpose, length, bits, changed_at)
    values (${tx.ids.uuid(tx.now)}, ${issuerId}, (select coalesce(max(number), 0) + 1 from credential.status_list where issuer_id = ${issuerId} and purpose = 'revocation'),
      'revocation', ${length}, ${new Uint8Array(length / 8)}, ${tx.now}) on conflict (issuer_id, purpose, number) do nothing returning id, number, used`)
  return rows[0]
}

/** The list of suspensions beside a list of revocations: the same number, the same places. Made when it is first needed, by whoever holds the other one. */
export async function suspensionListBeside(tx: Tx, issuerId: string, number: number, length: number): Promise<string> {
  const found = (await tx.query(sql<{ id: string }>`select id from credential.status_list where issuer_id = ${issuerId} and purpose = 'suspension' and number = ${number}`))[0]?.id
  if (found !== undefined) return found
  const id = tx.ids.uuid(tx.now)
  await tx.change(sql`insert into credential.status_list (id, issuer_id, number, purpose, length, bits, changed_at) values (${id}, ${issuerId}, ${number}, 'suspension', ${length}, ${new Uint8Array(length / 8)}, ${tx.now})`)
  return id
}

export async function takenIndexes(tx: Tx, listId: string, indexes: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await tx.query(sql<{ status_index: number }>`select status_index from credential.credential where status_list_id = ${listId} and status_index = any(${indexes}::int[])`)
  return new Set(rows.map((row) => row.status_index))
}

export async function useIndexes(tx: Tx, listId: string, count: number): Promise<void> {
  await tx.change(sql`update credential.status_list set used = used + ${count} where id = ${listId}`)
}

/** The bits of lists, held until the transaction ends. In the order of their ids, so that two changes never wait for each other. */
export async function lockStatusLists(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const rows = await tx.query(sql<{ id: string; bits: Buffer }>`select id, bits from credential.status_list where id = any(${ids}::uuid[]) order by id for update`)
  return new Map(rows.map((row) => [row.id, row.bits]))
}

/** Keeps changed bits; the list is signed anew when it is next asked for. */
export async function keepBits(tx: Tx, id: string, bits: Uint8Array): Promise<void> {
  await tx.change(sql`update credential.status_list set bits = ${bits}, changed_at = ${tx.now}, signed = null where id = ${id}`)
}

export async function statusListById(tx: Tx, id: string): Promise<StatusList | undefined> {
  const rows = await tx.query(sql<StatusListRow>`select ${listColumns} from credential.status_list where id = ${id}`)
  return rows[0] && toStatusList(rows[0])
}

/** Keeps the list as served, unless it changed while it was being signed. */
export async function keepSignedList(tx: Tx, id: string, bits: Uint8Array, signed: string, until: Date): Promise<void> {
  await tx.change(sql`update credential.status_list set signed = ${signed}, signed_until = ${until} where id = ${id} and bits = ${bits}`)
}

export interface KeyRecord {
  readonly id: string
  readonly issuerId: string
  readonly publicMultibase: string
  readonly sealedSeed: Uint8Array
  readonly createdAt: Date
  readonly retiredAt: Date | undefined
  readonly compromisedAt: Date | undefined
}

interface KeyRow {
  readonly id: string
  readonly issuer_id: string
  readonly public_multibase: string
  readonly sealed_seed: Buffer
  readonly created_at: Date
  readonly retired_at: Date | null
  readonly compromised_at: Date | null
}

const toKey = (row: KeyRow): KeyRecord => ({
  id: row.id,
  issuerId: row.issuer_id,
  publicMultibase: row.public_multibase,
  sealedSeed: row.sealed_seed,
  createdAt: row.created_at,
  retiredAt: row.retired_at ?? undefined,
  compromisedAt: row.compromised_at ?? undefined,
})

export async function insertKey(tx: Tx, key: KeyRecord): Promise<void> {
  await tx.change(sql`insert into credential.signing_key (id, issuer_id, public_multibase, sealed_seed, created_at) values (${key.id}, ${key.issuerId}, ${key.publicMultibase}, ${key.sealedSeed}, ${key.createdAt})`)
}

export async function keysOfIssuer(tx: Tx, issuerId: string): Promise<readonly KeyRecord[]> {
  return (await tx.query(sql<KeyRow>`select id, issuer_id, public_multibase, sealed_seed, created_at, retired_at, compromised_at from credential.signing_key where issuer_id = ${issuerId} order by created_at, id`)).map(toKey)
}

export async function retireKey(tx: Tx, issuerId: string): Promise<void> {
  await tx.change(sql`update credential.signing_key set retired_at = ${tx.now} where issuer_id = ${issuerId} and retired_at is null`)
}

export async function markCompromised(tx: Tx, keyId: string, since: Date): Promise<void> {
  await tx.change(sql`update credential.signing_key set compromised_at = ${since} where id = ${keyId}`)
}

/** What was prepared for one key and is unsigned goes to another, with the name of the issuer where that is the key's own. */
export async function moveUnsigned(tx: Tx, fromKey: string, toKey: string, fromName: string, toName: string): Promise<void> {
  await tx.change(sql`update credential.credential set key_id = ${toKey}, prepared = replace(prepared, ${fromName}, ${toName}) where key_id = ${fromKey} and signed_at is null and withdrawn_at is null`)
}

export async function forgetSignedLists(tx: Tx, issuerId: string): Promise<void> {
  await tx.change(sql`update credential.status_list set signed = null where issuer_id = ${issuerId}`)
}

/** When a key was declared compromised, if it is one of ours and was. */
export async function compromiseOf(tx: Tx, publicMultibase: string): Promise<Date | undefined> {
  return (await tx.query(sql<{ at: Date | null }>`select compromised_at at from credential.signing_key where public_multibase = ${publicMultibase}`))[0]?.at ?? undefined
}

export async function issuerOfKey(tx: Tx, publicMultibase: string): Promise<string | undefined> {
  return (await tx.query(sql<{ issuer_id: string }>`select issuer_id from credential.signing_key where public_multibase = ${publicMultibase} and compromised_at is null`))[0]?.issuer_id
}

export async function removeCredentials(tx: Tx, issuerId: string): Promise<void> {
  await tx.change(sql`delete from credential.status_change s using credential.credential c where c.id = s.credential_id and c.issuer_id = ${issuerId}`)
  await tx.change(sql`delete from credential.credential where issuer_id = ${issuerId}`)
  await tx.change(sql`delete from credential.tally where issuer_id = ${issuerId}`)
  await tx.change(sql`delete from credential.status_list where issuer_id = ${issuerId}`)
  await tx.change(sql`delete from credential.signing_key where issuer_id = ${issuerId}`)
}

export async function credentialIdsOf(tx: Tx, issuerId: string): Promise<readonly string[]> {
  return (await tx.query(sql<{ id: string }>`select id from credential.credential where issuer_id = ${issuerId}`)).map((row) => row.id)
}

/** The public id of a credential that its learner has opened to others, the newest; undefined when there is none. */
export async function aCredentialToShow(tx: Tx): Promise<string | undefined> {
  return (await tx.query(sql<{ public_id: string }>`select public_id from credential.credential where visibility <> 'private' and signed_at is not null and revoked_at is null and suspended_at is null and withdrawn_at is null order by id desc limit 1`))[0]?.public_id
}
