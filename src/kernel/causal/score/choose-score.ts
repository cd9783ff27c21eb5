import { isFault } from '#kernel/fault'
import type { Columns } from '../columns.ts'
import { finiteColumn, readTwoArms } from '../design.ts'
import { boostedTrees } from './boosting.ts'
import { crossFittedScore, type CrossFit, type CrossFittedScore } from './cross-fit.ts'
import { forestModel } from './forest-model.ts'
import type { ScoreModel } from './model.ts'
import { ridgeLinear, ridgeLogistic } from './ridge.ts'

export interface Judged {
  readonly model: string
  /** Out-of-fold loss over control rows: log-loss in nats for 0/1 outcomes, mean squared error for others; undefined where the model could not be fitted. */
  readonly loss: number | undefined
  readonly quality: CrossFittedScore['quality'] | undefined
  /** Why it could not be fitted. */
  readonly reason: string | undefined
}

export interface ChosenScore extends CrossFittedScore {
  /** Every model that was tried, best first. */
  readonly judged: readonly Judged[]
  readonly measure: 'log-loss' | 'mean squared error'
  /** Loss of the control rows' own mean: a score above it says less than nothing. */
  readonly withoutModel: number
}

/** Gradient-boosted trees, a forest and ridge regression, for outcomes of 0 and 1 or for others. `n` is the number of rows: the penalty is that of one observation. */
export function scoreModels(binary: boolean, n: number): readonly ScoreModel[] {
  const loss = binary ? 'logistic' : 'squared'
  return [binary ? ridgeLogistic({ penalty: 1 / n }) : ridgeLinear({ penalty: 1 / n }), boostedTrees({ loss }), forestModel({ loss })]
}

/**
 * The cross-fitted score of the model that predicts control rows best out of fold.
 *
 *   log-loss  −(1/n_0) Σ_{z_i = 0} [y ln p + (1 − y) ln(1 − p)],  p kept ½/n_0 away from 0 and 1;  others: mean of (y − score)²
 *
 * All models have the same folds; the first wins a tie. A model that cannot be fitted is passed over with its reason; when none can, the first one's fault is raised.
 *
 * Source: as `crossFittedScore`; van der Laan, Polley, Hubbard (2007), Super Learner, Stat. Appl. Genet. Mol. Biol. 6 (the discrete case). Pinned by its laws in choose-score.test.ts.
 */
export function chosenScore(data: Columns, { models, ...spec }: Omit<CrossFit, 'model'> & { readonly models: readonly ScoreModel[] }): ChosenScore {
  if (models.length === 0) throw new TypeError('There must be a model to choose.')
  const { n, arm } = readTwoArms(data, spec)
  const outcome = finiteColumn(data, spec.outcome, n)
  const control = Int32Array.from({ length: n }, (_, i) => i).filter((i) => arm[i] === 0)
  const binary = control.every((i) => outcome[i] === 0 || outcome[i] === 1)
  const lossOf = (score: (i: number) => number): number => control.reduce((total, i) => total + (binary ? logLoss(outcome[i]!, score(i), control.length) : (outcome[i]! - score(i)) ** 2), 0) / control.length
  const tried = models.map((model) => {
    try {
      const fitted = crossFittedScore(data, { ...spec, model })
      return { model, fitted, loss: lossOf((i) => fitted.score[i]!), error: undefined }
    } catch (error) {
      if (!isFault(error) || error.kind === 'broken') throw error
      return { model, fitted: undefined, loss: undefined, error: error as Error }
    }
  })
  const best = tried.reduce((a, b) => ((b.loss ?? Infinity) < (a.loss ?? Infinity) ? b : a))
  if (best.fitted === undefined) {
    const first: Error = tried[0]!.error!
    throw first
  }
  const mean = control.reduce((total, i) => total + outcome[i]!, 0) / control.length
  return Object.freeze({
    ...best.fitted,
    measure: binary ? 'log-loss' : 'mean squared error',
    withoutModel: lossOf(() => mean),
    judged: Object.freeze(
      tried
        .toSorted((a, b) => (a.loss ?? Infinity) - (b.loss ?? Infinity))
        .map(({ model, fitted, loss, error }) => Object.freeze({ model: model.name, loss, quality: fitted?.quality, reason: error?.message })),
    ),
  })
}

function logLoss(y: number, p: number, n: number): number {
  const kept = Math.min(1 - 0.5 / n, Math.max(0.5 / n, p))
  return -(y * Math.log(kept) + (1 - y) * Math.log(1 - kept))
}
