import { normalQuantile, type Generator } from '#kernel/numeric'
import { Codes, column, type Columns } from '../columns.ts'
import { finiteColumn } from '../design.ts'
import type { Estimate } from '../estimate.ts'
import { fault } from '../faults.ts'
import { quantile7 } from '../quantile.ts'
import { normalRow, plainRow } from '../row.ts'

export interface Targeting {
  /** Column of doubly robust scores of the effect. */
  readonly score: string
  /** Column by which people would be treated, highest first; made without the rows' own outcomes. */
  readonly priority: string
  /** Column of weights of rows, above zero. */
  readonly weights?: string
  /** Column of clusters, drawn into a half as a whole. */
  readonly clusters?: string
  /** Shares of people at which the curve is told; 0.1, 0.2, ... 1 where absent, as in grf. */
  readonly shares?: readonly number[]
  /** Half-samples for the errors; 200 where absent, as in grf. */
  readonly draws?: number
  readonly random: Generator
  readonly confidence?: number
}

export interface Rate extends Targeting {
  readonly target: 'autoc' | 'qini'
}

export interface TargetingCurve {
  readonly autoc: Estimate
  readonly qini: Estimate
  /** The curve at each share, with intervals for each point alone; the share is among the options. */
  readonly toc: readonly Estimate[]
  /** How many errors either way hold the whole curve at once: the band. */
  readonly band: number
}

/**
 * How much more those gain who come first in a priority than all do: zero where the priority says nothing about the effect.
 *
 *   TOC(u)  mean score of the first u of the people − mean score of all
 *   autoc   (1/n) Σ_u TOC(u);   qini   (1/n) Σ_u (u/n) TOC(u)
 *   error   standard deviation over draws of half of the rows, or of the clusters, without replacement
 *   band    quantile over draws of max_u |TOC_b(u) − mean TOC_b(u)| / error(u)
 *
 * People of one priority share the mean of their scores, so that their order in the file does not matter. With weights g, u is Σ g of the first over Σ g.
 *
 * @throws Fault 'causal.too_few' with fewer than 4 rows or clusters; 'causal.weight_not_positive'; those of columns
 * Source: Yadlowsky, Fleming, Shah, Brunskill, Wager (2025), JASA 120.
 * Pinned by `autoc_*`, `qini_*` in shared/data/reference/*.grf.json, in grf.test.ts.
 */
