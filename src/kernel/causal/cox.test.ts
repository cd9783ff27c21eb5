import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { remission } from '#test/remission'
import { cox, type CoxInput } from './cox.ts'
import { logRank } from './survival.ts'

const near = (a: number, b: number, tolerance: number, what = ''): void => assert.ok(Math.abs(a - b) <= tolerance, `${what} ${a} is not ${b}`)
const column = (name: string, values: ArrayLike<number>) => ({ name, values: Float64Array.from(values) })

/** Efron's partial likelihood by its definition, nothing shared with cox.ts; `weights` count a person that many times in Efron's averages. */
function likelihood({ time, event, covariates, blocks }: CoxInput, beta: readonly number[], weights?: Float64Array): number {
  const n = time.length
  const eta = Array.from({ length: n }, (_, i) => covariates.reduce((sum, c, j) => sum + c.values[i]! * beta[j]!, 0))
  const w = (i: number): number => weights?.[i] ?? 1
  let out = 0
  const keys = new Set(Array.from({ length: n }, (_, i) => `${blocks?.[i] ?? 0}/${time[i]}`))
  for (const key of keys) {
    const [b, t] = key.split('/').map(Number) as [number, number]
    const inBlock = [...time.keys()].filter((i) => (blocks?.[i] ?? 0) === b)
    const dead = inBlock.filter((i) => time[i] === t && event[i] === 1)
    if (dead.length === 0) continue
    const risk = inBlock.filter((i) => time[i]! >= t).reduce((sum, i) => sum + w(i) * Math.exp(eta[i]!), 0)
    const own = dead.reduce((sum, i) => sum + w(i) * Math.exp(eta[i]!), 0)
    const mean = dead.reduce((sum, i) => sum + w(i), 0) / dead.length
    out += dead.reduce((sum, i) => sum + w(i) * eta[i]!, 0)
    for (let k = 0; k < dead.length; k++) out -= mean * Math.log(risk - (k / dead.length) * own)
  }
  return out
}

function simulated(n: number, seed: number): CoxInput & { clusters: Int32Array; blocks: Int32Array } {
  const g = generator(seed, 'cox')
  const z = Float64Array.from({ length: n }, () => g.below(2))
  const x = Float64Array.from({ length: n }, () => 50 + 10 * g.normal())
  // Times rounded up to fifths, so that there are many ties.
  const time = Float64Array.from({ length: n }, (_, i) => Math.ceil((5 * g.exponential()) / Math.exp(0.5 * z[i]! + 0.03 * (x[i]! - 50))) / 5)
  const event = Uint8Array.from({ length: n }, () => (g.uniform() < 0.7 ? 1 : 0))
  return { time, event, covariates: [column('z', z), column('x', x)], blocks: Int32Array.from({ length: n }, () => g.below(3)), clusters: Int32Array.from({ length: n }, (_, i) => Math.floor(i / 5)) }
}

test('the remission data: Efron 1.5721 (0.4124), the published fit', () => {
  // Collett (2003) and R's survival::coxph: placebo against 6-MP, log hazard ratio 1.5721, error 0.4124, likelihoods −93.1842 and −85.0084.
  const placebo = remission.treatment.map((z) => 1 - z)
  const fit = cox({ ...remission, covariates: [column('placebo', placebo)], errors: 'model' })
  near(fit.terms[0]!.estimate, 1.5721, 5e-5)
  near(fit.terms[0]!.std_error, 0.4124, 5e-5)
  near(fit.log_likelihood_at_zero, -93.1842, 1e-3)
  near(fit.log_likelihood, -85.0084, 1e-3)
})

test('Therneau\'s validation data with ties: 1.676857', () => {
  // Six people, ties at 1 (one censored) and 6; the validation document of R's survival package, Efron: log hazard ratio 1.676857.
  const fit = cox({ time: Float64Array.of(9, 1, 1, 6, 6, 8), event: Uint8Array.of(1, 1, 0, 1, 1, 0), covariates: [column('x', [0, 1, 1, 1, 0, 0])], errors: 'model' })
  near(fit.terms[0]!.estimate, 1.676857, 5e-7)
  near(fit.log_likelihood_at_zero, likelihood({ time: Float64Array.of(9, 1, 1, 6, 6, 8), event: Uint8Array.of(1, 1, 0, 1, 1, 0), covariates: [column('x', [0, 1, 1, 1, 0, 0])] }, [0]), 1e-12)
})

test('the fit is where the definition of the likelihood is flat, and the model error is its curvature', () => {
  for (const withBlocks of [false, true]) {
    const { clusters: _, blocks, ...rest } = simulated(120, 1)
    const input: CoxInput = withBlocks ? { ...rest, blocks } : rest
    const fit = cox({ ...input, errors: 'model' })
    const beta = fit.terms.map((t) => t.estimate)
    near(fit.log_likelihood, likelihood(input, beta), 1e-9)
    const h = [1e-3, 1e-4]
    const at = (a: number, b: number) => likelihood(input, [beta[0]! + a * h[0]!, beta[1]! + b * h[1]!])
    for (const [a, b] of [[1, 0], [0, 1]] as const) near((at(a, b) - at(-a, -b)) / (2 * h[a === 1 ? 0 : 1]!), 0, 2e-3)
    const haa = -(at(1, 0) - 2 * at(0, 0) + at(-1, 0)) / h[0]! ** 2
    const hbb = -(at(0, 1) - 2 * at(0, 0) + at(0, -1)) / h[1]! ** 2
    const hab = -(at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * h[0]! * h[1]!)
    const determinant = haa * hbb - hab * hab
    near(fit.terms[0]!.std_error / Math.sqrt(hbb / determinant), 1, 1e-5)
    near(fit.terms[1]!.std_error / Math.sqrt(haa / determinant), 1, 1e-5)
  }
})

