import { adoptRule, experimentById } from '#journey/experiment'
import type { Tx } from '#platform/db'
import { fault } from './faults.ts'
import type { Policy } from './policy.ts'
import { markPublished, policiesOf } from './store.ts'

/** Publishes the newest proposal: experiment keeps it as the rule that the next experiment may draw by. @throws Fault `policy.none` */
export async function publishPolicy(tx: Tx, experimentId: string): Promise<Policy> {
  const proposed = (await policiesOf(tx, experimentId)).find((policy) => policy.state === 'proposed')
  const experiment = await experimentById(tx, experimentId)
  if (!proposed || !experiment) throw fault.none()
  await markPublished(tx, proposed.id)
  await adoptRule(tx, { issuerId: experiment.issuerId, sentence: proposed.sentence, rule: proposed.rule })
  return Object.freeze({ ...proposed, state: 'published', publishedAt: tx.now })
}
