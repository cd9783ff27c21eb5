/** The learner's own place. */
import { z } from 'zod'
import { achievementsById } from '#journey/completion'
import { credentialsOfLearners, standingOf } from '#journey/credential'
import { allowMailAgain, waking } from '#journey/nudge'
import { consentHistory, consentPurposes, eraseLearners, issuerById, recordConsents, updatePreferences, type Learner } from '#journey/party'
import { fault, file, forgetAccount, formBody, page, passkeysOf, rates, redirect, route, type Rate, type Route, type SignIn, type Who } from '#interfaces/http'
import { offered, wordsOf } from '#interfaces/look'
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import { erasedPage, erasePage } from './erase-page.ts'
import { everythingAbout } from './everything-about.ts'
import { mePage, type MeView } from './me-page.ts'
import { textIn } from './present-credential.ts'

/** Version of the words that stand beside each question on this page (docs/explanation/consent.md). */
const textVersion = 'me-1'

/** Everything at once is asked for now and then; more often is somebody else's program. */
const exporting: Rate = { name: 'export', per: 'caller', limit: 10, seconds: 3600, burst: 5 }
/** The names that this machine's time zone database has for the places of the world. */
const timeZones: readonly string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]

export const meRoutes = (signIn: SignIn): readonly Route[] => [
  route({
    method: 'GET',
    path: '/me',
    summary: 'All credentials of the learner, and what they agreed to.',
    roles: ['learner'],
    rate: rates.pages,
    handler: async ({ who, world, request, chrome }) => page(mePage(await viewOf(world, who, request.at), chrome())),
  }),
  route({
    method: 'POST',
    path: '/me/consents',
    summary: 'The learner agrees to one thing, or takes it back.',
    roles: ['learner'],
    csrf: 'form',
    audit: 'consent.change',
    rate: rates.pages,
    body: formBody(z.strictObject({ purpose: z.enum(consentPurposes), given: z.enum(['yes', 'no']), learner: z.uuid().optional() })),
    async handler({ input, who, change }) {
      const { purpose, given, learner } = input.body
      const meant = who.learners.filter((one) => learner === undefined || one.id === learner)
      if (meant.length === 0) throw fault.nothing_here()
      await change(
        async (tx) => {
          await recordConsents(tx, meant.map((one) => ({ learnerId: one.id, purpose, given: given === 'yes', textVersion, source: 'learner' as const })))
          // Who unsubscribed and now allows reminders asks for mail again, in so many words.
          if (purpose === 'nudge' && given === 'yes') await allowMailAgain(tx, meant.map((one) => one.id))
        },
        () => ({ subject: meant[0]?.id, issuerId: meant[0]?.issuerId, after: { purpose, given } }),
      )
      return redirect('/me')
    },
  }),
  route({
    method: 'POST',
    path: '/me/preferences',
    summary: 'The learner chooses a language, a time zone, and the hours for reminders.',
    roles: ['learner'],
    csrf: 'form',
    audit: 'learner.preferences',
    rate: rates.pages,
    body: formBody(z.strictObject({ language: z.enum(offered), time_zone: z.string().max(64), hours_from: z.coerce.number().int().min(0).max(23), hours_to: z.coerce.number().int().min(1).max(24) })),
    async handler({ input, who, change, world, request, chrome }) {
      const { language, time_zone: timeZone, hours_from: from, hours_to: to } = input.body
      if (from >= to) return page(mePage(await viewOf(world, who, request.at, { from, to }), chrome()), { status: 422 })
      await change(
        (tx) => updatePreferences(tx, { learnerIds: who.learners.map((one) => one.id), locale: language, timeZone, waking: { from: from * 60, to: to * 60 } }),
        () => ({ subject: who.learners[0]?.id, issuerId: who.learners[0]?.issuerId, after: { language, timeZone, from, to } }),
      )
      return redirect('/me')
    },
  }),
  route({
    method: 'GET',
    path: '/me/export',
    summary: 'All that is known of the learner, as one file.',
    roles: ['learner'],
    rate: exporting,
    answers: { 200: { says: 'The file.', mediaType: 'application/json' } },
    async handler({ who, world }) {
      const everything = await world.db.read((tx) => everythingAbout(tx, who, world.config))
      return file(JSON.stringify(everything, null, 2), 'application/json; charset=utf-8', { name: 'laurel-everything-about-me.json' })
    },
  }),
  route({
    method: 'GET',
    path: '/me/erase',
    summary: 'What goes and what stays when the learner is erased; changes nothing.',
    roles: ['learner'],
    rate: rates.pages,
    handler: async ({ who, world, chrome }) => page(erasePage({ ...eraseAddresses, credentials: await world.db.read((tx) => countHeld(tx, who)) }, chrome())),
  }),
  route({
    method: 'POST',
    path: '/me/erase',
    summary: 'Erases the learner everywhere, and ends the session.',
    roles: ['learner'],
    csrf: 'form',
    audit: 'learner.erase',
    rate: rates.pages,
    body: formBody(z.strictObject({ email: z.string().max(254) })),
    async handler({ input, who, world, change, chrome, request }) {
      const { person } = who
      const given = input.body.email.trim().toLowerCase()
      if (person === undefined || given !== person.email.toLowerCase()) {
        return page(erasePage({ ...eraseAddresses, credentials: await world.db.read((tx) => countHeld(tx, who)), mistaken: input.body.email }, chrome()), { status: 422 })
      }
      await change(
        async (tx) => {
          await eraseLearners(tx, who.learners.map((one) => one.id))
          await forgetAccount(tx, person)
        },
        () => ({ subject: who.learners[0]?.id, issuerId: who.learners[0]?.issuerId }),
      )
      return redirect('/erased', { cookies: await signIn.close(request.cookie ?? '') })
    },
  }),
  route({
    method: 'GET',
    path: '/erased',
    summary: 'Says that it is done.',
    roles: ['anonymous'],
    rate: { none: 'A page without a question to the database.' },
    handler: async ({ chrome }) => page(erasedPage(chrome({ csrf: '' }))),
  }),
]

