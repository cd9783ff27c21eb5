export { confidenceSequence, differenceSequence, type ArmSums, type ConfidenceSequence } from './confidence-sequence.ts'
export { cox, type CoxFit, type CoxInput, type CoxTerm } from './cox.ts'
export { leeBounds, type Bound, type LeeBounds, type LeeBoundsInput } from './lee-bounds.ts'
export { adjustPValues, adjustments, bootstrapDifferences, romanoWolf, type Adjustment } from './multiplicity.ts'
export { pool, spreads, type Pooled, type Spread } from './pooling.ts'
export { sampleRatio, sequentialSampleRatio, type SampleRatio, type SequentialSampleRatio } from './sample-ratio.ts'
export {
  kaplanMeier,
  logRank,
  restrictedMeanDifference,
  type FollowUp,
  type LogRank,
  type RestrictedMeanDifference,
  type SurvivalCurve,
} from './survival.ts'
