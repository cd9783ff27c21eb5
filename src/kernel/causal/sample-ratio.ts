import { chiSquareUpper, logGamma } from '#kernel/numeric'
import type { Estimate } from './estimate.ts'
import { fault } from './faults.ts'
import { plainRow } from './row.ts'

/**
 * Tests once, at a time fixed beforehand, whether the arms have the planned sizes (sample ratio mismatch).
 *
 *   χ² = Σ_j (n_j − n π_j)² / (n π_j),  k − 1 degrees of freedom
 *
 * Looked at every day it cries wolf: at level 0.001 it gave a false alarm in 1.8% of studies of 180 days. For monitoring use
 * `sequentialSampleRatio`.
 *
 * @param counts   units per arm
 * @param planned  weights of the arms, in any scale, all above zero
 * @param arms     names of the arms, for the row's options
 * @throws Fault 'causal.count_refused', 'causal.plan_refused', 'causal.no_rows'
 * Source: Pearson (1900), Philosophical Magazine 50; Fabijan et al. (2019), KDD, on what a mismatch means.
 * Pinned by the `srm_chi_square` rows of shared/data/reference (R's chisq.test).
 */
export function sampleRatio(counts: ArrayLike<number>, planned: ArrayLike<number>, arms?: readonly string[]): Estimate {
  const { n, shares } = checkCounts(counts, planned)
  if (n === 0) throw fault.no_rows()
  let statistic = 0
  for (let j = 0; j < shares.length; j++) {
    const expected = n * shares[j]!
    statistic += (counts[j]! - expected) ** 2 / expected
  }
  const df = shares.length - 1
  return plainRow({
    estimator: 'srm_chi_square',
    options: { arms: arms ?? shares.map((_, j) => String(j)), counts: Array.from(counts), planned: shares },
    formula: '',
    term: 'arms',
    estimate: statistic,
    statistic,
    p_value: chiSquareUpper(statistic, df),
    df,
    n,
  })
}

export interface SequentialSampleRatio {
  /** Log of the Bayes factor against the plan at this look. */
  readonly logBayesFactor: number
  /** The highest so far, this look included; to be given back at the next look. */
  readonly highest: number
  /** min(1, exp(−highest)): valid at every look at once. */
  readonly pValue: number
  readonly alarm: boolean
  readonly n: number
}

/** The prior weight of the sequential test, in units: 100 was measured (experiments-and-nudges 1.4) to find a 51/49 split at 1,500 units a day in 31 days. */
const priorUnits = 100

/**
 * Tests at any number of looks whether the arms have the planned sizes: the chance of ever raising a false alarm is at most alpha.
 *
 *   log BF = ln Γ(c) − ln Γ(c + n) + Σ_j [ln Γ(c π_j + n_j) − ln Γ(c π_j)] − Σ_j n_j ln π_j
 *
 * the likelihood of the counts under a Dirichlet(c π) prior over that under the plan π: a martingale of mean one when the plan holds, so
 * that P(BF >= 1/α at any look) <= α (Ville). Alarm when the highest BF so far reaches 1/α.
 *
 * Assumes that units are drawn independently; permuted blocks keep closer to the plan than that, so there the test is conservative.
 *
 * @param counts   units per arm up to now
 * @param planned  weights of the arms, in any scale
 * @param options  alpha (0.001 is usual for this check), units (c, default 100), before (`highest` of the look before)
 * Source: Lindon, Malek (2022), Anytime-valid inference for multinomial count data, NeurIPS 35, section 3.
 * Pinned by its definition in sample-ratio.test.ts and by simulation in false-positives.test.ts: 1,000 looks, at most alpha.
 * @throws Fault 'causal.count_refused', 'causal.plan_refused'
 */
export function sequentialSampleRatio(
  counts: ArrayLike<number>,
  planned: ArrayLike<number>,
  { alpha = 0.001, units = priorUnits, before = 0 }: { readonly alpha?: number; readonly units?: number; readonly before?: number } = {},
): SequentialSampleRatio {
  if (!(alpha > 0 && alpha < 1) || !(units > 0)) throw new TypeError('alpha lies between 0 and 1, and the prior has a weight above zero.')
  const { n, shares } = checkCounts(counts, planned)
  let logBayesFactor = logGamma(units) - logGamma(units + n)
  for (let j = 0; j < shares.length; j++) {
    const prior = units * shares[j]!
    logBayesFactor += logGamma(prior + counts[j]!) - logGamma(prior) - counts[j]! * Math.log(shares[j]!)
  }
  const highest = Math.max(before, logBayesFactor)
  return Object.freeze({ logBayesFactor, highest, pValue: Math.min(1, Math.exp(-highest)), alarm: highest >= -Math.log(alpha), n })
}

function checkCounts(counts: ArrayLike<number>, planned: ArrayLike<number>): { n: number; shares: readonly number[] } {
  if (counts.length !== planned.length) throw new TypeError('There must be one count and one planned weight per arm.')
  if (counts.length < 2) throw fault.plan_refused({ reason: 'it has fewer than two arms' })
  let n = 0
  let total = 0
  for (let j = 0; j < counts.length; j++) {
    if (!Number.isSafeInteger(counts[j]!) || counts[j]! < 0) throw fault.count_refused({ arm: j + 1, count: counts[j]! })
    if (!(planned[j]! > 0) || !Number.isFinite(planned[j]!)) throw fault.plan_refused({ reason: `arm ${j + 1} has the weight ${planned[j]!}` })
    n += counts[j]!
    total += planned[j]!
  }
  return { n, shares: Object.freeze(Array.from(planned, (w) => w / total)) }
}
