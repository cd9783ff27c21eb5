import type { Node } from './node.ts'

/** The best split of a node so far. */
export interface Best {
  /**
   * What the gain of the next one must be above, in units of the scan: at the outset what any split must gain, then the best split's own gain and 10⁻⁹ of it more.
   * So of splits that are equal but for rounding, such as the same one seen from the other side, the first stands. A cell is compared by d² > gain n_l n_r,
   * without dividing: a division is made only where a split is the best so far.
   */
  gain: number
  column: number
  /** Last cell of the left side, counted from the first cell of the column; −1: missing values alone. */
  cell: number
  missingLeft: boolean
}

/** Where a column's cells lie in the table: values from `from` to before `to`, missing values in `missing`, or −1. Planes follow each other at `plane`. */
export interface Cells {
  from: number
  to: number
  missing: number
}

/** What a split must keep to. */
export interface Limits {
  readonly minNodeSize: number
  readonly alpha: number
  readonly imbalancePenalty: number
}

const clearly = 1 + 1e-9

/** x + nearest − nearest is the whole number nearest to x, 0 <= x < 2⁵¹: one instruction less than Math.floor(x + ½), a third of a scan's time with what stands beside it (measured). */
const nearest = 1.5 * 2 ** 52

export type Scan = (table: Float64Array, weights: Float64Array, plane: number, cells: Cells, m: number, node: Node, column: number, best: Best) => void

/**
 * Regression: the split with the largest S_l²/n_l + S_r²/n_r − S²/n = (S_l − S n_l/n)² n/(n_l n_r), each side at least max(⌈alpha n⌉, 1) rows, less
 * imbalance.penalty (1/n_l + 1/n_r). Missing values go right in the first round and left in the second.
 */
export function scanResponse({ alpha, imbalancePenalty }: Limits): Scan {
  return (table, _weights, _plane, cells, m, node, column, best) => {
    const { unit, sum, scale } = node
    const { from, to, missing } = cells
    const least = Math.max(Math.ceil(m * alpha), 1)
    // S − n S/m with the count taken off in the same step; what rounding this sum costs is half a step of S.
    const unitAndMean = unit + sum / m
    const perUnit = 1 / unit
    const penalty = imbalancePenalty * scale * scale
    const most = m - least
    let { gain } = best
    const absent = missing >= 0 ? table[missing]! : 0
    for (let round = 0; round < 2; round++) {
      let v = round === 0 ? 0 : absent
      const last = round === 0 && absent !== 0 ? to : to - 1
      for (let k = from; k < last; k++) {
        const cell = table[k]!
        // Empty cells change nothing, and looking for them costs more than passing over them: but missing values alone have had their turn.
        if (round === 1 && cell === 0) continue
        v += cell
        const n = v * perUnit + nearest - nearest
        const d = v - n * unitAndMean
        const own = d * d - penalty
        const both = n * (m - n)
        if (own > gain * both && n >= least && n <= most) {
          gain = (own / both) * clearly
          best.column = column
          best.cell = k - from
          best.missingLeft = round === 1
        }
      }
      if (absent === 0) break
    }
    best.gain = gain
  }
}

/**
 * Effects: the same gain, each side with at least min.node.size rows on both sides of the mean of the treatment (or instrument), and with at least the
 * share alpha of its variation, by n₀n₁/n; less imbalance.penalty (1/v_l + 1/v_r), v = n₀n₁/n in units of the treatment.
 */
export function scanEffect(limits: Limits): Scan {
  const [together, apart] = [scanTogether(limits), scanApart(limits)]
  return (table, weights, plane, cells, m, node, column, best) => {
    if (node.planes === 1) together(table, weights, plane, cells, m, node, column, best)
    else apart(table, weights, plane, cells, m, node, column, best)
  }
}

/** Both planes in one number. */
function scanTogether({ minNodeSize, alpha, imbalancePenalty }: Limits): Scan {
  return (table, _weights, _plane, cells, m, node, column, best) => {
    const { unit, step, sum, scale, high, spread } = node
    const { from, to, missing } = cells
    const perUnit = 1 / unit
    const low = m - high
    const unitAndMean = unit + sum / m
    const size = (alpha * high * low) / m
    const penalty = imbalancePenalty === 0 ? 0 : (imbalancePenalty * scale * scale) / m / spread
    let { gain } = best
    const absent = missing >= 0 ? table[missing]! : 0
    for (let round = 0; round < 2; round++) {
      let v = round === 0 ? 0 : absent
      const last = round === 0 && absent !== 0 ? to : to - 1
      for (let k = from; k < last; k++) {
        const cell = table[k]!
        if (round === 1 && cell === 0) continue
        v += cell
        const n = v * perUnit + nearest - nearest
        const d = v - n * unitAndMean
        const both = n * (m - n)
        if (d * d > gain * both) {
          // It may be the best: whether it keeps to the limits is looked at now only.
          const more = v - n * unit
          const n1 = more - Math.floor(more / step) * step
          const n0 = n - n1
          const r0 = low - n0
          const r1 = high - n1
          if (n0 < minNodeSize || n1 < minNodeSize || r0 < minNodeSize || r1 < minNodeSize) continue
          const left = n0 * n1
          const right = r0 * r1
          if (left < size * n || right < size * (m - n)) continue
          const own = d * d - (penalty === 0 ? 0 : penalty * (n / left + (m - n) / right) * both)
          if (!(own > gain * both)) continue
          gain = (own / both) * clearly
          best.column = column
          best.cell = k - from
          best.missingLeft = round === 1
        }
      }
      if (absent === 0) break
    }
    best.gain = gain
  }
}

