/**
 * The plan's estimates on a panel, each with what it is called in the reference files, in a fixed order.
 *
 *   itt          difference in means (Neyman variance), and Lin (2013) adjusted for strata, waves and the plan's covariates, HC2
 *   first stage  the same on sharing; F of the instrument, robust
 *   late         2SLS of the outcome on sharing, the draw as instrument, HC2; the Anderson-Rubin set, which holds when the first stage is weak
 *
 * Everybody drawn is in, whether or not they ever saw a prompt. Exclusion (the nudge works through sharing only) is assumed by the LATE.
 */
import { adjustPValues, andersonRubin, differenceInMeans, ivRobust, lmLin, type Estimate } from '#kernel/causal'
import { isFault } from '#kernel/fault'
import type { Plan } from '#journey/experiment'
import { estimatesByEmployability, type ByEmployability } from './by-employability.ts'
import type { EstimateRow } from './estimate.ts'
import { columnsWhere, type Panel } from './panel.ts'

/** @param seed of the employability score: the plan's own digest, so that the plan fixes it */
export function estimatesOf(panel: Panel, plan: Plan, seed: string): ByEmployability {
  const confidence = plan.confidence
  const rows: EstimateRow[] = []
  for (const { name: outcome, role } of plan.outcomes) {
    const { columns, covariates, n } = columnsWhere(panel, outcome)
    const baseline = controlMean(columns['outcome']!, columns['treated']!)
    const nothing = nothingToCompare(columns)
    const of = (estimand: EstimateRow['estimand'], estimator: string, rowRole: EstimateRow['role'], make: () => Estimate & { readonly shape?: string }) => {
      const frame = { estimand, outcome, subgroup: 'all', role: rowRole, estimator, n, baseline }
      rows.push(nothing === undefined ? asRow(frame, make) : without(frame, nothing))
    }

    if (plan.estimands.includes('itt')) {
      of('itt', 'difference_in_means', role, () => differenceInMeans(columns, { outcome: 'outcome', treatment: 'treated', confidence }))
      of('itt', 'lm_lin', 'exploratory', () => termOf(lmLin(columns, { outcome: 'outcome', treatment: 'treated', covariates, seType: 'HC2', confidence }).estimates, 'treated'))
    }
    if (outcome === 'shared' && plan.estimands.includes('first_stage')) {
      of('first_stage', 'difference_in_means', 'diagnostic', () => differenceInMeans(columns, { outcome: 'outcome', treatment: 'treated', confidence }))
    }
    if (outcome !== 'shared' && plan.estimands.includes('late')) {
      of('late', 'iv_robust', role === 'confirmatory' ? 'confirmatory' : 'exploratory', () => termOf(ivRobust(columns, { outcome: 'outcome', endogenous: ['shared'], instruments: ['treated'], seType: 'HC2', confidence }).estimates, 'shared'))
      of('late', 'anderson_rubin', 'diagnostic', () => withShape(andersonRubin(columns, { outcome: 'outcome', endogenous: 'shared', instruments: ['treated'], confidence })))
    }
  }
  if (!plan.subgroups.includes('baseline_employability')) return { rows: adjusted(rows), quality: undefined, thirds: new Map(), scored: undefined }
  const work = plan.outcomes.map((one) => one.name).filter((name) => name === 'new_job' || name === 'new_job_in_scope')
  const parts = estimatesByEmployability(panel, work, seed, confidence)
  return { ...parts, rows: adjusted([...rows, ...parts.rows]) }
}

/** Holm's p-values over the confirmatory outcomes of one estimator (Holm 1979), which is the plan's family. */
function adjusted(rows: readonly EstimateRow[]): readonly EstimateRow[] {
  const out = [...rows]
  for (const estimator of ['difference_in_means', 'iv_robust']) {
    const family = out.flatMap((row, at) => (row.role === 'confirmatory' && row.subgroup === 'all' && row.estimator === estimator && row.pValue !== null ? [at] : []))
    if (family.length === 0) continue
    const p = adjustPValues(Float64Array.from(family, (at) => out[at]!.pValue!), 'holm')
    for (const [place, at] of family.entries()) out[at] = Object.freeze({ ...out[at]!, pAdjusted: p[place] ?? null })
  }
  return out
}

function asRow(frame: Pick<EstimateRow, 'estimand' | 'outcome' | 'subgroup' | 'role' | 'estimator' | 'n' | 'baseline'>, make: () => Estimate & { readonly shape?: string }): EstimateRow {
  try {
    const made = make()
    return Object.freeze({
      ...frame,
      estimate: made.estimate,
      stdError: made.std_error,
      statistic: made.statistic,
      pValue: made.p_value,
      pAdjusted: null,
      confLow: made.conf_low,
      confHigh: made.conf_high,
      df: made.df,
      n: made.n,
      shape: made.shape ?? null,
      reason: null,
    })
  } catch (error) {
    if (!isFault(error)) throw error
    return without(frame, error.message)
  }
}

const without = (frame: Pick<EstimateRow, 'estimand' | 'outcome' | 'subgroup' | 'role' | 'estimator' | 'n' | 'baseline'>, reason: string): EstimateRow =>
  Object.freeze({ ...frame, estimate: null, stdError: null, statistic: null, pValue: null, pAdjusted: null, confLow: null, confHigh: null, df: null, shape: null, reason })

/** Why an outcome cannot be compared yet, in words that a provider understands; the estimators would say it in theirs. */
function nothingToCompare(columns: Readonly<Record<string, Float64Array>>): string | undefined {
  const [outcome, treated] = [columns['outcome']!, columns['treated']!]
  if (outcome.length === 0) return 'Nobody has been looked at for this yet.'
  if (treated.every((value) => value === treated[0])) return 'Only one arm has learners so far.'
  if (outcome.every((value) => value === outcome[0])) return 'It is the same for everybody so far, so there is nothing to compare.'
  return undefined
}

function termOf(estimates: readonly Estimate[], term: string): Estimate {
  const found = estimates.find((row) => row.term === term)
  if (!found) throw new TypeError(`the model has no term “${term}”`)
  return found
}

function withShape(row: Estimate): Estimate & { readonly shape?: string } {
  const shape = row.options['shape']
  return typeof shape === 'string' ? { ...row, shape } : row
}

function controlMean(outcome: Float64Array, treated: Float64Array): number | null {
  let [sum, count] = [0, 0]
  for (let at = 0; at < outcome.length; at++) {
    if (treated[at] === 0) {
      sum += outcome[at]!
      count++
    }
  }
  return count === 0 ? null : sum / count
}
