import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf'
import chiSquareInverse from '@stdlib/stats-base-dists-chisquare-quantile'
import fCdf from '@stdlib/stats-base-dists-f-cdf'
import fPdf from '@stdlib/stats-base-dists-f-pdf'
import fInverse from '@stdlib/stats-base-dists-f-quantile'
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import normalPdf from '@stdlib/stats-base-dists-normal-pdf'
import normalInverse from '@stdlib/stats-base-dists-normal-quantile'
import tCdf from '@stdlib/stats-base-dists-t-cdf'
import tInverse from '@stdlib/stats-base-dists-t-quantile'

/**
 * The four distributions of test statistics, each with its two tails and its quantile. The only file that knows @stdlib, and of it only the functions that it needs: what else a distribution's package brings costs a program some 17 MB
 * and half a second at its start (measured).
 *
 * A tail is never formed as 1 − cdf: that has no digits below 1e-16. The normal and t tails use symmetry; P(F > x) with (d1, d2)
 * degrees of freedom is P(F < 1/x) with (d2, d1); the upper chi-square tail is summed or continued (see `chiSquareUpper`).
 * Pinned by distribution.test.ts against values of R 4.2.2, closed forms and each other: relative 1e-11 in the tails, 1e-12 for quantiles of the
 * normal, t and chi-square, 1e-9 for those of F where the denominator has a million degrees of freedom.
 */

/** P(Z ≤ x) for the standard normal Z. */
export const normalLower = (x: number): number => normalCdf(x, 0, 1)

/** P(Z > x) for the standard normal Z. */
export const normalUpper = (x: number): number => normalCdf(-x, 0, 1)

/**
 * x with P(Z ≤ x) = p, 0 < p < 1. @stdlib 0.3.1 gives 8 digits at p = 1e-9 and none below 1e-16 (measured), so Newton's method on ln Φ follows, in the half
 * where the tail has relative digits; far out it starts from Φ(x) ≈ e^(−x²/2).
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p)
  if (!(p > 0)) return p === 0 ? -Infinity : NaN
  const far = p < 1e-10
  let x = far ? -Math.sqrt(-2 * Math.log(p)) : normalInverse(p, 0, 1)
  for (let step = 0; step < (far ? 8 : 2); step++) {
    const lower = normalLower(x)
    x -= (Math.log(lower / p) * lower) / normalPdf(x, 0, 1)
  }
  return x
}

/** P(T ≤ x) for Student's t; `df` > 0, also fractional. Infinite `df` is the normal. */
export const studentLower = (x: number, df: number): number => (df === Infinity ? normalLower(x) : tCdf(x, df))

/** P(T > x) for Student's t. */
export const studentUpper = (x: number, df: number): number => studentLower(-x, df)

/** P(|T| > |x|): the two-sided p-value of a t statistic. */
export const studentTwoSided = (x: number, df: number): number => 2 * studentLower(-Math.abs(x), df)

/** x with P(T ≤ x) = p, 0 < p < 1. */
export const studentQuantile = (p: number, df: number): number => (df === Infinity ? normalQuantile(p) : tInverse(p, df))

/** P(F > x) for Fisher's F with (d1, d2) degrees of freedom. Infinite `d2` is χ²(d1)/d1. */
export function fUpper(x: number, d1: number, d2: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  return d2 === Infinity ? chiSquareUpper(x * d1, d1) : fCdf(1 / x, d2, d1)
}

/**
 * x with P(F ≤ x) = p, 0 < p < 1. @stdlib 0.2.2 gives 9 digits for d2 near a million (measured), so two Newton steps follow here too, on the
 * smaller tail.
 */
export function fQuantile(p: number, d1: number, d2: number): number {
  if (d2 === Infinity) return chiSquareQuantile(p, d1) / d1
  let x = fInverse(p, d1, d2)
  for (let step = 0; step < 2 && x > 0 && x < Infinity; step++) {
    const off = p > 0.5 ? 1 - p - fUpper(x, d1, d2) : fCdf(x, d1, d2) - p
    x -= off / fPdf(x, d1, d2)
  }
  return x
}

/** P(χ² ≤ x). */
export const chiSquareLower = (x: number, df: number): number => (x <= 0 ? 0 : chiSquareCdf(x, df))

/** x with P(χ² ≤ x) = p, 0 < p < 1. */
export const chiSquareQuantile = (p: number, df: number): number => chiSquareInverse(p, df)

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
  if (!Number.isInteger(df) || df > 10_000) return 1 - chiSquareCdf(x, df)
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
