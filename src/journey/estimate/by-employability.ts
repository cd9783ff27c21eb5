/**
 * Effects by baseline employability: the chance of a new job without the nudge, as far as what was known before the draw tells it.
 *
 * The score is ridge logistic on the control arm only, five folds, out of fold for everybody (Abadie, Chingos and West 2018); thirds of it
 * are cut before any effect is looked at, people with one score together. What says whether the thirds differ is the interaction, not which
 * of them is significant by itself.
 */
import { crossFittedScore, gate, ridgeLogistic, type Estimate } from '#kernel/causal'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import type { EstimateRow } from './estimate.ts'
import { columnsWhere, type Panel } from './panel.ts'

export const thirds = ['low', 'middle', 'high'] as const
export type Third = (typeof thirds)[number]

const subgroup = 'baseline_employability'
const folds = 5
/** A penalty of one observation's weight: keeps the score finite where a rare covariate parts those with a job from those without. */
const penalty = 1

/** The rows of a panel whose work was seen, with the score and its columns; undefined where nothing was known before the draw or nobody's work was seen. */
function scored(panel: Panel, seed: string): (ReturnType<typeof columnsWhere> & { readonly score: Float64Array; readonly model: string }) | undefined {
  const seen = columnsWhere(panel, 'new_job')
  if (seen.covariates.length === 0 || seen.n === 0) return undefined
  const { score, model } = crossFittedScore(seen.columns, { outcome: 'outcome', treatment: 'treated', covariates: seen.covariates, model: ridgeLogistic({ penalty }), folds, random: generator(seed, 'baseline employability') })
  return { ...seen, score, model }
}

/** Which third each learner whose work was seen is in; nobody where there are no thirds, as in a study in which nobody found work yet. */
export function thirdsOf(panel: Panel, seed: string): ReadonlyMap<string, Third> {
  try {
    const found = scored(panel, seed)
    if (!found) return new Map()
    const { group } = gate({ ...found.columns, score: found.score }, { outcome: 'outcome', treatment: 'treated', score: 'score' })
    const values = panel.outcomes['new_job']!
    const seen = panel.rows.filter((_, at) => !Number.isNaN(values[at]))
    return new Map(seen.map((row, at) => [row.learnerId, thirds[group[at]!]!]))
  } catch (error) {
    if (isFault(error)) return new Map() // the estimates by third say why
    throw error
  }
}

export function estimatesByEmployability(panel: Panel, outcomes: readonly string[], seed: string, confidence: number): readonly EstimateRow[] {
  let found: ReturnType<typeof scored>
  try {
    found = scored(panel, seed)
  } catch (error) {
    if (isFault(error)) return outcomes.map((outcome) => without(outcome, error.message))
    throw error
  }
  if (!found) return outcomes.map((outcome) => without(outcome, 'Nothing was known of the learners before the draw that could tell how employable they were, or nobody’s work was seen.'))
  const { columns, score, model } = found
  return outcomes.flatMap((outcome): readonly EstimateRow[] => {
    try {
      // Jobs and jobs in scope are seen together, so both outcomes have the same rows.
      const data = { treated: columns['treated']!, score, outcome: columnsWhere(panel, outcome).columns['outcome']! }
      const fit = gate(data, { outcome: 'outcome', treatment: 'treated', score: 'score', model, confidence })
      return [
        ...fit.groups.map((row, at) => asRow(row, { estimand: 'itt', outcome, subgroup: `${subgroup}:${thirds[at]!}`, baseline: numberIn(row, 'control_mean') })),
        asRow(fit.ends, { estimand: 'interaction', outcome, subgroup: `${subgroup}:low less high`, baseline: null }),
      ]
    } catch (error) {
      if (isFault(error)) return [without(outcome, error.message)]
      throw error
    }
  })
}

const numberIn = (row: Estimate, option: string): number | null => (typeof row.options[option] === 'number' ? row.options[option] : null)

const asRow = (row: Estimate, of: Pick<EstimateRow, 'estimand' | 'outcome' | 'subgroup' | 'baseline'>): EstimateRow =>
  Object.freeze({
    ...of,
    role: 'exploratory',
    estimator: row.estimator,
    estimate: row.estimate,
    stdError: row.std_error,
    statistic: row.statistic,
    pValue: row.p_value,
    pAdjusted: null,
    confLow: row.conf_low,
    confHigh: row.conf_high,
    df: row.df,
    n: row.n,
    shape: null,
    reason: null,
  })

const without = (outcome: string, reason: string): EstimateRow =>
  Object.freeze({ estimand: 'itt', outcome, subgroup, role: 'exploratory', estimator: 'gate_tertile', estimate: null, stdError: null, statistic: null, pValue: null, pAdjusted: null, confLow: null, confHigh: null, df: null, n: 0, baseline: null, shape: null, reason })
