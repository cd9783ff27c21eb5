import { sql, type Tx } from '#platform/db'
import type { Answer } from './answer-once.ts'
import type { Claims } from './claims.ts'
import type { Achievement, Completion } from './completion.ts'

interface AchievementRow {
  readonly id: string
  readonly issuer_id: string
  readonly handle: string
  readonly domain: string
  readonly document: Record<string, unknown>
}

interface CompletionRow {
  readonly id: string
  readonly issuer_id: string
  readonly learner_id: string
  readonly achievement_id: string
  readonly completed_at: Date
  readonly recorded_at: Date
  readonly covariates: Record<string, string | number>
  readonly claims: Claims
}

const toAchievement = (row: AchievementRow): Achievement =>
  Object.freeze({ id: row.id, issuerId: row.issuer_id, handle: row.handle, domain: row.domain, document: Object.freeze(row.document) })

const toCompletion = (row: CompletionRow): Completion =>
  Object.freeze({
    id: row.id,
    issuerId: row.issuer_id,
    learnerId: row.learner_id,
    achievementId: row.achievement_id,
    completedAt: row.completed_at,
    recordedAt: row.recorded_at,
    covariates: Object.freeze(row.covariates),
    claims: Object.freeze(row.claims),
  })

export async function upsertAchievement(tx: Tx, achievement: Achievement): Promise<Achievement> {
  const rows = await tx.query(sql<AchievementRow>`insert into completion.achievement (id, issuer_id, handle, domain, document, created_at)
    values (${achievement.id}, ${achievement.issuerId}, ${achievement.handle}, ${achievement.domain}, ${JSON.stringify(achievement.document)}::jsonb, ${tx.now})
    on conflict (issuer_id, handle) do update set domain = excluded.domain, document = excluded.document
    returning id, issuer_id, handle, domain, document`)
  return toAchievement(rows[0]!)
}

export async function achievementsById(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Achievement>> {
  const rows = await tx.query(sql<AchievementRow>`select id, issuer_id, handle, domain, document from completion.achievement where id = any(${ids}::uuid[])`)
  return new Map(rows.map((row) => [row.id, toAchievement(row)]))
}

export async function achievementsOf(tx: Tx, issuerId: string): Promise<readonly Achievement[]> {
  return (await tx.query(sql<AchievementRow>`select id, issuer_id, handle, domain, document from completion.achievement where issuer_id = ${issuerId} order by handle`)).map(toAchievement)
}

export async function achievementByHandle(tx: Tx, issuerId: string, handle: string): Promise<Achievement | undefined> {
  const rows = await tx.query(sql<AchievementRow>`select id, issuer_id, handle, domain, document from completion.achievement where issuer_id = ${issuerId} and handle = ${handle}`)
  return rows[0] && toAchievement(rows[0])
}

/** Writes what is new and gives back every completion asked for, by "learner achievement". */
export async function insertCompletions(tx: Tx, wanted: readonly Completion[], source: string): Promise<ReadonlyMap<string, Completion>> {
  const of = <T>(pick: (one: Completion) => T) => wanted.map(pick)
  await tx.change(sql`insert into completion.completion (id, issuer_id, learner_id, achievement_id, completed_at, recorded_at, source, covariates, claims)
    select id, issuer_id, learner_id, achievement_id, completed_at, ${tx.now}, ${source}, covariates, claims
    from unnest(${of((one) => one.id)}::uuid[], ${of((one) => one.issuerId)}::uuid[], ${of((one) => one.learnerId)}::uuid[], ${of((one) => one.achievementId)}::uuid[],
      ${of((one) => one.completedAt)}::timestamptz[], ${of((one) => JSON.stringify(one.covariates))}::jsonb[], ${of((one) => JSON.stringify(one.claims))}::jsonb[])
      as wanted (id, issuer_id, learner_id, achievement_id, completed_at, covariates, claims)
    on conflict (learner_id, achievement_id) do nothing`)
  const rows = await tx.query(sql<CompletionRow>`select c.id, c.issuer_id, c.learner_id, c.achievement_id, c.completed_at, c.recorded_at, c.covariates, c.claims
    from completion.completion c join unnest(${of((one) => one.learnerId)}::uuid[], ${of((one) => one.achievementId)}::uuid[]) as wanted (learner_id, achievement_id)
      on wanted.learner_id = c.learner_id and wanted.achievement_id = c.achievement_id`)
  return new Map(rows.map((row) => [`${row.learner_id} ${row.achievement_id}`, toCompletion(row)]))
}

export async function completionsById(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Completion>> {
  const rows = await tx.query(sql<CompletionRow>`select id, issuer_id, learner_id, achievement_id, completed_at, recorded_at, covariates, claims from completion.completion where id = any(${ids}::uuid[])`)
  return new Map(rows.map((row) => [row.id, toCompletion(row)]))
}

/** Everything that learners completed, the oldest first. */
export async function completionsOfLearners(tx: Tx, learnerIds: readonly string[]): Promise<readonly Completion[]> {
  return (await tx.query(sql<CompletionRow>`select id, issuer_id, learner_id, achievement_id, completed_at, recorded_at, covariates, claims from completion.completion where learner_id = any(${learnerIds}::uuid[]) order by completed_at, id`)).map(toCompletion)
}

export async function blankCompletions(tx: Tx, learnerIds: readonly string[]): Promise<void> {
  await tx.change(sql`update completion.completion set covariates = '{}', claims = '{}' where learner_id = any(${learnerIds}::uuid[])`)
}

export async function countCompletions(tx: Tx, issuerId: string): Promise<number> {
  return (await tx.query(sql<{ count: number }>`select count(*) from completion.completion where issuer_id = ${issuerId}`))[0]?.count ?? 0
}

/** The kept answer for a key, or nothing when this transaction is the first; others with the same key wait here until it ends. */
export async function claimAnswer(tx: Tx, keyId: string, idempotencyKey: string, digest: Uint8Array): Promise<{ readonly digest: Buffer; readonly status: number; readonly body: Record<string, unknown> } | undefined> {
  const claimed = await tx.change(sql`insert into completion.answered (key_id, idempotency_key, request_digest, status, answer, at)
    values (${keyId}, ${idempotencyKey}, ${digest}, 0, '{}', ${tx.now}) on conflict do nothing`)
  if (claimed === 1) return undefined
  const rows = await tx.query(sql<{ request_digest: Buffer; status: number; answer: Record<string, unknown> }>`select request_digest, status, answer from completion.answered where key_id = ${keyId} and idempotency_key = ${idempotencyKey}`)
  return rows[0] && { digest: rows[0].request_digest, status: rows[0].status, body: rows[0].answer }
}

export async function keepAnswer(tx: Tx, keyId: string, idempotencyKey: string, answer: Answer): Promise<void> {
  await tx.change(sql`update completion.answered set status = ${answer.status}, answer = ${JSON.stringify(answer.body)}::jsonb where key_id = ${keyId} and idempotency_key = ${idempotencyKey}`)
}

export async function removeCompletions(tx: Tx, issuerId: string, keyIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from completion.answered where key_id = any(${keyIds}::uuid[])`)
  await tx.change(sql`delete from completion.completion where issuer_id = ${issuerId}`)
  await tx.change(sql`delete from completion.achievement where issuer_id = ${issuerId}`)
}
