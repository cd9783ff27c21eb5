import {
  addCombination,
  addSquares,
  addWeightedProducts,
  DoubleSums,
  matrix,
  multiply,
  symmetric,
  toOrthonormal,
  transpose,
  type Matrix,
} from '#kernel/numeric'
import type { Columns } from '../columns.ts'
import { fault } from '../faults.ts'
import { ClusterScores } from './cluster-scores.ts'
import { blockRows, Feed, type Block } from './feed.ts'
import { FirstPass } from './first-pass.ts'
import { GroupMeans } from './group-means.ts'
import { centredLengths, clustered, meansOf, solve, type Problem, type Solved } from './solve.ts'

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
 * Least squares in two passes over rows that are not kept (three where columns nearly explain each other; see `FirstPass`). The first builds the triangular factor of [Z D y]; the second the residuals, leverages
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
  private readonly factors: readonly FirstPass[]
  private readonly counts: Float64Array
  /** Strata whose factor is known while others' rows come again. */
  private readonly finished: Uint8Array
  private readonly pairs: readonly (readonly [number, number])[]
  private readonly groups: GroupMeans | null
  private readonly groupLabels: number
  private readonly owners: number[] = []
  private stage: 'means' | 'factor' | 'score'
  /** Rows fed, and observations behind them. */
  private fed = -1
  private n = -1
  /** Σ (y − ȳ_cell)² by stratum. */
  private readonly within: Float64Array
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
    if (problem.cells !== undefined && problem.weights !== undefined) throw new TypeError('Cells are weighted by their rows and take no other weights.')
    // Cells are fed as rows of weight √count, with their variance in a column behind the others.
    const fed = problem.cells === undefined ? columns : [...columns, problem.cells.variance]
    this.feed = new Feed({ columns: fed, shifted, weights: problem.cells?.count ?? problem.weights, strata: problem.strata, labels: [problem.clusters, problem.fixedEffects].filter((name) => name !== undefined) })
    this.groupLabels = problem.clusters === undefined ? 0 : 1
    this.groups = problem.fixedEffects === undefined ? null : new GroupMeans(columns.length)
    this.stage = this.groups === null ? 'factor' : 'means'
    if (this.groups !== null && (problem.strata !== undefined || problem.design[0] === null)) throw new TypeError('Fixed effects take the place of the constant and of strata.')
    const strata = problem.strata?.count ?? 1
    // Cells are few, and what group means leave is what a condition number would have to be asked of.
    const foldAll = problem.cells !== undefined || this.groups !== null
    this.factors = Array.from({ length: strata }, () => new FirstPass(columns.length, foldAll))
    this.counts = new Float64Array(strata)
    this.finished = new Uint8Array(strata)
    this.within = new Float64Array(strata)
    this.pairs = pairsOf(problem.responses.length)
    const k = problem.regressors.length
    this.scratch = {
      leverage: new Float64Array(blockRows),
      weights: new Float64Array(blockRows),
      column: new Float64Array(2 * blockRows),
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
    if (this.fed >= 0 && rows !== this.fed) throw fault.rows_changed({ first: this.fed, then: rows })
    this.fed = rows
    if (this.stage === 'means') {
      this.groups!.finish()
      this.stage = 'factor'
      return true
    }
    if (this.stage === 'factor') {
      const done = this.factors.map((factor) => factor.end())
      if (done.includes(false)) return this.again(done)
      this.stage = 'score'
      this.n = this.counts.reduce((sum, count) => sum + count, 0)
      if (this.n === 0) throw fault.no_rows()
      const wholes = this.factors.map((factor) => factor.matrix())
      const lengths = this.lengths(wholes)
      this.solved = wholes.map((whole, s) => solve(this.problem, whole, this.counts[s]!, lengths?.[s]))
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

  /** The first pass once more; strata that are done stay as they are. */
  private again(done: readonly boolean[]): true {
    done.forEach((one, stratum) => (this.finished[stratum] = one ? 1 : 0))
    for (const [stratum, one] of done.entries()) if (!one) this.counts[stratum] = 0
    return true
  }

  /** What the columns of each stratum were before means were taken off, which is what "nothing is left of it" is measured by. */
  private lengths(wholes: readonly Matrix[]): readonly Float64Array[] | undefined {
    if (this.groups !== null) return [this.groups.squares.map(Math.sqrt)]
    if (this.problem.strata === undefined) return undefined
    const means = meansOf(wholes, this.width)
    return wholes.map((whole) => centredLengths(whole, this.problem.design.length, means))
  }

  /**
   * Takes finished factors in place of the first pass, one per stratum. Only classical errors follow.
   */
  adopt(wholes: readonly Matrix[], counts: readonly number[]): void {
    this.counts.set(counts)
    this.fed = 0
    wholes.forEach((whole, s) => this.factors[s]!.adopt(whole))
    this.next()
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

  /** Σ e_a e_b over all strata; inside cells only the first response varies. */
  residual(): Matrix {
    const r = this.problem.responses.length
    const out = matrix(r, r, Float64Array.from({ length: r * r }, (_, at) => this.solved.reduce((sum, fit) => sum + fit.residual.values[at]!, 0)))
    out.values[0]! += this.within.reduce((sum, own) => sum + own, 0)
    return out
  }

  /** Σ w y² of a column, and what is left of it around the mean where there is a constant. */
  variation(place: number): { readonly total: number; readonly around: number } {
    if (this.groups !== null) return { total: this.groups.squares[place]!, around: this.groups.squares[place]! }
    const wholes = this.solved.map((fit) => fit.whole)
    const means = this.problem.design[0] === null ? meansOf(wholes, this.width) : new Float64Array(this.width)
    // Inside cells it is the outcome that varies, the first response.
    const within = place === this.width - this.problem.responses.length ? this.within.reduce((sum, own) => sum + own, 0) : 0
    let total = within
    let around = within
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
   * (Pustejovsky, Tipton 2018, for a working model with one variance). Groups across clusters would not.
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
    if (this.finished[block.stratum] === 1) return
    this.counts[block.stratum]! += block.rows
    if (this.problem.cells !== undefined) this.countCells(block)
    this.factors[block.stratum]!.add(block.values, block.rows)
  }

  /** Adds the rows behind the cells, and what their outcomes vary inside cells. */
  private countCells({ stratum, rows, values, roots, places }: Block): void {
    const from = this.width * blockRows
    for (let i = 0; i < rows; i++) {
      const count = roots![i]! ** 2
      const variance = values[from + i]! / roots![i]!
      if (Math.abs(count - Math.round(count)) > 1e-9 * count || variance < 0) throw fault.cell_refused({ row: places[i]! + 1, count, variance })
      this.counts[stratum]! += Math.round(count) - 1
      this.within[stratum]! += count * variance
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
      this.clusters.add(stratum, values, rows, kept, first, codes[0]!, problem.weights === undefined ? null : roots)
      return
    }
    const { leverage, weights, column, sums } = scratch
    const cells = problem.cells !== undefined
    const power = problem.seType === 'HC2' ? 1 : problem.seType === 'HC3' ? 2 : 0
    if (power > 0) {
      leverage.fill(0)
      addSquares(values, blockRows, rows, kept, leverage)
      if (this.groups !== null) for (let i = 0; i < rows; i++) leverage[i]! += this.groups.leverage(codes[this.groupLabels]![i]!, roots === null ? 1 : roots[i]!)
      for (let i = 0; i < rows; i++) {
        // A cell's rows share its leverage, which was summed over them.
        const left = 1 - (cells ? leverage[i]! / roots![i]! ** 2 : leverage[i]!)
        // A leverage of 1 comes out within a few rounding errors of 1; a real one this close would need 1e10 rows elsewhere.
        if (left < 1e-10) throw fault.leverage_one({ row: places[i]! + 1, se_type: problem.seType })
        leverage[i] = power === 1 ? 1 / left : 1 / (left * left)
      }
    }
    for (const [p, [a, b]] of this.pairs.entries()) {
      const ea = (first + a) * blockRows
      const eb = (first + b) * blockRows
      for (let i = 0; i < rows; i++) weights[i] = values[ea + i]! * values[eb + i]! * (power > 0 ? leverage[i]! : 1)
      if (cells) {
        // Σ e² over the rows of a cell is count (ē² + variance); q here is √count times that of a row.
        const variance = p === 0 ? this.width * blockRows : -1
        for (let i = 0; i < rows; i++) {
          const squares = values[ea + i]! * values[eb + i]! + (variance < 0 ? 0 : values[variance + i]! * roots![i]!)
          weights[i] = (squares / roots![i]! ** 2) * (power > 0 ? leverage[i]! : 1)
        }
      }
      sums.fill(0)
      addWeightedProducts(values, blockRows, rows, kept, weights, column, sums)
      const meat = this.meats[stratum]![p]!
      for (let at = 0; at < (r * (r + 1)) / 2; at++) meat.add(at, sums[at]!)
    }
  }
}

const times = (a: Matrix, scale: number): Matrix => matrix(a.rows, a.columns, a.values.map((x) => x * scale))
