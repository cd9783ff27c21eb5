import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { remission } from '#test/remission'
import { kaplanMeier, logRank, restrictedMeanDifference } from './survival.ts'

const columns = { time: 'time', event: 'event', treatment: 'treatment' }
const near = (a: number, b: number, digits: number, what = ''): void => assert.ok(Math.abs(a - b) <= 0.5 * 10 ** -digits + 1e-12, `${what} ${a} is not ${b}`)

test('Kaplan-Meier and Greenwood for the remission data as published', () => {
  // Collett (2003), Modelling Survival Data, and Kleinbaum, Klein (2012), Survival Analysis, table 2.3 give these for 6-MP.
  const curve = kaplanMeier(remission, { ...columns, by: 'treatment' }).find((c) => c.group === 1)!
  const at = (t: number) => curve.time.findIndex((x) => x === t)
  for (const [t, risk, events, s] of [[6, 21, 3, 0.8571], [7, 17, 1, 0.8067], [10, 15, 1, 0.7529], [13, 12, 1, 0.6902], [16, 11, 1, 0.6275], [22, 7, 1, 0.5378], [23, 6, 1, 0.4482]] as const) {
    assert.equal(curve.atRisk[at(t)], risk)
    assert.equal(curve.events[at(t)], events)
    near(curve.survival[at(t)]!, s, 4, `survival at ${t}`)
  }
  for (const [t, se] of [[6, 0.0764], [7, 0.0869], [10, 0.0963], [13, 0.1068], [16, 0.1141], [22, 0.1282], [23, 0.1346]] as const) near(curve.stdError[at(t)]!, se, 4, `error at ${t}`)
  for (let j = 0; j < curve.time.length; j++) {
    assert.ok(curve.confLow[j]! >= 0 && curve.confLow[j]! <= curve.survival[j]! && curve.survival[j]! <= curve.confHigh[j]! && curve.confHigh[j]! <= 1)
  }
})

test('without censoring the curve is one minus the share that had the event, and Greenwood is the binomial error', () => {
  const time = Float64Array.of(3, 1, 2, 2, 5)
  const curve = kaplanMeier({ time, event: Uint8Array.of(1, 1, 1, 1, 1) }, columns)[0]!
  assert.deepEqual([...curve.time], [1, 2, 3, 5])
  for (const [j, s] of [0.8, 0.4, 0.2, 0].entries()) {
    near(curve.survival[j]!, s, 12)
    near(curve.stdError[j]!, Math.sqrt((s * (1 - s)) / 5), 12)
  }
})

test('log-rank test of the remission data as published: 16.79', () => {
  // Kleinbaum, Klein (2012), section 2.IV: observed 9 and 21, expected 19.25 and 10.75, O − E variance 6.2570, statistic 16.793.
  const result = logRank(remission, columns)
  assert.equal(result.options['observed'], 9)
  near(Number(result.options['expected']), 19.25, 2)
  near(result.std_error! ** 2, 6.257, 3)
  near(result.statistic!, 16.793, 3)
  assert.equal(result.n, 42)
})

test('inside blocks the log-rank sums are added up', () => {
  const g = generator(11, 'logrank')
  const n = 300
  const time = Float64Array.from({ length: n }, () => Math.ceil(g.exponential() * 10))
  const event = Uint8Array.from({ length: n }, () => g.below(4) === 0 ? 0 : 1)
  const treatment = Uint8Array.from({ length: n }, () => g.below(2))
  const blocks = Int32Array.from({ length: n }, () => g.below(3))
  const whole = logRank({ time, event, treatment, blocks }, { ...columns, blocks: 'blocks' })
  let difference = 0
  let variance = 0
  for (let b = 0; b < 3; b++) {
    const rows = [...blocks.keys()].filter((i) => blocks[i] === b)
    const part = logRank({ time: Float64Array.from(rows, (i) => time[i]!), event: Uint8Array.from(rows, (i) => event[i]!), treatment: Uint8Array.from(rows, (i) => treatment[i]!) }, columns)
    difference += part.estimate
    variance += part.std_error! ** 2
  }
  near(whole.statistic!, difference ** 2 / variance, 10)
})

