import type { Growth, Target } from './growth.ts'
import { unitFor, type Node } from './node.ts'

/** Prepares the node of rows[from] .. rows[to − 1]; false where it is to be a leaf. */
export type Relabel = (from: number, to: number) => boolean

/** Rounds to a whole number: (x + c) − c is x rounded where |x| < 2⁵¹. */
const c = 1.5 * 2 ** 52

/** What of each row a split is to part, for the kind of forest. Source: Athey, Tibshirani, Wager (2019), Annals of Statistics 47, section 2.3 and equations (8), (20). */
export function relabelling(growth: Growth, node: Node, mostRows: number): Relabel {
  const { target } = growth
  switch (target.kind) {
    case 'response':
      return relabelResponse(target.y, growth.weights, node, mostRows)
    case 'classes':
      return relabelClasses(target.label, growth.weights, node)
    case 'effect':
    case 'instrument':
      return relabelEffect(target, growth, node)
  }
}

/** The outcome itself: packed once for all nodes. */
function relabelResponse(y: Float64Array, weights: Float64Array | undefined, node: Node, mostRows: number): Relabel {
  const unit = unitFor(mostRows)
  let most = 0
  for (let i = 0; i < y.length; i++) most = Math.max(most, Math.abs(y[i]! * (weights === undefined ? 1 : weights[i]!)))
  const scale = most > 0 ? Math.floor(unit / 2 / mostRows) / most : 0
  const all = Float64Array.from(y, (v, i) => unit + Math.round(v * (weights === undefined ? 1 : weights[i]!) * scale))
  node.unit = unit
  node.scale = scale
  return (from, to) => {
    const { rows, packed } = node
    let total = 0
    for (let k = from; k < to; k++) {
      const v = all[rows[k]!]!
      packed[k] = v
      total += v
    }
    node.sum = total - (to - from) * unit
    return true
  }
}

/** The class: each has its plane of the table. */
function relabelClasses(label: Uint8Array, weights: Float64Array | undefined, node: Node): Relabel {
  return (from, to) => {
    const { rows, packed, plane } = node
    const first = label[rows[from]!]!
    let alike = true
    for (let k = from; k < to; k++) {
      const row = rows[k]!
      packed[k] = weights === undefined ? 1 : weights[row]!
      plane[k] = label[row]!
      if (label[row] !== first) alike = false
    }
    return !alike
  }
}

/**
 * The gradient of the effect: r = (z − z̄) (y − ȳ − τ (w − w̄)) with the node's own τ = Σ(z − z̄)(y − ȳ) / Σ(z − z̄)(w − w̄), z = w without an instrument.
 * Plane 1 holds the rows with z at or above its mean. A leaf where either plane has fewer than 2 min.node.size rows: no split could leave enough on both sides.
 */
function relabelEffect(target: Extract<Target, { kind: 'effect' | 'instrument' }>, { growing, weights }: Growth, node: Node): Relabel {
  const { y, w } = target
  const z = target.kind === 'instrument' ? target.z : w
  const least = 2 * growing.minNodeSize
  const r = new Float64Array(node.packed.length)
  // Treatments that move less than this within a node do not move: relative to all rows', so that units do not matter.
  const still = 1e-10 * Math.max(1e-300, meanSquare(z) ** 0.5 * meanSquare(w) ** 0.5)
  return (from, to) => {
    const { rows, packed, plane } = node
    const m = to - from
    if (m < 2 * least) return false
    let total = 0
    let sy = 0
    let sw = 0
    let sz = 0
    for (let k = from; k < to; k++) {
      const row = rows[k]!
      const g = weights === undefined ? 1 : weights[row]!
      total += g
      sy += g * y[row]!
      sw += g * w[row]!
      sz += g * z[row]!
    }
    if (!(total > 0)) return false
    const my = sy / total
    const mw = sw / total
    const mz = sz / total
    let zy = 0
    let zw = 0
    let zz = 0
    let high = 0
    for (let k = from; k < to; k++) {
      const row = rows[k]!
      const g = weights === undefined ? 1 : weights[row]!
      const dz = z[row]! - mz
      zy += g * dz * (y[row]! - my)
      zw += g * dz * (w[row]! - mw)
      zz += g * dz * dz
      const above = dz >= 0 ? 1 : 0
      plane[k] = above
      high += above
    }
    if (high < least || m - high < least || !(Math.abs(zw) > still * total)) return false
    const tau = zy / zw
    let most = 0
    let size = 0
    for (let k = from; k < to; k++) {
      const row = rows[k]!
      const g = weights === undefined ? 1 : weights[row]!
      const dz = z[row]! - mz
      const dy = y[row]! - my
      const v = g * dz * (dy - tau * (w[row]! - mw))
      r[k] = v
      most = Math.max(most, Math.abs(v))
      size = Math.max(size, Math.abs(g * dz * dy))
    }
    // An outcome that the treatment explains without rest leaves rounding errors only.
    if (!(most > 1e-12 * size)) return false
    const unit = unitFor(m)
    const scale = Math.floor(unit / 2 / m) / most
    let sum = 0
    for (let k = from; k < to; k++) {
      const q = r[k]! * scale + c - c
      packed[k] = unit + q
      sum += q
    }
    node.unit = unit
    node.scale = scale
    node.sum = sum
    node.high = high
    node.spread = (zz * m) / (high * (m - high))
    return true
  }
}

const meanSquare = (values: Float64Array): number => values.reduce((total, v) => total + v * v, 0) / values.length
