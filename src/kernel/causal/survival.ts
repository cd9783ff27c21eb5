import { chiSquareUpper, normalQuantile, normalUpper } from '#kernel/numeric'
import { fault } from './faults.ts'

/** Follow-up of n people: time from the draw, and whether it ended with the event (1) or was cut off (0). */
export interface FollowUp {
  readonly time: Float64Array
  readonly event: Uint8Array
}

export interface SurvivalCurve {
  /** Distinct times, rising. */
  readonly time: Float64Array
  readonly at_risk: Float64Array
  readonly events: Float64Array
  readonly censored: Float64Array
  /** Share still without the event just after each time. */
  readonly survival: Float64Array
  readonly std_error: Float64Array
  readonly conf_low: Float64Array
  readonly conf_high: Float64Array
  readonly n: number
}

/**
 * Kaplan-Meier curve with Greenwood's error.
 *
 *   Ŝ(t) = Π_{t_j <= t} (1 − d_j / n_j)      se² = Ŝ(t)² Σ_{t_j <= t} d_j / (n_j (n_j − d_j))
 *   interval  Ŝ^exp(±z s), s = √(Σ ...) / |ln Ŝ|  (log-log: stays inside [0, 1]; Ŝ itself where Ŝ is 0 or 1)
 *
 * Someone cut off at the time of an event was still at risk then. Assumes that being cut off says nothing about the event to come;
 * censoring by wave, at a date fixed beforehand, does so by design.
 *
 * @param rows  the rows to use; all when absent
 * @throws Fault 'causal.not_a_number', 'causal.time_negative', 'causal.no_rows'
 * Source: Kaplan, Meier (1958); Greenwood (1926); Kalbfleisch, Prentice (2002), section 1.4 (log-log).
 * Pinned by published tables in survival.test.ts.
 */
export function kaplanMeier({ time, event }: FollowUp, rows?: Int32Array, confidence = 0.95): SurvivalCurve {
  checkFollowUp({ time, event })
  const z = normalQuantile(0.5 + confidence / 2)
  const steps = stepsOf({ time, event }, rows)
  const m = steps.time.length
  const survival = new Float64Array(m)
  const std_error = new Float64Array(m)
  const conf_low = new Float64Array(m)
  const conf_high = new Float64Array(m)
  let s = 1
  let greenwood = 0
  for (let j = 0; j < m; j++) {
    const d = steps.events[j]!
    const at = steps.at_risk[j]!
    s *= (at - d) / at
    if (at > d) greenwood += d / (at * (at - d))
    survival[j] = s
    std_error[j] = s * Math.sqrt(greenwood)
    if (s === 0 || s === 1) {
      conf_low[j] = s
      conf_high[j] = s
    } else {
      const width = (z * Math.sqrt(greenwood)) / Math.abs(Math.log(s))
      conf_low[j] = s ** Math.exp(width)
      conf_high[j] = s ** Math.exp(-width)
    }
  }
  return Object.freeze({ ...steps, survival, std_error, conf_low, conf_high, n: steps.at_risk[0]! })
}

export interface LogRank {
  /** Events in the treated arm, and those expected there if the arms were alike. */
  readonly observed: number
  readonly expected: number
  readonly variance: number
  readonly statistic: number
  readonly df: 1
  readonly p_value: number
  readonly n: number
}

/**
 * Log-rank test that two arms have the same curve, inside blocks if given.
 *
 *   χ² = (Σ_j d_1j − n_1j d_j / n_j)² / Σ_j n_1j n_0j d_j (n_j − d_j) / (n_j² (n_j − 1)),   sums over event times (of each block)
 *
 * @param treatment  n values, 0 or 1
 * @param blocks     n block numbers 0, 1, ...
 * @throws Fault 'causal.no_events' when nobody had the event while both arms were at risk
 * Source: Mantel (1966); Peto, Peto (1972). Pinned by published tables in survival.test.ts.
 */
