import { z } from 'zod'
import { achievementsById } from '#journey/completion'
import { changeStatusOf, countCredentials, credentialByPublicId, credentialsOfIssuer, revokeCredentials, statusChanges, type Credential } from '#journey/credential'
import { learnersById } from '#journey/party'
import { fault, formBody, page, rates, redirect, route, type Route } from '#interfaces/http'
import { credentialsPage } from './credentials-page.ts'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { fault as deskFault } from './faults.ts'
import { here, paged, pageSize, turned } from './paged.ts'

const publicId = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

function lapseOf({ revokedAt, revocationReason, suspendedAt, suspensionReason }: Credential): { readonly lapsedAt?: Date; readonly lapseReason?: string } {
  const [at, reason] = revokedAt ? [revokedAt, revocationReason] : [suspendedAt, suspensionReason]
  return { ...(at === undefined ? {} : { lapsedAt: at }), ...(reason === undefined ? {} : { lapseReason: reason }) }
}

export const credentialRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/admin/:issuer/credentials',
    summary: 'Credentials, newest first.',
    roles: mayEnter.credentials,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({}),
    query: turned,
    async handler(asked) {
      const { issuer, world, input } = asked
      const address = deskAddress(issuer, 'credentials')
      const view = await world.db.read(async (tx) => {
        const { rows, paging } = paged(await credentialsOfIssuer(tx, issuer.id, { before: input.query.after, limit: pageSize + 1 }), (await countCredentials(tx, issuer.id)).signed, address, input.query)
        const learners = await learnersById(tx, rows.map((one) => one.learnerId))
        const achievements = await achievementsById(tx, [...new Set(rows.map((one) => one.achievementId))])
        return {
          paging,
          importAddress: deskAddress(issuer, 'completions'),
          changeAddress: `${address}/status${here(input.query)}`,
          suspends: world.config.suspension,
          credentials: rows.map((one) => {
            const learner = learners.get(one.learnerId)
            return {
              publicId: one.publicId,
              ...(learner && !learner.erasedAt ? { learner: { name: learner.name } } : {}),
              achievement: String(achievements.get(one.achievementId)?.document['name'] ?? ''),
              state: one.withdrawnAt ? ('withdrawn' as const) : one.revokedAt ? ('revoked' as const) : one.suspendedAt ? ('suspended' as const) : one.signedAt ? ('in_force' as const) : ('prepared' as const),
              visibility: one.visibility,
              issuedAt: one.validFrom,
              ...lapseOf(one),
              ...(one.signedAt && !one.withdrawnAt ? { address: `/c/${one.publicId}` } : {}),
              ...(one.signedAt && !one.revokedAt && !one.withdrawnAt ? { revokeAddress: `${address}/${one.publicId}/revocation${here(input.query)}`, changeable: true } : {}),
            }
          }),
        }
      })
      return page(credentialsPage(view, deskChrome(asked, issuer, 'credentials')))
    },
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/credentials/:publicId/revocation',
    summary: 'Revokes a credential, with the reason that verifiers are shown.',
    roles: mayEnter.credentials,
    issuer: 'path',
    csrf: 'form',
    audit: 'credential.revoke',
    rate: rates.pages,
    params: z.strictObject({ publicId: publicId }),
    query: turned,
    body: formBody(z.strictObject({ reason: z.string().trim().min(1).max(500) })),
    async handler({ issuer, who, input, change }) {
      await change(
        async (tx) => {
          const credential = await credentialByPublicId(tx, input.params.publicId)
          if (credential?.issuerId !== issuer.id) throw fault.nothing_here()
          await revokeCredentials(tx, { credentialIds: [credential.id], reason: input.body.reason, byWhom: who.person?.id ?? 'staff' })
          return credential
        },
        (credential) => ({ subject: credential.id, issuerId: issuer.id, before: 'in force', after: 'revoked' }),
      )
      return redirect(deskAddress(issuer, 'credentials', here(input.query)))
    },
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/credentials/status',
    summary: 'Revokes, suspends or reinstates the ticked credentials: all of them or none.',
    roles: mayEnter.credentials,
    issuer: 'path',
    csrf: 'form',
    audit: 'credential.change_status',
    rate: rates.pages,
    params: z.strictObject({}),
    query: turned,
    body: formBody(z.strictObject({ credential: z.union([publicId, z.array(publicId).max(pageSize)]).optional(), change: z.enum(statusChanges), reason: z.string().trim().min(1).max(500) })),
    async handler({ issuer, who, input, change }) {
      const { body } = input
      const publicIds = [body.credential ?? []].flat()
      if (publicIds.length === 0) throw deskFault.none_ticked()
      await change(
        (tx) => changeStatusOf(tx, issuer.id, { change: body.change, publicIds, reason: body.reason, byWhom: who.person?.id ?? 'staff' }),
        (credentials) => ({ subject: credentials.length === 1 ? credentials[0]?.id : undefined, issuerId: issuer.id, after: [body.change, ...credentials.map((one) => one.id)] }),
      )
      return redirect(deskAddress(issuer, 'credentials', here(input.query)))
    },
  }),
]
