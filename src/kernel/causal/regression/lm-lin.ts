import { identity, matrix, pivotedQr, solveUpper, type Matrix } from '#kernel/numeric'
import { Arms } from '../arms.ts'
import { runPasses, type Columns, type Label, type Passes } from '../columns.ts'
import { fault } from '../faults.ts'
import { errorOptions, fitOf, requireError, seTypeOf, type ErrorSpec, type Fit } from './coefficients.ts'
import { LeastSquares } from './least-squares.ts'
import { constant } from './lm-robust.ts'
import { centredLengths, meansOf, type Solved } from './solve.ts'

export interface LmLin extends Omit<ErrorSpec, 'fixedEffects'> {
  readonly outcome: string
  readonly treatment: string
  /** Control first; 0 and 1 where absent. More than two are allowed. */
  readonly arms?: readonly Label[]
  readonly covariates: readonly string[]
}

/**
 * The effect of an arm adjusted for covariates, each arm having slopes of its own (Lin 2013): least squares of the outcome on the arm, the covariates
 * less their mean over all rows, and their products. It never does worse than the difference in means in large samples.
 *
 *   y ~ 1 + z + (x − x̄) + z (x − x̄)          the coefficient of z is the average effect
 *
 * Computed as one regression of y on [1 x] per arm, which is the same model: θ_a = Q_a'y being the fit of arm a in an
 * orthonormal basis of its [1 x], M_a its inside of the sandwich, and C the map from the coefficients above to those bases, β = C⁻¹ (θ_0; θ_1) and
 * V = C⁻¹ diag(M_0, M_1) C⁻ᵀ. A quarter of the work of the wide design.
 * Errors as in `lmRobust`, with k = arms × (1 + covariates). With weights x̄ is weighted.
 *
 * @param data  columns: outcome and covariates numbers, treatment 0 and 1 or the labels in `arms`
 * @returns     rows named as estimatr names them: (Intercept), z, x_c, z:x_c
 * @throws Fault as `lmRobust`, and 'causal.one_arm', 'causal.one_row_arm', 'causal.unknown_arm', 'causal.near_collinear'
 * Assumes covariates measured before the draw. The error treats x̄ as known, as estimatr does.
 * Source: Lin (2013), Ann. Appl. Stat. 7(1), section 4; conventions of estimatr 1.0.0.
 * Pinned by the `lm_lin` rows of shared/data/reference, and against the wide design in cluster-scores.test.ts.
 */
export function lmLin(data: Columns, spec: LmLin): Fit {
  return runPasses(lmLinPasses(spec), data)
}

/** The same from chunks of rows, in two passes (one for classical errors, one more where columns nearly explain each other). */
export function lmLinPasses(spec: LmLin): Passes<Fit> {
  const { squares, arms, finish } = lmLinOf(spec)
  return {
    add: (chunk) => squares.add(chunk),
    next() {
      const again = squares.next()
      arms.requireRows(squares.fits().map((fit) => fit.n))
      return again
    },
    result: finish,
  }
}

/** The passes and what is made of them. */
export function lmLinOf(spec: LmLin): { readonly squares: LeastSquares; readonly arms: Arms; readonly finish: () => Fit } {
  const seType = seTypeOf(spec)
  const arms = new Arms(spec.treatment, spec.arms)
  const design = [null, ...spec.covariates]
  const squares = new LeastSquares({
    design,
    endogenous: [],
    responses: [spec.outcome],
    regressors: design.map((_, j) => j),
    weights: spec.weights,
    cells: spec.cells,
    clusters: spec.clusters,
    strata: { count: arms.labels.length, of: (chunk, firstRow) => arms.of(chunk, firstRow), column: spec.treatment },
    seType,
  })
  return {
    squares,
    arms,
    finish() {
      const fits = squares.fits()
      const { terms, columns } = interactedDesign(fits, arms, spec.covariates)
      const rank = columns.rows
      const n = fits.reduce((sum, fit) => sum + fit.n, 0)
      const joined = pivotedQr(besides(columns, thetas(fits, rank), identity(rank)), terms.length)
      if (joined.kept.length !== rank) throw fault.near_collinear()
      requireError(squares, design.length, spec.outcome)
      // C⁻¹ = R⁻¹ Q': the second block of right-hand sides.
      const inverse = solveUpper(joined.factor, matrix(rank, rank, joined.rest.values.slice(rank)))
      const covariances = squares.covariances(inverse)
      const name = (j: number) => terms[j]!
      return fitOf({
        estimator: 'lm_lin',
        options: { ...errorOptions(spec, squares), covariates: `~${spec.covariates.length === 0 ? '1' : spec.covariates.join(' + ')}` },
        formula: `${spec.outcome} ~ ${spec.treatment}`,
        terms: joined.kept.map(name),
        aliased: joined.dropped.map(name),
        beta: solveUpper(joined.factor, matrix(rank, 1, joined.rest.values.slice(0, rank))).values,
        covariance: covariances.pairs[0]!,
        df: covariances.df,
        n,
        outcome: spec.outcome,
        confidence: spec.confidence ?? 0.95,
      })
    },
  }
}

/**
 * The interacted design in the orthonormal coordinates of the arms, stacked: a column of 1, z_a, x − x̄ or z_a (x − x̄) is, within an arm,
 * a combination of that arm's own [1 x], so no row is looked at again.
 */
function interactedDesign(fits: readonly Solved[], arms: Arms, covariates: readonly string[]): { readonly terms: readonly string[]; readonly columns: Matrix } {
  const p = covariates.length
  const treated = arms.labels.length - 1
  const means = meansOf(fits.map((fit) => fit.whole), p + 1)
  const terms = [constant]
  for (let a = 1; a <= treated; a++) terms.push(arms.term(a))
  for (const x of covariates) terms.push(`${x}_c`)
  for (let a = 1; a <= treated; a++) for (const x of covariates) terms.push(`${arms.term(a)}:${x}_c`)
  const rank = fits.reduce((sum, fit) => sum + fit.kept.length, 0)
  const out = matrix(rank, terms.length)
  const varies = new Uint8Array(p + 1)
  let from = 0
  for (const [a, { coordinates, kept, whole }] of fits.entries()) {
    const r = kept.length
    const m = coordinates.rows
    const lengths = centredLengths(whole, p + 1, means)
    const put = (column: number, j: number) => {
      for (let i = 0; i < r; i++) {
        const x = coordinates.values[j * m + i]!
        out.values[column * rank + from + i] = j === 0 ? x : lengths[j] === Infinity ? 0 : x - means[j]! * coordinates.values[i]!
      }
    }
    put(0, 0)
    if (a > 0) put(a, 0)
    for (let j = 1; j <= p; j++) {
      if (lengths[j] !== Infinity) varies[j] = 1
      put(treated + j, j)
      if (a > 0) put(treated + a * p + j, j)
    }
    from += r
  }
  for (let j = 1; j <= p; j++) if (varies[j] === 0) throw fault.constant_column({ column: covariates[j - 1]! })
  return { terms, columns: out }
}

function thetas(fits: readonly Solved[], rank: number): Matrix {
  const out = matrix(rank, 1)
  let from = 0
  for (const { theta } of fits) {
    out.values.set(theta.values, from)
    from += theta.rows
  }
  return out
}

function besides(...parts: readonly Matrix[]): Matrix {
  const rows = parts[0]!.rows
  const out = matrix(rows, parts.reduce((sum, part) => sum + part.columns, 0))
  let from = 0
  for (const part of parts) {
    out.values.set(part.values, from)
    from += part.values.length
  }
  return out
}
