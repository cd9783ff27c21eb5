import { sql, type Tx } from '#platform/db'
import { usualTerms, type Findings, type Policy, type Terms } from './policy.ts'

interface PolicyRow {
  readonly id: string
  readonly experiment_id: string
  readonly run_id: string
  readonly state: Policy['state']
  readonly sentence: string
  readonly rule: Record<string, unknown>
  readonly cost: number
  readonly budget: number
  readonly depth: 1 | 2
  readonly value: number | null
  readonly value_std_error: number | null
  readonly value_low: number | null
  readonly value_high: number | null
  readonly against: string
  readonly findings: Findings | null
  readonly rule_id: string | null
  readonly proposed_at: Date
  readonly published_at: Date | null
}

/** A newer proposal takes the place of an older one that nobody published; the same run on the same terms proposes once, and what is in force stays so. */
export async function insertProposal(tx: Tx, policy: Policy): Promise<void> {
  const { cost, budget, depth } = policy.terms
  await tx.change(sql`update policy.policy set state = 'superseded' where experiment_id = ${policy.experimentId} and state = 'proposed'`)
  await tx.change(sql`update policy.policy set proposed_at = ${policy.proposedAt} where run_id = ${policy.runId} and cost = ${cost} and budget = ${budget} and depth = ${depth} and state = 'published'`)
  await tx.change(sql`insert into policy.policy (id, experiment_id, run_id, state, sentence, rule, cost, budget, depth, value, value_std_error, value_low, value_high, against, findings, proposed_at)
    values (${policy.id}, ${policy.experimentId}, ${policy.runId}, ${policy.state}, ${policy.sentence}, ${JSON.stringify(policy.rule)}::jsonb, ${cost}, ${budget}, ${depth}, ${policy.value ?? null}, ${policy.valueStdError ?? null},
      ${policy.valueLow ?? null}, ${policy.valueHigh ?? null}, ${policy.against}, ${policy.findings === undefined ? null : JSON.stringify(policy.findings)}::jsonb, ${policy.proposedAt})
    on conflict (run_id, cost, budget, depth) do update set state = 'proposed', sentence = excluded.sentence, rule = excluded.rule, value = excluded.value, value_std_error = excluded.value_std_error,
      value_low = excluded.value_low, value_high = excluded.value_high, against = excluded.against, findings = excluded.findings, proposed_at = excluded.proposed_at, published_at = null, rule_id = null
      where policy.policy.state = 'superseded'`)
}

/** In force from now on, and no other of these experiments. */
export async function markPublished(tx: Tx, made: { readonly id: string; readonly ruleId: string; readonly among: readonly string[] }): Promise<void> {
  await tx.change(sql`update policy.policy set state = 'superseded' where experiment_id = any(${made.among}::uuid[]) and state = 'published'`)
  await tx.change(sql`update policy.policy set state = 'published', published_at = ${tx.now}, rule_id = ${made.ruleId} where id = ${made.id}`)
}

/** Newest first. */
export async function policiesOf(tx: Tx, experimentId: string): Promise<readonly Policy[]> {
  const rows = await tx.query(sql<PolicyRow>`select id, experiment_id, run_id, state, sentence, rule, cost, budget, depth, value, value_std_error, value_low, value_high, against, findings, rule_id, proposed_at, published_at
    from policy.policy where experiment_id = ${experimentId} order by proposed_at desc, id desc`)
  return rows.map((row) =>
    Object.freeze({
      id: row.id,
      experimentId: row.experiment_id,
      runId: row.run_id,
      state: row.state,
      sentence: row.sentence,
      rule: row.rule,
      terms: Object.freeze({ cost: row.cost, budget: row.budget, depth: row.depth }),
      value: row.value ?? undefined,
      valueStdError: row.value_std_error ?? undefined,
      valueLow: row.value_low ?? undefined,
      valueHigh: row.value_high ?? undefined,
      against: row.against,
      findings: row.findings ?? undefined,
      ruleId: row.rule_id ?? undefined,
      proposedAt: row.proposed_at,
      publishedAt: row.published_at ?? undefined,
    }),
  )
}

export async function keepTerms(tx: Tx, experimentId: string, { cost, budget, depth }: Terms): Promise<void> {
  await tx.change(sql`insert into policy.terms (experiment_id, cost, budget, depth, at) values (${experimentId}, ${cost}, ${budget}, ${depth}, ${tx.now})
    on conflict (experiment_id) do update set cost = excluded.cost, budget = excluded.budget, depth = excluded.depth, at = excluded.at`)
}

export async function termsOf(tx: Tx, experimentId: string): Promise<Terms> {
  const rows = await tx.query(sql<Terms>`select cost, budget, depth from policy.terms where experiment_id = ${experimentId}`)
  return rows[0] ?? usualTerms
}

export async function removePolicies(tx: Tx, experimentIds: readonly string[]): Promise<void> {
  await tx.change(sql`delete from policy.policy where experiment_id = any(${experimentIds}::uuid[])`)
  await tx.change(sql`delete from policy.terms where experiment_id = any(${experimentIds}::uuid[])`)
}
