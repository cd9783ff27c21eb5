import { sql, type Tx } from '#platform/db'
import type { AdoptedRule } from './adopt-rule.ts'
import type { Draw, Experiment, ExperimentArm, Plan } from './experiment.ts'

interface ExperimentRow {
  readonly id: string
  readonly issuer_id: string
  readonly name: string
  readonly question: string
  readonly state: Experiment['state']
  readonly arms: ExperimentArm[]
  readonly plan: Plan
  readonly plan_digest: string | null
  readonly salt: string
  readonly hash_version: string
  readonly rule_id: string | null
  readonly random_share: number
  readonly started_at: Date | null
  readonly stopped_at: Date | null
}

const toExperiment = (row: ExperimentRow): Experiment =>
  Object.freeze({
    id: row.id,
    issuerId: row.issuer_id,
    name: row.name,
    question: row.question,
    state: row.state,
    arms: Object.freeze(row.arms),
    plan: Object.freeze(row.plan),
    planDigest: row.plan_digest ?? undefined,
    salt: row.salt,
    hashVersion: row.hash_version,
    ruleId: row.rule_id ?? undefined,
    randomShare: row.random_share,
    startedAt: row.started_at ?? undefined,
    stoppedAt: row.stopped_at ?? undefined,
  })

const columns = sql`id, issuer_id, name, question, state, arms, plan, plan_digest, salt, hash_version, rule_id, random_share, started_at, stopped_at`

export async function insertExperiment(tx: Tx, experiment: Experiment): Promise<Experiment> {
  const rows = await tx.query(sql<ExperimentRow>`insert into experiment.experiment (id, issuer_id, name, question, state, arms, plan, salt, hash_version, rule_id, random_share, created_at)
    values (${experiment.id}, ${experiment.issuerId}, ${experiment.name}, ${experiment.question}, ${experiment.state}, ${JSON.stringify(experiment.arms)}::jsonb, ${JSON.stringify(experiment.plan)}::jsonb,
      ${experiment.salt}, ${experiment.hashVersion}, ${experiment.ruleId ?? null}, ${experiment.randomShare}, ${tx.now}) returning ${columns}`)
  return toExperiment(rows[0]!)
}

export async function experimentById(tx: Tx, id: string): Promise<Experiment | undefined> {
  const rows = await tx.query(sql<ExperimentRow>`select ${columns} from experiment.experiment where id = ${id}`)
  return rows[0] && toExperiment(rows[0])
}

export async function experimentsOf(tx: Tx, issuerId: string): Promise<readonly Experiment[]> {
  return (await tx.query(sql<ExperimentRow>`select ${columns} from experiment.experiment where issuer_id = ${issuerId} order by created_at desc, id desc`)).map(toExperiment)
}

export async function runningExperiment(tx: Tx, issuerId: string): Promise<Experiment | undefined> {
  const rows = await tx.query(sql<ExperimentRow>`select ${columns} from experiment.experiment where issuer_id = ${issuerId} and state = 'running'`)
  return rows[0] && toExperiment(rows[0])
}

export async function setStarted(tx: Tx, id: string, planDigest: string): Promise<void> {
  await tx.change(sql`update experiment.experiment set state = 'running', started_at = ${tx.now}, plan_digest = ${planDigest} where id = ${id} and state = 'draft'`)
}

export async function setStopped(tx: Tx, id: string): Promise<void> {
  await tx.change(sql`update experiment.experiment set state = 'stopped', stopped_at = ${tx.now} where id = ${id} and state = 'running'`)
}

export async function learnersDrawn(tx: Tx, experimentId: string, learnerIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query(sql<{ learner_id: string }>`select learner_id from experiment.draw where experiment_id = ${experimentId} and learner_id = any(${learnerIds}::uuid[])`)
  return new Set(rows.map((row) => row.learner_id))
}

type NewDraw = Pick<Draw, 'learnerId' | 'completionId' | 'arm' | 'probability' | 'stratum' | 'wave'> & { readonly bucket: number; /** Where a rule has given the arm. */ readonly ruleId: string | undefined }

export async function insertDraws(tx: Tx, experiment: Experiment, draws: readonly NewDraw[]): Promise<void> {
  const of = <T>(pick: (one: NewDraw) => T) => draws.map(pick)
  await tx.change(sql`insert into experiment.draw (experiment_id, learner_id, completion_id, arm, probability, bucket, stratum, wave, rule_id, hash_version, drawn_at)
    select ${experiment.id}::uuid, learner_id, completion_id, arm, probability, bucket, stratum, wave, rule_id, ${experiment.hashVersion}, ${tx.now}
    from unnest(${of((one) => one.learnerId)}::uuid[], ${of((one) => one.completionId)}::uuid[], ${of((one) => one.arm)}::text[], ${of((one) => one.probability)}::float8[],
      ${of((one) => one.bucket)}::float8[], ${of((one) => one.stratum)}::text[], ${of((one) => one.wave)}::text[],
      ${of((one) => one.ruleId ?? null)}::uuid[])
      as drawn (learner_id, completion_id, arm, probability, bucket, stratum, wave, rule_id)
    on conflict (experiment_id, learner_id) do nothing`)
}

