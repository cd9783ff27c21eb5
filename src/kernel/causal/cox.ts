import { chiSquareUpper, cholesky, invertUpper, matrix, type Matrix, multiply, pivotedQr, sum, transpose } from '#kernel/numeric'
import { Codes, type Columns } from './columns.ts'
import { finiteColumn } from './design.ts'
import type { Estimate } from './estimate.ts'
import { fault } from './faults.ts'
import { normalRow, plainRow } from './row.ts'
import { byTime, readFollowUp, type FollowUp } from './survival.ts'

export interface CoxFit {
  /** One row per covariate: log of the hazard ratio per unit, its error and a normal interval. */
  readonly estimates: readonly Estimate[]
  /** Covariance of the estimates, p×p: robust when asked for, else the inverse information. */
  readonly covariance: Matrix
  /** Errors from the inverse information, for comparison with robust ones. */
  readonly modelErrors: Float64Array
  readonly logLikelihood: number
  readonly logLikelihoodAtZero: number
  /** Score test of all coefficients at zero, p degrees of freedom; with one 0/1 covariate and no ties it is the log-rank test. */
  readonly scoreTest: Estimate
  readonly iterations: number
  readonly events: number
}

export interface Cox extends FollowUp {
  /** Covariates, the treatment among them. */
  readonly terms: readonly string[]
  /** Column whose values have each their own baseline hazard. */
  readonly blocks?: string
  /** Column of the cluster by which robust errors are summed. */
  readonly clusters?: string
  readonly errors?: 'model' | 'robust'
  readonly confidence?: number
}

/**
 * Cox's proportional hazards regression with Efron's treatment of ties.
 *
 *   ℓ(β) = Σ_t [ Σ_{i in D_t} x_i'β − Σ_{k=0..d−1} ln(Σ_{R_t} e^{x'β} − (k/d) Σ_{D_t} e^{x'β}) ],  D_t the d events at t, R_t the people at risk
 *
 * by Newton's method with halved steps. Robust errors are the sandwich I⁻¹ (Σ_g U_g U_g') I⁻¹ of Lin and Wei (1989): with k running over
 * the ties and x̄_k, S_k the risk-weighted mean and sum after k/d of the deaths are taken out,
 *
 *   U_i = δ_i (x_i − (1/d) Σ_k x̄_k) − e^{x_i'β} Σ_{t <= T_i} Σ_k w_ik (x_i − x̄_k) / S_k,   w_ik = 1 − k/d for those who die at t, else 1
 *
 * which is the derivative of the score in the weight of person i. Rows are summed within clusters; no small-sample factor. Normal intervals.
 *
 * Assumes proportional hazards; the robust error stays right for the coefficient that is estimated when they are not.
 *
 * @throws Fault 'causal.no_events'; 'causal.constant_column' and 'causal.columns_aliased' naming the column; 'causal.no_finite_estimate' when
 *   an arm or a covariate parts those with the event from those without; 'causal.not_finite', 'causal.time_negative', 'causal.no_rows'
 * Source: Efron (1977), JASA 72; Therneau, Grambsch (2000), Modeling Survival Data, sections 3.3 and 7.2.
 * Pinned by published fits and by a second calculation in cox.test.ts.
 */
