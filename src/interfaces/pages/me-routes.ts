/** The learner's own place. */
import { z } from 'zod'
import { achievementsById } from '#journey/completion'
import { credentialsOfLearners } from '#journey/credential'
import { consentPurposes, consentsOf, issuerById, recordConsents } from '#journey/party'
import { formBody, page, rates, redirect, route, type Route } from '#interfaces/http'
import { mePage } from './me-page.ts'
import { standingOf, textIn } from './present-credential.ts'

/** Version of the words that stand beside each question on this page (docs/explanation/consent.md). */
const textVersion = 'me-1'

export const meRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/me',
    summary: 'All credentials of the learner, and what they agreed to.',
    roles: ['learner'],
    rate: rates.pages,
    async handler({ who, world, request, chrome }) {
      const view = await world.db.read(async (tx) => {
        const ids = who.learners.map((one) => one.id)
        const credentials = (await credentialsOfLearners(tx, ids)).filter((one) => one.signedAt && !one.withdrawnAt)
        const achievements = await achievementsById(tx, credentials.map((one) => one.achievementId))
        const issuers = new Map(await Promise.all([...new Set(credentials.map((one) => one.issuerId))].map(async (id) => [id, await issuerById(tx, id)] as const)))
        const consents = [...(await consentsOf(tx, ids)).values()]
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
              standing: standingOf(one, undefined, request.at),
              visibility: one.visibility,
              address: `/c/${one.publicId}`,
              shareAddress: `/c/${one.publicId}/share`,
            }
          }),
          consents: consentPurposes.map((purpose) => ({ purpose, given: consents.length > 0 && consents.every((one) => one[purpose]) })),
          consentAddress: '/me/consents',
          signOutAddress: '/sign-out',
        }
      })
      return page(mePage(view, chrome()))
    },
  }),
  route({
    method: 'POST',
    path: '/me/consents',
    summary: 'The learner agrees to one thing, or takes it back.',
    roles: ['learner'],
    csrf: 'form',
    audit: 'consent.change',
    rate: rates.pages,
    body: formBody(z.strictObject({ purpose: z.enum(consentPurposes), given: z.enum(['yes', 'no']) })),
    async handler({ input, who, change }) {
      const { purpose, given } = input.body
      await change(
        (tx) => recordConsents(tx, who.learners.map((one) => ({ learnerId: one.id, purpose, given: given === 'yes', textVersion, source: 'learner' as const }))),
        () => ({ subject: who.learners[0]?.id, issuerId: who.learners[0]?.issuerId, after: { purpose, given } }),
      )
      return redirect('/me')
    },
  }),
]
