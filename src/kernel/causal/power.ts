import { type Generator, logGamma, normalLower, normalQuantile, studentLower, studentQuantile, studentUpper } from '#kernel/numeric'
import { fault } from './faults.ts'

/**
 * Planning: how many people a study needs, what it can see, and how likely it is to see it. Three questions of one relation each:
 * `...Power`, `...SampleSize` (per arm, not rounded: round up) and `...Detectable` (the smallest effect above zero).
 */

interface Test {
  /** Two-sided level. */
  readonly alpha?: number
  readonly power?: number
}

export interface BinaryPlan extends Test {
  /** Share with the outcome in the control arm and in the treated arm. */
  readonly control: number
  readonly treated: number
  readonly perArm: number
  /** Variance under the null: of the pooled share (the usual z test, default), or each arm's own as in a linear estimate. */
  readonly variance?: 'pooled' | 'unpooled'
}

/**
 * Power of comparing two shares.
 *
 *   Φ( (√n |p_1 − p_0| − z_{1−α/2} √(2 p̄ q̄)) / √(p_1 q_1 + p_0 q_0) ),  p̄ = (p_1 + p_0)/2;  unpooled: p_1 q_1 + p_0 q_0 in both places
 *
 * The other tail is left out, as usual.
 * @throws Fault 'causal.plan_refused' for shares outside 0 to 1, sizes or levels that are none
 * Source: Fleiss, Levin, Paik (2003), section 4.2. Pinned by the `power.prop.test` and `unpooled` rows of shared/data/reference/power.json.
 */
export function binaryPower({ control, treated, perArm, alpha = 0.05, variance = 'pooled' }: Omit<BinaryPlan, 'power'>): number {
  checkShares(control, treated)
  checkSize(perArm)
  const own = control * (1 - control) + treated * (1 - treated)
  const under = variance === 'pooled' ? pooledVariance(control, treated) : own
  return normalLower((Math.sqrt(perArm) * Math.abs(treated - control) - upper(alpha) * Math.sqrt(under)) / Math.sqrt(own))
}

/**
 * People per arm to find a difference of two shares.
 *
 *   n = ((z_{1−α/2} √(2 p̄ q̄) + z_{power} √(p_1 q_1 + p_0 q_0)) / (p_1 − p_0))²
 *
 * Source and pins as `binaryPower`.
 */
export function binarySampleSize({ control, treated, power = 0.8, alpha = 0.05, variance = 'pooled' }: Omit<BinaryPlan, 'perArm'>): number {
  checkShares(control, treated)
  if (control === treated) throw fault.plan_refused({ reason: 'there is no difference to find' })
  const own = control * (1 - control) + treated * (1 - treated)
  const under = variance === 'pooled' ? pooledVariance(control, treated) : own
  return ((upper(alpha) * Math.sqrt(under) + quantileOf(power) * Math.sqrt(own)) / (treated - control)) ** 2
}

/** The smallest share above that of the control arm that is found with the given power. Source and pins as `binaryPower`. */
export function binaryDetectable({ control, perArm, power = 0.8, ...rest }: Omit<BinaryPlan, 'treated'>): number {
  quantileOf(power)
  checkSize(perArm)
  const at = (treated: number): number => binaryPower({ control, treated, perArm, ...rest })
  const highest = 1 - 1e-12
  if (at(highest) < power) throw fault.plan_refused({ reason: `${perArm} people per arm cannot find any rise above ${control}` })
  return root((treated) => at(treated) - power, control, highest)
}

export interface MeanPlan extends Test {
  readonly difference: number
  /** Standard deviation within an arm. */
  readonly sd: number
  readonly perArm: number
  /** Count findings in the wrong direction too; matters only for tiny studies. */
  readonly strict?: boolean
}

/**
 * Power of the two-sample t test with equal arms.
 *
 *   P(T' > t_{1−α/2, ν}),  T' noncentral t with ν = 2n − 2 and λ = √(n/2) |difference| / sd;  strict: + P(T' < −t)
 *
 * @throws Fault 'causal.plan_refused' for a spread, size or level that is none
 * Assumes one spread in both arms, and means that are nearly normal.
 * Source: Cohen (1988), chapter 2. Pinned by the `power.t.test` rows of shared/data/reference/power.json.
 */
