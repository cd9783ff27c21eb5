/**
 * Day by day: once a week the platform's export in the morning, mail at the learners' hours, visits in the evening, strangers who look at what was shared,
 * and files of outcomes at half, three quarters and the end of the time.
 */
import { createHash } from 'node:crypto'
import { generator, type Generator } from '#kernel/numeric'
import { recordCompletions, type Achievement } from '#journey/completion'
import { credentialsOfCompletions } from '#journey/credential'
import { clickPrompts, dismissPrompts, nextTryAt, promptAtVisit } from '#journey/nudge'
import { importOutcomes, type OutcomeRow } from '#journey/outcome'
import { consentPurposes, type Issuer } from '#journey/party'
import { confirmShares, startShares } from '#journey/share'
import { recordHits, type Hit } from '#journey/view'
import type { Tx } from '#platform/db'
import type { Effects } from './effects.ts'
import { wouldBeInScope, wouldFindWork, type SimulatedLearner } from './population.ts'
import type { Stage } from './simulate.ts'

export interface Followed {
  readonly learnerId: string
  readonly learner: SimulatedLearner
  /** Months from the draw to the last look at the learner's work; undefined where nobody looks. */
  readonly months: number | undefined
}

interface Script {
  readonly people: readonly SimulatedLearner[]
  readonly issuer: Issuer
  readonly achievements: readonly Achievement[]
  readonly effects: Effects
  readonly days: number
  readonly seed: string
  readonly progress: (share: number, what: string) => void
}

/** What a learner has become so far. */
interface Life {
  readonly person: SimulatedLearner
  learnerId: string
  credentialId: string
  completedAt: Date
  shared: boolean
}

interface Visitor {
  readonly life: Life
  readonly first: boolean
}

const dayMs = 86_400_000
/** Days between the platform's exports. */
const exportEvery = 7
const hourMs = 3_600_000
/** Hours (UTC) at which what is due is sent: every zone's waking hours have one. */
const mailHours = [2, 8, 14, 20] as const
const monthMs = (365.25 / 12) * dayMs

export async function play(script: Script, stage: Stage): Promise<readonly Followed[]> {
  const { world, clock } = stage
  const start = clock.now().getTime()
  const chance = generator(script.seed, 'twin', 'days')
  const lives = new Map(script.people.map((person) => [person.externalId, { person, learnerId: '', credentialId: '', completedAt: new Date(0), shared: false } as Life]))
  const completing = Map.groupBy(script.people, (person) => Math.floor(person.completedOn / exportEvery) * exportEvery + exportEvery - 1)
  const visiting = new Map<number, Visitor[]>()
  const looking = new Map<number, Hit[]>()
  const later = <T>(calendar: Map<number, T[]>, day: number, item: T) => void (calendar.get(day)?.push(item) ?? calendar.set(day, [item]))

  let due: Date | undefined
  for (let day = 0; day < script.days; day++) {
    const at = (hour: number) => new Date(start + day * dayMs + hour * hourMs)
    for (const hour of mailHours) {
      clock.advanceTo(at(hour))
      if (hour === 8) {
        const fresh = await morning(script, stage, start, completing.get(day) ?? [], lives)
        if (fresh.length > 0) due = await world.db.read(nextTryAt)
        for (const life of fresh) {
          const { firstVisit, secondVisit } = life.person
          if (firstVisit !== undefined) later(visiting, day + Math.max(1, Math.ceil(firstVisit)), { life, first: true })
          if (firstVisit !== undefined && secondVisit !== undefined) later(visiting, day + Math.max(1, Math.ceil(firstVisit)) + Math.max(1, Math.ceil(secondVisit - firstVisit)), { life, first: false })
        }
      }
      // A real server looks every minute; here only the minutes count in which something is due.
      if ((due !== undefined && due <= clock.now()) || (hour === 8 && day % 7 === 0)) {
        await world.queue.tick(world)
        due = await world.db.read(nextTryAt)
      }
    }
    clock.advanceTo(at(21))
    const visitors = visiting.get(day) ?? []
    if (visitors.length > 0) {
      const hits = await world.db.transaction((tx) => evening(tx, visitors, script, clock.now(), chance))
      for (const { hit, inDays } of hits) later(looking, day + inDays, hit)
    }
    const strangers = looking.get(day) ?? []
    if (strangers.length > 0) await world.db.transaction((tx) => recordHits(tx, strangers.map((hit) => ({ ...hit, at: clock.now() }))))
    visiting.delete(day)
    looking.delete(day)
    if ([0.5, 0.75].some((share) => day === Math.floor(script.days * share)) || day === script.days - 1) await lookAtWork(script, stage, lives)
    if (day % 7 === 0) await world.queue.drain(world)
    script.progress((0.95 * (day + 1)) / script.days, `day ${day + 1} of ${script.days}`)
  }
  const end = clock.now().getTime()
  return [...lives.values()].filter((life) => life.learnerId !== '').map((life) => ({ learnerId: life.learnerId, learner: life.person, months: life.person.covered ? (end - life.completedAt.getTime()) / monthMs : undefined }))
}

