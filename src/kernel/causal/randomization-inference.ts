import { type Generator, sum } from '#kernel/numeric'
import type { Columns } from './columns.ts'
import { finiteColumn, readTwoArms, type TwoArmDesign, type TwoArms } from './design.ts'
import type { Estimate } from './estimate.ts'
import { fault } from './faults.ts'
import { plainRow } from './row.ts'

export interface RandomizationInference extends TwoArms {
  readonly outcome: string
  /**
   * `studentized` (default): the block-weighted difference over its error. `difference`: the plain difference in means of all rows.
   * The first also tests the null of no average effect, asymptotically; the second only that nobody was affected.
   */
  readonly statistic?: 'studentized' | 'difference'
  /** Draws where the assignments are too many to list; 10,000 give a p of 0.05 a Monte Carlo error of 0.002. */
  readonly draws: number
  readonly random: Generator
  /** Most assignments that are listed one by one. */
  readonly exhaustive?: number
}

export interface RandomizationTest {
  /** The row; its p-value is two-sided, and among its options are the method, the draws and the Monte Carlo error. */
  readonly estimate: Estimate
  readonly method: 'exact (hypergeometric)' | 'exhaustive' | 'monte carlo'
  /** P(statistic >= observed) and P(statistic <= observed) under the draw. */
  readonly pGreater: number
  readonly pLess: number
  /** Assignments listed, or drawn. */
  readonly assignments: number
  /** How many of the drawn statistics are as far from zero as the observed; null where the p-value is exact. */
  readonly reached: number | null
  /** Standard deviation of the statistic under the draw. */
  readonly permSd: number
}

/** 1e-9 of the statistic: sums in another order differ by rounding, and values that are equal must count as equal. */
const tie = 1e-9
const mostListed = 200_000
/** Multiplications spent on the exact distribution of a 0/1 outcome over blocks before draws are cheaper. */
const mostProducts = 1e8

/**
 * The p-value of the hypothesis that the treatment changed nobody's outcome, from the draw alone: how often would the arms drawn anew, in
 * the same way, give a statistic as far from zero as the one seen?
 *
 *   p = P(|T(Z*)| >= |T(Z)|),  Z* uniform over the assignments with the same number treated in each block, whole clusters together
 *   T = d  or  T = d / se with d and se as in `multipleTesting` (Neyman's error; cluster totals with clusters)
 *
 * Exact where the assignments can be listed (up to `exhaustive`), and for outcomes of two values by the hypergeometric distribution of the
 * number of successes among the treated (convolved over blocks). Else by `draws` random assignments,
 * p = (1 + reached) / (1 + draws), which is valid for any number of draws, with Monte Carlo error √(p (1 − p) / draws).
 *
 * Assumes the draw was as stated: complete randomization of rows, or of clusters, inside blocks.
 *
 * @throws Fault 'causal.arm_too_small' when a studentized arm (of a block) has fewer than two units; 'causal.constant_column' when the outcome
 *   does not vary; those of a design
 * Source: Fisher (1935); Wu, Ding (2021), JASA 116 (why studentized); Phipson, Smyth (2010) for (1 + reached)/(1 + draws).
 * Pinned by the `randomization_inference` rows of shared/data/reference; drawn ones within Monte Carlo error.
 */
export function randomizationInference(data: Columns, spec: RandomizationInference): RandomizationTest {
  const statistic = spec.statistic ?? 'studentized'
  const design = readTwoArms(data, spec)
  const outcome = finiteColumn(data, spec.outcome, design.n)
  if (outcome.every((y) => y === outcome[0])) throw fault.constant_column({ column: spec.outcome })
  const units = unitsOf(outcome, design, statistic)
  const observed = joined(units.map((block) => block.observed), statistic, units)
  const test = exact(units, statistic, observed, spec.exhaustive ?? mostListed, outcome, design) ?? drawn(units, statistic, observed, spec.draws, spec.random)
  const p = test.pTwoSided
  const parts = [design.cluster === undefined ? 'complete' : 'complete over clusters', ...(spec.blocks === undefined ? [] : ['within blocks'])]
  const error = statistic === 'studentized' ? Math.sqrt(units.reduce((total, block) => total + block.observed[1], 0)) : null
  const { pTwoSided: _, ...rest } = test
  return Object.freeze({
    estimate: plainRow({
      estimator: 'randomization_inference',
      options: {
        statistic: statistic === 'difference' ? '|difference in means|' : '|t|, Neyman error',
        assignment: parts.join(' '),
        method: test.method,
        ...(test.method === 'monte carlo' ? { draws: test.assignments, seed: spec.random.path.join('/'), p_is: '(1 + reached) / (1 + draws)', mc_std_error: Math.sqrt((p * (1 - p)) / test.assignments) } : {}),
      },
      formula: `${spec.outcome} ~ ${spec.treatment}`,
      term: design.term,
      estimate: error === null ? observed : observed * error,
      std_error: error,
      statistic: error === null ? null : observed,
      p_value: p,
      n: design.n,
    }),
    ...rest,
  })
}

