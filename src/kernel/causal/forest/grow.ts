import { collector } from './collect.ts'
import { grid } from './grid.ts'
import { momentCount, type Growth, type Grown, type KeptTrees } from './growth.ts'
import type { Layout } from './layout.ts'
import { growerFor } from './excerpt.ts'
import { estimateLeaves, leavesByRow, pruneEmpty, summing } from './leaf.ts'
import { fall, makeFallen } from './partition.ts'
import { sampler } from './sample.ts'
import { makeTree, type Tree } from './tree.ts'

/** What a thread is given: the growth, and the columns as tables, made once for all threads; without them splits are found by sorting. */
export interface GrowthJob {
  readonly growth: Growth
  readonly layouts: readonly Layout[]
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
export function growTrees({ growth, layouts }: GrowthJob): GroupWork<Grown> {
  const { coded, growing, seeds, keepTrees } = growth
  const { n, p, codes, top: mask } = coded
  const { ciGroupSize: size, honestyPruneLeaves } = growing
  const width = momentCount(growth)
  const rounding = grid(growth)
  const drawing = sampler(growth)
  const { sample } = drawing
  const mostRows = Math.max(1, growth.clusters === undefined ? mostGrown(n, growing) : n)
  const grower = growerFor(growth, layouts, mostRows)
  const trees = Array.from({ length: size }, () => makeTree(mostRows))
  const moments = trees.map(({ split }) => new Float64Array((split.length / 2) * width))
  const counts = trees.map(({ split }) => new Int32Array(split.length / 2))
  const leaves = trees.map(() => new Int32Array(n + 1))
  const sum = summing(growth, width)
  const fallen = makeFallen(n, trees[0]!.split.length / 2)
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
      fall(codes, n, mask, tree, sample.estimate, sample.estimateCount, fallen)
      estimateLeaves(tree, fallen, sum, width, rounding.moment, counts[t]!, moments[t]!)
      if (honestyPruneLeaves && !pruneEmpty(tree, width, counts[t]!, moments[t]!)) {
        whole = false
        empty++
      }
      countSplits(tree, splits, p)
      if (sample.spareCount > 0) {
        fall(codes, n, mask, tree, sample.spare, sample.spareCount, fallen)
        leavesByRow(tree, fallen, leaves[t]!)
        collect.alone(sample.spare, sample.spareCount, leaves[t]!, counts[t]!, moments[t]!)
      }
    }
    for (let t = 0; t < size; t++) {
      fall(codes, n, mask, trees[t]!, sample.outside, sample.outsideCount, fallen)
      leavesByRow(trees[t]!, fallen, leaves[t]!)
    }
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
