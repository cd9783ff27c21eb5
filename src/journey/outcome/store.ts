import { sql, type Tx } from '#platform/db'
import type { Observation, OutcomeSource, Spell } from './outcome.ts'

/** The import's id, or nothing when the same file was imported before. */
export async function insertImport(tx: Tx, input: { readonly issuerId: string; readonly source: OutcomeSource; readonly digest: string; readonly rows: readonly unknown[] }): Promise<string | undefined> {
  const rows = await tx.query(sql<{ id: string }>`insert into outcome.import (id, issuer_id, source, digest, rows, at)
    values (${tx.ids.uuid(tx.now)}, ${input.issuerId}, ${input.source}, ${input.digest}, ${input.rows.length}, ${tx.now}) on conflict (issuer_id, digest) do nothing returning id`)
  return rows[0]?.id
}

export async function insertObservations(tx: Tx, importId: string, source: OutcomeSource, rows: readonly { readonly learnerId: string; readonly observedAt: Date }[]): Promise<number> {
  return await tx.change(sql`insert into outcome.observation (learner_id, observed_at, source, import_id)
    select distinct learner_id, observed_at, ${source}, ${importId}::uuid from unnest(${rows.map((row) => row.learnerId)}::uuid[], ${rows.map((row) => row.observedAt)}::timestamptz[]) as seen (learner_id, observed_at)
    on conflict do nothing`)
}

interface NewSpell {
  readonly learnerId: string
  readonly title: string
  readonly employer: string
  readonly startedOn: string
  readonly endedOn?: string | undefined
  readonly inScope: boolean
  readonly observedAt: Date
}

/** A position seen again is brought up to date, not counted twice. */
export async function insertSpells(tx: Tx, importId: string, source: OutcomeSource, ruleVersion: string, spells: readonly NewSpell[]): Promise<number> {
  const once = [...new Map(spells.map((one) => [[one.learnerId, one.title, one.employer, one.startedOn].join('\0'), one])).values()]
  const of = <T>(pick: (one: NewSpell) => T) => once.map(pick)
  return await tx.change(sql`insert into outcome.spell (id, learner_id, title, employer, started_on, ended_on, in_scope, rule_version, observed_at, source, import_id)
    select id, learner_id, title, employer, started_on, ended_on, in_scope, ${ruleVersion}, observed_at, ${source}, ${importId}::uuid
    from unnest(${of(() => tx.ids.uuid(tx.now))}::uuid[], ${of((one) => one.learnerId)}::uuid[], ${of((one) => one.title)}::text[], ${of((one) => one.employer)}::text[], ${of((one) => one.startedOn)}::date[],
      ${of((one) => one.endedOn ?? null)}::date[], ${of((one) => one.inScope)}::boolean[], ${of((one) => one.observedAt)}::timestamptz[])
      as seen (id, learner_id, title, employer, started_on, ended_on, in_scope, observed_at)
    on conflict (learner_id, title, employer, started_on) do update set ended_on = coalesce(excluded.ended_on, spell.ended_on), observed_at = greatest(excluded.observed_at, spell.observed_at)`)
}

/** When learners were looked at, and what was seen, the oldest first. */
export async function outcomesOfLearners(tx: Tx, learnerIds: readonly string[]): Promise<{ readonly observations: readonly Observation[]; readonly spells: readonly Spell[] }> {
  const observations = await tx.query(sql<Observation>`select learner_id "learnerId", observed_at "observedAt", source from outcome.observation where learner_id = any(${learnerIds}::uuid[]) order by observed_at, source`)
  const spells = await tx.query(sql<Omit<Spell, 'endedOn'> & { endedOn: string | null }>`select learner_id "learnerId", title, employer, started_on "startedOn", ended_on "endedOn", in_scope "inScope", rule_version "ruleVersion", observed_at "observedAt", source
    from outcome.spell where learner_id = any(${learnerIds}::uuid[]) order by started_on, id`)
  return Object.freeze({ observations: observations.map((one) => Object.freeze(one)), spells: spells.map((one) => Object.freeze({ ...one, endedOn: one.endedOn ?? undefined })) })
}

export async function deleteOutcomes(tx: Tx, learnerIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from outcome.spell where learner_id = any(${learnerIds}::uuid[])`)
  await tx.change(sql`delete from outcome.observation where learner_id = any(${learnerIds}::uuid[])`)
}

export async function outcomeCounts(tx: Tx, issuerId: string): Promise<{ readonly learnersObserved: number; readonly spells: number; readonly newest: Date | undefined }> {
  const rows = await tx.query(sql<{ learners: number; spells: number; newest: Date | null }>`
    select (select count(distinct o.learner_id) from outcome.observation o join outcome.import i on i.id = o.import_id where i.issuer_id = ${issuerId}) as learners,
      (select count(*) from outcome.spell s join outcome.import i on i.id = s.import_id where i.issuer_id = ${issuerId}) as spells,
      (select max(at) from outcome.import where issuer_id = ${issuerId}) as newest`)
  return Object.freeze({ learnersObserved: rows[0]?.learners ?? 0, spells: rows[0]?.spells ?? 0, newest: rows[0]?.newest ?? undefined })
}

export async function importsOf(tx: Tx, issuerId: string): Promise<readonly { readonly id: string; readonly source: OutcomeSource; readonly rows: number; readonly at: Date }[]> {
  return await tx.query(sql<{ id: string; source: OutcomeSource; rows: number; at: Date }>`select id, source, rows, at from outcome.import where issuer_id = ${issuerId} order by at desc, id desc`)
}

export async function removeOutcomes(tx: Tx, issuerId: string): Promise<void> {
  await tx.change(sql`delete from outcome.spell s using outcome.import i where i.id = s.import_id and i.issuer_id = ${issuerId}`)
  await tx.change(sql`delete from outcome.observation o using outcome.import i where i.id = o.import_id and i.issuer_id = ${issuerId}`)
  await tx.change(sql`delete from outcome.import where issuer_id = ${issuerId}`)
}