type Test = Omit<RandomizationTest, 'estimate'> & { readonly pTwoSided: number }

/**
 * What one block adds to the statistic, for a given choice of treated units: two numbers that are summed over blocks. Studentized: weighted
 * difference and its weighted variance. Difference: total and number of rows of the treated.
 */
type Part = readonly [number, number]

interface BlockUnits {
  readonly count: number
  readonly treated: number
  /** Rows and total of each unit; outcomes are taken about their mean, which no statistic notices. */
  readonly size: Float64Array
  readonly total: Float64Array
  readonly weight: number
  readonly rows: number
  readonly sum: number
  readonly part: (chosen: Int32Array) => Part
  readonly observed: Part
}

function unitsOf(outcome: Float64Array, { n, arm, block, blockCount, cluster, clusterCount }: TwoArmDesign, statistic: 'studentized' | 'difference'): readonly BlockUnits[] {
  const unitCount = cluster === undefined ? n : clusterCount
  const size = new Float64Array(unitCount)
  const total = new Float64Array(unitCount)
  const unitBlock = new Int32Array(unitCount)
  const unitArm = new Uint8Array(unitCount)
  const center = sum(outcome) / n
  for (let i = 0; i < n; i++) {
    const u = cluster === undefined ? i : cluster[i]!
    size[u]! += 1
    total[u]! += outcome[i]! - center
    unitBlock[u] = block[i]!
    unitArm[u] = arm[i]!
  }
  const members: number[][] = Array.from({ length: blockCount }, () => [])
  for (let u = 0; u < unitCount; u++) members[unitBlock[u]!]!.push(u)
  return members.map((list) => {
    const sizes = Float64Array.from(list, (u) => size[u]!)
    const totals = Float64Array.from(list, (u) => total[u]!)
    const treatedUnits = Int32Array.from(list.keys()).filter((at) => unitArm[list[at]!] === 1)
    const rows = sum(sizes)
    const count = list.length
    const treated = treatedUnits.length
    for (const [a, units] of [[0, count - treated], [1, treated]] as const) if (statistic === 'studentized' && units < 2) throw fault.arm_too_small({ arm: a, units, needed: 2 })
    const part = statistic === 'difference' ? differencePart(sizes, totals) : studentizedPart(sizes, totals, rows / n)
    return { count, treated, size: sizes, total: totals, weight: rows / n, rows, sum: sum(totals), part, observed: part(treatedUnits) }
  })
}

function differencePart(size: Float64Array, total: Float64Array): (chosen: Int32Array) => Part {
  return (chosen) => {
    let s = 0
    let t = 0
    for (let c = 0; c < chosen.length; c++) {
      s += size[chosen[c]!]!
      t += total[chosen[c]!]!
    }
    return [t, s]
  }
}

function studentizedPart(size: Float64Array, total: Float64Array, weight: number): (chosen: Int32Array) => Part {
  const count = size.length
  let s = 0
  let t = 0
  let tt = 0
  let ts = 0
  let ss = 0
  for (let u = 0; u < count; u++) {
    s += size[u]!
    t += total[u]!
    tt += total[u]! * total[u]!
    ts += total[u]! * size[u]!
    ss += size[u]! * size[u]!
  }
  /** Σ_g (T_g − n_g mean)² · G/(G − 1) / rows²: the variance of an arm's mean. */
  const variance = (units: number, rows: number, mean: number, a: number, b: number, c: number): number => (units / (units - 1)) * Math.max(0, a - 2 * mean * b + mean * mean * c) / (rows * rows)
  return (chosen) => {
    let s1 = 0
    let t1 = 0
    let tt1 = 0
    let ts1 = 0
    let ss1 = 0
    for (let c = 0; c < chosen.length; c++) {
      const n = size[chosen[c]!]!
      const y = total[chosen[c]!]!
      s1 += n
      t1 += y
      tt1 += y * y
      ts1 += y * n
      ss1 += n * n
    }
    const m1 = t1 / s1
    const m0 = (t - t1) / (s - s1)
    const v = variance(chosen.length, s1, m1, tt1, ts1, ss1) + variance(count - chosen.length, s - s1, m0, tt - tt1, ts - ts1, ss - ss1)
    return [weight * (m1 - m0), weight * weight * v]
  }
}

