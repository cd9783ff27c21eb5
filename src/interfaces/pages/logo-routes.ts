/** The picture beside an issuer's name, under an address that changes when the picture does. */
import { z } from 'zod'
import { issuerByHandle, issuerLogo } from '#journey/party'
import { fault, file, redirect, route, type Route } from '#interfaces/http'
import { logoOf } from '#interfaces/look'

const aYear = 31_536_000
const name = /^logo\.([A-Za-z0-9_-]{16})\.png$/

export const logoRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/i/:handle/:file{logo\\.[A-Za-z0-9_-]{16}\\.png}',
    summary: 'The logo of an issuer; of an older address the present one.',
    roles: ['anonymous'],
    rate: { none: 'Bytes that are kept: a browser asks once.' },
    crossOrigin: true,
    params: z.strictObject({ handle: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/), file: z.string().regex(name) }),
    otherQuery: 'passed over',
    answers: { 200: { says: 'The picture.', mediaType: 'image/png' } },
    async handler({ input, world }) {
      const [, key = ''] = name.exec(input.params.file) ?? []
      const { present, png } = await world.db.read(async (tx) => {
        const issuer = await issuerByHandle(tx, input.params.handle)
        return { present: issuer && logoOf(issuer), png: issuer && (await issuerLogo(tx, issuer.id, key)) }
      })
      if (png) return file(png, 'image/png', { keep: { by: 'public', seconds: aYear, immutable: true }, headers: { etag: `"${key}"` } })
      if (!present) throw fault.nothing_here()
      return redirect(present.address)
    },
  }),
]
