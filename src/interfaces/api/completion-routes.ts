/** Completions in: the reference way for a course platform. The answer never tells the arm. */
import { z } from 'zod'
import type { Fault, Finding } from '#kernel/fault'
import { achievementByHandle, answerOnce, fault as completionFault, faultsOfClaims, recordCompletions, achievementsOf, type Achievement, type Claims, type CompletionInput } from '#journey/completion'
import { credentialAddress, credentialsOfCompletions, issueCredentials } from '#journey/credential'
import { consentPurposes } from '#journey/party'
import { json, jsonBody, keysOnly, rates, route, type Rate, type Route } from '#interfaces/http'
import type { World } from '#platform/world'

/** A graduation day comes all at once: 6,000 completions in a burst, and a hundred a second after that. */
const completionsRate: Rate = { name: 'completions', per: 'caller', limit: 12_000, seconds: 60, burst: 6_000 }

const plain = z.string().min(1).max(500).regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/u, 'without control characters')
const timeZone = z.string().max(64).refine(isTimeZone, 'a time zone like Asia/Kolkata')
const locale = z.string().max(35).refine((tag) => { try { return Intl.getCanonicalLocales(tag).length === 1 } catch { return false } }, 'a language tag like en or pt-BR')

/** Asking for a time zone takes longer than all else about a completion, and a provider has few of them. */
const timeZones = new Map<string, boolean>()
function isTimeZone(name: string): boolean {
  const known = timeZones.get(name)
  if (known !== undefined) return known
  if (timeZones.size >= 1_000) timeZones.clear()
  let right: boolean
  try {
    right = Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    right = false
  }
  timeZones.set(name, right)
  return right
}

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
  narrative: z.string().min(1).max(5_000).optional().describe('Markdown: what the learner did. It stands in the credential, as do the next three.'),
  evidence: z.array(z.strictObject({ id: z.url({ protocol: /^https?$/ }).max(2_000).optional(), name: plain.optional(), narrative: z.string().min(1).max(5_000).optional(), description: plain.optional(), genre: plain.optional(), audience: plain.optional() })).min(1).max(20).optional(),
  results: z.array(z.strictObject({ resultDescription: z.string().min(1).max(2_000).optional().describe('The id of one of the achievement’s result descriptions.'), value: plain.optional(), achievedLevel: z.string().min(1).max(2_000).optional(), status: z.enum(['Completed', 'Enrolled', 'Failed', 'InProgress', 'OnHold', 'Withdrew']).optional() })).min(1).max(20).optional(),
  validUntil: z.iso.datetime({ offset: true }).optional().describe('When the credential ends.'),
  consents: z.array(z.enum(consentPurposes)).optional().describe('What the learner agreed to, as you know it; credential and nudge when left out.'),
})

type Completed = z.output<typeof completion>

/** What the completion says beyond the fact, as it goes into the credential; undefined where it says nothing. Members that are absent stay absent. */
function claimsOf({ narrative, evidence, results, validUntil }: Pick<Completed, 'narrative' | 'evidence' | 'results' | 'validUntil'>): Claims | undefined {
  if (narrative === undefined && evidence === undefined && results === undefined && validUntil === undefined) return undefined
  const claims = {
    narrative,
    evidence: evidence?.map((one) => ({ type: ['Evidence'], ...one })),
    results: results?.map((one) => ({ type: ['Result'], ...one })),
    validUntil: validUntil === undefined ? undefined : `${new Date(validUntil).toISOString().slice(0, 19)}Z`,
  }
  return JSON.parse(JSON.stringify(claims)) as Claims // undefined members are left out, and nothing else changes
}

const inputOf = ({ learner: { id, ...learner }, completedAt, covariates, consents, ...more }: Completed, achievement: Achievement): CompletionInput => ({
  learner: { externalId: id, ...learner },
  achievement,
  completedAt: new Date(completedAt),
  covariates: covariates ?? {},
  claims: claimsOf(more),
  consents,
})

/** A day of grace for clocks that are set wrong. */
const inFuture = (one: Completed, world: Pick<World, 'clock'>): boolean => new Date(one.completedAt).getTime() > world.clock.now().getTime() + 86_400_000

const most = 1_000
/** If the process ends between recording and issuing, the job takes over after this long. */
const safetyNetSeconds = 30

const answer = z.strictObject({ completion: z.uuid(), repeated: z.boolean(), credential: z.strictObject({ state: z.enum(['issuing', 'issued']), address: z.url().nullable() }) })

/** What is kept of a batch, to answer the same request again: its completions, and the places of those that were there before. */
const keptBatch = z.object({ completions: z.array(z.string()), repeated: z.array(z.number()) })

/**
 * A batch as what it asks to record, or every place at which it cannot be; then none of it is recorded.
 *
 * @throws Fault `completion.in_future`, `completion.unknown_achievement`, `completion.bad_claims`
 */
