import { DoubleSums } from '#kernel/numeric'
import { Arms } from '../arms.ts'
import { numbers, requireFinite, rowCount, runPasses, type Columns, type Label, type Passes } from '../columns.ts'
import { estimateRow, type Estimate } from '../estimate.ts'
import { fault } from '../faults.ts'

export interface Cuped {
  readonly outcome: string
  readonly treatment: string
  readonly arms?: readonly [Label, Label]
  /** One column measured before the draw, best the outcome itself. */
  readonly baseline: string
  readonly confidence?: number
}

export interface CupedEstimate extends Estimate {
  /** Variance of the adjusted outcome divided by that of the outcome, arms together: 1 − s_xy² / (s_xx s_yy). */
  readonly variance_ratio_to_unadjusted: number
}

/**
 * The difference in means of y − θ (x − x̄), x being a baseline measured before the draw (CUPED).
 *
 *   θ = s_xy / s_xx over all rows (n − 1)      V = Σ_a (s_yy,a − 2 θ s_xy,a + θ² s_xx,a) / n_a      df of Welch
 *
 * θ is taken as known; its own error is of smaller order. One pass.
 *
 * @throws Fault as `differenceInMeans`, and 'causal.constant_column' for a baseline without variation
 * Assumes a baseline measured before the draw, and arms drawn row by row.
 * Source: Deng, Xu, Kohavi, Walker (2013), "Improving the sensitivity of online controlled experiments", WSDM, section 3.
 * Pinned by the `cuped` rows of shared/data/reference.
 */
export function cuped(data: Columns, spec: Cuped): CupedEstimate {
  return runPasses(cupedPasses(spec), data)
}

/** The same from chunks of rows, in one pass. */
export function cupedPasses(spec: Cuped): Passes<CupedEstimate> {
  const arms = new Arms(spec.treatment, spec.arms)
  const counts = [0, 0]
  const sums = [new DoubleSums(5), new DoubleSums(5)]
  let seen = 0
  return {
    add(chunk) {
      const n = rowCount(chunk, [spec.outcome, spec.treatment, spec.baseline])
      const y = numbers(chunk, spec.outcome)
      const x = numbers(chunk, spec.baseline)
      requireFinite(y, spec.outcome, 0, n, seen)
      requireFinite(x, spec.baseline, 0, n, seen)
      const arm = arms.of(chunk, seen)
      for (let i = 0; i < n; i++) {
        const at = sums[arm[i]!]!
        counts[arm[i]!]! += 1
        at.add(0, y[i]!)
        at.add(1, x[i]!)
        at.addProduct(2, y[i]!, y[i]!)
        at.addProduct(3, x[i]!, y[i]!)
        at.addProduct(4, x[i]!, x[i]!)
      }
      seen += n
    },
    next: () => false,
    result() {
      arms.requireRows(counts)
      const all = new DoubleSums(5)
      for (const part of sums) all.merge(part)
      const spread = all.centered(4, 1, 1, seen)
      if (!(spread > 1e-26 * all.value(4))) throw fault.constant_column({ column: spec.baseline })
      const theta = all.centered(3, 1, 0, seen) / spread
      const adjusted = sums.map((s, a) => {
        const n = counts[a]!
        return (s.centered(2, 0, 0, n) - 2 * theta * s.centered(3, 1, 0, n) + theta * theta * s.centered(4, 1, 1, n)) / (n - 1) / n
      })
      const [v0, v1] = adjusted as [number, number]
      const variance = v0 + v1
      if (!(variance > 0)) throw fault.perfect_fit({ outcome: spec.outcome })
      const mean = (a: number, at: number) => sums[a]!.value(at) / counts[a]!
      const row = estimateRow(
        {
          estimator: 'cuped',
          options: Object.freeze({ covariate: spec.baseline, theta, theta_from: 'pooled cov/var (n-1)', variance: 'Welch' }),
          formula: `${spec.outcome} ~ ${spec.treatment}`,
          term: arms.term(1),
          estimate: mean(1, 0) - mean(0, 0) - theta * (mean(1, 1) - mean(0, 1)),
          std_error: Math.sqrt(variance),
          df: variance ** 2 / (v0 ** 2 / (counts[0]! - 1) + v1 ** 2 / (counts[1]! - 1)),
          n: seen,
        },
        spec.confidence ?? 0.95,
      )
      return Object.freeze({ ...row, variance_ratio_to_unadjusted: 1 - (theta * all.centered(3, 1, 0, seen)) / all.centered(2, 0, 0, seen) })
    },
  }
}
