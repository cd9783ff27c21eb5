import { finiteColumn, readTwoArms, type TwoArms } from '../design.ts'
import type { Columns } from '../columns.ts'
import { fault } from '../faults.ts'

export interface DoublyRobust extends Pick<TwoArms, 'treatment' | 'arms'> {
  readonly outcome: string
  /** Column of E[y | x], from a model that has not seen the row. */
  readonly mean: string
  /** Column of the effect at x, from a model that has not seen the row. */
  readonly effect: string
  /** Share of the treated: one number where the design fixed it, else a column. */
  readonly propensity: number | string
}

/**
 * What the outcome of each row would be without and with the treatment, right on average when either the outcomes' model or the propensity is.
 *
 *   μ_0 = m − e τ,  μ_1 = m + (1 − e) τ
 *   Γ_0 = μ_0 + (1 − w) (y − μ_0) / (1 − e),  Γ_1 = μ_1 + w (y − μ_1) / e
 *
 * Γ_1 − Γ_0 = τ + (w − e) / (e (1 − e)) (y − m − (w − e) τ). A single row's score says nothing about that row; means of many do.
 *
 * @throws Fault 'causal.no_overlap' where a propensity is not between 0 and 1; those of columns and of a design
 * Source: Robins, Rotnitzky, Zhao (1994), JASA 89; Athey, Wager (2021), Econometrica 89, section 3.
 * Pinned by its laws in policy-value.test.ts.
 */
export function doublyRobustScores(data: Columns, spec: DoublyRobust): { readonly untreated: Float64Array; readonly treated: Float64Array } {
  const { n, arm } = readTwoArms(data, spec)
  const y = finiteColumn(data, spec.outcome, n)
  const m = finiteColumn(data, spec.mean, n)
  const tau = finiteColumn(data, spec.effect, n)
  const e = typeof spec.propensity === 'number' ? new Float64Array(n).fill(spec.propensity) : finiteColumn(data, spec.propensity, n)
  const untreated = new Float64Array(n)
  const treated = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const share = e[i]!
    if (!(share > 0 && share < 1)) throw fault.no_overlap({ row: i + 1, propensity: share })
    const mu0 = m[i]! - share * tau[i]!
    const mu1 = m[i]! + (1 - share) * tau[i]!
    untreated[i] = mu0 + (arm[i] === 0 ? (y[i]! - mu0) / (1 - share) : 0)
    treated[i] = mu1 + (arm[i] === 1 ? (y[i]! - mu1) / share : 0)
  }
  return Object.freeze({ untreated, treated })
}
