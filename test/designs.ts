import type { Generator } from '#kernel/numeric'

/**
 * Simulated experiments and observational studies whose effects are known, on which forests of effects are judged.
 *
 *   y = b(x) + (w − ½) τ(x) + ε,  w ~ Bernoulli(e(x)),  ε ~ N(0, 1)
 *
 * `constant`, `linear` and `step` are our own, each with a fair draw and with the confounding of Athey, Tibshirani and Wager. `atw` are those of Athey, Tibshirani, Wager
 * (2019), Annals of Statistics 47, section 6.2: heterogeneity, confounding, both. `nw` are the set-ups A to D of Nie, Wager (2021), Biometrika 108, section 4.
 */
export interface Design {
  readonly name: string
  /** How the treatment was given. Strongly: it leans on what moves the outcome most, so that a few hundred rows cannot tell the one from the other. */
  readonly kind: 'randomized' | 'confounded' | 'strongly confounded'
  /** One covariate of one row. */
  readonly covariate: (g: Generator) => number
  readonly propensity: (x: readonly number[]) => number
  readonly base: (x: readonly number[]) => number
  readonly effect: (x: readonly number[]) => number
  /** The mean of the effect over all who could be drawn. */
  readonly average: number
}

const uniform = (g: Generator): number => g.uniform()
const normal = (g: Generator): number => g.normal()
/** (1 + density of the beta distribution (2, 4) at x) / 4. */
const leaning = (x: number): number => (1 + 20 * x * (1 - x) ** 3) / 4
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
const positive = (x: number): number => Math.max(x, 0)
const zeta = (x: number): number => 1 + 1 / (1 + Math.exp(-20 * (x - 1 / 3)))
/** Mean of zeta over the unit interval. */
const meanZeta = 1 + (softplus(40 / 3) - softplus(-20 / 3)) / 20

const own = (name: string, effect: Design['effect'], average: number): readonly Design[] => [
  { name: `${name}, randomized`, kind: 'randomized', covariate: uniform, propensity: () => 0.5, base: (x) => 2 * x[2]! - 1, effect, average },
  { name: `${name}, confounded`, kind: 'confounded', covariate: uniform, propensity: (x) => leaning(x[2]!), base: (x) => 2 * x[2]! - 1, effect, average },
]

export const designs: readonly Design[] = [
  ...own('constant', () => 0.5, 0.5),
  ...own('linear', (x) => x[0]! + x[1]!, 1),
  ...own('step', (x) => (x[0]! > 0.5 ? 1 : 0) + (x[1]! > 0.7 ? 1 : 0), 0.8),
  { name: 'ATW heterogeneity', kind: 'randomized', covariate: uniform, propensity: () => 0.5, base: () => 0, effect: (x) => zeta(x[0]!) * zeta(x[1]!), average: meanZeta ** 2 },
  { name: 'ATW confounding', kind: 'confounded', covariate: uniform, propensity: (x) => leaning(x[2]!), base: (x) => 2 * x[2]! - 1, effect: () => 0, average: 0 },
  { name: 'ATW both', kind: 'confounded', covariate: uniform, propensity: (x) => leaning(x[2]!), base: (x) => 2 * x[2]! - 1, effect: (x) => zeta(x[0]!) * zeta(x[1]!), average: meanZeta ** 2 },
  {
    name: 'NW A',
    kind: 'strongly confounded',
    covariate: uniform,
    propensity: (x) => Math.min(0.9, Math.max(0.1, Math.sin(Math.PI * x[0]! * x[1]!))),
    base: (x) => Math.sin(Math.PI * x[0]! * x[1]!) + 2 * (x[2]! - 0.5) ** 2 + x[3]! + 0.5 * x[4]!,
    effect: (x) => (x[0]! + x[1]!) / 2,
    average: 0.5,
  },
  {
    name: 'NW B',
    kind: 'randomized',
    covariate: normal,
    propensity: () => 0.5,
    base: (x) => Math.max(x[0]! + x[1]!, x[2]!, 0) + positive(x[3]! + x[4]!),
    effect: (x) => x[0]! + softplus(x[1]!),
    // The mean of log(1 + exp(x)) for a standard normal x, by quadrature.
    average: 0.806_059_183_3,
  },
  { name: 'NW C', kind: 'strongly confounded', covariate: normal, propensity: (x) => 1 / (1 + Math.exp(x[1]! + x[2]!)), base: (x) => 2 * softplus(x[0]! + x[1]! + x[2]!), effect: () => 1, average: 1 },
  {
    name: 'NW D',
    kind: 'confounded',
    covariate: normal,
    propensity: (x) => 1 / (1 + Math.exp(-x[0]!) + Math.exp(-x[1]!)),
    base: (x) => (positive(x[0]! + x[1]! + x[2]!) + positive(x[3]! + x[4]!)) / 2,
    effect: (x) => positive(x[0]! + x[1]! + x[2]!) - positive(x[3]! + x[4]!),
    average: (Math.sqrt(3) - Math.sqrt(2)) / Math.sqrt(2 * Math.PI),
  },
]

export interface Drawn {
  readonly covariates: readonly string[]
  /** x1 .. xp, w, y, and the true effect as `tau`. */
  readonly data: Readonly<Record<string, Float64Array>>
}

/** n rows of p columns of a design. */
export function drawDesign({ covariate, propensity, base, effect }: Design, n: number, p: number, g: Generator): Drawn {
  const covariates = Array.from({ length: p }, (_, j) => `x${j + 1}`)
  const columns = covariates.map(() => new Float64Array(n))
  const [w, y, tau] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const x = new Array<number>(p).fill(0)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      x[j] = covariate(g)
      columns[j]![i] = x[j]!
    }
    tau[i] = effect(x)
    w[i] = g.uniform() < propensity(x) ? 1 : 0
    y[i] = base(x) + (w[i]! - 0.5) * tau[i]! + g.normal()
  }
  return { covariates, data: { ...Object.fromEntries(covariates.map((name, j) => [name, columns[j]!])), w, y, tau } }
}
