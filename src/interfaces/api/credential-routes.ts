/** Credentials for programs: reading one, and taking back, putting on hold, reinstating one or many. */
import { z } from 'zod'
import { changeStatusOf, credentialByPublicId, statusChanges, type Credential, type StatusChange } from '#journey/credential'
import { fault, file, json, jsonBody, keysOnly, rates, route, type Route } from '#interfaces/http'
import type { Tx } from '#platform/db'

const publicId = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

async function ofIssuer(tx: Tx, id: string, issuerId: string): Promise<Credential> {
  const credential = await credentialByPublicId(tx, id)
  if (!credential || credential.issuerId !== issuerId || credential.withdrawnAt || credential.signed === undefined) throw fault.nothing_here()
  return credential
}

const reason = z.string().trim().min(1).max(500).describe('Shown on the credential’s page.')
const reports = { revoke: 'revoked', suspend: 'suspended', reinstate: 'in force' } as const

/** POST /credentials/:publicId/…: one change of one credential. */
function changeOfOne(change: StatusChange, noun: string, summary: string): Route {
  return route({
    method: 'POST',
    path: `/api/v1/credentials/:publicId/${noun}`,
    summary,
    roles: ['key'],
    scope: 'credentials:revoke',
    issuer: 'key',
    csrf: keysOnly,
    audit: `credential.${change}`,
    rate: rates.api,
    params: z.strictObject({ publicId }),
    body: jsonBody(z.strictObject({ reason })),
    answers: { 200: { says: 'Done; verifiers see it at once.', schema: z.strictObject({ status: z.enum(Object.values(reports)) }) } },
    async handler({ input, who, issuer, change: inTransaction }) {
      await inTransaction(
        async (tx) => (await changeStatusOf(tx, issuer.id, { change, publicIds: [input.params.publicId], reason: input.body.reason, byWhom: `key ${who.key?.name ?? ''}` }))[0],
        (credential) => ({ subject: credential?.id, issuerId: issuer.id, after: reports[change] }),
      )
      return json({ status: reports[change] })
    },
  })
}

export const credentialRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/credentials/:publicId',
    summary: 'The signed document of a credential.',
    roles: ['key'],
    scope: 'credentials:read',
    issuer: 'key',
    rate: rates.api,
    params: z.strictObject({ publicId }),
    answers: { 200: { says: 'The document as it was signed, byte for byte.', mediaType: 'application/vc' } },
    async handler({ input, world, issuer }) {
      const credential = await world.db.read((tx) => ofIssuer(tx, input.params.publicId, issuer.id))
      return file(credential.signed ?? '', 'application/vc')
    },
  }),
  changeOfOne('revoke', 'revocation', 'Revokes a credential, for good.'),
  changeOfOne('suspend', 'suspension', 'Puts a credential on hold. It needs a place in a list of suspensions (LAUREL_SUSPENSION=1 when it was issued).'),
  changeOfOne('reinstate', 'reinstatement', 'Ends a suspension.'),
  route({
    method: 'POST',
    path: '/api/v1/credentials/status',
    summary: 'Revokes, suspends or reinstates many credentials in one transaction: all of them or none.',
    roles: ['key'],
    scope: 'credentials:revoke',
    issuer: 'key',
    csrf: keysOnly,
    audit: 'credential.change_status',
    rate: rates.api,
    body: jsonBody(z.strictObject({ change: z.enum(statusChanges), credentials: z.array(publicId).min(1).max(1_000), reason })),
    answers: { 200: { says: 'Done; verifiers see it at once. The first that cannot be changed is named in the fault, and then none is.', schema: z.strictObject({ status: z.enum(Object.values(reports)), changed: z.number().int() }) } },
    async handler({ input, who, issuer, change }) {
      const { body } = input
      const changed = await change(
        (tx) => changeStatusOf(tx, issuer.id, { change: body.change, publicIds: body.credentials, reason: body.reason, byWhom: `key ${who.key?.name ?? ''}` }),
        (credentials) => ({ subject: credentials.length === 1 ? credentials[0]?.id : undefined, issuerId: issuer.id, after: [reports[body.change], ...credentials.map((one) => one.id)] }),
      )
      return json({ status: reports[body.change], changed: changed.length })
    },
  }),
]
