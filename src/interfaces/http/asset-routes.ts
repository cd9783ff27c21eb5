/** The files that pages fetch: their addresses carry the hash of what they serve, so they are kept for ever. */
import { assets, type Asset } from '#interfaces/look'
import { file, type Answer } from './answer.ts'
import type { RequestFacts } from './request.ts'
import { route, type Route } from './route.ts'

export const assetRoutes: readonly Route[] = assets.map((one) =>
  route({
    method: 'GET',
    path: one.path as `/${string}`,
    summary: `The file ${one.name}.`,
    roles: ['anonymous'],
    rate: { none: 'Bytes in memory.' },
    handler: async ({ request }) => assetFile(one, request),
  }),
)

/** A file of ours, compressed as its reader takes it. */
export function assetFile(one: Asset, request: Pick<RequestFacts, 'acceptEncoding'>): Answer {
  const accepted = request.acceptEncoding ?? ''
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined
  const body = encoding === undefined ? one.body : one.encoded[encoding]
  return file(new Uint8Array(body), one.contentType, {
    keep: { by: 'public', seconds: 31_536_000, immutable: true },
    headers: { vary: 'accept-encoding', ...(encoding === undefined ? {} : { 'content-encoding': encoding }) },
  })
}
