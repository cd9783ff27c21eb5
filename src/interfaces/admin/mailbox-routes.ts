/** The mail that this machine would have sent. These rows answer only where no mail server is set. */
import { z } from 'zod'
import { allIssuers, type Issuer } from '#journey/party'
import { fault, file, page, rates, route, type Route } from '#interfaces/http'
import { countKeptLetters, keptLetter, keptLetters } from '#platform/mail'
import type { World } from '#platform/world'
import { deskChrome, mayEnter } from './desk.ts'
import { mailboxPage, mailPage } from './mailbox-page.ts'

const shown = 100
/** A mail program runs nothing and fetches nothing; a mail's styles stand in itself. Its links open beside it. */
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"

async function anIssuer(world: World): Promise<Issuer> {
  if (world.config.smtpUrl !== undefined) throw fault.nothing_here()
  const [issuer] = await world.db.read(allIssuers)
  if (!issuer) throw fault.nothing_here()
  return issuer
}

export const mailboxRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/dev/mail',
    summary: 'Development only: the mail that was sent.',
    roles: mayEnter.mail,
    rate: rates.pages,
    query: z.strictObject({ q: z.string().max(254).optional() }),
    async handler(asked) {
      const issuer = await anIssuer(asked.world)
      const text = asked.input.query.q?.trim() ?? ''
      const to = text === '' ? undefined : text
      const { letters, total } = await asked.world.db.read(async (tx) => ({ letters: await keptLetters(tx, { to, limit: shown }), total: await countKeptLetters(tx, to) }))
      const mails = letters.map((one) => ({ address: `/dev/mail/${one.id}`, to: one.to, subject: one.subject, at: one.at }))
      return page(mailboxPage({ mails, paging: { from: Math.min(1, mails.length), to: mails.length, total }, search: { address: '/dev/mail', text } }, deskChrome(asked, issuer, 'mail')))
    },
  }),
  route({
    method: 'GET',
    path: '/dev/mail/:mail',
    summary: 'Development only: one mail.',
    roles: mayEnter.mail,
    rate: rates.pages,
    params: z.strictObject({ mail: z.uuid() }),
    async handler(asked) {
      const issuer = await anIssuer(asked.world)
      const letter = await asked.world.db.read((tx) => keptLetter(tx, asked.input.params.mail))
      if (!letter) throw fault.nothing_here()
      const links = [...new Set(letter.text.match(/https?:\/\/[^\s<>"]+/g) ?? [])]
      return page(mailPage({ to: letter.to, subject: letter.subject, at: letter.at, headers: Object.entries(letter.headers).map(([name, value]) => ({ name, value })), text: letter.text, links, htmlAddress: `/dev/mail/${letter.id}/html`, listAddress: '/dev/mail' }, deskChrome(asked, issuer, 'mail')))
    },
  }),
  route({
    method: 'GET',
    path: '/dev/mail/:mail/html',
    summary: 'Development only: the HTML of one mail, by itself.',
    roles: mayEnter.mail,
    rate: rates.pages,
    params: z.strictObject({ mail: z.uuid() }),
    async handler({ world, input }) {
      await anIssuer(world)
      const letter = await world.db.read((tx) => keptLetter(tx, input.params.mail))
      if (!letter) throw fault.nothing_here()
      return file(letter.html, 'text/html; charset=utf-8', { headers: { 'content-security-policy': mailPolicy } })
    },
  }),
]