/** All that the page shows. `wrong`: hours that were sent, and are none. */
async function viewOf(world: World, who: Who, at: Date, wrong?: { readonly from: number; readonly to: number }): Promise<MeView> {
  return await world.db.read(async (tx) => {
    const ids = who.learners.map((one) => one.id)
    const credentials = (await credentialsOfLearners(tx, ids)).filter((one) => one.signedAt && !one.withdrawnAt)
    const achievements = await achievementsById(tx, credentials.map((one) => one.achievementId))
    const issuers = new Map(await Promise.all([...new Set(credentials.map((one) => one.issuerId))].map(async (id) => [id, await issuerById(tx, id)] as const)))
    const [first] = who.learners
    return {
      name: first?.name ?? '',
      ...(who.person === undefined ? {} : { email: who.person.email }),
      credentials: credentials.map((one) => {
        const document = achievements.get(one.achievementId)?.document ?? {}
        const language = textIn(document, 'inLanguage')
        return {
          achievement: { name: textIn(document, 'name') ?? '', ...(language === undefined ? {} : { language }) },
          issuerName: issuers.get(one.issuerId)?.name ?? '',
          issuedAt: one.validFrom,
          standing: standingOf(one, undefined, at),
          visibility: one.visibility,
          address: `/c/${one.publicId}`,
          shareAddress: `/c/${one.publicId}/share`,
        }
      }),
      consents: await consentsInForce(tx, who),
      consentAddress: '/me/consents',
      ...(first === undefined ? {} : { preferences: { address: '/me/preferences', language: wordsOf(first.locale).language, timeZone: first.timeZone, timeZones, hours: hoursOf(first, wrong) } }),
      ...(who.person === undefined ? {} : { passkeys: { optionsAddress: '/me/passkeys/options', address: '/me/passkeys', list: (await passkeysOf(tx, who.person.id)).map(({ id, name, addedAt, synced }) => ({ synced, post: `/me/passkeys/${id}/removal`, ...(name === undefined ? {} : { name }), ...(addedAt === undefined ? {} : { addedAt }) })) } }),
      signOutAddress: '/sign-out',
      profileAddress: '/me/profile',
      exportAddress: '/me/export',
      eraseAddress: '/me/erase',
    }
  })
}

/** In full hours, as the page asks for them; without a choice those that the workflows keep to anyhow. */
const hoursOf = (learner: Learner, wrong: { readonly from: number; readonly to: number } | undefined) => {
  const { from, to } = learner.waking ?? waking
  return wrong ? { ...wrong, wrong: true } : { from: Math.floor(from / 60), to: Math.ceil(to / 60) }
}

const eraseAddresses = { address: '/me/erase', backAddress: '/me', exportAddress: '/me/export' }

const countHeld = async (tx: Tx, who: Who) => (await credentialsOfLearners(tx, who.learners.map((one) => one.id))).filter((one) => !one.withdrawnAt).length

/** What holds now, with the text that was agreed to and when. Silence is no. Somebody who learns with several issuers is asked by each. */
async function consentsInForce(tx: Tx, who: Who) {
  const history = await consentHistory(tx, who.learners.map((one) => one.id))
  const several = who.learners.length > 1
  const lists = []
  for (const learner of who.learners) {
    const towards = several ? { towards: { learnerId: learner.id, issuerName: (await issuerById(tx, learner.issuerId))?.name ?? '' } } : {}
    for (const purpose of consentPurposes) {
      const newest = history.find((one) => one.learnerId === learner.id && one.purpose === purpose)
      lists.push({ purpose, given: newest?.given ?? false, ...(newest === undefined ? {} : { textVersion: newest.textVersion, at: newest.at }), ...towards })
    }
  }
  return lists
}
