import type { CodedColumns } from './codes.ts'
import type { Node } from './node.ts'
import type { Best, Cells, Scan } from './scan.ts'
import { leastGain, type Finder, type Split } from './table.ts'

export type Find = (from: number, to: number, drawn: Int32Array, drawnCount: number, split: Split) => boolean

/** Cells of the distinct codes that a node's rows have in one column, ascending; missing values last. */
interface Compact {
  /** Planes follow each other at `stride`. */
  readonly table: Float64Array
  readonly stride: number
  /** Weights or counts per cell, the node's in the last place. */
  readonly weights: Float64Array
  readonly codeOf: Int32Array
  /** Fills the cells for a column, and returns how many there are. */
  readonly gather: (j: number, from: number, to: number) => number
}

/**
 * Splits from the distinct codes that a node's rows have, column by column: for exact coding, and for nodes of few rows in tables of many cells, most of
 * which they would leave empty. The cells are scanned as those of a table are, so nothing else differs.
 */
export function compactor(coded: CodedColumns, planes: number, rowWeights: Float64Array | undefined, counting: boolean, node: Node, scan: Scan): Find {
  const { exact, missing } = coded
  const second = rowWeights !== undefined || counting
  const weightOf = second ? (counting ? undefined : rowWeights) : undefined
  const { table, stride, weights, codeOf, gather } = exact ? byKeys(coded, planes, second, weightOf, node) : byBits(coded, planes, second, weightOf, node)
  const best: Best = { parted: 0, sizes: 1, column: -1, cell: 0, missingLeft: false }
  const cells: Cells = { from: 0, to: 0, missing: -1 }
  const top = exact ? 65_535 : 255

  return (from, to, drawn, drawnCount, split) => {
    const { rows, packed, plane } = node
    const m = to - from
    let sum = 0
    let highSum = 0
    let total = 0
    for (let k = from; k < to; k++) {
      const row = rows[k]!
      sum += packed[row]!
      if (node.planes === 2) highSum += plane[row] === 1 ? packed[row]! : 0
      if (second) total += weightOf === undefined ? 1 : weightOf[row]!
    }
    weights[weights.length - 1] = total
    node.sum = sum - m * node.unit
    node.highSum = highSum - node.high * node.unit
    best.sizes = 1
    best.parted = leastGain(counting, m, node)
    best.column = -1
    let at = 0
    for (let d = 0; d < drawnCount; d++) {
      const j = drawn[d]!
      const count = gather(j, from, to)
      if (count < 2) continue
      const absent = missing[j] === 1 && codeOf[count - 1] === top
      cells.to = absent ? count - 1 : count
      cells.missing = absent ? count - 1 : -1
      scan(table, weights, stride, cells, m, node, j, best)
      if (best.column === j) at = codeOf[best.cell]!
    }
    if (best.column < 0) return false
    split.column = best.column
    split.at = at
    split.missingLeft = best.missingLeft
    return true
  }
}

/** The finder of exact splits: compact in every node. */
export function compactFinder(find: Find): Finder {
  return { left: -1, right: -1, find: (from, to, _slot, drawn, drawnCount, split) => find(from, to, drawn, drawnCount, split), divide: () => {}, drop: () => {} }
}

/** Codes of a byte: rows are added to the cells of their codes, a bit marks each, and the marked cells move together. */
function byBits({ p, codes }: CodedColumns, planes: number, second: boolean, weightOf: Float64Array | undefined, node: Node): Compact {
  const { rows, packed, plane } = node
  const stride = 256
  const table = new Float64Array(planes * stride)
  const wide = new Float64Array(planes * stride)
  const weights = new Float64Array(stride + 1)
  const wideWeights = new Float64Array(stride)
  const codeOf = new Int32Array(stride)
  const bits = new Int32Array(8)
  const gather = (j: number, from: number, to: number): number => {
    const now = node.planes
    for (let k = from; k < to; k++) {
      const row = rows[k]!
      const code = codes[row * p + j]!
      bits[code >>> 5]! |= 1 << code
      wide[now === 1 ? code : code + 256 * plane[row]!]! += packed[row]!
      if (second) wideWeights[code]! += weightOf === undefined ? 1 : weightOf[row]!
    }
    let count = 0
    for (let word = 0; word < 8; word++) {
      for (let rest = bits[word]!; rest !== 0; rest &= rest - 1) {
        const code = 32 * word + 31 - Math.clz32(rest & -rest)
        codeOf[count] = code
        table[count] = wide[code]!
        wide[code] = 0
        for (let q = 1; q < now; q++) {
          table[count + q * stride] = wide[code + q * stride]!
          wide[code + q * stride] = 0
        }
        if (second) {
          weights[count] = wideWeights[code]!
          wideWeights[code] = 0
        }
        count++
      }
      bits[word] = 0
    }
    return count
  }
  return { table, stride, weights, codeOf, gather }
}

/** Any codes: rows are sorted by (code, place) as one number. */
function byKeys({ n, p, codes }: CodedColumns, planes: number, second: boolean, weightOf: Float64Array | undefined, node: Node): Compact {
  const { rows, packed, plane } = node
  const stride = n + 1
  const table = new Float64Array(planes * stride)
  const weights = new Float64Array(stride + 1)
  const codeOf = new Int32Array(stride)
  const keys = new Float64Array(n)
  const gather = (j: number, from: number, to: number): number => {
    const m = to - from
    for (let k = 0; k < m; k++) keys[k] = codes[rows[from + k]! * p + j]! * n + k
    const sorted = keys.subarray(0, m).sort()
    let count = 0
    for (let s = 0; s < m; s++) {
      const code = Math.floor(sorted[s]! / n)
      if (count === 0 || code !== codeOf[count - 1]) {
        codeOf[count] = code
        for (let q = 0; q < planes; q++) table[count + q * stride] = 0
        weights[count] = 0
        count++
      }
      const row = rows[from + sorted[s]! - code * n]!
      table[count - 1 + (node.planes === 1 ? 0 : plane[row]! * stride)]! += packed[row]!
      if (second) weights[count - 1]! += weightOf === undefined ? 1 : weightOf[row]!
    }
    return count
  }
  return { table, stride, weights, codeOf, gather }
}
