import { adoptRule, experimentById, experimentsOf } from '#journey/experiment'
import type { Tx } from '#platform/db'
import { fault } from './faults.ts'
import type { Policy } from './policy.ts'
import { markPublished, policiesOf } from './store.ts'

/** Publishes the newest proposal: experiment keeps it as the rule that the next experiment may draw by, and an older one is no longer in force. @throws Fault `policy.none`, `policy.no_rule` */
export async function publishPolicy(tx: Tx, experimentId: string): Promise<Policy> {
  const proposed = (await policiesOf(tx, experimentId)).find((policy) => policy.state === 'proposed')
  const experiment = await experimentById(tx, experimentId)
  if (!proposed || !experiment) throw fault.none()
  if (proposed.rule['kind'] === 'none') throw fault.no_rule()
  const adopted = await adoptRule(tx, { issuerId: experiment.issuerId, sentence: proposed.sentence, rule: proposed.rule })
  await markPublished(tx, { id: proposed.id, ruleId: adopted.id, among: (await experimentsOf(tx, experiment.issuerId)).map((one) => one.id) })
  return Object.freeze({ ...proposed, state: 'published', ruleId: adopted.id, publishedAt: tx.now })
}
