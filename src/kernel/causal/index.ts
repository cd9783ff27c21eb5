export { adjustPValues, adjustments, multipleTesting, romanoWolf, type Adjustment, type Family, type FamilyRow } from './multiplicity.ts'
export { andersonRubin, andersonRubinPasses, type AndersonRubin, type AndersonRubinEstimate } from './regression/anderson-rubin.ts'
export { type ConfidenceSet, type Shape } from './regression/anderson-rubin-set.ts'
export { balance, type Balance, type BalanceTable } from './balance.ts'
export {
  binaryDetectable,
  binaryPower,
  binarySampleSize,
  designDetectable,
  designPower,
  designSampleSize,
  meanDetectable,
  meanPower,
  meanSampleSize,
  simulatedPower,
  type BinaryPlan,
  type DesignPlan,
  type MeanPlan,
  type SimulatedPower,
} from './power.ts'
export { boostedTrees, type Boosting } from './score/boosting.ts'
export { calibrationCurve, type CalibrationPoint } from './score/calibration-curve.ts'
export { chosenScore, scoreModels, type ChosenScore, type Judged } from './score/choose-score.ts'
export { forestModel, type ForestModel } from './score/forest-model.ts'
export { causalForest, type CausalForest, type CausalForestSpec } from './forest/causal-forest.ts'
export { codeColumns, type CodedColumns, type Coding } from './forest/codes.ts'
export { confidenceSequence, differenceSequence, type ArmSums } from './confidence-sequence.ts'
export { cox, type Cox, type CoxFit } from './cox.ts'
export { crossFittedScore, type CrossFit, type CrossFittedScore } from './score/cross-fit.ts'
export { cuped, cupedPasses, type Cuped, type CupedEstimate } from './regression/cuped.ts'
export { differenceInMeans, differenceInMeansPasses, type DifferenceInMeans } from './difference-in-means.ts'
export { type Estimate, type Option } from './estimate.ts'
export { factorColumns, type FactorColumns } from './factor.ts'
export { firstStageF, firstStagePasses, type FirstStage } from './regression/first-stage.ts'
export { type Fit } from './regression/coefficients.ts'
export { gate, type Gate, type GateFit } from './gate.ts'
export { instrumentalForest, type InstrumentalForest, type InstrumentalForestSpec } from './forest/instrumental-forest.ts'
export { leafSizeFor, type ForestOptions } from './forest/options.ts'
export { probabilityForest, type ProbabilityForest, type ProbabilityForestSpec } from './forest/probability-forest.ts'
export { regressionForest, type RegressionForest, type RegressionForestSpec } from './forest/regression-forest.ts'
export { ivRobustFromSums, lmLinFromSums, lmRobustFromSums, type Sums } from './regression/from-sums.ts'
export { ivRobust, ivRobustPasses, type IvRobust } from './regression/iv-robust.ts'
export { kaplanMeier, logRank, restrictedMeanDifference, type FollowUp, type SurvivalCurve } from './survival.ts'
export { leeBounds, type LeeBounds, type LeeBoundsFit } from './lee-bounds.ts'
export { lmLin, lmLinPasses, type LmLin } from './regression/lm-lin.ts'
export { lmRobust, lmRobustPasses, type LmRobust } from './regression/lm-robust.ts'
export { type Predict, type Rows, type ScoreModel } from './score/model.ts'
export { policyActions, policyTree, type PolicyNode, type PolicySearch, type PolicyTree } from './policy/policy-tree.ts'
export { doublyRobustScores, type DoublyRobust } from './policy/doubly-robust.ts'
export { policyHarm, type PolicyHarm } from './policy/policy-harm.ts'
export { policyValue, type PolicyValue } from './policy/policy-value.ts'
export { contrastSampleSize, smallestContrast, type Contrast } from './policy/contrast-size.ts'
export { costCurve, type CostCurve, type CostCurveFit } from './policy/cost-curve.ts'
export { forwardPredictions, placesOf, taken, type Forward, type ForwardPredictions } from './policy/forward-predictions.ts'
export { averageEffect, type AverageEffect } from './policy/average-effect.ts'
export { bestLinearProjection, type Projection } from './policy/best-linear-projection.ts'
export { calibrationTest } from './policy/calibration-test.ts'
export { averagingWeights, effectScores, unitsOf, type Grown, type Written } from './policy/forest-rows.ts'
export { gateByPrediction, type PredictedGroups, type PredictedGroupsFit } from './policy/gate-by-prediction.ts'
export { mostAffected, type MostAffected } from './policy/most-affected.ts'
export { rate, targetingCurve, type Rate, type Targeting, type TargetingCurve } from './policy/rate.ts'
export { sortedEffects, type SortedEffects } from './policy/sorted-effects.ts'
export { type Units } from './policy/leave-out.ts'
export { pool, spreads, type Pooled, type Spread } from './pooling.ts'
export { randomizationInference, type RandomizationInference, type RandomizationTest } from './randomization-inference.ts'
export { ridgeLinear, ridgeLogistic } from './score/ridge.ts'
export { runPasses, type Columns, type Label, type Passes } from './columns.ts'
export { sampleRatio, sequentialSampleRatio, type SequentialSampleRatio } from './sample-ratio.ts'
export { type Cells, type SeType } from './regression/solve.ts'
export { wald } from './wald.ts'
export { proportionInterval } from './proportion.ts'
