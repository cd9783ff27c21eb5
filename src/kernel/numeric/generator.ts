import { createHash } from 'node:crypto'

/**
 * A seeded stream of pseudo-random numbers with a name: same seed and name, same bytes, on every machine.
 *
 *   word      xoshiro128++ (Blackman, Vigna 2021, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), section 5),
 *             period 2¹²⁸ − 1, 32-bit integer arithmetic only
 *   state     the first 128 bits of SHA-256 over the JSON text of ["laurel stream v1", seed, name, name, ...]
 *   uniform   (27 bits · 2²⁶ + 26 bits) / 2⁵³, so [0, 1) in steps of 2⁻⁵³
 *   normal    Marsaglia's polar method (Marsaglia, Bray 1964), both values of a pair used
 *   below     the remainder modulo n; words of the last incomplete run of n are thrown away, so no value is favoured
 *
 * `split` makes a child from the name alone and never from the position of its parent: what one part draws cannot shift another.
 * Not for secrets: a state can be worked out from a few outputs.
 *
 * Pinned by the reference outputs of the authors' C code in generator.test.ts.
 */
export class Generator {
  readonly path: readonly string[]
  readonly #s: Int32Array
  #spare = Number.NaN

  /** `path` names the stream (seed first); `state` is four 32-bit words, not all zero. Use `generator(seed, ...names)`. */
  constructor(path: readonly string[], state: Int32Array) {
    if (state.length !== 4 || (state[0]! | state[1]! | state[2]! | state[3]!) === 0) throw new TypeError('A generator needs four words of state that are not all zero.')
    this.path = path
    this.#s = state
  }

  /** 32 random bits as an integer in [0, 2³²). */
  word(): number {
    const s = this.#s
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

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.word() >>> 5
    return (high * 67108864 + (this.word() >>> 6)) / 9007199254740992
  }

  /** A draw from the standard normal distribution. */
  normal(): number {
    const spare = this.#spare
    if (!Number.isNaN(spare)) {
      this.#spare = Number.NaN
      return spare
    }
    for (;;) {
      const u = 2 * this.uniform() - 1
      const v = 2 * this.uniform() - 1
      const r = u * u + v * v
      if (r >= 1 || r === 0) continue
      const scale = Math.sqrt((-2 * Math.log(r)) / r)
      this.#spare = v * scale
      return u * scale
    }
  }

  /** A draw from the standard exponential distribution, by inversion. */
  exponential(): number {
    return -Math.log1p(-this.uniform())
  }

  /** An integer in [0, n), every value equally likely. n from 1 to 2⁵³. */
  below(n: number): number {
    if (!(Number.isSafeInteger(n) || n === 9007199254740992) || n < 1) throw new TypeError(`below(n) needs a whole number from 1 to 2^53, not ${n}.`)
    if (n <= 4294967296) {
      for (;;) {
        const word = this.word()
        const rest = word % n
        if (word - rest + n <= 4294967296) return rest
      }
    }
    for (;;) {
      const word = (this.word() >>> 5) * 67108864 + (this.word() >>> 6)
      const rest = word % n
      // Start of the run must lie within 2⁵³ − n; said this way round because start + n need not be a safe integer.
      if (word - rest <= 9007199254740992 - n) return rest
    }
  }

  /** Puts the values into a random order, in place (Fisher-Yates); every order equally likely. Returns what it was given. */
  shuffle<T extends { readonly length: number; [index: number]: unknown }>(values: T): T {
    const list: { [index: number]: unknown } = values
    for (let last = values.length - 1; last > 0; last--) {
      const other = this.below(last + 1)
      const kept = list[last]
      list[last] = list[other]
      list[other] = kept
    }
    return values
  }

  /** The child stream of that name. Depends on the seed and the names only, not on what has been drawn. */
  split(name: string | number): Generator {
    return stream([...this.path, String(name)])
  }
}

/**
 * The stream of that seed and, if given, of that name within it.
 *
 * @param seed   a whole number or a text; 1 and '1' are the same seed
 * @param names  path of the stream: generator(1, 'forest', 'tree 7') is generator(1).split('forest').split('tree 7')
 */
export function generator(seed: number | string, ...names: readonly (string | number)[]): Generator {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) throw new TypeError(`A seed is a whole number or a text, not ${seed}.`)
  return stream([String(seed), ...names.map(String)])
}

function stream(path: readonly string[]): Generator {
  const digest = createHash('sha256').update(JSON.stringify(['laurel stream v1', ...path])).digest()
  const state = new Int32Array(4)
  for (let i = 0; i < 4; i++) state[i] = digest.readInt32LE(4 * i)
  return new Generator(Object.freeze(path), state)
}
