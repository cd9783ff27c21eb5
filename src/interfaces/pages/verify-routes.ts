/** Is this credential real? For anybody, without an account; nothing of what is checked is kept. */
import { z } from 'zod'
import { verifyHere } from '#journey/credential'
import { page, rates, route, uploadBody, type Route } from '#interfaces/http'
import { verifyPage } from './verify-page.ts'

const address = '/verify'
const largestBytes = 1_000_000 // what the kernel reads at the most

export const verifyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: address,
    summary: 'The form that takes a credential as a file or as text.',
    roles: ['anonymous'],
    rate: { none: 'A page without a question to the database.' },
    handler: async ({ chrome }) => page(verifyPage({ address, largestBytes }, chrome())),
  }),
  route({
    method: 'POST',
    path: address,
    summary: 'Verifies a credential and shows what was checked.',
    roles: ['anonymous'],
    csrf: 'form',
    audit: { none: 'Nothing is changed and nothing kept.' },
    rate: rates.verify,
    body: uploadBody(z.strictObject({ text: z.string().max(largestBytes).optional() }), { mediaTypes: ['application/octet-stream', 'application/json', 'application/vc', 'application/jwt', 'application/pdf', 'text/plain', 'image/png', 'image/svg+xml'], limit: largestBytes + 100_000 }),
    async handler({ input, world, chrome }) {
      const uploaded = await input.body.file?.readAll()
      const text = input.body.fields.text?.trim() ?? ''
      const given = uploaded !== undefined && uploaded.length > 0 ? uploaded : text
      if (given.length === 0) return page(verifyPage({ address, largestBytes, fault: 'empty' }, chrome()), { status: 422 })
      const report = await verifyHere(world, given)
      const own = `${world.config.publicUrl}/c/`
      const pageAddress = report.facts?.credentialId?.startsWith(own) === true ? `/c/${report.facts.credentialId.slice(own.length)}` : undefined
      return page(verifyPage({ address, largestBytes, ...(typeof given === 'string' ? { text: given } : {}), result: { ...report, ...(pageAddress === undefined ? {} : { pageAddress }) } }, chrome()))
    },
  }),
]