export function cox(data: Columns, spec: Cox): CoxFit {
  const { time, event } = readFollowUp(data, spec)
  const errors = spec.errors ?? 'robust'
  const confidence = spec.confidence ?? 0.95
  const n = time.length
  const p = spec.terms.length
  if (p === 0) throw new TypeError('A regression needs a covariate.')
  const blocks = spec.blocks === undefined ? new Int32Array(n) : new Codes().codesOf(data, spec.blocks)
  const clusters = spec.clusters === undefined ? undefined : new Codes().codesOf(data, spec.clusters)
  const order = byTime(time, blocks)
  // Rows in that order, centred and scaled column by column: e^{x'β} stays tame and one tolerance serves all columns.
  const x = new Float64Array(n * p)
  const scale = new Float64Array(p)
  for (const [j, name] of spec.terms.entries()) {
    const values = finiteColumn(data, name, n)
    const mean = sum(values) / n
    scale[j] = Math.sqrt(sum(values.map((v) => (v - mean) ** 2)) / n)
    // 1e-14 of the mean is what rounding of the mean itself leaves of a constant column.
    if (!(scale[j]! > 1e-14 * Math.abs(mean))) throw fault.constant_column({ column: name })
    for (let i = 0; i < n; i++) x[i * p + j] = (values[order[i]!]! - mean) / scale[j]!
  }
  const sorted: Sorted = { x, p, n, time: Float64Array.from(order, (i) => time[i]!), event: Uint8Array.from(order, (i) => event[i]!), block: order.map((i) => blocks[i]!) }
  const deaths = sorted.event.reduce((total, e) => total + e, 0)
  if (deaths === 0) throw fault.no_events()

  let beta = new Float64Array(p)
  let at = partial(sorted, beta)
  const atZero = at.logLikelihood
  let inverse = invert(at.information, p, spec.terms)
  const scoreStatistic = dot(at.score, times(inverse, at.score))
  let iterations = 0
  for (; ; iterations++) {
    const step = times(inverse, at.score)
    // Newton's decrement: twice what the likelihood can still gain.
    if (dot(step, at.score) < 1e-22 * Math.max(1, Math.abs(at.logLikelihood)) || dot(step, step) < 1e-26 * Math.max(1, dot(beta, beta))) break
    let size = 1
    let tried = partial(sorted, beta.map((b, j) => b + step[j]!))
    while (!(tried.logLikelihood >= at.logLikelihood - 1e-12 * Math.abs(at.logLikelihood))) {
      size /= 2
      if (size < 1e-6) throw fault.no_finite_estimate({ model: 'hazards' })
      tried = partial(sorted, beta.map((b, j) => b + size * step[j]!))
    }
    beta = beta.map((b, j) => b + size * step[j]!)
    at = tried
    inverse = invert(at.information, p)
    // Thirty standard deviations of a log hazard: the estimate runs away.
    if (iterations >= 60 || beta.some((b) => Math.abs(b) > 30)) throw fault.no_finite_estimate({ model: 'hazards' })
  }

  const spread = errors === 'robust' ? sandwich(sorted, beta, inverse, clusters === undefined ? undefined : order.map((i) => clusters[i]!)) : inverse
  const covariance = matrix(p, p, spread.values.map((v, c) => v / (scale[c % p]! * scale[Math.floor(c / p)]!)))
  const common = {
    estimator: 'cox',
    options: Object.freeze({ ties: 'efron', se_type: errors, ...(spec.blocks === undefined ? {} : { strata: spec.blocks }), ...(spec.clusters === undefined ? {} : { clusters: spec.clusters }) }),
    formula: `Surv(${spec.time}, ${spec.event}) ~ ${spec.terms.join(' + ')}`,
    n,
  }
  return Object.freeze({
    estimates: Object.freeze(spec.terms.map((term, j) => normalRow({ ...common, term, estimate: beta[j]! / scale[j]!, std_error: Math.sqrt(covariance.values[j * p + j]!) }, confidence))),
    covariance,
    modelErrors: Float64Array.from(scale, (s, j) => Math.sqrt(inverse.values[j * p + j]!) / s),
    logLikelihood: at.logLikelihood,
    logLikelihoodAtZero: atZero,
    scoreTest: plainRow({ ...common, estimator: 'cox_score', term: 'all', estimate: scoreStatistic, statistic: scoreStatistic, p_value: chiSquareUpper(scoreStatistic, p), df: p }),
    iterations,
    events: deaths,
  })
}

/** Rows by block and falling time; x is row-major, because the loops go row by row. */
interface Sorted {
  readonly x: Float64Array
  readonly p: number
  readonly n: number
  readonly time: Float64Array
  readonly event: Uint8Array
  readonly block: Int32Array
}

interface Partial {
  readonly logLikelihood: number
  readonly score: Float64Array
  readonly information: Float64Array
}

/** Efron's log partial likelihood with its first and second derivatives (the latter with a minus sign). */
function partial({ x, p, n, time, event, block }: Sorted, beta: Float64Array): Partial {
  const score = new Float64Array(p)
  const information = new Float64Array(p * p)
  const s1 = new Float64Array(p)
  const s2 = new Float64Array(p * p)
  const d1 = new Float64Array(p)
  const d2 = new Float64Array(p * p)
  const mean = new Float64Array(p)
  let logLikelihood = 0
  let s0 = 0
  for (let i = 0; i < n; ) {
    if (i === 0 || block[i] !== block[i - 1]) {
      s0 = 0
      s1.fill(0)
      s2.fill(0)
    }
    let d0 = 0
    let d = 0
    d1.fill(0)
    d2.fill(0)
    const first = i
    for (; i < n && time[i] === time[first] && block[i] === block[first]; i++) {
      const row = i * p
      let eta = 0
      for (let j = 0; j < p; j++) eta += x[row + j]! * beta[j]!
      const risk = Math.exp(eta)
      const died = event[i] === 1
      s0 += risk
      if (died) {
        d += 1
        d0 += risk
        logLikelihood += eta
      }
      for (let j = 0; j < p; j++) {
        const xj = x[row + j]!
        const rx = risk * xj
        s1[j]! += rx
        if (died) {
          d1[j]! += rx
          score[j]! += xj
        }
        for (let k = 0; k <= j; k++) {
          const rxx = rx * x[row + k]!
          s2[j * p + k]! += rxx
          if (died) d2[j * p + k]! += rxx
        }
      }
    }
    for (let k = 0; k < d; k++) {
      const out = k / d
      const left = s0 - out * d0
      logLikelihood -= Math.log(left)
      for (let j = 0; j < p; j++) {
        mean[j] = (s1[j]! - out * d1[j]!) / left
        score[j]! -= mean[j]!
        for (let l = 0; l <= j; l++) information[j * p + l]! += (s2[j * p + l]! - out * d2[j * p + l]!) / left - mean[j]! * mean[l]!
      }
    }
  }
  for (let j = 0; j < p; j++) for (let l = 0; l < j; l++) information[l * p + j] = information[j * p + l]!
  return { logLikelihood, score, information }
}

