/** A provider with one achievement, and learners whose completions walk the real rooms as far as views: for tests of nudges, shares and views. */
import { recordCompletions, saveAchievement, type Achievement } from '#journey/completion'
import { credentialsOfCompletions, establishKey, type Credential } from '#journey/credential'
import { createExperiment, defaultArms, drawsOfLearners, startExperiment } from '#journey/experiment'
import type { Compose } from '#journey/nudge'
import { createIssuer, learnersById, type ConsentPurpose, type Issuer, type Learner } from '#journey/party'
import type { CardPrinter } from '#journey/share'
import { flowWith } from '#flow'
import { testWorld, type TestWorld } from './world.ts'

const course = (name: string) => ({
  id: `https://example.org/achievements/${encodeURIComponent(name)}`,
  type: ['Achievement'],
  name,
  description: 'Reading, cleaning and describing data.',
  criteria: { narrative: 'Pass six graded assignments and a supervised exam.' },
})

export interface Graduate {
  readonly learner: Learner
  readonly credential: Credential
  readonly ghost: boolean | undefined
}

export interface Provider extends TestWorld {
  readonly issuer: Issuer
  /** Completes a course for each name, and does all that follows at once; the same name is the same learner. */
  complete(names: readonly string[], as?: { readonly course?: string; readonly timeZone?: string; readonly email?: (name: string) => string | undefined; readonly consents?: readonly ConsentPurpose[] }): Promise<readonly Graduate[]>
  /** Draws everybody from now on, half and half. */
  experiment(workflow: string): Promise<void>
  /** Moves the clock to a moment. */
  at(moment: string): void
}

/** Says what it is about, in so few words that a test can look for them. */
export const plainLetter: Compose = (what) => ({
  subject: `${what.step}: ${String(what.achievement.document['name'])}`,
  text: `${what.learner.name}\n${what.address}\n${what.unsubscribeAddress}`,
  html: `<p>${what.step}</p>`,
})

export async function provider(options: Parameters<typeof testWorld>[0] & { readonly cards?: CardPrinter } = {}): Promise<Provider> {
  const t = await testWorld({ ...options, flow: flowWith({ compose: plainLetter, ...(options.cards === undefined ? {} : { cards: options.cards }) }) })
  const issuer = await t.db.transaction((tx) => createIssuer(tx, { handle: 'example', name: 'Example University', timeZone: 'Europe/Vienna' }))
  await t.db.transaction((tx) => establishKey(tx, t.world.secrets, issuer.id))
  const achievements = new Map<string, Achievement>()
  const achievementOf = async (name: string) => {
    const kept = achievements.get(name) ?? (await t.db.transaction((tx) => saveAchievement(tx, { issuerId: issuer.id, handle: name.replaceAll(' ', '-'), document: course(name) })))
    achievements.set(name, kept)
    return kept
  }
  return {
    ...t,
    issuer,
    at: (moment) => t.clock.advanceTo(new Date(moment)),
    async experiment(workflow) {
      await t.db.transaction(async (tx) => {
        const draft = await createExperiment(tx, { issuerId: issuer.id, name: 'Share', question: 'Does it help?', arms: defaultArms(workflow) })
        await startExperiment(tx, draft.id)
      })
    },
    async complete(names, as = {}) {
      const achievement = await achievementOf(as.course ?? 'Data analysis')
      const email = as.email ?? ((name: string) => `${name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-')}@example.org`)
      const { completions } = await t.db.transaction((tx) =>
        recordCompletions(
          tx,
          issuer,
          names.map((name) => ({ learner: { externalId: name, name, email: email(name), timeZone: as.timeZone ?? 'Europe/Vienna' }, achievement, completedAt: tx.now, covariates: {}, consents: as.consents })),
          'api',
        ),
      )
      await t.world.queue.drain(t.world)
      return await t.db.read(async (tx) => {
        const credentials = new Map((await credentialsOfCompletions(tx, completions.map((one) => one.completion.id))).map((one) => [one.completionId, one]))
        const learners = await learnersById(tx, completions.map((one) => one.completion.learnerId))
        const draws = await drawsOfLearners(tx, [...learners.keys()])
        return completions.map(({ completion }) => ({ learner: learners.get(completion.learnerId)!, credential: credentials.get(completion.id)!, ghost: draws.get(completion.learnerId)?.ghost }))
      })
    },
  }
}