export function meanPower({ difference, sd, perArm, alpha = 0.05, strict = false }: Omit<MeanPlan, 'power'>): number {
  checkSize(perArm)
  if (!(perArm > 1) || !(sd > 0)) throw fault.plan_refused({ reason: 'a t test needs more than one person per arm and a spread above zero' })
  const df = 2 * perArm - 2
  const lambda = (Math.sqrt(perArm / 2) * Math.abs(difference)) / sd
  const critical = studentQuantile(1 - checkLevel(alpha) / 2, df)
  return noncentralUpper(critical, df, lambda) + (strict ? 1 - noncentralUpper(-critical, df, lambda) : 0)
}

/** People per arm to find a difference in means. Formula, source and pins as `meanPower`. */
export function meanSampleSize({ difference, sd, power = 0.8, ...rest }: Omit<MeanPlan, 'perArm'>): number {
  quantileOf(power)
  if (difference === 0) throw fault.plan_refused({ reason: 'there is no difference to find' })
  const at = (perArm: number): number => meanPower({ difference, sd, perArm, ...rest }) - power
  let high = 4
  while (at(high) < 0 && high < 1e15) high *= 2
  return root(at, 1 + 1e-6, high)
}

/** The smallest difference in means that is found with the given power. Formula, source and pins as `meanPower`. */
export function meanDetectable({ sd, perArm, power = 0.8, ...rest }: Omit<MeanPlan, 'difference'>): number {
  quantileOf(power)
  const at = (difference: number): number => meanPower({ difference, sd, perArm, ...rest }) - power
  let high = sd
  while (at(high) < 0 && high < 1e15 * sd) high *= 2
  return root(at, 0, high)
}

export interface DesignPlan extends Test {
  /** People in all arms together. */
  readonly n: number
  /** Smallest effect on the outcome to be found; on those who take up where `takeUp` is given. */
  readonly effect: number
  /** Variance of the outcome; p (1 − p) of a share. */
  readonly variance: number
  readonly shareTreated?: number
  /** Share of that variance which covariates and blocks explain: 1 − R² of it is left. */
  readonly r2?: number
  /** Clusters drawn whole: their mean size, the correlation within them, and how much their sizes vary (standard deviation over mean). */
  readonly clusters?: { readonly size: number; readonly icc: number; readonly sizeCv?: number }
  /** Difference between the arms in the share that takes up: the effect of taking up is the effect of assignment over it. */
  readonly takeUp?: number
  /** Blocks inside which arms are drawn; each costs a degree of freedom where `tails` is student. */
  readonly blocks?: number
  /** Quantiles of the normal (default), or of t with (clusters or people) − 2 − (blocks − 1) degrees of freedom: for few clusters. */
  readonly tails?: 'normal' | 'student'
}

/**
 * The smallest effect that a design finds with the given power.
 *
 *   MDE = (q_{1−α/2} + q_{power}) √( σ² (1 − R²) D / (n P (1 − P)) ) / take-up,   D = 1 + ((1 + cv²) m − 1) icc
 *
 * with normal or t quantiles q. The take-up form is the first-order error of the Wald ratio: no first-stage noise, so it flatters weak ones.
 * @throws Fault 'causal.plan_refused' for a plan that cannot be
 * Source: Bloom (1995), Evaluation Review 19; Duflo, Glennerster, Kremer (2007), sections 4.1-4.4; Eldridge, Ashby, Kerry (2006) for unequal
 * clusters. Pinned by the `MDE normal` rows of shared/data/reference/power.json.
 */
export function designDetectable(plan: Omit<DesignPlan, 'effect'>): number {
  const { multiplier, error } = scale(plan)
  return multiplier(plan.power ?? 0.8) * error(plan.n)
}

/**
 * Power of a design for a given effect: Φ(|effect| / se − z_{1−α/2}), or t in place of Φ and z. Formula, source and pins as `designDetectable`.
 */
export function designPower(plan: Omit<DesignPlan, 'power'>): number {
  const { error, df } = scale(plan)
  const z = Math.abs(plan.effect) / error(plan.n)
  return df === Number.POSITIVE_INFINITY ? normalLower(z - upper(plan.alpha)) : studentLower(z - studentQuantile(1 - checkLevel(plan.alpha) / 2, df), df)
}

