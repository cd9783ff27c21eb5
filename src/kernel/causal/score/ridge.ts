import { matrix, pivotedQr, solveUpper, sum, TriangularFactor } from '#kernel/numeric'
import { fault } from '../faults.ts'
import type { Predict, Rows, ScoreModel } from './model.ts'

/**
 * Linear regression with a ridge penalty.
 *
 *   minimises ½ Σ_i (y_i − a − x_i'b)² + ½ n λ Σ_j s_j² b_j²,  s_j the standard deviation of column j in the rows of the fit
 *
 * By QR of the rows with √(nλ) s_j e_j' appended; the constant is not penalised. λ = 0 is ordinary least squares, columns that follow from
 * the ones before them dropped.
 *
 * @param penalty  λ ≥ 0, in units of the squared outcome per row; without unit in the columns
 * @throws Fault 'causal.too_few' when there are no rows
 * Source: Hoerl, Kennard (1970). Pinned, at λ = 0, by the `gate_tertile` rows of shared/data/reference with model "ols".
 */
export function ridgeLinear({ penalty = 0 }: { readonly penalty?: number } = {}): ScoreModel {
  checkPenalty(penalty)
  return {
    name: penalty === 0 ? 'ols' : 'ridge',
    settings: { penalty },
    fit(outcome, from) {
      const scaled = scale(from)
      const y = Float64Array.from(from.rows, (i) => outcome[i]!)
      const { beta } = leastSquares(scaled, y, undefined, penalty)
      return linear(scaled, beta, (eta) => eta)
    },
  }
}

/**
 * Logistic regression with a ridge penalty, for outcomes 0 and 1.
 *
 *   maximises Σ_i [y_i η_i − ln(1 + e^{η_i})] − ½ n λ Σ_j s_j² b_j²,  η_i = a + x_i'b,  s_j as in `ridgeLinear`
 *
 * by Newton's method: each step is a weighted least-squares fit by QR with weights π(1 − π), halved while the criterion would fall.
 *
 * @param penalty  λ ≥ 0; 0 is maximum likelihood
 * @throws Fault 'causal.no_finite_estimate' when λ = 0 and some combination of columns parts the ones from the zeros, or one of them is absent;
 *   'causal.not_zero_one' for another outcome
 * Source: le Cessie, van Houwelingen (1992), Applied Statistics 41. Pinned, at λ = 0, by the `gate_tertile` rows of shared/data/reference with model "logit".
 */
export function ridgeLogistic({ penalty = 0 }: { readonly penalty?: number } = {}): ScoreModel {
  checkPenalty(penalty)
  return {
    name: penalty === 0 ? 'logit' : 'ridge logit',
    settings: { penalty },
    fit(outcome, from) {
      const scaled = scale(from)
      const y = Float64Array.from(from.rows, (i) => outcome[i]!)
      const other = y.findIndex((v) => v !== 0 && v !== 1)
      if (other >= 0) throw fault.not_zero_one({ column: 'outcome', row: from.rows[other]! + 1, value: y[other]! })
      const n = y.length
      const ones = sum(y)
      if (ones === 0 || ones === n) throw fault.no_finite_estimate({ model: 'logistic' })
      let beta: Float64Array = new Float64Array(scaled.columns.length + 1)
      beta[0] = Math.log(ones / (n - ones))
      let now = criterion(scaled, y, beta, penalty)
      for (let step = 0; ; step++) {
        if (step === 100 || now.eta.some((e) => Math.abs(e) > 500)) throw fault.no_finite_estimate({ model: 'logistic' })
        // Working response η + (y − π)/w and weights w = π(1 − π); a weight of zero would say that the row is certain.
        const root = new Float64Array(n)
        const working = new Float64Array(n)
        for (let i = 0; i < n; i++) {
          const p = logistic(now.eta[i]!)
          const w = Math.max(p * (1 - p), 1e-300)
          root[i] = Math.sqrt(w)
          working[i] = now.eta[i]! + (y[i]! - p) / w
        }
        const target = leastSquares(scaled, working, root, penalty).beta
        let size = 1
        let next = target
        let then = criterion(scaled, y, next, penalty)
        while (!(then.value >= now.value - 1e-12 * Math.abs(now.value)) && size > 1e-8) {
          size /= 2
          next = beta.map((b, j) => b + size * (target[j]! - b))
          then = criterion(scaled, y, next, penalty)
        }
        const moved = next.reduce((most, b, j) => Math.max(most, Math.abs(b - beta[j]!)), 0)
        beta = next
        now = then
        // Columns have unit spread: 1e-12 of a log odds is far below what anyone can see, and Newton's steps square their error.
        if (moved < 1e-12 * Math.max(1, Math.max(...beta.map(Math.abs)))) break
      }
      // A likelihood of one: the rows are parted perfectly and the coefficients are on their way out.
      if (penalty === 0 && now.value > -1e-6) throw fault.no_finite_estimate({ model: 'logistic' })
      return linear(scaled, beta, logistic)
    },
  }
}

