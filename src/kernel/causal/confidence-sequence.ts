import type { Estimate } from './estimate.ts'
import { fault } from './faults.ts'
import { plainRow } from './row.ts'

/**
 * An interval that may be looked at after every unit: the chance that it ever leaves out the truth, over all looks together, is at most
 * alpha once n is large.
 *
 *   estimate ± se √( 2 (n ρ² + 1) / (n ρ²) · ln( √(n ρ² + 1) / α ) )
 *   ρ² = (−2 ln α + ln(−2 ln α + 1)) / n*     narrowest at n = n*
 *   p  = min(1, √(n ρ² + 1) · exp(−z² n ρ² / (2 (n ρ² + 1)))),  z = estimate / se
 *
 * The estimate may be any asymptotically linear one on n independent units: a mean, a difference in means, an adjusted difference
 * (`lm_lin`); `std_error` is its ordinary robust error at this n, so a row of any estimator can be given as it is. With clusters n counts clusters.
 *
 * Asymptotic: the first look should come after a few hundred units. n* is fixed before the first look, at the size at which one expects
 * to decide; it must not be moved afterwards.
 *
 * @param tuned  n*
 * @throws Fault 'causal.not_a_number' when the estimate or its error is missing, or the error is zero; 'causal.too_few' for n below 2
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas (2024), Time-uniform central limit theory and asymptotic confidence sequences,
 *   Annals of Statistics 52(6), theorem 2.2 and appendix B.2 (ρ).
 * Pinned by its definition in confidence-sequence.test.ts and by simulation in false-positives.test.ts: 1,000 looks, at most alpha.
 */
export function confidenceSequence(
  look: Pick<Estimate, 'estimate' | 'std_error' | 'n'> & Partial<Estimate>,
  { tuned, alpha = 0.05 }: { readonly tuned: number; readonly alpha?: number },
): Estimate {
  if (!(alpha > 0 && alpha < 1) || !(tuned > 0)) throw new TypeError('alpha lies between 0 and 1, and n* is above zero.')
  const { estimate, n } = look
  const se = look.std_error ?? Number.NaN
  if (!Number.isFinite(estimate) || !(se > 0) || !Number.isFinite(se)) throw fault.not_a_number({ what: 'An estimate or its error', place: 1 })
  if (!(n >= 2)) throw fault.too_few({ n, needed: 2 })
  const log = -2 * Math.log(alpha)
  const information = (n * (log + Math.log(log + 1))) / tuned // n ρ²
  const critical = Math.sqrt(((2 * (information + 1)) / information) * (0.5 * Math.log(information + 1) - Math.log(alpha)))
  const z = estimate / se
  return plainRow({
    estimator: 'confidence_sequence',
    options: { of: look.estimator ?? 'estimate', tuned, alpha, critical },
    formula: look.formula ?? '',
    term: look.term ?? 'estimate',
    estimate,
    std_error: se,
    statistic: z,
    p_value: Math.min(1, Math.sqrt(information + 1) * Math.exp((-z * z * information) / (2 * (information + 1)))),
    conf_low: estimate - critical * se,
    conf_high: estimate + critical * se,
    n,
  })
}

/**
 * The same for a difference in means from running sums, so that a look costs nothing: means and variances of two arms by n, Σy and Σy².
 *
 *   estimate = ȳ_1 − ȳ_0,  se² = s²_1 / n_1 + s²_0 / n_0,  n = n_1 + n_0
 *
 * @param control, treated  sums of each arm, best taken of y minus a fixed guess of its mean (digits)
 * @throws Fault 'causal.arm_too_small' for an arm with fewer than two units
 * Source and pins as `confidenceSequence`; the error is that of two samples in confidence-sequence.test.ts.
 */
export function differenceSequence(control: ArmSums, treated: ArmSums, options: { readonly tuned: number; readonly alpha?: number }): Estimate {
  const [m0, v0] = meanVariance(control, 0)
  const [m1, v1] = meanVariance(treated, 1)
  return confidenceSequence({ estimator: 'difference_in_means', term: 'difference', estimate: m1 - m0, std_error: Math.sqrt(v1 / treated.n + v0 / control.n), n: control.n + treated.n }, options)
}

export interface ArmSums {
  readonly n: number
  readonly sum: number
  readonly sumOfSquares: number
}

function meanVariance({ n, sum, sumOfSquares }: ArmSums, arm: number): readonly [number, number] {
  if (!(n >= 2)) throw fault.arm_too_small({ arm, units: n, needed: 2 })
  return [sum / n, Math.max(0, sumOfSquares - (sum * sum) / n) / (n - 1)]
}
