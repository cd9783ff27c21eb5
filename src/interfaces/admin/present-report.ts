/** From a run of the plan to what its report shows: the same figures, with the sentences that they need. */
import type { AnalysisRun, EstimateRow as Estimated, Gains } from '#journey/estimate'
import type { Experiment } from '#journey/experiment'
import type { Issuer } from '#journey/party'
import { deskAddress } from './desk.ts'
import type { Diagnostic, EstimateRow, Interaction, ReportView } from './report-page.ts'

interface ToPresent {
  readonly issuer: Issuer
  readonly experiment: Experiment
  readonly run: AnalysisRun
  readonly estimates: readonly Estimated[]
  readonly gains: Gains | undefined
}

const shapes = { interval: 'interval', complement: 'two_rays', 'whole line': 'unbounded', empty: 'empty' } as const

export function presentReport({ issuer, experiment, run, estimates, gains }: ToPresent): ReportView {
  const drawn = (ghost: boolean) => run.diagnostics.arms.find((one) => experiment.arms.find((arm) => arm.name === one.arm)?.ghost === ghost)?.drawn ?? 0
  const waves = run.diagnostics.waves
  const work = estimates.some((row) => row.outcome === 'new_job' && row.estimand === 'itt' && row.estimate !== null)
  const interaction = interactionOf(estimates)
  return {
    experiment: { name: experiment.name, question: experiment.question, address: deskAddress(issuer, 'experiments', `/${experiment.id}`) },
    primary: 'shared',
    arms: { treatment: drawn(false), control: drawn(true) },
    enrolled: { from: experiment.startedAt ?? run.at, to: endOf(waves.at(-1)?.wave, experiment.stoppedAt ?? run.at) },
    window: `1 to ${experiment.plan.horizonMonths} months after the draw`,
    estimates: estimates.filter((row) => row.estimator !== 'anderson_rubin' && row.estimand !== 'interaction' && !row.subgroup.includes(':tenth')).map(shown),
    ...(interaction === undefined ? {} : { interaction }),
    ...(estimates.some((row) => row.outcome === 'new_job' || row.outcome === 'shared') ? { gains: { ...(gains === undefined ? {} : { gains }), ...(run.diagnostics.employability === null ? {} : { employability: run.diagnostics.employability }) } } : {}),
    diagnostics: diagnosticsOf(run, estimates, { treatment: drawn(false), control: drawn(true) }),
    withheld: work ? [] : [{ outcome: 'new_job', reason: 'Nobody’s work has been looked at yet.' }],
    ...(run.staleSince === undefined ? {} : { stale: { since: run.staleSince, refreshAddress: deskAddress(issuer, 'reports', `/${experiment.id}`) } }),
    method: [
      'Everybody who was drawn is compared by the arm that they were drawn into, whether or not they ever saw a prompt.',
      'Effects of the nudge: difference in means with Neyman’s variance, and Lin’s (2013) regression with strata, waves and the plan’s covariates, HC2 errors.',
      'Effects of sharing: two-stage least squares with the draw as the instrument, HC2 errors, and the Anderson-Rubin set, which also holds when the prompt moved sharing little.',
      'Baseline employability: ridge logit, boosted trees and a probability forest, fitted on the control arm only and out of fold for everybody; the one with the least log-loss is taken and cut into thirds before effects are looked at.',
      'Who gains: an honest causal forest with the chances of the draw; learners are ranked by forests that were grown on other learners (Wager 2024), and the area of the targeting curve (RATE) is the one test.',
      'Confirmatory outcomes are adjusted together by Holm’s method.',
    ],
    assumptions: [
      'The nudge works through sharing only. If it also made learners look for work, the effect of sharing is overstated; the effect of the nudge is not.',
      'What one learner does with a credential does not change the work of another.',
      'Work that nobody saw is missing alike in both arms; the coverage test beside the figures looks at that.',
    ],
    deviations: run.planDigest === experiment.planDigest ? [] : ['The plan that was run is not the plan that was frozen.'],
    planDigest: run.planDigest,
    panelDigest: run.panelDigest,
    rows: run.rows,
    codeVersion: run.codeVersion,
    seed: run.planDigest.slice(0, 12),
    at: run.at,
    policyAddress: deskAddress(issuer, 'policies', `/${experiment.id}`),
    csvAddress: deskAddress(issuer, 'reports', `/${experiment.id}.csv`),
    listAddress: deskAddress(issuer, 'reports'),
  }
}

