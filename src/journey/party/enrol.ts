import type { Tx } from '#platform/db'
import { preferredLocale, type Issuer, type Learner } from './party.ts'
import { learnersByExternalId, upsertLearners } from './store.ts'

export interface Enrolment {
  readonly externalId: string
  readonly name: string
  readonly email?: string | undefined
  readonly locale?: string | undefined
  readonly timeZone?: string | undefined
  readonly country?: string | undefined
  readonly education?: string | undefined
}

/**
 * Learners by the provider's own names for them: new ones are added, known ones brought up to date where the provider says something new.
 * What a learner consented to is not touched, and an erased learner stays erased.
 */
export async function enrolLearners(tx: Tx, issuer: Issuer, enrolments: readonly Enrolment[]): Promise<ReadonlyMap<string, Learner>> {
  const byName = new Map(enrolments.map((one) => [one.externalId, one]))
  const rows = [...byName.values()].map((one) => ({
    id: tx.ids.uuid(tx.now),
    externalId: one.externalId,
    name: one.name,
    email: one.email,
    locale: preferredLocale(one.locale, issuer.locale),
    timeZone: one.timeZone ?? issuer.timeZone,
    country: one.country,
    education: one.education,
  }))
  if (rows.length > 0) await upsertLearners(tx, issuer.id, rows)
  return await learnersByExternalId(tx, issuer.id, [...byName.keys()])
}
