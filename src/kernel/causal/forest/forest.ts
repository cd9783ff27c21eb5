import { fault } from '../faults.ts'
import type { CodedColumns } from './codes.ts'
import { strideOf } from './collect.ts'
import { countedDepths } from './grow.ts'
import { momentCount, type Clusters, type Growing, type Grown, type KeptTrees, type Target } from './growth.ts'
import { groupSeeds } from './options.ts'
import { layouts, type Layout } from './layout.ts'
import type { Pool } from './pool.ts'
import { mostDrawn } from './table.ts'

/** What all forests of one fit share: rows, columns, threads. */
export interface Ground {
  readonly coded: CodedColumns
  readonly layouts: readonly Layout[]
  readonly pool: Pool
  readonly weights: Float64Array | undefined
  readonly clusters: Clusters | undefined
  readonly seed: number | string
  /** Hears of trees that have been grown. */
  readonly grew: (trees: number) => void
}

/** A forest as it has been grown: what its trees say about the rows that they have not drawn. */
export interface Forest {
  readonly width: number
  /** Mean over trees of the moments of each row's leaf, `width` a row. */
  readonly means: Float64Array
  /** Trees behind each row's means. */
  readonly trees: Int32Array
  /** The products that the variance by little bags is made of; see little-bags.ts. */
  readonly bags: Bags | undefined
  /** Importance of each column, adding up to 1; all 0 where no tree has split. */
  readonly importance: Float64Array
  readonly kept: readonly KeptTrees[]
}

export interface Bags {
  readonly groupSize: number
  /** Groups behind each row: those of which no tree has drawn it. */
  readonly groups: Int32Array
  /** Mean of the moments over their trees, `width` a row. */
  readonly means: Float64Array
  /** Per row and pair a <= b: mean over groups of the product of the groups' mean moments, then mean over trees of the product of trees' moments. */
  readonly between: Float64Array
  readonly total: Float64Array
}

/** None for exact splits. Columns of two values share cells only where nodes draw most of the columns. */
export const layoutsFor = (coded: CodedColumns, { mtry }: Growing): readonly Layout[] => (coded.exact ? [] : layouts(coded, mtry >= mostDrawn * coded.p))

/** @throws Fault 'causal.never_out_of_bag' where a row was drawn for every tree */
export async function growForest(ground: Ground, name: string, target: Target, growing: Growing, keepTrees = false): Promise<Forest> {
  const { coded, weights, clusters, pool, seed, grew } = ground
  const groups = growing.numTrees / growing.ciGroupSize
  const growth = { coded, target, growing, weights, clusters, seeds: groupSeeds(seed, name, groups), keepTrees }
  const parts = await pool.run('growTrees', { growth, layouts: ground.layouts }, groups, (done) => grew(done * growing.ciGroupSize))
  const { sums, counts, splits, kept } = parts.reduce(addUp)
  const width = momentCount(growth)
  return { width, importance: importance(splits, coded.p), kept: kept.toSorted((a, b) => a.group - b.group), ...meansOf(sums, counts, coded.n, width, growing.ciGroupSize, growing.numTrees) }
}

/** Sums are whole steps of a grid and exact, so the order of the parts does not show. */
function addUp(a: Grown, b: Grown): Grown {
  const into = (x: Float64Array | Int32Array, y: Float64Array | Int32Array): void => {
    for (let i = 0; i < x.length; i++) x[i]! += y[i]!
  }
  into(a.sums, b.sums)
  into(a.counts, b.counts)
  into(a.splits, b.splits)
  return { ...a, empty: a.empty + b.empty, kept: [...a.kept, ...b.kept] }
}

function meansOf(sums: Float64Array, counts: Int32Array, n: number, width: number, groupSize: number, numTrees: number): Pick<Forest, 'means' | 'trees' | 'bags'> {
  const stride = strideOf(width, groupSize)
  const pairs = (width * (width + 1)) / 2
  const means = new Float64Array(n * width)
  const trees = new Int32Array(n)
  const withBags = groupSize > 1
  const groups = new Int32Array(withBags ? n : 0)
  const bagMeans = new Float64Array(withBags ? n * width : 0)
  const between = new Float64Array(withBags ? n * pairs : 0)
  const total = new Float64Array(withBags ? n * pairs : 0)
  for (let i = 0; i < n; i++) {
    const count = counts[2 * i]!
    // Without a whole group there is no variance: more trees are wanted as well.
    if (count === 0 || (withBags && counts[2 * i + 1] === 0)) throw fault.never_out_of_bag({ row: i + 1, trees: numTrees })
    trees[i] = count
    const apart = stride - width
    for (let d = 0; d < width; d++) means[i * width + d] = (sums[i * stride + d]! + (withBags ? sums[i * stride + apart + d]! : 0)) / count
    if (!withBags) continue
    const bags = counts[2 * i + 1]!
    groups[i] = bags
    for (let d = 0; d < width; d++) bagMeans[i * width + d] = sums[i * stride + d]! / (bags * groupSize)
    for (let c = 0; c < pairs; c++) {
      between[i * pairs + c] = sums[i * stride + width + c]! / (bags * groupSize * groupSize)
      total[i * pairs + c] = sums[i * stride + width + pairs + c]! / (bags * groupSize)
    }
  }
  return { means, trees, bags: withBags ? { groupSize, groups, means: bagMeans, between, total } : undefined }
}

/** Σ_d d⁻² (share of the splits at depth d that column j has) / Σ_d d⁻², over the first four depths: grf's variable_importance. */
function importance(splits: Float64Array, p: number): Float64Array {
  const out = new Float64Array(p)
  let weights = 0
  for (let d = 0; d < countedDepths; d++) weights += (d + 1) ** -2
  for (let d = 0; d < countedDepths; d++) {
    const here = splits.subarray(d * p, (d + 1) * p)
    const total = here.reduce((sum, v) => sum + v, 0)
    if (total > 0) for (let j = 0; j < p; j++) out[j]! += ((d + 1) ** -2 / weights) * (here[j]! / total)
  }
  return out
}
