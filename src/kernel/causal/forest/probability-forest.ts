import { Codes, type Columns, type Label } from '../columns.ts'
import { fault } from '../faults.ts'
import type { CodedColumns } from './codes.ts'
import { growForest } from './forest.ts'
import { onGround } from './ground.ts'
import { littleBagsVariance } from './little-bags.ts'
import type { ForestOptions } from './options.ts'
import { keptTrees, predictMoments } from './predict.ts'

export interface ProbabilityForestSpec extends ForestOptions {
  /** Column of classes: texts or numbers, up to 255 of them. */
  readonly outcome: string
  readonly covariates: readonly string[]
}

export interface ProbabilityForest {
  readonly classes: readonly Label[]
  /** Per class, in the order of `classes`: the probability of each row, out of bag. A row's probabilities add up to 1. */
  readonly predictions: readonly Float64Array[]
  /** Variance of each by little bags; undefined with ciGroupSize 1. */
  readonly variances: readonly Float64Array[] | undefined
  /** Class of each row, by its place in `classes`. */
  readonly y: Uint8Array
  readonly importance: Float64Array
  readonly coded: CodedColumns
  readonly warnings: readonly string[]
  /** Per class the probabilities of other rows; needs `keepTrees`. */
  readonly predict: (data: Columns) => readonly Float64Array[]
}

/** A class is a byte. */
const mostClasses = 255

/**
 * The probability of each class given covariates.
 *
 *   split    largest Σ_k (c_kl²/n_l + c_kr²/n_r), c_k the rows of class k: the Gini criterion
 *   predict  mean over trees of the leaf's shares
 *
 * @throws Fault 'causal.constant_column' with one class, 'causal.too_many_levels' with more than 255; as `regressionForest`
 * Source: as `regressionForest`; grf's probability_forest. Pinned by the laws in forest.test.ts: of two classes it is the regression forest of 0 and 1.
 */
export async function probabilityForest(data: Columns, spec: ProbabilityForestSpec): Promise<ProbabilityForest> {
  return onGround(data, spec, spec.numTrees ?? 2000, async (ground, growing) => {
    const { coded, warnings } = ground
    const labels = new Codes()
    const found = labels.codesOf(data, spec.outcome)
    if (found.length !== coded.n) throw new TypeError(`Column "${spec.outcome}" has another number of rows than the covariates, ${coded.n}.`)
    if (labels.size < 2) throw fault.constant_column({ column: spec.outcome })
    if (labels.size > mostClasses) throw fault.too_many_levels({ column: spec.outcome, levels: labels.size, most: mostClasses })
    // Classes in their own order, not that of the rows.
    const classes = [...labels.labels].sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1))
    const place = labels.labels.map((label) => classes.indexOf(label))
    const y = Uint8Array.from(found, (code) => place[code]!)
    const forest = await growForest(ground, 'classes', { kind: 'classes', label: y, count: classes.length }, growing, spec.keepTrees)
    const { width, bags, means } = forest
    const trees = keptTrees(ground, forest, spec)
    const shares = (of: Float64Array): readonly Float64Array[] => classes.map((_, k) => Float64Array.from({ length: of.length / width }, (_, i) => of[i * width + k]! / (width > classes.length ? of[i * width + width - 1]! : 1)))
    const predictions = shares(means)
    const variances =
      bags === undefined
        ? undefined
        : classes.map((_, k) =>
            predictions[k]!.map((share, i) => {
              const weighted = width > classes.length
              const weight = weighted ? means[i * width + width - 1]! : 1
              const slope = Array.from({ length: width }, (_, d) => (d === k ? 1 / weight : weighted && d === width - 1 ? -share / weight : 0))
              return littleBagsVariance(bags, i, slope, weighted ? 0 : -share)
            }),
          )
    return Object.freeze({
      classes: Object.freeze(classes),
      predictions: Object.freeze(predictions),
      variances: variances === undefined ? undefined : Object.freeze(variances),
      y,
      importance: forest.importance,
      coded,
      warnings: Object.freeze(warnings),
      predict: (other: Columns) => shares(predictMoments(trees, other)),
    })
  })
}
