/**
 * Sums whose printed digits do not depend on the order of the rows, the size of a chunk or the number of threads.
 *
 * A `DoubleSums` keeps each sum as an unevaluated pair hi + lo (106 bits). Adding uses Knuth's two-sum, exact for any order of magnitude;
 * products are split by Veltkamp and multiplied exactly by Dekker's method, since JavaScript has no fused multiply-add.
 * Error of n additions: about n² 2⁻¹⁰⁶ times the sum of absolute values, so Σ (y − ȳ)² = Σ y² − (Σ y)²/n may be formed at the end.
 * Source: Ogita, Rump, Oishi (2005), "Accurate sum and dot product", SIAM J. Sci. Comput. 26(6), algorithms 3.1, 3.3 and 5.3.
 */
export class DoubleSums {
  hi: Float64Array
  lo: Float64Array

  constructor(count: number) {
    this.hi = new Float64Array(count)
    this.lo = new Float64Array(count)
  }

  /** Makes room for `count` sums, keeping those there are. */
  reserve(count: number): void {
    if (count <= this.hi.length) return
    const size = Math.max(count, 2 * this.hi.length)
    const { hi, lo } = this
    this.hi = new Float64Array(size)
    this.lo = new Float64Array(size)
    this.hi.set(hi)
    this.lo.set(lo)
  }

  /** sums[at] += x */
  add(at: number, x: number): void {
    const a = this.hi[at]!
    const s = a + x
    const b = s - a
    this.hi[at] = s
    this.lo[at]! += a - (s - b) + (x - b)
  }

  /** sums[at] += x·y, the product taken exactly. |x|, |y| < 2⁹⁹⁶ */
  addProduct(at: number, x: number, y: number): void {
    const p = x * y
    const cx = 134217729 * x // 2²⁷ + 1: splits 53 bits into 26 and 26 (Dekker 1971)
    const xh = cx - (cx - x)
    const xl = x - xh
    const cy = 134217729 * y
    const yh = cy - (cy - y)
    const yl = y - yh
    const a = this.hi[at]!
    const s = a + p
    const b = s - a
    this.hi[at] = s
    this.lo[at]! += a - (s - b) + (p - b) + (xl * yl - (p - xh * yh - xl * yh - xh * yl))
  }

  /** Adds the sums of another part of the rows, place by place. */
  merge(other: DoubleSums): void {
    for (let i = 0; i < other.hi.length; i++) {
      this.add(i, other.hi[i]!)
      this.lo[i]! += other.lo[i]!
    }
  }

  value(at: number): number {
    return this.hi[at]! + this.lo[at]!
  }

  /** Σxy − Σx Σy / n, without losing digits to the subtraction. */
  centered(xy: number, x: number, y: number, n: number): number {
    const out = new DoubleSums(1)
    out.add(0, this.hi[xy]!)
    out.lo[0]! += this.lo[xy]!
    // Σx/n is rounded, so take the exact remainder along: (hi + lo)(x) times the two parts of −Σy/n.
    const mean = (this.hi[y]! + this.lo[y]!) / n
    const rest = new DoubleSums(1)
    rest.add(0, this.hi[y]!)
    rest.addProduct(0, -mean, n)
    const tail = (rest.value(0) + this.lo[y]!) / n
    out.addProduct(0, -this.hi[x]!, mean)
    out.addProduct(0, -this.lo[x]!, mean)
    out.addProduct(0, -this.hi[x]!, tail)
    return out.value(0)
  }
}

/** Σ values, to the last digit or nearly: the error does not grow with n. */
export function sum(values: ArrayLike<number>): number {
  const total = new DoubleSums(1)
  for (let i = 0; i < values.length; i++) total.add(0, values[i]!)
  return total.value(0)
}
