/** Credentials for programs: reading one, revoking one. */
import { z } from 'zod'
import { credentialByPublicId, revokeCredentials, type Credential } from '#journey/credential'
import { fault, file, json, jsonBody, keysOnly, rates, route, type Route } from '#interfaces/http'
import type { Tx } from '#platform/db'

const publicId = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

async function ofIssuer(tx: Tx, id: string, issuerId: string): Promise<Credential> {
  const credential = await credentialByPublicId(tx, id)
  if (!credential || credential.issuerId !== issuerId || credential.withdrawnAt || credential.signed === undefined) throw fault.nothing_here()
  return credential
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
  route({
    method: 'POST',
    path: '/api/v1/credentials/:publicId/revocation',
    summary: 'Revokes a credential; verifiers see it at once.',
    roles: ['key'],
    scope: 'credentials:revoke',
    issuer: 'key',
    csrf: keysOnly,
    audit: 'credential.revoke',
    rate: rates.api,
    params: z.strictObject({ publicId }),
    body: jsonBody(z.strictObject({ reason: z.string().min(1).max(500) })),
    answers: { 200: { says: 'Revoked.', schema: z.strictObject({ revoked: z.literal(true) }) } },
    async handler({ input, who, issuer, change }) {
      await change(
        async (tx) => {
          const credential = await ofIssuer(tx, input.params.publicId, issuer.id)
          await revokeCredentials(tx, { credentialIds: [credential.id], reason: input.body.reason, byWhom: `key ${who.key?.name ?? ''}` })
          return credential
        },
        (credential) => ({ subject: credential.id, issuerId: issuer.id, before: 'in force', after: 'revoked' }),
      )
      return json({ revoked: true })
    },
  }),
]
