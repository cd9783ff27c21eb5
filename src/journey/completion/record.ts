import type { Tx } from '#platform/db'
import { enrolLearners, learnersAsked, recordConsents, type ConsentPurpose, type Enrolment, type Issuer } from '#journey/party'
import { noClaims, type Claims } from './claims.ts'
import type { Achievement, Completion } from './completion.ts'
import { completionRecorded } from './events.ts'
import { insertCompletions } from './store.ts'

export interface CompletionInput {
  readonly learner: Enrolment
  readonly achievement: Achievement
  readonly completedAt: Date
  readonly covariates: Readonly<Record<string, string | number>>
  /** Judged before (`faultsOfClaims`). */
  readonly claims?: Claims | undefined
  /** What the provider says that the learner agreed to; what the learner said here before is not overruled. */
  readonly consents?: readonly ConsentPurpose[] | undefined
}

export interface Recorded {
  /** In the order of the input; a learner who had completed this already gets that completion. */
  readonly completions: readonly { readonly completion: Completion; readonly repeated: boolean }[]
}

/** Version of the text under which providers pass their learners' consents on (docs/explanation/consent.md). */
const providerTextVersion = 'provider-1'

/** As many as a job takes at once. */
const batch = 1_000

/**
 * Records that learners finished something: once each, however often it is said. Everything that follows (the draw at once, in this
 * transaction; the credential as a job) starts from the event. Who issues at once has the job wait (`jobsAfterSeconds`), as a safety net.
 */
export async function recordCompletions(tx: Tx, issuer: Issuer, inputs: readonly CompletionInput[], source: 'api' | 'csv' | 'simulation', options: { readonly jobsAfterSeconds?: number } = {}): Promise<Recorded> {
  const learners = await enrolLearners(tx, issuer, inputs.map((one) => one.learner))
  const learnerOf = (input: CompletionInput) => {
    const learner = learners.get(input.learner.externalId)
    if (!learner) throw new TypeError('a learner that was just enrolled is missing')
    return learner
  }
  await recordFirstConsents(tx, inputs.map((input) => ({ learnerId: learnerOf(input).id, purposes: input.consents ?? defaultConsents })), source)

  const wanted = inputs.map((input) => ({
    id: tx.ids.uuid(tx.now),
    issuerId: issuer.id,
    learnerId: learnerOf(input).id,
    achievementId: input.achievement.id,
    completedAt: input.completedAt,
    recordedAt: tx.now,
    covariates: input.covariates,
    claims: input.claims ?? noClaims,
  }))
  const kept = await insertCompletions(tx, wanted, source)
  const completions = wanted.map((one) => {
    const completion = kept.get(`${one.learnerId} ${one.achievementId}`)
    if (!completion) throw new TypeError('a completion that was just written is missing')
    return Object.freeze({ completion, repeated: completion.id !== one.id })
  })
  const recorded = [...new Set(completions.filter((one) => !one.repeated).map((one) => one.completion.id))]
  for (let at = 0; at < recorded.length; at += batch) await tx.announce({ ...completionRecorded({ issuerId: issuer.id, completionIds: recorded.slice(at, at + batch) }), ...(options.jobsAfterSeconds === undefined ? {} : { afterSeconds: options.jobsAfterSeconds }) })
  return Object.freeze({ completions: Object.freeze(completions) })
}

/** A provider that says nothing asks for the credential and its nudges only; research and outcomes are asked of the learner. */
const defaultConsents: readonly ConsentPurpose[] = ['credential', 'nudge']

async function recordFirstConsents(tx: Tx, asked: readonly { readonly learnerId: string; readonly purposes: readonly ConsentPurpose[] }[], source: 'api' | 'csv' | 'simulation'): Promise<void> {
  const known = await learnersAsked(tx, asked.map((one) => one.learnerId))
  const first = new Map(asked.filter((one) => !known.has(one.learnerId)).map((one) => [one.learnerId, one.purposes]))
  await recordConsents(
    tx,
    [...first].flatMap(([learnerId, purposes]) => purposes.map((purpose) => ({ learnerId, purpose, given: true, textVersion: providerTextVersion, source: source === 'simulation' ? ('simulation' as const) : ('provider' as const) }))),
  )
}
