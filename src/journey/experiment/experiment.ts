/** Experiments, and the draws that they made. */

export interface ExperimentArm {
  readonly name: string
  readonly weight: number
  /** The nudge workflow that the arm walks (`#journey/nudge`). */
  readonly workflow: string
  /** A ghost walks the workflow and nothing is sent or shown: the control arm. */
  readonly ghost: boolean
}

/** What will be analysed and how, frozen and hashed before the first draw. */
export type Plan = {
  readonly outcomes: readonly { readonly name: string; readonly role: 'confirmatory' | 'exploratory' }[]
  readonly estimands: readonly ('itt' | 'first_stage' | 'late')[]
  /** Pre-treatment covariates of the adjusted estimates, beside the strata. */
  readonly covariates: readonly string[]
  readonly subgroups: readonly string[]
  /** How p-values of the confirmatory outcomes are adjusted together. */
  readonly family: 'holm'
  readonly confidence: number
  /** A job counts from one month after the draw to this many months after it. */
  readonly horizonMonths: number
}

export interface Experiment {
  readonly id: string
  readonly issuerId: string
  readonly name: string
  readonly question: string
  readonly state: 'draft' | 'running' | 'stopped'
  readonly arms: readonly ExperimentArm[]
  readonly plan: Plan
  readonly planDigest: string | undefined
  readonly salt: string
  readonly hashVersion: string
  /** The adopted rule that it draws by, and the share of learners who are drawn at random all the same; 1 without a rule. */
  readonly ruleId: string | undefined
  readonly randomShare: number
  readonly startedAt: Date | undefined
  readonly stoppedAt: Date | undefined
}

/** One learner's place in one experiment, written once. */
export interface Draw {
  readonly experimentId: string
  readonly learnerId: string
  readonly completionId: string
  readonly arm: string
  readonly workflow: string
  readonly ghost: boolean
  readonly probability: number
  readonly stratum: string
  /** Calendar month of the draw in UTC, as 2026-03. */
  readonly wave: string
  readonly drawnAt: Date
}