/** People in all arms together for a given effect and power. Formula, source and pins as `designDetectable`. */
export function designSampleSize(plan: Omit<DesignPlan, 'n'>): number {
  if (plan.effect === 0) throw fault.plan_refused({ reason: 'there is no effect to find' })
  const power = plan.power ?? 0.8
  quantileOf(power)
  if ((plan.tails ?? 'normal') === 'normal') {
    const { multiplier, error } = scale({ ...plan, n: 1 })
    return ((multiplier(power) * error(1)) / Math.abs(plan.effect)) ** 2
  }
  const size = plan.clusters?.size ?? 1
  const least = size * (2 + (plan.blocks ?? 1) + 0.01)
  const at = (n: number): number => designPower({ ...plan, n }) - power
  let high = 2 * least
  while (at(high) < 0 && high < 1e15) high *= 2
  return root(at, least, high)
}

interface Scale {
  readonly multiplier: (power: number) => number
  readonly error: (n: number) => number
  readonly df: number
}

function scale({ n, variance, shareTreated = 0.5, r2 = 0, clusters, takeUp = 1, blocks = 1, tails = 'normal', alpha = 0.05 }: Omit<DesignPlan, 'effect' | 'power'>): Scale {
  checkSize(n)
  const refuse = (reason: string): never => {
    throw fault.plan_refused({ reason })
  }
  if (!(variance > 0) || !Number.isFinite(variance)) refuse('the variance of the outcome is not above zero')
  if (!(shareTreated > 0 && shareTreated < 1)) refuse('the treated share is not between 0 and 1')
  if (!(r2 >= 0 && r2 < 1)) refuse('R² is not between 0 and 1')
  if (takeUp === 0 || !(Math.abs(takeUp) <= 1)) refuse('the difference in take-up is zero, or beyond 1')
  if (clusters !== undefined && !(clusters.size >= 1 && clusters.icc >= 0 && clusters.icc <= 1 && (clusters.sizeCv ?? 0) >= 0)) refuse('clusters have a size of at least one and a correlation between 0 and 1')
  const effect = clusters === undefined ? 1 : 1 + ((1 + (clusters.sizeCv ?? 0) ** 2) * clusters.size - 1) * clusters.icc
  const df = tails === 'normal' ? Number.POSITIVE_INFINITY : n / (clusters?.size ?? 1) - 1 - blocks
  if (!(df > 0)) refuse('there are too few clusters or people for the blocks')
  return {
    multiplier: (power) => {
      quantileOf(power)
      return df === Number.POSITIVE_INFINITY ? upper(alpha) + normalQuantile(power) : studentQuantile(1 - checkLevel(alpha) / 2, df) + studentQuantile(power, df)
    },
    error: (people) => Math.sqrt((variance * (1 - r2) * effect) / (people * shareTreated * (1 - shareTreated))) / Math.abs(takeUp),
    df,
  }
}

export interface SimulatedPower {
  /** Share of the simulated studies whose p-value was at most alpha. */
  readonly power: number
  readonly mcStdError: number
  readonly draws: number
}

/**
 * Power by simulation, for any design and estimator: the share of simulated studies that find something. Study d draws from its own stream
 * `random.split(d)`, so the result does not depend on how many are run at once.
 *
 *   power = #{p <= α} / draws,  Monte Carlo error √(power (1 − power) / draws)
 *
 * @param study  makes one study's data from the stream, analyses it, and returns its p-value
 * @throws Fault 'causal.p_value_refused' when a study returns something else
 * Source: the definition of power; Monte Carlo error of a share.
 * Pinned by the closed forms of the t test in power.test.ts, within Monte Carlo error.
 */
export function simulatedPower(study: (random: Generator, draw: number) => number, { draws, random, alpha = 0.05 }: { readonly draws: number; readonly random: Generator; readonly alpha?: number }): SimulatedPower {
  if (!Number.isSafeInteger(draws) || draws < 1) throw new TypeError(`${draws} is not a number of draws.`)
  checkLevel(alpha)
  let found = 0
  for (let d = 0; d < draws; d++) {
    const p = study(random.split(d), d)
    if (!(p >= 0 && p <= 1)) throw fault.p_value_refused({ place: d + 1, value: p })
    if (p <= alpha) found += 1
  }
  const power = found / draws
  return Object.freeze({ power, mcStdError: Math.sqrt((power * (1 - power)) / draws), draws })
}

