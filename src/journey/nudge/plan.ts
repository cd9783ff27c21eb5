import { credentialsById } from '#journey/credential'
import { drawsOfLearners, experimentById, type Draw } from '#journey/experiment'
import { consentsOf, issuerById, learnersById } from '#journey/party'
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import { messageOf } from './begin.ts'
import { fault } from './faults.ts'
import { zoneOf } from './hours.ts'
import type { Run } from './nudge.ts'
import { insertMessages, insertRuns } from './store.ts'
import { defaultWorkflow, noticeWorkflow, workflowNamed, workflows, type Workflow } from './workflow.ts'

/**
 * Begins a workflow for each credential: the one of the learner's arm, as a ghost in the control arm; the default where no experiment covers
 * the learner; the bare notice where the learner does not agree to nudges. Safe to repeat: a credential has one run. What is due while a credential is suspended waits.
 *
 * A draw holds until its plan's horizon has passed, also after the experiment stopped taking learners in: the control arm is not nudged
 * while its outcomes are being measured.
 *
 * @throws Fault `nudge.unknown_workflow` when an arm names a workflow that does not exist
 */
export async function planNudges(needs: Pick<World, 'db'>, issued: { readonly credentialIds: readonly string[] }): Promise<void> {
  await needs.db.transaction((tx) => plan(tx, issued.credentialIds))
}

async function plan(tx: Tx, credentialIds: readonly string[]): Promise<void> {
  const found = await credentialsById(tx, credentialIds)
  const credentials = credentialIds.flatMap((id) => found.get(id) ?? []).filter((one) => one.signedAt && !one.revokedAt && !one.withdrawnAt)
  const learnerIds = [...new Set(credentials.map((one) => one.learnerId))]
  const learners = await learnersById(tx, learnerIds)
  const consents = await consentsOf(tx, learnerIds)
  const draws = await drawsInForce(tx, learnerIds)
  const issuers = new Map<string, Awaited<ReturnType<typeof issuerById>>>()
  for (const id of new Set(credentials.map((one) => one.issuerId))) issuers.set(id, await issuerById(tx, id))

  const runs = credentials.flatMap((credential): (Run & { readonly steps: Workflow['steps'] })[] => {
    const learner = learners.get(credential.learnerId)
    if (!learner || learner.erasedAt) return []
    const draw = draws.get(learner.id)
    const workflow = draw ? known(draw.workflow) : known(consents.get(learner.id)?.nudge === true ? defaultWorkflow : noticeWorkflow)
    return [
      {
        id: tx.ids.uuid(tx.now),
        credentialId: credential.id,
        learnerId: learner.id,
        issuerId: credential.issuerId,
        experimentId: draw?.experimentId,
        arm: draw?.arm,
        workflow: workflow.name,
        ghost: draw?.ghost ?? false,
        state: 'active',
        stoppedBecause: undefined,
        createdAt: tx.now,
        endedAt: undefined,
        steps: workflow.steps,
      },
    ]
  })
  if (runs.length === 0) return
  const begun = await insertRuns(tx, runs)
  const messages = runs
    .filter((run) => begun.has(run.id))
    .flatMap((run) => {
      const zone = zoneOf(learners.get(run.learnerId) ?? { timeZone: '' }, issuers.get(run.issuerId))
      return run.steps.filter((step) => step.after === undefined).map((step) => messageOf(tx, step, run, tx.now, zone))
    })
  if (messages.length > 0) await insertMessages(tx, messages)
}

async function drawsInForce(tx: Tx, learnerIds: readonly string[]): Promise<ReadonlyMap<string, Draw>> {
  const draws = await drawsOfLearners(tx, learnerIds)
  const horizons = new Map<string, number>()
  for (const id of new Set([...draws.values()].map((one) => one.experimentId))) horizons.set(id, (await experimentById(tx, id))?.plan.horizonMonths ?? 0)
  return new Map([...draws].filter(([, draw]) => tx.now < monthsAfter(draw.drawnAt, horizons.get(draw.experimentId) ?? 0)))
}

/** The same day so many months later, in UTC as the panel counts them (estimate.panel_v1); a day that the month lacks is its last. */
function monthsAfter(time: Date, months: number): Date {
  const then = new Date(time)
  then.setUTCMonth(then.getUTCMonth() + months)
  if (then.getUTCDate() !== time.getUTCDate()) then.setUTCDate(0)
  return then
}

function known(name: string): Workflow {
  const workflow = workflowNamed(name)
  if (!workflow) throw fault.unknown_workflow({ workflow: name, known: Object.keys(workflows).join(', ') })
  return workflow
}
