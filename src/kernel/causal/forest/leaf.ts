import type { Growth } from './growth.ts'
import type { Fallen } from './partition.ts'
import type { Tree } from './tree.ts'

/** Writes the moments of rows[from] .. rows[to − 1], added up, to `into` from `at` on. */
export type SumMoments = (rows: Int32Array, from: number, to: number, into: Float64Array, at: number) => void

/** The moments of growth.ts for the kind of forest, each times the row's weight, and the weight last. */
export function summing({ target, weights }: Growth, width: number): SumMoments {
  switch (target.kind) {
    case 'response':
      return sumResponses(target.y, weights)
    case 'classes': {
      const { label } = target
      return (rows, from, to, into, at) => {
        for (let d = 0; d < width; d++) into[at + d] = 0
        for (let k = from; k < to; k++) {
          const row = rows[k]!
          const g = weights === undefined ? 1 : weights[row]!
          into[at + label[row]!]! += g
          if (weights !== undefined) into[at + width - 1]! += g
        }
      }
    }
    case 'effect':
      return sumEffects(target.y, target.w, weights)
    case 'instrument': {
      const { y, w, z } = target
      return (rows, from, to, into, at) => {
        for (let d = 0; d < width; d++) into[at + d] = 0
        for (let k = from; k < to; k++) {
          const row = rows[k]!
          const g = weights === undefined ? 1 : weights[row]!
          into[at]! += g * y[row]!
          into[at + 1]! += g * w[row]!
          into[at + 2]! += g * z[row]!
          into[at + 3]! += g * z[row]! * y[row]!
          into[at + 4]! += g * z[row]! * w[row]!
          if (weights !== undefined) into[at + 5]! += g
        }
      }
    }
  }
}

function sumResponses(y: Float64Array, weights: Float64Array | undefined): SumMoments {
  if (weights === undefined)
    return (rows, from, to, into, at) => {
      let sum = 0
      for (let k = from; k < to; k++) sum += y[rows[k]!]!
      into[at] = sum
    }
  return (rows, from, to, into, at) => {
    let sum = 0
    let total = 0
    for (let k = from; k < to; k++) {
      const g = weights[rows[k]!]!
      sum += g * y[rows[k]!]!
      total += g
    }
    into[at] = sum
    into[at + 1] = total
  }
}

function sumEffects(y: Float64Array, w: Float64Array, weights: Float64Array | undefined): SumMoments {
  return (rows, from, to, into, at) => {
    let sy = 0
    let sw = 0
    let swy = 0
    let sww = 0
    let total = 0
    for (let k = from; k < to; k++) {
      const row = rows[k]!
      const g = weights === undefined ? 1 : weights[row]!
      const a = g * y[row]!
      const b = w[row]!
      sy += a
      sw += g * b
      swy += a * b
      sww += g * b * b
      total += g
    }
    into[at] = sy
    into[at + 1] = sw
    into[at + 2] = swy
    into[at + 3] = sww
    if (weights !== undefined) into[at + 4] = total
  }
}

/** The mean moments of each leaf by the rows that have fallen into it, on the grid, and how many there are. */
export function estimateLeaves({ split, nodes }: Tree, { rows, from, to }: Fallen, sum: SumMoments, width: number, grid: Float64Array, counts: Int32Array, moments: Float64Array): void {
  for (let k = 0; k < nodes; k++) {
    const count = split[2 * k + 1] === 0 ? to[k]! - from[k]! : 0
    counts[k] = count
    if (count === 0) continue
    sum(rows, from[k]!, to[k]!, moments, k * width)
    for (let d = 0; d < width; d++) moments[k * width + d] = moments[k * width + d]! / count + grid[d]! - grid[d]!
  }
}

/** The leaf of each row that has fallen, by row. */
export function leavesByRow({ split, nodes }: Tree, { rows, from, to }: Fallen, leaf: Int32Array): void {
  for (let k = 0; k < nodes; k++) {
    if (split[2 * k + 1] !== 0) continue
    for (let a = from[k]!, end = to[k]!; a < end; a++) leaf[rows[a]!] = k
  }
}

/**
 * Takes leaves without a row to estimate with out of a tree: their parent becomes the other child, from the last node to the first, since children come
 * after their parent. Returns whether anything is left.
 */
export function pruneEmpty(tree: Tree, width: number, counts: Int32Array, moments: Float64Array): boolean {
  const { split } = tree
  const isEmpty = (k: number): boolean => split[2 * k + 1] === 0 && counts[k] === 0
  for (let k = tree.nodes - 1; k >= 0; k--) {
    const left = split[2 * k + 1]!
    if (left === 0 || !(isEmpty(left) || isEmpty(left + 1))) continue
    const other = isEmpty(left) ? left + 1 : left
    split[2 * k] = split[2 * other]!
    split[2 * k + 1] = split[2 * other + 1]!
    counts[k] = counts[other]!
    for (let d = 0; d < width; d++) moments[k * width + d] = moments[other * width + d]!
  }
  return !isEmpty(0)
}
