import type { Growth, Target } from './growth.ts'
import { mostTogether, stepFor, unitFor, type Node } from './node.ts'

/** How rows are relabelled for a split: by what splits part. */
export interface Relabelling {
  /** Reads what of rows 0 .. count − 1 is the same in every node: once, or for each tree where they are an excerpt. */
  readonly read: (count: number) => void
  /** Prepares the node of rows[from] .. rows[to − 1]; false where it is to be a leaf. */
  readonly relabel: (from: number, to: number) => boolean
  /** Whether the numbers of rows are the same in every node, so that a node's table less one child's is the other child's. */
  readonly fixed: boolean
  /** Planes of the table. */
  readonly planes: number
  /** Nodes of fewer rows are leaves. */
  readonly leastRows: number
}

/** Rounds to a whole number: (x + c) − c is x rounded where |x| < 2⁵¹. */
const c = 1.5 * 2 ** 52

/**
 * What of each row a split is to part, for the kind of forest. Scales are those of the whole growth, so that an excerpt's numbers are the same.
 *
 * Source: Athey, Tibshirani, Wager (2019), Annals of Statistics 47, section 2.3 and equations (8), (20).
 */
export function relabelling(growth: Growth, node: Node, mostRows: number, whole: Growth = growth): Relabelling {
  const { target, weights, growing } = growth
  const rowsToSplit = growing.minNodeSize + 1
  switch (target.kind) {
    case 'response': {
      const read = packResponses(target.y, weights, node, mostRows, whole)
      node.planes = 1
      return { read, relabel: () => true, fixed: weights === undefined, planes: 1, leastRows: rowsToSplit }
    }
    case 'classes':
      return { ...relabelClasses(target.label, weights, node, target.count), fixed: false, planes: target.count, leastRows: rowsToSplit }
    case 'effect':
    case 'instrument': {
      const leastRows = Math.max(rowsToSplit, 4 * growing.minNodeSize)
      if (isTwoArms(whole)) return { ...relabelArms(growth, node, mostRows, whole), fixed: true, planes: 2, leastRows }
      return { read: () => {}, relabel: relabelEffect(target, growth, node, whole), fixed: false, planes: 2, leastRows }
    }
  }
}

/** Whether the treatment has two values only: two arms, and one propensity for all. */
export function isTwoArms({ target, weights }: Pick<Growth, 'target' | 'weights'>): boolean {
  if (target.kind !== 'effect' || weights !== undefined) return false
  const { w } = target
  const other = w.find((v) => v !== w[0])
  return other !== undefined && w.every((v) => v === w[0] || v === other)
}

/** The outcome itself, less a constant: the same in all nodes. */
function packResponses(y: Float64Array, weights: Float64Array | undefined, node: Node, mostRows: number, whole: Growth): Relabelling['read'] {
  const unit = unitFor(mostRows)
  const all = (whole.target as Extract<Target, { y: Float64Array }>).y
  let most = 0
  for (let i = 0; i < all.length; i++) most = Math.max(most, Math.abs(whole.weights === undefined ? all[i]! : whole.weights[i]! * all[i]!))
  const scale = most > 0 ? Math.floor(unit / 2 / mostRows) / most : 0
  node.unit = unit
  node.scale = scale
  return (count) => {
    for (let i = 0; i < count; i++) node.packed[i] = unit + Math.round((weights === undefined ? y[i]! : weights[i]! * y[i]!) * scale)
  }
}

/** The class: each has its plane of the table. */
function relabelClasses(label: Uint8Array, weights: Float64Array | undefined, node: Node, count: number): Pick<Relabelling, 'read' | 'relabel'> {
  node.planes = count
  node.packed.fill(1)
  return {
    read: (rows) => {
      node.plane.set(label.subarray(0, rows))
      if (weights !== undefined) node.packed.set(weights.subarray(0, rows))
    },
    relabel: (from, to) => {
      const first = label[node.rows[from]!]!
      for (let k = from + 1; k < to; k++) if (label[node.rows[k]!] !== first) return true
      return false
    },
  }
}

/**
 * Two arms: there the gradient is (w − w̄) (y − mean of y in the row's arm), so that its sums follow from each arm's count and sum of y (scanArms), and
 * nothing of a row depends on the node.
 */
function relabelArms({ target, growing }: Growth, node: Node, mostRows: number, whole: Growth): Pick<Relabelling, 'read' | 'relabel'> {
  const { y, w } = target as Extract<Target, { kind: 'effect' }>
  const pack = packResponses(y, undefined, node, mostRows, whole)
  const all = (whole.target as Extract<Target, { kind: 'effect' }>).w
  const treated = all.reduce((most, v) => Math.max(most, v), -Infinity)
  const control = all.reduce((least, v) => Math.min(least, v), Infinity)
  node.spread = (treated - control) ** 2
  node.planes = 2
  const least = 2 * growing.minNodeSize
  return {
    read: (count) => {
      pack(count)
      for (let i = 0; i < count; i++) node.plane[i] = w[i] === treated ? 1 : 0
    },
    relabel: (from, to) => {
      const { rows, plane } = node
      let high = 0
      for (let k = from; k < to; k++) high += plane[rows[k]!]!
      node.high = high
      return high >= least && to - from - high >= least
    },
  }
}

