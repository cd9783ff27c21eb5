import {
  addCombination,
  addSquares,
  addWeightedProducts,
  columnLength,
  DoubleSums,
  matrix,
  multiply,
  pick,
  pivotedQr,
  solveUpper,
  symmetric,
  toOrthonormal,
  transpose,
  TriangularFactor,
  type Matrix,
} from '#kernel/numeric'
import type { Columns } from '../columns.ts'
import { fault } from '../faults.ts'
import { ClusterScores, type ClusterSeType } from './cluster-scores.ts'
import { GroupMeans } from './group-means.ts'
import { Feed, blockRows, type Block, type FeedPlan } from './feed.ts'

export type SeType = 'classical' | 'HC0' | 'HC1' | 'HC2' | 'HC3' | ClusterSeType

/** What is regressed on what. A `place` is the place of a column in [design, endogenous, responses]. */
export interface Problem {
  /** The columns whose span is projected on: the regressors of OLS, the instruments (exogenous regressors among them) of 2SLS. null: the constant. */
  readonly design: readonly (string | null)[]
  /** Regressors that are not in the design. None: OLS. */
  readonly endogenous: readonly string[]
  readonly responses: readonly string[]
  /** Places of the regressors, in the order of their coefficients. */
  readonly regressors: readonly number[]
  readonly weights?: string | undefined
  /** Column of cluster labels; only with CR0, stata and CR2, and always with them. */
  readonly clusters?: string | undefined
  /** Column of groups that each get a coefficient of their own, absorbed; the design then has no constant. */
  readonly fixedEffects?: string | undefined
  readonly strata?: FeedPlan['strata']
  readonly seType: SeType
}

/**
 * The fit of one stratum in orthonormal coordinates: with X̂ = Q R the (projected) regressors that are kept, θ = Q'y = R β.
 * Errors are computed for θ, where everything has the same scale, and carried to β by R⁻¹.
 */
export interface Solved {
  readonly n: number
  /** Places of regressors, r kept. */
  readonly kept: readonly number[]
  readonly dropped: readonly number[]
  /** R, r×r upper triangular. */
  readonly factor: Matrix
  /** θ, r×(number of responses). */
  readonly theta: Matrix
  /** β = R⁻¹ θ. */
  readonly beta: Matrix
  /** Σ e_a e_b for every pair of responses. */
  readonly residual: Matrix
  /** The factor of [design, endogenous, responses] as the first pass left it. */
  readonly whole: Matrix
  /** The same turned so that its first rows are coordinates in the kept columns of the design, and the others what these leave. */
  readonly coordinates: Matrix
  /** First-stage coefficients of the endogenous columns on the kept columns of the design (2SLS), and those columns' places. */
  readonly firstStage: { readonly places: readonly number[]; readonly pi: Matrix } | null
}

/** Covariances of coefficients, for each pair of responses in the order of `pairsOf`, and each coefficient's degrees of freedom. */
export interface Covariances {
  readonly pairs: readonly Matrix[]
  readonly df: readonly number[]
}

/** Pairs (a, b), a ≤ b, of responses, in the order in which covariances are listed. */
export function pairsOf(count: number): readonly (readonly [number, number])[] {
  const out: [number, number][] = []
  for (let a = 0; a < count; a++) for (let b = a; b < count; b++) out.push([a, b])
  return out
}

/**
 * Least squares in two passes over rows that are not kept. The first builds the triangular factor of [Z D y]; the second the residuals, leverages
 * and the sum that is the inside of the sandwich. Memory: m² for m columns, and one block.
 *
 *   first   [Z D y] = Q [R]          β = R_x⁻¹ Q_x'y
 *   second  e_i = y_i − x_i'β        q_i = R_x⁻ᵀ x̂_i        h_i = ‖q_i‖²        M = Σ g(h_i) e_i² q_i q_i'
 *   g(h)    HC0, HC1: 1    HC2: 1/(1 − h)    HC3: 1/(1 − h)²
 *
 * With weights every row is multiplied by √w first. Residuals are taken at the observed regressors, leverages at the projected ones.
 */
