import type { Generator } from '#kernel/numeric'
import { fault } from './faults.ts'

/** Corrections for several tests: three hold the chance of any false finding (family-wise), two the expected share of false ones among the findings. */
export const adjustments = ['bonferroni', 'holm', 'bh', 'by'] as const
export type Adjustment = (typeof adjustments)[number]

/**
 * p-values adjusted for being one of k in a family; compare each with the level as it is.
 * With p_(1) <= ... <= p_(k):
 *
 *   bonferroni  min(1, k p)
 *   holm        max over j <= i of min(1, (k − j + 1) p_(j))
 *   bh          min over j >= i of min(1, (k / j) p_(j))
 *   by          min over j >= i of min(1, (k / j) p_(j) Σ_{m=1..k} 1/m)
 *
 * Bonferroni and Holm hold the family-wise error under any dependence, BH the false discovery rate under independence or positive
 * dependence, BY under any. Holm is never worse than Bonferroni.
 *
 * @param p_values  k numbers in [0, 1], in any order
 * @returns k adjusted p-values in the same order
 * @throws Fault 'causal.p_value_refused' for a value that is not in [0, 1]
 * Source: Holm (1979); Benjamini, Hochberg (1995), procedure (1); Benjamini, Yekutieli (2001), theorem 1.3.
 * Pinned by the `multiple_testing` rows of shared/data/reference (R's p.adjust).
 */
export function adjustPValues(p_values: ArrayLike<number>, adjustment: Adjustment): Float64Array {
  const k = p_values.length
  for (let i = 0; i < k; i++) {
    const p = p_values[i]!
    if (!(p >= 0 && p <= 1)) throw fault.p_value_refused({ place: i + 1, value: p })
  }
  const rising = Array.from({ length: k }, (_, i) => i).sort((a, b) => p_values[a]! - p_values[b]! || a - b)
  const out = new Float64Array(k)
  switch (adjustment) {
    case 'bonferroni':
      for (let i = 0; i < k; i++) out[i] = Math.min(1, k * p_values[i]!)
      return out
    case 'holm': {
      let highest = 0
      for (const [j, i] of rising.entries()) {
        highest = Math.max(highest, Math.min(1, (k - j) * p_values[i]!))
        out[i] = highest
      }
      return out
    }
    case 'bh':
    case 'by': {
      let harmonic = 1
      if (adjustment === 'by') for (let m = 2; m <= k; m++) harmonic += 1 / m
      let lowest = 1
      for (let j = k - 1; j >= 0; j--) {
        const i = rising[j]!
        lowest = Math.min(lowest, ((harmonic * k) / (j + 1)) * p_values[i]!)
        out[i] = lowest
      }
      return out
    }
    default:
      throw new TypeError(`"${String(adjustment satisfies never)}" is not an adjustment.`)
  }
}

/**
 * Step-down p-values of Romano and Wolf from statistics and their resampled values under the null.
 * With |t_(1)| >= ... >= |t_(k)|:
 *
 *   p_(i) = (1 + #{b : max over j >= i of |t*_(j)b| >= |t_(i)|}) / (B + 1),  then p_(i) = max(p_(i), p_(i−1))
 *
 * Holds the family-wise error and, unlike Holm, uses that the outcomes go together: with strongly correlated outcomes little is lost.
 *
 * @param statistics  k observed t statistics
 * @param resampled   B·k centred statistics, one draw after the other (draw b, test j at b·k + j)
 * @returns k adjusted p-values in the order of `statistics`, and their Monte Carlo standard errors √(p (1 − p) / (B + 1))
 * @throws Fault 'causal.not_a_number' for a statistic that is not a number
 * Source: Romano, Wolf (2005), Econometrica 73, algorithm 4.1; (2016), Statistics and Probability Letters 113, section 3 for the p-values.
 * Pinned by the `multiple_testing` rows of shared/data/reference, within Monte Carlo error.
 */
