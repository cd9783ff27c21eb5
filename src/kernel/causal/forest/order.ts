import type { CodedColumns } from './codes.ts'
import type { Node } from './node.ts'

/** A tree's rows in the order of each column's codes. What `node.rows` holds from one place to another, each column's list holds there too, in its own order. */
export interface Order {
  readonly lists: readonly Int32Array[]
  /** Sorts the first `count` rows of the node, which are a tree's. */
  begin(count: number): void
  /** Follows a split that has parted the rows: those of the left side lie before `middle`. */
  part(from: number, middle: number, to: number): void
}

/**
 * Sorts all rows once, and lets each tree's pass through its splits in their order: at 16,000 rows of 20 continuous columns a fit took two thirds of the time of sorting
 * anew in every node.
 *
 * In memory 3 (n + 1) numbers a column, in every thread.
 */
export function ordering({ n, p, codes, cuts }: CodedColumns, { rows }: Node): Order {
  const half = rows.length >>> 1
  const all = cuts.map(({ length }, j) => sorted(codes.subarray(j * n, (j + 1) * n), length + 2))
  const lists = all.map(() => new Int32Array(rows.length))
  const drawn = new Uint8Array(n)
  const isRight = new Uint8Array(n)
  return {
    lists,
    begin: (count) => {
      drawn.fill(0)
      for (let k = 0; k < count; k++) drawn[rows[k]!] = 1
      for (let j = 0; j < p; j++) keepDrawn(all[j]!, drawn, lists[j]!)
    },
    part: (from, middle, to) => {
      for (let k = from; k < middle; k++) isRight[rows[k]!] = 0
      for (let k = middle; k < to; k++) isRight[rows[k]!] = 1
      const before = from < half ? half : -half
      for (let j = 0; j < p; j++) partList(lists[j]!, isRight, from, middle, to, before)
    },
  }
}

/** Rows by ascending code, equal ones ascending; missing values, which have the highest code, come last. */
function sorted(codes: Uint8Array | Uint16Array, most: number): Int32Array {
  const last = most - 1
  const at = new Int32Array(most + 1)
  const cell = (i: number): number => Math.min(codes[i]!, last)
  for (let i = 0; i < codes.length; i++) at[cell(i) + 1]!++
  for (let c = 0; c < most; c++) at[c + 1]! += at[c]!
  const out = new Int32Array(codes.length)
  for (let i = 0; i < codes.length; i++) out[at[cell(i)]!++] = i
  return out
}

/** Written always and counted when it holds: no branch to guess. */
function keepDrawn(all: Int32Array, drawn: Uint8Array, list: Int32Array): void {
  let k = 0
  for (let a = 0; a < all.length; a++) {
    const row = all[a]!
    list[k] = row
    k += drawn[row]!
  }
}

function partList(list: Int32Array, isRight: Uint8Array, from: number, middle: number, to: number, before: number): void {
  let l = from
  let r = middle
  for (let k = from + before, end = to + before; k < end; k++) {
    const row = list[k]!
    const right = isRight[row]!
    list[l + (r - l) * right] = row
    l += 1 - right
    r += right
  }
}
