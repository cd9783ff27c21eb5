import { chiSquareUpper, normalQuantile, normalUpper, studentQuantile, studentTwoSided } from '#kernel/numeric'
import { fault } from './faults.ts'

export interface Pooled {
  readonly estimate: number
  readonly std_error: number
  readonly statistic: number
  /** k − 1 with the Hartung-Knapp error, Infinity with the normal one. */
  readonly df: number
  readonly p_value: number
  readonly conf_low: number
  readonly conf_high: number
  /** Between-provider variance, its square root in the unit of the effect. */
  readonly tau_squared: number
  /** Cochran's test that all providers have one effect, k − 1 degrees of freedom. */
  readonly q: number
  readonly q_p_value: number
  /** Share of the spread of estimates that is more than chance, 0 to 1. */
  readonly i_squared: number
  /** Where the effect of a further provider would lie; absent below three providers. */
  readonly prediction: { readonly conf_low: number; readonly conf_high: number } | null
  /** The estimate if all providers had one effect, inverse-variance weighted, with its error. */
  readonly common: { readonly estimate: number; readonly std_error: number }
  readonly weights: Float64Array
  readonly k: number
}

export const spreads = ['reml', 'paule-mandel', 'dersimonian-laird'] as const
export type Spread = (typeof spreads)[number]

/**
 * Pools the estimates of several providers by a random-effects model: y_i ~ N(θ_i, v_i), θ_i ~ N(μ, τ²).
 *
 *   μ̂ = Σ w_i y_i / Σ w_i,  w_i = 1 / (v_i + τ²)
 *   Hartung-Knapp error: se² = Σ w_i (y_i − μ̂)² / ((k − 1) Σ w_i), t with k − 1 degrees of freedom; normal error: 1 / √Σ w_i
 *   Q = Σ (y_i − ȳ)² / v_i with weights 1/v_i;  I² = max(0, 100% (H² − 1)/H²), H² = 1 + τ² / typical v
 *   prediction  μ̂ ± t_{k−2} √(τ² + se²)
 *
 * τ²: 'reml' maximises the restricted likelihood (Fisher scoring), 'paule-mandel' makes Σ w_i (y_i − μ̂)² equal k − 1,
 * 'dersimonian-laird' is (Q − (k − 1)) / (Σ a − Σ a²/Σ a) with a_i = 1/v_i; none is below zero.
 * Hartung-Knapp is the default: with few providers the normal interval covers far too rarely.
 *
 * Assumes that the providers' estimates are independent and their errors known.
 *
 * @throws Fault 'causal.too_few' below two estimates; 'causal.not_a_number' for an error that is not above zero
 * Source: DerSimonian, Laird (1986); Paule, Mandel (1982); Viechtbauer (2005), J. Educ. Behav. Stat. 30, eq. 8 (REML); Hartung, Knapp (2001),
 *   Statistics in Medicine 20; Higgins, Thompson, Spiegelhalter (2009) for the prediction interval.
 * Pinned by the published analysis of the 13 BCG trials (Colditz et al. 1994, as in metafor's documentation) in pooling.test.ts.
 */
