/**
 * The whole product in a test's own process: every route on a port of its own, a small demonstration played by the twin, a running experiment,
 * and a virtual clock that stands still unless the test moves it. Nothing works in the background: a test says when jobs are done.
 */
import { createServer, type AddressInfo } from 'node:net'
import { adminRoutes } from '#interfaces/admin'
import { apiRoutes } from '#interfaces/api'
import { assetRoutes, healthRoutes, listen, openHttp, openSignIn, ownerLink, signInRoutes, type Route, type SignIn } from '#interfaces/http'
import { composeLetter } from '#interfaces/look'
import { checkMailPage, mailedLinkPage, pageRoutes, signInPage } from '#interfaces/pages'
import { publishedEffects, simulate } from '#interfaces/twin'
import { achievementByHandle, recordCompletions } from '#journey/completion'
import { credentialsOfCompletions } from '#journey/credential'
import { drawsOfLearners } from '#journey/experiment'
import { allIssuers } from '#journey/party'
import { keptLetters, type KeptLetter } from '#platform/mail'
import { flowWith } from '#flow'
import { testWorld, type TestWorld } from './world.ts'

export interface Graduate {
  readonly name: string
  readonly email: string
  readonly learnerId: string
  readonly credentialId: string
  readonly publicId: string
  /** Whether the draw put them into the control arm. */
  readonly ghost: boolean
}

export interface App extends TestWorld {
  /** http://127.0.0.1 and the port. */
  readonly site: string
  /** Invented learners whose year was played; their experiment runs on. */
  readonly experimentId: string
  readonly routes: readonly Route[]
  readonly signIn: SignIn
  ownerLink(): Promise<string>
  /** Learners who complete a course now and get their credentials. */
  graduate(people: readonly { readonly name: string; readonly locale?: string }[]): Promise<readonly Graduate[]>
  /** What was mailed to an address, newest first, when everything that is due has gone out. */
  letters(to: string): Promise<readonly KeptLetter[]>
}

export async function openApp(options: { readonly learners: number; readonly months: number }): Promise<App> {
  const port = await freePort()
  const site = `http://127.0.0.1:${port}`
  const t = await testWorld({ start: new Date('2026-01-01T00:00:00Z'), env: { LAUREL_PUBLIC_URL: site, LAUREL_SUSPENSION: '1' }, flow: flowWith({ compose: composeLetter }) })
  const { experimentId } = await simulate({ ...options, seed: 'browser', effects: publishedEffects, progress: () => {} }, { world: t.world, clock: t.clock, received: () => 0, elapsed: () => performance.now() })
  const signIn = await openSignIn(t.world)
  const routes = [...healthRoutes, ...assetRoutes, ...signInRoutes(signIn, { signIn: signInPage, checkMail: checkMailPage, mailedLink: mailedLinkPage }), ...pageRoutes(signIn), ...adminRoutes, ...apiRoutes]
  const listening = await listen(openHttp({ world: t.world, routes, signIn }), port, '127.0.0.1')
  const [issuer] = await t.db.read(allIssuers)
  if (!issuer) throw new TypeError('the demonstration has an issuer')
  let graduates = 0
  return {
    ...t,
    site,
    experimentId,
    routes,
    signIn,
    ownerLink: () => ownerLink(t.world),
    async graduate(people) {
      const achievement = await t.db.read((tx) => achievementByHandle(tx, issuer.id, 'data-analysis'))
      if (!achievement) throw new TypeError('the demonstration has a course in data analysis')
      const learners = people.map(({ name, locale = 'en' }) => ({ externalId: `graduate-${++graduates}`, name, email: `graduate-${graduates}@learners.example`, locale, timeZone: 'UTC' }))
      const { completions } = await t.db.transaction((tx) => recordCompletions(tx, issuer, learners.map((learner) => ({ learner, achievement, completedAt: tx.now, covariates: {} })), 'api'))
      await t.world.queue.drain(t.world)
      return await t.db.read(async (tx) => {
        const credentials = new Map((await credentialsOfCompletions(tx, completions.map((one) => one.completion.id))).map((one) => [one.completionId, one]))
        const draws = await drawsOfLearners(tx, completions.map((one) => one.completion.learnerId))
        return completions.map(({ completion }, at) => {
          const credential = credentials.get(completion.id)
          const drawn = draws.get(completion.learnerId)
          if (!credential || !drawn) throw new TypeError('a graduate without a credential or a draw')
          return { name: learners[at]!.name, email: learners[at]!.email, learnerId: completion.learnerId, credentialId: credential.id, publicId: credential.publicId, ghost: drawn.ghost }
        })
      })
    },
    async letters(to) {
      await signIn.settled()
      await t.world.queue.tick(t.world)
      await t.world.queue.drain(t.world)
      return await t.db.read((tx) => keptLetters(tx, { to, limit: 20 }))
    },
    async close() {
      await listening.close()
      await signIn.settled()
      await t.close()
    },
  }
}

/** The address stands in credentials and in mails, so it is known before anything is made. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => void probe.once('listening', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => void probe.close(resolve))
  return port
}
