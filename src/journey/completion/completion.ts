/** What can be completed, and that a learner completed it. */
import type { Claims } from './claims.ts'

export interface Achievement {
  readonly id: string
  readonly issuerId: string
  /** As it stands in files and addresses. */
  readonly handle: string
  /** Field of study, for strata. */
  readonly domain: string
  /** Open Badges 3.0 Achievement as it was given, parsed by `#kernel/openbadge`. */
  readonly document: Readonly<Record<string, unknown>>
}

export interface Completion {
  readonly id: string
  readonly issuerId: string
  readonly learnerId: string
  readonly achievementId: string
  readonly completedAt: Date
  readonly recordedAt: Date
  /** Further columns as they came, known before any draw. */
  readonly covariates: Readonly<Record<string, string | number>>
  /** What goes into the credential beside the achievement. */
  readonly claims: Claims
}
