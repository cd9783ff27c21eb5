/** Issuers to the outside: their pages, and what verifiers of other makes ask for: keys, achievements, status lists. */
import { z } from 'zod'
import { achievementByHandle } from '#journey/completion'
import { achievementAddress, countCredentialsOf, issuerDidDocument, statusListDocument } from '#journey/credential'
import { issuerByHandle } from '#journey/party'
import { fault, file, json, page, rates, route, type Keep, type Route } from '#interfaces/http'
import type { Tx } from '#platform/db'
import { achievementPage } from './achievement-page.ts'
import { directoryPage } from './directory-page.ts'
import { issuerPage } from './issuer-page.ts'
import { presentDirectory } from './present-directory.ts'
import { presentAchievement, presentIssuer, type FoundAchievement } from './present-issuer.ts'

const issuer = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
const achievementParams = z.strictObject({ handle: issuer, achievement: z.string().max(100) })

const keep: Keep = { by: 'public', seconds: 300 }
const asksForHtml = (accept: string | undefined): boolean => accept?.includes('text/html') ?? false
const byAccept = { headers: { vary: 'accept' } }

async function findAchievement(tx: Tx, site: { readonly publicUrl: string }, at: { readonly handle: string; readonly achievement: string }): Promise<FoundAchievement> {
  const by = await issuerByHandle(tx, at.handle)
  const achievement = by && (await achievementByHandle(tx, by.id, at.achievement))
  if (!by || !achievement) throw fault.nothing_here()
  return { issuer: by, achievement, document: { ...achievement.document, id: achievementAddress(site, by, achievement) } }
}

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
    path: '/i/:handle',
    summary: 'Who an issuer is, what it awards, and with what it signs.',
    roles: ['anonymous'],
    rate: rates.pages,
    params: z.strictObject({ handle: issuer }),
    otherQuery: 'passed over',
    async handler({ input, world, chrome }) {
      const view = await world.db.read((tx) => presentIssuer(tx, world.config, input.params.handle))
      if (!view) throw fault.nothing_here()
      return page(issuerPage(view, chrome({ csrf: '' })))
    },
  }),
  route({
    method: 'GET',
    path: '/i/:handle/directory',
    summary: 'What learners of an issuer made public, where the issuer wants such a list.',
    roles: ['anonymous'],
    rate: rates.pages,
    params: z.strictObject({ handle: issuer }),
    query: z.strictObject({ before: z.uuid().optional() }),
    otherQuery: 'passed over',
    async handler({ input, world, chrome }) {
      const view = await world.db.read((tx) => presentDirectory(tx, world.config, input.params.handle, input.query.before))
      if (!view) throw fault.nothing_here()
      return page(directoryPage(view, chrome({ csrf: '' })))
    },
  }),
  route({
    method: 'GET',
    path: '/i/:handle/a/:achievement',
    summary: 'An achievement: a page for browsers; for programs, as Open Badges 3.0 describes it. The address stands in credentials.',
    roles: ['anonymous'],
    rate: rates.pages,
    crossOrigin: true,
    params: achievementParams,
    otherQuery: 'passed over',
    answers: { 200: { says: 'The achievement; as a page where text/html is asked for.', mediaType: 'application/json' } },
    async handler({ input, world, chrome, request }) {
      // As for faults, a program is known by not asking for HTML.
      const shown = asksForHtml(request.accept)
      const { found, count } = await world.db.read(async (tx) => {
        const found = await findAchievement(tx, world.config, input.params)
        return { found, count: shown ? await countCredentialsOf(tx, found.achievement.id) : undefined }
      })
      return count ? page(achievementPage(presentAchievement(found, count), chrome({ csrf: '' })), byAccept) : json(found.document, { keep, ...byAccept })
    },
  }),
  route({
    method: 'GET',
    path: '/i/:handle/a/:achievement/achievement.json',
    summary: 'An achievement as Open Badges 3.0 describes it, whatever is asked for.',
    roles: ['anonymous'],
    rate: rates.pages,
    crossOrigin: true,
    params: achievementParams,
    answers: { 200: { says: 'The achievement.', mediaType: 'application/json' } },
    handler: async ({ input, world }) => json((await world.db.read((tx) => findAchievement(tx, world.config, input.params))).document, { keep }),
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
