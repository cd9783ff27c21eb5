import type { CodedColumns } from './codes.ts'
import type { Node } from './node.ts'
import type { Best, Cells, Scan } from './scan.ts'
import { leastGain, type Finder, type Split } from './table.ts'

/**
 * Splits from the distinct codes that a node's rows have, column by column: for exact coding, and for nodes of few rows in tables of many cells, most of
 * which they would leave empty. The cells are scanned as those of a table are, so that nothing else differs.
 */
export function compactor({ n, p, codes, exact, missing }: CodedColumns, planes: number, rowWeights: Float64Array | undefined, counting: boolean, node: Node, scan: Scan): (from: number, to: number, drawn: Int32Array, drawnCount: number, split: Split) => boolean {
  const stride = exact ? n + 1 : 256
  const table = new Float64Array(planes * stride)
  const second = rowWeights !== undefined || counting
  const weights = new Float64Array(stride + 1)
  const codeOf = new Int32Array(stride)
  const sort = exact ? byKeys(n) : byBits()
  const best: Best = { gain: 0, column: -1, cell: 0, missingLeft: false }
  const cells: Cells = { from: 0, to: 0, missing: -1 }
  const top = exact ? 65_535 : 255

  return (from, to, drawn, drawnCount, split) => {
    const { rows, packed, plane } = node
    const m = to - from
    let sum = 0
    let highSum = 0
    weights[stride] = 0
    for (let k = from; k < to; k++) {
      const row = rows[k]!
      sum += packed[row]!
      if (planes === 2 && plane[row] === 1) highSum += packed[row]!
      if (second) weights[stride]! += counting ? 1 : rowWeights![row]!
    }
    node.sum = sum - m * node.unit
    node.highSum = highSum - node.high * node.unit
    best.gain = leastGain(counting, m, node)
    best.column = -1
    let at = 0
    for (let d = 0; d < drawnCount; d++) {
      const j = drawn[d]!
      const count = sort(codes, p, j, rows, from, to, codeOf)
      if (count < 2) continue
      for (let cell = 0; cell < count; cell++) {
        for (let q = 0; q < planes; q++) table[cell + q * stride] = 0
        weights[cell] = 0
      }
      for (let k = from; k < to; k++) {
        const row = rows[k]!
        const cell = sort.cellOf[exact ? k - from : codes[row * p + j]!]!
        table[cell + (planes === 1 ? 0 : plane[row]! * stride)]! += packed[row]!
        if (second) weights[cell]! += counting ? 1 : rowWeights![row]!
      }
      const absent = missing[j] === 1 && codeOf[count - 1] === top
      cells.to = absent ? count - 1 : count
      cells.missing = absent ? count - 1 : -1
      const before = best.gain
      scan(table, weights, stride, cells, m, node, j, best)
      if (best.gain > before) at = codeOf[best.cell]!
    }
    if (best.column < 0) return false
    split.column = best.column
    split.at = at
    split.missingLeft = best.missingLeft
    return true
  }
}

/** The finder of exact splits: compact in every node. */
export function compactFinder(find: ReturnType<typeof compactor>): Finder {
  return { left: -1, right: -1, find: (from, to, _slot, drawn, drawnCount, split) => find(from, to, drawn, drawnCount, split), divide: () => {}, drop: () => {} }
}

/** Writes the distinct codes of rows, ascending, and returns how many there are; `cellOf` says which one a row has: by its place, or by its code. */
interface Sort {
  (codes: Uint8Array | Uint16Array, p: number, j: number, rows: Int32Array, from: number, to: number, codeOf: Int32Array): number
  readonly cellOf: Int32Array
}

/** By a bit for each of 256 codes. */
function byBits(): Sort {
  const bits = new Int32Array(8)
  const cellOf = new Int32Array(256)
  const sort = (codes: Uint8Array | Uint16Array, p: number, j: number, rows: Int32Array, from: number, to: number, codeOf: Int32Array): number => {
    bits.fill(0)
    for (let k = from; k < to; k++) {
      const code = codes[rows[k]! * p + j]!
      bits[code >>> 5]! |= 1 << (code & 31)
    }
    let count = 0
    for (let word = 0; word < 8; word++) {
      for (let rest = bits[word]!; rest !== 0; rest &= rest - 1) {
        const code = (word << 5) + 31 - Math.clz32(rest & -rest)
        codeOf[count] = code
        cellOf[code] = count++
      }
    }
    return count
  }
  return Object.assign(sort, { cellOf })
}

/** By sorting (code, place) as one number. */
function byKeys(n: number): Sort {
  const keys = new Float64Array(n)
  const cellOf = new Int32Array(n)
  const sort = (codes: Uint8Array | Uint16Array, p: number, j: number, rows: Int32Array, from: number, to: number, codeOf: Int32Array): number => {
    const m = to - from
    for (let k = 0; k < m; k++) keys[k] = codes[rows[from + k]! * p + j]! * n + k
    const sorted = keys.subarray(0, m).sort()
    let count = 0
    for (let s = 0; s < m; s++) {
      const code = Math.floor(sorted[s]! / n)
      if (count === 0 || code !== codeOf[count - 1]) codeOf[count++] = code
      cellOf[sorted[s]! - code * n] = count - 1
    }
    return count
  }
  return Object.assign(sort, { cellOf })
}