test('robust errors are the sum of squared influences, each measured by giving one person (or cluster) a little more weight', () => {
  const { clusters, blocks, ...rest } = simulated(60, 2)
  const input: CoxInput = { ...rest, blocks }
  const model = cox({ ...input, errors: 'model' })
  const beta = model.terms.map((t) => t.estimate)
  const h = [1e-3, 1e-4]
  const score = (weights: Float64Array, j: number): number => {
    const move = (sign: number) => likelihood(input, beta.map((b, l) => b + (l === j ? sign * h[l]! : 0)), weights)
    return (8 * (move(1) - move(-1)) - (move(2) - move(-2))) / (12 * h[j]!)
  }
  const influence = Array.from({ length: 60 }, (_, i) => {
    const heavier = new Float64Array(60).fill(1)
    const lighter = new Float64Array(60).fill(1)
    heavier[i] = 1.001
    lighter[i] = 0.999
    const u = [0, 1].map((j) => (score(heavier, j) - score(lighter, j)) / 0.002)
    return [0, 1].map((j) => model.vcov[j]! * u[0]! + model.vcov[2 + j]! * u[1]!)
  })
  const robust = cox({ ...input, errors: 'robust' })
  const clustered = cox({ ...input, clusters, errors: 'robust' })
  for (const j of [0, 1]) {
    near(robust.terms[j]!.std_error / Math.sqrt(influence.reduce((sum, d) => sum + d[j]! ** 2, 0)), 1, 1e-5, 'robust')
    const byCluster = new Float64Array(12)
    for (const [i, d] of influence.entries()) byCluster[clusters[i]!]! += d[j]!
    near(clustered.terms[j]!.std_error / Math.sqrt(byCluster.reduce((sum, d) => sum + d * d, 0)), 1, 1e-5, 'clustered')
    near(robust.model_std_errors[j]!, model.terms[j]!.std_error, 1e-12)
  }
})

test('without ties the score test of a 0/1 covariate is the log-rank test', () => {
  const g = generator(3, 'cox')
  const n = 80
  const time = Float64Array.from({ length: n }, () => g.exponential())
  const event = Uint8Array.from({ length: n }, () => (g.uniform() < 0.8 ? 1 : 0))
  const treatment = Uint8Array.from({ length: n }, () => g.below(2))
  const fit = cox({ time, event, covariates: [column('z', treatment)] })
  near(fit.score_statistic, logRank({ time, event, treatment }).statistic, 1e-9)
})

test('neither the order of the rows nor the unit of a covariate changes the fit', () => {
  const input = simulated(100, 4)
  const fit = cox(input)
  const order = generator(5).shuffle(Int32Array.from({ length: 100 }, (_, i) => i))
  const take = <T extends Float64Array | Uint8Array | Int32Array>(values: T): T => values.map((_, i) => values[order[i]!]!) as T
  const moved = cox({ ...input, time: take(input.time), event: take(input.event), blocks: take(input.blocks), clusters: take(input.clusters), covariates: input.covariates.map((c) => ({ name: c.name, values: take(c.values) })) })
  const scaled = cox({ ...input, covariates: input.covariates.map((c) => ({ name: c.name, values: c.values.map((v) => 1000 * v + 7) })) })
  for (const j of [0, 1]) {
    near(moved.terms[j]!.estimate, fit.terms[j]!.estimate, 1e-12)
    near(moved.terms[j]!.std_error, fit.terms[j]!.std_error, 1e-12)
    near(scaled.terms[j]!.estimate * 1000, fit.terms[j]!.estimate, 1e-10)
    near(scaled.terms[j]!.std_error * 1000, fit.terms[j]!.std_error, 1e-10)
  }
})

test('what has no finite or no single answer is refused with a code', () => {
  const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted
  const { clusters: _, blocks: __, ...input } = simulated(40, 6)
  assert.throws(() => cox({ ...input, event: new Uint8Array(40) }), code('causal.no_events'))
  assert.throws(() => cox({ ...input, covariates: [column('same', new Float64Array(40).fill(3))] }), code('causal.constant_column'))
  const [z, x] = input.covariates as [CoxInput['covariates'][0], CoxInput['covariates'][0]]
  assert.throws(() => cox({ ...input, covariates: [z, x, column('both', x.values.map((v, i) => v + 2 * z.values[i]!))] }), (e) => isFault(e) && e.code === 'causal.columns_aliased' && e.message.includes('both'))
  assert.throws(() => cox({ ...input, covariates: [column('fate', input.time.map((t) => -t))] }), code('causal.no_finite_estimate'))
  assert.throws(() => cox({ ...input, covariates: [column('gap', x.values.with(3, Number.NaN))] }), code('causal.not_a_number'))
})
