import type { Growth } from './growth.ts'
import type { Tree } from './tree.ts'

/** Adds the moments of rows to those of their leaves. */
export type AddMoments = (rows: Int32Array, count: number, leaf: Int32Array, into: Float64Array) => void

/** The leaf of each of the first `count` rows given. */
export function findLeaves(codes: Uint8Array | Uint16Array, p: number, mask: number, { split }: Tree, rows: Int32Array, count: number, leaf: Int32Array): void {
  for (let k = 0; k < count; k++) {
    const base = rows[k]! * p
    let at = 0
    let next = split[1]!
    while (next !== 0) {
      const one = split[2 * at]!
      at = next + (((one & 65_535) - ((codes[base + (one >>> 17)]! + ((one >>> 16) & 1)) & mask)) >>> 31)
      next = split[2 * at + 1]!
    }
    leaf[k] = at
  }
}

/** The moments of growth.ts for the kind of forest, each times the row's weight, and the weight last. */
export function addMoments({ target, weights }: Growth, width: number): AddMoments {
  const weightOf = (row: number): number => (weights === undefined ? 1 : weights[row]!)
  const addWeights: AddMoments = (rows, count, leaf, into) => {
    if (weights !== undefined) for (let k = 0; k < count; k++) into[leaf[k]! * width + width - 1]! += weights[rows[k]!]!
  }
  switch (target.kind) {
    case 'response': {
      const { y } = target
      return (rows, count, leaf, into) => {
        for (let k = 0; k < count; k++) into[leaf[k]! * width]! += weightOf(rows[k]!) * y[rows[k]!]!
        addWeights(rows, count, leaf, into)
      }
    }
    case 'classes': {
      const { label } = target
      return (rows, count, leaf, into) => {
        for (let k = 0; k < count; k++) into[leaf[k]! * width + label[rows[k]!]!]! += weightOf(rows[k]!)
        addWeights(rows, count, leaf, into)
      }
    }
    case 'effect': {
      const { y, w } = target
      return (rows, count, leaf, into) => {
        for (let k = 0; k < count; k++) {
          const row = rows[k]!
          const g = weightOf(row)
          const at = leaf[k]! * width
          into[at]! += g * y[row]!
          into[at + 1]! += g * w[row]!
          into[at + 2]! += g * w[row]! * y[row]!
          into[at + 3]! += g * w[row]! * w[row]!
        }
        addWeights(rows, count, leaf, into)
      }
    }
    case 'instrument': {
      const { y, w, z } = target
      return (rows, count, leaf, into) => {
        for (let k = 0; k < count; k++) {
          const row = rows[k]!
          const g = weightOf(row)
          const at = leaf[k]! * width
          into[at]! += g * y[row]!
          into[at + 1]! += g * w[row]!
          into[at + 2]! += g * z[row]!
          into[at + 3]! += g * z[row]! * y[row]!
          into[at + 4]! += g * z[row]! * w[row]!
        }
        addWeights(rows, count, leaf, into)
      }
    }
  }
}

/** Sums of leaves into means on the grid. */
export function meanMoments(nodes: number, width: number, counts: Int32Array, sums: Float64Array, grid: Float64Array): void {
  for (let k = 0; k < nodes; k++) {
    const rows = counts[k]!
    if (rows === 0) continue
    for (let d = 0; d < width; d++) sums[k * width + d] = sums[k * width + d]! / rows + grid[d]! - grid[d]!
  }
}

/**
 * Takes leaves without a row to estimate with out of a tree: their parent becomes the other child, from the last node to the first, since children come
 * after their parent. Returns whether anything is left.
 */
export function pruneEmpty(tree: Tree, width: number, counts: Int32Array, sums: Float64Array): boolean {
  const { split } = tree
  const isEmpty = (k: number): boolean => split[2 * k + 1] === 0 && counts[k] === 0
  for (let k = tree.nodes - 1; k >= 0; k--) {
    const left = split[2 * k + 1]!
    if (left === 0 || !(isEmpty(left) || isEmpty(left + 1))) continue
    const other = isEmpty(left) ? left + 1 : left
    split[2 * k] = split[2 * other]!
    split[2 * k + 1] = split[2 * other + 1]!
    counts[k] = counts[other]!
    for (let d = 0; d < width; d++) sums[k * width + d] = sums[other * width + d]!
  }
  return !isEmpty(0)
}