/** A wave is a calendar month; enrolment went on to its end, or to when it was stopped. */
function endOf(wave: string | undefined, latest: Date): Date {
  if (wave === undefined) return latest
  const [year = 0, month = 1] = wave.split('-').map(Number)
  const end = new Date(Date.UTC(year, month, 0))
  return end < latest ? end : latest
}

const shown = (row: Estimated): EstimateRow => ({ ...row, estimand: row.estimand === 'itt' && row.estimator === 'lm_lin' ? 'itt_adjusted' : row.estimand })

/** A difference beyond this many standard deviations is worth a look (Imbens and Rubin 2015, section 14.2: a quarter). */
const worthALook = 0.25

function diagnosticsOf(run: AnalysisRun, estimates: readonly Estimated[], drawn: { readonly treatment: number; readonly control: number }): readonly Diagnostic[] {
  const { sampleRatio, coverage, balance, firstStageF, arms } = run.diagnostics
  const first = estimates.find((row) => row.estimand === 'first_stage')
  const worst = [...balance].sort((a, b) => Math.abs(b.standardizedDifference) - Math.abs(a.standardizedDifference))[0]
  const planned = arms.length === 2 ? (arms.find((arm) => arm.drawn === drawn.treatment)?.planned ?? 0.5) : 0.5
  const spread = coverage.difference === null || coverage.low === null || coverage.high === null ? undefined : { difference: coverage.difference, low: coverage.low, high: coverage.high }
  return [
    { name: 'sample_ratio', ...drawn, planned, pValue: sampleRatio?.pValue ?? null, result: sampleRatio === null ? 'not_checked' : sampleRatio.alarm ? 'failed' : 'passed' },
    {
      name: 'balance',
      covariates: balance.length,
      pValue: null,
      ...(worst === undefined ? {} : { worst: { name: worst.covariate.replaceAll('_', ' '), difference: worst.standardizedDifference } }),
      result: worst === undefined ? 'not_checked' : Math.abs(worst.standardizedDifference) > worthALook ? 'failed' : 'passed',
    },
    ...(spread === undefined ? [] : ([{ name: 'coverage', treatment: coverage.treated, control: coverage.control, ...spread, pValue: coverage.pValue, result: coverage.pValue !== null && coverage.pValue < 0.05 ? 'failed' : 'passed' }] satisfies Diagnostic[])),
    ...(first?.estimate === null || first?.estimate === undefined || firstStageF === null ? [] : ([{ name: 'first_stage', estimate: first.estimate, stdError: first.stdError ?? Number.NaN, f: firstStageF, result: firstStageF < 10 ? 'failed' : 'passed' }] satisfies Diagnostic[])),
    ...estimates.flatMap((row): Diagnostic[] => {
      if (row.estimator !== 'anderson_rubin' || row.shape === null) return []
      const set = shapes[row.shape as keyof typeof shapes]
      return [{ name: 'anderson_rubin', outcome: row.outcome, set, ...(row.confLow === null ? {} : { low: row.confLow }), ...(row.confHigh === null ? {} : { high: row.confHigh }), result: set === 'interval' ? 'passed' : 'not_checked' }]
    }),
  ]
}

/** Whether the effect differs between the lowest and the highest third, tested as such. */
function interactionOf(estimates: readonly Estimated[]): Interaction | undefined {
  const ends = estimates.filter((one) => one.estimand === 'interaction' && one.subgroup.endsWith('low less high') && one.estimate !== null)
  const row = ends.find((one) => one.outcome === 'new_job') ?? ends[0]
  if (!row || row.estimate === null || row.stdError === null || row.confLow === null || row.confHigh === null || row.pValue === null) return undefined
  const alike = estimates.find((one) => one.outcome === row.outcome && one.subgroup.endsWith(':all alike'))
  return {
    outcome: row.outcome,
    difference: { estimate: row.estimate, stdError: row.stdError, low: row.confLow, high: row.confHigh, pValue: row.pValue },
    ...(alike === undefined || alike.statistic === null || alike.pValue === null || alike.df === null ? {} : { joint: { statistic: alike.statistic, df: alike.df, pValue: alike.pValue } }),
  }
}
