import { normalQuantile } from '#kernel/numeric'

/** A contrast as it was estimated, and what is to be seen of it. */
export interface Contrast {
  /** Rows behind the contrast. */
  readonly n: number
  readonly stdError: number
  /** 0.8 where absent. */
  readonly power?: number
  /** Two-sided; 0.05 where absent. */
  readonly level?: number
}

/**
 * What a contrast with this error could have shown, and how many rows it would take to show less.
 *
 *   smallest difference seen with the power  d = (z_{1−α/2} + z_power) s;  rows for a difference of δ: n (d/δ)²
 *
 * The error of a mean falls as 1/√n; more rows of the same kind are assumed.
 *
 * Source: normal theory of a two-sided test, as `meanSampleSize`. Pinned in contrast-size.test.ts.
 */
export function smallestContrast({ stdError, power = 0.8, level = 0.05 }: Contrast): number {
  return (normalQuantile(1 - level / 2) + normalQuantile(power)) * stdError
}

/** Rows for a contrast of this size, see `smallestContrast`; Infinity for none. */
export function contrastSampleSize(contrast: Contrast, difference: number): number {
  return difference === 0 ? Number.POSITIVE_INFINITY : Math.ceil(contrast.n * (smallestContrast(contrast) / difference) ** 2)
}
