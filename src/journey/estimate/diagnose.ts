/** What has to be right before an estimate is believed: sizes of the arms, balance, coverage, the first stage, maturity. */
import { differenceInMeans, firstStageF, sampleRatio, sequentialSampleRatio } from '#kernel/causal'
import { isFault } from '#kernel/fault'
import type { Experiment } from '#journey/experiment'
import type { Diagnostics } from './estimate.ts'
import { columnsWhere, type Panel } from './panel.ts'

/** At this level the sequential test stops the report's headline (experiments-and-nudges 1.4: 0.015% false alarms in 180 days). */
const alarmLevel = 0.001

export function diagnose(panel: Panel, experiment: Experiment, researchRefused: number, now: Date): Omit<Diagnostics, 'employability'> {
  const total = experiment.arms.reduce((sum, arm) => sum + arm.weight, 0)
  const arms = experiment.arms.map((arm) => {
    const rows = panel.rows.filter((row) => row.arm === arm.name)
    const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((so, row) => so + pick(row), 0)
    return Object.freeze({
      arm: arm.name,
      drawn: rows.length,
      planned: arm.weight / total,
      observed: sum((row) => Number(row.observed)),
      promptsShown: sum((row) => Number(row.promptsShown)),
      promptsGhost: sum((row) => Number(row.promptsGhost)),
      shared: sum((row) => Number(row.shared)),
    })
  })
  const control = experiment.arms.findIndex((arm) => arm.ghost)
  const share = (at: number) => (arms[at]!.drawn === 0 ? 0 : arms[at]!.observed / arms[at]!.drawn)
  const seen = attempt(() => differenceInMeans({ observed: panel.observed, treated: panel.treated }, { outcome: 'observed', treatment: 'treated' }))
  const horizonBegan = new Date(now)
  horizonBegan.setUTCMonth(horizonBegan.getUTCMonth() - experiment.plan.horizonMonths)
  return Object.freeze({
    arms: Object.freeze(arms),
    sampleRatio: attempt(() => {
      const planned = arms.map((arm) => arm.planned)
      const look = sampleRatio(arms.map((arm) => arm.drawn), planned)
      const sequential = sequentialSampleRatio(arms.map((arm) => arm.drawn), planned, { alpha: alarmLevel })
      return { pValue: look.p_value, sequentialPValue: sequential.pValue, alarm: sequential.alarm }
    }),
    coverage: Object.freeze({ control: share(control), treated: share(1 - control), difference: seen?.estimate ?? null, low: seen?.conf_low ?? null, high: seen?.conf_high ?? null, pValue: seen?.p_value ?? null }),
    firstStageF: attempt(() => firstStageF(columnsWhere(panel, 'shared').columns, { endogenous: 'outcome', instruments: ['treated'] }).f),
    balance: Object.freeze(Object.entries(panel.covariates).map(([covariate, values]) => Object.freeze({ covariate, ...standardized(values, panel.treated) }))),
    waves: Object.freeze([...Map.groupBy(panel.rows, (row) => row.wave)].map(([wave, rows]) => Object.freeze({ wave, drawn: rows.length })).sort((a, b) => (a.wave < b.wave ? -1 : 1))),
    mature: panel.rows.length === 0 ? 0 : panel.rows.filter((row) => row.drawnAt <= horizonBegan).length / panel.rows.length,
    researchRefused,
  })
}

/** (mean treated - mean control) / sqrt((s1^2 + s0^2) / 2), Imbens and Rubin (2015), section 14.2. */
function standardized(values: Float64Array, treated: Float64Array): { readonly control: number; readonly treated: number; readonly standardizedDifference: number } {
  const moments = [0, 1].map((arm) => {
    let [n, mean, squares] = [0, 0, 0]
    for (let at = 0; at < values.length; at++) {
      if (treated[at] !== arm) continue
      n++
      const step = values[at]! - mean
      mean += step / n
      squares += step * (values[at]! - mean)
    }
    return { mean, variance: n > 1 ? squares / (n - 1) : 0 }
  })
  const [control, nudged] = moments as [{ mean: number; variance: number }, { mean: number; variance: number }]
  const spread = Math.sqrt((control.variance + nudged.variance) / 2)
  return { control: control.mean, treated: nudged.mean, standardizedDifference: spread === 0 ? 0 : (nudged.mean - control.mean) / spread }
}

/** What cannot be computed yet (an empty arm, nobody observed) is null, and is shown as such. */
function attempt<T>(make: () => T): T | null {
  try {
    return make()
  } catch (error) {
    if (isFault(error)) return null
    throw error
  }
}
