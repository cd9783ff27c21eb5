import { sql, type Tx } from '#platform/db'
import type { AnalysisRun, Diagnostics, EstimateRow, ShareCount, StageCount } from './estimate.ts'
import type { Gains } from './gains.ts'

export interface PanelRow {
  readonly learnerId: string
  readonly arm: string
  readonly probability: number
  readonly stratum: string
  readonly wave: string
  readonly drawnAt: Date
  readonly country: string | null
  readonly education: string | null
  readonly domain: string
  readonly covariates: Readonly<Record<string, string | number>>
  readonly promptsShown: number
  readonly promptsGhost: number
  readonly clicked: boolean
  readonly shared: boolean
  readonly seen: boolean
  readonly viewed: boolean
  readonly observed: boolean
  readonly newJob: boolean | null
  readonly newJobInScope: boolean | null
  readonly researchRefused: boolean
}

/** The panel of those whom chance has drawn, in the order of learners, so that the same facts give the same bytes. Whom a rule placed has an arm that follows from who they are. */
export async function panelRows(tx: Tx, experimentId: string): Promise<readonly PanelRow[]> {
  return await tx.query(sql<PanelRow>`select learner_id "learnerId", arm, probability, stratum, wave, drawn_at "drawnAt", country, education, domain, covariates,
      prompts_shown "promptsShown", prompts_ghost "promptsGhost", clicked, shared, seen, viewed, observed, new_job "newJob", new_job_in_scope "newJobInScope", research_refused "researchRefused"
    from estimate.panel_v1 p where experiment_id = ${experimentId}
      and not exists (select from estimate.ruled_v1 r where r.experiment_id = p.experiment_id and r.learner_id = p.learner_id) order by learner_id`)
}

/**
 * How far the learners of an issuer have come, by arm and wave of an experiment; without one all are outside, and so are those who refuse
 * research. For those who were drawn only what came after the draw counts, as in the panel. Learners who completed nothing are left out.
 */
export async function stageCounts(tx: Tx, issuerId: string, experimentId: string | undefined): Promise<readonly StageCount[]> {
  const rows = await tx.query(sql<Omit<StageCount, 'arm' | 'wave'> & { readonly arm: string | null; readonly wave: string | null }>`
    with drawn as (
      select d.* from estimate.draw_v1 d join estimate.learner_v1 l using (learner_id) where d.experiment_id = ${experimentId ?? null}::uuid and not l.research_refused
        and not exists (select from estimate.ruled_v1 r where r.experiment_id = d.experiment_id and r.learner_id = d.learner_id)
    )
    select d.arm, d.wave, count(*) as learners,
      count(*) filter (where l.holding) as holding,
      count(*) filter (where l.reached_at >= coalesce(d.drawn_at, '-infinity')) as reached,
      count(*) filter (where l.clicked_at >= coalesce(d.drawn_at, '-infinity')) as clicked,
      count(*) filter (where l.confirmed_at >= coalesce(d.drawn_at, '-infinity')) as confirmed,
      count(*) filter (where l.seen_at >= coalesce(d.drawn_at, '-infinity')) as seen,
      count(*) filter (where l.observed_at >= coalesce(d.drawn_at + interval '1 month', '-infinity')) as observed
    from estimate.learner_v1 l left join drawn d on d.learner_id = l.learner_id
    where l.issuer_id = ${issuerId} group by 1, 2 order by 1, 2`)
  return Object.freeze(rows.map((row) => Object.freeze({ ...row, arm: row.arm ?? undefined, wave: row.wave ?? undefined })))
}

type ShareRow = Omit<ShareCount, 'strongest'> & { readonly [of in keyof ShareCount['strongest'] as `best_${of}`]: number }

const toShareCount = ({ best_exported, best_told, best_seen, best_fetched, best_went, ...row }: ShareRow): ShareCount =>
  Object.freeze({ ...row, strongest: Object.freeze({ exported: best_exported, told: best_told, seen: best_seen, fetched: best_fetched, went: best_went }) })

/** What is known of the shares of an issuer's learners, by target; and how many credentials somebody went off to share. */
export async function shareCounts(tx: Tx, issuerId: string): Promise<{ readonly places: readonly ShareCount[]; readonly credentials: number }> {
  const rows = await tx.query(sql<ShareRow>`select target,
      count(clicked_at)::int as went, count(*) filter (where prompted)::int as prompted,
      count(*) filter (where told or simulated)::int as told, count(*) filter (where exported)::int as exported, count(*) filter (where simulated)::int as simulated,
      count(*) filter (where fetched)::int as fetched, count(*) filter (where seen)::int as seen,
      count(*) filter (where exported)::int as best_exported,
      count(*) filter (where (told or simulated) and not exported)::int as best_told,
      count(*) filter (where seen and not (told or simulated or exported))::int as best_seen,
      count(*) filter (where fetched and not (told or simulated or exported or seen))::int as best_fetched,
      count(*) filter (where not (fetched or told or simulated or exported or seen))::int as best_went
    from estimate.share_v1 where issuer_id = ${issuerId} group by 1 order by 1`)
  const [credentials] = await tx.query(sql<{ readonly n: number }>`select count(distinct credential_id)::int as n from estimate.share_v1 where issuer_id = ${issuerId}`)
  return { places: Object.freeze(rows.map(toShareCount)), credentials: credentials?.n ?? 0 }
}

