import { normalQuantile } from '#kernel/numeric'
import { fault } from './faults.ts'

/**
 * A share with its interval, by Wilson's score.
 *
 *   p = s / n,  z = Φ⁻¹((1 + confidence) / 2)
 *   limits = (p + z²/2n ∓ z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
 *
 * Stays within 0 and 1 and is sound for shares near either, where p ∓ z√(p(1−p)/n) is not.
 *
 * @param successes  whole number from 0 to n
 * @throws Fault 'causal.no_rows' for n = 0; TypeError for counts that are none
 * Source: Wilson (1927), JASA 22(158), 209-212. Pinned by the closed cases in proportion.test.ts.
 */
export function proportionInterval(successes: number, n: number, confidence = 0.95): { readonly estimate: number; readonly low: number; readonly high: number } {
  if (!Number.isInteger(successes) || !Number.isInteger(n) || successes < 0 || successes > n) throw new TypeError(`${successes} of ${n} is not a share of a whole`)
  if (n === 0) throw fault.no_rows()
  const p = successes / n
  const z = normalQuantile((1 + confidence) / 2)
  const middle = p + (z * z) / (2 * n)
  const reach = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  return Object.freeze({ estimate: p, low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) })
}