export function romanoWolf(statistics: ArrayLike<number>, resampled: Float64Array): { readonly p_values: Float64Array; readonly mc_std_errors: Float64Array } {
  const k = statistics.length
  if (k === 0 || resampled.length === 0 || resampled.length % k !== 0) throw new TypeError(`${resampled.length} resampled statistics do not make whole draws of ${k}.`)
  for (let i = 0; i < k; i++) if (Number.isNaN(statistics[i]!)) throw fault.not_a_number({ what: 'A test statistic', place: i + 1 })
  const draws = resampled.length / k
  const falling = Array.from({ length: k }, (_, i) => i).sort((a, b) => Math.abs(statistics[b]!) - Math.abs(statistics[a]!) || a - b)
  const reached = new Float64Array(k)
  for (let b = 0; b < draws; b++) {
    let highest = 0
    for (let j = k - 1; j >= 0; j--) {
      const i = falling[j]!
      const t = Math.abs(resampled[b * k + i]!)
      // A draw whose statistic cannot be computed counts against the finding, never for it.
      if (!(t <= highest)) highest = Number.isNaN(t) ? Number.POSITIVE_INFINITY : t
      if (highest >= Math.abs(statistics[i]!)) reached[i]! += 1
    }
  }
  const p_values = new Float64Array(k)
  let highest = 0
  for (const i of falling) {
    highest = Math.max(highest, (1 + reached[i]!) / (draws + 1))
    p_values[i] = highest
  }
  return Object.freeze({ p_values, mc_std_errors: p_values.map((p) => Math.sqrt((p * (1 - p)) / (draws + 1))) })
}

/**
 * Differences in means of several outcomes, their t statistics, and B bootstrap draws of the centred t statistics, the same rows for all
 * outcomes so that their dependence is kept.
 *
 *   t_j  = d_j / se_j     d_j = Σ_b (n_b / n) (ȳ_1b − ȳ_0b)     se_j² = Σ_b (n_b / n)² (s²_1b / n_1b + s²_0b / n_0b)
 *   t*_j = (d*_j − d_j) / se*_j, rows drawn with replacement inside each arm of each block
 *
 * With clusters, outcomes are totalled by cluster and the same is done on totals over arm means (Hájek residuals):
 * se² = Σ_arm G/(G − 1) Σ_g (Σ_{i in g} (y_i − ȳ_arm))² / n_arm², whole clusters drawn with replacement inside each arm.
 *
 * @param outcomes   k arrays of n values each, complete cases
 * @param treatment  n values, 0 or 1
 * @param blocks     n block numbers 0, 1, ...; not together with clusters
 * @param clusters   n cluster numbers 0, 1, ...; each wholly in one arm
 * @returns statistics (k) and resampled (draws·k), as `romanoWolf` takes them
 * @throws Fault 'causal.arm_too_small' when an arm (of a block) has fewer than two units; 'causal.cluster_split' when a cluster has both arms
 * Pinned as `romanoWolf`.
 */
export function bootstrapDifferences({ outcomes, treatment, blocks, clusters, draws, random }: {
  readonly outcomes: readonly Float64Array[]
  readonly treatment: Uint8Array
  readonly blocks?: Int32Array | undefined
  readonly clusters?: Int32Array | undefined
  readonly draws: number
  readonly random: Generator
}): { readonly statistics: Float64Array; readonly resampled: Float64Array; readonly estimates: Float64Array; readonly std_errors: Float64Array } {
  const n = treatment.length
  const k = outcomes.length
  if (k === 0 || outcomes.some((y) => y.length !== n)) throw new TypeError('Every outcome needs one value per row.')
  if (blocks !== undefined && clusters !== undefined) throw new TypeError('The bootstrap takes blocks or clusters, not both.')
  if (!Number.isSafeInteger(draws) || draws < 1) throw new TypeError(`${draws} is not a number of draws.`)
  for (const y of outcomes) {
    const row = y.findIndex((v) => !Number.isFinite(v))
    if (row >= 0) throw fault.not_a_number({ what: 'An outcome', place: row + 1 })
  }
  const cells = cellsOf(outcomes, treatment, blocks, clusters)
  const estimates = new Float64Array(k)
  const std_errors = new Float64Array(k)
  differences(cells, k, undefined, estimates, std_errors)
  const statistics = estimates.map((d, j) => d / std_errors[j]!)
  const resampled = new Float64Array(draws * k)
  const d = new Float64Array(k)
  const se = new Float64Array(k)
  for (let b = 0; b < draws; b++) {
    differences(cells, k, random, d, se)
    for (let j = 0; j < k; j++) resampled[b * k + j] = (d[j]! - estimates[j]!) / se[j]!
  }
  return Object.freeze({ statistics, resampled, estimates, std_errors })
}

