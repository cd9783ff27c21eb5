import type { CodedColumns } from './codes.ts'
import type { Growth } from './growth.ts'
import type { Node } from './node.ts'
import type { Best, Cells, Scan } from './scan.ts'

/** The chosen split of a node: rows with ((code + s) & mask) <= at go left; s = 1 sends missing values left. */
export interface Split {
  column: number
  at: number
  missingLeft: boolean
}

/** Finds the best split of rows[from] .. rows[to − 1] among the columns drawn; false where none gains. */
export type FindSplit = (from: number, to: number, drawn: Int32Array, drawnCount: number, split: Split) => boolean

/** Up to here a column keeps a cell for each code in every node; wider ones share cells in small nodes. */
const mostNarrow = 64
/** Codes of a wide column have 256 cells, or fewer by a power of two. */
const wideCells = 256

/**
 * The columns as one table of cells, and each row as the list of its cells: first the narrow columns, then the wide ones, whose cells are found by a shift.
 * Made once per forest, in shared memory.
 */
export interface Layout {
  readonly narrow: Int32Array
  readonly wide: Int32Array
  /** First cell of each narrow column, by its place among them, and the number of cells of them all. */
  readonly offsets: Int32Array
  readonly narrowCells: number
  readonly narrowWords: Uint16Array | Uint32Array
  readonly wideWords: Uint16Array | Uint32Array
}

export function layout({ n, p, codes, cuts, missing }: CodedColumns): Layout {
  const cellsOf = (j: number): number => cuts[j]!.length + 1 + missing[j]!
  const all = Array.from({ length: p }, (_, j) => j)
  const narrow = all.filter((j) => cellsOf(j) <= mostNarrow)
  const wide = all.filter((j) => cellsOf(j) > mostNarrow)
  const offsets = new Int32Array(narrow.length + 1)
  for (const [a, j] of narrow.entries()) offsets[a + 1] = offsets[a]! + cellsOf(j)
  const narrowCells = offsets[narrow.length]!
  const make = (cells: number, size: number): Uint16Array | Uint32Array => (cells <= 65_536 ? new Uint16Array(new SharedArrayBuffer(2 * size)) : new Uint32Array(new SharedArrayBuffer(4 * size)))
  const narrowWords = make(narrowCells, n * narrow.length)
  const wideWords = make(wide.length * wideCells, n * wide.length)
  for (const [a, j] of narrow.entries()) {
    const last = cuts[j]!.length + 1
    for (let i = 0, at = a, from = j; i < n; i++, at += narrow.length, from += p) narrowWords[at] = offsets[a]! + Math.min(codes[from]!, last)
  }
  for (const [a, j] of wide.entries()) for (let i = 0, at = a, from = j; i < n; i++, at += wide.length, from += p) wideWords[at] = a * wideCells + codes[from]!
  return { narrow: Int32Array.from(narrow), wide: Int32Array.from(wide), offsets, narrowCells, narrowWords, wideWords }
}

/**
 * Splits by a table: one pass over the rows adds each row's number to its cell of every column, then the cells are scanned.
 *
 * A wide column has a cell for each 2^k codes in a node of m rows, the fewest cells that are at least m/2 and 32: cells with no row in them would
 * only be scanned. What that costs in accuracy is in docs/explanation/forest.md.
 */
