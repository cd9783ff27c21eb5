import type { Growth } from './growth.ts'

/**
 * A number rounded to a grid of powers of two, so coarse that sums of up to 2¹⁷ of them are exact in double precision. Exact sums do not depend on their
 * order, hence not on which thread grew which tree.
 *
 *   (x + c) − c  with c = 1.5 · 2⁵² · step rounds x to a multiple of step, ties to even
 *
 * The step is 2⁻³⁵ of the largest value of a moment: some 3 · 10⁻¹¹, far below what a leaf's mean knows.
 */
export interface Grid {
  /** The constant c of each moment. */
  readonly moment: Float64Array
  /** The constant c of each product of two moments, pair (a, b) with a <= b. */
  readonly product: Float64Array
}

const bits = 35

export function grid(growth: Growth): Grid {
  const scales = momentScales(growth)
  const { ciGroupSize } = growth.growing
  const moment = Float64Array.from(scales, (scale) => 1.5 * 2 ** (52 - bits) * scale)
  const product: number[] = []
  for (let a = 0; a < scales.length; a++) for (let b = a; b < scales.length; b++) product.push(1.5 * 2 ** (52 - bits) * scales[a]! * scales[b]! * ciGroupSize * ciGroupSize)
  return { moment, product: Float64Array.from(product.map(upToPower)) }
}

/** For each moment the power of two at or above its largest absolute value. */
function momentScales({ target, weights }: Growth): readonly number[] {
  const heaviest = weights === undefined ? 1 : largest(weights)
  const of = (...factors: readonly number[]): number => upToPower(factors.reduce((product, one) => product * one, heaviest))
  const own = (): readonly number[] => {
    switch (target.kind) {
      case 'response':
        return [of(largest(target.y))]
      case 'classes':
        return Array.from({ length: target.count }, () => of(1))
      case 'effect': {
        const [y, w] = [largest(target.y), largest(target.w)]
        return [of(y), of(w), of(w, y), of(w, w)]
      }
      case 'instrument': {
        const [y, w, z] = [largest(target.y), largest(target.w), largest(target.z)]
        return [of(y), of(w), of(z), of(z, y), of(z, w)]
      }
    }
  }
  return [...own(), ...(weights === undefined ? [] : [of(1)])]
}

const upToPower = (x: number): number => (x > 0 ? 2 ** Math.ceil(Math.log2(x)) : 1)

function largest(values: Float64Array): number {
  let most = 0
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!))
  return most
}