export class LeastSquares {
  private readonly problem: Problem
  private readonly feed: Feed
  private readonly width: number
  private readonly factors: TriangularFactor[]
  private readonly counts: Float64Array
  private readonly pairs: readonly (readonly [number, number])[]
  private readonly groups: GroupMeans | null
  private readonly groupLabels: number
  private readonly owners: number[] = []
  private stage: 'means' | 'factor' | 'score'
  private n = -1
  private solved: readonly Solved[] = []
  private meats: readonly (readonly DoubleSums[])[] = []
  private clusters: ClusterScores | null = null
  private readonly scratch: { leverage: Float64Array; weights: Float64Array; column: Float64Array; sums: Float64Array }

  constructor(problem: Problem) {
    this.problem = problem
    const columns = [...problem.design, ...problem.endogenous, ...problem.responses]
    this.width = columns.length
    if ((problem.clusters !== undefined) !== clustered(problem.seType)) throw new TypeError(`${problem.seType} errors ${problem.clusters === undefined ? 'need' : 'take no'} clusters.`)
    // In strata the covariates are centred in the end, so where they start from does not matter.
    const shifted = problem.strata === undefined ? [] : problem.design.flatMap((name, j) => (name === null ? [] : [j]))
    this.feed = new Feed({ columns, shifted, weights: problem.weights, strata: problem.strata, labels: [problem.clusters, problem.fixedEffects].filter((name) => name !== undefined) })
    this.groupLabels = problem.clusters === undefined ? 0 : 1
    this.groups = problem.fixedEffects === undefined ? null : new GroupMeans(columns.length)
    this.stage = this.groups === null ? 'factor' : 'means'
    if (this.groups !== null && (problem.strata !== undefined || problem.design[0] === null)) throw new TypeError('Fixed effects take the place of the constant and of strata.')
    const strata = problem.strata?.count ?? 1
    this.factors = Array.from({ length: strata }, () => new TriangularFactor(columns.length))
    this.counts = new Float64Array(strata)
    this.pairs = pairsOf(problem.responses.length)
    const k = problem.regressors.length
    this.scratch = {
      leverage: new Float64Array(blockRows),
      weights: new Float64Array(blockRows),
      column: new Float64Array(blockRows),
      sums: new Float64Array((k * (k + 1)) / 2),
    }
  }

  add(chunk: Columns): void {
    this.feed.add(chunk, this.receive)
  }

  private readonly receive = (block: Block): void => {
    if (this.stage === 'means') {
      this.groups!.add(block, block.codes[this.groupLabels]!)
      return
    }
    this.groups?.subtract(block, block.codes[this.groupLabels]!)
    if (this.stage === 'factor') this.factorBlock(block)
    else this.scoreBlock(block)
  }

  next(): boolean {
    const rows = this.feed.end(this.receive)
    if (this.n >= 0 && rows !== this.n) throw fault.rows_changed({ first: this.n, then: rows })
    this.n = rows
    if (this.stage === 'means') {
      this.groups!.finish()
      this.stage = 'factor'
      return true
    }
    if (this.stage === 'factor') {
      this.stage = 'score'
      const wholes = this.factors.map((factor) => factor.matrix())
      const lengths = this.lengths(wholes)
      this.solved = wholes.map((whole, s) => this.solve(whole, this.counts[s]!, lengths?.[s]))
      const { seType, responses, weights, clusters } = this.problem
      const coefficients = this.solved.reduce((sum, fit) => sum + fit.kept.length, this.absorbed)
      if (this.n <= coefficients) throw fault.no_degrees_of_freedom({ n: this.n, coefficients })
      if (seType === 'classical') return false
      if (clustered(seType)) {
        const groups = this.feed.codes[0]!.size
        if (groups < 2) throw fault.one_cluster({ cluster: clusters! })
        if (seType === 'CR2' && this.groups !== null) this.requireNested()
        this.clusters = new ClusterScores(seType, groups, this.solved.map((fit) => fit.kept.length), responses.length, weights !== undefined)
        return true
      }
      this.meats = this.solved.map(({ kept }) => this.pairs.map(() => new DoubleSums((kept.length * (kept.length + 1)) / 2)))
      return true
    }
    if (this.problem.seType === 'CR0' || this.problem.seType === 'stata') this.clusters!.toOrthonormal(this.solved.map((fit) => fit.factor))
    return false
  }

  /** What the columns of each stratum were before means were taken off, which is what "nothing is left of it" is measured by. */
  private lengths(wholes: readonly Matrix[]): readonly Float64Array[] | undefined {
    if (this.groups !== null) return [this.groups.squares.map(Math.sqrt)]
    if (this.problem.strata === undefined) return undefined
    const means = meansOf(wholes, this.width)
    return wholes.map((whole) => centredLengths(whole, this.problem.design.length, means))
  }