export async function insertRun(tx: Tx, run: AnalysisRun, estimates: readonly EstimateRow[]): Promise<void> {
  await tx.change(sql`insert into estimate.run (id, experiment_id, panel_digest, plan_digest, code_version, rows, diagnostics, at)
    values (${run.id}, ${run.experimentId}, ${run.panelDigest}, ${run.planDigest}, ${run.codeVersion}, ${run.rows}, ${JSON.stringify(run.diagnostics)}::jsonb, ${run.at})`)
  const of = <T>(pick: (one: EstimateRow) => T) => estimates.map(pick)
  await tx.change(sql`insert into estimate.estimate (run_id, position, estimand, outcome, subgroup, role, estimator, shape, estimate, std_error, statistic, p_value, p_adjusted, conf_low, conf_high, df, n, baseline, reason)
    select ${run.id}::uuid, position, estimand, outcome, subgroup, role, estimator, shape, estimate, std_error, statistic, p_value, p_adjusted, conf_low, conf_high, df, n, baseline, reason
    from unnest(${estimates.map((_, at) => at)}::int[], ${of((one) => one.estimand)}::text[], ${of((one) => one.outcome)}::text[], ${of((one) => one.subgroup)}::text[], ${of((one) => one.role)}::text[], ${of((one) => one.estimator)}::text[],
      ${of((one) => one.shape)}::text[], ${of((one) => one.estimate)}::float8[], ${of((one) => one.stdError)}::float8[], ${of((one) => one.statistic)}::float8[], ${of((one) => one.pValue)}::float8[], ${of((one) => one.pAdjusted)}::float8[],
      ${of((one) => one.confLow)}::float8[], ${of((one) => one.confHigh)}::float8[], ${of((one) => one.df)}::float8[], ${of((one) => one.n)}::int[], ${of((one) => one.baseline)}::float8[], ${of((one) => one.reason)}::text[])
      as made (position, estimand, outcome, subgroup, role, estimator, shape, estimate, std_error, statistic, p_value, p_adjusted, conf_low, conf_high, df, n, baseline, reason)`)
}

interface RunRow {
  readonly id: string
  readonly experiment_id: string
  readonly panel_digest: string
  readonly plan_digest: string
  readonly code_version: string
  readonly rows: number
  readonly diagnostics: Diagnostics
  readonly at: Date
  readonly stale_since: Date | null
}

export async function latestRun(tx: Tx, experimentId: string): Promise<AnalysisRun | undefined> {
  const rows = await tx.query(sql<RunRow>`select id, experiment_id, panel_digest, plan_digest, code_version, rows, diagnostics, at, stale_since from estimate.run where experiment_id = ${experimentId} order by at desc, id desc limit 1`)
  const row = rows[0]
  return (
    row &&
    Object.freeze({
      id: row.id,
      experimentId: row.experiment_id,
      panelDigest: row.panel_digest,
      planDigest: row.plan_digest,
      codeVersion: row.code_version,
      rows: row.rows,
      diagnostics: { ...row.diagnostics, employability: row.diagnostics.employability ?? null }, // runs of earlier releases have none
      at: row.at,
      staleSince: row.stale_since ?? undefined,
    })
  )
}

export async function estimatesOfRun(tx: Tx, runId: string): Promise<readonly EstimateRow[]> {
  return await tx.query(sql<EstimateRow>`select estimand, outcome, subgroup, role, estimator, shape, estimate, std_error "stdError", statistic, p_value "pValue", p_adjusted "pAdjusted",
      conf_low "confLow", conf_high "confHigh", df, n, baseline, reason
    from estimate.estimate where run_id = ${runId} order by position`)
}

/** Once a run; found again, it is written again. */
export async function keepGains(tx: Tx, runId: string, gains: Gains): Promise<void> {
  await tx.change(sql`insert into estimate.gains (run_id, gains, at) values (${runId}, ${JSON.stringify(gains)}::jsonb, ${tx.now})
    on conflict (run_id) do update set gains = excluded.gains, at = excluded.at`)
}

export async function gainsOfRun(tx: Tx, runId: string): Promise<Gains | undefined> {
  const rows = await tx.query(sql<{ readonly gains: Gains }>`select gains from estimate.gains where run_id = ${runId}`)
  return rows[0]?.gains
}

export async function setStale(tx: Tx, experimentIds: readonly string[]): Promise<void> {
  await tx.change(sql`update estimate.run set stale_since = ${tx.now} where experiment_id = any(${experimentIds}::uuid[]) and stale_since is null`)
}

export async function removeEstimates(tx: Tx, experimentIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from estimate.gains g using estimate.run r where r.id = g.run_id and r.experiment_id = any(${experimentIds}::uuid[])`)
  await tx.change(sql`delete from estimate.estimate m using estimate.run r where r.id = m.run_id and r.experiment_id = any(${experimentIds}::uuid[])`)
  await tx.change(sql`delete from estimate.run where experiment_id = any(${experimentIds}::uuid[])`)
}
