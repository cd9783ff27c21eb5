import { DoubleSums } from '#kernel/numeric'
import { Arms } from './arms.ts'
import { Codes, numbers, requireFinite, rowCount, runPasses, type Columns, type Label, type Passes } from './columns.ts'
import { estimateRow, type Estimate, type Option } from './estimate.ts'
import { fault } from './faults.ts'
import { lmLinPasses } from './regression/lm-lin.ts'
import type { Cells } from './regression/solve.ts'

export interface DifferenceInMeans {
  readonly outcome: string
  readonly treatment: string
  /** Control, treated; 0 and 1 where absent. Every row must be one of them. */
  readonly arms?: readonly [Label, Label]
  /** Column of the block inside which the arms were drawn. */
  readonly blocks?: string
  /** Column of the cluster that was drawn as a whole. */
  readonly clusters?: string
  /** Column of weights above zero; not with blocks. */
  readonly weights?: string
  /** Rows stand for several of one arm (and block, and cluster), as `GROUP BY` makes them; not with weights. */
  readonly cells?: Cells
  /** What becomes of a block that has fewer than two units (rows, or clusters) in an arm. Pairs are no such blocks. */
  readonly thinBlocks?: 'refuse' | 'drop'
  /** 0.95 where absent. */
  readonly confidence?: number
}

/**
 * The difference between the mean outcomes of two arms, with the variance that the design of the draw gives it.
 * ȳ_a, s_a², n_a: mean, variance (n − 1) and rows of arm a; b: blocks; N_b rows of a block of N; g: clusters.
 *
 *   complete   τ = ȳ_1 − ȳ_0        V = s_1²/n_1 + s_0²/n_0          df = V² / Σ_a (s_a²/n_a)²/(n_a − 1)   (Welch)
 *   blocked    τ = Σ_b (N_b/N) τ_b  V = Σ_b (N_b/N)² V_b             df = N − 2B
 *   pairs      τ as blocked         V = B/((B − 1) N²) Σ_b (N_b τ_b − N τ/B)²        df = B − 1
 *   clustered  τ as complete        V = Σ_a Σ_{g in a} (Y_g − n_g ȳ_a)² / (1 − n_g/n_a) / n_a²     (CR2)
 *              with t_g = n_g/n_a: df = (1/n_0 + 1/n_1)² / Σ_a n_a⁻² [Σ_g (t/(1 − t))² (1 − 2t) + (Σ_g t²/(1 − t))²]   (Satterthwaite)
 *   blocked and clustered: V_b as clustered, df = G − 2B; pairs of clusters: as pairs.
 *
 * With weights the arms' means are weighted and errors are HC2 (CR2 with clusters) of the weighted regression on the treatment, df = n − 2.
 *
 * @param data  outcome: numbers; treatment, blocks, clusters: any labels
 * @returns     one row, in the units of the outcome
 * Assumes that the draw was as said and that one unit's arm does not move another's outcome. Nothing is assumed of the outcomes' distribution; the
 * t interval is exact only in the limit.
 * @throws Fault 'causal.one_arm', 'causal.one_row_arm', 'causal.unknown_arm', 'causal.thin_block', 'causal.cluster_split',
 *   'causal.one_cluster_arm', 'causal.weights_with_blocks', 'causal.perfect_fit' (no variation inside the arms), 'causal.not_finite'
 * Source: Neyman (1923, 1990); Imbens, Rubin (2015), Causal Inference, chapters 6, 9 and 10; Imai, King, Nall (2009), Stat. Sci. 24(1), equation 6; Pustejovsky,
 * Tipton (2018) for CR2. Conventions of estimatr 1.0.0.
 * Pinned by the `difference_in_means` rows of shared/data/reference.
 */
export function differenceInMeans(data: Columns, spec: DifferenceInMeans): Estimate {
  return runPasses(differenceInMeansPasses(spec), data)
}

