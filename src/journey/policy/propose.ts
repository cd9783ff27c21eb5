import { estimatesOfRun, type EstimateRow } from '#journey/estimate'
import { experimentById } from '#journey/experiment'
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import type { Policy } from './policy.ts'
import { insertProposal } from './store.ts'

/**
 * Proposes a rule from an estimate: nudge everyone, or no one.
 *
 * The value of "nudge everyone" against "nudge no one" is the intention-to-treat effect itself, with its standard error; nothing was fitted to
 * choose between the two beyond its sign, and the proposal says when the interval does not settle it. The outcome is new jobs when the plan has
 * them and somebody looked, else sharing. Rules that depend on who the learner is are learned elsewhere; none is assumed here.
 */
export async function proposePolicy(needs: Pick<World, 'db'>, made: { readonly experimentId: string; readonly runId: string }): Promise<void> {
  await needs.db.transaction(async (tx) => {
    const estimates = await estimatesOfRun(tx, made.runId)
    const found = ['new_job', 'shared'].flatMap((outcome) => estimates.find((row) => row.estimand === 'itt' && row.outcome === outcome && row.estimator === 'difference_in_means' && row.estimate !== null) ?? [])[0]
    if (!found) return
    await insertProposal(tx, await proposal(tx, made, found))
  })
}

async function proposal(tx: Tx, made: { readonly experimentId: string; readonly runId: string }, itt: EstimateRow): Promise<Policy> {
  const experiment = await experimentById(tx, made.experimentId)
  const everyone = (itt.estimate ?? 0) > 0
  const sign = everyone ? 1 : -1
  const [low, high] = everyone ? [itt.confLow, itt.confHigh] : [negated(itt.confHigh), negated(itt.confLow)]
  return Object.freeze({
    id: tx.ids.uuid(tx.now),
    experimentId: made.experimentId,
    runId: made.runId,
    state: 'proposed',
    sentence: everyone ? 'Nudge everyone who completes.' : 'Nudge no one.',
    rule: Object.freeze({
      kind: everyone ? 'everyone' : 'no_one',
      arm: experiment?.arms.find((arm) => arm.ghost !== everyone)?.name ?? null,
      outcome: itt.outcome,
      settled: low !== null && low > 0,
    }),
    value: itt.estimate === null ? undefined : sign * itt.estimate,
    valueStdError: itt.stdError ?? undefined,
    valueLow: low ?? undefined,
    valueHigh: high ?? undefined,
    against: everyone ? 'nudging no one' : 'nudging everyone',
    proposedAt: tx.now,
    publishedAt: undefined,
  })
}

const negated = (value: number | null) => (value === null ? null : -value)
