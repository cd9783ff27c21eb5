import { sql, type Tx } from '#platform/db'
import type { Message, MessageState, MoveReason, PlannedMessage, Run } from './nudge.ts'
import type { Channel, StepName } from './workflow.ts'

interface RunRow {
  readonly id: string
  readonly credential_id: string
  readonly learner_id: string
  readonly issuer_id: string
  readonly experiment_id: string | null
  readonly arm: string | null
  readonly workflow: string
  readonly ghost: boolean
  readonly state: Run['state']
  readonly stopped_because: string | null
  readonly created_at: Date
  readonly ended_at: Date | null
}

interface MessageRow {
  readonly id: string
  readonly run_id: string
  readonly learner_id: string
  readonly credential_id: string
  readonly step: StepName
  readonly channel: Channel
  readonly nudge: boolean
  readonly ghost: boolean
  readonly state: MessageState
  readonly reason: string | null
  readonly first_due_at: Date | null
  readonly due_at: Date | null
  readonly moved_because: MoveReason | null
  readonly tries: number
  readonly time_zone: string | null
  readonly time_zone_of: 'learner' | 'issuer' | 'nobody' | null
  readonly claimed_at: Date | null
  readonly at: Date | null
  readonly clicked_at: Date | null
  readonly dismissed_at: Date | null
  readonly declined_at: Date | null
  readonly token: string
}

interface PlannedRow extends MessageRow {
  readonly issuer_id: string
  readonly workflow: string
  readonly run_active: boolean
}

const toRun = (row: RunRow): Run =>
  Object.freeze({
    id: row.id,
    credentialId: row.credential_id,
    learnerId: row.learner_id,
    issuerId: row.issuer_id,
    experimentId: row.experiment_id ?? undefined,
    arm: row.arm ?? undefined,
    workflow: row.workflow,
    ghost: row.ghost,
    state: row.state,
    stoppedBecause: row.stopped_because ?? undefined,
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
  })

const messageOf = (row: MessageRow): Message => ({
  id: row.id,
  runId: row.run_id,
  learnerId: row.learner_id,
  credentialId: row.credential_id,
  step: row.step,
  channel: row.channel,
  nudge: row.nudge,
  ghost: row.ghost,
  state: row.state,
  reason: row.reason ?? undefined,
  firstDueAt: row.first_due_at ?? undefined,
  dueAt: row.due_at ?? undefined,
  movedBecause: row.moved_because ?? undefined,
  tries: row.tries,
  timeZone: row.time_zone ?? undefined,
  timeZoneOf: row.time_zone_of ?? undefined,
  claimedAt: row.claimed_at ?? undefined,
  at: row.at ?? undefined,
  clickedAt: row.clicked_at ?? undefined,
  dismissedAt: row.dismissed_at ?? undefined,
  declinedAt: row.declined_at ?? undefined,
  token: row.token,
})
const toMessage = (row: MessageRow): Message => Object.freeze(messageOf(row))
const toPlanned = (row: PlannedRow): PlannedMessage => Object.freeze({ ...messageOf(row), issuerId: row.issuer_id, workflow: row.workflow, runActive: row.run_active })

const messageColumns = sql`m.id, m.run_id, m.learner_id, m.credential_id, m.step, m.channel, m.nudge, m.ghost, m.state, m.reason, m.first_due_at, m.due_at, m.moved_because, m.tries,
  m.time_zone, m.time_zone_of, m.claimed_at, m.at, m.clicked_at, m.dismissed_at, m.declined_at, m.token`
const plannedColumns = sql`${messageColumns}, r.issuer_id, r.workflow, r.state = 'active' as run_active`

// ---- runs ----

/** Writes runs for credentials that have none, and says for which that was so. */
export async function insertRuns(tx: Tx, runs: readonly Run[]): Promise<ReadonlySet<string>> {
  const of = <T>(pick: (one: Run) => T) => runs.map(pick)
  const rows = await tx.query(sql<{ id: string }>`insert into nudge.run (id, credential_id, learner_id, issuer_id, experiment_id, arm, workflow, ghost, state, created_at)
    select id, credential_id, learner_id, issuer_id, experiment_id, arm, workflow, ghost, 'active', ${tx.now}
    from unnest(${of((one) => one.id)}::uuid[], ${of((one) => one.credentialId)}::uuid[], ${of((one) => one.learnerId)}::uuid[], ${of((one) => one.issuerId)}::uuid[],
      ${of((one) => one.experimentId ?? null)}::uuid[], ${of((one) => one.arm ?? null)}::text[], ${of((one) => one.workflow)}::text[], ${of((one) => one.ghost)}::boolean[])
      as wanted (id, credential_id, learner_id, issuer_id, experiment_id, arm, workflow, ghost)
    on conflict (credential_id) do nothing returning id`)
  return new Set(rows.map((row) => row.id))
}

