import type { Generator } from '#kernel/numeric'
import { Codes, column, type Columns } from '../columns.ts'
import { causalForest, type CausalForestSpec } from '../forest/causal-forest.ts'
import { fault } from '../faults.ts'

export interface Forward extends CausalForestSpec {
  /** Folds in a row; 3 where absent. Forests grow on a third and on two thirds of the rows then, so that both cost about as much as one on all. */
  readonly folds?: number
  readonly random: Generator
  /** Leaf size by the number of rows, where a forest on fewer rows wants smaller leaves; `minNodeSize` where absent. */
  readonly leafSize?: (rows: number) => number
}

export interface ForwardPredictions {
  /** Effect by a forest of the earlier folds; NaN in the first fold. */
  readonly prediction: Float64Array
  /** Place of the prediction among those of its own fold, from 0 to 1, ties in the middle; NaN in the first fold. Predictions of two forests are not on one scale, places are. */
  readonly place: Float64Array
  /** Rows after the first fold, ascending. */
  readonly held: Int32Array
}

/**
 * Predicted effects by which people may be ranked and the ranking judged: each fold by a causal forest that was grown on the folds before it, and has therefore
 * seen neither the row's own outcome nor that of any row that is judged with it.
 *
 *   τ̂_i by the forest of folds 1 .. k(i) − 1;  place_i = (#{j in fold k(i): τ̂_j < τ̂_i} + ½ #{j ≠ i: τ̂_j = τ̂_i}) / (n_k − 1)
 *
 * Out-of-bag predictions of one forest do not do: each leans on the outcomes of the others, and tests that rank by them find differences in noise. Earlier folds
 * make the terms martingale differences, so the errors of `targetingCurve` and of `gateByPrediction` on the held rows are right.
 *
 * @throws Fault 'causal.too_few' with fewer rows or clusters than folds; those of `causalForest`
 * Source: Wager (2024), Sequential validation of treatment heterogeneity, arXiv 2405.05534. Pinned by its laws in forward-predictions.test.ts.
 */
export async function forwardPredictions(data: Columns, spec: Forward): Promise<ForwardPredictions> {
  const { folds = 3, random, leafSize, ...forest } = spec
  const n = column(data, spec.outcome).length
  if (!Number.isSafeInteger(folds) || folds < 2) throw new TypeError(`${folds} is not a number of folds.`)
  const labels = new Codes()
  const unit = spec.clusters === undefined ? Int32Array.from({ length: n }, (_, i) => i) : labels.codesOf(data, spec.clusters)
  const units = spec.clusters === undefined ? n : labels.size
  if (units < 2 * folds) throw fault.too_few({ n: units, needed: 2 * folds })
  const fold = new Int32Array(units)
  for (const [at, u] of random.split('folds').shuffle(Int32Array.from({ length: units }, (_, u) => u)).entries()) fold[u] = at % folds
  const prediction = new Float64Array(n).fill(Number.NaN)
  const place = new Float64Array(n).fill(Number.NaN)
  const rows = Int32Array.from({ length: n }, (_, i) => i)
  // Work grows with the rows: a forest on two thirds takes twice as long as one on a third.
  const all = (folds * (folds - 1)) / 2
  for (let k = 1; k < folds; k++) {
    const before = rows.filter((i) => fold[unit[i]!]! < k)
    const own = rows.filter((i) => fold[unit[i]!] === k)
    const done = (k * (k - 1)) / 2
    const grown = await causalForest(taken(data, before), {
      ...forest,
      ...(leafSize === undefined ? {} : { minNodeSize: leafSize(before.length) }),
      ciGroupSize: 1,
      keepTrees: true,
      seed: `${forest.seed ?? 1} fold ${k}`,
      ...(forest.progress === undefined ? {} : { progress: (trees: number, total: number) => forest.progress!(done * total + k * trees, all * total) }),
    })
    const predicted = grown.predict(taken(data, own))
    const places = placesOf(predicted)
    for (const [at, i] of own.entries()) {
      prediction[i] = predicted[at]!
      place[i] = places[at]!
    }
  }
  return Object.freeze({ prediction, place, held: rows.filter((i) => fold[unit[i]!]! > 0) })
}

/** Some rows of a table. */
export function taken(data: Columns, rows: Int32Array): Columns {
  return Object.fromEntries(
    Object.entries(data).map(([name, values]) => [
      name,
      values instanceof Float64Array ? Float64Array.from(rows, (i) => values[i]!) : typeof values[0] === 'string' ? Array.from(rows, (i) => values[i] as string) : Array.from(rows, (i) => values[i] as number),
    ]),
  )
}

/** Where each value stands among all, from 0 for the least to 1 for the greatest; equal ones share the middle of their places. */
export function placesOf(values: Float64Array): Float64Array {
  const order = Int32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const places = new Float64Array(values.length)
  for (let i = 0; i < order.length; ) {
    let j = i
    while (j < order.length && values[order[j]!] === values[order[i]!]) j++
    for (let k = i; k < j; k++) places[order[k]!] = (i + j - 1) / 2 / Math.max(1, order.length - 1)
    i = j
  }
  return places
}