/** The same from chunks of rows: one pass (two with weights); memory grows with blocks and clusters, not with rows. */
export function differenceInMeansPasses(spec: DifferenceInMeans): Passes<Estimate> {
  if (spec.weights !== undefined) {
    if (spec.cells !== undefined) throw new TypeError('Cells are weighted by their rows and take no other weights.')
    return weightedPasses(spec)
  }
  const arms = new Arms(spec.treatment, spec.arms)
  const blocks = new Codes()
  const clusters = new Codes()
  // A cell is an arm of a block; with clusters, each cluster has sums of its own.
  const sums = new DoubleSums(4)
  let rows = new Float64Array(2)
  let cellOf = new Int32Array(2)
  let seen = 0
  return {
    add(chunk) {
      const named = [spec.outcome, spec.treatment, spec.blocks, spec.clusters, spec.cells?.count, spec.cells?.variance].filter((name) => name !== undefined)
      const n = rowCount(chunk, named)
      const y = numbers(chunk, spec.outcome)
      requireFinite(y, spec.outcome, 0, n, seen)
      const cell = spec.cells === undefined ? null : readCells(chunk, spec.cells, seen)
      const arm = arms.of(chunk, seen)
      const block = spec.blocks === undefined ? null : blocks.codesOf(chunk, spec.blocks, seen)
      const cluster = spec.clusters === undefined ? null : clusters.codesOf(chunk, spec.clusters, seen)
      const cells = cluster === null ? 2 * Math.max(1, blocks.size) : clusters.size
      sums.reserve(2 * cells)
      if (cells > rows.length) {
        const wider = new Float64Array(2 * cells)
        wider.set(rows)
        rows = wider
        const owners = new Int32Array(2 * cells)
        owners.set(cellOf)
        cellOf = owners
      }
      for (let i = 0; i < n; i++) {
        const home = 2 * (block === null ? 0 : block[i]!) + arm[i]!
        let at = home
        if (cluster !== null) {
          at = cluster[i]!
          if (rows[at] === 0) cellOf[at] = home
          else if (cellOf[at] !== home) throw fault.cluster_split({ cluster: String(clusters.labels[at]) })
        }
        if (cell === null) {
          rows[at]! += 1
          sums.add(2 * at, y[i]!)
          if (cluster === null) sums.addProduct(2 * at + 1, y[i]!, y[i]!)
        } else {
          // Σ y² = count (ȳ² + variance); count·ȳ in two parts, since the mean is taken off again in the end.
          const count = cell.count[i]!
          rows[at]! += count
          const part = new DoubleSums(1)
          part.addProduct(0, count, y[i]!)
          sums.add(2 * at, part.hi[0]!)
          sums.add(2 * at, part.lo[0]!)
          sums.addProduct(2 * at + 1, part.hi[0]!, y[i]!)
          sums.addProduct(2 * at + 1, part.lo[0]!, y[i]!)
          sums.add(2 * at + 1, count * cell.variance[i]!)
        }
      }
      seen += n
    },
    next: () => false,
    result() {
      const count = spec.blocks === undefined ? 1 : blocks.size
      const cells = spec.clusters === undefined ? cellsOfRows(sums, rows, 2 * count) : cellsOfClusters(sums, rows, cellOf, clusters.size, 2 * count)
      if (spec.clusters === undefined || spec.blocks !== undefined) arms.requireRows([0, 1].map((a) => cells.reduce((sum, cell, at) => sum + (at % 2 === a ? cell.rows : 0), 0)))
      else requireClusters(spec, arms, cells)
      const blocked = spec.blocks === undefined ? null : keepBlocks(spec, arms, cells, blocks.labels)
      const [estimate, variance, df, n] = blocked === null ? compare(cells[0]!, cells[1]!) : blocked.pairs ? pairs(blocked.kept) : average(blocked.kept)
      if (!(variance > 0)) throw fault.perfect_fit({ outcome: spec.outcome })
      return estimateRow(
        { estimator: 'difference_in_means', options: designOptions(spec, blocked), formula: `${spec.outcome} ~ ${spec.treatment}`, term: arms.term(1), estimate, std_error: Math.sqrt(variance), df, n },
        spec.confidence ?? 0.95,
      )
    },
  }
}

