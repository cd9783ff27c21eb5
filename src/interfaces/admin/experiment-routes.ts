import { z } from 'zod'
import { createExperiment, defaultArms, drawCounts, experimentById, experimentsOf, runningExperiment, startExperiment, stopExperiment, type Experiment } from '#journey/experiment'
import { latestRun } from '#journey/estimate'
import { countMessages, workflows } from '#journey/nudge'
import type { Issuer } from '#journey/party'
import { proportionInterval, sequentialSampleRatio } from '#kernel/causal'
import { fault, formBody, page, rates, redirect, route, type Route } from '#interfaces/http'
import type { Tx } from '#platform/db'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { experimentPage, type ExperimentView, type ExposureRow, type GateView } from './experiment-page.ts'
import { experimentsPage } from './experiments-page.ts'

const params = z.strictObject({ experiment: z.uuid() })
const who = ['owner', 'staff'] as const

/** The experiment, if it is this issuer's; to all others it does not exist. */
export async function experimentOf(tx: Tx, issuer: Issuer, id: string): Promise<Experiment> {
  const found = await experimentById(tx, id)
  if (found?.issuerId !== issuer.id) throw fault.nothing_here()
  return found
}

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
        return { experiments: rows, ...((await runningExperiment(tx, issuer.id)) ? {} : { newAddress: deskAddress(issuer, 'experiments') }) }
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
    body: formBody(z.strictObject({ name: z.string().min(1).max(200).optional(), workflow: z.enum(Object.keys(workflows) as [string, ...string[]]).optional() })),
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
          (after) => ({ subject: after.id, issuerId: issuer.id, after: after.state }),
        )
        return redirect(deskAddress(issuer, 'experiments', `/${input.params.experiment}`))
      },
    }),
  ),
]

async function experimentView(tx: Tx, issuer: Issuer, id: string): Promise<ExperimentView> {
  const experiment = await experimentOf(tx, issuer, id)
  const counts = await drawCounts(tx, id)
  const messages = await countMessages(tx, issuer.id)
  const run = await latestRun(tx, id)
  const total = experiment.arms.reduce((sum, arm) => sum + arm.weight, 0)
  const drawn = (arm: string) => counts.filter((one) => one.arm === arm).reduce((sum, one) => sum + one.count, 0)
  const treated = experiment.arms.find((arm) => !arm.ghost)
  const control = experiment.arms.find((arm) => arm.ghost)
  const gate = (name: GateView['gate'], treatment: number, controls: number): GateView => gateOf(name, treatment, controls, (treated?.weight ?? 1) / total)
  const exposedTo = (step: string, ghost: boolean) => messages.filter((one) => one.step === step && one.ghost === ghost && ['shown', 'sent'].includes(one.state)).reduce((sum, one) => sum + one.count, 0)
  const settled = (step: string, state: string) => messages.filter((one) => one.step === step && !one.ghost && one.state === state).reduce((sum, one) => sum + one.count, 0)
  const nudgeSteps = [...new Set(messages.filter((one) => one.step !== 'award').map((one) => one.step))].sort()
  const running = experiment.state === 'running'
  const address = deskAddress(issuer, 'experiments', `/${id}`)
  return {
    name: experiment.name,
    question: experiment.question,
    state: experiment.state,
    ...(experiment.startedAt === undefined ? {} : { startedAt: experiment.startedAt }),
    ...(experiment.stoppedAt === undefined ? {} : { stoppedAt: experiment.stoppedAt }),
    ...(running && experiment.startedAt ? { day: Math.floor((tx.now.getTime() - experiment.startedAt.getTime()) / 86_400_000) + 1 } : {}),
    arms: experiment.arms.map((arm) => ({ name: arm.name, role: arm.ghost ? 'control' : 'treatment', weight: arm.weight / total, workflow: arm.workflow, drawn: drawn(arm.name) })),
    gates: [
      gate('draw', drawn(treated?.name ?? ''), drawn(control?.name ?? '')),
      ...(nudgeSteps[0] === undefined ? [] : [gate('render', exposedTo(nudgeSteps[0], false), exposedTo(nudgeSteps[0], true))]),
      ...(run ? [gate('outcome', run.diagnostics.arms.find((arm) => arm.arm === treated?.name)?.observed ?? 0, run.diagnostics.arms.find((arm) => arm.arm === control?.name)?.observed ?? 0)] : []),
    ],
    exposure: nudgeSteps.map(
      (step): ExposureRow => ({
        step,
        channel: workflows[treated?.workflow ?? '']?.steps.find((one) => one.name === step)?.channel ?? 'in_app',
        exposed: { treatment: exposedTo(step, false), control: exposedTo(step, true) },
        clicked: 0,
        declined: 0,
        skipped: settled(step, 'skipped'),
        failed: settled(step, 'failed'),
        unknown: settled(step, 'unknown'),
      }),
    ),
    waves: [...Map.groupBy(counts, (one) => one.wave)].map(([wave, rows]) => ({
      wave,
      treatment: rows.filter((one) => one.arm === treated?.name).reduce((sum, one) => sum + one.count, 0),
      control: rows.filter((one) => one.arm === control?.name).reduce((sum, one) => sum + one.count, 0),
      ripe: ripeness(wave, tx.now),
    })),
    sealed: [],
    plan: {
      ...(experiment.planDigest === undefined ? {} : { digest: experiment.planDigest }),
      items: [
        { name: 'Outcomes', value: experiment.plan.outcomes.map((one) => `${one.name.replaceAll('_', ' ')} (${one.role})`).join(', ') },
        { name: 'Estimands', value: experiment.plan.estimands.map((one) => one.replaceAll('_', ' ')).join(', ') },
        { name: 'Covariates', value: ['strata', 'wave', ...experiment.plan.covariates].join(', ').replaceAll('_', ' ') },
        { name: 'Adjusted together', value: 'Holm, over the confirmatory outcomes' },
        { name: 'Horizon', value: `a job counts from 1 to ${experiment.plan.horizonMonths} months after the draw` },
      ],
    },
    ...(experiment.state === 'draft' ? { startAddress: `${address}/start` } : {}),
    ...(running ? { stopAddress: `${address}/stop` } : {}),
    reportAddress: deskAddress(issuer, 'reports', `/${id}`),
    listAddress: deskAddress(issuer, 'experiments'),
  }
}

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

