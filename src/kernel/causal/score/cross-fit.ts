import type { Generator } from '#kernel/numeric'
import { Codes, type Columns } from '../columns.ts'
import { finiteColumn, readTwoArms, type TwoArms } from '../design.ts'
import { fault } from '../faults.ts'
import type { ScoreModel } from './model.ts'

export interface CrossFit extends TwoArms {
  readonly outcome: string
  /** Columns measured before the draw. */
  readonly covariates: readonly string[]
  readonly model: ScoreModel
  /** A number of folds, drawn from `random` (clusters stay together), or a column that holds them. */
  readonly folds: number | string
  readonly random: Generator
}

export interface CrossFittedScore {
  /** Predicted outcome without treatment, n values, each from a model that has not seen its row. */
  readonly score: Float64Array
  /** Fold of each row, from 0. */
  readonly fold: Int32Array
  /** How well the score orders or explains control rows it has not seen. */
  readonly quality: { readonly measure: 'auc' | 'r2'; readonly value: number }
  readonly model: string
}

/**
 * The outcome that each person would have without treatment, predicted from covariates by a model fitted on control rows of the other folds.
 *
 *   score_i = f̂_{−k(i)}(x_i),  f̂_{−k} fitted on rows with z = 0 outside fold k
 *
 * Out of fold for everybody, control rows too: a score that has seen a control row's own outcome sorts control rows by their luck, and the
 * effects by group come out spread where there is nothing (Abadie, Chingos, West).
 *
 *   quality   0/1 outcomes: the share of pairs of control rows, one with and one without the outcome, that the score orders rightly (ties half);
 *             others: 1 − Σ (y − score)² / Σ (y − ȳ)² over control rows
 *
 * @throws Fault 'causal.too_few' when the other folds hold too few control rows; those of the model and of a design
 * Source: Abadie, Chingos, West (2018), Review of Economics and Statistics 100; Chernozhukov et al. (2018), Econometrics Journal 21.
 * Pinned by the `gate_tertile` rows of shared/data/reference (their q1, q2 and mean_score).
 */
export function crossFittedScore(data: Columns, spec: CrossFit): CrossFittedScore {
  const { n, arm, cluster, clusterCount } = readTwoArms(data, spec)
  const outcome = finiteColumn(data, spec.outcome, n)
  const columns = spec.covariates.map((name) => finiteColumn(data, name, n))
  if (columns.length === 0) throw new TypeError('A score needs a covariate.')
  const [fold, count] = foldsOf(data, spec, n, cluster, clusterCount)
  const score = new Float64Array(n)
  const all = Int32Array.from({ length: n }, (_, i) => i)
  for (let k = 0; k < count; k++) {
    const train = all.filter((i) => fold[i] !== k && arm[i] === 0)
    const own = all.filter((i) => fold[i] === k)
    if (train.length < 2) throw fault.too_few({ n: train.length, needed: 2 })
    const predicted = spec.model.fit(outcome, { columns, rows: train }, spec.random.split(`fold ${k}`))({ columns, rows: own })
    for (const [at, i] of own.entries()) score[i] = predicted[at]!
  }
  return Object.freeze({ score, fold, quality: qualityOf(score, outcome, all.filter((i) => arm[i] === 0)), model: spec.model.name })
}

function foldsOf(data: Columns, { folds, random }: CrossFit, n: number, cluster: Int32Array | undefined, clusterCount: number): readonly [Int32Array, number] {
  if (typeof folds === 'string') {
    const labels = new Codes()
    const codes = labels.codesOf(data, folds)
    if (codes.length !== n) throw new TypeError('The column of folds has another number of rows.')
    if (labels.size < 2) throw fault.too_few({ n: labels.size, needed: 2 })
    return [codes, labels.size]
  }
  const units = cluster === undefined ? n : clusterCount
  if (!Number.isSafeInteger(folds) || folds < 2) throw new TypeError(`${folds} is not a number of folds.`)
  if (units < folds) throw fault.too_few({ n: units, needed: folds })
  const order = random.split('folds').shuffle(Int32Array.from({ length: units }, (_, u) => u))
  const ofUnit = new Int32Array(units)
  for (const [place, u] of order.entries()) ofUnit[u] = place % folds
  return [cluster === undefined ? ofUnit : cluster.map((u) => ofUnit[u]!), folds]
}

function qualityOf(score: Float64Array, outcome: Float64Array, rows: Int32Array): CrossFittedScore['quality'] {
  if (!rows.every((i) => outcome[i] === 0 || outcome[i] === 1)) {
    const mean = rows.reduce((total, i) => total + outcome[i]!, 0) / rows.length
    const left = rows.reduce((total, i) => total + (outcome[i]! - score[i]!) ** 2, 0)
    const all = rows.reduce((total, i) => total + (outcome[i]! - mean) ** 2, 0)
    return Object.freeze({ measure: 'r2', value: 1 - left / all })
  }
  // Mann and Whitney: mean rank of those with the outcome, ties ranked in the middle.
  const sorted = rows.slice().sort((a, b) => score[a]! - score[b]!)
  let ranks = 0
  let ones = 0
  for (let i = 0; i < sorted.length; ) {
    let j = i
    let here = 0
    for (; j < sorted.length && score[sorted[j]!] === score[sorted[i]!]; j++) here += outcome[sorted[j]!]!
    ranks += here * ((i + 1 + j) / 2)
    ones += here
    i = j
  }
  return Object.freeze({ measure: 'auc', value: (ranks - (ones * (ones + 1)) / 2) / (ones * (rows.length - ones)) })
}
