/** The styles of the public pages in issuers' colours. What is served follows from the address alone, so it may be kept for ever. */
import { z } from 'zod'
import { assetFile, fault, redirect, route, type Route } from '#interfaces/http'
import { themedStyles } from '#interfaces/look'

const name = /^([0-9a-f]{6})\.[0-9a-f]{10}\.css$/

export const themeRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/theme/:file{[0-9a-f]{6}\\.[0-9a-f]{10}\\.css}',
    summary: 'The styles of the public pages in a colour, with every contrast that reading needs; of an older release the present ones.',
    roles: ['anonymous'],
    rate: { none: 'A few colours out of a few digits.' },
    params: z.strictObject({ file: z.string().regex(name) }),
    answers: { 200: { says: 'The style sheet.', mediaType: 'text/css' } },
    async handler({ input, request }) {
      const [, digits] = name.exec(input.params.file) ?? []
      if (digits === undefined) throw fault.nothing_here()
      const styles = themedStyles(`#${digits}`)
      return styles.path === `/theme/${input.params.file}` ? assetFile(styles, request) : redirect(styles.path)
    },
  }),
]
