/**
 * The report of a verification: named checks, each passed, failed or not checked; a verdict in one of three levels; and facts from signed content only.
 */
import type { CarrierKind, JsonObject } from '#kernel/openbadge'
import type { ReasonCode } from './reasons.ts'

export const checkNames = ['parsed', 'schema', 'contexts', 'proof', 'issuer', 'status', 'dates', 'registry', 'refresh'] as const
export type CheckName = (typeof checkNames)[number] | 'holder'

/** The three never merge: what was not checked has neither passed nor failed. */
export type CheckResult = 'passed' | 'failed' | 'not_checked'

export interface Place {
  readonly code: string
  readonly sentence: string
  /** RFC 6901. */
  readonly pointer: string
}

export interface Check {
  readonly name: CheckName
  readonly result: CheckResult
  readonly code: ReasonCode
  /** One sentence for a person. */
  readonly detail: string
  /** What the sentence names, for those who say it in another language; the date in ISO 8601. */
  readonly about?: { readonly name?: string; readonly date?: string }
  /** Where in the document, for checks that look at single places. */
  readonly places?: readonly Place[]
}

/**
 * `trusted`: proved, every check passed, and a registry that the caller trusts lists the issuer. `unknown_issuer`: proved, nothing failed, but the
 * issuer is not listed, or something could not be checked. `not_proved`: everything else.
 */
export const verdicts = ['trusted', 'unknown_issuer', 'not_proved'] as const
export type Verdict = (typeof verdicts)[number]

/** What the signed content says, for showing. Absent when nobody vouches for it. */
export interface Facts {
  readonly kind: 'achievement' | 'endorsement' | 'other'
  readonly credentialId?: string
  /** The learner's name, where the credential states one in clear. */
  readonly who?: string
  readonly subjectId?: string
  readonly what?: string
  readonly description?: string
  readonly language?: string
  readonly criteria?: string
  readonly criteriaUrl?: string
  readonly achievementType?: string
  readonly fieldOfStudy?: string
  readonly assessed?: string
  readonly hours?: number
  readonly credits?: number
  readonly alignments: readonly { readonly name: string; readonly url: string; readonly framework?: string }[]
  readonly results: readonly { readonly name?: string; readonly value: string }[]
  readonly evidence: readonly { readonly name?: string; readonly url?: string; readonly narrative?: string }[]
  readonly comment?: string
  /** How the issuer names itself. A registry's name for it, where there is one, is in `registryName`. */
  readonly issuerName?: string
  readonly issuerId: string
  readonly issuerUrl?: string
  readonly registryName?: string
  readonly registry?: string
  readonly validFrom?: string
  readonly validUntil?: string
  readonly awardedDate?: string
  readonly imageUrl?: string
}

export interface EndorsementReport {
  readonly by?: string
  readonly byId?: string
  readonly comment?: string
  readonly about?: string
  readonly verdict: Verdict
  readonly code: ReasonCode
  readonly detail: string
}

export interface Report {
  readonly verdict: Verdict
  /** The verdict in words: the first thing to show. */
  readonly headline: string
  /** Why, in one or two sentences. */
  readonly explanation: string
  /** What decided the verdict. */
  readonly reason: ReasonCode
  readonly checks: readonly Check[]
  readonly facts?: Facts
  readonly endorsements: readonly EndorsementReport[]
  /** Notes that change nothing in the verdict, such as an older form of proof. */
  readonly notes: readonly string[]
  readonly carrier?: CarrierKind
  readonly securing?: 'data-integrity' | 'jwt' | 'sd-jwt'
  readonly dataModel?: '2.0' | '1.1'
  /** The verified document, exactly as its proof covers it; only with facts. */
  readonly document?: JsonObject
  /** The newer credential that the issuer's refresh service gave, already verified. */
  readonly newer?: Report
  /** The moment for which the report speaks, ISO 8601. */
  readonly at: string
}

/** The report on a presentation: its own checks, and one report for each credential in it. */
export interface PresentationReport {
  /** `passed` when every check has passed and each credential's proof holds; `failed` when anything failed; `not_checked` otherwise. */
  readonly result: CheckResult
  readonly checks: readonly Check[]
  readonly credentials: readonly Report[]
  readonly holder?: string
  readonly at: string
}
