import { chiSquareUpper, normalQuantile } from '#kernel/numeric'
import { Codes, rowCount, type Columns, type Label } from './columns.ts'
import { finiteColumn, marks, readTwoArms, type TwoArms } from './design.ts'
import type { Estimate } from './estimate.ts'
import { fault } from './faults.ts'
import { normalRow, plainRow } from './row.ts'

/** The columns of follow-up: time from the draw, and whether it ended with the event (1) or was cut off (0). */
export interface FollowUp {
  readonly time: string
  readonly event: string
}

export interface SurvivalCurve {
  /** The value of `by`, or null for the curve of all rows. */
  readonly group: Label | null
  /** Distinct times, rising. */
  readonly time: Float64Array
  readonly atRisk: Float64Array
  readonly events: Float64Array
  readonly censored: Float64Array
  /** Share still without the event just after each time. */
  readonly survival: Float64Array
  readonly stdError: Float64Array
  readonly confLow: Float64Array
  readonly confHigh: Float64Array
  readonly n: number
}

/**
 * Kaplan-Meier curves with Greenwood's error, one per value of the column `by`.
 *
 *   Ŝ(t) = Π_{t_j <= t} (1 − d_j / n_j)      se² = Ŝ(t)² Σ_{t_j <= t} d_j / (n_j (n_j − d_j))
 *   interval  Ŝ^exp(±z s), s = √(Σ ...) / |ln Ŝ|  (log-log: stays inside [0, 1]; Ŝ itself where Ŝ is 0 or 1)
 *
 * Someone cut off at the time of an event was still at risk then. Assumes that being cut off says nothing about the event to come;
 * censoring by wave, at a date fixed beforehand, does so by design.
 *
 * @throws Fault 'causal.not_finite', 'causal.time_negative', 'causal.not_zero_one', 'causal.no_rows'
 * Source: Kaplan, Meier (1958); Greenwood (1926); Kalbfleisch, Prentice (2002), section 1.4 (log-log).
 * Pinned by published tables in survival.test.ts.
 */
export function kaplanMeier(data: Columns, spec: FollowUp & { readonly by?: string; readonly confidence?: number }): readonly SurvivalCurve[] {
  const followUp = readFollowUp(data, spec)
  const z = normalQuantile(0.5 + (spec.confidence ?? 0.95) / 2)
  if (spec.by === undefined) return Object.freeze([curveOf(followUp, followUp.time.map((_, i) => i), null, z)])
  const groups = new Codes()
  const codes = groups.codesOf(data, spec.by)
  return Object.freeze(groups.labels.map((group, g) => curveOf(followUp, Float64Array.from(codes.keys()).filter((i) => codes[i] === g), group, z)))
}

function curveOf({ time, event }: Read, rows: Float64Array, group: Label | null, z: number): SurvivalCurve {
  const order = rows.sort((a, b) => time[a]! - time[b]! || a - b)
  const out: { time: number; atRisk: number; events: number; censored: number; survival: number; stdError: number; confLow: number; confHigh: number }[] = []
  let survival = 1
  let greenwood = 0
  for (let i = 0; i < order.length; ) {
    const t = time[order[i]!]!
    const atRisk = order.length - i
    let events = 0
    for (; i < order.length && time[order[i]!] === t; i++) events += event[order[i]!]!
    survival *= (atRisk - events) / atRisk
    if (atRisk > events) greenwood += events / (atRisk * (atRisk - events))
    const width = (z * Math.sqrt(greenwood)) / Math.abs(Math.log(survival))
    const inside = survival > 0 && survival < 1
    out.push({
      time: t,
      atRisk,
      events,
      censored: atRisk - events - (order.length - i),
      survival,
      stdError: survival * Math.sqrt(greenwood),
      confLow: inside ? survival ** Math.exp(width) : survival,
      confHigh: inside ? survival ** Math.exp(-width) : survival,
    })
  }
  const pick = (name: keyof (typeof out)[0]): Float64Array => Float64Array.from(out, (step) => step[name])
  return Object.freeze({
    group,
    time: pick('time'),
    atRisk: pick('atRisk'),
    events: pick('events'),
    censored: pick('censored'),
    survival: pick('survival'),
    stdError: pick('stdError'),
    confLow: pick('confLow'),
    confHigh: pick('confHigh'),
    n: order.length,
  })
}

/**
 * Log-rank test that two arms have the same curve, inside blocks if given.
 *
 *   χ² = (O − E)² / V,  O − E = Σ_j (d_1j − n_1j d_j / n_j),  V = Σ_j n_1j n_0j d_j (n_j − d_j) / (n_j² (n_j − 1)),  sums over event times (of each block)
 *
 * @returns the row: estimate O − E, std_error √V, statistic χ² on one degree of freedom; observed and expected among its options
 * @throws Fault 'causal.no_events' when nobody had the event while both arms were at risk; those of `kaplanMeier`
 * Assumes that leaving the follow-up says nothing about the event, in each arm.
 * Source: Mantel (1966); Peto, Peto (1972). Pinned by published tables in survival.test.ts.
 */
