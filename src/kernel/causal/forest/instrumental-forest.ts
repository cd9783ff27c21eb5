import type { Columns, Label } from '../columns.ts'
import type { CausalForest } from './causal-forest.ts'
import { centred, effects, readTreatment, requireOverlap } from './effect.ts'
import { growForest } from './forest.ts'
import { onGround } from './ground.ts'
import { completeColumn, type ForestOptions } from './options.ts'
import { keptTrees, predictMoments } from './predict.ts'

export interface InstrumentalForestSpec extends ForestOptions {
  readonly outcome: string
  /** What was taken up: 0 and 1, or a dose. */
  readonly treatment: string
  /** What was drawn. */
  readonly instrument: string
  /** Labels of the instrument's arms, control first; 0 and 1, or numbers of any size, where absent. */
  readonly arms?: readonly [Label, Label]
  readonly covariates: readonly string[]
  /** E[y | x], E[w | x], E[z | x]: a number or a column; where absent a regression forest says it out of bag. */
  readonly yHat?: number | string
  readonly wHat?: number | string
  readonly zHat?: number | string
}

export interface InstrumentalForest extends Omit<CausalForest, 'propensityKnown'> {
  readonly z: Float64Array
  readonly zHat: Float64Array
}

/**
 * The effect of what was taken up on those whom the draw moved (LATE) given covariates.
 *
 *   centre   y, w and z, out of bag, by forests of min(500, trees) trees each
 *   relabel  r = (z̃ − z̄) (ỹ − ȳ − τ_P (w̃ − w̄)),  τ_P = Σ(z̃ − z̄)(ỹ − ȳ) / Σ(z̃ − z̄)(w̃ − w̄)
 *   predict  τ(x) = (E zy − E z E y) / (E zw − E z E w)
 *
 * Assumes what a LATE assumes: the draw moves the outcome by way of the treatment only, and moves nobody against it. Where the draw hardly moves the treatment
 * the estimates are wild; look at the first stage before.
 *
 * @throws Fault as `causalForest`
 * Source: Athey, Tibshirani, Wager (2019), Annals of Statistics 47, section 7. Pinned by the laws in forest.test.ts: with z = w it is the causal forest.
 */
export async function instrumentalForest(data: Columns, spec: InstrumentalForestSpec): Promise<InstrumentalForest> {
  const numTrees = spec.numTrees ?? 2000
  const centring = Math.min(500, numTrees)
  const given = [spec.yHat, spec.wHat, spec.zHat].filter((one) => one !== undefined).length
  return onGround(data, spec, numTrees + (3 - given) * centring, async (ground, growing) => {
    const { coded, clusters, weights, warnings } = ground
    const outcome = completeColumn(data, spec.outcome, coded.n)
    const treatment = readTreatment(data, spec.treatment, undefined, coded.n)
    const instrument = readTreatment(data, spec.instrument, spec.arms, coded.n)
    const z = await centred(ground, data, { name: spec.instrument, values: instrument, centre: spec.zHat, forest: 'instrument' }, growing, centring)
    const { outside } = requireOverlap(spec.instrument, z, warnings)
    const w = await centred(ground, data, { name: spec.treatment, values: treatment, centre: spec.wHat, forest: 'treatment' }, growing, centring)
    const y = await centred(ground, data, { name: spec.outcome, values: outcome, centre: spec.yHat, forest: 'outcome' }, growing, centring)
    const forest = await growForest(ground, 'effect', { kind: 'instrument', y: y.rest, w: w.rest, z: z.rest }, growing, spec.keepTrees)
    if (!forest.importance.some((share) => share > 0)) warnings.push('No tree found a split, so every row has the same estimate but for chance. There are too few rows, or the covariates do not vary.')
    const trees = keptTrees(ground, forest, spec)
    return Object.freeze({
      n: coded.n,
      ...effects(forest, true, spec.treatment),
      y: y.values,
      w: w.values,
      z: z.values,
      yHat: y.hat,
      wHat: w.hat,
      zHat: z.hat,
      weights,
      clusters: clusters?.of,
      equalizeClusterWeights: spec.equalizeClusterWeights ?? false,
      trees: forest.trees,
      importance: forest.importance,
      coded,
      outsideOverlap: outside,
      warnings: Object.freeze(warnings),
      predict: (other: Columns) => effects({ width: forest.width, means: predictMoments(trees, other), bags: undefined }, true, spec.treatment).predictions,
    })
  })
}