/** The statistic of the blocks' parts. No spread at all: zero for no difference, infinite for any. */
function joined(parts: readonly Part[], statistic: 'studentized' | 'difference', blocks: readonly BlockUnits[]): number {
  let a = 0
  let b = 0
  for (const part of parts) {
    a += part[0]
    b += part[1]
  }
  return finish(a, b, statistic, totalsOf(blocks))
}

interface Totals {
  readonly rows: number
  readonly sum: number
}

function totalsOf(blocks: readonly BlockUnits[]): Totals {
  return { rows: blocks.reduce((total, block) => total + block.rows, 0), sum: blocks.reduce((total, block) => total + block.sum, 0) }
}

function finish(a: number, b: number, statistic: 'studentized' | 'difference', all: Totals): number {
  if (statistic === 'difference') return a / b - (all.sum - a) / (all.rows - b)
  // Rounding leaves about 1e-16 of squares that cancel; below that the variance is none.
  if (b > 0) return a / Math.sqrt(b)
  return Math.abs(a) < 1e-300 ? 0 : a * Number.POSITIVE_INFINITY
}

/** Adds up how much of the distribution is as far out as the observed statistic. */
class Tally {
  twoSided = 0
  greater = 0
  less = 0
  weight = 0
  mean = 0
  square = 0
  readonly observed: number
  readonly slack: number

  constructor(observed: number) {
    this.observed = observed
    this.slack = Number.isFinite(observed) ? tie * Math.abs(observed) : 0
  }

  add(value: number, weight: number): void {
    if (Math.abs(value) >= Math.abs(this.observed) - this.slack) this.twoSided += weight
    if (value >= this.observed - this.slack) this.greater += weight
    if (value <= this.observed + this.slack) this.less += weight
    this.weight += weight
    if (!Number.isFinite(value) || weight === 0) return
    const step = value - this.mean
    this.mean += (step * weight) / this.weight
    this.square += weight * step * (value - this.mean)
  }

  get sd(): number {
    return Math.sqrt(this.square / this.weight)
  }
}

/** The exact distribution, or null where it is too long to write down. */
function exact(
  blocks: readonly BlockUnits[],
  statistic: 'studentized' | 'difference',
  observed: number,
  exhaustive: number,
  outcome: Float64Array,
  { cluster }: TwoArmDesign,
): Test | null {
  const all = totalsOf(blocks)
  const tally = new Tally(observed)
  const done = (method: Test['method'], assignments: number): Test => ({
    method,
    pTwoSided: Math.min(1, tally.twoSided / tally.weight),
    pGreater: Math.min(1, tally.greater / tally.weight),
    pLess: Math.min(1, tally.less / tally.weight),
    assignments,
    reached: null,
    permSd: tally.sd,
  })
  const low = outcome.reduce((a, b) => Math.min(a, b))
  const high = outcome.reduce((a, b) => Math.max(a, b))
  const binary = cluster === undefined && outcome.every((y) => y === low || y === high)

  if (binary && statistic === 'difference') {
    const lengths = blocks.map((block) => Math.min(block.treated, block.count - block.treated) + 1)
    let products = 0
    let length = 1
    for (const l of lengths) {
      products += length * l
      length += l - 1
    }
    if (products <= mostProducts) {
      let distribution: Float64Array = Float64Array.of(1)
      let offset = 0
      let treated = 0
      for (const block of blocks) {
        const { from, weights } = hypergeometric(block.count, successes(block), block.treated)
        distribution = convolve(distribution, weights)
        offset += from
        treated += block.treated
      }
      const least = low - sum(outcome) / outcome.length
      for (let k = 0; k < distribution.length; k++) tally.add(finish(treated * least + (offset + k) * (high - low), treated, statistic, all), distribution[k]!)
      return done('exact (hypergeometric)', distribution.length)
    }
  }

  // Per block a list of parts with their weights: by the number of successes for two values, else one for every choice of units.
  const count = blocks.reduce((total, block) => total * (binary ? Math.min(block.treated, block.count - block.treated) + 1 : choose(block.count, block.treated)), 1)
  if (!(count <= exhaustive)) return null
  const lists = blocks.map((block) => (binary ? bySuccesses(block) : byChoice(block)))
  const walk = (b: number, a: number, v: number, weight: number): void => {
    if (b === lists.length) {
      tally.add(finish(a, v, statistic, all), weight)
      return
    }
    for (const [part, w] of lists[b]!) walk(b + 1, a + part[0], v + part[1], weight * w)
  }
  walk(0, 0, 0, 1)
  return done(binary ? 'exact (hypergeometric)' : 'exhaustive', count)
}