/** I⁻¹ (Σ_g U_g U_g') I⁻¹ with the U of the docstring, summed by cluster. */
function sandwich({ x, p, n, time, event, block }: Sorted, beta: Float64Array, inverse: Matrix, clusters: Int32Array | undefined): Matrix {
  const risk = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let eta = 0
    for (let j = 0; j < p; j++) eta += x[i * p + j]! * beta[j]!
    risk[i] = Math.exp(eta)
  }
  // Per group of equal times: Σ_k 1/S_k and Σ_k x̄_k/S_k, for those who outlive it and (weighted 1 − k/d) for those who die in it.
  const u = new Float64Array(n * p)
  const s1 = new Float64Array(p)
  const d1 = new Float64Array(p)
  const groups: { first: number; end: number; hazard: number; hazardMean: Float64Array }[] = []
  let s0 = 0
  for (let i = 0; i < n; ) {
    if (i === 0 || block[i] !== block[i - 1]) {
      s0 = 0
      s1.fill(0)
    }
    let d0 = 0
    let d = 0
    d1.fill(0)
    const first = i
    for (; i < n && time[i] === time[first] && block[i] === block[first]; i++) {
      s0 += risk[i]!
      if (event[i] === 1) {
        d += 1
        d0 += risk[i]!
      }
      for (let j = 0; j < p; j++) {
        const rx = risk[i]! * x[i * p + j]!
        s1[j]! += rx
        if (event[i] === 1) d1[j]! += rx
      }
    }
    let hazard = 0
    let own = 0
    const hazardMean = new Float64Array(p)
    const ownMean = new Float64Array(p)
    const meanOfMeans = new Float64Array(p)
    for (let k = 0; k < d; k++) {
      const out = k / d
      const left = s0 - out * d0
      hazard += 1 / left
      own += (1 - out) / left
      for (let j = 0; j < p; j++) {
        const mean = (s1[j]! - out * d1[j]!) / left
        hazardMean[j]! += mean / left
        ownMean[j]! += ((1 - out) * mean) / left
        meanOfMeans[j]! += mean / d
      }
    }
    for (let r = first; r < i; r++) {
      if (event[r] !== 1) continue
      // Those who die here are charged with their own share of this time; the common charge below is taken back for them.
      for (let j = 0; j < p; j++) u[r * p + j] = x[r * p + j]! - meanOfMeans[j]! - risk[r]! * ((own - hazard) * x[r * p + j]! - (ownMean[j]! - hazardMean[j]!))
    }
    groups.push({ first, end: i, hazard, hazardMean })
  }
  let hazard = 0
  const hazardMean = new Float64Array(p)
  for (let g = groups.length - 1; g >= 0; g--) {
    const group = groups[g]!
    if (g === groups.length - 1 || block[group.first] !== block[groups[g + 1]!.first]) {
      hazard = 0
      hazardMean.fill(0)
    }
    hazard += group.hazard
    for (let j = 0; j < p; j++) hazardMean[j]! += group.hazardMean[j]!
    for (let r = group.first; r < group.end; r++) for (let j = 0; j < p; j++) u[r * p + j]! -= risk[r]! * (x[r * p + j]! * hazard - hazardMean[j]!)
  }
  let rows = u
  let count = n
  if (clusters !== undefined) {
    count = clusters.reduce((most, c) => Math.max(most, c), -1) + 1
    rows = new Float64Array(count * p)
    for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) rows[clusters[i]! * p + j]! += u[i * p + j]!
  }
  const meat = matrix(p, p)
  for (let r = 0; r < count; r++) for (let j = 0; j < p; j++) for (let l = 0; l < p; l++) meat.values[j * p + l]! += rows[r * p + j]! * rows[r * p + l]!
  return multiply(multiply(inverse, meat), inverse)
}

/**
 * The inverse of the information. A pivot below 1e-11 of its diagonal (columns have unit scale) means a column that others give, before
 * the first step, and an estimate on its way to infinity after it.
 */
function invert(information: Float64Array, p: number, terms?: readonly string[]): Matrix {
  const a = matrix(p, p, information)
  const root = cholesky(a, 1e-11)
  if (root === null) {
    if (terms === undefined) throw fault.no_finite_estimate({ model: 'hazards' })
    const { dropped } = pivotedQr(a, p, undefined, 1e-11)
    throw fault.columns_aliased({ columns: dropped.map((j) => terms[j]!).join(', ') })
  }
  const half = invertUpper(root)
  return multiply(half, transpose(half))
}

function times(a: Matrix, b: Float64Array): Float64Array {
  return multiply(a, matrix(b.length, 1, b)).values
}

function dot(a: Float64Array, b: Float64Array): number {
  return sum(a.map((v, j) => v * b[j]!))
}