export function pool({ estimates, std_errors, spread = 'reml', error = 'hartung-knapp', confidence = 0.95 }: {
  readonly estimates: ArrayLike<number>
  readonly std_errors: ArrayLike<number>
  readonly spread?: Spread
  readonly error?: 'hartung-knapp' | 'normal'
  readonly confidence?: number
}): Pooled {
  const k = estimates.length
  if (std_errors.length !== k) throw new TypeError('There must be one error per estimate.')
  if (k < 2) throw fault.too_few({ n: k, needed: 2 })
  for (let i = 0; i < k; i++) {
    if (!Number.isFinite(estimates[i]!) || !Number.isFinite(std_errors[i]!) || !(std_errors[i]! > 0)) throw fault.not_a_number({ what: 'An estimate or its error', place: i + 1 })
  }
  const y = Float64Array.from(estimates)
  const v = Float64Array.from(std_errors, (s) => s * s)
  const common = weighted(y, v, 0)
  const q = common.spread
  const typical = ((k - 1) * common.total) / (common.total ** 2 - v.reduce((sum, x) => sum + 1 / (x * x), 0))
  const tau_squared = between(y, v, spread, Math.max(0, (q - (k - 1)) / (common.total - v.reduce((sum, x) => sum + 1 / (x * x), 0) / common.total)))
  const random = weighted(y, v, tau_squared)
  const knapp = error === 'hartung-knapp'
  const df = knapp ? k - 1 : Number.POSITIVE_INFINITY
  const std_error = knapp ? Math.sqrt(random.spread / ((k - 1) * random.total)) : 1 / Math.sqrt(random.total)
  const level = 0.5 + confidence / 2
  const critical = knapp ? studentQuantile(level, df) : normalQuantile(level)
  const statistic = random.mean / std_error
  const reach = k > 2 ? studentQuantile(level, k - 2) * Math.sqrt(tau_squared + std_error * std_error) : 0
  return Object.freeze({
    estimate: random.mean,
    std_error,
    statistic,
    df,
    p_value: knapp ? studentTwoSided(statistic, df) : 2 * normalUpper(Math.abs(statistic)),
    conf_low: random.mean - critical * std_error,
    conf_high: random.mean + critical * std_error,
    tau_squared,
    q,
    q_p_value: chiSquareUpper(q, k - 1),
    i_squared: tau_squared / (tau_squared + typical),
    prediction: k > 2 ? Object.freeze({ conf_low: random.mean - reach, conf_high: random.mean + reach }) : null,
    common: Object.freeze({ estimate: common.mean, std_error: 1 / Math.sqrt(common.total) }),
    weights: v.map((x) => 1 / (x + tau_squared) / random.total),
    k,
  })
}

/** Weighted mean, the sum of weights, and Σ w (y − mean)², with weights 1 / (v + τ²). */
function weighted(y: Float64Array, v: Float64Array, tau_squared: number): { mean: number; total: number; spread: number } {
  let total = 0
  let sum = 0
  for (let i = 0; i < y.length; i++) {
    const w = 1 / (v[i]! + tau_squared)
    total += w
    sum += w * y[i]!
  }
  const mean = sum / total
  let spread = 0
  for (let i = 0; i < y.length; i++) spread += (y[i]! - mean) ** 2 / (v[i]! + tau_squared)
  return { mean, total, spread }
}

function between(y: Float64Array, v: Float64Array, spread: Spread, laird: number): number {
  const k = y.length
  switch (spread) {
    case 'dersimonian-laird':
      return laird
    case 'paule-mandel': {
      // Σ w (y − μ̂)² falls in τ²: bisection between zero and a value at which it is surely below k − 1.
      if (weighted(y, v, 0).spread <= k - 1) return 0
      let low = 0
      let high = Math.max(laird, 1e-12)
      while (weighted(y, v, high).spread > k - 1) high *= 2
      for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        const middle = (low + high) / 2
        if (weighted(y, v, middle).spread > k - 1) low = middle
        else high = middle
      }
      return (low + high) / 2
    }
    case 'reml': {
      // The score of the restricted likelihood can have several zeros: scan for the best start, then bisect its change of sign.
      const score = (t: number): number => {
        const { mean, total } = weighted(y, v, t)
        let out = 0
        let squares = 0
        for (let i = 0; i < k; i++) {
          const w = 1 / (v[i]! + t)
          out += w * w * (y[i]! - mean) ** 2 - w
          squares += w * w
        }
        return out + squares / total
      }
      const likelihood = (t: number): number => {
        const { total, spread: s } = weighted(y, v, t)
        let logs = 0
        for (let i = 0; i < k; i++) logs += Math.log(v[i]! + t)
        return -0.5 * (logs + Math.log(total) + s)
      }
      const range = (Math.max(...y) - Math.min(...y)) ** 2 + Math.max(...v)
      const steps = 400
      let best = 0
      for (let i = 1; i <= steps; i++) if (likelihood(range * (i / steps) ** 4) > likelihood(range * (best / steps) ** 4)) best = i
      let low = range * (Math.max(0, best - 1) / steps) ** 4
      let high = range * (Math.min(steps, best + 1) / steps) ** 4
      if (best === 0 && score(0) <= 0) return 0
      for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        const middle = (low + high) / 2
        if (score(middle) > 0) low = middle
        else high = middle
      }
      return (low + high) / 2
    }
    default:
      throw new TypeError(`"${String(spread satisfies never)}" is not a way to estimate the spread.`)
  }
}