export function logRank(data: Columns, spec: FollowUp & TwoArms): Estimate {
  const { time, event } = readFollowUp(data, spec)
  const { n, arm, block, term } = readTwoArms(data, spec)
  const order = byTime(time, block)
  let observed = 0
  let expected = 0
  let variance = 0
  // Latest times first: the risk set grows as we go back, and starts anew with each block.
  let atRisk = 0
  let treatedAtRisk = 0
  for (let i = 0; i < n; ) {
    const here = block[order[i]!]!
    const t = time[order[i]!]!
    if (i > 0 && block[order[i - 1]!] !== here) {
      atRisk = 0
      treatedAtRisk = 0
    }
    let events = 0
    let treatedEvents = 0
    for (; i < n && time[order[i]!] === t && block[order[i]!] === here; i++) {
      const row = order[i]!
      atRisk += 1
      treatedAtRisk += arm[row]!
      events += event[row]!
      treatedEvents += event[row]! * arm[row]!
    }
    if (events === 0) continue
    observed += treatedEvents
    expected += (treatedAtRisk * events) / atRisk
    if (atRisk > 1) variance += (treatedAtRisk * (atRisk - treatedAtRisk) * events * (atRisk - events)) / (atRisk * atRisk * (atRisk - 1))
  }
  if (variance === 0) throw fault.no_events()
  const statistic = (observed - expected) ** 2 / variance
  return plainRow({
    estimator: 'log_rank',
    options: { observed, expected, ...(spec.blocks === undefined ? {} : { blocks: spec.blocks }) },
    formula: `Surv(${spec.time}, ${spec.event}) ~ ${spec.treatment}`,
    term,
    estimate: observed - expected,
    std_error: Math.sqrt(variance),
    statistic,
    p_value: chiSquareUpper(statistic, 1),
    df: 1,
    n,
  })
}

/**
 * Difference between the arms in mean time without the event up to a horizon τ, in the unit of time: treated minus control. Needs no
 * proportional hazards; for time to a first job, below zero means sooner.
 *
 *   μ̂ = ∫₀^τ Ŝ(t) dt      Var μ̂ = Σ_{t_j <= τ} (∫_{t_j}^τ Ŝ)² d_j / (n_j (n_j − d_j))      normal interval
 *
 * @throws Fault 'causal.horizon_beyond_data' when an arm's follow-up ends, with people left, before the horizon; those of `kaplanMeier`
 * Assumes that leaving the follow-up says nothing about the event, in each arm.
 * Source: Irwin (1949); Royston, Parmar (2013), BMC Medical Research Methodology 13:152; Uno et al. (2014), J. Clin. Oncol. 32, appendix.
 * Pinned by a second calculation over the grid of all times in survival.test.ts.
 */
export function restrictedMeanDifference(
  data: Columns,
  spec: FollowUp & Pick<TwoArms, 'treatment' | 'arms'> & { readonly horizon: number; readonly confidence?: number },
): Estimate {
  const { horizon } = spec
  if (!(horizon > 0) || !Number.isFinite(horizon)) throw new TypeError(`The horizon is a time above zero, not ${horizon}.`)
  const followUp = readFollowUp(data, spec)
  const { n, arm, term } = readTwoArms(data, spec)
  const [control, treated] = [0, 1].map((a) => restrictedMean(curveOf(followUp, Float64Array.from(arm.keys()).filter((i) => arm[i] === a), a, 0), horizon)) as [Mean, Mean]
  return normalRow(
    {
      estimator: 'restricted_mean_difference',
      options: { horizon, mean_control: control.mean, mean_treated: treated.mean },
      formula: `Surv(${spec.time}, ${spec.event}) ~ ${spec.treatment}`,
      term,
      estimate: treated.mean - control.mean,
      std_error: Math.sqrt(treated.variance + control.variance),
      n,
    },
    spec.confidence ?? 0.95,
  )
}

interface Mean {
  readonly mean: number
  readonly variance: number
}

function restrictedMean(curve: SurvivalCurve, horizon: number): Mean {
  const last = curve.time.length - 1
  if (curve.time[last]! < horizon && curve.survival[last]! > 0) throw fault.horizon_beyond_data({ arm: Number(curve.group), horizon, last: curve.time[last]! })
  let end = 0
  while (end <= last && curve.time[end]! <= horizon) end++
  // From the horizon back, so that each event time meets the area to its right.
  let area = 0
  let variance = 0
  for (let j = end - 1; j >= 0; j--) {
    area += curve.survival[j]! * ((j + 1 < end ? curve.time[j + 1]! : horizon) - curve.time[j]!)
    const d = curve.events[j]!
    const at = curve.atRisk[j]!
    if (d > 0 && at > d) variance += (area * area * d) / (at * (at - d))
  }
  return { mean: area + (end > 0 ? curve.time[0]! : horizon), variance }
}

interface Read {
  readonly time: Float64Array
  readonly event: Uint8Array
}

/** Reads and checks the two columns of follow-up. */
export function readFollowUp(data: Columns, spec: FollowUp): Read {
  const n = rowCount(data, [spec.time, spec.event])
  if (n === 0) throw fault.no_rows()
  const time = finiteColumn(data, spec.time, n)
  const negative = time.findIndex((t) => t < 0)
  if (negative >= 0) throw fault.time_negative({ row: negative + 1 })
  return { time, event: marks(data, spec.event, n) }
}

/** Rows in the order of blocks, and inside a block from the latest time to the earliest. */
export function byTime(time: Float64Array, block: Int32Array): Int32Array {
  return Int32Array.from(time.keys()).sort((a, b) => block[a]! - block[b]! || time[b]! - time[a]! || a - b)
}
