/**
 * The learners of the simulated world: who they are, and what each would do with and without a nudge, drawn before anything happens.
 *
 * Both potential behaviours of a learner come from the same numbers, so the truth is known for everybody. A nudge works through sharing
 * only (the exclusion that the LATE assumes holds here by construction):
 *
 *   shares(z) = visits and (always-sharer, or z and complier who gives in at the first or the second prompt)
 *   job(s)    = (v < p + s t)       p: base rate of the third, t: effect of sharing among compliers = effect of the nudge / effect on sharing
 */
import { generator, type Generator } from '#kernel/numeric'
import type { Effects } from './effects.ts'
import { nameFor, type Tongue } from './names.ts'

type Third = 'high' | 'medium' | 'low'

export interface SimulatedLearner {
  readonly externalId: string
  readonly name: string
  readonly email: string
  readonly locale: string
  readonly timeZone: string
  readonly country: string
  readonly education: string
  readonly course: number
  readonly experienceYears: number
  readonly pastTechJob: number
  readonly skillScore: number
  readonly third: Third
  /** Days after the beginning of the study on which the course was finished. */
  readonly completedOn: number
  /** Days after the credential on which the learner comes by, first and again; undefined: never. */
  readonly firstVisit: number | undefined
  readonly secondVisit: number | undefined
  readonly sharer: 'always' | 'at first prompt' | 'at second prompt' | 'never'
  /** Clicks a prompt without sharing. */
  readonly clicksOnly: boolean
  readonly target: 'linkedin_profile' | 'linkedin_post' | 'whatsapp' | 'copy_link'
  /** Chance on which finding work turns: a job at share s when it is below p + s t. */
  readonly jobChance: number
  readonly scopeChance: number
  /** Months from the draw to the start of the job, 1 to 12. */
  readonly jobMonth: number
  readonly covered: boolean
  readonly viewChance: number
  readonly scanned: boolean
}

/** A nudged learner who never comes back sees one prompt only: this share of first visits has a second. */
const comesBack = 0.8
/** Compliers who give in at the first prompt; the others need the second. */
const givesInAtOnce = 0.6

interface Place {
  readonly country: string
  readonly zone: string
  readonly locale: string
  readonly tongue: Tongue
  readonly weight: number
}

/** Where the learners live: nine of ten outside the OECD, as in the study (table 8: .896), in the larger ones of its countries. */
const places: readonly Place[] = [
  { country: 'IN', zone: 'Asia/Kolkata', locale: 'hi', tongue: 'Devanagari', weight: 26 },
  { country: 'NG', zone: 'Africa/Lagos', locale: 'en', tongue: 'Latin', weight: 12 },
  { country: 'BR', zone: 'America/Sao_Paulo', locale: 'pt-BR', tongue: 'Latin', weight: 12 },
  { country: 'EG', zone: 'Africa/Cairo', locale: 'ar', tongue: 'Arabic', weight: 10 },
  { country: 'CN', zone: 'Asia/Shanghai', locale: 'zh-CN', tongue: 'Chinese', weight: 10 },
  { country: 'ID', zone: 'Asia/Jakarta', locale: 'id', tongue: 'Latin', weight: 10 },
  { country: 'KZ', zone: 'Asia/Almaty', locale: 'ru', tongue: 'Cyrillic', weight: 9 },
  { country: 'MX', zone: 'America/Mexico_City', locale: 'es', tongue: 'Latin', weight: 6 },
  { country: 'DE', zone: 'Europe/Berlin', locale: 'de', tongue: 'Latin', weight: 5 },
]

/** Business, computer science, data science, information technology (section 3.2 of the study). */
export const courseWeights = [37, 25, 24, 14] as const

export function populate(count: number, seed: string, effects: Effects, enrolmentDays: number): readonly SimulatedLearner[] {
  const chance = generator(seed, 'twin', 'learners')
  // P(shares | nudged) - P(shares | not) = visits x complier share x P(gives in where the prompts are seen)
  const alwaysShare = effects.share.base / effects.visits
  const complierShare = effects.share.effect / (effects.visits * (givesInAtOnce + (1 - givesInAtOnce) * comesBack))
  return Array.from({ length: count }, (_, at) => learner(at, chance, effects, { alwaysShare, complierShare, enrolmentDays }))
}