/**
 * Holds the runs of learners, or of credentials, until the transaction ends, always in the same order. Whoever decides about a learner's
 * messages, or stops them, holds these first: so caps over several credentials are true, and two senders never decide about one learner at once.
 */
export async function holdRunsOf(tx: Tx, of: { readonly learnerIds: readonly string[] } | { readonly credentialIds: readonly string[] }): Promise<readonly string[]> {
  const which = 'learnerIds' in of ? sql`learner_id = any(${of.learnerIds}::uuid[])` : sql`credential_id = any(${of.credentialIds}::uuid[])`
  const rows = await tx.query(sql<{ id: string }>`select id from nudge.run where ${which} order by id for no key update`)
  return rows.map((row) => row.id)
}

/** Holds runs, and says which of them are active. */
export async function holdRuns(tx: Tx, runIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query(sql<{ id: string; active: boolean }>`select id, state = 'active' as active from nudge.run where id = any(${runIds}::uuid[]) order by id for no key update`)
  return new Set(rows.filter((row) => row.active).map((row) => row.id))
}

export async function endRuns(tx: Tx, runs: readonly { readonly runId: string; readonly because: string }[]): Promise<void> {
  await tx.change(sql`update nudge.run r set state = 'stopped', stopped_because = s.because, ended_at = ${tx.now}
    from unnest(${runs.map((one) => one.runId)}::uuid[], ${runs.map((one) => one.because)}::text[]) as s (id, because) where r.id = s.id and r.state = 'active'`)
}

/** What was planned in these runs will not be sent: the nudges, or everything. */
export async function skipPlanned(tx: Tx, runs: readonly { readonly runId: string; readonly because: string }[], everything: boolean): Promise<void> {
  await tx.change(sql`update nudge.message m set state = 'skipped', reason = s.because
    from unnest(${runs.map((one) => one.runId)}::uuid[], ${runs.map((one) => one.because)}::text[]) as s (id, because)
    where m.run_id = s.id and m.state = 'planned' and (${everything} or m.nudge)`)
}

/** Ends the runs in which nothing is left to come. */
export async function endFinishedRuns(tx: Tx, runIds: readonly string[]): Promise<void> {
  await tx.change(sql`update nudge.run r set state = 'done', ended_at = ${tx.now} where r.id = any(${runIds}::uuid[]) and r.state = 'active'
    and not exists (select from nudge.message m where m.run_id = r.id and m.state in ('planned', 'sending'))`)
}

export async function runsOfCredentials(tx: Tx, credentialIds: readonly string[]): Promise<ReadonlyMap<string, Run>> {
  const rows = await tx.query(sql<RunRow>`select id, credential_id, learner_id, issuer_id, experiment_id, arm, workflow, ghost, state, stopped_because, created_at, ended_at from nudge.run where credential_id = any(${credentialIds}::uuid[])`)
  return new Map(rows.map((row) => [row.credential_id, toRun(row)]))
}

// ---- messages ----

export type NewMessage = Pick<Message, 'id' | 'runId' | 'learnerId' | 'credentialId' | 'step' | 'channel' | 'nudge' | 'ghost' | 'firstDueAt' | 'dueAt' | 'movedBecause' | 'timeZone' | 'timeZoneOf' | 'token'>

