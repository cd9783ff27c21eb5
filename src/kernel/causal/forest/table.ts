import { lastGroup } from './codes.ts'
import { compactor } from './compact.ts'
import type { Growth } from './growth.ts'
import type { Ranges } from './range.ts'
import { refining, type Cut } from './refine.ts'
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
 * All three give the same bits as the plain pass; an excerpt has codes of refined columns only, so that its cells are never made from them. Columns of many codes share cells (layout.ts), and their splits are
 * refined (refine.ts).
 */
export function tableFinder({ coded, target, growing, weights: rowWeights }: Growth, layouts: readonly Layout[], { fixed, planes, leastRows }: Relabelling, node: Node, scan: Scan, { mostRows, excerpt, refined, ranges }: { readonly mostRows: number; readonly excerpt: boolean; readonly refined: Uint8Array; readonly ranges: Ranges }): Finder {
  const { p, missing, groups } = coded
  // Where nodes draw few of many columns, whole tables would be mostly in vain.
  const all = growing.mtry >= mostDrawn * p
  const keeps = fixed && all
  const second = rowWeights !== undefined || target.kind === 'classes'
  const levels = layouts.map((cells): Level => ({ layout: cells, tables: [], free: [], weights: new Float64Array(second ? cells.cells + 1 : 0) }))
  const finest = levels[0]!
  // Where columns have many codes, nodes of few rows have a layout of their own.
  const compact = levels.length === 1 ? compactor(coded, planes, rowWeights, target.kind === 'classes', node, scan) : undefined
  const refine = refining(coded, planes, rowWeights, target.kind === 'classes', mostRows, node, ranges)
  const cut: Cut = { at: 0, low: 0, high: 0 }
  const range: Cells = { from: 0, to: 0, missing: -1 }
  const best: Best = { gain: Number.NaN, column: -1, cell: 0, missingLeft: false }
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
  /** The first code of a column's cell, and behind the last cell the number of codes: the last may be wider than what is left of the codes. */
  const firstOf = (j: number, cell: number): number => {
    const group = Math.min(cell << level.layout.shifts[j]!, lastGroup(coded, j) + 1)
    return groups[j] === undefined ? group : groups[j].starts[group]!
  }
  const rangeOf = (j: number): void => {
    const { offsets, ends } = level.layout
    range.from = offsets[j]!
    range.to = ends[j]! - missing[j]!
    range.missing = missing[j] === 1 ? range.to : -1
  }
  /** Where the best split cuts, found by the node's table. */
  const locate = (j: number, table: Float64Array, stride: number, weights: Float64Array): void => {
    cut.at = firstOf(j, best.cell + 1) - 1
    cut.low = firstOf(j, Math.max(best.cell, 0))
    cut.high = firstOf(j, best.cell + 2)
    rangeOf(j)
    refine.surround(table, stride, weights, range, best.cell)
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
      if (compact !== undefined && !excerpt && slot < 0 && m * width < 0.15 * added) return compact(from, to, drawn, drawnCount, split)
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
      // Whether the best split so far was found by cells of the column's own.
      let own = false
      // The last turn refines the best split.
      for (let d = 0; d <= drawnCount; d++) {
        const settling = d === drawnCount
        const j = settling ? best.column : drawn[d]!
        if (j < 0) break
        let byOwn = settling
        if (settling) {
          if (refined[j] === 0 || !(own || groups[j] !== undefined || shifts[j]! > 0)) break
          if (!own) locate(j, table, stride, weights)
          if (!refine.approach(j, from, to, cut)) break
        } else if (refined[j] === 1 && refine.isNarrow(j, cells)) {
          byOwn = true
          refine.gather(j, from, to)
        } else rangeOf(j)
        const before = best.gain
        scan(byOwn ? refine.table : table, byOwn ? refine.weights : weights, byOwn ? refine.stride : stride, byOwn ? refine.cells : range, m, node, j, best)
        if (best.gain !== before) {
          if (settling) refine.settle(best.cell, cut)
          else if (byOwn) refine.locate(best.cell, cut)
          own = byOwn
        }
        if (byOwn) refine.wipe()
      }
      const j = best.column
      split.column = j
      split.at = own ? cut.at : j < 0 ? 0 : firstOf(j, best.cell + 1) - 1
      split.missingLeft = best.missingLeft
      if (second) weights.fill(0)
      if (all && (j < 0 || !keeps)) leave(level, here)
      else if (!all) {
        for (let d = 0; d < drawnCount; d++) for (let q = 0; q < now; q++) table.fill(0, q * stride + offsets[drawn[d]!]!, q * stride + ends[drawn[d]!]!)
        level.free.push(here)
      }
      open = keeps ? here : -1
      return j >= 0
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