export function logRank({ time, event, treatment, blocks }: FollowUp & { readonly treatment: Uint8Array; readonly blocks?: Int32Array | undefined }): LogRank {
  checkFollowUp({ time, event })
  checkTreatment(treatment, time.length)
  const n = time.length
  const order = byTime(time, blocks)
  let observed = 0
  let expected = 0
  let variance = 0
  for (let start = 0; start < n; ) {
    // One block, its latest times first: the risk set grows as we go back.
    const block = blocks === undefined ? 0 : blocks[order[start]!]!
    let at_risk = 0
    let treated_at_risk = 0
    let i = start
    while (i < n && (blocks === undefined ? 0 : blocks[order[i]!]!) === block) {
      const t = time[order[i]!]!
      let events = 0
      let treatedEvents = 0
      while (i < n && time[order[i]!] === t && (blocks === undefined ? 0 : blocks[order[i]!]!) === block) {
        const row = order[i]!
        at_risk += 1
        treated_at_risk += treatment[row]!
        events += event[row]!
        treatedEvents += event[row]! * treatment[row]!
        i++
      }
      if (events === 0) continue
      observed += treatedEvents
      expected += (treated_at_risk * events) / at_risk
      if (at_risk > 1) variance += (treated_at_risk * (at_risk - treated_at_risk) * events * (at_risk - events)) / (at_risk * at_risk * (at_risk - 1))
    }
    start = i
  }
  if (variance === 0) throw fault.no_events()
  const statistic = (observed - expected) ** 2 / variance
  return Object.freeze({ observed, expected, variance, statistic, df: 1, p_value: chiSquareUpper(statistic, 1), n })
}

export interface RestrictedMeanDifference {
  readonly estimate: number
  readonly std_error: number
  readonly statistic: number
  readonly p_value: number
  readonly conf_low: number
  readonly conf_high: number
  /** Mean time without the event up to the horizon, control and treated. */
  readonly means: readonly [number, number]
  readonly horizon: number
  readonly n: number
}

/**
 * Difference between the arms in mean time without the event up to a horizon τ, in the unit of time: treated minus control. Needs no
 * proportional hazards; for time to a first job, below zero means sooner.
 *
 *   μ̂ = ∫₀^τ Ŝ(t) dt      Var μ̂ = Σ_{t_j <= τ} (∫_{t_j}^τ Ŝ)² d_j / (n_j (n_j − d_j))      normal interval
 *
 * @throws Fault 'causal.horizon_beyond_data' when an arm's follow-up ends, with people left, before the horizon; 'causal.no_rows'
 * Source: Irwin (1949); Royston, Parmar (2013), BMC Medical Research Methodology 13:152; Uno et al. (2014), J. Clin. Oncol. 32, appendix.
 * Pinned by a second calculation over the grid of all times in survival.test.ts.
 */
export function restrictedMeanDifference({ time, event, treatment, horizon, confidence = 0.95 }: FollowUp & {
  readonly treatment: Uint8Array
  readonly horizon: number
  readonly confidence?: number
}): RestrictedMeanDifference {
  checkFollowUp({ time, event })
  checkTreatment(treatment, time.length)
  if (!(horizon > 0) || !Number.isFinite(horizon)) throw new TypeError(`The horizon is a time above zero, not ${horizon}.`)
  const [control, treated] = [0, 1].map((arm) => restrictedMean({ time, event }, rowsOf(treatment, arm), horizon, arm)) as [Mean, Mean]
  const estimate = treated.mean - control.mean
  const std_error = Math.sqrt(treated.variance + control.variance)
  const z = normalQuantile(0.5 + confidence / 2)
  const statistic = estimate / std_error
  return Object.freeze({
    estimate,
    std_error,
    statistic,
    p_value: 2 * normalUpper(Math.abs(statistic)),
    conf_low: estimate - z * std_error,
    conf_high: estimate + z * std_error,
    means: Object.freeze([control.mean, treated.mean] as const),
    horizon,
    n: time.length,
  })
}