/** The planes by themselves, for nodes of many rows. */
function scanApart({ minNodeSize, alpha, imbalancePenalty }: Limits): Scan {
  return (table, _weights, plane, cells, m, node, column, best) => {
    const { unit, sum, scale, high, spread } = node
    const { from, to, missing } = cells
    const perUnit = 1 / unit
    const low = m - high
    const mean = sum / m
    const size = (alpha * high * low) / m
    const penalty = imbalancePenalty === 0 ? 0 : (imbalancePenalty * scale * scale) / m / spread
    let { gain } = best
    const absent0 = missing >= 0 ? table[missing]! : 0
    const absent1 = missing >= 0 ? table[missing + plane]! : 0
    const absent = absent0 !== 0 || absent1 !== 0
    for (let round = 0; round < 2; round++) {
      let v0 = round === 0 ? 0 : absent0
      let v1 = round === 0 ? 0 : absent1
      const last = round === 0 && absent ? to : to - 1
      for (let k = from; k < last; k++) {
        const cell0 = table[k]!
        const cell1 = table[k + plane]!
        if (round === 1 && cell0 === 0 && cell1 === 0) continue
        v0 += cell0
        v1 += cell1
        const n = (v0 + v1) * perUnit + nearest - nearest
        const d = v0 + v1 - n * unit - mean * n
        const both = n * (m - n)
        if (d * d > gain * both) {
          const n1 = v1 * perUnit + nearest - nearest
          const n0 = n - n1
          const r0 = low - n0
          const r1 = high - n1
          if (n0 < minNodeSize || n1 < minNodeSize || r0 < minNodeSize || r1 < minNodeSize) continue
          const left = n0 * n1
          const right = r0 * r1
          if (left < size * n || right < size * (m - n)) continue
          const own = d * d - (penalty === 0 ? 0 : penalty * (n / left + (m - n) / right) * both)
          if (!(own > gain * both)) continue
          gain = (own / both) * clearly
          best.column = column
          best.cell = k - from
          best.missingLeft = round === 1
        }
      }
      if (!absent) break
    }
    best.gain = gain
  }
}

/**
 * Effects of two arms, from the arms' own counts and sums of y: the sum of gradients on a side is (1 − s)(S₁ − n₁ ȳ₁) − s (S₀ − n₀ ȳ₀), s the treated share
 * of the node, in units of the difference of the arms. Limits as for effects.
 */
export function scanArms({ minNodeSize, alpha, imbalancePenalty }: Limits): Scan {
  return (table, _weights, plane, cells, m, node, column, best) => {
    const { unit, sum, scale, high, spread, highSum } = node
    const { from, to, missing } = cells
    const perUnit = 1 / unit
    const low = m - high
    const share = high / m
    const rest = 1 - share
    const unitAndMean1 = unit + highSum / high
    const unitAndMean0 = unit + (sum - highSum) / low
    const size = alpha * high * rest
    // Gradients are in units of the difference of the arms, and sizes in units of its square.
    const penalty = imbalancePenalty === 0 ? 0 : (imbalancePenalty * scale * scale) / m / spread / spread
    let { gain } = best
    const absent0 = missing >= 0 ? table[missing]! : 0
    const absent1 = missing >= 0 ? table[missing + plane]! : 0
    const absent = absent0 !== 0 || absent1 !== 0
    for (let round = 0; round < 2; round++) {
      let v0 = round === 0 ? 0 : absent0
      let v1 = round === 0 ? 0 : absent1
      const last = round === 0 && absent ? to : to - 1
      for (let k = from; k < last; k++) {
        const cell0 = table[k]!
        const cell1 = table[k + plane]!
        if (round === 1 && cell0 === 0 && cell1 === 0) continue
        v0 += cell0
        v1 += cell1
        const n0 = v0 * perUnit + nearest - nearest
        const n1 = v1 * perUnit + nearest - nearest
        const n = n0 + n1
        const d = rest * (v1 - n1 * unitAndMean1) - share * (v0 - n0 * unitAndMean0)
        const both = n * (m - n)
        if (d * d > gain * both) {
          const r0 = low - n0
          const r1 = high - n1
          if (n0 < minNodeSize || n1 < minNodeSize || r0 < minNodeSize || r1 < minNodeSize) continue
          const left = n0 * n1
          const right = r0 * r1
          if (left < size * n || right < size * (m - n)) continue
          const own = d * d - (penalty === 0 ? 0 : penalty * (n / left + (m - n) / right) * both)
          if (!(own > gain * both)) continue
          gain = (own / both) * clearly
          best.column = column
          best.cell = k - from
          best.missingLeft = round === 1
        }
      }
      if (!absent) break
    }
    best.gain = gain
  }
}

