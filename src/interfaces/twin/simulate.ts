/**
 * The twin: learners whose truth is known live through the real rooms under a virtual clock, and the estimates are laid beside the truth.
 *
 * It acts on the rooms as the outside does (a platform's weekly export, visits, clicks, strangers, files of outcomes) and on nothing else:
 * which arm a learner is in is never looked up. Mail leaves through SMTP to a real peer in this process.
 */
import { estimatesOfRun, runAnalysis, type EstimateRow } from '#journey/estimate'
import { createExperiment, defaultArms, defaultPlan, startExperiment } from '#journey/experiment'
import { createIssuer } from '#journey/party'
import { establishKey } from '#journey/credential'
import { saveAchievement } from '#journey/completion'
import type { VirtualClock } from '#platform/clock'
import type { World } from '#platform/world'
import { courses } from './courses.ts'
import type { Effects } from './effects.ts'
import { fault } from './faults.ts'
import { play, type Followed } from './play.ts'
import { populate } from './population.ts'
import { truthOf } from './truth.ts'

export interface Simulation {
  readonly learners: number
  readonly seed: string
  readonly months: number
  readonly effects: Effects
  readonly progress: (share: number, what: string) => void
}

/** Where it is played: a world under a clock that this can move, whose mail goes to a peer in this process. */
export interface Stage {
  readonly world: World
  readonly clock: VirtualClock
  /** Letters that the peer has received so far. */
  readonly received: () => number
  /** Real time in milliseconds, for saying how long it took. */
  readonly elapsed: () => number
}

export interface SimulationReport {
  readonly learners: number
  readonly seconds: number
  readonly estimates: readonly {
    readonly estimand: string
    readonly outcome: string
    readonly subgroup: string
    readonly truth: number
    readonly estimate: number | null
    readonly std_error: number | null
    readonly conf_low: number | null
    readonly conf_high: number | null
    readonly covered: boolean | null
    readonly n: number
  }[]
  readonly letters: number
  readonly experimentId: string
}

const daysOfMonth = 30.4375 // 365.25 / 12

export async function simulate(order: Simulation, stage: Stage): Promise<SimulationReport> {
  if (order.months < 2) throw fault.bad_order({ reason: 'at least two months are needed, since a job counts from one month after the draw.' })
  const began = stage.elapsed()
  const { world } = stage
  // Everybody enrols in the first half, so that everybody's work is followed for at least the second.
  const enrolmentDays = Math.max(1, Math.floor((order.months / 2) * daysOfMonth))
  const people = populate(order.learners, order.seed, order.effects, enrolmentDays)
  const { issuer, achievements, experimentId } = await world.db.transaction(async (tx) => {
    const issuer = await createIssuer(tx, { handle: 'demo', name: 'Demonstration University', url: 'https://demonstration.example', demo: true })
    await establishKey(tx, world.secrets, issuer.id)
    const achievements = []
    for (const course of courses) achievements.push(await saveAchievement(tx, { issuerId: issuer.id, handle: course.handle, document: course.document, domain: course.domain }))
    const plan = { ...defaultPlan, covariates: ['experience_years', 'past_tech_job', 'skill_score'] }
    const draft = await createExperiment(tx, {
      issuerId: issuer.id,
      name: 'Prompt to share',
      question: 'Do two prompts after completion bring more sharing, and more new jobs?',
      arms: defaultArms('share.in_app'),
      plan,
    })
    await startExperiment(tx, draft.id)
    return { issuer, achievements, experimentId: draft.id }
  })

  const followed: readonly Followed[] = await play({ people, issuer, achievements, effects: order.effects, days: Math.floor(order.months * daysOfMonth), seed: order.seed, progress: order.progress }, stage)
  order.progress(0.97, 'estimating')
  await world.db.refreshStatistics()
  const { run, thirds } = await runAnalysis(world, experimentId)
  await world.queue.drain(world)
  const estimates = await world.db.read((tx) => estimatesOfRun(tx, run.id))
  const truths = truthOf(followed.map((one) => ({ ...one, third: thirds.get(one.learnerId) })), order.effects)
  return Object.freeze({
    learners: order.learners,
    seconds: (stage.elapsed() - began) / 1000,
    estimates: truths.map(({ estimand, outcome, subgroup, truth }) => {
      const row = estimates.find((one) => one.estimand === estimand && one.outcome === outcome && one.subgroup === subgroup && headline(one))
      const low = row?.confLow ?? null
      const high = row?.confHigh ?? null
      return Object.freeze({
        estimand,
        outcome,
        subgroup,
        truth,
        estimate: row?.estimate ?? null,
        std_error: row?.stdError ?? null,
        conf_low: low,
        conf_high: high,
        covered: low === null || high === null ? null : low <= truth && truth <= high,
        n: row?.n ?? 0,
      })
    }),
    letters: stage.received(),
    experimentId,
  })
}

/** One estimator for each estimand: the plan's first. */
const headline = (row: EstimateRow) => row.subgroup !== 'all' || row.estimator === (row.estimand === 'late' ? 'iv_robust' : 'difference_in_means')
