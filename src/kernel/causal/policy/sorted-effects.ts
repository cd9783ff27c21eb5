import { normalQuantile } from '#kernel/numeric'
import { quantile7 } from '../quantile.ts'
import type { CausalForest } from '../forest/causal-forest.ts'

export interface SortedEffects {
  /** Share of rows whose predicted effect is at most that of the point, from 0 to 1. */
  readonly share: Float64Array
  readonly effect: Float64Array
  /** Limits of each point's own interval; undefined without variances. */
  readonly low: Float64Array | undefined
  readonly high: Float64Array | undefined
  /** Standard deviation of the predictions, noise and all. */
  readonly spread: number
  /** Square root of the mean of their variances: how far a prediction strays by chance. */
  readonly noise: number | undefined
  /** √max(0, spread² − noise²): what would be left for people to differ by. */
  readonly signal: number | undefined
}

/**
 * Predicted effects from the lowest to the highest, at some quantiles.
 *
 *   spread² = variance of τ̂ over rows;  noise² = mean of its little-bags variances;  signal² = max(0, spread² − noise²)
 *
 * Sorting noise makes a slope: with no differences at all this curve rises as well, by the noise's own quantiles. So it shows how unsure single predictions
 * are, and never who is who; whether effects differ is said by `calibrationTest`, `targetingCurve` and groups on rows that the prediction has not seen.
 *
 * @param points  how many quantiles, at least 2; 101 where absent
 * Source: Chernozhukov, Fernández-Val, Luo (2018), Econometrica 86 (sorted effects). Pinned by its laws in gate-by-prediction.test.ts.
 */
export function sortedEffects({ predictions, variances }: Pick<CausalForest, 'predictions' | 'variances'>, points = 101, confidence = 0.95): SortedEffects {
  if (!Number.isSafeInteger(points) || points < 2) throw new TypeError(`${points} is not a number of points, two at least.`)
  const n = predictions.length
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => predictions[a]! - predictions[b]!)
  const share = Float64Array.from({ length: points }, (_, k) => k / (points - 1))
  const sorted = Float64Array.from(order, (i) => predictions[i]!)
  const effect = share.map((p) => quantile7(sorted, p))
  const mean = predictions.reduce((total, v) => total + v, 0) / n
  const spread = Math.sqrt(predictions.reduce((total, v) => total + (v - mean) ** 2, 0) / n)
  if (variances === undefined) return Object.freeze({ share, effect, low: undefined, high: undefined, spread, noise: undefined, signal: undefined })
  const noise = Math.sqrt(variances.reduce((total, v) => total + v, 0) / n)
  // The error of a point is that of its neighbours together: single little-bags variances are rough.
  const around = Math.max(1, Math.floor(n / points / 2))
  const reach = share.map((p) => {
    const at = Math.round(p * (n - 1))
    const near = order.subarray(Math.max(0, at - around), Math.min(n, at + around + 1))
    return normalQuantile((1 + confidence) / 2) * Math.sqrt(near.reduce((total, i) => total + variances[i]!, 0) / near.length)
  })
  return Object.freeze({ share, effect, low: effect.map((v, k) => v - reach[k]!), high: effect.map((v, k) => v + reach[k]!), spread, noise, signal: Math.sqrt(Math.max(0, spread ** 2 - noise ** 2)) })
}
