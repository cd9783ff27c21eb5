/** A credential in the sites of others: the frame, and what sites ask before they make one (oEmbed 1.0). */
import { z } from 'zod'
import { credentialByPublicId, verifyHere } from '#journey/credential'
import { issuerById } from '#journey/party'
import { placementAddress } from '#journey/share'
import { fault, json, page, rates, route, type Route } from '#interfaces/http'
import { wordsOf } from '#interfaces/look'
import type { World } from '#platform/world'
import type { CredentialView } from './credential-page.ts'
import { embedPage, emptyEmbed } from './embed-page.ts'
import { frameFor, frameSize } from './frame-source.ts'
import { publicId } from './find-credential.ts'
import { presentCredential } from './present-credential.ts'

const token = z.string().max(64)

export const embedRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/c/:publicId/embed',
    summary: 'A credential inside another site’s page: the only page that may be framed. It is as a stranger sees it, whoever asks.',
    roles: ['anonymous'],
    rate: { none: 'A page of somebody else’s site may be asked for by many at once.' },
    framed: true,
    hits: true, // none is kept: a frame far down another page is before nobody's eyes. But the status list may be due to be signed
    params: z.strictObject({ publicId }),
    query: z.strictObject({ s: token.optional() }),
    otherQuery: 'passed over',
    async handler({ input, world, chrome }) {
      const plain = chrome({ csrf: '' })
      const words = wordsOf(plain.language)
      const seen = await asStranger(world, input.params.publicId)
      // The site around it must not break when its learner closes the page: the frame says so in its own place.
      if (seen === 'withdrawn') return page(emptyEmbed(words.text('withdrawn.title'), plain), { status: 410 })
      if (seen === undefined) return page(emptyEmbed(words.text('error.404'), plain), { status: 404 })
      const to = input.query.s === undefined ? seen.address : placementAddress(world.config, seen.publicId, input.query.s)
      return page(embedPage(seen, to, plain))
    },
  }),
  route({
    method: 'GET',
    path: '/oembed',
    summary: 'How to show the page of a credential inside another one (oEmbed 1.0).',
    roles: ['anonymous'],
    rate: rates.pages,
    crossOrigin: true,
    hits: true, // as above
    query: z.strictObject({ url: z.string().max(2000), format: z.enum(['json', 'xml']).optional(), maxwidth: z.coerce.number().int().min(1).max(10_000).optional(), maxheight: z.coerce.number().int().min(1).max(10_000).optional() }),
    otherQuery: 'passed over',
    answers: { 200: { says: 'The frame to show.', mediaType: 'application/json' } },
    async handler({ input, world }) {
      const asked = readPageAddress(input.query.url, world.config.publicUrl)
      // oEmbed 1.0, 2.3.4: 404 where there is nothing, 501 for a format that is not had.
      if (!asked) throw fault.nothing_here()
      const seen = await asStranger(world, asked.publicId)
      if (seen === undefined || seen === 'withdrawn') throw fault.nothing_here()
      if (input.query.format === 'xml') return json({ error: 'This provider answers in JSON only.' }, { status: 501 })
      const width = Math.min(frameSize.width, input.query.maxwidth ?? frameSize.width)
      const height = Math.min(frameSize.height, input.query.maxheight ?? frameSize.height)
      const title = `${seen.learner.name}: ${seen.achievement.name}`
      return json(
        {
          type: 'rich',
          version: '1.0',
          title,
          author_name: seen.issuer.name,
          provider_name: 'Laurel',
          provider_url: world.config.publicUrl,
          cache_age: 3600,
          width,
          height,
          html: frameFor({ site: world.config, publicId: asked.publicId, token: asked.token, title, width, height }),
        },
        { headers: { vary: 'origin' } },
      )
    },
  }),
]

/** The credential as somebody sees it who has nothing but its address. */
async function asStranger(world: World, id: string): Promise<CredentialView | 'withdrawn' | undefined> {
  const found = await world.db.read(async (tx) => {
    const credential = await credentialByPublicId(tx, id)
    return credential && { credential, issuer: await issuerById(tx, credential.issuerId) }
  })
  if (!found) return undefined
  const { credential, issuer } = found
  if (credential.withdrawnAt) return 'withdrawn'
  if (credential.signed === undefined || credential.visibility === 'private') return undefined
  const report = await verifyHere(world, credential.signed)
  return presentCredential({ credential, report, issuer, achievement: undefined, signed: 0, views: undefined, site: world.config, isOwner: false, prompt: undefined, mailToken: undefined })
}

/** The page of a credential of this site, and the token of the placement by which it was found. */
function readPageAddress(given: string, site: string): { readonly publicId: string; readonly token: string | undefined } | undefined {
  const url = URL.parse(given)
  const [, id] = /^\/c\/([A-Za-z0-9_-]{22})$/.exec(url?.pathname ?? '') ?? []
  if (!url || url.origin !== new URL(site).origin || id === undefined) return undefined
  const named = url.searchParams.get('s')
  return { publicId: id, token: named !== null && named.length <= 64 ? named : undefined }
}
