/**
 * The node that is being split, written by relabelling and read by the split finders. One per thread; nothing is allocated per node.
 *
 * A row's number r is kept as `unit` + q, q = r in whole steps, so that one addition carries a count and a sum: a sum v of such numbers stands for
 * ⌊v/unit + ½⌋ rows and their sum of q. unit = 2^(52 − ⌈log2(m + 2)⌉) and |q| <= unit/(2m), so all sums of m rows are exact and can be told apart, and what
 * is taken off again leaves no trace.
 */
export interface Node {
  /** Rows of the present tree, in two halves that take turns from a node to its children; a node's are rows[from] .. rows[to − 1]. */
  readonly rows: Int32Array
  /** By row: the packed number, and the plane of the table where it is added (side of the treatment's mean, or class). */
  readonly packed: Float64Array
  readonly plane: Uint8Array
  unit: number
  /** Where both planes lie on one, what a step of q is worth: the places below it count the rows of plane 1. Else 1. */
  step: number
  /** Planes of the table that the node uses. */
  planes: number
  /** Sum of q over the node. */
  sum: number
  /** Steps per unit of r. */
  scale: number
  /** Rows in plane 1, for effects. */
  high: number
  /** Σ(z − z̄)² over n₀n₁/n, for the imbalance penalty of effects. */
  spread: number
  /** For two arms: the sum of q in plane 1. */
  highSum: number
}

export const makeNode = (n: number): Node => ({ rows: new Int32Array(2 * (n + 1)), packed: new Float64Array(n), plane: new Uint8Array(n), unit: Number.NaN, step: Number.NaN, planes: 1, sum: Number.NaN, scale: Number.NaN, high: 0, spread: Number.NaN, highSum: Number.NaN })

const powersOfTwo = Float64Array.from({ length: 53 }, (_, k) => 2 ** k)
/** ⌈log2(m + 2)⌉ */
const bitsFor = (m: number): number => 32 - Math.clz32(m + 1)

/** The unit for nodes of up to m rows. */
export const unitFor = (m: number): number => powersOfTwo[52 - bitsFor(m)]!

/**
 * Up to this many rows a number has room for two counts and a sum with at least 2¹⁸ steps: r is then kept as unit + step · q, and 1 more in plane 1, with a
 * step of more than m. The sum of q is off by less than a step, and a split needs to be taken apart only where it may be the best.
 */
export const mostTogether = 1024

export const stepFor = (m: number): number => powersOfTwo[bitsFor(m)]!
