import { estimatesOfRun, findWhoGains, latestRun, type EstimateRow } from '#journey/estimate'
import { experimentById, type Experiment } from '#journey/experiment'
import type { World } from '#platform/world'
import { decide, type Decision } from './decide.ts'
import { learnApart } from './learn-apart.ts'
import type { Findings, Policy, Terms } from './policy.ts'
import { insertProposal, termsOf } from './store.ts'

/**
 * Proposes whom to nudge, from a run of the plan and on the experiment's terms: a rule of one or two questions where it is surely better than what needs none
 * (`decide`), else everyone or no one. The outcome is new jobs when the plan has them and somebody looked, else sharing.
 *
 * The value of "everyone" against "no one" is the intention-to-treat effect itself, with its standard error; nothing was fitted to choose between the two beyond its
 * sign, and the proposal says when the interval does not settle it.
 */
export async function proposePolicy(needs: Pick<World, 'db'>, made: { readonly experimentId: string; readonly runId: string }): Promise<void> {
  const { experiment, itt, terms } = await needs.db.read(async (tx) => {
    const newest = await latestRun(tx, made.experimentId)
    const estimates = newest?.id === made.runId ? await estimatesOfRun(tx, made.runId) : [] // a newer run proposes by its own job
    return { experiment: await experimentById(tx, made.experimentId), itt: ['new_job', 'shared'].flatMap((outcome) => estimates.find((row) => row.estimand === 'itt' && row.outcome === outcome && row.estimator === 'difference_in_means' && row.estimate !== null) ?? [])[0], terms: await termsOf(tx, made.experimentId) }
  })
  const [control, nudge] = [true, false].map((ghost) => experiment?.arms.find((arm) => arm.ghost === ghost)?.name)
  if (!itt || itt.estimate === null || !experiment || control === undefined || nudge === undefined) return
  const learners = await findWhoGains(needs, { ...made, outcome: itt.outcome })
  const findings = learners && (await learnApart({ learners, terms, arms: [control, nudge], seed: experiment.planDigest ?? experiment.id }))
  const decision = decide({ effect: { estimate: itt.estimate, stdError: itt.stdError, low: itt.confLow, high: itt.confHigh } }, findings, terms)
  await needs.db.transaction(async (tx) => {
    // A newer run has been made meanwhile.
    if ((await latestRun(tx, made.experimentId))?.id !== made.runId) return
    const sentence = sentenceOf(decision, findings)
    const rule = record({ ...made, sentence, experiment, itt, terms, findings, decision, arms: { control, nudge } })
    const { value } = decision
    await insertProposal(tx, {
      id: tx.ids.uuid(tx.now),
      ...made,
      state: 'proposed',
      sentence,
      rule,
      terms,
      value: value?.estimate,
      valueStdError: value?.stdError ?? undefined,
      valueLow: value?.low ?? undefined,
      valueHigh: value?.high ?? undefined,
      against: decision.against,
      findings,
      ruleId: undefined,
      proposedAt: tx.now,
      publishedAt: undefined,
    })
  })
}

function sentenceOf({ kind }: Decision, findings: Findings | undefined): string {
  switch (kind) {
    case 'tree': return findings!.tree.sentence
    case 'everyone': return 'Nudge everyone who completes.'
    case 'no_one': return 'Nudge no one.'
    case 'none': return 'Go on drawing: there is no rule to recommend.'
  }
}

interface Recorded {
  readonly sentence: string
  readonly experiment: Experiment
  readonly runId: string
  readonly itt: EstimateRow
  readonly terms: Terms
  readonly findings: Findings | undefined
  readonly decision: Decision
  readonly arms: { readonly control: string; readonly nudge: string }
}

/** What `experiment` can draw by (see `parseRule`), and where it comes from. */
function record({ sentence, experiment, runId, itt, terms, findings, decision, arms }: Recorded): Policy['rule'] {
  const { kind, settled, value, against, instead } = decision
  return Object.freeze({
    kind,
    sentence,
    arm: kind === 'no_one' || kind === 'none' ? arms.control : arms.nudge,
    outcome: itt.outcome,
    settled,
    ...(kind === 'tree' ? { otherwise: arms.control, tree: findings!.tree.record } : {}),
    ...(instead === undefined ? {} : { instead }),
    terms,
    ...(value === undefined ? {} : { value: { against, estimate: value.estimate, std_error: value.stdError, conf_low: value.low, conf_high: value.high } }),
    learned_from: { experiment: experiment.id, run: runId, learners: findings?.learners ?? itt.n },
  })
}
