import type { CodedColumn } from './codes.ts'

/** The best tree on some rows. Leaves have an action; a split sends codes up to `code` of `column` to `low`. */
export type Found =
  | { readonly action: number; readonly rows: number; readonly value: number }
  | { readonly column: number; readonly code: number; readonly low: Found; readonly high: Found; readonly value: number }

interface Cut { value: number; column: number; code: number }

/**
 * The best tree of at most `depth` splits in a row. Depths 1 and 2 by tables of sums; each depth above tries every first cut.
 *
 * @param gains  score of each action but the first, minus the first's; n values each
 */
export function search(columns: readonly CodedColumn[], gains: readonly Float64Array[], rows: Int32Array, depth: number, minLeaf: number): Found {
  const leaf = bestLeaf(gains, rows)
  if (depth === 0 || rows.length < 2 * minLeaf) return leaf
  if (depth > 2) {
    let best = leaf
    for (const [column, { codes, cuts }] of columns.entries()) {
      for (let code = 0; code < cuts.length; code++) {
        const [low, high] = part(rows, codes, code)
        if (low.length < minLeaf || high.length < minLeaf) continue
        const a = search(columns, gains, low, depth - 1, minLeaf)
        const b = search(columns, gains, high, depth - 1, minLeaf)
        if (better(a.value + b.value, best.value)) best = { column, code, low: a, high: b, value: a.value + b.value }
      }
    }
    return best
  }
  const root = firstCut(columns, gains, rows, depth, minLeaf)
  if (!better(root.value, leaf.value)) return leaf
  const [low, high] = part(rows, columns[root.column]!.codes, root.code)
  const a = search(columns, gains, low, depth - 1, minLeaf)
  const b = search(columns, gains, high, depth - 1, minLeaf)
  return { column: root.column, code: root.code, low: a, high: b, value: a.value + b.value }
}

/** Sums of the same numbers in another order differ by rounding; a split has to gain more than that. */
const better = (value: number, than: number): boolean => value > than + 1e-9 * Math.abs(than) + 1e-12

function part(rows: Int32Array, codes: Uint8Array, code: number): readonly [Int32Array, Int32Array] {
  return [rows.filter((i) => codes[i]! <= code), rows.filter((i) => codes[i]! > code)]
}

function bestLeaf(gains: readonly Float64Array[], rows: Int32Array): Found {
  let action = 0
  let value = 0
  for (const [a, gain] of gains.entries()) {
    let sum = 0
    for (const i of rows) sum += gain[i]!
    if (better(sum, value)) [action, value] = [a + 1, sum]
  }
  return { action, rows: rows.length, value }
}

/** Best value on either side of each first cut, over one further split (depth 2) or none. */
function firstCut(columns: readonly CodedColumn[], gains: readonly Float64Array[], rows: Int32Array, depth: number, minLeaf: number): Cut {
  const actions = gains.length
  const sides = columns.map(({ cuts }) => ({ low: new Float64Array(cuts.length).fill(-Infinity), high: new Float64Array(cuts.length).fill(-Infinity) }))
  for (let first = 0; first < columns.length; first++) {
    for (let second = depth === 1 ? first : 0; second <= first; second++) {
      const a = columns[first]!
      const b = columns[second]!
      const width = b.cuts.length + 1
      const height = a.cuts.length + 1
      const count = new Float64Array(height * width)
      const sums = gains.map(() => new Float64Array(height * width))
      for (const i of rows) count[a.codes[i]! * width + b.codes[i]!]!++
      for (let k = 0; k < actions; k++) {
        const sum = sums[k]!
        const gain = gains[k]!
        for (const i of rows) sum[a.codes[i]! * width + b.codes[i]!]! += gain[i]!
      }
      const splits = depth === 2
      sweep(count, sums, height, width, width, 1, minLeaf, splits, sides[first]!)
      if (first !== second) sweep(count, sums, width, height, 1, width, minLeaf, splits, sides[second]!)
    }
  }
  const best: Cut = { value: -Infinity, column: -1, code: -1 }
  for (const [column, { low, high }] of sides.entries()) {
    for (let code = 0; code < low.length; code++) {
      const value = low[code]! + high[code]!
      if (best.column < 0 ? value > -Infinity : better(value, best.value)) Object.assign(best, { value, column, code })
    }
  }
  return best
}

/** Cumulates a table over the first cut and takes the best second cut on each side of it. */
function sweep(
  count: Float64Array, sums: readonly Float64Array[], height: number, width: number, down: number, across: number, minLeaf: number, splits: boolean,
  side: { readonly low: Float64Array; readonly high: Float64Array },
): void {
  const tables = [count, ...sums]
  const above = tables.map(() => new Float64Array(width))
  const below = tables.map((table) => {
    const line = new Float64Array(width)
    for (let r = 0; r < height; r++) for (let c = 0; c < width; c++) line[c]! += table[r * down + c * across]!
    return line
  })
  for (let r = 0; r < height - 1; r++) {
    for (let t = 0; t < tables.length; t++) {
      const table = tables[t]!
      for (let c = 0; c < width; c++) {
        const cell = table[r * down + c * across]!
        above[t]![c]! += cell
        below[t]![c]! -= cell
      }
    }
    side.low[r] = Math.max(side.low[r]!, bestLine(above, minLeaf, splits))
    side.high[r] = Math.max(side.high[r]!, bestLine(below, minLeaf, splits))
  }
}

/** Best value of one side: a leaf, or two leaves parted at the best code. −Infinity with fewer than `minLeaf` rows. */
function bestLine(line: readonly Float64Array[], minLeaf: number, splits: boolean): number {
  const count = line[0]!
  const width = count.length
  let rows = 0
  for (let c = 0; c < width; c++) rows += count[c]!
  if (rows < minLeaf) return -Infinity
  const totals = new Float64Array(line.length)
  let best = 0
  for (let t = 1; t < line.length; t++) {
    const sums = line[t]!
    for (let c = 0; c < width; c++) totals[t]! += sums[c]!
    if (totals[t]! > best) best = totals[t]!
  }
  if (!splits) return best
  const left = new Float64Array(line.length)
  for (let c = 0; c < width - 1; c++) {
    let low = 0
    let high = 0
    for (let t = 0; t < line.length; t++) left[t]! += line[t]![c]!
    if (left[0]! < minLeaf || rows - left[0]! < minLeaf) continue
    for (let t = 1; t < line.length; t++) {
      if (left[t]! > low) low = left[t]!
      if (totals[t]! - left[t]! > high) high = totals[t]! - left[t]!
    }
    if (low + high > best) best = low + high
  }
  return best
}
