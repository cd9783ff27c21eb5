import type { CodedColumns } from './codes.ts'
import type { Node } from './node.ts'
import type { Order } from './order.ts'
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
 * which they would leave empty. The cells are scanned as those of a table are, so nothing else differs. With an order of the rows they are read along it.
 */
export function compactor(coded: CodedColumns, planes: number, rowWeights: Float64Array | undefined, counting: boolean, node: Node, scan: Scan, order?: Order): Find {
  const { top, missing } = coded
  const second = rowWeights !== undefined || counting
  const weightOf = second ? (counting ? undefined : rowWeights) : undefined
  const { table, stride, weights, codeOf, gather } = order === undefined ? gathering(coded, planes, second, weightOf, node) : reading(coded, planes, second, weightOf, node, order)
  const best: Best = { gain: Number.NaN, column: -1, cell: 0, missingLeft: false }
  const cells: Cells = { from: 0, to: 0, missing: -1 }

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
    best.gain = leastGain(counting, m, node)
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
export function compactFinder(find: Find, order: Order | undefined): Finder {
  return {
    left: -1,
    right: -1,
    begin: (count) => order?.begin(count),
    find: (from, to, _slot, drawn, drawnCount, split) => find(from, to, drawn, drawnCount, split),
    divide: (from, middle, to) => order?.part(from, middle, to),
    drop: () => {},
  }
}

/** Cells read along the order of the rows. */
function reading({ n, codes, cuts }: CodedColumns, planes: number, second: boolean, weightOf: Float64Array | undefined, node: Node, { lists }: Order): Compact {
  const { packed, plane } = node
  const stride = cuts.reduce((most, { length }) => Math.max(most, length), 0) + 2
  const table = new Float64Array(planes * stride)
  const weights = new Float64Array(stride + 1)
  const codeOf = new Int32Array(stride)

  const gather = (j: number, from: number, to: number): number => {
    const { planes: now } = node
    const list = lists[j]!
    const column = j * n
    let count = 0
    let before = -1
    for (let k = from; k < to; k++) {
      const row = list[k]!
      const code = codes[column + row]!
      if (code !== before) {
        for (let q = 0; q < now; q++) table[count + q * stride] = 0
        if (second) weights[count] = 0
        codeOf[count++] = code
        before = code
      }
      table[now === 1 ? count - 1 : count - 1 + stride * plane[row]!]! += packed[row]!
      if (second) weights[count - 1]! += weightOf === undefined ? 1 : weightOf[row]!
    }
    return count
  }
  return { table, stride, weights, codeOf, gather }
}

/**
 * Rows are added to the cells of their codes, a bit marks each, another bit the word that it is in, and the marked cells move together: looking through all words of 16,000 codes took
 * a sixth of a fit. Where few rows are sorted sooner than words are looked through, they are.
 */
function gathering({ n, codes, cuts, top }: CodedColumns, planes: number, second: boolean, weightOf: Float64Array | undefined, node: Node): Compact {
  const { rows, packed, plane } = node
  const stride = cuts.reduce((most, { length }) => Math.max(most, length), 0) + 2
  const table = new Float64Array(planes * stride)
  const wide = new Float64Array(planes * stride)
  const weights = new Float64Array(stride + 1)
  const wideWeights = new Float64Array(stride)
  const codeOf = new Int32Array(stride)
  const bits = new Int32Array((stride >>> 5) + 1)
  const marked = new Int32Array((bits.length >>> 5) + 1)
  const sorted = new Int32Array(Math.ceil(Math.sqrt(perWord * marked.length + least)))

  const move = (code: number, count: number): void => {
    table[count] = wide[code]!
    wide[code] = 0
    for (let q = 1; q < node.planes; q++) {
      table[count + q * stride] = wide[code + q * stride]!
      wide[code + q * stride] = 0
    }
    if (second) {
      weights[count] = wideWeights[code]!
      wideWeights[code] = 0
    }
  }

  const gather = (j: number, from: number, to: number): number => {
    const now = node.planes
    const last = cuts[j]!.length + 1
    const words = (last >>> 10) + 1
    const column = j * n
    const m = to - from
    const sorts = m * m < perWord * words + least
    let count = 0
    for (let k = from; k < to; k++) {
      const row = rows[k]!
      const code = Math.min(codes[column + row]!, last)
      wide[now === 1 ? code : code + stride * plane[row]!]! += packed[row]!
      if (second) wideWeights[code]! += weightOf === undefined ? 1 : weightOf[row]!
      if (!sorts) {
        bits[code >>> 5]! |= 1 << code
        marked[code >>> 10]! |= 1 << (code >>> 5)
        continue
      }
      let at = count
      for (; at > 0 && sorted[at - 1]! > code; at--) sorted[at] = sorted[at - 1]!
      if (at > 0 && sorted[at - 1] === code) {
        // It was there: what has moved for it moves back.
        for (; at < count; at++) sorted[at] = sorted[at + 1]!
        continue
      }
      sorted[at] = code
      count++
    }
    if (sorts) {
      for (let c = 0; c < count; c++) {
        codeOf[c] = sorted[c]!
        move(sorted[c]!, c)
      }
    } else {
      for (let k = 0; k < words; k++) {
        for (let some = marked[k]!; some !== 0; some &= some - 1) {
          const word = 32 * k + 31 - Math.clz32(some & -some)
          for (let rest = bits[word]!; rest !== 0; rest &= rest - 1) {
            const code = 32 * word + 31 - Math.clz32(rest & -rest)
            codeOf[count] = code
            move(code, count++)
          }
          bits[word] = 0
        }
        marked[k] = 0
      }
    }
    if (count > 0 && codeOf[count - 1] === last) codeOf[count - 1] = top
    return count
  }
  return { table, stride, weights, codeOf, gather }
}

/** Rows, squared, that are sorted in the time that one word of marked words takes. */
const perWord = 4
/** Rows, squared, that are sorted in the time that marking them takes. */
const least = 100