const logistic = (eta: number): number => (eta >= 0 ? 1 / (1 + Math.exp(-eta)) : Math.exp(eta) / (1 + Math.exp(eta)))

interface Scaled {
  /** Columns of the rows of the fit, mean zero and spread one; a column that does not vary is all zeros. */
  readonly columns: readonly Float64Array[]
  readonly means: readonly number[]
  readonly spreads: readonly number[]
  readonly n: number
}

function scale({ columns, rows }: Rows): Scaled {
  if (rows.length === 0) throw fault.too_few({ n: 0, needed: 1 })
  const n = rows.length
  const means: number[] = []
  const spreads: number[] = []
  const out = columns.map((column) => {
    const own = Float64Array.from(rows, (i) => column[i]!)
    const mean = sum(own) / n
    const centred = own.map((x) => x - mean)
    const spread = Math.sqrt(sum(centred.map((x) => x * x)) / n)
    // What rounding of the mean leaves of a constant column.
    const varies = spread > 1e-14 * Math.abs(mean)
    means.push(mean)
    spreads.push(varies ? spread : 1)
    return varies ? centred.map((x) => x / spread) : new Float64Array(n)
  })
  return { columns: out, means, spreads, n }
}

const blockRows = 256

/** Weighted ridge fit of y on a constant and the scaled columns; `root` holds square roots of weights. Dropped columns get zero. */
function leastSquares({ columns, n }: Scaled, y: Float64Array, root: Float64Array | undefined, penalty: number): { readonly beta: Float64Array } {
  const p = columns.length
  const factor = new TriangularFactor(p + 2)
  const block = new Float64Array((p + 2) * blockRows)
  for (let first = 0; first < n; first += blockRows) {
    const rows = Math.min(blockRows, n - first)
    for (let i = 0; i < rows; i++) {
      const w = root === undefined ? 1 : root[first + i]!
      block[i] = w
      for (let j = 0; j < p; j++) block[(j + 1) * blockRows + i] = w * columns[j]![first + i]!
      block[(p + 1) * blockRows + i] = w * y[first + i]!
    }
    factor.fold(block, rows, blockRows)
  }
  if (penalty > 0) {
    const extra = new Float64Array((p + 2) * p)
    for (let j = 0; j < p; j++) extra[(j + 1) * p + j] = Math.sqrt(n * penalty)
    factor.fold(extra, p, p)
  }
  const { kept, factor: r, rest } = pivotedQr(factor.matrix(), p + 1)
  const solved = solveUpper(r, matrix(r.rows, 1, rest.values.slice(0, r.rows))).values
  const beta = new Float64Array(p + 1)
  for (const [at, j] of kept.entries()) beta[j] = solved[at]!
  return { beta }
}

function criterion({ columns, n }: Scaled, y: Float64Array, beta: Float64Array, penalty: number): { readonly value: number; readonly eta: Float64Array } {
  const eta = new Float64Array(n).fill(beta[0]!)
  for (const [j, column] of columns.entries()) {
    const b = beta[j + 1]!
    for (let i = 0; i < n; i++) eta[i]! += b * column[i]!
  }
  // y η − ln(1 + e^η), without overflow.
  const value = sum(eta.map((e, i) => y[i]! * e - (Math.max(e, 0) + Math.log1p(Math.exp(-Math.abs(e))))))
  return { value: value - 0.5 * n * penalty * sum(beta.subarray(1).map((b) => b * b)), eta }
}

function linear({ means, spreads }: Scaled, beta: Float64Array, link: (eta: number) => number): Predict {
  return ({ columns, rows }) =>
    Float64Array.from(rows, (i) => {
      let eta = beta[0]!
      for (let j = 0; j < columns.length; j++) eta += (beta[j + 1]! * (columns[j]![i]! - means[j]!)) / spreads[j]!
      return link(eta)
    })
}

function checkPenalty(penalty: number): void {
  if (!(penalty >= 0) || !Number.isFinite(penalty)) throw new TypeError(`A penalty is not below zero; ${penalty} is.`)
}
