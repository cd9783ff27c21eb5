import { type Generator, studentTwoSided } from '#kernel/numeric'
import type { Columns } from './columns.ts'
import { finiteColumn, readTwoArms, type TwoArmDesign, type TwoArms } from './design.ts'
import type { Estimate } from './estimate.ts'
import { fault } from './faults.ts'
import { plainRow } from './row.ts'

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
 * @param pValues  k numbers in [0, 1], in any order
 * @returns k adjusted p-values in the same order
 * @throws Fault 'causal.p_value_refused' for a value that is not in [0, 1]
 * Source: Holm (1979); Benjamini, Hochberg (1995), procedure (1); Benjamini, Yekutieli (2001), theorem 1.3.
 * Pinned by the `multiple_testing` rows of shared/data/reference (R's p.adjust).
 */
export function adjustPValues(pValues: ArrayLike<number>, adjustment: Adjustment): Float64Array {
  const k = pValues.length
  for (let i = 0; i < k; i++) {
    const p = pValues[i]!
    if (!(p >= 0 && p <= 1)) throw fault.p_value_refused({ place: i + 1, value: p })
  }
  const rising = Array.from({ length: k }, (_, i) => i).sort((a, b) => pValues[a]! - pValues[b]! || a - b)
  const out = new Float64Array(k)
  switch (adjustment) {
    case 'bonferroni':
      for (let i = 0; i < k; i++) out[i] = Math.min(1, k * pValues[i]!)
      return out
    case 'holm': {
      let highest = 0
      for (const [j, i] of rising.entries()) {
        highest = Math.max(highest, Math.min(1, (k - j) * pValues[i]!))
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
        lowest = Math.min(lowest, ((harmonic * k) / (j + 1)) * pValues[i]!)
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
export function romanoWolf(statistics: ArrayLike<number>, resampled: Float64Array): { readonly pValues: Float64Array; readonly mcStdErrors: Float64Array } {
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
  const pValues = new Float64Array(k)
  let highest = 0
  for (const i of falling) {
    highest = Math.max(highest, (1 + reached[i]!) / (draws + 1))
    pValues[i] = highest
  }
  return Object.freeze({ pValues, mcStdErrors: pValues.map((p) => Math.sqrt((p * (1 - p)) / (draws + 1))) })
}

export interface Family extends TwoArms {
  readonly outcomes: readonly string[]
  /** Bootstrap draws; 4,000 give an adjusted p of 0.05 a Monte Carlo error of 0.0034. */
  readonly draws: number
  readonly random: Generator
}

/** The row of one test of a family with its adjusted p-values, named as in the reference files. */
export interface FamilyRow extends Estimate {
  readonly p_bonferroni: number
  readonly p_holm: number
  readonly p_bh: number
  readonly p_by: number
  readonly p_romano_wolf: number
}

/**
 * Tests a family of outcomes of one experiment and adjusts the p-values for it, in all five ways.
 *
 *   t_j  = d_j / se_j,  d_j = Σ_b (n_b / n) (ȳ_1b − ȳ_0b),  se_j² = Σ_b (n_b / n)² (s²_1b / n_1b + s²_0b / n_0b)
 *   p_j  = P(|T| > |t_j|) with n − 2B degrees of freedom for B blocks; with clusters their number instead of n
 *   Romano-Wolf: rows drawn with replacement inside each arm of each block, the same rows for all outcomes, t*_j = (d*_j − d_j) / se*_j
 *
 * With clusters whole clusters are drawn, and an arm's variance is Σ_g (Σ_{i in g} (y_i − ȳ_arm))² / (1 − n_g / n_arm) / n_arm², which is the one
 * above where clusters are rows.
 *
 * @throws Fault 'causal.arm_too_small' when an arm (of a block) has fewer than two units; 'causal.constant_column' when an outcome does not
 *   vary; 'causal.cluster_split' and the others of a design
 * Assumes that the draw was as said; Romano-Wolf, Holm and Bonferroni take any dependence between outcomes, Benjamini-Hochberg one that is not negative.
 * Source: as `adjustPValues` and `romanoWolf`.
 * Pinned by the `multiple_testing` rows of shared/data/reference; Romano-Wolf within Monte Carlo error.
 */
export function multipleTesting(data: Columns, spec: Family): { readonly estimates: readonly FamilyRow[] } {
  const { draws, random } = spec
  const k = spec.outcomes.length
  if (!Number.isSafeInteger(draws) || draws < 1) throw new TypeError(`${draws} is not a number of draws.`)
  if (k === 0) throw new TypeError('A family has at least one outcome.')
  const design = readTwoArms(data, spec)
  const cells = cellsOf(spec.outcomes.map((name) => finiteColumn(data, name, design.n)), design)
  const estimates = new Float64Array(k)
  const stdErrors = new Float64Array(k)
  differences(cells, k, undefined, estimates, stdErrors)
  for (let j = 0; j < k; j++) if (stdErrors[j] === 0) throw fault.constant_column({ column: spec.outcomes[j]! })
  const statistics = estimates.map((d, j) => d / stdErrors[j]!)
  const resampled = new Float64Array(draws * k)
  const d = new Float64Array(k)
  const se = new Float64Array(k)
  for (let b = 0; b < draws; b++) {
    differences(cells, k, random, d, se)
    for (let j = 0; j < k; j++) resampled[b * k + j] = (d[j]! - estimates[j]!) / se[j]!
  }
  const units = design.cluster === undefined ? design.n : design.clusterCount
  const df = units - 2 * design.blockCount
  const pValues = statistics.map((t) => studentTwoSided(t, df))
  const wolf = romanoWolf(statistics, resampled)
  const [bonferroni, holm, bh, by] = adjustments.map((adjustment) => adjustPValues(pValues, adjustment)) as [Float64Array, Float64Array, Float64Array, Float64Array]
  return Object.freeze({
    estimates: Object.freeze(
      spec.outcomes.map((outcome, j): FamilyRow =>
        Object.freeze({
          ...plainRow({
            estimator: 'multiple_testing',
            options: {
              family: spec.outcomes,
              t_df: df,
              se: design.cluster === undefined ? 'HC2 (two-sample, unpooled)' : 'CR2 (two-sample)',
              romano_wolf: { draws, seed: random.path.join('/'), scheme: 'bootstrap within arm, studentised, step-down', mc_std_error: wolf.mcStdErrors[j]! },
            },
            formula: `${outcome} ~ ${spec.treatment}`,
            term: design.term,
            estimate: estimates[j]!,
            std_error: stdErrors[j]!,
            statistic: statistics[j]!,
            p_value: pValues[j]!,
            n: design.n,
          }),
          p_bonferroni: bonferroni[j]!,
          p_holm: holm[j]!,
          p_bh: bh[j]!,
          p_by: by[j]!,
          p_romano_wolf: wolf.pValues[j]!,
        }),
      ),
    ),
  })
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

function cellsOf(outcomes: readonly Float64Array[], { n, arm, block, blockCount, cluster, clusterCount }: TwoArmDesign): readonly Cell[] {
  const k = outcomes.length
  const blockRows = new Float64Array(blockCount)
  const cellOfUnit = new Int32Array(cluster === undefined ? n : clusterCount)
  for (let i = 0; i < n; i++) {
    cellOfUnit[cluster === undefined ? i : cluster[i]!] = 2 * block[i]! + arm[i]!
    blockRows[block[i]!]! += 1
  }
  const counts = new Int32Array(2 * blockCount)
  const place = cellOfUnit.map((cell) => counts[cell]!++)
  const cells = Array.from(counts, (units, c): Cell => {
    if (units < 2) throw fault.arm_too_small({ arm: c & 1, units, needed: 2 })
    return { units, sizes: new Float64Array(units), totals: new Float64Array(units * k), weight: blockRows[c >> 1]! / n, sign: (c & 1) === 1 ? 1 : -1 }
  })
  for (let i = 0; i < n; i++) {
    const unit = cluster === undefined ? i : cluster[i]!
    const cell = cells[cellOfUnit[unit]!]!
    const at = place[unit]!
    cell.sizes[at]! += 1
    for (let j = 0; j < k; j++) cell.totals[at * k + j]! += outcomes[j]![i]!
  }
  return cells
}

/** Block-weighted differences and their squared-error roots, of the units themselves or (with `random`) of a draw with replacement. */
function differences(cells: readonly Cell[], k: number, random: Generator | undefined, estimates: Float64Array, stdErrors: Float64Array): void {
  estimates.fill(0)
  stdErrors.fill(0)
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
        square[j]! += (e * e) / (1 - sizes[at]! / rows)
      }
    }
    for (let j = 0; j < k; j++) {
      estimates[j]! += sign * weight * mean[j]!
      stdErrors[j]! += (weight * weight * square[j]!) / (rows * rows)
    }
  }
  for (let j = 0; j < k; j++) stdErrors[j] = Math.sqrt(stdErrors[j]!)
}