function readCells(chunk: Columns, cells: Cells, firstRow: number): { readonly count: Float64Array; readonly variance: Float64Array } {
  const count = numbers(chunk, cells.count)
  const variance = numbers(chunk, cells.variance)
  for (let i = 0; i < count.length; i++) {
    if (!(Number.isInteger(count[i]) && count[i]! > 0 && variance[i]! >= 0 && variance[i]! < Infinity)) throw fault.cell_refused({ row: firstRow + i + 1, count: count[i]!, variance: variance[i]! })
  }
  return { count, variance }
}

/** One arm of one block. */
interface Cell {
  readonly rows: number
  /** Rows, or clusters where these were drawn. */
  readonly units: number
  readonly mean: number
  /** Variance of the mean. */
  readonly variance: number
  /** For clusters: Σ_g (t/(1 − t))² (1 − 2t) + (Σ_g t²/(1 − t))². */
  readonly spread: number | null
}

function cellsOfRows(sums: DoubleSums, rows: Float64Array, count: number): Cell[] {
  return Array.from({ length: count }, (_, at) => {
    const n = rows[at]!
    return { rows: n, units: n, mean: sums.value(2 * at) / n, variance: n > 1 ? sums.centered(2 * at + 1, 2 * at, 2 * at, n) / (n - 1) / n : NaN, spread: null }
  })
}

function cellsOfClusters(sums: DoubleSums, rows: Float64Array, cellOf: Int32Array, clusters: number, count: number): Cell[] {
  const members: number[][] = Array.from({ length: count }, () => [])
  for (let g = 0; g < clusters; g++) members[cellOf[g]!]!.push(g)
  return members.map((own) => {
    const n = own.reduce((sum, g) => sum + rows[g]!, 0)
    const total = new DoubleSums(1)
    for (const g of own) {
      total.add(0, sums.hi[2 * g]!)
      total.add(0, sums.lo[2 * g]!)
    }
    const mean = total.value(0) / n
    const tail = new DoubleSums(3)
    for (const g of own) {
      const t = rows[g]! / n
      tail.add(0, (sums.value(2 * g) - rows[g]! * mean) ** 2 / (1 - t))
      tail.add(1, (t / (1 - t)) ** 2 * (1 - 2 * t))
      tail.add(2, (t * t) / (1 - t))
    }
    return { rows: n, units: own.length, mean, variance: tail.value(0) / n / n, spread: tail.value(1) + tail.value(2) ** 2 }
  })
}

type Answer = readonly [estimate: number, variance: number, df: number, n: number]

function compare(control: Cell, treated: Cell): Answer {
  const variance = control.variance + treated.variance
  const df =
    control.spread === null || treated.spread === null
      ? variance ** 2 / (control.variance ** 2 / (control.rows - 1) + treated.variance ** 2 / (treated.rows - 1))
      : (1 / control.rows + 1 / treated.rows) ** 2 / (control.spread / control.rows ** 2 + treated.spread / treated.rows ** 2)
  return [treated.mean - control.mean, variance, df, control.rows + treated.rows]
}

function average(kept: readonly (readonly [Cell, Cell])[]): Answer {
  const n = rowsOf(kept)
  const total = new DoubleSums(2)
  for (const [control, treated] of kept) {
    const share = (control.rows + treated.rows) / n
    total.add(0, share * (treated.mean - control.mean))
    total.add(1, share ** 2 * (control.variance + treated.variance))
  }
  return [total.value(0), total.value(1), kept.reduce((sum, [control, treated]) => sum + control.units + treated.units - 2, 0), n]
}

function pairs(kept: readonly (readonly [Cell, Cell])[]): Answer {
  const n = rowsOf(kept)
  const count = kept.length
  const total = new DoubleSums(2)
  for (const [control, treated] of kept) total.add(0, (control.rows + treated.rows) * (treated.mean - control.mean))
  const estimate = total.value(0) / n
  for (const [control, treated] of kept) total.add(1, ((control.rows + treated.rows) * (treated.mean - control.mean) - (n * estimate) / count) ** 2)
  return [estimate, (count / ((count - 1) * n * n)) * total.value(1), count - 1, n]
}

