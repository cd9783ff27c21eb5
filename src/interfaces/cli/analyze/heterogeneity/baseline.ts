/** Effects by what was to be expected without treatment (baseline employability, where the outcome is a job), and by the predicted effect beside them. */
import { calibrationCurve, chosenScore, gate, scoreModels, taken, type CalibrationPoint, type ChosenScore, type Columns, type Estimate, type GateFit } from '#kernel/causal'
import { generator } from '#kernel/numeric'
import type { ForestRows } from './rows-of-forest.ts'

export interface Baseline {
  readonly chosen: ChosenScore
  readonly calibration: readonly CalibrationPoint[] | undefined
  readonly byScore: Split
  /** The same with the predicted effect in the place of the score, on rows that the prediction had not seen. */
  readonly byEffect: Split | undefined
}

/** Thirds are read, tenths show whether the effect rises or falls in between. */
export interface Split {
  readonly thirds: GateFit
  readonly tenths: GateFit | undefined
}

export interface BaselineOrder {
  readonly used: ForestRows
  readonly seed: string
  readonly blocks: string | undefined
  /** Where they were drawn whole. */
  readonly clusters: string | undefined
  readonly place: Float64Array | undefined
  readonly held: Int32Array | undefined
  readonly attempt: <T>(what: string, run: () => T) => T | undefined
}

const folds = 5
const inTenths = 10

export function expectedWithout({ used, seed, clusters }: Pick<BaselineOrder, 'used' | 'seed' | 'clusters'>): ChosenScore {
  const y = used.data[used.outcome] as Float64Array
  const binary = y.every((v) => v === 0 || v === 1)
  return chosenScore(used.data, { outcome: used.outcome, treatment: used.treatment, covariates: used.plain, models: scoreModels(binary, used.rows.length), folds, random: generator(seed, 'expected without'), ...(clusters === undefined ? {} : { clusters }) })
}

export function baselineOf(chosen: ChosenScore, order: BaselineOrder): Baseline | undefined {
  const { used, attempt, place, held } = order
  const y = used.data[used.outcome] as Float64Array
  const treatment = used.data[used.treatment] as Float64Array
  const control = Int32Array.from(used.rows.keys()).filter((i) => treatment[i] === 0)
  const data = { ...used.data, score: chosen.score }
  const byScore = splitBy(data, 'the expected outcome', 'score', chosen.model, order)
  if (byScore === undefined) return undefined
  return {
    chosen,
    calibration: attempt('the calibration curve', () => calibrationCurve(chosen.score, y, control)),
    byScore,
    byEffect: place === undefined || held === undefined ? undefined : splitBy(taken({ ...data, place }, held), 'the predicted effect', 'place', 'causal forest', order),
  }
}

function splitBy(data: Columns, what: string, score: string, model: string, { used, attempt, blocks, clusters }: BaselineOrder): Split | undefined {
  const spec = { outcome: used.outcome, treatment: used.treatment, score, model, ...(blocks === undefined ? {} : { blocks }), ...(clusters === undefined ? {} : { clusters }) }
  const thirds = attempt(`gate_tertile by ${what}`, () => gate(data, spec))
  return thirds === undefined ? undefined : { thirds, tenths: attempt(`gate_group by tenths of ${what}`, () => gate(data, { ...spec, groups: inTenths })) }
}

/** The rows of a split, with the names of the file. */
export function rowsOfSplit({ thirds, tenths }: Split, outcome: string, treatment: string, by: string): readonly Estimate[] {
  const own = (row: Estimate): Estimate => ({ ...row, formula: `${outcome} ~ ${treatment} by ${by}`, term: row.term.startsWith('z:') ? row.term : treatment })
  return [...thirds.groups, thirds.interaction, thirds.ends, ...(tenths === undefined ? [] : tenths.groups)].map(own).concat([thirds.equality, ...(tenths === undefined ? [] : [tenths.equality])].map((row) => ({ ...row, formula: `${outcome} ~ ${treatment} by ${by}` })))
}

/** How the models were judged. */
export const judgedRows = ({ chosen }: Baseline, outcome: string, covariates: readonly string[]): readonly Estimate[] =>
  chosen.judged.flatMap(({ model, loss, quality }) =>
    loss === undefined ? [] : [{ estimator: 'baseline_score', options: { model, measure: chosen.measure, without_model: chosen.withoutModel, chosen: model === chosen.model, ...(quality === undefined ? {} : { [quality.measure]: quality.value }) }, formula: `${outcome} ~ ${covariates.join(' + ')}`, term: model, estimate: loss, std_error: null, statistic: null, p_value: null, conf_low: null, conf_high: null, df: null, n: chosen.score.length }],
  )