/** Either of the two with weights of rows: S²/n becomes S²/Σ of weights, S weighted; sizes are counts of rows as before. */
export function scanWeighted(limits: Limits, effect: boolean): Scan {
  const { minNodeSize, alpha, imbalancePenalty } = limits
  return (table, weights, plane, cells, m, node, column, best) => {
    const { unit, sum, scale, high, spread } = node
    const { from, to, missing } = cells
    const perUnit = 1 / unit
    const low = m - high
    const least = Math.max(Math.ceil(m * alpha), 1)
    const size = (alpha * high * low) / m
    const total = weights[weights.length - 1]!
    const mean = sum / total
    const penalty = (imbalancePenalty * scale * scale) / total
    const absent = missing >= 0 && weights[missing]! !== 0
    for (let round = 0; round < 2; round++) {
      let v0 = round === 0 || !absent ? 0 : table[missing]!
      let v1 = round === 0 || !absent || !effect ? 0 : table[missing + plane]!
      let weight = round === 0 || !absent ? 0 : weights[missing]!
      const last = round === 0 && absent ? to : to - 1
      for (let k = from; k < last; k++) {
        if (weights[k] === 0) continue
        v0 += table[k]!
        if (effect) v1 += table[k + plane]!
        weight += weights[k]!
        const n0 = v0 * perUnit + nearest - nearest
        const n1 = v1 * perUnit + nearest - nearest
        const n = n0 + n1
        const left = effect ? (n0 * n1) / n : n
        const right = effect ? ((low - n0) * (high - n1)) / (m - n) : m - n
        if (effect) {
          if (n0 < minNodeSize || n1 < minNodeSize || low - n0 < minNodeSize || high - n1 < minNodeSize || left < size || right < size) continue
        } else if (n < least || m - n < least) continue
        const rest = total - weight
        if (!(weight > 1e-12 * total && rest > 1e-12 * total)) continue
        const d = v0 + v1 - n * unit - mean * weight
        const both = weight * rest
        const own = d * d - (penalty === 0 ? 0 : (penalty / (effect ? spread : 1)) * (1 / left + 1 / right)) * both
        if (own > best.gain * both) {
          best.gain = (own / both) * clearly
          best.column = column
          best.cell = k - from
          best.missingLeft = round === 1
        }
      }
      if (!absent) break
    }
  }
}

/** Classes: the split with the largest Σ_k (c_kl²/n_l + c_kr²/n_r), c_k the weight of class k, n counts of rows (in `weights`), as for regression. */
export function scanClasses({ alpha, imbalancePenalty }: Limits, classes: number): Scan {
  const left = new Float64Array(classes)
  const all = new Float64Array(classes)
  return (table, counts, plane, cells, m, _node, column, best) => {
    const { from, to, missing } = cells
    const least = Math.max(Math.ceil(m * alpha), 1)
    const absent = missing >= 0 ? counts[missing]! : 0
    all.fill(0)
    for (let q = 0; q < classes; q++) {
      for (let k = from; k < to; k++) all[q]! += table[k + q * plane]!
      if (absent > 0) all[q]! += table[missing + q * plane]!
    }
    for (let round = 0; round < 2; round++) {
      let n = round === 0 ? 0 : absent
      for (let q = 0; q < classes; q++) left[q] = round === 0 || absent === 0 ? 0 : table[missing + q * plane]!
      const last = round === 0 && absent > 0 ? to : to - 1
      for (let k = from; k < last; k++) {
        if (counts[k] === 0) continue
        n += counts[k]!
        let weight = 0
        let total = 0
        for (let q = 0; q < classes; q++) {
          left[q]! += table[k + q * plane]!
          weight += left[q]!
          total += all[q]!
        }
        if (n < least) continue
        if (m - n < least) break
        const rest = total - weight
        if (!(weight > 0 && rest > 0)) continue
        let g = -imbalancePenalty * (1 / n + 1 / (m - n))
        for (let q = 0; q < classes; q++) g += (left[q]! * left[q]!) / weight + ((all[q]! - left[q]!) * (all[q]! - left[q]!)) / rest - (all[q]! * all[q]!) / total
        if (g > best.gain) {
          best.gain = g * clearly
          best.column = column
          best.cell = k - from
          best.missingLeft = round === 1
        }
      }
      if (absent === 0) break
    }
  }
}
