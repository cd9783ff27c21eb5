export { adjustPValues, adjustments, bootstrapDifferences, romanoWolf, type Adjustment } from './multiplicity.ts'
export { andersonRubin, andersonRubinPasses, type AndersonRubin, type AndersonRubinEstimate, type Shape } from './regression/anderson-rubin.ts'
export { confidenceSequence, differenceSequence, type ArmSums, type ConfidenceSequence } from './confidence-sequence.ts'
export { cox, type CoxFit, type CoxInput, type CoxTerm } from './cox.ts'
export { differenceInMeans, differenceInMeansPasses, type DifferenceInMeans } from './difference-in-means.ts'
export { type Estimate, type Option } from './estimate.ts'
export { firstStageF, firstStagePasses, type FirstStage } from './regression/first-stage.ts'
export { type Fit } from './regression/coefficients.ts'
export { ivRobust, ivRobustPasses, type IvRobust } from './regression/iv-robust.ts'
export {
  kaplanMeier,
  logRank,
  restrictedMeanDifference,
  type FollowUp,
  type LogRank,
  type RestrictedMeanDifference,
  type SurvivalCurve,
} from './survival.ts'
export { leeBounds, type Bound, type LeeBounds, type LeeBoundsInput } from './lee-bounds.ts'
export { lmLin, lmLinPasses, type LmLin } from './regression/lm-lin.ts'
export { lmRobust, lmRobustPasses, type LmRobust } from './regression/lm-robust.ts'
export { pool, spreads, type Pooled, type Spread } from './pooling.ts'
export { runPasses, type Columns, type Label, type Passes } from './columns.ts'
export { sampleRatio, sequentialSampleRatio, type SampleRatio, type SequentialSampleRatio } from './sample-ratio.ts'
export { type SeType } from './regression/least-squares.ts'
