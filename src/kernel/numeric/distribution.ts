import { createRequire } from 'node:module'
import type chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf'
import type chiSquareInverse from '@stdlib/stats-base-dists-chisquare-quantile'
import type fCdf from '@stdlib/stats-base-dists-f-cdf'
import type fPdf from '@stdlib/stats-base-dists-f-pdf'
import type fInverse from '@stdlib/stats-base-dists-f-quantile'
import type normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import type normalPdf from '@stdlib/stats-base-dists-normal-pdf'
import type normalInverse from '@stdlib/stats-base-dists-normal-quantile'
import type tCdf from '@stdlib/stats-base-dists-t-cdf'
import type tInverse from '@stdlib/stats-base-dists-t-quantile'

/**
 * The four distributions of test statistics, each with its two tails and its quantile. The only file that knows @stdlib, and of it only the functions that it needs, each loaded when it is first
 * called: their 830 files would take 23 MB and 0.18 s of every program and every thread that has this room, such as those that only grow forests (measured).
 *
 * A tail is never formed as 1 − cdf: that has no digits below 1e-16. The normal and t tails use symmetry; P(F > x) with (d1, d2)
 * degrees of freedom is P(F < 1/x) with (d2, d1); the upper chi-square tail is summed or continued (see `chiSquareUpper`).
 * Pinned by distribution.test.ts against values of R 4.2.2, closed forms and each other: relative 1e-11 in the tails, 1e-12 for quantiles of the
 * normal, t and chi-square, 1e-9 for those of F where the denominator has a million degrees of freedom.
 */

const load = createRequire(import.meta.url)
/** The function that a package is, once it is wanted. */
function wanted<F>(name: string): () => F {
  let found: F | undefined
  return () => (found ??= load(name) as F)
}

const stdlib = {
  chiSquareCdf: wanted<typeof chiSquareCdf>('@stdlib/stats-base-dists-chisquare-cdf'),
  chiSquareInverse: wanted<typeof chiSquareInverse>('@stdlib/stats-base-dists-chisquare-quantile'),
  fCdf: wanted<typeof fCdf>('@stdlib/stats-base-dists-f-cdf'),
  fPdf: wanted<typeof fPdf>('@stdlib/stats-base-dists-f-pdf'),
  fInverse: wanted<typeof fInverse>('@stdlib/stats-base-dists-f-quantile'),
  normalCdf: wanted<typeof normalCdf>('@stdlib/stats-base-dists-normal-cdf'),
  normalPdf: wanted<typeof normalPdf>('@stdlib/stats-base-dists-normal-pdf'),
  normalInverse: wanted<typeof normalInverse>('@stdlib/stats-base-dists-normal-quantile'),
  tCdf: wanted<typeof tCdf>('@stdlib/stats-base-dists-t-cdf'),
  tInverse: wanted<typeof tInverse>('@stdlib/stats-base-dists-t-quantile'),
}

/** P(Z ≤ x) for the standard normal Z. */
export const normalLower = (x: number): number => stdlib.normalCdf()(x, 0, 1)

/** P(Z > x) for the standard normal Z. */
export const normalUpper = (x: number): number => stdlib.normalCdf()(-x, 0, 1)

/**
 * x with P(Z ≤ x) = p, 0 < p < 1. @stdlib 0.3.1 gives 8 digits at p = 1e-9 and none below 1e-16 (measured), so Newton's method on ln Φ follows, in the half
 * where the tail has relative digits; far out it starts from Φ(x) ≈ e^(−x²/2).
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p)
  if (!(p > 0)) return p === 0 ? -Infinity : NaN
  const far = p < 1e-10
  let x = far ? -Math.sqrt(-2 * Math.log(p)) : stdlib.normalInverse()(p, 0, 1)
  for (let step = 0; step < (far ? 8 : 2); step++) {
    const lower = normalLower(x)
    x -= (Math.log(lower / p) * lower) / stdlib.normalPdf()(x, 0, 1)
  }
  return x
}

/** P(T ≤ x) for Student's t; `df` > 0, also fractional. Infinite `df` is the normal. */
export const studentLower = (x: number, df: number): number => (df === Infinity ? normalLower(x) : stdlib.tCdf()(x, df))

/** P(T > x) for Student's t. */
export const studentUpper = (x: number, df: number): number => studentLower(-x, df)

/** P(|T| > |x|): the two-sided p-value of a t statistic. */
export const studentTwoSided = (x: number, df: number): number => 2 * studentLower(-Math.abs(x), df)

/** x with P(T ≤ x) = p, 0 < p < 1. */
export const studentQuantile = (p: number, df: number): number => (df === Infinity ? normalQuantile(p) : stdlib.tInverse()(p, df))

/** P(F > x) for Fisher's F with (d1, d2) degrees of freedom. Infinite `d2` is χ²(d1)/d1. */
export function fUpper(x: number, d1: number, d2: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  return d2 === Infinity ? chiSquareUpper(x * d1, d1) : stdlib.fCdf()(1 / x, d2, d1)
}

/**
 * x with P(F ≤ x) = p, 0 < p < 1. @stdlib 0.2.2 gives 9 digits for d2 near a million (measured), so two Newton steps follow here too, on the
 * smaller tail.
 */
export function fQuantile(p: number, d1: number, d2: number): number {
  if (d2 === Infinity) return chiSquareQuantile(p, d1) / d1
  let x = stdlib.fInverse()(p, d1, d2)
  for (let step = 0; step < 2 && x > 0 && x < Infinity; step++) {
    const off = p > 0.5 ? 1 - p - fUpper(x, d1, d2) : stdlib.fCdf()(x, d1, d2) - p
    x -= off / stdlib.fPdf()(x, d1, d2)
  }
  return x
}

/** P(χ² ≤ x). */
export const chiSquareLower = (x: number, df: number): number => (x <= 0 ? 0 : stdlib.chiSquareCdf()(x, df))

/** x with P(χ² ≤ x) = p, 0 < p < 1. */
export const chiSquareQuantile = (p: number, df: number): number => stdlib.chiSquareInverse()(p, df)

/**
 * P(χ² > x) for whole degrees of freedom, by its finite sum of positive terms: with h = x/2,
 *
 *   even df  e^(−h) Σ_{j=0}^{df/2−1} h^j / j!          odd df  2 Φ(−√x) + e^(−h) Σ_{j=1}^{(df−1)/2} h^(j−1/2) / Γ(j+1/2)
 *
 * Terms are formed in logarithms so that neither e^(−h) nor h^j leaves the range of a double before their product does.
 * Fractional df: 1 − cdf, so only 1e-16 absolute.
 * Source: Abramowitz, Stegun (1964), 26.4.4 and 26.4.5.
 */
export function chiSquareUpper(x: number, df: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  if (!Number.isInteger(df) || df > 10_000) return 1 - stdlib.chiSquareCdf()(x, df)
  const h = x / 2
  const logH = Math.log(h)
  const odd = df % 2 === 1
  let sum = odd ? 2 * normalUpper(Math.sqrt(x)) : 0
  let logTerm = odd ? -h + logH / 2 - Math.log(Math.sqrt(Math.PI) / 2) : -h
  const terms = odd ? (df - 1) / 2 : df / 2
  for (let j = 1; j <= terms; j++) {
    sum += Math.exp(logTerm)
    logTerm += logH - Math.log(odd ? j + 0.5 : j)
  }
  return Math.min(1, sum)
}
