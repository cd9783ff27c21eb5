import { cholesky, DoubleSums, matrix, type Matrix } from '#kernel/numeric'
import type { Label } from '../columns.ts'
import { fault } from '../faults.ts'
import type { Fit } from './coefficients.ts'
import { ivRobustOf, type IvRobust } from './iv-robust.ts'
import { lmLinOf, type LmLin } from './lm-lin.ts'
import { lmRobustOf, type LmRobust } from './lm-robust.ts'
import type { LeastSquares } from './least-squares.ts'

/** What one `SELECT` over a table yields, in any order of its rows: how many, and sums and products of the columns named. */
export interface Sums {
  readonly n: number
  readonly names: readonly string[]
  /** Σ x_j, one per name. */
  readonly sums: ArrayLike<number>
  /** Σ x_i x_j for j ≤ i, row by row: x_1x_1, x_2x_1, x_2x_2, x_3x_1, ...; k(k+1)/2 of them. */
  readonly products: ArrayLike<number>
  /** What was taken off each column before it was summed (near its mean, so that the squares keep their digits); nothing where absent. */
  readonly origins?: ArrayLike<number>
}

/** What is left of a sum of squares must be this part of it: sums come with about 15 digits, and 10 are wanted. */
const enough = 1e-5

/** Regressions from sums have classical errors only; say so by asking for them. */
type Classical = { readonly seType: 'classical' | (string & {}) }

/**
 * `lmRobust` from sums of products, for a table that should not be moved.
 *
 *   G = Σ xx' − Σx Σx'/n = C'C      [1 x y] = Q [√n  Σx'/√n; 0  C]      then as from rows
 *
 * @throws Fault 'causal.sums_not_enough' for any error but the classical one (group the rows instead: see `Cells`); 'causal.sums_lose_digits' where
 *   means or other columns use up a column's sum of squares, which includes columns that are constant or follow from others
 * Source: as `lmRobust`; C is the factor of Cholesky.
 * Pinned by the same regressions from rows in from-sums.test.ts, to nine digits.
 */
export function lmRobustFromSums(sums: Sums, spec: Omit<LmRobust, keyof Unavailable> & Classical): Fit {
  const { squares, finish } = lmRobustOf(onlyClassical(spec))
  adopt(squares, [sums], [...spec.terms, spec.outcome])
  return finish()
}

/** `lmLin` from sums of products within each arm, control first. Faults and pins as `lmRobustFromSums`. */
export function lmLinFromSums(arms: readonly (readonly [Label, Sums])[], spec: Omit<LmLin, keyof Unavailable | 'arms'> & Classical): Fit {
  const { squares, arms: compared, finish } = lmLinOf(onlyClassical({ ...spec, arms: arms.map(([label]) => label) }))
  compared.requireRows(arms.map(([, sums]) => sums.n))
  adopt(squares, arms.map(([, sums]) => sums), [...spec.covariates, spec.outcome])
  return finish()
}

/** `ivRobust` from sums of products. Faults and pins as `lmRobustFromSums`. */
export function ivRobustFromSums(sums: Sums, spec: Omit<IvRobust, keyof Unavailable> & Classical): Fit {
  const { squares, columns, finish } = ivRobustOf(onlyClassical(spec))
  adopt(squares, [sums], columns)
  return finish()
}

/** What needs the rows. */
interface Unavailable {
  readonly seType: unknown
  readonly clusters: unknown
  readonly weights: unknown
  readonly cells: unknown
  readonly fixedEffects: unknown
  readonly intercept: unknown
}

function onlyClassical<T extends Classical>(spec: T): T & { readonly seType: 'classical' } {
  if (spec.seType !== 'classical') throw fault.sums_not_enough({ se_type: spec.seType })
  return { ...spec, seType: 'classical' }
}

function adopt(squares: LeastSquares, parts: readonly Sums[], columns: readonly string[]): void {
  squares.adopt(parts.map((sums) => factorOf(sums, columns)), parts.map((sums) => sums.n))
}

/** The triangular factor of [1, columns]. */
function factorOf({ n, names, sums, products, origins }: Sums, columns: readonly string[]): Matrix {
  const k = columns.length
  const places = columns.map((name) => {
    const place = names.indexOf(name)
    if (place < 0) throw fault.no_column({ column: name })
    return place
  })
  const product = (i: number, j: number) => products[(Math.max(i, j) * (Math.max(i, j) + 1)) / 2 + Math.min(i, j)]!
  const gram = matrix(k, k)
  const all = new DoubleSums(3)
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < k; i++) {
      for (const [at, value] of [product(places[i]!, places[j]!), sums[places[i]!]!, sums[places[j]!]!].entries()) {
        all.hi[at] = value
        all.lo[at] = 0
      }
      gram.values[j * k + i] = all.centered(0, 1, 2, n)
    }
    const whole = product(places[j]!, places[j]!)
    if (!(gram.values[j * k + j]! > enough * whole)) throw fault.sums_lose_digits({ column: columns[j]! })
  }
  // Only the regressors must keep their digits given the others; the outcome may be explained well.
  for (let j = 1; j < k; j++) {
    const part = matrix(j, j)
    for (let c = 0; c < j; c++) part.values.set(gram.values.subarray(c * k, c * k + j), c * j)
    if (cholesky(part, enough) === null) throw fault.sums_lose_digits({ column: columns[j - 1]! })
  }
  const root = cholesky(gram)
  if (root === null) throw fault.perfect_fit({ outcome: columns[k - 1]! })
  const out = matrix(k + 1, k + 1)
  out.values[0] = Math.sqrt(n)
  for (let j = 0; j < k; j++) {
    // Where a column starts from moves its mean and nothing else.
    out.values[(j + 1) * (k + 1)] = (sums[places[j]!]! + n * (origins?.[places[j]!] ?? 0)) / Math.sqrt(n)
    for (let i = 0; i <= j; i++) out.values[(j + 1) * (k + 1) + 1 + i] = root.values[j * k + i]!
  }
  return out
}
