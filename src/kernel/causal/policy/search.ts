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
  // Leaves of one row are not counted (see `firstCut`), so a cut may have nobody on one side.
  if (low.length === 0 || high.length === 0) return low.length === 0 ? b : a
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

/**
 * Best value on either side of each first cut, over one further split (depth 2) or none.
 *
 * Numbers of rows are tabled only where a leaf needs more than one: an empty leaf adds nothing to a value, so without them the values are the same.
 */
function firstCut(columns: readonly CodedColumn[], gains: readonly Float64Array[], rows: Int32Array, depth: number, minLeaf: number): Cut {
  const sides: readonly Side[] = columns.map(({ cuts }) => ({ low: new Float64Array(cuts.length).fill(-Infinity), high: new Float64Array(cuts.length).fill(-Infinity) }))
  const widest = columns.reduce((most, { cuts }) => Math.max(most, cuts.length + 1), 0)
  const across = depth === 1 ? 1 : widest
  const counted = minLeaf > 1
  const tables = Array.from({ length: gains.length + (counted ? 1 : 0) }, () => new Float64Array(widest * across))
  const turned = tables.map(() => new Float64Array(widest * widest))
  const values = [...gains, ...(counted ? [new Float64Array(gains[0]!.length).fill(1)] : [])].map((of) => gathered(of, rows))
  const codes = columns.map((one) => gatheredCodes(one.codes, rows))
  const lines = linesFor(tables.length, widest)
  const alike = new Uint8Array(rows.length)
  for (let first = 0; first < columns.length; first++) {
    // Without a second cut all rows have one code.
    for (let second = depth === 1 ? first : 0; second <= first; second++) {
      const height = columns[first]!.cuts.length + 1
      const width = depth === 1 ? 1 : columns[second]!.cuts.length + 1
      for (let t = 0; t < tables.length; t++) addInto(tables[t]!, values[t]!, codes[first]!, depth === 1 ? alike : codes[second]!, height, width)
      const sweep = gains.length > 1 || depth === 1 ? sweepAll : counted ? sweepCounted : sweepOne
      sweep(tables, height, width, counted ? minLeaf : 0, depth === 2, sides[first]!, lines)
      if (first === second) continue
      for (let t = 0; t < tables.length; t++) turn(tables[t]!, height, width, turned[t]!)
      sweep(turned, width, height, counted ? minLeaf : 0, depth === 2, sides[second]!, lines)
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

interface Side { readonly low: Float64Array; readonly high: Float64Array }

/** Sums by second code of one side of a first cut: above it, and of all rows; one line per table. */
interface Lines { readonly above: readonly Float64Array[]; readonly all: readonly Float64Array[]; readonly below: readonly Float64Array[] }

const linesFor = (tables: number, width: number): Lines => {
  const lines = (): readonly Float64Array[] => Array.from({ length: tables }, () => new Float64Array(width))
  return { above: lines(), all: lines(), below: lines() }
}

const everyRow = (rows: Int32Array, n: number): boolean => rows.length === n

function gathered(values: Float64Array, rows: Int32Array): Float64Array {
  if (everyRow(rows, values.length)) return values
  const out = new Float64Array(rows.length)
  for (let k = 0; k < rows.length; k++) out[k] = values[rows[k]!]!
  return out
}

function gatheredCodes(codes: Uint8Array, rows: Int32Array): Uint8Array {
  if (everyRow(rows, codes.length)) return codes
  const out = new Uint8Array(rows.length)
  for (let k = 0; k < rows.length; k++) out[k] = codes[rows[k]!]!
  return out
}

/** Sums of values by both codes, row after row of the table. */
function addInto(table: Float64Array, values: Float64Array, a: Uint8Array, b: Uint8Array, height: number, width: number): void {
  table.fill(0, 0, height * width)
  for (let k = 0; k < values.length; k++) table[a[k]! * width + b[k]!]! += values[k]!
}

/** The table with its codes exchanged, in squares that stay in the nearest cache: a sweep down columns would miss it at every step. */
function turn(table: Float64Array, height: number, width: number, out: Float64Array): void {
  const edge = 16
  for (let r0 = 0; r0 < height; r0 += edge) {
    const r1 = Math.min(height, r0 + edge)
    for (let c0 = 0; c0 < width; c0 += edge) {
      const c1 = Math.min(width, c0 + edge)
      for (let r = r0; r < r1; r++) for (let c = c0; c < c1; c++) out[c * height + r] = table[r * width + c]!
    }
  }
}

/**
 * Cumulates one table of sums over the first cut and takes the best second cut on each side of it. With two actions and S the sum of a side, P that of its
 * lower part,
 *
 *   max(0, P) + max(0, S − P) = max(0, S, P, S − P),
 *
 * so the best second cut needs only the highest and the lowest P: one addition and two comparisons a cell.
 */
function sweepOne(tables: readonly Float64Array[], height: number, width: number, _minLeaf: number, _splits: boolean, side: Side, lines: Lines): void {
  const table = tables[0]!
  const above = lines.above[0]!
  const all = lines.all[0]!
  sumDown(table, height, width, all)
  // Sums up to each second code, over all rows.
  for (let c = 1; c < width; c++) all[c]! += all[c - 1]!
  above.fill(0, 0, width)
  const total = all[width - 1]!
  for (let r = 0; r < height - 1; r++) {
    const from = r * width
    let p = 0
    let [highest, lowest, highestBelow, lowestBelow] = [0, 0, 0, 0]
    for (let c = 0; c < width; c++) {
      const cell = above[c]! + table[from + c]!
      above[c] = cell
      p += cell
      const q = all[c]! - p
      if (p > highest) highest = p
      if (p < lowest) lowest = p
      if (q > highestBelow) highestBelow = q
      if (q < lowestBelow) lowestBelow = q
    }
    const low = Math.max(highest, p - lowest)
    const high = Math.max(highestBelow, total - p - lowestBelow)
    if (low > side.low[r]!) side.low[r] = low
    if (high > side.high[r]!) side.high[r] = high
  }
}

/** The same with the numbers of rows in the second table: only second cuts that leave so many on both sides take part. */
function sweepCounted(tables: readonly Float64Array[], height: number, width: number, minLeaf: number, _splits: boolean, side: Side, { above, all }: Lines): void {
  const [table, numbers] = [tables[0]!, tables[1]!]
  const [sums, counts] = [above[0]!, above[1]!]
  const [allSums, allCounts] = [all[0]!, all[1]!]
  sumDown(table, height, width, allSums)
  sumDown(numbers, height, width, allCounts)
  for (let c = 1; c < width; c++) {
    allSums[c]! += allSums[c - 1]!
    allCounts[c]! += allCounts[c - 1]!
  }
  sums.fill(0, 0, width)
  counts.fill(0, 0, width)
  const total = allSums[width - 1]!
  const rows = allCounts[width - 1]!
  let reached = 0
  for (let r = 0; r < height - 1; r++) {
    const from = r * width
    for (let c = 0; c < width; c++) reached += numbers[from + c]!
    const [most, mostBelow] = [reached - minLeaf, rows - reached - minLeaf]
    let p = 0
    let seen = 0
    let [highest, lowest, highestBelow, lowestBelow] = [0, 0, 0, 0]
    for (let c = 0; c < width; c++) {
      const cell = sums[c]! + table[from + c]!
      const count = counts[c]! + numbers[from + c]!
      sums[c] = cell
      counts[c] = count
      p += cell
      seen += count
      if (seen >= minLeaf && seen <= most) {
        if (p > highest) highest = p
        if (p < lowest) lowest = p
      }
      const seenBelow = allCounts[c]! - seen
      if (seenBelow >= minLeaf && seenBelow <= mostBelow) {
        const q = allSums[c]! - p
        if (q > highestBelow) highestBelow = q
        if (q < lowestBelow) lowestBelow = q
      }
    }
    // p is now the sum of the whole side, which may stay one leaf.
    if (most >= 0) side.low[r] = Math.max(side.low[r]!, highest, p, p - lowest)
    if (mostBelow >= 0) side.high[r] = Math.max(side.high[r]!, highestBelow, total - p, total - p - lowestBelow)
  }
}

/** The same for any number of actions, and with the numbers of rows in the last table where leaves need so many. */
function sweepAll(tables: readonly Float64Array[], height: number, width: number, minLeaf: number, splits: boolean, side: Side, { above, all, below }: Lines): void {
  for (let t = 0; t < tables.length; t++) {
    sumDown(tables[t]!, height, width, all[t]!)
    above[t]!.fill(0, 0, width)
  }
  for (let r = 0; r < height - 1; r++) {
    for (let t = 0; t < tables.length; t++) {
      const table = tables[t]!
      const [up, down, whole] = [above[t]!, below[t]!, all[t]!]
      for (let c = 0, at = r * width; c < width; c++, at++) {
        const cell = up[c]! + table[at]!
        up[c] = cell
        down[c] = whole[c]! - cell
      }
    }
    side.low[r] = Math.max(side.low[r]!, bestLine(above, width, minLeaf, splits))
    side.high[r] = Math.max(side.high[r]!, bestLine(below, width, minLeaf, splits))
  }
}

function sumDown(table: Float64Array, height: number, width: number, out: Float64Array): void {
  out.fill(0, 0, width)
  for (let r = 0, at = 0; r < height; r++) for (let c = 0; c < width; c++, at++) out[c]! += table[at]!
}

/** Best value of one side: a leaf, or two leaves parted at the best code. −Infinity with fewer than `minLeaf` rows, 0 where rows are not counted. */
function bestLine(line: readonly Float64Array[], width: number, minLeaf: number, splits: boolean): number {
  const actions = line.length - (minLeaf > 0 ? 1 : 0)
  const count = minLeaf > 0 ? line[actions]! : undefined
  let rows = 0
  if (count !== undefined) for (let c = 0; c < width; c++) rows += count[c]!
  if (rows < minLeaf) return -Infinity
  const totals = new Float64Array(actions)
  let best = 0
  for (let t = 0; t < actions; t++) {
    const sums = line[t]!
    for (let c = 0; c < width; c++) totals[t]! += sums[c]!
    if (totals[t]! > best) best = totals[t]!
  }
  if (!splits) return best
  const left = new Float64Array(actions)
  let seen = 0
  for (let c = 0; c < width - 1; c++) {
    if (count !== undefined) seen += count[c]!
    let low = 0
    let high = 0
    for (let t = 0; t < actions; t++) left[t]! += line[t]![c]!
    if (count !== undefined && (seen < minLeaf || rows - seen < minLeaf)) continue
    for (let t = 0; t < actions; t++) {
      if (left[t]! > low) low = left[t]!
      if (totals[t]! - left[t]! > high) high = totals[t]! - left[t]!
    }
    if (low + high > best) best = low + high
  }
  return best
}
