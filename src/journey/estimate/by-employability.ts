/**
 * Effects by baseline employability: the chance of a new job without the nudge, as far as what was known before the draw tells it.
 *
 * Three models are fitted on the control arm only, in the same five folds, out of fold for everybody (Abadie, Chingos and West 2018): ridge logistic, boosted
 * trees, a probability forest. The one with the least log-loss among control rows that it had not seen is taken, before any effect is looked at. Thirds of its
 * score within each fold, people with one score together. What says whether the thirds differ is the interaction, not which of them is significant by itself.
 */
import { boostedTrees, calibrationCurve, chosenScore, forestModel, gate, leafSizeFor, placesOf, ridgeLogistic, type ChosenScore, type Estimate, type ScoreModel } from '#kernel/causal'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import type { EstimateRow, ScoreQuality } from './estimate.ts'
import { rowsSeen, type Panel } from './panel.ts'
import { traitsOf, type Traits } from './traits.ts'

export const thirds = ['low', 'middle', 'high'] as const
export type Third = (typeof thirds)[number]

export const byEmployability = 'baseline_employability'
const folds = 5
/**
 * What is tried. On the simulated learners (2,000, 10,000 and 40,000 of them) a forest of leaves of n/80 had a log-loss lower by 0.0020 to 0.0039 than one of leaves of 5 in a third of the
 * time, 100 trees did as well as 200, and 100 boosted trees better than 200, by 0.0016 to 0.0154; where what is known tells more, the others win.
 */
const models = (n: number): readonly ScoreModel[] => [ridgeLogistic({ penalty: 1 / n }), boostedTrees({ loss: 'logistic', trees: 100 }), forestModel({ loss: 'logistic', trees: 100, minNodeSize: leafSizeFor(n) })]

/** A tenth of 100 has 50 in each arm: where 17% find work its effect is known to 15 points either way (1.96 √(2 · 0.17 · 0.83 / 50)). With fewer, tenths show chance alone. */
const fewestOfTenth = 100

/** Those of a panel whose work was seen, with what was expected of them. */
export interface Scored {
  /** Places in the panel. */
  readonly rows: Int32Array
  readonly traits: Traits
  readonly chosen: ChosenScore
  /** Place of each score among those of its own fold, from 0 to 1: what thirds are cut by. */
  readonly place: Float64Array
}

/** Undefined where nothing was known before the draw or nobody's work was seen. @throws Fault those of the models, where none can be fitted */
export function scored(panel: Panel, seed: string): Scored | undefined {
  const rows = rowsSeen(panel, 'new_job')
  if (rows.length === 0) return undefined
  const traits = traitsOf(Array.from(rows, (at) => panel.rows[at]!))
  const covariates = Object.keys(traits.columns)
  if (covariates.length === 0) return undefined
  const data = { ...traits.columns, ...columnsOf(panel, rows, 'new_job') }
  const chosen = chosenScore(data, { outcome: outcomeColumn, treatment: treatedColumn, covariates, models: models(rows.length), folds, random: generator(seed, 'baseline employability') })
  return { rows, traits, chosen, place: placesIn(chosen) }
}

/**
 * Cut through all folds together, thirds lean on the outcomes of their own members: a fold in which many found work lifts the scores of the others and so lies low among them. On noise (1,700
 * learners, 150 draws) the lowest less the highest third had a mean of −0.38 of its error so, and 0.04 (± 0.08) with places in the fold.
 */
function placesIn({ score, fold }: Pick<ChosenScore, 'score' | 'fold'>): Float64Array {
  const place = new Float64Array(score.length)
  for (let k = 0; k < folds; k++) {
    const own = Int32Array.from(fold.keys()).filter((i) => fold[i] === k)
    const among = placesOf(Float64Array.from(own, (i) => score[i]!))
    own.forEach((i, at) => (place[i] = among[at]!))
  }
  return place
}

/** No covariate is called so by accident. */
export const outcomeColumn = 'outcome·'
export const treatedColumn = 'treated·'

export function columnsOf(panel: Panel, rows: Int32Array, outcome: string): Readonly<Record<typeof outcomeColumn | typeof treatedColumn, Float64Array>> {
  return { [outcomeColumn]: Float64Array.from(rows, (at) => panel.outcomes[outcome]![at]!), [treatedColumn]: Float64Array.from(rows, (at) => panel.treated[at]!) }
}

