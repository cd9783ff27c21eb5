import { codeColumns } from '../forest/codes.ts'
import { layoutsFor } from '../forest/forest.ts'
import { growTrees } from '../forest/grow.ts'
import { growingFor, groupSeeds } from '../forest/options.ts'
import { predictMoments } from '../forest/predict.ts'
import type { Target } from '../forest/growth.ts'
import { fault } from '../faults.ts'
import type { Rows, ScoreModel } from './model.ts'

export interface ForestModel {
  /** `logistic` for outcomes 0 and 1 (a probability forest), `squared` for others (a regression forest). */
  readonly loss: 'logistic' | 'squared'
  readonly trees?: number
  /** A node of so many rows is not split. */
  readonly minNodeSize?: number
}

/**
 * An honest probability forest (or regression forest) as a model of a score: `probabilityForest` and `regressionForest` with their own defaults but for the number of
 * trees, grown in the thread that asks, so that models of every kind can be compared fold by fold.
 *
 * Defaults: 200 trees, since a score is cut into thirds and a forest's mean settles long before its variance does; nodes of at most 5 rows are leaves, as in grf.
 *
 * @throws Fault 'causal.too_few'; 'causal.not_zero_one'; those of `codeColumns`
 * Source: Athey, Tibshirani, Wager (2019), Annals of Statistics 47. Pinned against `regressionForest` in forest-model.test.ts.
 */
export function forestModel({ loss, trees = 200, minNodeSize = 5 }: ForestModel): ScoreModel {
  return {
    name: loss === 'logistic' ? 'probability forest' : 'regression forest',
    settings: { loss, trees, min_node_size: minNodeSize },
    fit(outcome, from, random) {
      const n = from.rows.length
      const y = Float64Array.from(from.rows, (i) => outcome[i]!)
      const other = loss === 'logistic' ? y.findIndex((v) => v !== 0 && v !== 1) : -1
      if (other >= 0) throw fault.not_zero_one({ column: 'outcome', row: from.rows[other]! + 1, value: y[other]! })
      const names = from.columns.map((_, j) => String(j))
      const coded = codeColumns(tableOf(from), names)
      const growing = growingFor({ numTrees: trees, minNodeSize, ciGroupSize: 1 }, n, coded.p, undefined)
      const middle = y.reduce((total, v) => total + v, 0) / n
      const target: Target = loss === 'logistic' ? { kind: 'classes', label: Uint8Array.from(y), count: 2 } : { kind: 'response', y: y.map((v) => v - middle) }
      const seeds = groupSeeds(random.below(2 ** 31), 'score', growing.numTrees)
      const work = growTrees({ growth: { coded, target, growing, weights: undefined, clusters: undefined, seeds, keepTrees: true }, layouts: layoutsFor(coded, growing) })
      for (let group = 0; group < growing.numTrees; group++) work.step(group)
      const { kept } = work.end()
      const width = loss === 'logistic' ? 2 : 1
      return (of) => {
        const moments = predictMoments({ coded, kept, width }, tableOf(of))
        return Float64Array.from({ length: of.rows.length }, (_, i) => (loss === 'logistic' ? moments[2 * i + 1]! : moments[i]! + middle))
      }
    },
  }
}

const tableOf = (from: Rows): Record<string, Float64Array> => Object.fromEntries(from.columns.map((column, j) => [String(j), Float64Array.from(from.rows, (i) => column[i]!)]))
