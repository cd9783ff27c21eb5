import { compactor } from './compact.ts'
import type { Growth } from './growth.ts'
import { unfold, type Layout, type Words } from './layout.ts'
import type { Node } from './node.ts'
import type { Relabelling } from './relabel.ts'
import type { Best, Cells, Scan } from './scan.ts'

/** The chosen split of a node: rows with at most this code go left, and missing values where it says. */
export interface Split {
  column: number
  at: number
  missingLeft: boolean
}

/** Finds the best split of a node among the columns drawn. A node may have a table from its parent, at a slot; −1 where it has none. */
export interface Finder {
  /** The first `count` rows of the node are a tree's. */
  begin(count: number): void
  /** False where no split gains. */
  find(from: number, to: number, slot: number, drawn: Int32Array, drawnCount: number, split: Split): boolean
  /** After a split has parted the rows: gives the children their tables, where that pays. */
  divide(from: number, middle: number, to: number): void
  /** Gives a node's table back where the node is a leaf after all. */
  drop(rows: number, slot: number): void
  /** Slots of the children of the last division. */
  left: number
  right: number
}

/** Share of the columns up to which only those drawn are added. */
export const mostDrawn = 0.6

/**
 * Splits by a table: one pass over the rows adds each row's number to its cell of every column, then the cells are scanned.
 *
 *   few columns of many   only the drawn ones are added
 *   few rows, many cells  cells are made from the rows' own codes, column by column (compact.ts)
 *   the same numbers in every node (`fixed`)   the larger child's table is the parent's less the smaller one's, and only the latter's rows are added
 *
 * All three give the same bits as the plain pass; an excerpt has no codes, so that its cells are never made from them. Columns of many codes share cells in nodes of few rows (layout.ts).
 */
export function tableFinder({ coded, target, growing, weights: rowWeights }: Growth, layouts: readonly Layout[], { fixed, planes, leastRows }: Relabelling, node: Node, scan: Scan, excerpt: boolean): Finder {
  const { p, missing, cuts } = coded
  // Where nodes draw few of many columns, whole tables would be mostly in vain.
  const all = growing.mtry >= mostDrawn * p
  const keeps = fixed && all
  const second = rowWeights !== undefined || target.kind === 'classes'
  const levels = layouts.map((cells): Level => ({ layout: cells, tables: [], free: [], weights: new Float64Array(second ? cells.cells + 1 : 0) }))
  const finest = levels[0]!
  const compact = compactor(coded, planes, rowWeights, target.kind === 'classes', node, scan)
  const range: Cells = { from: 0, to: 0, missing: -1 }
  const best: Best = { gain: 0, column: -1, cell: 0, missingLeft: false }
  let level = finest
  let open = -1

  const levelFor = (m: number): Level => {
    let k = levels.length - 1
    while (m > levels[k]!.layout.mostRows) k--
    return levels[k]!
  }
  const take = ({ free, tables, layout }: Level): number => {
    const found = free.pop()
    if (found !== undefined) return found
    tables.push(new Float64Array(planes * layout.cells))
    return tables.length - 1
  }
  /** A slot that is free has zeros only. */
  const leave = ({ free, tables, layout }: Level, slot: number): void => {
    for (let q = 0; q < node.planes; q++) tables[slot]!.fill(0, q * layout.cells, q * layout.cells + layout.added)
    free.push(slot)
  }

  const finder: Finder = {
    left: -1,
    right: -1,
    begin: () => {},
    drop: (m, slot) => {
      if (slot >= 0) leave(levelFor(m), slot)
    },
    find: (from, to, slot, drawn, drawnCount, split) => {
      const m = to - from
      level = levelFor(m)
      const { layout: cells, tables, weights } = level
      const { offsets, ends, words, width, added, cells: stride, shifts } = cells
      // Per cell a scan takes some 0.15 of what a row's code takes to sort.
      if (!excerpt && slot < 0 && level === finest && m * width < 0.15 * added) return compact(from, to, drawn, drawnCount, split)
      const here = slot < 0 ? take(level) : slot
      const table = tables[here]!
      const now = node.planes
      if (slot < 0) {
        if (!all) addSome(table, words, width, drawn, drawnCount, stride, node, from, to)
        else if (now === 1) addAll(table, words, width, node, from, to)
        else addPlanes(table, words, width, stride, node, from, to)
      }
      for (let q = 0; q < now; q++) unfold(table, q * stride, cells)
      if (second) {
        addWeights(weights, words, width, node.rows, target.kind === 'classes' ? undefined : rowWeights, from, to, stride)
        unfold(weights, 0, cells)
      }
      sumsOf(table, offsets[drawn[0]!]!, ends[drawn[0]!]!, stride, m, node)
      best.gain = leastGain(target.kind === 'classes', m, node)
      best.column = -1
      for (let d = 0; d < drawnCount; d++) {
        const j = drawn[d]!
        range.from = offsets[j]!
        range.to = ends[j]! - missing[j]!
        range.missing = missing[j] === 1 ? range.to : -1
        scan(table, weights, stride, range, m, node, j, best)
      }
      if (second) weights.fill(0)
      if (all && (best.column < 0 || !keeps)) leave(level, here)
      else if (!all) {
        for (let d = 0; d < drawnCount; d++) for (let q = 0; q < now; q++) table.fill(0, q * stride + offsets[drawn[d]!]!, q * stride + ends[drawn[d]!]!)
        level.free.push(here)
      }
      open = keeps ? here : -1
      if (best.column < 0) return false
      split.column = best.column
      // The last cell may be wider than what is left of the codes, and the code of missing values is not for it.
      split.at = Math.min(((best.cell + 1) << shifts[best.column]!) - 1, cuts[best.column]!.length)
      split.missingLeft = best.missingLeft
      return true
    },
    divide: (from, middle, to) => {
      finder.left = -1
      finder.right = -1
      if (open < 0) return
      const parent = open
      open = -1
      const leftIsLarger = middle - from > to - middle
      const larger = Math.max(middle - from, to - middle)
      const { tables, layout: { width, words, added, cells: stride } } = level
      // Taking off costs a cell what half a code's addition costs.
      if (larger < leastRows || 2 * larger * width < planes * added || levelFor(larger) !== level) {
        leave(level, parent)
        return
      }
      const small = take(level)
      if (planes === 1) addAll(tables[small]!, words, width, node, leftIsLarger ? middle : from, leftIsLarger ? to : middle)
      else addPlanes(tables[small]!, words, width, stride, node, leftIsLarger ? middle : from, leftIsLarger ? to : middle)
      for (let q = 0; q < planes; q++) takeOff(tables[parent]!, tables[small]!, q * stride, q * stride + added)
      finder.left = leftIsLarger ? parent : small
      finder.right = leftIsLarger ? small : parent
      const rest = to - from - larger
      if (rest < leastRows || levelFor(rest) !== level) {
        leave(level, small)
        if (leftIsLarger) finder.right = -1
        else finder.left = -1
      }
    },
  }
  return finder
}

