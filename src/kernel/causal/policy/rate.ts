import type { Generator } from '#kernel/numeric'
import { Codes, column, type Columns } from '../columns.ts'
import { finiteColumn } from '../design.ts'
import type { Estimate } from '../estimate.ts'
import { fault } from '../faults.ts'
import { normalRow } from '../row.ts'

export interface Rate {
  /** Column of doubly robust scores of the effect. */
  readonly score: string
  /** Column by which people would be treated, highest first; made without the rows' own outcomes. */
  readonly priority: string
  readonly target: 'autoc' | 'qini'
  /** Column of clusters, drawn into a half as a whole. */
  readonly clusters?: string
  /** Half-samples for the error; 200 where absent, as in grf. */
  readonly draws?: number
  readonly random: Generator
  readonly confidence?: number
}

/**
 * How much more those gain who come first in a priority than all do: zero where the priority says nothing about the effect.
 *
 *   TOC(u)  mean score of the first u rows − mean score of all
 *   autoc   (1/n) Σ_u TOC(u);   qini   (1/n) Σ_u (u/n) TOC(u)
 *   error   standard deviation over draws of half of the rows, or of the clusters, without replacement
 *
 * Rows of one priority share the mean of their scores, so that their order in the file does not matter.
 *
 * @throws Fault 'causal.too_few' with fewer than 4 rows or clusters; those of columns
 * Source: Yadlowsky, Fleming, Shah, Brunskill, Wager (2025), JASA 120.
 * Pinned by its laws in rate.test.ts.
 */
export function rate(data: Columns, spec: Rate): Estimate {
  const n = column(data, spec.score).length
  const score = finiteColumn(data, spec.score, n)
  const priority = finiteColumn(data, spec.priority, n)
  const labels = new Codes()
  const unit = spec.clusters === undefined ? Int32Array.from({ length: n }, (_, i) => i) : labels.codesOf(data, spec.clusters)
  const units = spec.clusters === undefined ? n : labels.size
  if (unit.length !== n) throw new TypeError('The clusters have another number of rows than the scores.')
  if (units < 4) throw fault.too_few({ n: units, needed: 4 })
  const { draws = 200 } = spec
  if (!Number.isSafeInteger(draws) || draws < 2) throw new TypeError(`${draws} is not a number of draws.`)
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => priority[b]! - priority[a]!)
  const inside = new Uint8Array(units).fill(1)
  const statistic = (): number => {
    const rows = order.filter((i) => inside[unit[i]!] === 1)
    const mean = rows.reduce((total, i) => total + score[i]!, 0) / rows.length
    let sum = 0
    let area = 0
    for (let i = 0; i < rows.length; ) {
      let j = i
      let own = 0
      for (; j < rows.length && priority[rows[j]!] === priority[rows[i]!]; j++) own += score[rows[j]!]!
      for (let u = i + 1; u <= j; u++) {
        sum += own / (j - i)
        area += (sum / u - mean) * (spec.target === 'qini' ? u / rows.length : 1)
      }
      i = j
    }
    return area / rows.length
  }
  const estimate = statistic()
  const all = Int32Array.from({ length: units }, (_, u) => u)
  const halves = Array.from({ length: draws }, (_, b) => {
    inside.fill(0)
    for (const u of spec.random.split(`half ${b}`).shuffle(all.slice()).subarray(0, units >> 1)) inside[u] = 1
    return statistic()
  })
  const mean = halves.reduce((total, v) => total + v, 0) / draws
  const std_error = Math.sqrt(halves.reduce((total, v) => total + (v - mean) ** 2, 0) / (draws - 1))
  return normalRow({ estimator: `rate.${spec.target}`, options: { draws, clustered: spec.clusters !== undefined }, formula: spec.priority, term: spec.score, estimate, std_error, n }, spec.confidence ?? 0.95)
}
