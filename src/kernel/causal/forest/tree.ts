import { compactFinder, compactor } from './compact.ts'
import type { Growth } from './growth.ts'
import type { Layout } from './layout.ts'
import { makeNode, type Node } from './node.ts'
import { ordering } from './order.ts'
import { partition, partitionCells } from './partition.ts'
import { ranging } from './range.ts'
import { refinedColumns } from './refine.ts'
import { isTwoArms, relabelling, type Relabelling } from './relabel.ts'
import { scanArms, scanClasses, scanEffect, scanResponse, scanWeighted, type Scan } from './scan.ts'
import { below, drawPoisson, drawToFront, poissonTable } from './stream.ts'
import { mostDrawn, tableFinder, type Finder, type Split } from './table.ts'

/** A tree of the present group; nodes as in KeptTrees. */
export interface Tree {
  /** split[2k] = column · 2¹⁷ + s · 2¹⁶ + (at + s), split[2k + 1] = left child, 0 for a leaf. */
  readonly split: Int32Array
  nodes: number
}

export interface Grower {
  /** Grows the tree by the first `count` of the rows given. */
  grow(rows: Int32Array, count: number, stream: Int32Array, tree: Tree): void
}

export function makeTree(mostRows: number): Tree {
  const most = 2 * mostRows + 1
  return { split: new Int32Array(2 * most), nodes: 0 }
}

/**
 * Grows trees depth first. At each node: a leaf if it has at most min.node.size rows; relabel; draw min(max(Poisson(mtry), 1), p) columns; take the best split.
 *
 * Ties between columns go to the one drawn first.
 *
 * @param whole  the growth of which `growth` is an excerpt (excerpt.ts), whose rows change from tree to tree; else the same
 */
export function makeGrower(growth: Growth, layouts: readonly Layout[], mostRows: number, whole: Growth = growth): Grower {
  const { coded, growing } = growth
  const { n, p, codes, cuts, top: mask } = coded
  const { mtry } = growing
  const excerpt = growth !== whole
  const refined = refinedColumns(coded, layouts)
  const stack = new Int32Array(4 * (Math.ceil(Math.log2(mostRows + 2)) + 4))
  const parents = new Int32Array(2 * mostRows + 1)
  const ranges = ranging(coded, refined, parents)
  const ranged = refined.includes(1)
  const node: Node = makeNode(coded.n)
  const labels = relabelling(growth, node, mostRows, whole)
  const scan = scanFor(whole)
  const finder = layouts.length === 0 ? exactFinder(growth, labels, node, scan) : tableFinder(growth, layouts, labels, node, scan, { mostRows, excerpt, refined, ranges })
  const { read, relabel, leastRows } = labels
  if (!excerpt) read(n)
  const { rows } = node
  const half = rows.length >>> 1
  const poisson = poissonTable(mtry)
  const columns = new Int32Array(p)
  const drawn = new Int32Array(p)
  const left = new Uint8Array(p)
  const chosen: Split = { column: 0, at: 0, missingLeft: false }

  /** The columns of this node, in a random order or a rotated one; returns their number. */
  const drawColumns = (stream: Int32Array): number => {
    const count = Math.min(Math.max(drawPoisson(stream, poisson), 1), p)
    if (2 * count <= p) {
      drawToFront(stream, columns, p, count)
      for (let d = 0; d < count; d++) drawn[d] = columns[d]!
      return count
    }
    const out = p - count
    drawToFront(stream, columns, p, out)
    for (let d = 0; d < out; d++) left[columns[d]!] = 1
    let d = 0
    for (let a = 0, j = below(stream, p); a < p; a++, j = j + 1 === p ? 0 : j + 1) if (left[j] === 0) drawn[d++] = j
    for (let a = 0; a < out; a++) left[columns[a]!] = 0
    return count
  }

  const grow = (given: Int32Array, count: number, stream: Int32Array, tree: Tree): void => {
    if (excerpt) read(count)
    for (let k = 0; k < count; k++) rows[k] = given[k]!
    finder.begin(count)
    for (let j = 0; j < p; j++) columns[j] = j
    const { split } = tree
    let nodes = 1
    let top = push(stack, 0, 0, 0, count, -1)
    while (top > 0) {
      top -= 4
      const at = stack[top]!
      const from = stack[top + 1]!
      const to = stack[top + 2]!
      const slot = stack[top + 3]!
      split[2 * at] = 0
      split[2 * at + 1] = 0
      if (to - from < leastRows) continue
      if (!relabel(from, to)) {
        finder.drop(to - from, slot)
        continue
      }
      const drawnCount = drawColumns(stream)
      if (ranged) ranges.read(split, at)
      if (!finder.find(from, to, slot, drawn, drawnCount, chosen)) continue
      const s = chosen.missingLeft ? 1 : 0
      const packed = chosen.column * 131_072 + s * 65_536 + chosen.at + s
      const over = from < half ? half : -half
      const middle = excerpt && refined[chosen.column] === 0 ? partitionCells(layouts[0]!, packed, cuts[chosen.column]!.length, rows, from, to, over) : partition(codes, n, mask, packed, rows, from, to, over)
      const begin = from + over
      const end = to + over
      // A split by codes that do not part the rows would go on forever.
      if (middle === begin || middle === end) throw new TypeError('A split has left one side empty.')
      split[2 * at] = packed
      split[2 * at + 1] = nodes
      finder.divide(begin, middle, end)
      // The smaller child is grown first: at most log2 of the rows then wait.
      const leftFirst = middle - begin <= end - middle
      if (ranged) {
        parents[nodes] = at
        parents[nodes + 1] = at
      }
      top = push(stack, top, leftFirst ? nodes + 1 : nodes, leftFirst ? middle : begin, leftFirst ? end : middle, leftFirst ? finder.right : finder.left)
      top = push(stack, top, leftFirst ? nodes : nodes + 1, leftFirst ? begin : middle, leftFirst ? middle : end, leftFirst ? finder.left : finder.right)
      nodes += 2
    }
    tree.nodes = nodes
  }
  return { grow }
}

function push(stack: Int32Array, top: number, node: number, from: number, to: number, slot: number): number {
  stack[top] = node
  stack[top + 1] = from
  stack[top + 2] = to
  stack[top + 3] = slot
  return top + 4
}

/** Where nodes draw few of many columns, rows are sorted in each node by these alone. */
function exactFinder({ coded, growing, target, weights }: Growth, { planes }: Relabelling, node: Node, scan: Scan): Finder {
  const order = growing.mtry >= mostDrawn * coded.p ? ordering(coded, node) : undefined
  return compactFinder(compactor(coded, planes, weights, target.kind === 'classes', node, scan, order), order)
}

function scanFor(growth: Growth): Scan {
  const { target, weights, growing } = growth
  if (target.kind === 'classes') return scanClasses(growing, target.count)
  if (weights !== undefined) return scanWeighted(growing, target.kind !== 'response')
  if (target.kind === 'response') return scanResponse(growing)
  return isTwoArms(growth) ? scanArms(growing) : scanEffect(growing)
}