  fits(): readonly Solved[] {
    return this.solved
  }

  /** Coefficients that are absorbed. */
  get absorbed(): number {
    return this.groups?.groups ?? 0
  }

  get clusterCount(): number | null {
    return this.problem.clusters === undefined ? null : this.feed.codes[0]!.size
  }

  /**
   * Covariance of β = A θ, θ being stacked over the strata, for a map A with k rows; small-sample factors included:
   *
   *   classical  Σe²/(n − k) A A'      HC1  n/(n − k)      stata  G/(G − 1) (n − 1)/(n − k)      others  1
   *   df         n − k                 CR0, stata  G − 1   CR2  Satterthwaite
   *
   * k counts absorbed coefficients too.
   */
  covariances(map: Matrix): Covariances {
    const { seType } = this.problem
    const { n } = this
    const k = map.rows
    const across = transpose(map)
    const sandwich = (meat: Matrix, scale: number) => times(multiply(multiply(map, meat), across), scale)
    const df = n - k - this.absorbed
    if (seType === 'classical') {
      const residual = this.residual()
      const outer = multiply(map, across)
      return { pairs: this.pairs.map(([a, b]) => times(outer, residual.values[b * residual.rows + a]! / df)), df: Array.from({ length: k }, () => df) }
    }
    if (this.clusters !== null) {
      const groups = this.clusters.clusters
      const { meat, df: satterthwaite } = this.clusters.finish(this.pairs, map)
      const scale = seType === 'stata' ? (groups / (groups - 1)) * ((n - 1) / df) : 1
      return { pairs: meat.map((inside) => sandwich(inside, scale)), df: satterthwaite ?? Array.from({ length: k }, () => groups - 1) }
    }
    const scale = seType === 'HC1' ? n / df : 1
    return { pairs: this.pairs.map((_, p) => sandwich(this.meat(p), scale)), df: Array.from({ length: k }, () => df) }
  }

  /** Σ e_a e_b over all strata. */
  residual(): Matrix {
    const r = this.problem.responses.length
    return matrix(r, r, Float64Array.from({ length: r * r }, (_, at) => this.solved.reduce((sum, fit) => sum + fit.residual.values[at]!, 0)))
  }

  /** Σ w y² of a column, and what is left of it around the mean where there is a constant. */
  variation(place: number): { readonly total: number; readonly around: number } {
    if (this.groups !== null) return { total: this.groups.squares[place]!, around: this.groups.squares[place]! }
    const wholes = this.solved.map((fit) => fit.whole)
    const means = this.problem.design[0] === null ? meansOf(wholes, this.width) : new Float64Array(this.width)
    let total = 0
    let around = 0
    for (const { values, rows } of wholes) {
      for (let i = 0; i < rows; i++) {
        const x = values[place * rows + i]!
        total += x * x
        around += (i === 0 ? x - means[place]! * values[0]! : x) ** 2
      }
    }
    return { total, around }
  }

  /** The sum of a pair of responses, block-diagonal over the strata. */
  private meat(pair: number): Matrix {
    const total = this.solved.reduce((sum, fit) => sum + fit.kept.length, 0)
    const out = matrix(total, total)
    let from = 0
    for (const [s, { kept }] of this.solved.entries()) {
      const r = kept.length
      const sums = this.meats[s]![pair]!
      const block = symmetric(sums.hi.map((_, at) => sums.value(at)), r)
      for (let j = 0; j < r; j++) out.values.set(block.values.subarray(j * r, (j + 1) * r), (from + j) * total + from)
      from += r
    }
    return out
  }

  /**
   * Groups inside clusters leave T_g as it is without them: their columns are orthogonal to what is left of the others, cluster by cluster
   * (Pustejovsky, Tipton 2018, section 2.2, where the working model has one variance). Groups across clusters would not.
   */
  private requireNested(): void {
    const { clusters, fixedEffects, weights } = this.problem
    if (this.owners.includes(-2) || weights !== undefined) throw fault.groups_across_clusters({ cluster: clusters!, group: fixedEffects! })
  }