export function targetingCurve(data: Columns, spec: Targeting): TargetingCurve {
  const n = column(data, spec.score).length
  const score = finiteColumn(data, spec.score, n)
  const priority = finiteColumn(data, spec.priority, n)
  const weights = spec.weights === undefined ? new Float64Array(n).fill(1) : finiteColumn(data, spec.weights, n)
  const light = weights.findIndex((v) => !(v > 0))
  if (light >= 0) throw fault.weight_not_positive({ column: spec.weights!, row: light + 1, value: weights[light]! })
  const labels = new Codes()
  const unit = spec.clusters === undefined ? Int32Array.from({ length: n }, (_, i) => i) : labels.codesOf(data, spec.clusters)
  const units = spec.clusters === undefined ? n : labels.size
  if (unit.length !== n) throw new TypeError('The clusters have another number of rows than the scores.')
  if (units < 4) throw fault.too_few({ n: units, needed: 4 })
  const { draws = 200, shares = tenths, confidence = 0.95 } = spec
  if (!Number.isSafeInteger(draws) || draws < 2) throw new TypeError(`${draws} is not a number of draws.`)
  if (!shares.every((share, k) => share > (shares[k - 1] ?? 0) && share <= 1)) throw new TypeError('Shares ascend and lie above 0 and up to 1.')
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => priority[b]! - priority[a]!)
  const sorted = { score: Float64Array.from(order, (i) => score[i]!), weight: Float64Array.from(order, (i) => weights[i]!), unit: Int32Array.from(order, (i) => unit[i]!), starts: startsOf(order, priority) }
  const inside = new Uint8Array(units).fill(1)
  const whole = areas(sorted, inside, shares)
  const all = Int32Array.from({ length: units }, (_, u) => u)
  const halves = Array.from({ length: draws }, (_, b) => {
    inside.fill(0)
    for (const u of spec.random.split(`half ${b}`).shuffle(all.slice()).subarray(0, units >> 1)) inside[u] = 1
    return areas(sorted, inside, shares)
  })
  const spread = Array.from(whole, (_, k) => {
    const mean = halves.reduce((total, half) => total + half[k]!, 0) / draws
    return { mean, error: Math.sqrt(halves.reduce((total, half) => total + (half[k]! - mean) ** 2, 0) / (draws - 1)) }
  })
  const furthest = Float64Array.from(halves, (half) => shares.reduce((most, _, k) => (spread[k + 2]!.error > tiny ? Math.max(most, Math.abs(half[k + 2]! - spread[k + 2]!.mean) / spread[k + 2]!.error) : most), 0)).sort()
  const options = { draws, clustered: spec.clusters !== undefined, weighted: spec.weights !== undefined }
  const rowOf = (name: string, k: number, more = {}): Estimate => {
    const row = { estimator: `rate.${name}`, options: { ...options, ...more }, formula: spec.priority, term: spec.score, estimate: whole[k]!, n }
    // One priority for all orders nobody: zero without an error.
    return spread[k]!.error > tiny ? normalRow({ ...row, std_error: spread[k]!.error }, confidence) : plainRow(row)
  }
  return Object.freeze({
    autoc: rowOf('autoc', 0),
    qini: rowOf('qini', 1),
    // At a share of 1 the curve is zero by its making: no row with an error.
    toc: Object.freeze(shares.flatMap((share, k) => (share < 1 ? [rowOf('toc', k + 2, { share })] : []))),
    band: Math.max(quantile7(furthest, confidence), normalQuantile((1 + confidence) / 2)),
  })
}

/** One of the areas alone, see `targetingCurve`. */
export function rate(data: Columns, spec: Rate): Estimate {
  return targetingCurve(data, spec)[spec.target]
}

const tenths: readonly number[] = Array.from({ length: 10 }, (_, k) => (k + 1) / 10)
const tiny = 1e-15

/** First place of each group of one priority, and the end. */
function startsOf(order: Int32Array, priority: Float64Array): Int32Array {
  const starts = Array.from(order.keys()).filter((k) => k === 0 || priority[order[k]!] !== priority[order[k - 1]!])
  return Int32Array.from([...starts, order.length])
}

/** autoc, qini and the curve at the shares, over the units inside. */
function areas(of: { readonly score: Float64Array; readonly weight: Float64Array; readonly unit: Int32Array; readonly starts: Int32Array }, inside: Uint8Array, shares: readonly number[]): Float64Array {
  const { score, weight, unit, starts } = of
  let total = 0
  let sum = 0
  for (let i = 0; i < score.length; i++) {
    if (inside[unit[i]!] === 0) continue
    total += weight[i]!
    sum += weight[i]! * score[i]!
  }
  const mean = sum / total
  const out = new Float64Array(2 + shares.length)
  let seen = 0
  let before = 0
  let next = 0
  for (let t = 0; t + 1 < starts.length; t++) {
    let own = 0
    let heavy = 0
    for (let i = starts[t]!; i < starts[t + 1]!; i++) {
      if (inside[unit[i]!] === 0) continue
      own += weight[i]! * score[i]!
      heavy += weight[i]!
    }
    if (heavy === 0) continue
    const each = own / heavy
    for (; next < shares.length && shares[next]! * total <= seen + heavy + 1e-9 * total; next++) {
      const reach = shares[next]! * total
      out[next + 2] = (before + each * (reach - seen)) / reach - mean
    }
    let at = seen
    for (let i = starts[t]!; i < starts[t + 1]!; i++) {
      if (inside[unit[i]!] === 0) continue
      at += weight[i]!
      const toc = (before + each * (at - seen)) / at - mean
      out[0]! += weight[i]! * toc
      out[1]! += weight[i]! * (at / total) * toc
    }
    seen += heavy
    before += own
  }
  out[0]! /= total
  out[1]! /= total
  return out
}
