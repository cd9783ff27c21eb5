/** What became of learners, as somebody saw it at a time. Not seen is not "no job". */

export const outcomeSources = ['hr_file', 'survey', 'panel', 'profile_export', 'simulation'] as const
export type OutcomeSource = (typeof outcomeSources)[number]

/** One look at one learner: with a position that was seen, or with none. */
export interface OutcomeRow {
  /** The provider's own name for the learner. */
  readonly externalId: string
  readonly observedAt: Date
  readonly position?: { readonly title: string; readonly employer: string; readonly startedOn: string; readonly endedOn?: string | undefined } | undefined
}

/** Somebody looked at a learner, whatever was seen. */
export interface Observation {
  readonly learnerId: string
  readonly observedAt: Date
  readonly source: OutcomeSource
}

/** One position in one history, as it is kept. Days are 2026-03-31. */
export interface Spell extends Observation {
  readonly title: string
  readonly employer: string
  readonly startedOn: string
  readonly endedOn: string | undefined
  readonly inScope: boolean
  /** Of the rule that coded `inScope`. */
  readonly ruleVersion: string
}
