/** What verifiers of other makes ask for: an issuer's keys, its achievements, and the status lists of its credentials. */
import { z } from 'zod'
import { achievementByHandle } from '#journey/completion'
import { achievementAddress, issuerDidDocument, statusListDocument } from '#journey/credential'
import { issuerByHandle } from '#journey/party'
import { fault, file, json, rates, route, type Route } from '#interfaces/http'

const issuer = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/)

export const issuerRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/i/:handle/did.json',
    summary: 'The DID document of an issuer, with all keys that it ever had.',
    roles: ['anonymous'],
    rate: rates.pages,
    crossOrigin: true,
    params: z.strictObject({ handle: issuer }),
    answers: { 200: { says: 'The document.', mediaType: 'application/did' } },
    async handler({ input, world }) {
      const document = await world.db.read(async (tx) => {
        const found = await issuerByHandle(tx, input.params.handle)
        return found && (await issuerDidDocument(tx, world.config, found))
      })
      if (!document) throw fault.nothing_here()
      return json(document, { mediaType: 'application/did', keep: { by: 'public', seconds: 300 } })
    },
  }),
  route({
    method: 'GET',
    path: '/i/:handle/a/:achievement',
    summary: 'An achievement as Open Badges 3.0 describes it.',
    roles: ['anonymous'],
    rate: rates.pages,
    crossOrigin: true,
    params: z.strictObject({ handle: issuer, achievement: z.string().max(100) }),
    answers: { 200: { says: 'The achievement.', mediaType: 'application/json' } },
    async handler({ input, world }) {
      const found = await world.db.read(async (tx) => {
        const by = await issuerByHandle(tx, input.params.handle)
        const achievement = by && (await achievementByHandle(tx, by.id, input.params.achievement))
        return by && achievement && { ...achievement.document, id: achievementAddress(world.config, by, achievement) }
      })
      if (!found) throw fault.nothing_here()
      return json(found, { keep: { by: 'public', seconds: 300 } })
    },
  }),
  route({
    method: 'GET',
    path: '/status/:list',
    summary: 'A Bitstring Status List, signed; it changes at once when a credential is revoked.',
    roles: ['anonymous'],
    hits: true, // signing it anew keeps the signed text
    rate: rates.pages,
    crossOrigin: true,
    params: z.strictObject({ list: z.uuid() }),
    answers: { 200: { says: 'The list.', mediaType: 'application/vc' } },
    handler: async ({ input, world }) => file(await statusListDocument(world, input.params.list), 'application/vc', { keep: { by: 'public', seconds: 60 } }),
  }),
]
