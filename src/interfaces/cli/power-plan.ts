/** A planned study: what was said about it, and the three answers: its power, the effect that it can see, the people that it needs. */
import { binaryDetectable, binaryPower, binarySampleSize, designDetectable, designPower, designSampleSize, type DesignPlan } from '#kernel/causal'
import { normalQuantile, normalUpper } from '#kernel/numeric'
import { isFault } from '#kernel/fault'
import { fault } from './analyze/faults.ts'
import { fault as cliFault } from './faults.ts'

export interface Plan {
  /** Share of the outcome without treatment, or the outcome's standard deviation. */
  readonly outcome: { readonly kind: 'share'; readonly control: number } | { readonly kind: 'mean'; readonly sd: number }
  readonly effect: number | undefined
  readonly n: number | undefined
  readonly power: number
  readonly alpha: number
  readonly treated: number
  readonly r2: number
  readonly clusters: { readonly size: number; readonly icc: number; readonly sizeCv: number } | undefined
  readonly blocks: number | undefined
  readonly takeUp: number | undefined
}

export interface Answers {
  /** Chance of seeing the effect with n people; null unless both are known. */
  readonly power: number | null
  /** Smallest effect that n people show with the wanted power. */
  readonly detectable: number | null
  /** People in both arms together for the effect, rounded up to whole people (and clusters). */
  readonly needed: number | null
  /** By how much an effect of this size is overstated, on average, when it comes out significant. */
  readonly exaggeration: number | null
  readonly warnings: readonly string[]
}

type Read = (name: string, wanted: string, within: (value: number) => boolean) => number | undefined

export function planFrom(read: Read): Plan {
  const between = (value: number): boolean => value > 0 && value < 1
  const above = (value: number): boolean => value > 0
  const control = read('share', 'a share between 0 and 1', between)
  const sd = read('sd', 'a number above zero', above)
  if (control === undefined && sd === undefined) throw fault.needs_option({ option: 'share', why: 'for a yes-or-no outcome (its share without treatment), or --sd for any other (its standard deviation)' })
  if (control !== undefined && sd !== undefined) throw fault.same_column({ column: 'the outcome', one: 'share', other: 'sd' })
  const effect = read('effect', 'an effect other than zero', (value) => value !== 0)
  const n = read('n', 'a whole number of people, 4 or more', (value) => Number.isInteger(value) && value >= 4)
  if (effect === undefined && n === undefined) throw fault.needs_option({ option: 'effect', why: '(what one hopes to see) or --n (the people there are), or both' })
  const size = read('cluster-size', 'a size of at least 1', (value) => value >= 1)
  const icc = read('icc', 'a correlation between 0 and 1', (value) => value >= 0 && value <= 1)
  if ((size === undefined) !== (icc === undefined)) throw fault.needs_option({ option: size === undefined ? 'cluster-size' : 'icc', why: `beside --${size === undefined ? 'icc' : 'cluster-size'}` })
  const takeUp = read('take-up', 'a difference between 0 and 1', (value) => value > 0 && value <= 1)
  if (control !== undefined && effect !== undefined && !between(control + effect * (takeUp ?? 1))) throw cliFault.bad_number({ option: 'effect', given: String(effect), wanted: `one that together with the share of ${control} stays between 0 and 1` })
  return {
    outcome: control === undefined ? { kind: 'mean', sd: sd! } : { kind: 'share', control },
    effect,
    n,
    power: read('power', 'a chance between 0 and 1', between) ?? 0.8,
    alpha: read('alpha', 'a level between 0 and 1', between) ?? 0.05,
    treated: read('treated', 'a share between 0 and 1', between) ?? 0.5,
    r2: read('r2', 'a share of at least 0 and below 1', (value) => value >= 0 && value < 1) ?? 0,
    clusters: size === undefined ? undefined : { size, icc: icc!, sizeCv: read('size-cv', 'a number of at least 0', (value) => value >= 0) ?? 0 },
    blocks: read('blocks', 'a whole number of at least 1', (value) => Number.isInteger(value) && value >= 1),
    takeUp,
  }
}

/** Two arms of one size and nothing more: the test of two shares has a formula of its own, which R's power.prop.test has too. */
const isPlainShares = (plan: Plan): boolean => plan.outcome.kind === 'share' && plan.treated === 0.5 && plan.r2 === 0 && plan.clusters === undefined && plan.blocks === undefined && plan.takeUp === undefined

