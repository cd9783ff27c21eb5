/** The picture that networks show of a shared link, under an address that changes when the picture does. */
import { z } from 'zod'
import { cardFor } from '#journey/share'
import { fault, file, redirect, route, type Route } from '#interfaces/http'
import { cardPrinter } from '#interfaces/look'
import { findCredential, publicId } from './find-credential.ts'

const aYear = 31_536_000

export const cardRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/c/:publicId/:file{card\\.[A-Za-z0-9_-]{16}\\.png}',
    summary: 'The card of a credential, 1200 by 627, as the networks want it; of an older address the present one.',
    roles: ['anonymous'],
    hits: true, // no hit is kept: the page's is. But a card that nobody made ahead is drawn and kept
    rate: { none: 'Bytes that are kept: one is drawn once.' },
    crossOrigin: true,
    params: z.strictObject({ publicId, file: z.string().regex(/^card\.[A-Za-z0-9_-]{16}\.png$/) }),
    otherQuery: 'passed over',
    answers: { 200: { says: 'The picture.', mediaType: 'image/png' } },
    async handler({ input, who, world }) {
      const { credential } = await world.db.read((tx) => findCredential(tx, input.params.publicId, who))
      const card = await cardFor(world, credential, cardPrinter)
      if (!card) throw fault.nothing_here()
      // A picture that is no longer true is not handed out again, though its address was good for ever.
      if (input.params.file !== `card.${card.key}.png`) return redirect(`/c/${credential.publicId}/card.${card.key}.png`)
      return file(await card.png(), 'image/png', { keep: { by: credential.visibility === 'private' ? 'private' : 'public', seconds: aYear, immutable: true }, headers: { etag: `"${card.key}"` } })
    },
  }),
]
