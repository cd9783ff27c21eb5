import { z } from 'zod'
import { createExperiment, defaultArms, drawCounts, experimentById, experimentsOf, ruledCounts, rulesOf, runningExperiment, startExperiment, stopExperiment, type Experiment, type ExperimentArm } from '#journey/experiment'
import { latestRun, stageCounts } from '#journey/estimate'
import { countMessages, workflows, type MessageCount } from '#journey/nudge'
import type { Issuer } from '#journey/party'
import { proportionInterval, sequentialSampleRatio } from '#kernel/causal'
import { fault, formBody, page, rates, redirect, route, type Route } from '#interfaces/http'
import type { Tx } from '#platform/db'
import { differenceAtEveryLook, differenceAtOneLook, type Reached } from './compare.ts'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { experimentPage, type ExperimentView, type ExposureRow, type GateView } from './experiment-page.ts'
import { experimentsPage } from './experiments-page.ts'
import { outcomeLabel } from './outcome.ts'

const params = z.strictObject({ experiment: z.uuid() })
const who = ['owner', 'staff'] as const

/** The experiment, if it is this issuer's; to all others it does not exist. */
export async function experimentOf(tx: Tx, issuer: Issuer, id: string): Promise<Experiment> {
  const found = await experimentById(tx, id)
  if (found?.issuerId !== issuer.id) throw fault.nothing_here()
  return found
}

/** What an experiment may try, in words. */
const offeredWorkflows = [
  { name: 'share.in_app', label: 'In the page', what: 'A prompt at the first visit, and one more at the next where the first was not followed.' },
  { name: 'share.e_mail', label: 'By mail', what: 'A mail a day after the credential, and one more after a week where the first was not followed.' },
] as const

export const experimentRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/admin/:issuer/experiments',
    summary: 'All experiments of an issuer.',
    roles: mayEnter.experiments,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({}),
    async handler(asked) {
      const { issuer, world } = asked
      const view = await world.db.read(async (tx) => {
        const all = await experimentsOf(tx, issuer.id)
        const rows = []
        for (const one of all) {
          const counts = await drawCounts(tx, one.id)
          rows.push({
            name: one.name,
            question: one.question,
            address: deskAddress(issuer, 'experiments', `/${one.id}`),
            state: one.state,
            ...(one.startedAt === undefined ? {} : { startedAt: one.startedAt }),
            drawn: counts.reduce((sum, count) => sum + count.count, 0),
            ...((await latestRun(tx, one.id)) ? { reportAddress: deskAddress(issuer, 'reports', `/${one.id}`) } : {}),
          })
        }
        return { experiments: rows, ...((await runningExperiment(tx, issuer.id)) ? {} : { create: { address: deskAddress(issuer, 'experiments'), workflows: offeredWorkflows } }) }
      })
      return page(experimentsPage(view, deskChrome(asked, issuer, 'experiments')))
    },
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/experiments',
    summary: 'Drafts an experiment on the share prompt.',
    roles: who,
    issuer: 'path',
    csrf: 'form',
    audit: 'experiment.create',
    rate: rates.pages,
    params: z.strictObject({}),
    body: formBody(z.strictObject({ name: z.string().min(1).max(200).optional(), workflow: z.enum(offeredWorkflows.map((one) => one.name)).optional() })),
    async handler({ issuer, input, change }) {
      const draft = await change(
        (tx) => createExperiment(tx, { issuerId: issuer.id, name: input.body.name ?? 'Share prompt', question: 'Does the nudge bring more sharing and more new jobs?', arms: defaultArms(input.body.workflow ?? 'share.in_app') }),
        (made) => ({ subject: made.id, issuerId: issuer.id, after: made.arms }),
      )
      return redirect(deskAddress(issuer, 'experiments', `/${draft.id}`))
    },
  }),
  route({
    method: 'GET',
    path: '/admin/:issuer/experiments/:experiment',
    summary: 'One experiment: who was drawn, whether the arms are comparable, what was sent.',
    roles: mayEnter.experiments,
    issuer: 'path',
    rate: rates.pages,
    params,
    async handler(asked) {
      const { issuer, world, input } = asked
      const view = await world.db.read((tx) => experimentView(tx, issuer, input.params.experiment))
      return page(experimentPage(view, deskChrome(asked, issuer, 'experiments')))
    },
  }),
  ...(['start', 'stop'] as const).map((what) =>
    route({
      method: 'POST',
      path: `/admin/:issuer/experiments/:experiment/${what}`,
      summary: what === 'start' ? 'Starts an experiment; its plan is frozen.' : 'Stops drawing learners.',
      roles: who,
      issuer: 'path',
      csrf: 'form',
      audit: `experiment.${what}`,
      rate: rates.pages,
      params,
      body: formBody(z.strictObject({ reason: z.string().max(500).optional() })),
      async handler({ issuer, input, change }) {
        await change(
          async (tx) => {
            const { id } = await experimentOf(tx, issuer, input.params.experiment)
            return what === 'start' ? await startExperiment(tx, id) : await stopExperiment(tx, id)
          },
          (after) => ({ subject: after.id, issuerId: issuer.id, after: { state: after.state, ...(input.body.reason === undefined ? {} : { reason: input.body.reason }) } }),
        )
        return redirect(deskAddress(issuer, 'experiments', `/${input.params.experiment}`))
      },
    }),
  ),
]

