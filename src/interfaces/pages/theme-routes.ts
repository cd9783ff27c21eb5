/** The style sheets of issuers' colours. What is served follows from the address alone, so it may be kept for ever. */
import { z } from 'zod'
import { fault, file, route, type Route } from '#interfaces/http'
import { themeSheet } from '#interfaces/look'

const name = /^([0-9a-f]{6})\.css$/

export const themeRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/theme/:file{[0-9a-f]{6}\\.css}',
    summary: 'The style sheet of a colour, with every contrast that reading needs.',
    roles: ['anonymous'],
    rate: { none: 'A few colours out of a few digits.' },
    params: z.strictObject({ file: z.string().regex(name) }),
    answers: { 200: { says: 'The style sheet.', mediaType: 'text/css' } },
    async handler({ input }) {
      const [, digits] = name.exec(input.params.file) ?? []
      if (digits === undefined) throw fault.nothing_here()
      return file(themeSheet(`#${digits}`), 'text/css; charset=utf-8', { keep: { by: 'public', seconds: 31_536_000, immutable: true } })
    },
  }),
]
