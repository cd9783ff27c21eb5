import { cholesky, invertUpper, matrix, multiply, sum, transpose } from '#kernel/numeric'
import { fault } from './faults.ts'
import type { Fit } from './regression/coefficients.ts'
import { constant } from './regression/lm-robust.ts'

/**
 * b' V⁻¹ b over the coefficients named (all but the constant where absent), by V = C'C: the squared length of C⁻ᵀ b. Scaled first, so that
 * columns of any unit are alike.
 *
 * @throws Fault 'causal.columns_aliased' when the covariance is singular
 * Pinned by the `balance_joint` rows of shared/data/reference, which are made of it.
 */
export function wald(fit: Fit, terms?: readonly string[]): { readonly statistic: number; readonly df: number } {
  const places = fit.terms.flatMap((term, j) => ((terms === undefined ? term !== constant : terms.includes(term)) ? [j] : []))
  const q = places.length
  const k = fit.terms.length
  const scale = places.map((j) => Math.sqrt(fit.covariance.values[j * k + j]!))
  const v = matrix(q, q)
  for (const [a, i] of places.entries()) for (const [b, j] of places.entries()) v.values[b * q + a] = fit.covariance.values[j * k + i]! / (scale[a]! * scale[b]!)
  const root = cholesky(v)
  if (root === null) throw fault.columns_aliased({ columns: places.map((j) => fit.terms[j]!).join(', ') })
  const z = matrix(q, 1, Float64Array.from(places, (j, a) => fit.estimates[j]!.estimate / scale[a]!))
  const length = multiply(transpose(invertUpper(root)), z).values
  return { statistic: sum(length.map((x) => x * x)), df: q }
}
