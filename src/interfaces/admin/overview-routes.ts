import { z } from 'zod'
import { drawCounts, experimentsOf, type Experiment } from '#journey/experiment'
import { estimatesOfRun, latestRun, type ArmCount, type Diagnostics } from '#journey/estimate'
import { allIssuers, issuerById, type Issuer } from '#journey/party'
import { countCompletions } from '#journey/completion'
import { countCredentials, unsignedCount } from '#journey/credential'
import { countMessages } from '#journey/nudge'
import { fault, page, rates, redirect, route, type Route } from '#interfaces/http'
import type { Tx } from '#platform/db'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { overviewPage, type JourneyRow, type OverviewView, type Todo } from './overview-page.ts'

export const overviewRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/admin',
    summary: 'Leads to the desk of an issuer.',
    roles: ['owner', 'staff', 'analyst'],
    rate: rates.pages,
    async handler({ who, world }) {
      const issuer = await world.db.read(async (tx) => {
        const own = who.memberships.find((one) => one.issuerId !== undefined)?.issuerId
        const all = own === undefined ? await allIssuers(tx) : [await issuerById(tx, own)]
        return all.toSorted((a, b) => Number(a?.demo) - Number(b?.demo))[0]
      })
      if (!issuer) throw fault.nothing_here()
      return redirect(deskAddress(issuer, 'overview'))
    },
  }),
  route({
    method: 'GET',
    path: '/admin/:issuer',
    summary: 'What the nudges did, and what waits for somebody.',
    roles: mayEnter.overview,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({}),
    async handler(asked) {
      const view = await asked.world.db.read((tx) => overviewOf(tx, asked.issuer))
      return page(overviewPage(view, deskChrome(asked, asked.issuer, 'overview')))
    },
  }),
]

async function overviewOf(tx: Tx, issuer: Issuer): Promise<OverviewView> {
  const [experiment] = await experimentsOf(tx, issuer.id)
  const counts = experiment ? await drawCounts(tx, experiment.id) : []
  const run = experiment && (await latestRun(tx, experiment.id))
  const estimates = run ? await estimatesOfRun(tx, run.id) : []
  const shared = estimates.find((row) => row.estimand === 'itt' && row.outcome === 'shared')
  const credentials = await countCredentials(tx, issuer.id)
  const messages = await countMessages(tx, issuer.id)
  const drawn = (ghost: boolean) => (experiment ? counts.filter((one) => experiment.arms.find((arm) => arm.name === one.arm)?.ghost === ghost).reduce((sum, one) => sum + one.count, 0) : 0)
  const unknown = messages.filter((one) => one.state === 'unknown').reduce((sum, one) => sum + one.count, 0)
  return {
    ...(experiment ? { experiment: { name: experiment.name, address: deskAddress(issuer, 'experiments', `/${experiment.id}`), drawn: { treatment: drawn(false), control: drawn(true) } } } : {}),
    ...(shared && shared.estimate !== null && shared.confLow !== null && shared.confHigh !== null
      ? { answer: { outcome: 'shared', effect: { estimate: shared.estimate, low: shared.confLow, high: shared.confHigh }, anytime: false } }
      : {}),
    journey: await journeyOf(tx, issuer, experiment, run?.diagnostics, credentials.signed),
    todo: todoOf(issuer, experiment, run?.diagnostics, { unsigned: await unsignedCount(tx), unknown, stale: run?.staleSince !== undefined, analysed: run !== undefined, drawn: drawn(true) + drawn(false) }),
    importAddress: deskAddress(issuer, 'completions'),
  }
}

async function journeyOf(tx: Tx, issuer: Issuer, experiment: Experiment | undefined, diagnostics: Diagnostics | undefined, signed: number): Promise<readonly JourneyRow[]> {
  if (!experiment || !diagnostics) return []
  const completions = await countCompletions(tx, issuer.id)
  const armOf = (ghost: boolean) => diagnostics.arms.find((one) => experiment.arms.find((arm) => arm.name === one.arm)?.ghost === ghost)
  const [control, treatment] = [armOf(true), armOf(false)]
  if (!control || !treatment) return []
  const row = (stage: string, pick: (arm: ArmCount) => number, note?: string): JourneyRow => ({ stage, ...(note === undefined ? {} : { note }), all: pick(control) + pick(treatment), treatment: pick(treatment), control: pick(control) })
  return [
    { stage: 'completed something', all: completions, outside: completions - control.drawn - treatment.drawn, treatment: treatment.drawn, control: control.drawn },
    { stage: 'hold a credential', all: signed, treatment: treatment.drawn, control: control.drawn },
    row('were prompted', (arm) => arm.promptsShown, 'in the control arm nothing is shown'),
    row('shared', (arm) => arm.shared),
    row('had their work looked at', (arm) => arm.observed),
  ]
}

function todoOf(issuer: Issuer, experiment: Experiment | undefined, diagnostics: Diagnostics | undefined, is: { readonly unsigned: number; readonly unknown: number; readonly stale: boolean; readonly analysed: boolean; readonly drawn: number }): readonly Todo[] {
  const todo: Todo[] = []
  if (diagnostics?.sampleRatio?.alarm === true && experiment) todo.push({ urgency: 'now', what: 'The arms do not have the planned sizes', why: 'Until it is known why, no effect of this experiment can be believed.', address: deskAddress(issuer, 'experiments', `/${experiment.id}`), action: 'See where they part' })
  if (is.unsigned > 0) todo.push({ urgency: 'soon', what: `${is.unsigned} credentials are still being signed`, why: 'They are finished by themselves, within a minute or two.', address: deskAddress(issuer, 'credentials'), action: 'See them' })
  if (is.unknown > 0) todo.push({ urgency: 'unknown', what: `${is.unknown} mails have an unknown fate`, why: 'The line broke while they were handed over. They are not sent again.', address: deskAddress(issuer, 'experiments', experiment ? `/${experiment.id}` : ''), action: 'See them' })
  if (!experiment) todo.push({ urgency: 'soon', what: 'No experiment yet', why: 'Without a control arm nobody can say what a nudge did.', address: deskAddress(issuer, 'experiments'), action: 'Begin one' })
  else if (is.drawn > 0 && (!is.analysed || is.stale)) todo.push({ urgency: 'soon', what: is.analysed ? 'New outcomes have come in' : 'Nothing was estimated yet', why: 'The plan is frozen; running it takes a moment.', address: deskAddress(issuer, 'reports'), action: 'Estimate' })
  return todo
}
