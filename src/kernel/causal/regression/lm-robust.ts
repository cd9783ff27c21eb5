import { runPasses, type Columns, type Passes } from '../columns.ts'
import { errorOptions, fitOf, requireError, seTypeOf, type ErrorSpec, type Fit } from './coefficients.ts'
import { invertUpper } from '#kernel/numeric'
import { LeastSquares } from './least-squares.ts'

export interface LmRobust extends ErrorSpec {
  readonly outcome: string
  /** Regressors beside the constant, in order. */
  readonly terms: readonly string[]
  readonly intercept?: boolean
}

/** The name that R gives to the constant. */
export const constant = '(Intercept)'

/**
 * Ordinary or weighted least squares with errors that allow the variance to differ between rows, or rows to hang together in clusters.
 *
 *   β = (X'WX)⁻¹ X'Wy     e = y − Xβ     h_i = w_i x_i'(X'WX)⁻¹x_i     V = (X'WX)⁻¹ M (X'WX)⁻¹
 *   classical  V = (e'We/(n − k)) (X'WX)⁻¹                                                   df = n − k
 *   HC0        M = Σ w² e² xx'      HC1  n/(n − k) times HC0
 *   HC2        M = Σ w² e² xx'/(1 − h)     HC3  .../(1 − h)²                                 df = n − k
 *   CR0        M = Σ_g s_g s_g', s_g = X_g'W_g e_g      stata  G/(G − 1) (n − 1)/(n − k) times CR0      df = G − 1
 *   CR2        as CR0 with s_g = X_g'W_g A_g e_g; see `ClusterScores`                        df by Satterthwaite, one per coefficient
 *
 * Solved by QR, or by products where these lose no digits: see `FirstPass`. HC2 without clusters and CR2 with them where nothing is said. Absorbed groups count
 * as coefficients.
 *
 * @param data  columns of n values: outcome and terms numbers, clusters and fixedEffects any labels
 * @returns     one row per coefficient, in units of the outcome per unit of the term; terms that the ones before them explain are in `aliased`
 * @throws Fault 'causal.not_finite', 'causal.not_numbers', 'causal.no_column', 'causal.constant_column', 'causal.no_degrees_of_freedom',
 *   'causal.leverage_one' (HC2, HC3), 'causal.perfect_fit', 'causal.one_cluster', 'causal.weight_not_positive', 'causal.groups_across_clusters',
 *   'causal.cell_refused'
 * Assumes rows (or clusters) independent of one another, and nothing of how the spread differs between them; `classical` assumes one spread for all.
 * Source: White (1980); MacKinnon, White (1985), J. Econometrics 29; Liang, Zeger (1986); Bell, McCaffrey (2002); conventions of estimatr 1.0.0.
 * Pinned by the `lm_robust` rows of shared/data/reference.
 */
export function lmRobust(data: Columns, spec: LmRobust): Fit {
  return runPasses(lmRobustPasses(spec), data)
}

/** The same from chunks of rows: two passes (one for classical errors, one more for absorbed groups or where columns nearly explain each other); memory grows with columns, clusters and groups. */
export function lmRobustPasses(spec: LmRobust): Passes<Fit> {
  const { squares, finish } = lmRobustOf(spec)
  return { add: (chunk) => squares.add(chunk), next: () => squares.next(), result: finish }
}

/** The passes and what is made of them, apart, so that the first may also be given as sums. */
export function lmRobustOf(spec: LmRobust): { readonly squares: LeastSquares; readonly finish: () => Fit } {
  const seType = seTypeOf(spec)
  const design = spec.intercept === false || spec.fixedEffects !== undefined ? [...spec.terms] : [null, ...spec.terms]
  const squares = new LeastSquares({ design, endogenous: [], responses: [spec.outcome], regressors: design.map((_, j) => j), weights: spec.weights, cells: spec.cells, clusters: spec.clusters, fixedEffects: spec.fixedEffects, seType })
  return {
    squares,
    finish() {
      const [fit] = squares.fits()
      const { n, kept, dropped, factor, beta } = fit!
      requireError(squares, design.length, spec.outcome)
      const covariances = squares.covariances(invertUpper(factor))
      const name = (place: number) => design[place] ?? constant
      return fitOf({
        estimator: 'lm_robust',
        options: errorOptions(spec, squares),
        formula: `${spec.outcome} ~ ${spec.terms.length === 0 ? '1' : spec.terms.join(' + ')}${spec.intercept === false ? ' - 1' : ''}`,
        terms: kept.map(name),
        aliased: dropped.map(name),
        beta: beta.values,
        covariance: covariances.pairs[0]!,
        df: covariances.df,
        n,
        outcome: spec.outcome,
        confidence: spec.confidence ?? 0.95,
      })
    },
  }
}
