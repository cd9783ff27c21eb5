/** The mail that this machine would have sent. These rows answer only where no mail server is set. */
import { z } from 'zod'
import { allIssuers, type Issuer } from '#journey/party'
import { fault, page, rates, route, type Route } from '#interfaces/http'
import { keptLetter, keptLetters } from '#platform/mail'
import type { World } from '#platform/world'
import { deskChrome, mayEnter } from './desk.ts'
import { mailboxPage, mailPage } from './mailbox-page.ts'

const shown = 100

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
    async handler(asked) {
      const issuer = await anIssuer(asked.world)
      const letters = await asked.world.db.read((tx) => keptLetters(tx, { limit: shown }))
      return page(mailboxPage({ mails: letters.map((one) => ({ address: `/dev/mail/${one.id}`, to: one.to, subject: one.subject, at: one.at })), paging: { from: letters.length === 0 ? 0 : 1, to: letters.length, total: letters.length } }, deskChrome(asked, issuer, 'mail')))
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
      return page(mailPage({ to: letter.to, subject: letter.subject, at: letter.at, headers: [], text: letter.text, links, listAddress: '/dev/mail' }, deskChrome(asked, issuer, 'mail')))
    },
  }),
]

