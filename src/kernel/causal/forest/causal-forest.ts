import type { Columns, Label } from '../columns.ts'
import type { CodedColumns } from './codes.ts'
import { centred, centringTrees, effects, readTreatment, requireOverlap, warnOfShortForests } from './effect.ts'
import { growForest } from './forest.ts'
import { onGround } from './ground.ts'
import { completeColumn, type ForestOptions } from './options.ts'
import { keptTrees, predictMoments } from './predict.ts'

export interface CausalForestSpec extends ForestOptions {
  readonly outcome: string
  /** 0 and 1, or a dose; with `arms` any two labels. */
  readonly treatment: string
  readonly arms?: readonly [Label, Label]
  readonly covariates: readonly string[]
  /** E[y | x]: a number or a column; where absent a regression forest says it out of bag. */
  readonly yHat?: number | string
  /** E[w | x], the propensity: the design's share where the treatment was drawn (a number, or a column where shares differ); where absent a forest says it. */
  readonly wHat?: number | string
}

/** Arrays are in the order of the rows. */
export interface CausalForest {
  readonly n: number
  /** Effect given the covariates, out of bag. Far too noisy to rank people by: see docs/explanation/forest.md. */
  readonly predictions: Float64Array
  /** Variance of each by little bags; undefined with ciGroupSize 1. */
  readonly variances: Float64Array | undefined
  readonly y: Float64Array
  readonly w: Float64Array
  readonly yHat: Float64Array
  readonly wHat: Float64Array
  /** Whether wHat was given. */
  readonly propensityKnown: boolean
  readonly weights: Float64Array | undefined
  /** Cluster of each row, 0, 1, ... in the order of appearance. */
  readonly clusters: Int32Array | undefined
  readonly equalizeClusterWeights: boolean
  /** Trees behind each prediction. */
  readonly trees: Int32Array
  /** Importance of each column of `coded.names`, adding up to 1. */
  readonly importance: Float64Array
  readonly coded: CodedColumns
  /** Share of the rows with a propensity outside [0.05, 0.95]; 0 for a dose. */
  readonly outsideOverlap: number
  /** Sentences for people. */
  readonly warnings: readonly string[]
  /** Effects given other rows' covariates; needs `keepTrees`. */
  readonly predict: (data: Columns) => Float64Array
}

/**
 * The effect of a treatment given covariates, by an honest causal forest.
 *
 *   centre   ỹ = y − ŷ(x), w̃ = w − ê(x), out of bag by regression forests of a quarter of the trees each
 *   relabel  r = (w̃ − w̄) (ỹ − ȳ − τ_P (w̃ − w̄)) with the node's own τ_P
 *   split    largest R_l²/n_l + R_r²/n_r, with at least min.node.size rows on both sides of w̄ in each child and the share alpha of its variation
 *   predict  τ(x) = (E wy − E w E y) / (E w² − (E w)²), moments averaged over the leaves of the trees that have not drawn the row
 *
 * Assumes that the treatment is as good as drawn given the covariates, and that rows (or clusters) are independent. Where the treatment was drawn, say with what
 * probability (wHat): there is less to estimate, and the errors are smaller.
 *
 * @throws Fault 'causal.one_arm', 'causal.no_overlap', 'causal.not_finite' for an outcome that is missing, 'causal.too_few', 'causal.never_out_of_bag',
 *   'causal.effect_not_identified'; those of `codeColumns`, clusters and weights
 * Source: Athey, Tibshirani, Wager (2019), Annals of Statistics 47; Nie, Wager (2021), Biometrika 108; Athey, Wager (2019), Observational Studies 5 (clusters).
 * Defaults and names as in grf 2.6.1. Pinned by the figures of shared/data/reference/*.grf.json in reference.test.ts, by designs with known effects in quality.test.ts, by pure
 * noise in noise.test.ts and by the laws in forest.test.ts.
 */
export async function causalForest(data: Columns, spec: CausalForestSpec): Promise<CausalForest> {
  const numTrees = spec.numTrees ?? 2000
  const centring = centringTrees(numTrees)
  const total = numTrees + (spec.yHat === undefined ? centring : 0) + (spec.wHat === undefined ? centring : 0)
  return onGround(data, spec, total, async (ground, growing) => {
    const { coded, clusters, weights, warnings } = ground
    const outcome = completeColumn(data, spec.outcome, coded.n)
    const treatment = readTreatment(data, spec.treatment, spec.arms, coded.n)
    const w = await centred(ground, data, { name: spec.treatment, values: treatment, centre: spec.wHat, forest: 'treatment' }, growing, centring)
    const { outside } = requireOverlap(spec.treatment, w, warnings)
    const y = await centred(ground, data, { name: spec.outcome, values: outcome, centre: spec.yHat, forest: 'outcome' }, growing, centring)
    if (spec.wHat === undefined && spec.yHat === undefined) warnOfShortForests(coded.n, centring, warnings)
    const forest = await growForest(ground, 'effect', { kind: 'effect', y: y.rest, w: w.rest }, growing, spec.keepTrees)
    if (!forest.importance.some((share) => share > 0)) warnings.push('No tree found a split, so every row has the same estimate but for chance. There are too few rows, or the covariates do not vary.')
    const trees = keptTrees(ground, forest, spec)
    return Object.freeze({
      n: coded.n,
      ...effects(forest, false, spec.treatment),
      y: y.values,
      w: w.values,
      yHat: y.hat,
      wHat: w.hat,
      propensityKnown: spec.wHat !== undefined,
      weights,
      clusters: clusters?.of,
      equalizeClusterWeights: spec.equalizeClusterWeights ?? false,
      trees: forest.trees,
      importance: forest.importance,
      coded,
      outsideOverlap: outside,
      warnings: Object.freeze(warnings),
      predict: (other: Columns) => effects({ width: forest.width, means: predictMoments(trees, other), bags: undefined }, false, spec.treatment).predictions,
    })
  })
}