  private readonly factorBlock = (block: Block): void => {
    if (this.problem.seType === 'CR2' && this.groups !== null) {
      const [clusters, groups] = block.codes
      for (let i = 0; i < block.rows; i++) {
        const g = groups![i]!
        const owner = this.owners[g]
        if (owner === undefined) this.owners[g] = clusters![i]!
        else if (owner !== clusters![i]!) this.owners[g] = -2
      }
    }
    this.counts[block.stratum]! += block.rows
    this.factors[block.stratum]!.fold(block.values, block.rows, blockRows)
  }

  private solve(whole: Matrix, n: number, lengths?: Float64Array): Solved {
    const { design, endogenous, responses, regressors } = this.problem
    const m = this.width
    const z = pivotedQr(whole, design.length, lengths)
    const right = responses.map((_, r) => design.length + endogenous.length + r)
    requireVariation(this.problem, z.coordinates, z.dropped)
    if (endogenous.length === 0) {
      const theta = pick(z.coordinates, right, z.kept.length)
      return {
        n,
        kept: z.kept,
        dropped: z.dropped,
        factor: z.factor,
        theta,
        beta: solveUpper(z.factor, theta),
        residual: crossBelow(z.coordinates, right, z.kept.length),
        whole,
        coordinates: z.coordinates,
        firstStage: null,
      }
    }
    // 2SLS: coordinates of the regressors in the basis of the instruments, then a second QR there.
    const rank = z.kept.length
    const projected = pivotedQr(pick(z.coordinates, [...regressors, ...right], rank), regressors.length, lengths && regressors.map((place) => lengths[place]!))
    const observed = pivotedQr(pick(whole, regressors, m), regressors.length, lengths && regressors.map((place) => lengths[place]!))
    for (const j of projected.dropped) {
      if (!observed.dropped.includes(j)) throw fault.under_identified({ column: endogenous[regressors[j]! - design.length] ?? endogenous[0]! })
    }
    const r = projected.kept.length
    const theta = matrix(r, right.length)
    for (let b = 0; b < right.length; b++) theta.values.set(projected.rest.values.subarray(b * rank, b * rank + r), b * r)
    const beta = solveUpper(projected.factor, theta)
    const kept = projected.kept.map((j) => regressors[j]!)
    // Residuals at the observed regressors: in the basis of the factor, y − Xβ is a combination of its columns.
    const left = multiply(pick(whole, [...kept, ...right]), stack(beta))
    const everyEndogenous = endogenous.map((_, d) => design.length + d)
    return {
      n,
      kept,
      dropped: projected.dropped.map((j) => regressors[j]!),
      factor: projected.factor,
      theta,
      beta,
      residual: crossBelow(left, right.map((_, b) => b), 0),
      whole,
      coordinates: z.coordinates,
      firstStage: { places: z.kept, pi: solveUpper(z.factor, pick(z.coordinates, everyEndogenous, rank)) },
    }
  }

  private readonly scoreBlock = ({ stratum, rows, values, places, codes, roots }: Block): void => {
    const { problem, scratch } = this
    const solved = this.solved[stratum]!
    const { kept } = solved
    const r = kept.length
    const first = problem.design.length + problem.endogenous.length
    for (let b = 0; b < problem.responses.length; b++) {
      addCombination(values, blockRows, rows, first + b, kept, solved.beta.values.subarray(b * r, (b + 1) * r).map((x) => -x))
    }
    if (solved.firstStage !== null) {
      const { places: z, pi } = solved.firstStage
      for (let d = 0; d < problem.endogenous.length; d++) {
        const place = problem.design.length + d
        values.fill(0, place * blockRows, place * blockRows + rows)
        addCombination(values, blockRows, rows, place, z, pi.values.subarray(d * z.length, (d + 1) * z.length))
      }
    }
    // CR0 and stata sum x e by cluster and turn the sums, not the rows.
    const turned = problem.seType !== 'CR0' && problem.seType !== 'stata'
    if (turned) toOrthonormal(values, blockRows, rows, kept, solved.factor)
    if (this.clusters !== null) {
      this.clusters.add(stratum, values, rows, kept, first, codes[0]!, roots)
      return
    }
    const { leverage, weights, column, sums } = scratch
    const power = problem.seType === 'HC2' ? 1 : problem.seType === 'HC3' ? 2 : 0
    if (power > 0) {
      leverage.fill(0)
      addSquares(values, blockRows, rows, kept, leverage)
      if (this.groups !== null) for (let i = 0; i < rows; i++) leverage[i]! += this.groups.leverage(codes[this.groupLabels]![i]!, roots === null ? 1 : roots[i]!)
      for (let i = 0; i < rows; i++) {
        const left = 1 - leverage[i]!
        // A leverage of 1 comes out within a few rounding errors of 1; a real one this close would need 1e10 rows elsewhere.
        if (left < 1e-10) throw fault.leverage_one({ row: places[i]! + 1, se_type: problem.seType })
        leverage[i] = power === 1 ? 1 / left : 1 / (left * left)
      }
    }
    for (const [p, [a, b]] of this.pairs.entries()) {
      const ea = (first + a) * blockRows
      const eb = (first + b) * blockRows
      for (let i = 0; i < rows; i++) weights[i] = values[ea + i]! * values[eb + i]! * (power > 0 ? leverage[i]! : 1)
      sums.fill(0)
      addWeightedProducts(values, blockRows, rows, kept, weights, column, sums)
      const meat = this.meats[stratum]![p]!
      for (let at = 0; at < (r * (r + 1)) / 2; at++) meat.add(at, sums[at]!)
    }
  }
}