export async function insertMessages(tx: Tx, messages: readonly NewMessage[]): Promise<void> {
  const of = <T>(pick: (one: NewMessage) => T) => messages.map(pick)
  await tx.change(sql`insert into nudge.message (id, run_id, learner_id, credential_id, step, channel, nudge, ghost, state, first_due_at, due_at, try_at, moved_because, time_zone, time_zone_of, token)
    select id, run_id, learner_id, credential_id, step, channel, nudge, ghost, 'planned', first_due_at, due_at, due_at, moved_because, time_zone, time_zone_of, token
    from unnest(${of((one) => one.id)}::uuid[], ${of((one) => one.runId)}::uuid[], ${of((one) => one.learnerId)}::uuid[], ${of((one) => one.credentialId)}::uuid[], ${of((one) => one.step)}::text[],
      ${of((one) => one.channel)}::text[], ${of((one) => one.nudge)}::boolean[], ${of((one) => one.ghost)}::boolean[], ${of((one) => one.firstDueAt ?? null)}::timestamptz[], ${of((one) => one.dueAt ?? null)}::timestamptz[],
      ${of((one) => one.movedBecause ?? null)}::text[], ${of((one) => one.timeZone ?? null)}::text[], ${of((one) => one.timeZoneOf ?? null)}::text[], ${of((one) => one.token)}::text[])
      as planned (id, run_id, learner_id, credential_id, step, channel, nudge, ghost, first_due_at, due_at, moved_because, time_zone, time_zone_of, token)
    on conflict (run_id, step) do nothing`)
}

/** Messages to look at now, the longest due first; not held, so what is true of them is read again. */
export async function dueCandidates(tx: Tx, limit: number): Promise<readonly { readonly id: string; readonly learnerId: string }[]> {
  const rows = await tx.query(sql<{ id: string; learner_id: string }>`select id, learner_id from nudge.message where state = 'planned' and try_at <= ${tx.now} order by try_at, id limit ${limit}`)
  return rows.map((row) => ({ id: row.id, learnerId: row.learner_id }))
}

export async function dueMessages(tx: Tx, ids: readonly string[]): Promise<readonly PlannedMessage[]> {
  const rows = await tx.query(sql<PlannedRow>`select ${plannedColumns} from nudge.message m join nudge.run r on r.id = m.run_id
    where m.id = any(${ids}::uuid[]) and m.state = 'planned' and m.try_at <= ${tx.now} order by m.try_at, m.id`)
  return rows.map(toPlanned)
}

/** What waits for a visit of these learners, the oldest credential first. */
export async function atVisit(tx: Tx, learnerIds: readonly string[]): Promise<readonly PlannedMessage[]> {
  const rows = await tx.query(sql<PlannedRow>`select ${plannedColumns} from nudge.message m join nudge.run r on r.id = m.run_id
    where m.learner_id = any(${learnerIds}::uuid[]) and m.state = 'planned' and m.due_at is null and r.state = 'active' order by m.learner_id, m.run_id, m.id`)
  return rows.map(toPlanned)
}

/** When nudges reached learners, or may have, since a time. */
export async function recentNudges(tx: Tx, learnerIds: readonly string[], since: Date): Promise<readonly { readonly learnerId: string; readonly ghost: boolean; readonly at: Date }[]> {
  const rows = await tx.query(sql<{ learner_id: string; ghost: boolean; at: Date }>`select learner_id, ghost, coalesce(at, claimed_at) as at from nudge.message
    where learner_id = any(${learnerIds}::uuid[]) and nudge and state in ('sending', 'sent', 'shown', 'unknown') and coalesce(at, claimed_at) > ${since} order by at`)
  return rows.map((row) => ({ learnerId: row.learner_id, ghost: row.ghost, at: row.at }))
}

export async function markSending(tx: Tx, messages: readonly { readonly id: string; readonly zone: string; readonly zoneOf: string }[]): Promise<void> {
  await tx.change(sql`update nudge.message m set state = 'sending', claimed_at = ${tx.now}, tries = m.tries + 1, time_zone = s.zone, time_zone_of = s.zone_of
    from unnest(${messages.map((one) => one.id)}::uuid[], ${messages.map((one) => one.zone)}::text[], ${messages.map((one) => one.zoneOf)}::text[]) as s (id, zone, zone_of)
    where m.id = s.id and m.state = 'planned'`)
}