async function experimentView(tx: Tx, issuer: Issuer, id: string): Promise<ExperimentView> {
  const experiment = await experimentOf(tx, issuer, id)
  const counts = await drawCounts(tx, id)
  const stages = (await stageCounts(tx, issuer.id, id)).filter((one) => one.arm !== undefined)
  const messages = (await countMessages(tx, issuer.id)).filter((one) => one.experimentId === id)
  const run = await latestRun(tx, id)
  const rule = experiment.ruleId === undefined ? undefined : (await rulesOf(tx, issuer.id)).find((one) => one.id === experiment.ruleId)
  const ruled = rule === undefined ? [] : await ruledCounts(tx, id)
  const total = experiment.arms.reduce((sum, arm) => sum + arm.weight, 0)
  const treated = experiment.arms.find((arm) => !arm.ghost)
  const control = experiment.arms.find((arm) => arm.ghost)
  const drawn = (arm: ExperimentArm | undefined, wave?: string) => counts.filter((one) => one.arm === arm?.name && (wave === undefined || one.wave === wave)).reduce((sum, one) => sum + one.count, 0)
  const inStage = (stage: 'learners' | 'confirmed' | 'observed', arm: ExperimentArm | undefined, wave?: string) => stages.filter((one) => one.arm === arm?.name && (wave === undefined || one.wave === wave)).reduce((sum, one) => sum + one[stage], 0)
  const shared = (arm: ExperimentArm | undefined, wave?: string): Reached => ({ reached: inStage('confirmed', arm, wave), drawn: inStage('learners', arm, wave) })
  const gate = (name: GateView['gate'], treatment: number, controls: number): GateView => gateOf(name, treatment, controls, (treated?.weight ?? 1) / total)
  const sum = (of: (one: MessageCount) => boolean, what: 'count' | 'clicked' | 'declined' = 'count') => messages.filter(of).reduce((so, one) => so + one[what], 0)
  const exposedTo = (step: string, ghost: boolean) => sum((one) => one.step === step && one.ghost === ghost && ['shown', 'sent'].includes(one.state))
  const sent = (step: string, state: string) => sum((one) => one.step === step && !one.ghost && one.state === state)
  const nudgeSteps = [...new Set(messages.filter((one) => one.step !== 'award').map((one) => one.step))].sort()
  const running = experiment.state === 'running'
  const address = deskAddress(issuer, 'experiments', `/${id}`)
  const report = deskAddress(issuer, 'reports', `/${id}`)
  const effect = differenceAtEveryLook(shared(treated), shared(control))
  return {
    name: experiment.name,
    question: experiment.question,
    state: experiment.state,
    ...(experiment.startedAt === undefined ? {} : { startedAt: experiment.startedAt }),
    ...(experiment.stoppedAt === undefined ? {} : { stoppedAt: experiment.stoppedAt }),
    ...(running && experiment.startedAt ? { day: Math.floor((tx.now.getTime() - experiment.startedAt.getTime()) / 86_400_000) + 1 } : {}),
    ...(effect === undefined ? {} : { watched: { outcome: 'shared', treatment: shared(treated), control: shared(control), effect } }),
    arms: experiment.arms.map((arm) => ({ name: arm.name, role: arm.ghost ? 'control' : 'treatment', weight: arm.weight / total, workflow: arm.workflow, drawn: drawn(arm) })),
    gates: [
      gate('draw', drawn(treated), drawn(control)),
      ...(nudgeSteps[0] === undefined ? [] : [gate('render', exposedTo(nudgeSteps[0], false), exposedTo(nudgeSteps[0], true))]),
      gate('outcome', inStage('observed', treated), inStage('observed', control)),
    ],
    exposure: nudgeSteps.map(
      (step): ExposureRow => ({
        step,
        channel: workflows[treated?.workflow ?? '']?.steps.find((one) => one.name === step)?.channel ?? 'in_app',
        exposed: { treatment: exposedTo(step, false), control: exposedTo(step, true) },
        clicked: sum((one) => one.step === step, 'clicked'),
        declined: sum((one) => one.step === step, 'declined'),
        skipped: sent(step, 'skipped'),
        failed: sent(step, 'failed'),
        unknown: sent(step, 'unknown'),
      }),
    ),
    waves: [...new Set(counts.map((one) => one.wave))].map((wave) => {
      const difference = differenceAtOneLook(shared(treated, wave), shared(control, wave))
      return { wave, treatment: drawn(treated, wave), control: drawn(control, wave), ...(difference === undefined ? {} : { difference }), ripe: ripeness(wave, tx.now) }
    }),
    sealed: [],
    plan: {
      ...(experiment.planDigest === undefined ? {} : { digest: experiment.planDigest }),
      items: [
        { name: 'Outcomes', value: experiment.plan.outcomes.map((one) => `${outcomeLabel(one.name)} (${one.role})`).join(', ') },
        { name: 'Estimands', value: experiment.plan.estimands.map((one) => estimandNames[one] ?? one.replaceAll('_', ' ')).join(', ') },
        { name: 'Adjusted for', value: ['strata', 'waves', ...experiment.plan.covariates].join(', ').replaceAll('_', ' ') },
        ...(experiment.plan.subgroups.length === 0 ? [] : [{ name: 'Groups', value: experiment.plan.subgroups.join(', ').replaceAll('_', ' ') }]),
        { name: 'Several outcomes', value: 'p-values by Holm, over the confirmatory ones' },
        ...(rule === undefined
          ? []
          : [
              { name: 'Draws by the rule', value: rule.sentence },
              { name: 'Stays random', value: `${Math.round(100 * experiment.randomShare)}% of learners, and whom the rule cannot decide on; only they are counted above and compared` },
              { name: 'Placed by the rule', value: ruled.length === 0 ? 'nobody so far' : ruled.map((one) => `${one.arm} ${one.count.toLocaleString('en')}`).join(', ') },
            ]),
        { name: 'Horizon', value: `A job counts from 1 to ${experiment.plan.horizonMonths} months after the draw` },
      ],
    },
    ...(experiment.state === 'draft' ? { startAddress: `${address}/start` } : {}),
    ...(running ? { stopAddress: `${address}/stop` } : {}),
    ...(drawn(treated) + drawn(control) > 0 && (run === undefined || run.staleSince !== undefined) ? { estimateAddress: report } : {}),
    ...(run === undefined ? {} : { reportAddress: report }),
    listAddress: deskAddress(issuer, 'experiments'),
  }
}

const estimandNames: Readonly<Record<string, string>> = { itt: 'effect of the draw (ITT)', first_stage: 'effect of the draw on sharing (first stage)', late: 'effect of sharing (LATE)' }

/** Fewer learners than this say nothing about the split. */
const fewest = 20

function gateOf(gate: GateView['gate'], treatment: number, control: number, planned: number): GateView {
  const all = treatment + control
  if (all < fewest) return { gate, treatment, control, share: { estimate: all === 0 ? 0 : treatment / all, low: 0, high: 1 }, planned, pValue: null, verdict: 'too_few' }
  const { pValue, alarm } = sequentialSampleRatio([control, treatment], [1 - planned, planned], { alpha: 0.001 })
  return { gate, treatment, control, share: proportionInterval(treatment, all), planned, pValue, verdict: alarm ? 'alarm' : 'balanced' }
}

const windows = [1, 4, 12] as const

/** Which windows the last learner of a wave has lived through. */
function ripeness(wave: string, now: Date): readonly string[] {
  const [year = 0, month = 0] = wave.split('-').map(Number)
  return windows.filter((months) => Date.UTC(year, month + months, 1) <= now.getTime()).map((months) => (months === 1 ? '1 month' : `${months} months`))
}

