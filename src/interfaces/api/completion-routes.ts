/** Completions in: the reference way for a course platform. The answer never tells the arm. */
import { z } from 'zod'
import { achievementByHandle, answerOnce, fault as completionFault, recordCompletions, achievementsOf } from '#journey/completion'
import { credentialAddress, credentialsOfCompletions } from '#journey/credential'
import { consentPurposes } from '#journey/party'
import { json, jsonBody, keysOnly, rates, route, type Rate, type Route } from '#interfaces/http'

/** A graduation day comes all at once: 6,000 completions in a burst, and a hundred a second after that. */
const completionsRate: Rate = { name: 'completions', per: 'caller', limit: 12_000, seconds: 60, burst: 6_000 }

const plain = z.string().min(1).max(500).regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/u, 'without control characters')
const timeZone = z.string().max(64).refine((name) => { try { return Boolean(new Intl.DateTimeFormat('en', { timeZone: name })) } catch { return false } }, 'a time zone like Asia/Kolkata')
const locale = z.string().max(35).refine((tag) => { try { return Intl.getCanonicalLocales(tag).length === 1 } catch { return false } }, 'a language tag like en or pt-BR')

const completion = z.strictObject({
  learner: z.strictObject({
    id: plain.describe('Your own name for the learner; the same learner is the same person here.'),
    name: plain,
    email: z.email().max(254).optional(),
    locale: locale.optional(),
    timeZone: timeZone.optional(),
    country: z.string().regex(/^[A-Z]{2}$/).optional().describe('ISO 3166-1 alpha-2'),
    education: plain.optional(),
  }),
  achievement: z.string().min(1).max(100).describe('The handle of an achievement that is here.'),
  completedAt: z.iso.datetime({ offset: true }),
  covariates: z.record(z.string().max(100), z.union([z.string().max(500), z.number()])).optional().describe('What was known before completion, for the analysis.'),
  consents: z.array(z.enum(consentPurposes)).optional().describe('What the learner agreed to, as you know it; credential and nudge when left out.'),
})

const answer = z.strictObject({ completion: z.uuid(), repeated: z.boolean(), credential: z.strictObject({ state: z.enum(['issuing', 'issued']), address: z.url().nullable() }) })

export const completionRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/completions',
    summary: 'Says that a learner completed something. The credential is issued, and the learner is drawn into the running experiment.',
    roles: ['key'],
    scope: 'completions:write',
    issuer: 'key',
    csrf: keysOnly,
    audit: 'completion.record',
    rate: completionsRate,
    headers: z.object({ 'idempotency-key': z.string().min(1).max(255) }),
    body: jsonBody(completion),
    answers: { 201: { says: 'Recorded. The credential follows within seconds; ask for it by its completion, or say the same again.', schema: answer }, 200: { says: 'It was recorded before.', schema: answer } },
    async handler({ input, who, world, issuer, change }) {
      const { body } = input
      if (new Date(body.completedAt).getTime() > world.clock.now().getTime() + 86_400_000) throw completionFault.in_future()
      const kept = await change(
        (tx) =>
          answerOnce(tx, { keyId: who.key?.id ?? '', idempotencyKey: input.headers['idempotency-key'], content: JSON.stringify(body) }, async () => {
            const achievement = await achievementByHandle(tx, issuer.id, body.achievement)
            if (!achievement) throw completionFault.unknown_achievement({ achievement: body.achievement, known: (await achievementsOf(tx, issuer.id)).map((one) => one.handle).join(', ') })
            const { id, ...learner } = body.learner
            const { completions } = await recordCompletions(tx, issuer, [{ learner: { externalId: id, ...learner }, achievement, completedAt: new Date(body.completedAt), covariates: body.covariates ?? {}, consents: body.consents }], 'api')
            const [one] = completions
            const [credential] = await credentialsOfCompletions(tx, [one!.completion.id])
            return {
              status: one!.repeated ? 200 : 201,
              body: {
                completion: one!.completion.id,
                repeated: one!.repeated,
                credential: { state: credential?.signedAt ? 'issued' : 'issuing', address: credential?.signedAt ? credentialAddress(world.config, credential.publicId) : null },
              },
            }
          }),
        (done) => ({ subject: String(done.body['completion']), issuerId: issuer.id }),
      )
      return json(kept.body, { status: kept.status })
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/completions/:completion/credential',
    summary: 'The credential of a completion, as soon as it is issued.',
    roles: ['key'],
    scope: 'credentials:read',
    issuer: 'key',
    rate: rates.api,
    params: z.strictObject({ completion: z.uuid() }),
    answers: { 200: { says: 'Where it is, or that it is being issued.', schema: answer.shape.credential } },
    async handler({ input, world, issuer }) {
      const [credential] = await world.db.read((tx) => credentialsOfCompletions(tx, [input.params.completion]))
      const mine = credential?.issuerId === issuer.id ? credential : undefined
      return json({ state: mine?.signedAt ? 'issued' : 'issuing', address: mine?.signedAt ? credentialAddress(world.config, mine.publicId) : null })
    },
  }),
]
