import { armRanges } from '#kernel/draw'
import type { Tx } from '#platform/db'
import type { Experiment, ExperimentArm, Plan } from './experiment.ts'
import { fault } from './faults.ts'
import { defaultPlan } from './plan.ts'
import { insertExperiment } from './store.ts'

export interface NewExperiment {
  readonly issuerId: string
  readonly name: string
  readonly question: string
  readonly arms: readonly ExperimentArm[]
  readonly plan?: Plan
}

/**
 * Drafts an experiment. Its salt is chance of its own, so that no two experiments draw alike.
 *
 * @throws Fault `experiment.no_control`; `draw.*` when the arms' names or weights cannot be drawn from
 */
export async function createExperiment(tx: Tx, input: NewExperiment): Promise<Experiment> {
  armRanges(input.arms)
  if (input.arms.filter((arm) => arm.ghost).length !== 1) throw fault.no_control()
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
    startedAt: undefined,
    stoppedAt: undefined,
  })
}