export interface ByEmployability {
  readonly rows: readonly EstimateRow[]
  /** How the models were judged; undefined where there is no score. */
  readonly quality: ScoreQuality | undefined
  /** Which third each learner whose work was seen is in; nobody where there are no thirds, as in a study in which nobody found work yet. */
  readonly thirds: ReadonlyMap<string, Third>
  readonly scored: Scored | undefined
}

export function estimatesByEmployability(panel: Panel, outcomes: readonly string[], seed: string, confidence: number): ByEmployability {
  const nothing = (reason: string): ByEmployability => ({ rows: outcomes.map((outcome) => without(outcome, reason)), quality: undefined, thirds: new Map(), scored: undefined })
  let found: Scored | undefined
  try {
    found = scored(panel, seed)
  } catch (error) {
    if (isFault(error)) return nothing(error.message)
    throw error
  }
  if (!found) return nothing('Nothing was known of the learners before the draw that could tell how employable they were, or nobody’s work was seen.')
  const { rows, chosen, place } = found
  const inThird = new Map<string, Third>()
  // Jobs and jobs in scope are seen together, so both outcomes have the same rows.
  const estimates = outcomes.flatMap((outcome): readonly EstimateRow[] => {
    const data = { ...columnsOf(panel, rows, outcome), score: place }
    const spec = { outcome: outcomeColumn, treatment: treatedColumn, score: 'score', model: chosen.model, confidence }
    const named = (part: string, row: Estimate, estimand: EstimateRow['estimand'] = 'itt'): EstimateRow => asRow(row, { estimand, outcome, subgroup: `${byEmployability}:${part}`, baseline: numberIn(row, 'control_mean') })
    const attempt = <T>(run: () => T): T | string => {
      try {
        return run()
      } catch (error) {
        if (isFault(error)) return error.message
        throw error
      }
    }
    const fit = attempt(() => gate(data, spec))
    if (typeof fit === 'string') return [without(outcome, fit)]
    for (const [k, at] of rows.entries()) inThird.set(panel.rows[at]!.learnerId, thirds[fit.group[k]!]!)
    const tenths = rows.length < 10 * fewestOfTenth ? undefined : attempt(() => gate(data, { ...spec, groups: 10 }))
    return [
      ...fit.groups.map((row, at) => named(thirds[at]!, row)),
      named('low less high', fit.ends, 'interaction'),
      named('low less the others', fit.interaction, 'interaction'),
      named('all alike', fit.equality, 'interaction'),
      // Ties can leave a tenth empty where thirds are whole: then there are no tenths.
      ...(tenths === undefined || typeof tenths === 'string' ? [] : [...tenths.groups.map((row, at) => named(`tenth ${at + 1}`, row)), named('tenths all alike', tenths.equality, 'interaction')]),
    ]
  })
  return { rows: estimates, quality: qualityOf(panel, found), thirds: inThird, scored: found }
}

function qualityOf(panel: Panel, { rows, chosen }: Scored): ScoreQuality {
  const control = Int32Array.from(rows.keys()).filter((k) => panel.treated[rows[k]!] === 0)
  const worked = Float64Array.from(rows, (at) => panel.outcomes['new_job']![at]!)
  const groups = Math.min(10, control.length >> 1)
  return Object.freeze({
    model: chosen.model,
    learners: rows.length,
    control: control.length,
    withoutModel: chosen.withoutModel,
    judged: chosen.judged.map(({ model, loss, quality, reason }) => Object.freeze({ model, logLoss: loss ?? null, auc: quality === undefined || !Number.isFinite(quality.value) ? null : quality.value, reason: reason ?? null })),
    calibration: groups < 2 ? [] : calibrationCurve(chosen.score, worked, control, groups),
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
  Object.freeze({ estimand: 'itt', outcome, subgroup: byEmployability, role: 'exploratory', estimator: 'gate_tertile', estimate: null, stdError: null, statistic: null, pValue: null, pAdjusted: null, confLow: null, confHigh: null, df: null, n: 0, baseline: null, shape: null, reason })
