import { sql, type Tx } from '#platform/db'
import type { Policy } from './policy.ts'

interface PolicyRow {
  readonly id: string
  readonly experiment_id: string
  readonly run_id: string
  readonly state: Policy['state']
  readonly sentence: string
  readonly rule: Record<string, unknown>
  readonly value: number | null
  readonly value_std_error: number | null
  readonly value_low: number | null
  readonly value_high: number | null
  readonly against: string
  readonly proposed_at: Date
  readonly published_at: Date | null
}

/** A newer proposal takes the place of an older one that nobody published; the same run proposes once. */
export async function insertProposal(tx: Tx, policy: Policy): Promise<void> {
  await tx.change(sql`update policy.policy set state = 'superseded' where experiment_id = ${policy.experimentId} and state = 'proposed' and run_id <> ${policy.runId}`)
  await tx.change(sql`insert into policy.policy (id, experiment_id, run_id, state, sentence, rule, value, value_std_error, value_low, value_high, against, proposed_at)
    values (${policy.id}, ${policy.experimentId}, ${policy.runId}, ${policy.state}, ${policy.sentence}, ${JSON.stringify(policy.rule)}::jsonb, ${policy.value ?? null}, ${policy.valueStdError ?? null},
      ${policy.valueLow ?? null}, ${policy.valueHigh ?? null}, ${policy.against}, ${policy.proposedAt}) on conflict (run_id) do nothing`)
}

export async function markPublished(tx: Tx, id: string): Promise<void> {
  await tx.change(sql`update policy.policy set state = 'published', published_at = ${tx.now} where id = ${id}`)
}

/** Newest first. */
export async function policiesOf(tx: Tx, experimentId: string): Promise<readonly Policy[]> {
  const rows = await tx.query(sql<PolicyRow>`select id, experiment_id, run_id, state, sentence, rule, value, value_std_error, value_low, value_high, against, proposed_at, published_at
    from policy.policy where experiment_id = ${experimentId} order by proposed_at desc, id desc`)
  return rows.map((row) =>
    Object.freeze({
      id: row.id,
      experimentId: row.experiment_id,
      runId: row.run_id,
      state: row.state,
      sentence: row.sentence,
      rule: row.rule,
      value: row.value ?? undefined,
      valueStdError: row.value_std_error ?? undefined,
      valueLow: row.value_low ?? undefined,
      valueHigh: row.value_high ?? undefined,
      against: row.against,
      proposedAt: row.proposed_at,
      publishedAt: row.published_at ?? undefined,
    }),
  )
}

export async function removePolicies(tx: Tx, experimentIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from policy.policy where experiment_id = any(${experimentIds}::uuid[])`)
}
