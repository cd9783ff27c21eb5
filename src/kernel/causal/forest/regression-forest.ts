import type { Columns } from '../columns.ts'
import type { CodedColumns } from './codes.ts'
import { growForest, type Forest } from './forest.ts'
import { onGround } from './ground.ts'
import { littleBagsVariance } from './little-bags.ts'
import { completeColumn, type ForestOptions } from './options.ts'
import { keptTrees, predictMoments } from './predict.ts'

export interface RegressionForestSpec extends ForestOptions {
  readonly outcome: string
  readonly covariates: readonly string[]
}

export interface RegressionForest {
  readonly y: Float64Array
  /** Out of bag: by the trees that have not drawn the row. */
  readonly predictions: Float64Array
  /** Variance of each prediction by little bags; undefined with ciGroupSize 1. */
  readonly variances: Float64Array | undefined
  /** Importance of each column of `coded.names`, adding up to 1. */
  readonly importance: Float64Array
  readonly coded: CodedColumns
  readonly warnings: readonly string[]
  /** Predictions for other rows; needs `keepTrees`. */
  readonly predict: (data: Columns) => Float64Array
}

/**
 * A forest of the mean of an outcome given covariates, honest, predicting each row out of bag.
 *
 *   split    largest S_l²/n_l + S_r²/n_r
 *   predict  mean over trees of the leaf's mean (with weights: of Σ g y over mean of Σ g)
 *
 * @throws Fault 'causal.not_finite' for an outcome that is missing, 'causal.too_few', 'causal.never_out_of_bag'; those of `codeColumns`, clusters and weights
 * Source: Athey, Tibshirani, Wager (2019), Annals of Statistics 47; defaults and names as in grf 2.6.1.
 * Pinned by the laws of forest.test.ts.
 */
export async function regressionForest(data: Columns, spec: RegressionForestSpec): Promise<RegressionForest> {
  return onGround(data, spec, spec.numTrees ?? 2000, async (ground, growing) => {
    const { coded } = ground
    const y = completeColumn(data, spec.outcome, coded.n)
    const centre = mean(y)
    const forest = await growForest(ground, 'response', { kind: 'response', y: y.map((v) => v - centre) }, growing, spec.keepTrees)
    const predictions = ratios(forest.means, forest.width).map((v) => v + centre)
    const trees = keptTrees(ground, forest, spec)
    return Object.freeze({
      y,
      predictions,
      variances: variances(forest, coded.n),
      importance: forest.importance,
      coded,
      warnings: ground.warnings,
      predict: (other: Columns) => ratios(predictMoments(trees, other), forest.width).map((v) => v + centre),
    })
  })
}

/** Each row's mean: its moment, over its mean weight where rows have weights. */
export function ratios(means: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: means.length / width }, (_, i) => (width === 1 ? means[i]! : means[i * width]! / means[i * width + 1]!))
}

/** ρ = (m − ŷ g) / ḡ. */
function variances({ width, means, bags }: Forest, n: number): Float64Array | undefined {
  if (bags === undefined) return undefined
  return Float64Array.from({ length: n }, (_, i) => {
    if (width === 1) return littleBagsVariance(bags, i, [1], -means[i]!)
    const weight = means[2 * i + 1]!
    return littleBagsVariance(bags, i, [1 / weight, -means[2 * i]! / weight / weight], 0)
  })
}

export const mean = (values: Float64Array): number => values.reduce((total, v) => total + v, 0) / values.length
