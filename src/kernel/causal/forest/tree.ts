import type { Growth } from './growth.ts'
import { makeNode, type Node } from './node.ts'
import { relabelling } from './relabel.ts'
import { scanClasses, scanEffect, scanResponse, scanWeighted, type Scan } from './scan.ts'
import { sortFinder } from './sort.ts'
import { below, drawPoisson, drawToFront, poissonTable } from './stream.ts'
import { tableFinder, type Layout, type Split } from './table.ts'

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
 */
export function makeGrower(growth: Growth, cells: Layout | undefined, mostRows: number): Grower {
  const { coded, growing } = growth
  const { p, codes } = coded
  const { minNodeSize, mtry } = growing
  const mask = coded.exact ? 65_535 : 255
  const node: Node = makeNode(growth)
  const relabel = relabelling(growth, node, mostRows)
  const scan = scanFor(growth)
  const find = cells === undefined ? sortFinder(growth, node, scan) : tableFinder(growth, cells, node, scan)
  const { rows } = node
  const right = new Int32Array(rows.length)
  const poisson = poissonTable(mtry)
  const columns = new Int32Array(p)
  const drawn = new Int32Array(p)
  const left = new Uint8Array(p)
  const chosen: Split = { column: 0, at: 0, missingLeft: false }
  // Of two children one is put aside, so the stack is as deep as the tree at most.
  const stack = new Int32Array(3 * (mostRows + 2))

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
    for (let k = 0; k < count; k++) rows[k] = given[k]!
    for (let j = 0; j < p; j++) columns[j] = j
    const { split } = tree
    let nodes = 1
    let top = 3
    stack[0] = 0
    stack[1] = 0
    stack[2] = count
    while (top > 0) {
      top -= 3
      const at = stack[top]!
      const from = stack[top + 1]!
      const to = stack[top + 2]!
      split[2 * at] = 0
      split[2 * at + 1] = 0
      if (to - from <= minNodeSize || !relabel(from, to)) continue
      const drawnCount = drawColumns(stream)
      if (!find(from, to, drawn, drawnCount, chosen)) continue
      const s = chosen.missingLeft ? 1 : 0
      const limit = chosen.at + s
      const middle = partition(codes, p, chosen.column, s, mask, limit, rows, right, from, to)
      // A split by codes that do not part the rows would go on forever.
      if (middle === from || middle === to) throw new TypeError('A split has left one side empty.')
      split[2 * at] = chosen.column * 131_072 + s * 65_536 + limit
      split[2 * at + 1] = nodes
      stack[top] = nodes + 1
      stack[top + 1] = middle
      stack[top + 2] = to
      stack[top + 3] = nodes
      stack[top + 4] = from
      stack[top + 5] = middle
      top += 6
      nodes += 2
    }
    tree.nodes = nodes
  }
  return { grow }
}

function scanFor({ target, weights, growing }: Growth): Scan {
  if (target.kind === 'classes') return scanClasses(growing, target.count)
  if (weights !== undefined) return scanWeighted(growing, target.kind !== 'response')
  return target.kind === 'response' ? scanResponse(growing) : scanEffect(growing)
}

/** Puts the rows of the left side first, both sides in their order; returns where the right side begins. Both places are written, so that no branch is guessed. */
function partition(codes: Uint8Array | Uint16Array, p: number, column: number, s: number, mask: number, limit: number, rows: Int32Array, right: Int32Array, from: number, to: number): number {
  let l = from
  let r = 0
  for (let k = from; k < to; k++) {
    const row = rows[k]!
    const goesRight = (limit - ((codes[row * p + column]! + s) & mask)) >>> 31
    rows[l] = row
    right[r] = row
    l += 1 - goesRight
    r += goesRight
  }
  for (let k = 0; k < r; k++) rows[l + k] = right[k]!
  return l
}
