import { createExperiment, experimentById, startExperiment, type Experiment } from '#journey/experiment'
import type { Tx } from '#platform/db'
import { fault } from './faults.ts'
import { publishPolicy } from './publish.ts'
import { policiesOf } from './store.ts'

/**
 * Starts the next experiment by an experiment's policy: the arms and the plan go on, most learners get what the rule says, and `randomShare` of them is drawn as ever, so
 * that the next estimate is possible. A policy that is only proposed is published by it.
 *
 * @throws Fault `policy.none`, `policy.no_rule`, `experiment.one_at_a_time`, `experiment.random_share_refused`
 */
export async function startByRule(tx: Tx, input: { readonly experimentId: string; readonly name: string; readonly randomShare: number }): Promise<Experiment> {
  const source = await experimentById(tx, input.experimentId)
  const [newest] = await policiesOf(tx, input.experimentId)
  if (!source || !newest) throw fault.none()
  const { ruleId } = newest.state === 'published' ? newest : await publishPolicy(tx, input.experimentId)
  if (ruleId === undefined) throw fault.none()
  const draft = await createExperiment(tx, { issuerId: source.issuerId, name: input.name, question: source.question, arms: source.arms, plan: source.plan, rule: { id: ruleId, randomShare: input.randomShare } })
  return await startExperiment(tx, draft.id)
}
