import { armRanges } from '#kernel/draw'
import type { Tx } from '#platform/db'
import type { Experiment, ExperimentArm, Plan } from './experiment.ts'
import { fault } from './faults.ts'
import { defaultPlan } from './plan.ts'
import { parseRule } from './rule.ts'
import { insertExperiment, ruleById } from './store.ts'

export interface NewExperiment {
  readonly issuerId: string
  readonly name: string
  readonly question: string
  readonly arms: readonly ExperimentArm[]
  readonly plan?: Plan
  /** An adopted rule to draw by, and the share of learners who stay random. */
  readonly rule?: { readonly id: string; readonly randomShare: number }
}

/**
 * Drafts an experiment. Its salt is chance of its own, so that no two experiments draw alike.
 *
 * With a rule, `randomShare` of the learners are drawn by the weights as ever, and only they are compared; the others get the arm that the rule gives them.
 *
 * @throws Fault `experiment.no_control`, `experiment.rule_unknown`, `experiment.rule_refused`, `experiment.random_share_refused`; `draw.*` when the arms' names or weights cannot be drawn from
 */
export async function createExperiment(tx: Tx, input: NewExperiment): Promise<Experiment> {
  armRanges(input.arms)
  if (input.arms.filter((arm) => arm.ghost).length !== 1) throw fault.no_control()
  const { rule } = input
  if (rule !== undefined) {
    const adopted = await ruleById(tx, rule.id)
    if (adopted === undefined || adopted.issuerId !== input.issuerId) throw fault.rule_unknown()
    if (!(rule.randomShare > 0 && rule.randomShare <= 1)) throw fault.random_share_refused({ share: rule.randomShare })
    parseRule(adopted.rule, input.arms.map((arm) => arm.name))
  }
  return await insertExperiment(tx, {
    id: tx.ids.uuid(tx.now),
    issuerId: input.issuerId,
    name: input.name,
    question: input.question,
    state: 'draft',
    arms: input.arms,
    plan: input.plan ?? defaultPlan,
    planDigest: undefined,
    salt: tx.ids.token(),
    hashVersion: 'v1',
    ruleId: rule?.id,
    randomShare: rule?.randomShare ?? 1,
    startedAt: undefined,
    stoppedAt: undefined,
  })
}