test('the restricted mean is the area under the curve, its error that of the sum over event times', () => {
  const horizon = 20
  const result = restrictedMeanDifference(remission, { ...columns, horizon })
  // Second calculation: Riemann sum on a fine grid for the mean, the definition for the variance.
  const arms = [0, 1].map((arm) => {
    const curve = kaplanMeier(remission, { ...columns, by: 'treatment' }).find((c) => c.group === arm)!
    const survivalAt = (t: number): number => {
      let s = 1
      for (const [j, x] of curve.time.entries()) if (x <= t) s = curve.survival[j]!
      return s
    }
    // All times are whole numbers, so unit steps are exact.
    const area = (from: number): number => {
      let sum = 0
      for (let t = from; t < horizon; t++) sum += survivalAt(t)
      return sum
    }
    let variance = 0
    for (const [j, t] of curve.time.entries()) {
      if (t <= horizon && curve.events[j]! > 0 && curve.atRisk[j]! > curve.events[j]!) variance += (area(t) ** 2 * curve.events[j]!) / (curve.atRisk[j]! * (curve.atRisk[j]! - curve.events[j]!))
    }
    return { mean: area(0), variance }
  })
  near(Number(result.options['mean_control']), arms[0]!.mean, 10)
  near(Number(result.options['mean_treated']), arms[1]!.mean, 10)
  near(result.estimate, arms[1]!.mean - arms[0]!.mean, 10)
  near(result.std_error!, Math.sqrt(arms[0]!.variance + arms[1]!.variance), 10)
})

test('without censoring before the horizon the restricted mean is the mean of min(time, horizon), with the error of a mean', () => {
  const g = generator(12, 'rmst')
  const n = 400
  const time = Float64Array.from({ length: n }, () => g.exponential())
  const treatment = Uint8Array.from({ length: n }, (_, i) => i % 2)
  const event = Uint8Array.from({ length: n }, () => 1)
  const horizon = 1.5
  const result = restrictedMeanDifference({ time, event, treatment }, { ...columns, horizon })
  const cut = [0, 1].map((arm) => [...time].filter((_, i) => treatment[i] === arm).map((t) => Math.min(t, horizon)))
  const mean = cut.map((list) => list.reduce((s, t) => s + t, 0) / list.length)
  const variance = cut.map((list, arm) => list.reduce((s, t) => s + (t - mean[arm]!) ** 2, 0) / list.length / list.length)
  near(result.estimate, mean[1]! - mean[0]!, 10)
  near(result.std_error!, Math.sqrt(variance[0]! + variance[1]!), 10)
})

test('what cannot be answered is refused with a code', () => {
  const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted
  const three = { time: Float64Array.of(1, 2, 3), event: Uint8Array.of(0, 0, 0), treatment: Uint8Array.of(0, 1, 1) }
  assert.throws(() => logRank(three, columns), code('causal.no_events'))
  assert.throws(() => kaplanMeier({ time: Float64Array.of(-1), event: Uint8Array.of(1) }, columns), code('causal.time_negative'))
  assert.throws(() => kaplanMeier({ time: Float64Array.of(Number.NaN), event: Uint8Array.of(1) }, columns), code('causal.not_finite'))
  assert.throws(() => kaplanMeier({ time: Float64Array.of(1), event: Uint8Array.of(2) }, columns), code('causal.not_zero_one'))
  assert.throws(() => kaplanMeier({ time: new Float64Array(), event: new Uint8Array() }, columns), code('causal.no_rows'))
  assert.throws(() => kaplanMeier(three, { time: 'when', event: 'event' }), code('causal.no_column'))
  assert.throws(() => restrictedMeanDifference(three, { ...columns, horizon: 2.5 }), code('causal.horizon_beyond_data'))
  assert.throws(() => logRank({ ...three, treatment: Uint8Array.of(1, 1, 1) }, columns), code('causal.one_arm'))
  assert.throws(() => logRank({ ...three, treatment: Uint8Array.of(0, 1, 2) }, columns), code('causal.unknown_arm'))
})
