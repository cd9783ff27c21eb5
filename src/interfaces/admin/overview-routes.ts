import { z } from 'zod'
import { experimentsOf, type Experiment, type ExperimentArm } from '#journey/experiment'
import { latestRun, stageCounts, type Diagnostics, type StageCount } from '#journey/estimate'
import { allIssuers, issuerById, type Issuer } from '#journey/party'
import { unsignedCount } from '#journey/credential'
import { countMessages } from '#journey/nudge'
import { page, rates, redirect, route, type Route } from '#interfaces/http'
import type { Tx } from '#platform/db'
import { differenceAtEveryLook, sharesOf, type Reached } from './compare.ts'
import { fault as deskFault } from './faults.ts'
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
      if (!issuer) throw deskFault.no_issuer()
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
  const run = experiment && (await latestRun(tx, experiment.id))
  const stages = await stageCounts(tx, issuer.id, experiment?.id)
  const messages = await countMessages(tx, issuer.id)
  const [treatment, control] = [groupOf(stages, experiment?.arms.find((arm) => !arm.ghost)), groupOf(stages, experiment?.arms.find((arm) => arm.ghost))]
  const drawn = treatment.learners + control.learners
  const unknown = messages.filter((one) => one.state === 'unknown').reduce((sum, one) => sum + one.count, 0)
  const effect = differenceAtEveryLook(reach(treatment, 'confirmed'), reach(control, 'confirmed'))
  return {
    ...(experiment ? { experiment: { name: experiment.name, address: deskAddress(issuer, 'experiments', `/${experiment.id}`), drawn: { treatment: treatment.learners, control: control.learners } } } : {}),
    ...(effect === undefined ? {} : { answer: { outcome: 'shared', effect, anytime: true } }),
    journey: journeyOf(stages, treatment, control),
    todo: todoOf(issuer, experiment, run?.diagnostics, { unsigned: await unsignedCount(tx), unknown, stale: run?.staleSince !== undefined, analysed: run !== undefined, drawn }),
    importAddress: deskAddress(issuer, 'completions'),
  }
}

type Stage = 'learners' | 'holding' | 'reached' | 'clicked' | 'confirmed' | 'seen' | 'observed'
type Group = Readonly<Record<Stage, number>>

/** The counts of one arm over all its waves, or of everybody. */
function groupOf(stages: readonly StageCount[], arm: ExperimentArm | 'everybody' | undefined): Group {
  const among = arm === 'everybody' ? stages : stages.filter((one) => arm !== undefined && one.arm === arm.name)
  const sum = (stage: Stage) => among.reduce((so, one) => so + one[stage], 0)
  return { learners: sum('learners'), holding: sum('holding'), reached: sum('reached'), clicked: sum('clicked'), confirmed: sum('confirmed'), seen: sum('seen'), observed: sum('observed') }
}

const reach = (group: Group, stage: Stage): Reached => ({ reached: group[stage], drawn: group.learners })

function journeyOf(stages: readonly StageCount[], treatment: Group, control: Group): readonly JourneyRow[] {
  const everybody = groupOf(stages, 'everybody')
  if (everybody.learners === 0) return []
  const row = (stage: Stage, name: string, note?: string): JourneyRow => {
    const shares = stage === 'learners' || stage === 'holding' ? undefined : sharesOf(reach(treatment, stage), reach(control, stage))
    const difference = shares && differenceAtEveryLook(reach(treatment, stage), reach(control, stage))
    return {
      stage: name,
      ...(note === undefined ? {} : { note }),
      all: everybody[stage],
      treatment: treatment[stage],
      control: control[stage],
      outside: everybody[stage] - treatment[stage] - control[stage],
      ...(shares === undefined ? {} : { shares }),
      ...(difference === undefined ? {} : { difference }),
    }
  }
  return [
    row('learners', 'completed something'),
    row('holding', 'hold a credential'),
    row('reached', 'reached a prompt', 'Shown, or for control the ghost of it'),
    row('clicked', 'clicked a share target'),
    row('confirmed', 'confirmed a share'),
    row('seen', 'were seen by somebody else', 'A person who came by their share; not a robot'),
    row('observed', 'have their work looked at'),
  ]
}

function todoOf(issuer: Issuer, experiment: Experiment | undefined, diagnostics: Diagnostics | undefined, is: { readonly unsigned: number; readonly unknown: number; readonly stale: boolean; readonly analysed: boolean; readonly drawn: number }): readonly Todo[] {
  const todo: Todo[] = []
  if (diagnostics?.sampleRatio?.alarm === true && experiment) todo.push({ urgency: 'now', what: 'The arms do not have the planned sizes', why: 'Until it is known why, no effect of this experiment can be believed.', address: deskAddress(issuer, 'experiments', `/${experiment.id}`), action: 'See where they part' })
  if (is.unsigned > 0) todo.push({ urgency: 'soon', what: is.unsigned === 1 ? 'One credential is still being signed' : `${is.unsigned} credentials are still being signed`, why: 'They are finished by themselves, within a minute or two.', address: deskAddress(issuer, 'credentials'), action: 'See them' })
  if (is.unknown > 0) todo.push({ urgency: 'unknown', what: is.unknown === 1 ? 'One mail has an unknown fate' : `${is.unknown} mails have an unknown fate`, why: 'The line broke while they were handed over. They are not sent again.', address: deskAddress(issuer, 'experiments', experiment ? `/${experiment.id}` : ''), action: 'See them' })
  if (!experiment) todo.push({ urgency: 'soon', what: 'No experiment yet', why: 'Without a control arm nobody can say what a nudge did.', address: deskAddress(issuer, 'experiments'), action: 'Begin one' })
  else if (is.drawn > 0 && (!is.analysed || is.stale)) todo.push({ urgency: 'soon', what: is.analysed ? 'New outcomes have come in' : 'Nothing was estimated yet', why: 'The plan is frozen; running it takes a moment.', address: deskAddress(issuer, 'experiments', `/${experiment.id}`), action: 'To the experiment' })
  return todo
}
