/** Verification for programs: any credential in, a report of named checks out; nothing is kept. */
import { z } from 'zod'
import { checkNames, verdicts } from '#kernel/verify'
import { verifyStranger } from '#journey/credential'
import { json, rates, route, uploadBody, type Route } from '#interfaces/http'

const check = z.strictObject({ name: z.enum(checkNames), result: z.enum(['passed', 'failed', 'not_checked']), code: z.string(), detail: z.string() })
const largestBytes = 1_000_000 // what the kernel reads at the most

export const verifyRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/verify',
    summary: 'Verifies a credential: JSON, JWT, SD-JWT, a baked PNG or SVG, or a PDF, as the body; or the https address of one, as text.',
    roles: ['anonymous'],
    csrf: { none: 'Nothing is changed and nothing kept.' },
    audit: { none: 'Nothing is changed and nothing kept.' },
    rate: rates.verify,
    crossOrigin: true,
    query: z.strictObject({ online: z.enum(['yes', 'no']).optional().describe('Whether the addresses in the credential may be asked: its issuer’s keys, its status lists, its refresh service. Without it they are not.') }),
    body: uploadBody(z.strictObject({}), { mediaTypes: ['application/json', 'application/vc', 'application/ld+json', 'application/vc+ld+json', 'application/jwt', 'application/vc+jwt', 'text/plain', 'image/png', 'image/svg+xml', 'application/pdf', 'application/octet-stream'], limit: largestBytes + 1 }),
    answers: { 200: { says: 'What was checked. A credential that is not proved is an answer, not an error.', schema: z.strictObject({ verdict: z.enum(verdicts), headline: z.string(), explanation: z.string(), reason: z.string(), checks: z.array(check), facts: z.record(z.string(), z.unknown()).nullable(), at: z.string() }) } },
    async handler({ input, world }) {
      const bytes = (await input.body.file?.readAll()) ?? new Uint8Array(0)
      const { verdict, headline, explanation, reason, checks, facts, at } = await verifyStranger(world, bytes, { online: input.query.online === 'yes' })
      return json({ verdict, headline, explanation, reason, checks: checks.map(({ name, result, code, detail }) => ({ name, result, code, detail })), facts: facts ?? null, at })
    },
  }),
]