/**
 * The gradient of the effect: r = (z − z̄) (y − ȳ − τ (w − w̄)) with the node's own τ = Σ(z − z̄)(y − ȳ) / Σ(z − z̄)(w − w̄), z = w without an instrument.
 * Plane 1 holds the rows with z at or above its mean. A leaf where either plane has fewer than 2 min.node.size rows: no split could leave enough on both sides.
 */
function relabelEffect(target: Extract<Target, { kind: 'effect' | 'instrument' }>, { growing, weights }: Growth, node: Node, whole: Growth): Relabelling['relabel'] {
  const { y, w } = target
  const instrument = target.kind === 'instrument' ? target.z : undefined
  const n = y.length
  // The node's values side by side: y, w, z, and the weight.
  const dy = new Float64Array(n)
  const dw = new Float64Array(n)
  const dz = instrument === undefined ? dw : new Float64Array(n)
  const g = weights === undefined ? undefined : new Float64Array(n)
  const least = 2 * growing.minNodeSize
  const all = whole.target as typeof target
  const allZ = all.kind === 'instrument' ? all.z : all.w
  // A treatment that moves less than this within a node does not move; relative to how it moves among all, so that units do not matter.
  const still = 1e-10 * Math.sqrt(meanSquare(allZ) * meanSquare(all.w))
  const mostY = largest(all.y)
  const mostW = largest(all.w)
  const mostZ = largest(allZ)
  const heaviest = whole.weights === undefined ? 1 : largest(whole.weights)
  return (from, to) => {
    const { rows, packed, plane } = node
    const m = to - from
    let total = m
    let sy = 0
    let sw = 0
    let sz = 0
    let szy = 0
    let szw = 0
    let szz = 0
    if (instrument === undefined && g === undefined) {
      for (let k = 0; k < m; k++) {
        const row = rows[from + k]!
        const a = y[row]!
        const b = w[row]!
        dy[k] = a
        dw[k] = b
        sy += a
        sw += b
        szy += a * b
        szw += b * b
      }
      sz = sw
      szz = szw
    } else {
      total = 0
      for (let k = 0; k < m; k++) {
        const row = rows[from + k]!
        const v = weights === undefined ? 1 : weights[row]!
        const z = instrument === undefined ? w[row]! : instrument[row]!
        dy[k] = y[row]!
        dw[k] = w[row]!
        dz[k] = z
        if (g !== undefined) g[k] = v
        total += v
        sy += v * dy[k]!
        sw += v * dw[k]!
        sz += v * z
        szy += v * z * dy[k]!
        szw += v * z * dw[k]!
        szz += v * z * z
      }
    }
    const my = sy / total
    const mw = sw / total
    const mz = sz / total
    const zw = szw - sz * mw
    if (!(Math.abs(zw) > still * total)) return false
    const tau = (szy - sz * my) / zw
    // Of |r| the largest it could be, so that one pass does: all values lie between those of all rows.
    const bound = heaviest * 2 * mostZ * (2 * mostY + Math.abs(tau) * 2 * mostW)
    const unit = unitFor(m)
    const together = g === undefined && m <= mostTogether
    const step = together ? stepFor(m) : 1
    const one = together ? 1 : 0
    // A step is kept free for the counts of rows in plane 1.
    const scale = Math.floor(unit / 2 / m / step - one) / bound
    let high = 0
    let moved = 0
    if (together && instrument === undefined) {
      // As below, without what is the same for all rows here; planes share one number, so nobody asks for a row's own.
      for (let k = 0; k < m; k++) {
        const z = dw[k]! - mw
        const r = z * (dy[k]! - my - tau * z)
        const above = z >= 0 ? 1 : 0
        packed[rows[from + k]!] = unit + step * (r * scale + c - c) + above
        high += above
        moved += r * r
      }
    } else {
      for (let k = 0; k < m; k++) {
        const row = rows[from + k]!
        const z = dz[k]! - mz
        const r = (g === undefined ? z : g[k]! * z) * (dy[k]! - my - tau * (dw[k]! - mw))
        const above = z >= 0 ? 1 : 0
        packed[row] = unit + step * (r * scale + c - c) + one * above
        plane[row] = above
        high += above
        moved += r * r
      }
    }
    // An outcome that the treatment explains without rest leaves rounding errors only.
    if (high < least || m - high < least || !(moved > (1e-13 * bound) ** 2)) return false
    node.unit = unit
    node.step = step
    node.planes = together ? 1 : 2
    node.scale = scale * step
    node.high = high
    node.spread = ((szz - sz * mz) * m) / (high * (m - high))
    return true
  }
}

const largest = (values: Float64Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
const meanSquare = (values: Float64Array): number => values.reduce((total, v) => total + v * v, 0) / values.length