interface Mean {
  readonly mean: number
  readonly variance: number
}

function restrictedMean(followUp: FollowUp, rows: Int32Array, horizon: number, arm: number): Mean {
  const curve = kaplanMeier(followUp, rows)
  const last = curve.time.length - 1
  if (curve.time[last]! < horizon && curve.survival[last]! > 0) throw fault.horizon_beyond_data({ arm, horizon, last: curve.time[last]! })
  let end = 0
  while (end <= last && curve.time[end]! <= horizon) end++
  // From the horizon back, so that each event time meets the area to its right.
  let area = 0
  let variance = 0
  for (let j = end - 1; j >= 0; j--) {
    area += curve.survival[j]! * ((j + 1 < end ? curve.time[j + 1]! : horizon) - curve.time[j]!)
    const d = curve.events[j]!
    const at = curve.at_risk[j]!
    if (d > 0 && at > d) variance += (area * area * d) / (at * (at - d))
  }
  return { mean: area + (end > 0 ? curve.time[0]! : horizon), variance }
}

/** Rows in the order of blocks, and inside a block from the latest time to the earliest. */
export function byTime(time: Float64Array, blocks?: Int32Array): Int32Array {
  const order = Int32Array.from({ length: time.length }, (_, i) => i)
  return blocks === undefined
    ? order.sort((a, b) => time[b]! - time[a]! || a - b)
    : order.sort((a, b) => blocks[a]! - blocks[b]! || time[b]! - time[a]! || a - b)
}

export function checkFollowUp({ time, event }: FollowUp): void {
  if (time.length !== event.length) throw new TypeError('There must be one time and one event mark per row.')
  if (time.length === 0) throw fault.no_rows()
  for (let i = 0; i < time.length; i++) {
    if (!Number.isFinite(time[i]!)) throw fault.not_a_number({ what: 'A time', place: i + 1 })
    if (time[i]! < 0) throw fault.time_negative({ row: i + 1 })
    if (event[i]! > 1) throw new TypeError('An event mark is 0 or 1.')
  }
}

function checkTreatment(treatment: Uint8Array, n: number): void {
  if (treatment.length !== n) throw new TypeError('There must be one treatment value per row.')
  const units = [0, 0]
  for (let i = 0; i < n; i++) {
    if (treatment[i]! > 1) throw fault.treatment_not_binary({ row: i + 1 })
    units[treatment[i]!]! += 1
  }
  for (const arm of [0, 1]) if (units[arm] === 0) throw fault.arm_too_small({ arm, units: 0, needed: 1 })
}

function rowsOf(treatment: Uint8Array, arm: number): Int32Array {
  return Int32Array.from({ length: treatment.length }, (_, i) => i).filter((i) => treatment[i] === arm)
}

function stepsOf({ time, event }: FollowUp, rows?: Int32Array): Pick<SurvivalCurve, 'time' | 'at_risk' | 'events' | 'censored'> {
  const order = (rows === undefined ? Int32Array.from({ length: time.length }, (_, i) => i) : rows.slice()).sort((a, b) => time[a]! - time[b]! || a - b)
  if (order.length === 0) throw fault.no_rows()
  const times: number[] = []
  const at_risk: number[] = []
  const events: number[] = []
  const censored: number[] = []
  for (let i = 0; i < order.length; ) {
    const t = time[order[i]!]!
    let d = 0
    let j = i
    for (; j < order.length && time[order[j]!] === t; j++) d += event[order[j]!]!
    times.push(t)
    at_risk.push(order.length - i)
    events.push(d)
    censored.push(j - i - d)
    i = j
  }
  return { time: Float64Array.from(times), at_risk: Float64Array.from(at_risk), events: Float64Array.from(events), censored: Float64Array.from(censored) }
}