function design(plan: Plan): Omit<DesignPlan, 'n' | 'effect'> {
  const { outcome, clusters, blocks, takeUp } = plan
  return {
    variance: outcome.kind === 'share' ? outcome.control * (1 - outcome.control) : outcome.sd ** 2,
    alpha: plan.alpha,
    power: plan.power,
    shareTreated: plan.treated,
    r2: plan.r2,
    ...(clusters === undefined ? {} : { clusters }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(takeUp === undefined ? {} : { takeUp }),
    // Few units make t wider than the normal; with many there is no difference.
    tails: 'student',
  }
}

export function powerAt(plan: Plan, n: number, effect: number): number {
  const { outcome, alpha } = plan
  if (isPlainShares(plan) && outcome.kind === 'share') return binaryPower({ control: outcome.control, treated: outcome.control + effect, perArm: n / 2, alpha })
  return designPower({ ...design(plan), n, effect })
}

function neededFor(plan: Plan, effect: number): number {
  const { outcome, alpha, power } = plan
  if (isPlainShares(plan) && outcome.kind === 'share') return 2 * Math.ceil(binarySampleSize({ control: outcome.control, treated: outcome.control + effect, power, alpha }))
  const n = designSampleSize({ ...design(plan), effect })
  const whole = plan.clusters?.size ?? 1
  return Math.ceil(Math.ceil(n / whole) * whole)
}

function detectableWith(plan: Plan, n: number): number {
  const { outcome, alpha, power } = plan
  if (isPlainShares(plan) && outcome.kind === 'share') return binaryDetectable({ control: outcome.control, perArm: n / 2, power, alpha }) - outcome.control
  return designDetectable({ ...design(plan), n })
}

export function questions(plan: Plan): Answers {
  const { n, effect } = plan
  const power = n === undefined || effect === undefined ? null : powerAt(plan, n, effect)
  let detectable: number | null = null
  try {
    detectable = n === undefined ? null : detectableWith(plan, n)
  } catch (error) {
    // No effect is large enough to be seen: that is an answer, and the warning gives it. Anything else was refused for another reason.
    if (!isFault(error) || power === null) throw error
  }
  const needed = effect === undefined ? null : neededFor(plan, effect)
  const exaggeration = power === null ? null : overstated(power, plan.alpha)
  return { power, detectable, needed, exaggeration, warnings: warningsFor(plan, { power, detectable, needed, exaggeration }) }
}

/**
 * Mean of |estimate| over the effect among estimates that are significant, for a study of this power:
 *
 *   z ~ N(λ, 1),  λ = q_{1−α/2} + q_power:   E[|z| given |z| > c] / λ,  E[|z|; |z| > c] = φ(c − λ) + λ Φ(λ − c) + φ(c + λ) − λ Φ(−c − λ)
 *
 * Source: Gelman, Carlin (2014), Perspectives on Psychological Science 9(6), "type M error". Pinned by simulation in power.test.ts.
 */
export function overstated(power: number, alpha: number): number {
  const c = normalQuantile(1 - alpha / 2)
  const lambda = c + normalQuantile(Math.min(Math.max(power, alpha / 2 + 1e-6), 1 - 1e-12))
  const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  const mean = density(c - lambda) + lambda * normalUpper(c - lambda) + density(c + lambda) - lambda * normalUpper(c + lambda)
  return mean / (normalUpper(c - lambda) + normalUpper(c + lambda)) / lambda
}

/** DESIGN section 5: a small provider can see sharing, not jobs; say so before it starts, and let providers pool. */
function warningsFor(plan: Plan, { power, detectable, needed, exaggeration }: Omit<Answers, 'warnings'>): readonly string[] {
  const out: string[] = []
  const { n, effect, clusters } = plan
  if (power !== null && n !== undefined && effect !== undefined && power < plan.power) {
    const times = Math.round(power * 100)
    const studies = Math.ceil(needed! / n)
    out.push(`This study cannot see what it hopes to. If the effect is ${sayEffect(plan, effect)}, it will find it ${times < 1 ? 'less than once' : times === 1 ? 'once' : `${times} times`} in 100${detectable === null ? '' : `; the smallest effect that it sees ${Math.round(plan.power * 100)} times in 100 is ${sayEffect(plan, detectable)}`}.`)
    if (exaggeration !== null && exaggeration >= 1.2) out.push(`If it finds something nevertheless, the figure will be too large, by a factor of ${exaggeration.toFixed(1)} on average.`)
    out.push(`Either ask ${needed!.toLocaleString('en-GB')} people, or choose an outcome that moves more (sharing before jobs), or pool the estimates of ${studies === 2 ? 'two' : studies} studies of this size.`)
  }
  if (clusters !== undefined && (n ?? needed ?? Infinity) / clusters.size < 40) out.push(`There are ${Math.floor((n ?? needed!) / clusters.size)} clusters. With fewer than about 40, errors are themselves uncertain; more clusters help more than larger ones.`)
  if (plan.takeUp !== undefined && plan.takeUp < 0.1) out.push(`So little difference in take-up (${(100 * plan.takeUp).toFixed(0)} points) makes the effect of taking up very uncertain; the figures here leave out the error of the first stage.`)
  return out
}

export function sayEffect({ outcome }: Plan, effect: number): string {
  const scaled = outcome.kind === 'share' ? effect * 100 : effect
  const digits = Math.abs(scaled) >= 100 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(scaled) || 1)))
  const text = scaled.toFixed(Math.min(6, digits)).replace('-', '−').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
  return outcome.kind === 'share' ? `${text} ${Math.abs(scaled) === 1 ? 'point' : 'points'}` : text
}
