/** Quantile of sorted values, R's type 7 (Hyndman, Fan 1996): linear between the order statistics around 1 + (m − 1) p. */
export function quantile7(sorted: Float64Array, p: number): number {
  const h = (sorted.length - 1) * p
  // R adds four rounding units before it takes the floor, so that a whole h stays whole.
  const floor = Math.floor(h + 4 * Number.EPSILON)
  const rest = h - floor
  const below = sorted[floor]!
  return rest <= 4 * Number.EPSILON || floor + 1 >= sorted.length ? below : below + rest * (sorted[floor + 1]! - below)
}
