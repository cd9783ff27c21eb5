/** A run of the plan over the panel: its estimates, and the diagnostics without which none is shown. */

export interface EstimateRow {
  readonly estimand: 'itt' | 'first_stage' | 'late' | 'interaction'
  readonly outcome: string
  /** all, or a part of the learners that the plan names. */
  readonly subgroup: string
  readonly role: 'confirmatory' | 'exploratory' | 'diagnostic'
  readonly estimator: string
  /** Null with a reason where there is no figure. */
  readonly estimate: number | null
  readonly stdError: number | null
  readonly statistic: number | null
  readonly pValue: number | null
  /** Holm's, over the confirmatory outcomes of the same estimator. */
  readonly pAdjusted: number | null
  readonly confLow: number | null
  readonly confHigh: number | null
  readonly df: number | null
  readonly n: number
  /** Mean of the control arm. */
  readonly baseline: number | null
  readonly shape: string | null
  readonly reason: string | null
}

export interface ArmCount {
  readonly arm: string
  readonly drawn: number
  readonly planned: number
  readonly observed: number
  readonly promptsShown: number
  readonly promptsGhost: number
  readonly shared: number
}

/** What is known of the shares at one target. All but `strongest` are measured apart: a share can be counted in several. */
export interface ShareCount {
  readonly target: string
  readonly went: number
  readonly prompted: number
  /** By the learner, or by a simulated one. */
  readonly told: number
  readonly exported: number
  readonly simulated: number
  readonly fetched: number
  readonly seen: number
  /** Each once, by the strongest evidence, in the order of `grades` of `#journey/share`. */
  readonly strongest: { readonly exported: number; readonly told: number; readonly seen: number; readonly fetched: number; readonly went: number }
}

/** How many learners of one arm and wave have come how far, as things stand. Stages are counted apart: some are seen who never told us. */
export interface StageCount {
  /** Undefined for learners whom the experiment did not draw; so is the wave. */
  readonly arm: string | undefined
  readonly wave: string | undefined
  readonly learners: number
  readonly holding: number
  /** A prompt was shown or sent, or for a ghost would have been. */
  readonly reached: number
  readonly clicked: number
  readonly confirmed: number
  readonly seen: number
  readonly observed: number
}

/** How well what was known before the draw tells who finds work without the nudge: judged on control learners, out of fold. */
export interface ScoreQuality {
  /** The one that was taken: least log-loss. */
  readonly model: string
  /** Whose work was seen; those of the control arm among them judge the models. */
  readonly learners: number
  readonly control: number
  /** Log-loss, in nats, of the share that finds work: a model above it says less than nothing. */
  readonly withoutModel: number
  /** Every model that was tried, best first; null with a reason where it could not be fitted. */
  readonly judged: readonly { readonly model: string; readonly logLoss: number | null; readonly auc: number | null; readonly reason: string | null }[]
  /** Tenths of the score: mean score, and the share that found work with its interval. */
  readonly calibration: readonly { readonly score: number; readonly outcome: number; readonly low: number; readonly high: number; readonly rows: number }[]
}

export interface Diagnostics {
  readonly arms: readonly ArmCount[]
  /** Whether the arms have the planned sizes: chi-square at this look, and the sequential test that may be looked at every day. */
  readonly sampleRatio: { readonly pValue: number | null; readonly sequentialPValue: number; readonly alarm: boolean } | null
  /** Whether work was seen equally often in both arms; where it was not, effects on work are not comparable. */
  readonly coverage: { readonly control: number; readonly treated: number; readonly difference: number | null; readonly low: number | null; readonly high: number | null; readonly pValue: number | null }
  readonly firstStageF: number | null
  /** Standardized differences of what was known before the draw. */
  readonly balance: readonly { readonly covariate: string; readonly control: number; readonly treated: number; readonly standardizedDifference: number }[]
  readonly waves: readonly { readonly wave: string; readonly drawn: number }[]
  /** Learners drawn long enough ago for the whole horizon, as a share. */
  readonly mature: number
  readonly researchRefused: number
  /** Null where there is no score, as where nobody's work was seen. */
  readonly employability: ScoreQuality | null
}

export interface AnalysisRun {
  readonly id: string
  readonly experimentId: string
  readonly panelDigest: string
  readonly planDigest: string
  readonly codeVersion: string
  readonly rows: number
  readonly diagnostics: Diagnostics
  readonly at: Date
  /** New outcomes came in after the run. */
  readonly staleSince: Date | undefined
}