/** Puts messages where they end, from the state that they were in; `at` is kept where none is given. */
export async function settle(tx: Tx, from: 'planned' | 'sending', settled: readonly { readonly id: string; readonly state: MessageState; readonly reason?: string | undefined; readonly at?: Date | undefined }[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query(sql<{ id: string }>`update nudge.message m set state = s.state, reason = s.reason, at = coalesce(s.at, m.at)
    from unnest(${settled.map((one) => one.id)}::uuid[], ${settled.map((one) => one.state)}::text[], ${settled.map((one) => one.reason ?? null)}::text[], ${settled.map((one) => one.at ?? null)}::timestamptz[]) as s (id, state, reason, at)
    where m.id = s.id and m.state = ${from} returning m.id`)
  return new Set(rows.map((row) => row.id))
}

/** Looks at messages later: held back by the hours (still due when they were), or due on another day, by the day's nudge or because the credential is suspended. */
export async function moveMessages(tx: Tx, moved: readonly { readonly id: string; readonly tryAt: Date; readonly dueAt: Date | undefined; readonly because: string }[]): Promise<void> {
  await tx.change(sql`update nudge.message m set try_at = s.try_at, due_at = coalesce(s.due_at, m.due_at), moved_because = s.because
    from unnest(${moved.map((one) => one.id)}::uuid[], ${moved.map((one) => one.tryAt)}::timestamptz[], ${moved.map((one) => one.dueAt ?? null)}::timestamptz[], ${moved.map((one) => one.because)}::text[]) as s (id, try_at, due_at, because)
    where m.id = s.id and m.state = 'planned'`)
}

/** Back to planned: it certainly was not delivered. */
export async function returnToPlanned(tx: Tx, messages: readonly { readonly id: string; readonly tryAt: Date; readonly reason: string | undefined; readonly tried: boolean }[]): Promise<void> {
  await tx.change(sql`update nudge.message m set state = 'planned', claimed_at = null, try_at = s.try_at, reason = s.reason, tries = m.tries - case when s.tried then 0 else 1 end
    from unnest(${messages.map((one) => one.id)}::uuid[], ${messages.map((one) => one.tryAt)}::timestamptz[], ${messages.map((one) => one.reason ?? null)}::text[], ${messages.map((one) => one.tried)}::boolean[]) as s (id, try_at, reason, tried)
    where m.id = s.id and m.state = 'sending'`)
}

/** Messages that a process took and never settled. */
export async function leftSending(tx: Tx, claimedBefore: Date, limit: number): Promise<readonly PlannedMessage[]> {
  const rows = await tx.query(sql<PlannedRow>`select ${plannedColumns} from nudge.message m join nudge.run r on r.id = m.run_id where m.state = 'sending' and m.claimed_at < ${claimedBefore} order by m.claimed_at, m.id limit ${limit}`)
  return rows.map(toPlanned)
}

/** Those of the messages that are still to be decided on or settled, with what their runs say. */
export async function messagesSending(tx: Tx, ids: readonly string[]): Promise<readonly PlannedMessage[]> {
  const rows = await tx.query(sql<PlannedRow>`select ${plannedColumns} from nudge.message m join nudge.run r on r.id = m.run_id where m.id = any(${ids}::uuid[]) and m.state = 'sending' order by m.id`)
  return rows.map(toPlanned)
}

/** Messages that reached somebody, by the token in their link; a ghost's token reached nobody. */
export async function messagesByToken(tx: Tx, tokens: readonly string[]): Promise<ReadonlyMap<string, Message>> {
  const rows = await tx.query(sql<MessageRow>`select ${messageColumns} from nudge.message m where m.token = any(${tokens}::text[]) and not m.ghost and m.state in ('sending', 'sent', 'shown', 'unknown')`)
  return new Map(rows.map((row) => [row.token, toMessage(row)]))
}

export async function markAnswered(tx: Tx, answer: 'clicked' | 'dismissed' | 'declined', ids: readonly string[]): Promise<void> {
  const column = { clicked: sql`clicked_at`, dismissed: sql`dismissed_at`, declined: sql`declined_at` }[answer]
  await tx.change(sql`update nudge.message set ${column} = ${tx.now} where id = any(${ids}::uuid[]) and ${column} is null`)
}

/** Run by run, in the order of the steps. */
export async function messagesOfLearners(tx: Tx, learnerIds: readonly string[]): Promise<readonly Message[]> {
  return (await tx.query(sql<MessageRow>`select ${messageColumns} from nudge.message m where m.learner_id = any(${learnerIds}::uuid[]) order by m.learner_id, m.run_id, m.step`)).map(toMessage)
}

/** When the next mail is to be looked at; a simulation moves its clock there. */
export async function nextTryAt(tx: Tx): Promise<Date | undefined> {
  return (await tx.query(sql<{ at: Date | null }>`select min(try_at) as at from nudge.message where state = 'planned' and try_at is not null`))[0]?.at ?? undefined
}

export interface MessageCount {
  readonly experimentId: string | undefined
  readonly step: StepName
  readonly arm: string | undefined
  readonly ghost: boolean
  readonly state: MessageState
  readonly reason: string | undefined
  readonly count: number
  readonly clicked: number
  readonly declined: number
}

/** How many messages are in each state, by experiment, step, arm and ghost: of an issuer, or of everybody. */
export async function countMessages(tx: Tx, issuerId?: string): Promise<readonly MessageCount[]> {
  const rows = await tx.query(sql<Omit<MessageCount, 'experimentId' | 'arm' | 'reason'> & { experimentId: string | null; arm: string | null; reason: string | null }>`
    select r.experiment_id "experimentId", m.step, r.arm, m.ghost, m.state, case when m.state = 'skipped' then m.reason end as reason, count(*), count(m.clicked_at) as clicked, count(m.declined_at) as declined
    from nudge.message m join nudge.run r on r.id = m.run_id
    where ${issuerId ?? null}::uuid is null or r.issuer_id = ${issuerId ?? null}::uuid group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6`)
  return Object.freeze(rows.map((row) => Object.freeze({ ...row, experimentId: row.experimentId ?? undefined, arm: row.arm ?? undefined, reason: row.reason ?? undefined })))
}

/** Links in messages of erased learners lead nowhere; their time zone goes, and what a mail server answered, which often repeats the address. */
export async function blankMessages(tx: Tx, learnerIds: readonly string[]): Promise<void> {
  await tx.change(sql`update nudge.message set token = 'erased-' || id, time_zone = null, time_zone_of = null, reason = case when state = 'skipped' then reason end where learner_id = any(${learnerIds}::uuid[])`)
}

// ---- suppressions ----

export type SuppressionReason = 'unsubscribed' | 'bounced' | 'complained' | 'erased'

export async function suppressionsOf(tx: Tx, learnerIds: readonly string[]): Promise<ReadonlyMap<string, SuppressionReason>> {
  const rows = await tx.query(sql<{ learner_id: string; reason: SuppressionReason }>`select learner_id, reason from nudge.suppression where learner_id = any(${learnerIds}::uuid[])`)
  return new Map(rows.map((row) => [row.learner_id, row.reason]))
}

/** An erasure outweighs what stood there before. */
export async function insertSuppressions(tx: Tx, suppressed: readonly { readonly learnerId: string; readonly reason: SuppressionReason }[]): Promise<void> {
  await tx.change(sql`insert into nudge.suppression (learner_id, reason, at)
    select distinct on (learner_id) learner_id, reason, ${tx.now} from unnest(${suppressed.map((one) => one.learnerId)}::uuid[], ${suppressed.map((one) => one.reason)}::text[]) as s (learner_id, reason) order by learner_id
    on conflict (learner_id) do update set reason = excluded.reason, at = excluded.at where excluded.reason = 'erased' and suppression.reason <> 'erased'`)
}

export async function removeSuppressions(tx: Tx, learnerIds: readonly string[], reason: SuppressionReason): Promise<void> {
  await tx.change(sql`delete from nudge.suppression where learner_id = any(${learnerIds}::uuid[]) and reason = ${reason}`)
}

// ---- removal of an issuer ----

export async function messageIdsOfIssuer(tx: Tx, issuerId: string): Promise<readonly string[]> {
  return (await tx.query(sql<{ id: string }>`select m.id from nudge.message m join nudge.run r on r.id = m.run_id where r.issuer_id = ${issuerId}`)).map((row) => row.id)
}

export async function deleteNudges(tx: Tx, issuerId: string): Promise<void> {
  await tx.change(sql`delete from nudge.message where run_id in (select id from nudge.run where issuer_id = ${issuerId})`)
  await tx.change(sql`delete from nudge.run where issuer_id = ${issuerId}`)
}

export async function deleteSuppressions(tx: Tx, learnerIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from nudge.suppression where learner_id = any(${learnerIds}::uuid[])`)
}