/**
 * P(T' > t) for the noncentral t with λ >= 0, by the Poisson mixture of incomplete beta functions.
 *
 *   P(T' <= t) = Φ(−λ) + ½ Σ_j [p_j I_x(j + ½, ν/2) + q_j I_x(j + 1, ν/2)],  x = t² / (ν + t²),  t >= 0;   P(T'(λ) <= −t) = 1 − P(T'(−λ) <= t)
 *
 * I_x is stepped by its recurrence from I_x(½, ν/2) = P(|T| < t) and I_x(1, ν/2) = 1 − (1 − x)^{ν/2}; absolute error about 1e-13. For λ beyond 37
 * e^{−λ²/2} leaves the range and the normal approximation is taken, as in R.
 * Source: Lenth (1989), Algorithm AS 243, Applied Statistics 38.
 */
function noncentralUpper(t: number, df: number, lambda: number): number {
  if (t < 0) return noncentralLower(-t, df, -lambda)
  return 1 - noncentralLower(t, df, lambda)
}

function noncentralLower(t: number, df: number, lambda: number): number {
  if (Math.abs(lambda) > 37) {
    const s = 1 / (4 * df)
    return normalLower((t * (1 - s) - lambda) / Math.sqrt(1 + 2 * t * t * s))
  }
  const x = (t * t) / (df + t * t)
  const b = df / 2
  const half = (lambda * lambda) / 2
  let p = Math.exp(-half)
  let q = (lambda / Math.SQRT2) * Math.exp(-half - logGamma(1.5))
  let odd = t === 0 ? 0 : studentLower(t, df) - studentUpper(t, df)
  let even = -Math.expm1(b * Math.log1p(-x))
  // Γ(a + b) / (Γ(a + 1) Γ(b)) x^a (1 − x)^b at a = ½ and a = 1: what I_x loses when a rises by one.
  let oddStep = t === 0 ? 0 : Math.exp(logGamma(b + 0.5) - logGamma(1.5) - logGamma(b) + 0.5 * Math.log(x) + b * Math.log1p(-x))
  let evenStep = b * x * Math.exp(b * Math.log1p(-x))
  let total = 0
  let left = 1
  for (let j = 0; j < 10_000; j++) {
    total += p * odd + q * even
    left -= p
    odd -= oddStep
    even -= evenStep
    oddStep *= (x * (b + j + 0.5)) / (j + 1.5)
    evenStep *= (x * (b + j + 1)) / (j + 2)
    // Terms fall once j is past λ²/2, and none that follows exceeds what is left of the weights times I_x.
    if (j > half && left * Math.max(odd, 0) < 1e-16) break
    p *= half / (j + 1)
    q *= half / (j + 1.5)
  }
  return Math.min(1, Math.max(0, total / 2 + normalLower(-lambda)))
}

/** Where a rising function meets zero, by bisection down to neighbouring doubles or 200 halvings. */
function root(f: (x: number) => number, low: number, high: number): number {
  for (let i = 0; i < 200; i++) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) break
    if (f(middle) < 0) low = middle
    else high = middle
  }
  return low + (high - low) / 2
}

const pooledVariance = (control: number, treated: number): number => (control + treated) * (1 - (control + treated) / 2)
const upper = (alpha = 0.05): number => normalQuantile(1 - checkLevel(alpha) / 2)

function checkLevel(alpha = 0.05): number {
  if (!(alpha > 0 && alpha < 1)) throw fault.plan_refused({ reason: `the level ${alpha} is not between 0 and 1` })
  return alpha
}

function quantileOf(power: number): number {
  if (!(power > 0 && power < 1)) throw fault.plan_refused({ reason: `the power ${power} is not between 0 and 1` })
  return normalQuantile(power)
}

function checkShares(control: number, treated: number): void {
  for (const share of [control, treated]) if (!(share >= 0 && share <= 1)) throw fault.plan_refused({ reason: `the share ${share} is not between 0 and 1` })
  if (control * (1 - control) + treated * (1 - treated) === 0) throw fault.plan_refused({ reason: 'neither share varies' })
}

function checkSize(n: number): void {
  if (!(n > 0) || !Number.isFinite(n)) throw fault.plan_refused({ reason: `${n} is not a number of people` })
}