function batchOf(completions: readonly Completed[], achievements: ReadonlyMap<string, Achievement>, world: Pick<World, 'clock'>): readonly CompletionInput[] {
  const wrong: { readonly raise: (extra: { findings: readonly Finding[] }) => Error; readonly finding: Finding }[] = []
  const found = (raise: (extra?: { findings: readonly Finding[] }) => Fault, at: number, name: string) => {
    const { code, message } = raise()
    wrong.push({ raise, finding: { code, sentence: `completions[${at}]: ${message}`, pointer: `/completions/${at}/${name}` } })
  }
  const inputs = completions.flatMap((one, at) => {
    const achievement = achievements.get(one.achievement)
    if (inFuture(one, world)) found((extra) => completionFault.in_future(undefined, extra), at, 'completedAt')
    if (!achievement) found((extra) => completionFault.unknown_achievement({ achievement: one.achievement, known: [...achievements.keys()].join(', ') }, extra), at, 'achievement')
    if (!achievement) return []
    const input = inputOf(one, achievement)
    const unfit = input.claims === undefined ? [] : faultsOfClaims(achievement, input.claims, input.completedAt)
    for (const { code, sentence, pointer } of unfit) wrong.push({ raise: (extra) => completionFault.bad_claims({ count: unfit.length }, extra), finding: { code, sentence: `completions[${at}]: ${sentence}`, pointer: `/completions/${at}${pointer ?? ''}` } })
    return [input]
  })
  const [first] = wrong
  if (first) throw first.raise({ findings: wrong.map((one) => one.finding) })
  return inputs
}

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
      if (inFuture(body, world)) throw completionFault.in_future()
      const kept = await change(
        (tx) =>
          answerOnce(tx, { keyId: who.key?.id ?? '', idempotencyKey: input.headers['idempotency-key'], content: JSON.stringify(body) }, async () => {
            const achievement = await achievementByHandle(tx, issuer.id, body.achievement)
            if (!achievement) throw completionFault.unknown_achievement({ achievement: body.achievement, known: (await achievementsOf(tx, issuer.id)).map((one) => one.handle).join(', ') })
            const input = inputOf(body, achievement)
            const findings = input.claims === undefined ? [] : faultsOfClaims(achievement, input.claims, input.completedAt)
            if (findings.length > 0) throw completionFault.bad_claims({ count: findings.length }, { findings })
            const { completions } = await recordCompletions(tx, issuer, [input], 'api')
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
    method: 'POST',
    path: '/api/v1/completions/batch',
    summary: `Says that up to ${most.toLocaleString('en')} learners completed something, and issues their credentials before it answers.`,
    roles: ['key'],
    scope: 'completions:write',
    issuer: 'key',
    csrf: keysOnly,
    audit: 'completion.record',
    rate: rates.api,
    headers: z.object({ 'idempotency-key': z.string().min(1).max(255) }),
    body: jsonBody(z.strictObject({ completions: z.array(completion).min(1).max(most) }), { limit: 4_000_000 }),
    answers: {
      201: { says: 'Recorded and issued, in the order given. One that was recorded before is marked `repeated` and changes nothing.', schema: z.strictObject({ completions: z.array(answer) }) },
      200: { says: 'This request was answered before; what it led to.', schema: z.strictObject({ completions: z.array(answer) }) },
    },
    async handler({ input, who, world, issuer, change }) {
      const { completions } = input.body
      let fresh = false
      const kept = await change(
        (tx) =>
          answerOnce(tx, { keyId: who.key?.id ?? '', idempotencyKey: input.headers['idempotency-key'], content: JSON.stringify(completions) }, async () => {
            fresh = true
            const achievements = new Map((await achievementsOf(tx, issuer.id)).map((one) => [one.handle, one]))
            const inputs = batchOf(completions, achievements, world)
            const recorded = (await recordCompletions(tx, issuer, inputs, 'api', { jobsAfterSeconds: safetyNetSeconds })).completions
            return { status: 201, body: { completions: recorded.map((one) => one.completion.id), repeated: recorded.flatMap((one, at) => (one.repeated ? [at] : [])) } }
          }),
        () => ({ issuerId: issuer.id, after: completions.length }),
      )
      const { completions: ids, repeated } = keptBatch.parse(kept.body)
      await issueCredentials(world, { issuerId: issuer.id, completionIds: ids })
      const credentials = new Map((await world.db.read((tx) => credentialsOfCompletions(tx, ids))).map((one) => [one.completionId, one]))
      const again = new Set(repeated)
      const answered = ids.map((id, at) => {
        const one = credentials.get(id)
        return { completion: id, repeated: again.has(at), credential: { state: one?.signedAt ? 'issued' : 'issuing', address: one?.signedAt ? credentialAddress(world.config, one.publicId) : null } }
      })
      return json({ completions: answered }, { status: fresh ? 201 : 200 })
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
