/** Who gains: what an honest causal forest and the employability score say of the effect on one outcome, on learners that they had not seen. */

/** A figure with its error; the interval is at the plan's confidence. */
export interface Figure {
  readonly estimate: number
  readonly stdError: number | null
  readonly pValue: number | null
  readonly low: number | null
  readonly high: number | null
  readonly n: number
}

/** Effects by parts of the learners in an order, lowest first. */
export interface Parts {
  readonly parts: readonly (Figure & { /** Mean of the control arm. */ readonly baseline: number | null })[]
  /** Lowest less highest. This says whether they differ. */
  readonly ends: Figure
  /** p of "all parts alike". */
  readonly alike: number | null
}

/** Split at the same places in two ways: by the score, and by the predicted effect in its place. */
export interface Split {
  readonly thirds: Parts
  /** Null where a tenth would hold too few, or ties leave one empty. */
  readonly tenths: Parts | null
}

export interface Gains {
  readonly outcome: string
  /** Learners whose outcome is known, and those of them on whom the forest's ranking was judged. */
  readonly learners: number
  readonly judged: number
  readonly trees: number
  readonly seed: string
  /** Of the panel that was read; the run's, unless outcomes came in between. */
  readonly panelDigest: string
  /** Of the nudge on everybody, doubly robust. */
  readonly average: Figure | null
  /** By the employability score, for an outcome that has one; then by the predicted effect, on learners whom the forest had not seen. */
  readonly byScore: Split | null
  readonly byEffect: Split | null
  /** How much more those gain whom the forest puts first: area of the targeting curve, and the curve at shares of the learners. */
  readonly rate: { readonly autoc: Figure; readonly qini: Figure; readonly curve: readonly (Figure & { readonly share: number })[] } | null
  /** Of the contrast between the thirds of the predicted effect: the least difference that these learners show four times in five, and how many would show one as large as the average effect. */
  readonly reach: { readonly smallest: number; readonly learners: number | null } | null
  readonly remarks: readonly string[]
  /** Why there is nothing, where there is nothing. */
  readonly reason: string | null
}