const rowsOf = (kept: readonly (readonly [Cell, Cell])[]): number => kept.reduce((sum, [control, treated]) => sum + control.rows + treated.rows, 0)

interface Blocked {
  readonly pairs: boolean
  readonly kept: readonly (readonly [Cell, Cell])[]
}

/** All blocks are pairs, or those with two units in each arm are kept and the others refused or dropped, as asked. */
function keepBlocks(spec: DifferenceInMeans, arms: Arms, cells: readonly Cell[], labels: readonly Label[]): Blocked {
  const all = labels.map((_, b) => [cells[2 * b]!, cells[2 * b + 1]!] as const)
  if (all.length > 1 && all.every((block) => block.every((cell) => cell.units === 1))) return { pairs: true, kept: all }
  const kept = all.filter((block, b) => {
    const thin = block.findIndex((cell) => cell.units < 2)
    if (thin < 0) return true
    if (spec.thinBlocks !== 'drop') throw fault.thin_block({ block: String(labels[b]), arm: String(arms.labels[thin]), units: block[thin]!.units, unit: spec.clusters === undefined ? 'row' : 'cluster' })
    return false
  })
  if (kept.length === 0) throw fault.thin_block({ block: String(labels[0]), arm: String(arms.labels[0]), units: all[0]![0].units, unit: spec.clusters === undefined ? 'row' : 'cluster' })
  return { pairs: false, kept }
}

function requireClusters(spec: DifferenceInMeans, arms: Arms, cells: readonly Cell[]): void {
  for (const [arm, label] of arms.labels.entries()) {
    if (cells[arm]!.units === 0) throw fault.one_arm({ treatment: spec.treatment, arm: String(label) })
    if (cells[arm]!.units === 1) throw fault.one_cluster_arm({ treatment: spec.treatment, arm: String(label), cluster: spec.clusters! })
  }
}

function designOptions(spec: DifferenceInMeans, blocked: Blocked | null): { readonly [name: string]: Option } {
  const clusters = spec.clusters === undefined ? {} : { clusters: spec.clusters }
  if (blocked === null) return Object.freeze({ design: spec.clusters === undefined ? 'simple/complete, Welch df' : 'clustered', ...clusters })
  const unit = spec.clusters === undefined ? 'rows' : 'clusters'
  return Object.freeze({
    design: `${blocked.pairs ? 'matched pairs' : 'blocked'}${spec.clusters === undefined ? '' : ', clustered'}`,
    blocks: spec.blocks!,
    ...clusters,
    blocks_kept: blocked.kept.length,
    ...(blocked.pairs ? {} : { rule: `blocks with at least two ${unit} in each arm` }),
  })
}

/** Lin's regression without covariates is the weighted difference in means. */
function weightedPasses(spec: DifferenceInMeans): Passes<Estimate> {
  if (spec.blocks !== undefined) throw fault.weights_with_blocks({ blocks: spec.blocks })
  const { outcome, treatment, arms, clusters, weights, confidence } = spec
  const passes = lmLinPasses({
    outcome,
    treatment,
    covariates: [],
    weights: weights!,
    ...(arms === undefined ? {} : { arms }),
    ...(clusters === undefined ? {} : { clusters }),
    ...(confidence === undefined ? {} : { confidence }),
  })
  return {
    add: (chunk) => passes.add(chunk),
    next: () => passes.next(),
    result() {
      const row = passes.result().estimates[1]!
      const options = { design: clusters === undefined ? 'simple/complete, weighted' : 'clustered, weighted', ...(clusters === undefined ? {} : { clusters }), weights: weights!, se_type: row.options.se_type! }
      return Object.freeze({ ...row, estimator: 'difference_in_means', options: Object.freeze(options) })
    },
  }
}
