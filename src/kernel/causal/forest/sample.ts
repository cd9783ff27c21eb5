import type { Growth } from './growth.ts'
import { drawToFront } from './stream.ts'

/** The rows of a group of trees and of each tree in it, as lists in ascending order. */
export interface Sample {
  /** Rows outside the group: no tree of it has drawn them. */
  readonly outside: Int32Array
  outsideCount: number
  /** Rows by which the present tree is grown, and those by which its leaves are estimated; the same list without honesty. */
  readonly grow: Int32Array
  growCount: number
  readonly estimate: Int32Array
  estimateCount: number
  /** Rows inside the group that the present tree has not drawn. */
  readonly spare: Int32Array
  spareCount: number
}

export interface Sampler {
  readonly sample: Sample
  group(stream: Int32Array): void
  tree(stream: Int32Array): void
}

const grows = 1
const estimates = 2
const isSpare = 4
/** A row of a drawn cluster that is over the number of rows a cluster gives: neither used nor outside. */
const unused = 8

/**
 * Draws rows, or whole clusters, without replacement.
 *
 *   a group of one tree     ⌊units · sample.fraction⌋ units
 *   a group of G > 1 trees  half of the units; each tree ⌈2 · sample.fraction · half⌉ of these
 *   honesty                 ⌈honesty.fraction · units of the tree⌉ of them to grow by, the others to estimate by
 *
 * Source: Athey, Tibshirani, Wager (2019), Annals of Statistics 47, sections 2.4 and 4.1 (little bags).
 */
export function sampler({ coded: { n }, growing, clusters }: Pick<Growth, 'coded' | 'growing' | 'clusters'>): Sampler {
  const { ciGroupSize, sampleFraction, honesty, honestyFraction } = growing
  const units = clusters === undefined ? n : clusters.start.length - 1
  const groupUnits = Math.floor(units * (ciGroupSize > 1 ? 0.5 : sampleFraction))
  const treeUnits = ciGroupSize > 1 ? Math.min(groupUnits, Math.ceil(groupUnits * sampleFraction * 2)) : groupUnits
  const growUnits = honesty ? Math.ceil(treeUnits * honestyFraction) : treeUnits
  const order = new Int32Array(units)
  const own = new Int32Array(groupUnits)
  const side = new Uint8Array(units)
  const rowSide = clusters === undefined ? side : new Uint8Array(n)
  const members = new Int32Array(clusters === undefined ? 0 : n)
  const grow = new Int32Array(n + 1)
  const sample: Sample = {
    outside: new Int32Array(n + 1),
    outsideCount: 0,
    grow,
    growCount: 0,
    estimate: honesty ? new Int32Array(n + 1) : grow,
    estimateCount: 0,
    spare: new Int32Array(n + 1),
    spareCount: 0,
  }

  const group = (stream: Int32Array): void => {
    for (let u = 0; u < units; u++) order[u] = u
    drawToFront(stream, order, units, groupUnits)
    side.fill(0)
    for (let k = 0; k < groupUnits; k++) side[order[k]!] = isSpare
    const { outside } = sample
    let count = 0
    for (let i = 0; i < n; i++) {
      outside[count] = i
      count += side[clusters === undefined ? i : clusters.of[i]!] === 0 ? 1 : 0
    }
    sample.outsideCount = count
  }

  const tree = (stream: Int32Array): void => {
    own.set(order.subarray(0, groupUnits))
    drawToFront(stream, own, groupUnits, treeUnits < groupUnits ? treeUnits : growUnits)
    for (let k = 0; k < growUnits; k++) side[own[k]!] = grows
    for (let k = growUnits; k < treeUnits; k++) side[own[k]!] = estimates
    for (let k = treeUnits; k < groupUnits; k++) side[own[k]!] = isSpare
    if (clusters !== undefined) {
      for (let i = 0; i < n; i++) rowSide[i] = side[clusters.of[i]!]!
      for (let k = 0; k < treeUnits; k++) {
        const from = clusters.start[own[k]!]!
        const size = clusters.start[own[k]! + 1]! - from
        if (size <= clusters.rowsEach) continue
        for (let m = 0; m < size; m++) members[m] = clusters.members[from + m]!
        drawToFront(stream, members, size, clusters.rowsEach)
        for (let m = clusters.rowsEach; m < size; m++) rowSide[members[m]!] = unused
      }
    }
    const { estimate, spare } = sample
    let g = 0
    let e = 0
    let s = 0
    // Written always and counted when it holds: no branch to guess.
    for (let i = 0; i < n; i++) {
      const mark = rowSide[i]!
      grow[g] = i
      g += mark & 1
      if (honesty) estimate[e] = i
      e += (mark >> 1) & 1
      spare[s] = i
      s += (mark >> 2) & 1
    }
    sample.growCount = g
    sample.estimateCount = honesty ? e : g
    sample.spareCount = s
  }

  return { sample, group, tree }
}
