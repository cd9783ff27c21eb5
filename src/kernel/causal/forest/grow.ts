import { grid, type Grid } from './grid.ts'
import { momentCount, type Growth, type Grown, type KeptTrees } from './growth.ts'
import { addMoments, findLeaves, meanMoments, pruneEmpty } from './leaf.ts'
import { sampler } from './sample.ts'
import { type Layout } from './table.ts'
import { makeGrower, makeTree, type Tree } from './tree.ts'

/** What a thread is given: the growth, and the columns as a table, made once for all threads; without it splits are found by sorting. */
export interface GrowthJob {
  readonly growth: Growth
  readonly layout: Layout | undefined
}

/** Depths of which the splits are counted, for variable importance. */
export const countedDepths = 4

/** Work that is done group by group, in any order and by any number of threads, and handed over at the end. */
export interface GroupWork<Result> {
  step(group: number): void
  end(): Result
}

/**
 * Grows the groups of trees that it is told to, and adds up what they say about the rows that they have not drawn.
 *
 * Each tree is grown, its leaves' moments are estimated by the other half of its rows, and it is then forgotten (or kept, where asked): memory does not grow
 * with the number of trees.
 */
export function growTrees({ growth, layout }: GrowthJob): GroupWork<Grown> {
  const { coded, growing, seeds, keepTrees } = growth
  const { n, p, codes } = coded
  const { ciGroupSize: size, honestyPruneLeaves } = growing
  const mask = coded.exact ? 65_535 : 255
  const width = momentCount(growth)
  const rounding = grid(growth)
  const drawing = sampler(growth)
  const { sample } = drawing
  const mostRows = Math.max(1, growth.clusters === undefined ? mostGrown(n, growing) : n)
  const grower = makeGrower(growth, layout, mostRows)
  const trees = Array.from({ length: size }, () => makeTree(mostRows))
  const moments = trees.map(({ split }) => new Float64Array((split.length / 2) * width))
  const counts = trees.map(({ split }) => new Int32Array(split.length / 2))
  const leaves = trees.map(() => new Int32Array(n + 1))
  const add = addMoments(growth, width)
  const collect = collector(n, width, size, rounding)
  const stream = new Int32Array(4)
  const splits = new Float64Array(countedDepths * p)
  const kept: KeptTrees[] = []
  let empty = 0

  const step = (group: number): void => {
    for (let k = 0; k < 4; k++) stream[k] = seeds[4 * group + k]!
    drawing.group(stream)
    let whole = true
    for (let t = 0; t < size; t++) {
      const tree = trees[t]!
      drawing.tree(stream)
      grower.grow(sample.grow, sample.growCount, stream, tree)
      const sums = moments[t]!.fill(0, 0, tree.nodes * width)
      const rows = counts[t]!.fill(0, 0, tree.nodes)
      findLeaves(codes, p, mask, tree, sample.estimate, sample.estimateCount, leaves[t]!)
      for (let k = 0; k < sample.estimateCount; k++) rows[leaves[t]![k]!]! += 1
      add(sample.estimate, sample.estimateCount, leaves[t]!, sums)
      meanMoments(tree.nodes, width, rows, sums, rounding.moment)
      if (honestyPruneLeaves && !pruneEmpty(tree, width, rows, sums)) {
        whole = false
        empty++
      }
      countSplits(tree, splits, p)
      if (sample.spareCount > 0) {
        findLeaves(codes, p, mask, tree, sample.spare, sample.spareCount, leaves[t]!)
        collect.alone(sample.spare, sample.spareCount, leaves[t]!, rows, sums)
      }
    }
    for (let t = 0; t < size; t++) findLeaves(codes, p, mask, trees[t]!, sample.outside, sample.outsideCount, leaves[t]!)
    if (whole && honestyPruneLeaves) collect.together(sample.outside, sample.outsideCount, leaves, moments)
    else for (let t = 0; t < size; t++) collect.alone(sample.outside, sample.outsideCount, leaves[t]!, counts[t]!, moments[t]!)
    if (keepTrees) kept.push(keep(group, trees, moments, counts, width))
  }

  return { step, end: () => ({ sums: collect.sums, counts: collect.counts, splits, empty, kept }) }
}

/** Rows by which a tree is grown at most. */
function mostGrown(n: number, { sampleFraction, ciGroupSize, honesty, honestyFraction }: Growth['growing']): number {
  const group = Math.floor(n * (ciGroupSize > 1 ? 0.5 : sampleFraction))
  const tree = ciGroupSize > 1 ? Math.min(group, Math.ceil(group * sampleFraction * 2)) : group
  return honesty ? Math.ceil(tree * honestyFraction) : tree
}