interface DrawRow {
  readonly experiment_id: string
  readonly learner_id: string
  readonly completion_id: string
  readonly arm: string
  readonly arms: ExperimentArm[]
  readonly probability: number
  readonly stratum: string
  readonly wave: string
  readonly drawn_at: Date
}

const toDraw = (row: DrawRow): Draw => {
  const arm = row.arms.find((one) => one.name === row.arm)
  if (!arm) throw new TypeError(`the draw of ${row.learner_id} names an arm that its experiment does not have`)
  return Object.freeze({
    experimentId: row.experiment_id,
    learnerId: row.learner_id,
    completionId: row.completion_id,
    arm: row.arm,
    workflow: arm.workflow,
    ghost: arm.ghost,
    probability: row.probability,
    stratum: row.stratum,
    wave: row.wave,
    drawnAt: row.drawn_at,
  })
}

const drawColumns = sql`d.experiment_id, d.learner_id, d.completion_id, d.arm, e.arms, d.probability, d.stratum, d.wave, d.drawn_at`

/** The newest draw of each learner that is in one. */
export async function drawsOfLearners(tx: Tx, learnerIds: readonly string[]): Promise<ReadonlyMap<string, Draw>> {
  const rows = await tx.query(sql<DrawRow>`select distinct on (d.learner_id) ${drawColumns}
    from experiment.draw d join experiment.experiment e on e.id = d.experiment_id
    where d.learner_id = any(${learnerIds}::uuid[]) order by d.learner_id, d.drawn_at desc`)
  return new Map(rows.map((row) => [row.learner_id, toDraw(row)]))
}

/** Every draw of learners, the oldest first. */
export async function drawHistory(tx: Tx, learnerIds: readonly string[]): Promise<readonly Draw[]> {
  return (await tx.query(sql<DrawRow>`select ${drawColumns} from experiment.draw d join experiment.experiment e on e.id = d.experiment_id
    where d.learner_id = any(${learnerIds}::uuid[]) order by d.drawn_at, d.experiment_id`)).map(toDraw)
}

/** How many learners chance has drawn into each arm, by wave; those whom a rule placed are in no comparison. */
export async function drawCounts(tx: Tx, experimentId: string): Promise<readonly { readonly arm: string; readonly wave: string; readonly count: number }[]> {
  return await tx.query(sql<{ arm: string; wave: string; count: number }>`select arm, wave, count(*) from experiment.draw where experiment_id = ${experimentId} and rule_id is null group by arm, wave order by wave, arm`)
}

/** How many learners the rule has placed into each arm. */
export async function ruledCounts(tx: Tx, experimentId: string): Promise<readonly { readonly arm: string; readonly count: number }[]> {
  return await tx.query(sql<{ arm: string; count: number }>`select arm, count(*)::int as count from experiment.draw where experiment_id = ${experimentId} and rule_id is not null group by arm order by arm`)
}

export async function insertRule(tx: Tx, rule: AdoptedRule): Promise<void> {
  await tx.change(sql`insert into experiment.rule (id, issuer_id, sentence, rule, adopted_at) values (${rule.id}, ${rule.issuerId}, ${rule.sentence}, ${JSON.stringify(rule.rule)}::jsonb, ${rule.adoptedAt})`)
}

interface RuleRow {
  readonly id: string
  readonly issuer_id: string
  readonly sentence: string
  readonly rule: Record<string, unknown>
  readonly adopted_at: Date
}

const ruleColumns = sql`id, issuer_id, sentence, rule, adopted_at`
const toRule = (row: RuleRow): AdoptedRule => Object.freeze({ id: row.id, issuerId: row.issuer_id, sentence: row.sentence, rule: row.rule, adoptedAt: row.adopted_at })

export async function ruleById(tx: Tx, id: string): Promise<AdoptedRule | undefined> {
  const rows = await tx.query(sql<RuleRow>`select ${ruleColumns} from experiment.rule where id = ${id}`)
  return rows[0] && toRule(rows[0])
}

/** The newest first. */
export async function rulesOf(tx: Tx, issuerId: string): Promise<readonly AdoptedRule[]> {
  return (await tx.query(sql<RuleRow>`select ${ruleColumns} from experiment.rule where issuer_id = ${issuerId} order by adopted_at desc, id desc`)).map(toRule)
}

export async function removeExperiments(tx: Tx, issuerId: string): Promise<void> {
  await tx.change(sql`delete from experiment.draw d using experiment.experiment e where e.id = d.experiment_id and e.issuer_id = ${issuerId}`)
  await tx.change(sql`delete from experiment.experiment where issuer_id = ${issuerId}`)
  await tx.change(sql`delete from experiment.rule where issuer_id = ${issuerId}`)
}
