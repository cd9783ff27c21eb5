/** Outcomes in: what somebody saw of learners' work, as a file. */
import { z } from 'zod'
import { importOutcomesFile, outcomeSources } from '#journey/outcome'
import { json, keysOnly, rates, route, uploadBody, type Route } from '#interfaces/http'

export const outcomeRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/outcomes',
    summary: 'Takes in a CSV file: learner_id,observed_at,title,employer,started_on,ended_on. An empty title says that somebody looked and saw no position.',
    roles: ['key'],
    scope: 'outcomes:write',
    issuer: 'key',
    csrf: keysOnly,
    audit: 'outcome.import',
    rate: rates.api,
    query: z.strictObject({ source: z.enum(outcomeSources).optional() }),
    body: uploadBody(z.strictObject({}), { mediaTypes: ['text/csv'], limit: 50_000_000 }),
    answers: { 200: { says: 'How much was taken in.', schema: z.strictObject({ observations: z.number(), spells: z.number(), unknownLearners: z.number(), withoutConsent: z.number(), repeated: z.boolean() }) } },
    async handler({ input, world, issuer, about }) {
      const empty = (async function* () {})()
      const { importId, ...done } = await importOutcomesFile(world, { issuerId: issuer.id, source: input.query.source ?? 'hr_file', bytes: input.body.file?.bytes ?? empty })
      about({ subject: importId, issuerId: issuer.id })
      return json(done)
    },
  }),
]