function drawn(blocks: readonly BlockUnits[], statistic: 'studentized' | 'difference', observed: number, draws: number, random: Generator): Test {
  if (!Number.isSafeInteger(draws) || draws < 1) throw new TypeError(`${draws} is not a number of draws.`)
  const all = totalsOf(blocks)
  const tally = new Tally(observed)
  // The rarer arm is drawn; the units drawn come first, by as many steps of Fisher and Yates.
  const orders = blocks.map((block) => Int32Array.from({ length: block.count }, (_, u) => u))
  for (let d = 0; d < draws; d++) {
    let a = 0
    let b = 0
    for (const [j, block] of blocks.entries()) {
      const order = orders[j]!
      const rarer = Math.min(block.treated, block.count - block.treated)
      for (let i = 0; i < rarer; i++) {
        const other = i + random.below(block.count - i)
        const kept = order[i]!
        order[i] = order[other]!
        order[other] = kept
      }
      const part = block.part(order.subarray(0, rarer))
      // Both parts are of the rarer arm; turned round where that is the control arm.
      if (rarer === block.treated) {
        a += part[0]
        b += part[1]
      } else if (statistic === 'difference') {
        a += block.sum - part[0]
        b += block.rows - part[1]
      } else {
        a -= part[0]
        b += part[1]
      }
    }
    tally.add(finish(a, b, statistic, all), 1)
  }
  return {
    method: 'monte carlo',
    pTwoSided: (1 + tally.twoSided) / (1 + draws),
    pGreater: (1 + tally.greater) / (1 + draws),
    pLess: (1 + tally.less) / (1 + draws),
    assignments: draws,
    reached: tally.twoSided,
    permSd: tally.sd,
  }
}

function successes(block: BlockUnits): number {
  return block.total.filter((t) => t > 0).length
}

/** One part for every number of successes that the treated can have, with its hypergeometric probability. */
function bySuccesses(block: BlockUnits): readonly (readonly [Part, number])[] {
  const units = Int32Array.from(block.total.keys()).sort((a, b) => block.total[b]! - block.total[a]!)
  const good = successes(block)
  const { from, weights } = hypergeometric(block.count, good, block.treated)
  return Array.from(weights, (weight, at) => {
    const k = from + at
    const chosen = Int32Array.from([...units.subarray(0, k), ...units.subarray(good, good + block.treated - k)])
    return [block.part(chosen), weight] as const
  })
}

/** One part for every choice of treated units, in the order of their places. */
function byChoice(block: BlockUnits): readonly (readonly [Part, number])[] {
  const { count, treated } = block
  const chosen = Int32Array.from({ length: treated }, (_, i) => i)
  const out: (readonly [Part, number])[] = []
  for (;;) {
    out.push([block.part(chosen), 1])
    let i = treated - 1
    while (i >= 0 && chosen[i] === count - treated + i) i--
    if (i < 0) return out
    chosen[i]! += 1
    for (let j = i + 1; j < treated; j++) chosen[j] = chosen[j - 1]! + 1
  }
}

/** C(n, k) as a double; infinite where it leaves the range. */
function choose(n: number, k: number): number {
  let out = 1
  for (let i = 1; i <= Math.min(k, n - k); i++) out *= (n - Math.min(k, n - k) + i) / i
  return Math.round(out)
}

/**
 * P(k successes among m drawn of n, g of them good) for every possible k. Ratios of neighbours are followed outwards from the mode,
 * so each value keeps its digits down to the smallest double, and the whole is divided by its sum.
 */
function hypergeometric(n: number, good: number, m: number): { from: number; weights: Float64Array } {
  const from = Math.max(0, m + good - n)
  const to = Math.min(m, good)
  const weights = new Float64Array(to - from + 1)
  const mode = Math.min(to, Math.max(from, Math.floor(((m + 1) * (good + 1)) / (n + 2))))
  weights[mode - from] = 1
  for (let k = mode; k < to; k++) weights[k + 1 - from] = (weights[k - from]! * (good - k) * (m - k)) / ((k + 1) * (n - good - m + k + 1))
  for (let k = mode; k > from; k--) weights[k - 1 - from] = (weights[k - from]! * k * (n - good - m + k)) / ((good - k + 1) * (m - k + 1))
  const whole = sum(weights)
  return { from, weights: weights.map((w) => w / whole) }
}

function convolve(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length - 1)
  for (let i = 0; i < a.length; i++) {
    if (a[i] === 0) continue
    for (let j = 0; j < b.length; j++) out[i + j]! += a[i]! * b[j]!
  }
  return out
}