/** A layout, and tables of its cells. */
interface Level {
  readonly layout: Layout
  readonly tables: Float64Array[]
  readonly free: number[]
  readonly weights: Float64Array
}

/** What a split must gain: a node whose rows are all alike gains nothing, and what is below 10⁻⁹ of its square mean is rounding. */
export function leastGain(classes: boolean, m: number, { sum }: Node): number {
  return 1e-9 * (classes ? m : (sum / m) * (sum / m))
}

/** The node's own sums, from the cells of one column. */
function sumsOf(table: Float64Array, first: number, end: number, stride: number, m: number, node: Node): void {
  let v0 = 0
  let v1 = 0
  for (let k = first; k < end; k++) {
    v0 += table[k]!
    if (node.planes === 2) v1 += table[k + stride]!
  }
  node.sum = v0 + v1 - m * node.unit
  node.highSum = v1 - node.high * node.unit
}

function takeOff(table: Float64Array, part: Float64Array, first: number, end: number): void {
  for (let k = first; k < end; k++) table[k]! -= part[k]!
}

function addAll(table: Float64Array, words: Words, width: number, { rows, packed }: Node, from: number, to: number): void {
  const even = width - (width & 3)
  for (let k = from; k < to; k++) {
    const row = rows[k]!
    const v = packed[row]!
    let a = row * width
    const stop = a + even
    const end = a + width
    for (; a < stop; a += 4) {
      table[words[a]!]! += v
      table[words[a + 1]!]! += v
      table[words[a + 2]!]! += v
      table[words[a + 3]!]! += v
    }
    for (; a < end; a++) table[words[a]!]! += v
  }
}

function addPlanes(table: Float64Array, words: Words, width: number, stride: number, { rows, packed, plane }: Node, from: number, to: number): void {
  const even = width - (width & 3)
  for (let k = from; k < to; k++) {
    const row = rows[k]!
    const v = packed[row]!
    const here = plane[row]! * stride
    let a = row * width
    const stop = a + even
    const end = a + width
    for (; a < stop; a += 4) {
      table[here + words[a]!]! += v
      table[here + words[a + 1]!]! += v
      table[here + words[a + 2]!]! += v
      table[here + words[a + 3]!]! += v
    }
    for (; a < end; a++) table[here + words[a]!]! += v
  }
}

/** Only the columns drawn, where they are few of many. */
function addSome(table: Float64Array, words: Words, width: number, drawn: Int32Array, drawnCount: number, stride: number, { rows, packed, plane, planes }: Node, from: number, to: number): void {
  for (let k = from; k < to; k++) {
    const row = rows[k]!
    const v = packed[row]!
    const here = planes === 1 ? 0 : plane[row]! * stride
    const a = row * width
    for (let d = 0; d < drawnCount; d++) table[here + words[a + drawn[d]!]!]! += v
  }
}

/** Counts of rows, or their weights, per cell; the node's in the last place. */
function addWeights(weights: Float64Array, words: Words, width: number, rows: Int32Array, of: Float64Array | undefined, from: number, to: number, last: number): void {
  for (let k = from; k < to; k++) {
    const row = rows[k]!
    const v = of === undefined ? 1 : of[row]!
    weights[last]! += v
    for (let a = row * width, end = a + width; a < end; a++) weights[words[a]!]! += v
  }
}
