/** What the links in mails open: pages with a button. A scanner that follows them changes nothing; a person presses the button. */
import { z } from 'zod'
import { credentialsById } from '#journey/credential'
import { clickPrompts, learnerOfToken, messagesByToken, unsubscribe, type Message } from '#journey/nudge'
import { issuerById, learnersById, type Issuer, type Learner } from '#journey/party'
import { fault, formBody, nothing, page, rates, redirect, route, type Rate, type Route, type SignIn } from '#interfaces/http'
import type { Tx } from '#platform/db'
import { mailedLinkPage } from './sign-in-page.ts'
import { unsubscribePage } from './unsubscribe-page.ts'

const token = z.string().regex(/^[\w-]{20,64}$/)
/** A learner presses this button once or twice; more is somebody trying tokens. */
const opening: Rate = { name: 'mailed link', per: 'address', limit: 40, seconds: 900, burst: 20 }
const signInDays = 30

export const mailedRoutes = (signIn: SignIn): readonly Route[] => [
  route({
    method: 'GET',
    path: '/mailed/:token',
    summary: 'The page behind the link of a reminder; its button opens the learner’s session.',
    roles: ['anonymous'],
    rate: rates.pages,
    params: z.strictObject({ token }),
    async handler({ input, world, chrome }) {
      const { learner } = await world.db.read((tx) => mailed(tx, input.params.token))
      return page(mailedLinkPage({ purpose: 'share', address: `/mailed/${input.params.token}`, token: input.params.token, ...(learner.email === undefined ? {} : { email: shortened(learner.email) }) }, chrome()))
    },
  }),
  route({
    method: 'POST',
    path: '/mailed/:token',
    summary: 'Opens the session of the learner to whom the mail was sent, and leads to sharing.',
    roles: ['anonymous'],
    csrf: 'form',
    audit: 'sign_in.mailed',
    rate: opening,
    params: z.strictObject({ token }),
    body: formBody(z.strictObject({ token })),
    async handler({ input, world, change, request }) {
      const { message, learner } = await change(
        async (tx) => {
          const found = await mailed(tx, input.params.token)
          if (found.message.nudge) await clickPrompts(tx, [input.params.token])
          return found
        },
        (found) => ({ subject: found.learner.id, issuerId: found.learner.issuerId }),
      )
      const credential = await world.db.read(async (tx) => (await credentialsById(tx, [message.credentialId])).get(message.credentialId))
      if (!credential || learner.email === undefined) throw fault.nothing_here()
      const { cookies } = await signIn.openFor(learner.email, request.cookie ?? '')
      return redirect(message.nudge ? `/c/${credential.publicId}/share` : `/c/${credential.publicId}`, { cookies })
    },
  }),
  route({
    method: 'GET',
    path: '/unsubscribe/:token',
    summary: 'Asks whether there should be no more mail; changes nothing.',
    roles: ['anonymous'],
    rate: rates.pages,
    params: z.strictObject({ token }),
    async handler({ input, world, chrome }) {
      const issuer = await world.db.read((tx) => senderTo(tx, learnerOfToken(world.secrets, input.params.token)))
      return page(unsubscribePage({ issuerName: issuer.name, address: `/unsubscribe/${input.params.token}`, token: input.params.token, state: 'asked' }, chrome({ csrf: '' })))
    },
  }),
  route({
    method: 'POST',
    path: '/unsubscribe/:token',
    summary: 'No more mail, by one click of a person or of their mail program (RFC 8058).',
    roles: ['anonymous'],
    csrf: { none: 'Mail programs post from nowhere, without a session (RFC 8058, 3.1); the token says whose mail it is, and less mail is all that can come of it.' },
    audit: 'nudge.unsubscribe',
    rate: opening,
    params: z.strictObject({ token }),
    body: formBody(z.strictObject({ 'List-Unsubscribe': z.string().max(64).optional(), token: token.optional() })),
    async handler({ input, world, change, chrome }) {
      const learnerId = learnerOfToken(world.secrets, input.params.token)
      const issuer = await world.db.read((tx) => senderTo(tx, learnerId))
      await change(async (tx) => { if (!(await unsubscribe(tx, world.secrets, input.params.token))) throw fault.nothing_here() }, () => ({ subject: learnerId, issuerId: issuer.id }))
      if (input.body['List-Unsubscribe'] !== undefined) return nothing()
      return page(unsubscribePage({ issuerName: issuer.name, address: `/unsubscribe/${input.params.token}`, token: input.params.token, state: 'done', settingsAddress: '/me' }, chrome({ csrf: '' })))
    },
  }),
]

async function mailed(tx: Tx, given: string): Promise<{ readonly message: Message; readonly learner: Learner }> {
  const message = (await messagesByToken(tx, [given])).get(given)
  const learner = message && (await learnersById(tx, [message.learnerId])).get(message.learnerId)
  if (!message || !learner || learner.erasedAt || message.channel !== 'e_mail' || message.at === undefined || tx.now.getTime() - message.at.getTime() > signInDays * 86_400_000) throw fault.nothing_here()
  return { message, learner }
}

async function senderTo(tx: Tx, learnerId: string | undefined): Promise<Issuer> {
  const learner = learnerId === undefined ? undefined : (await learnersById(tx, [learnerId])).get(learnerId)
  const issuer = learner && (await issuerById(tx, learner.issuerId))
  if (!issuer) throw fault.nothing_here()
  return issuer
}

const shortened = (email: string) => email.replace(/^(.).*(@.*)$/, '$1…$2')
