/**
 * The forest's own reading of the seeded stream of #kernel/numeric: the same generator, xoshiro128++, on a bare state of four words, because threads take
 * their state over from the main thread and the loops that draw want nothing but arithmetic.
 */

/** 32 random bits as an integer in [0, 2³²). */
export function word(s: Int32Array): number {
  const s0 = s[0]!
  const s1 = s[1]!
  const s3 = s[3]!
  const sum = (s0 + s3) | 0
  const out = (((sum << 7) | (sum >>> 25)) + s0) >>> 0
  const t2 = s[2]! ^ s0
  const t3 = s3 ^ s1
  s[1] = s1 ^ t2
  s[0] = s0 ^ t3
  s[2] = t2 ^ (s1 << 9)
  s[3] = (t3 << 11) | (t3 >>> 21)
  return out
}

/** An integer in [0, n), every value equally likely, n up to 2³¹: Lemire (2019), ACM TOMACS 29, algorithm 5, in doubles. */
export function below(s: Int32Array, n: number): number {
  let product = word(s) * n
  let high = Math.floor(product / 4294967296)
  let low = product - high * 4294967296
  if (low < n) {
    const least = 4294967296 % n
    while (low < least) {
      product = word(s) * n
      high = Math.floor(product / 4294967296)
      low = product - high * 4294967296
    }
  }
  return high
}

/** Brings `count` of the first `size` values to the front, every choice and order equally likely (Fisher-Yates, stopped early). */
export function drawToFront(s: Int32Array, values: Int32Array, size: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const j = i + below(s, size - i)
    const kept = values[i]!
    values[i] = values[j]!
    values[j] = kept
  }
}

/** Draws from the Poisson distribution by inversion of its distribution function, on a grid of 2⁻³². */
export interface Poisson {
  /** P(draw <= k) · 2³². */
  readonly upTo: Float64Array
  /** Where to begin the search, by the highest 8 bits of a word. */
  readonly start: Int32Array
}

export function poissonTable(mean: number): Poisson {
  const upTo: number[] = []
  let term = Math.exp(-mean)
  let sum = 0
  // Beyond mean + 12 √mean + 30 less than 2⁻³² is left.
  for (let k = 0; k <= mean + 12 * Math.sqrt(mean) + 30; k++) {
    sum += term
    upTo.push(Math.min(sum, 1) * 4294967296)
    term *= mean / (k + 1)
  }
  upTo.push(Infinity)
  const start = Int32Array.from({ length: 256 }, (_, high) => upTo.findIndex((limit) => limit > high * 16777216))
  return { upTo: Float64Array.from(upTo), start }
}

export function drawPoisson(s: Int32Array, { upTo, start }: Poisson): number {
  const bits = word(s)
  let k = start[bits >>> 24]!
  while (bits >= upTo[k]!) k++
  return k
}