/** The platform's weekly export: everybody who finished since the last one, and their credentials. */
async function morning(script: Script, stage: Stage, start: number, people: readonly SimulatedLearner[], lives: ReadonlyMap<string, Life>): Promise<readonly Life[]> {
  if (people.length === 0) return []
  const { world, clock } = stage
  const { completions } = await world.db.transaction((tx) =>
    recordCompletions(
      tx,
      script.issuer,
      people.map((person) => ({
        learner: { externalId: person.externalId, name: person.name, email: person.email, locale: person.locale, timeZone: person.timeZone, country: person.country, education: person.education },
        achievement: script.achievements[person.course]!,
        completedAt: new Date(Math.min(start + Math.floor(person.completedOn * dayMs), clock.now().getTime())),
        covariates: { experience_years: person.experienceYears, past_tech_job: person.pastTechJob, skill_score: person.skillScore },
        consents: consentPurposes,
      })),
      'simulation',
    ),
  )
  await world.queue.drain(world)
  const credentials = await world.db.read((tx) => credentialsOfCompletions(tx, completions.map((one) => one.completion.id)))
  const credentialOf = new Map(credentials.map((one) => [one.completionId, one.id]))
  return completions.map(({ completion }, at) => {
    const life = lives.get(people[at]!.externalId)!
    life.learnerId = completion.learnerId
    life.credentialId = credentialOf.get(completion.id) ?? ''
    life.completedAt = clock.now()
    return life
  })
}

/** Visits: prompts are shown where the workflow says so, and learners do what they would. Gives what strangers and machines will do about it. */
async function evening(tx: Tx, visitors: readonly Visitor[], script: Script, now: Date, chance: Generator): Promise<readonly { readonly hit: Hit; readonly inDays: number }[]> {
  const prompts = new Map((await promptAtVisit(tx, visitors.map(({ life }) => ({ learnerId: life.learnerId, credentialId: life.credentialId })))).map((prompt) => [prompt.learnerId, prompt]))
  const clicked: string[] = []
  const dismissed: string[] = []
  const shares: { life: Life; promptedBy: string | undefined; confirms: boolean }[] = []
  for (const { life, first } of visitors) {
    const { person } = life
    const prompt = prompts.get(life.learnerId)
    const givesIn = prompt !== undefined && ((prompt.step === 'share-1' && person.sharer === 'at first prompt') || (prompt.step === 'share-2' && person.sharer === 'at second prompt'))
    const shares_ = !life.shared && ((person.sharer === 'always' && first) || givesIn)
    const clicksOnly = prompt !== undefined && !shares_ && person.clicksOnly && person.sharer === 'never'
    if (shares_ || clicksOnly) shares.push({ life, promptedBy: prompt?.messageId, confirms: shares_ })
    if (prompt) (shares_ || clicksOnly ? clicked : dismissed).push(prompt.token)
    if (shares_) life.shared = true
  }
  await clickPrompts(tx, clicked)
  await dismissPrompts(tx, dismissed)
  const placements = await startShares(tx, shares.map(({ life, promptedBy }) => ({ credentialId: life.credentialId, learnerId: life.learnerId, target: life.person.target, promptedBy })))
  const tokens = shares.map((_, at) => placements[at]!.token)
  await confirmShares(tx, shares.flatMap(({ confirms }, at) => (confirms ? [{ token: tokens[at]!, by: 'simulation' as const }] : [])))

  // The owners' own visits, the networks' previews, and the strangers to come.
  await recordHits(tx, visitors.flatMap(({ life }) => pageAndBeacon({ credentialId: life.credentialId, at: now, owner: true, userAgent: phone, network: '198.51.100.0/24', visitor: `owner ${life.learnerId}` })))
  const hits: { hit: Hit; inDays: number }[] = []
  for (const [at, { life, confirms }] of shares.entries()) {
    if (!confirms) continue
    hits.push({ hit: { credentialId: life.credentialId, kind: 'page', at: now, placementToken: tokens[at]!, userAgent: preview, network: '203.0.113.0/24' }, inDays: 0 })
    if (life.person.viewChance < script.effects.viewed.shared) {
      for (const hit of pageAndBeacon({ credentialId: life.credentialId, at: now, placementToken: tokens[at]!, userAgent: desktop, network: '192.0.2.0/24', visitor: `reader ${life.learnerId}` })) hits.push({ hit, inDays: 1 + chance.below(20) })
    }
  }
  for (const { life, first } of visitors) {
    if (!first || life.shared || life.person.viewChance >= script.effects.viewed.not_shared) continue
    for (const hit of pageAndBeacon({ credentialId: life.credentialId, at: now, userAgent: desktop, network: '192.0.2.0/24', visitor: `reader ${life.learnerId}` })) hits.push({ hit, inDays: 1 + chance.below(20) })
  }
  return hits
}

/** The provider's panel: everybody who can be seen, with the position they have found since, if any. */
async function lookAtWork(script: Script, stage: Stage, lives: ReadonlyMap<string, Life>): Promise<void> {
  const { world, clock } = stage
  const now = clock.now()
  const rows = [...lives.values()].flatMap((life): OutcomeRow[] => {
    const { person } = life
    if (life.learnerId === '' || !person.covered) return []
    const started = new Date(life.completedAt.getTime() + person.jobMonth * monthMs + dayMs)
    const found = wouldFindWork(person, life.shared, script.effects) && started <= now
    const title = wouldBeInScope(person, script.effects) ? 'Data analyst' : 'Shop assistant'
    return [{ externalId: person.externalId, observedAt: now, ...(found ? { position: { title, employer: 'Example Employer', startedOn: started.toISOString().slice(0, 10) } } : {}) }]
  })
  const digest = createHash('sha256').update(`${script.seed} ${now.toISOString()}`).digest('hex')
  await world.db.transaction((tx) => importOutcomes(tx, { issuerId: script.issuer.id, source: 'simulation', digest, rows }))
}

const phone = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36'
const desktop = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'
const preview = 'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)'

/** A page that was asked for, and the beacon of one that stayed visible. */
function pageAndBeacon(hit: Omit<Hit, 'kind'>): readonly Hit[] {
  return [
    { ...hit, kind: 'page' },
    { ...hit, kind: 'beacon', visibleMs: 8_000 },
  ]
}