export function tableFinder({ coded, target, weights: rowWeights }: Growth, { narrow, wide, offsets, narrowCells, narrowWords, wideWords }: Layout, node: Node, scan: Scan): FindSplit {
  const { p, cuts, missing } = coded
  const planes = target.kind === 'classes' ? target.count : target.kind === 'response' ? 1 : 2
  const stride = narrowCells + wide.length * wideCells
  const table = new Float64Array(planes * stride)
  const second = rowWeights !== undefined || target.kind === 'classes'
  const weights = new Float64Array(second ? stride + 1 : 0)
  const counting = target.kind === 'classes'
  const placeOf = new Int32Array(p)
  const isWide = new Uint8Array(p)
  narrow.forEach((j, a) => (placeOf[j] = a))
  for (const [a, j] of wide.entries()) {
    placeOf[j] = a
    isWide[j] = 1
  }
  const cells: Cells = { from: 0, to: 0, missing: -1 }
  const best: Best = { gain: 0, column: -1, cell: 0, missingLeft: false }
  const places = new Int32Array(p)

  return (from, to, drawn, drawnCount, split) => {
    const m = to - from
    let shift = 0
    while (shift < 5 && wideCells >> (shift + 1) >= 32 && wideCells >> (shift + 1) >= m / 2) shift++
    const some = drawnCount < 0.6 * p
    if (some) {
      let a = 0
      for (let d = 0; d < drawnCount; d++) if (isWide[drawn[d]!] === 0) places[a++] = placeOf[drawn[d]!]!
      const narrowDrawn = a
      for (let d = 0; d < drawnCount; d++) if (isWide[drawn[d]!] === 1) places[a++] = placeOf[drawn[d]!]!
      addSome(table, narrowWords, narrow.length, places, 0, narrowDrawn, 0, 0, stride, planes, node, from, to)
      addSome(table, wideWords, wide.length, places, narrowDrawn, a, narrowCells, shift, stride, planes, node, from, to)
    } else {
      if (planes === 1) {
        if (narrow.length > 0) addNarrow(table, narrowWords, narrow.length, node, from, to)
        if (wide.length > 0) addWide(table, wideWords, wide.length, narrowCells, shift, node, from, to)
      } else {
        if (narrow.length > 0) addNarrowPlanes(table, narrowWords, narrow.length, stride, node, from, to)
        if (wide.length > 0) addWidePlanes(table, wideWords, wide.length, narrowCells, shift, stride, node, from, to)
      }
    }
    if (second) {
      addWeights(weights, narrowWords, narrow.length, 0, 0, node.rows, counting ? undefined : rowWeights, from, to)
      addWeights(weights, wideWords, wide.length, narrowCells, shift, node.rows, counting ? undefined : rowWeights, from, to)
      let total = m
      if (!counting) {
        total = 0
        for (let k = from; k < to; k++) total += rowWeights![node.rows[k]!]!
      }
      weights[stride] = total
    }

    const mean = node.sum / m
    // A node whose rows are all alike gains nothing; what is below 10⁻⁹ of its square mean is rounding.
    best.gain = 1e-9 * (target.kind === 'classes' ? m : mean * mean)
    best.column = -1
    for (let d = 0; d < drawnCount; d++) {
      const j = drawn[d]!
      const a = placeOf[j]!
      if (isWide[j] === 0) {
        cells.from = offsets[a]!
        cells.to = offsets[a + 1]! - missing[j]!
        cells.missing = missing[j] === 1 ? cells.to : -1
      } else {
        cells.from = narrowCells + ((a * wideCells) >> shift)
        cells.to = cells.from + (cuts[j]!.length >> shift) + 1
        cells.missing = missing[j] === 1 ? cells.from + (wideCells >> shift) - 1 : -1
      }
      scan(table, weights, stride, cells, m, node, j, best)
    }

    if (planes === 1) table.fill(0, 0, narrowCells + ((wide.length * wideCells) >> shift))
    else for (let q = 0; q < planes; q++) table.fill(0, q * stride, q * stride + narrowCells + ((wide.length * wideCells) >> shift))
    if (second) weights.fill(0)
    if (best.column < 0) return false
    split.column = best.column
    split.at = isWide[best.column] === 0 ? best.cell : ((best.cell + 1) << shift) - 1
    split.missingLeft = best.missingLeft
    return true
  }
}

function addNarrow(table: Float64Array, words: Uint16Array | Uint32Array, width: number, { rows, packed }: Node, from: number, to: number): void {
  const even = width - (width & 3)
  for (let k = from; k < to; k++) {
    const v = packed[k]!
    let a = rows[k]! * width
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

function addNarrowPlanes(table: Float64Array, words: Uint16Array | Uint32Array, width: number, stride: number, { rows, packed, plane }: Node, from: number, to: number): void {
  const even = width - (width & 3)
  for (let k = from; k < to; k++) {
    const v = packed[k]!
    const here = plane[k]! * stride
    let a = rows[k]! * width
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

function addWide(table: Float64Array, words: Uint16Array | Uint32Array, width: number, first: number, shift: number, { rows, packed }: Node, from: number, to: number): void {
  const even = width - (width & 3)
  for (let k = from; k < to; k++) {
    const v = packed[k]!
    let a = rows[k]! * width
    const stop = a + even
    const end = a + width
    for (; a < stop; a += 4) {
      table[first + (words[a]! >> shift)]! += v
      table[first + (words[a + 1]! >> shift)]! += v
      table[first + (words[a + 2]! >> shift)]! += v
      table[first + (words[a + 3]! >> shift)]! += v
    }
    for (; a < end; a++) table[first + (words[a]! >> shift)]! += v
  }
}

function addWidePlanes(table: Float64Array, words: Uint16Array | Uint32Array, width: number, first: number, shift: number, stride: number, { rows, packed, plane }: Node, from: number, to: number): void {
  const even = width - (width & 3)
  for (let k = from; k < to; k++) {
    const v = packed[k]!
    const here = first + plane[k]! * stride
    let a = rows[k]! * width
    const stop = a + even
    const end = a + width
    for (; a < stop; a += 4) {
      table[here + (words[a]! >> shift)]! += v
      table[here + (words[a + 1]! >> shift)]! += v
      table[here + (words[a + 2]! >> shift)]! += v
      table[here + (words[a + 3]! >> shift)]! += v
    }
    for (; a < end; a++) table[here + (words[a]! >> shift)]! += v
  }
}

/** Only the columns drawn, where they are few of many. */
function addSome(table: Float64Array, words: Uint16Array | Uint32Array, width: number, places: Int32Array, first: number, last: number, cell: number, shift: number, stride: number, planes: number, { rows, packed, plane }: Node, from: number, to: number): void {
  if (first === last) return
  for (let k = from; k < to; k++) {
    const v = packed[k]!
    const here = cell + (planes === 1 ? 0 : plane[k]! * stride)
    const a = rows[k]! * width
    for (let d = first; d < last; d++) table[here + (words[a + places[d]!]! >> shift)]! += v
  }
}

/** Counts of rows, or their weights. */
function addWeights(weights: Float64Array, words: Uint16Array | Uint32Array, width: number, first: number, shift: number, rows: Int32Array, of: Float64Array | undefined, from: number, to: number): void {
  for (let k = from; k < to; k++) {
    const row = rows[k]!
    const v = of === undefined ? 1 : of[row]!
    for (let a = row * width, end = a + width; a < end; a++) weights[first + (words[a]! >> shift)]! += v
  }
}