function learner(at: number, chance: Generator, effects: Effects, rates: { readonly alwaysShare: number; readonly complierShare: number; readonly enrolmentDays: number }): SimulatedLearner {
  const place = weighted(places, chance.uniform())
  const course = indexOf(courseWeights, chance.uniform())
  // Employability: what the provider can see of it (experience, past job, skill, education), and what it cannot.
  const ability = chance.normal()
  const pastTechJob = chance.uniform() < logistic(-2.3 + 0.9 * ability) ? 1 : 0
  const experienceYears = Math.max(0, Math.round((3 + 2 * (0.6 * ability + 0.8 * chance.normal())) * 10) / 10)
  const skillScore = Math.round(50 + 10 * (0.7 * ability + 0.7 * chance.normal()))
  const educated = chance.uniform() < logistic(-0.8 + 0.8 * ability)
  const standing = ability + 0.4 * chance.normal()
  const third: Third = standing > 0.4637 ? 'high' : standing > -0.4637 ? 'medium' : 'low' // thirds of a normal with variance 1.16

  const visits = chance.uniform() < effects.visits
  const firstVisit = 0.05 + 4 * chance.exponential()
  const returns = chance.uniform() < comesBack
  const secondVisit = firstVisit + 1 + 8 * chance.exponential()
  const kind = chance.uniform()
  const atOnce = chance.uniform() < givesInAtOnce
  const complier = kind >= rates.alwaysShare && kind < rates.alwaysShare + rates.complierShare
  const targetChance = chance.uniform()
  const nameChance = chance.word()
  return {
    externalId: `learner-${String(at + 1).padStart(6, '0')}`,
    name: nameFor(place.tongue, nameChance),
    email: `learner-${at + 1}@learners.example`,
    locale: place.locale,
    timeZone: place.zone,
    country: place.country,
    education: educated ? 'Bachelor degree' : 'Secondary school',
    course,
    experienceYears,
    pastTechJob,
    skillScore,
    third,
    completedOn: chance.uniform() * rates.enrolmentDays,
    firstVisit: visits && firstVisit <= 30 ? firstVisit : visits ? 29 : undefined,
    secondVisit: visits && returns ? secondVisit : undefined,
    sharer: kind < rates.alwaysShare ? 'always' : complier ? (atOnce ? 'at first prompt' : 'at second prompt') : 'never',
    clicksOnly: chance.uniform() < 0.04,
    target: targetChance < 0.7 ? 'linkedin_profile' : targetChance < 0.85 ? 'linkedin_post' : targetChance < 0.95 ? 'whatsapp' : 'copy_link',
    jobChance: chance.uniform(),
    scopeChance: chance.uniform(),
    jobMonth: 1 + 11 * chance.uniform(),
    covered: chance.uniform() < effects.coverage,
    viewChance: chance.uniform(),
    scanned: chance.uniform() < 0.1,
  }
}

/** Whether a learner finds work within a year of the draw, given that the credential is shared or not. */
export function wouldFindWork(one: SimulatedLearner, shared: boolean, effects: Effects): boolean {
  return one.jobChance < effects.new_job.base[one.third] + (shared && one.sharer !== 'always' ? effects.new_job.effect[one.third] / effects.share.effect : 0)
}

/** Whether that work is in scope; the same for everybody, since scope is a trait of the job found. */
export const wouldBeInScope = (one: SimulatedLearner, effects: Effects): boolean => one.scopeChance < effects.new_job.in_scope

const logistic = (x: number) => 1 / (1 + Math.exp(-x))

function indexOf(weights: readonly number[], at: number): number {
  let left = at * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return index
  }
  return weights.length - 1
}

const weighted = <T extends { readonly weight: number }>(items: readonly T[], at: number): T => items[indexOf(items.map((item) => item.weight), at)]!