/** One arm of one block: its units (rows, or clusters as size and totals), the weight of its block and the sign of its mean. */
interface Cell {
  readonly units: number
  /** Rows of each unit; 1 unless units are clusters. */
  readonly sizes: Float64Array
  /** units·k totals, one unit after the other. */
  readonly totals: Float64Array
  readonly weight: number
  readonly sign: 1 | -1
}

function cellsOf(outcomes: readonly Float64Array[], treatment: Uint8Array, blocks: Int32Array | undefined, clusters: Int32Array | undefined): readonly Cell[] {
  const n = treatment.length
  const k = outcomes.length
  const blockCount = blocks === undefined ? 1 : blocks.reduce((most, b) => Math.max(most, b), -1) + 1
  const blockRows = new Float64Array(blockCount)
  const clusterCount = clusters === undefined ? n : clusters.reduce((most, g) => Math.max(most, g), -1) + 1
  const cellOfUnit = new Int32Array(clusterCount).fill(-1)
  for (let i = 0; i < n; i++) {
    if (treatment[i]! > 1) throw fault.treatment_not_binary({ row: i + 1 })
    const block = blocks === undefined ? 0 : blocks[i]!
    const cell = 2 * block + treatment[i]!
    const unit = clusters === undefined ? i : clusters[i]!
    if (cellOfUnit[unit] !== -1 && cellOfUnit[unit] !== cell) throw fault.cluster_split({ cluster: unit })
    cellOfUnit[unit] = cell
    blockRows[block]! += 1
  }
  const place = new Int32Array(clusterCount)
  const counts = new Int32Array(2 * blockCount)
  for (let u = 0; u < clusterCount; u++) if (cellOfUnit[u]! >= 0) place[u] = counts[cellOfUnit[u]!]!++
  const cells = Array.from(counts, (units, c): Cell => {
    if (blockRows[c >> 1] !== 0 && units < 2) throw fault.arm_too_small({ arm: c & 1, units, needed: 2 })
    return { units, sizes: new Float64Array(units), totals: new Float64Array(units * k), weight: blockRows[c >> 1]! / n, sign: (c & 1) === 1 ? 1 : -1 }
  })
  for (let i = 0; i < n; i++) {
    const unit = clusters === undefined ? i : clusters[i]!
    const cell = cells[cellOfUnit[unit]!]!
    const at = place[unit]!
    cell.sizes[at]! += 1
    for (let j = 0; j < k; j++) cell.totals[at * k + j]! += outcomes[j]![i]!
  }
  return cells.filter((cell) => cell.units > 0)
}

/** Block-weighted differences and their squared-error roots, of the units themselves or (with `random`) of a draw with replacement. */
function differences(cells: readonly Cell[], k: number, random: Generator | undefined, estimates: Float64Array, std_errors: Float64Array): void {
  estimates.fill(0)
  std_errors.fill(0)
  const mean = new Float64Array(k)
  const square = new Float64Array(k)
  for (const { units, sizes, totals, weight, sign } of cells) {
    const chosen = new Int32Array(units)
    let rows = 0
    mean.fill(0)
    square.fill(0)
    for (let u = 0; u < units; u++) {
      const at = random === undefined ? u : random.below(units)
      chosen[u] = at
      rows += sizes[at]!
      for (let j = 0; j < k; j++) mean[j]! += totals[at * k + j]!
    }
    for (let j = 0; j < k; j++) mean[j]! /= rows
    for (let u = 0; u < units; u++) {
      const at = chosen[u]!
      for (let j = 0; j < k; j++) {
        const e = totals[at * k + j]! - sizes[at]! * mean[j]!
        square[j]! += e * e
      }
    }
    for (let j = 0; j < k; j++) {
      estimates[j]! += sign * weight * mean[j]!
      std_errors[j]! += (weight * weight * (units / (units - 1)) * square[j]!) / (rows * rows)
    }
  }
  for (let j = 0; j < k; j++) std_errors[j] = Math.sqrt(std_errors[j]!)
}