export const clustered = (seType: SeType): seType is ClusterSeType => seType === 'CR0' || seType === 'stata' || seType === 'CR2'

const times = (a: Matrix, scale: number): Matrix => matrix(a.rows, a.columns, a.values.map((x) => x * scale))

/** [−β; I]: takes the columns [X y] to the residuals, with the sign turned. */
function stack(beta: Matrix): Matrix {
  const r = beta.rows
  const count = beta.columns
  const out = matrix(r + count, count)
  for (let b = 0; b < count; b++) {
    for (let j = 0; j < r; j++) out.values[b * (r + count) + j] = -beta.values[b * r + j]!
    out.values[b * (r + count) + r + b] = 1
  }
  return out
}

/** Cross-products of columns, rows `from` and below. */
function crossBelow(a: Matrix, columns: readonly number[], from: number): Matrix {
  const out = matrix(columns.length, columns.length)
  columns.forEach((p, i) =>
    columns.forEach((q, j) => {
      let s = 0
      for (let row = from; row < a.rows; row++) s += a.values[p * a.rows + row]! * a.values[q * a.rows + row]!
      out.values[j * columns.length + i] = s
    }),
  )
  return out
}

/** Refuses a regressor that only repeats the constant. In strata a column may be constant in one of them; the caller looks. */
function requireVariation(problem: Problem, coordinates: Matrix, dropped: readonly number[]): void {
  if (problem.design[0] !== null || problem.strata !== undefined) return
  const m = coordinates.rows
  const lookedAt = [...dropped, ...problem.responses.map((_, r) => problem.design.length + problem.endogenous.length + r)]
  for (const j of lookedAt) {
    let left = 0
    for (let i = 1; i < m; i++) left = Math.hypot(left, coordinates.values[j * m + i]!)
    const name = problem.design[j] ?? problem.responses[j - problem.design.length - problem.endogenous.length]
    if (left <= 1e-13 * Math.abs(coordinates.values[j * m]!) && name !== undefined && name !== null) throw fault.constant_column({ column: name })
  }
}

/** Weighted means of all columns over all strata, from factors whose first column is the constant: Σ w x = R_00 R_0j. */
export function meansOf(wholes: readonly Matrix[], columns: number): Float64Array {
  const out = new Float64Array(columns)
  let weight = 0
  for (const { values, rows } of wholes) {
    weight += values[0]! ** 2
    for (let j = 0; j < columns; j++) out[j]! += values[0]! * values[j * rows]!
  }
  return out.map((s) => s / weight)
}

/** Length of each column after the mean is taken off; infinite where nothing but rounding is left, so that the column is dropped. */
export function centredLengths(whole: Matrix, columns: number, means: ArrayLike<number>): Float64Array {
  const out = new Float64Array(columns)
  const m = whole.rows
  for (let j = 0; j < columns; j++) {
    const own = whole.values.slice(j * m, (j + 1) * m)
    const length = columnLength(own, 0, m)
    if (j > 0) own[0]! -= means[j]! * whole.values[0]!
    const centred = columnLength(own, 0, m)
    out[j] = centred <= 1e-12 * length ? Infinity : centred
  }
  return out
}
