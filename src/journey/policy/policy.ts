/** Whom to nudge: a rule that a person can read, and what it is estimated to be worth. */

export interface Policy {
  readonly id: string
  readonly experimentId: string
  readonly runId: string
  readonly state: 'proposed' | 'published' | 'superseded'
  readonly sentence: string
  readonly rule: Readonly<Record<string, unknown>>
  /** Learners more (or fewer) with the outcome, per learner whom the rule decides on, against the alternative. */
  readonly value: number | undefined
  readonly valueStdError: number | undefined
  readonly valueLow: number | undefined
  readonly valueHigh: number | undefined
  readonly against: string
  readonly proposedAt: Date
  readonly publishedAt: Date | undefined
}
