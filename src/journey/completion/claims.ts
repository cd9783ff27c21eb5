/**
 * What a completion says of the learner's achievement beyond that it was completed, in the words of Open Badges 3.0 (AchievementSubject, Result, Evidence). It goes into the credential as it is,
 * so it is judged when it is recorded: later there would be nobody to tell.
 */
import { buildAchievementCredential, isRefused, lint, parseAchievement, type Evidence, type Result } from '#kernel/openbadge'
import type { Finding } from '#kernel/fault'
import type { Achievement } from './completion.ts'

export interface Claims {
  /** Markdown: what the learner did. */
  readonly narrative?: string
  readonly evidence?: readonly Evidence[]
  readonly results?: readonly Result[]
  /** xsd:dateTimeStamp: when the credential ends. */
  readonly validUntil?: string
}

export const noClaims: Claims = Object.freeze({})

/** What would make the credential unfit to be signed; empty when it is fit. Everything that is not the completion's own stands in as an example. */
export function faultsOfClaims(achievement: Achievement, claims: Claims, completedAt: Date): readonly Finding[] {
  if (Object.keys(claims).length === 0) return []
  const parsed = parseAchievement(achievement.document)
  if (!parsed.ok) throw new TypeError(`achievement ${achievement.id} was kept although it has faults`)
  const findings = lint(
    buildAchievementCredential({
      ...claims,
      id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
      issuer: { id: 'did:example:issuer', type: ['Profile'], name: 'Issuer' },
      achievement: parsed.value,
      subject: { id: 'did:example:learner' },
      validFrom: `${completedAt.toISOString().slice(0, 19)}Z`,
    }),
  )
  return isRefused(findings) ? findings.filter((one) => one.rule !== 'note').map(({ code, sentence, pointer }) => ({ code, sentence, pointer })) : []
}
