/**
 * ln Γ(x) for x > 0: Stirling's series beyond 12, the recurrence Γ(x) = Γ(x + m) / (x ... (x + m − 1)) below.
 * Eight terms of the series leave less than 1e-17 at 12.
 * Source: Abramowitz, Stegun (1964), 6.1.40 and 6.1.15. Pinned by factorials and half-integers in gamma.test.ts, relative 1e-14.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new TypeError(`ln Γ is taken of numbers above zero, not of ${x}.`)
  let product = 1
  while (x < 12) {
    product *= x
    x += 1
  }
  const r = 1 / (x * x)
  const series = (1 / 12 + r * (-1 / 360 + r * (1 / 1260 + r * (-1 / 1680 + r * (1 / 1188 + r * (-691 / 360360 + r * (1 / 156 - (r * 3617) / 122400))))))) / x
  return (x - 0.5) * Math.log(x) - x + 0.9189385332046727 + series - Math.log(product)
}