/**
 * Sums per row: the moments; and where trees come in groups the products of pairs, of group sums and then over single trees, and the moments of trees whose
 * groups are not whole for the row.
 */
export const strideOf = (width: number, groupSize: number): number => (groupSize > 1 ? 2 * width + width * (width + 1) : width)

interface Collector {
  readonly sums: Float64Array
  readonly counts: Int32Array
  /** One tree, for rows of which the others of its group may not speak. */
  alone(rows: Int32Array, count: number, leaf: Int32Array, leafRows: Int32Array, moments: Float64Array): void
  /** All trees of a group. */
  together(rows: Int32Array, count: number, leaves: readonly Int32Array[], moments: readonly Float64Array[]): void
}

function collector(n: number, width: number, groupSize: number, { product }: Grid): Collector {
  const stride = strideOf(width, groupSize)
  const sums = new Float64Array(n * stride)
  const counts = new Int32Array(2 * n)
  const pairs = (width * (width + 1)) / 2
  const apart = groupSize > 1 ? stride - width : 0
  const sum = new Float64Array(width)

  const alone: Collector['alone'] = (rows, count, leaf, leafRows, moments) => {
    for (let k = 0; k < count; k++) {
      const row = rows[k]!
      const at = leaf[k]!
      if (leafRows[at] === 0) continue
      for (let d = 0; d < width; d++) sums[row * stride + apart + d]! += moments[at * width + d]!
      counts[2 * row]! += 1
    }
  }

  const together: Collector['together'] = (rows, count, leaves, moments) => {
    if (groupSize === 1) {
      const leaf = leaves[0]!
      const values = moments[0]!
      for (let k = 0; k < count; k++) {
        const row = rows[k]!
        for (let d = 0; d < width; d++) sums[row * stride + d]! += values[leaf[k]! * width + d]!
        counts[2 * row]! += 1
      }
      return
    }
    for (let k = 0; k < count; k++) {
      const row = rows[k]!
      const base = row * stride
      sum.fill(0)
      for (let t = 0; t < groupSize; t++) {
        const values = moments[t]!
        const at = leaves[t]![k]! * width
        let pair = base + width + pairs
        for (let a = 0; a < width; a++) {
          const v = values[at + a]!
          sum[a]! += v
          for (let b = a; b < width; b++, pair++) {
            const c = product[pair - base - width - pairs]!
            sums[pair]! += v * values[at + b]! + c - c
          }
        }
      }
      let pair = base + width
      for (let a = 0; a < width; a++) {
        const v = sum[a]!
        sums[base + a]! += v
        for (let b = a; b < width; b++, pair++) {
          const c = product[pair - base - width]!
          sums[pair]! += v * sum[b]! + c - c
        }
      }
      counts[2 * row]! += groupSize
      counts[2 * row + 1]! += 1
    }
  }
  return { sums, counts, alone, together }
}

function countSplits({ split }: Tree, into: Float64Array, p: number): void {
  const walk = (k: number, depth: number): void => {
    const left = split[2 * k + 1]!
    if (left === 0 || depth === countedDepths) return
    into[depth * p + (split[2 * k]! >>> 17)]! += 1
    walk(left, depth + 1)
    walk(left + 1, depth + 1)
  }
  walk(0, 0)
}

/** The trees of a group, nodes that pruning has cut off included; an empty leaf has NaN for moments. */
function keep(group: number, trees: readonly Tree[], moments: readonly Float64Array[], counts: readonly Int32Array[], width: number): KeptTrees {
  const starts = [0]
  for (const { nodes } of trees) starts.push(starts.at(-1)! + nodes)
  const split = new Int32Array(2 * starts.at(-1)!)
  const values = new Float64Array(width * starts.at(-1)!)
  for (const [t, tree] of trees.entries()) {
    split.set(tree.split.subarray(0, 2 * tree.nodes), 2 * starts[t]!)
    values.set(moments[t]!.subarray(0, width * tree.nodes), width * starts[t]!)
    for (let k = 0; k < tree.nodes; k++) if (counts[t]![k] === 0) values.fill(Number.NaN, (starts[t]! + k) * width, (starts[t]! + k + 1) * width)
  }
  return { group, starts, split, moments: values }
}
