import { createHash } from 'node:crypto'
import { z } from 'zod'
import { consentPurposes, consentsOf, countLearners, learnersOf } from '#journey/party'
import { credentialsOfLearners } from '#journey/credential'
import { drawsOfLearners } from '#journey/experiment'
import { page, rates, rolesFor, route, type Route } from '#interfaces/http'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { learnersPage } from './learners-page.ts'
import { paged, pageSize, turned } from './paged.ts'

export const learnerRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/admin/:issuer/learners',
    summary: 'Who takes part; an analyst sees no names.',
    roles: mayEnter.learners,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({}),
    query: turned,
    async handler(asked) {
      const { issuer, who, world, input } = asked
      const named = rolesFor(who, issuer.id).some((role) => role === 'owner' || role === 'staff')
      const address = deskAddress(issuer, 'learners')
      const view = await world.db.read(async (tx) => {
        const { rows, paging } = paged(await learnersOf(tx, issuer.id, { after: input.query.after, limit: pageSize + 1 }), await countLearners(tx, issuer.id), address, input.query)
        const ids = rows.map((one) => one.id)
        const consents = await consentsOf(tx, ids)
        const draws = await drawsOfLearners(tx, ids)
        const credentials = Map.groupBy(await credentialsOfLearners(tx, ids), (one) => one.learnerId)
        return {
          paging,
          importAddress: deskAddress(issuer, 'completions'),
          learners: rows.map((one) => ({
            externalId: named ? one.externalId : pseudonym(world.secrets.mac('pseudonym', one.id)),
            ...(named ? { name: one.name, ...(one.email === undefined ? {} : { email: one.email }) } : {}),
            locale: one.locale,
            ...(one.country === undefined ? {} : { country: one.country }),
            completions: credentials.get(one.id)?.length ?? 0,
            credentials: credentials.get(one.id)?.filter((credential) => credential.signedAt !== undefined).length ?? 0,
            consents: consentPurposes.filter((purpose) => consents.get(one.id)?.[purpose] === true),
            // Who works with learners does not see their arms: it could change how they are treated.
            ...(named || !draws.has(one.id) ? {} : { arm: draws.get(one.id)?.arm ?? '' }),
            createdAt: draws.get(one.id)?.drawnAt ?? credentials.get(one.id)?.[0]?.preparedAt ?? world.clock.now(),
          })),
        }
      })
      return page(learnersPage(view, deskChrome(asked, issuer, 'learners')))
    },
  }),
]

const pseudonym = (code: Uint8Array) => createHash('sha256').update(code).digest('hex').slice(0, 12)
