import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { remission } from '#test/remission'
import { cox, type Cox } from './cox.ts'
import { logRank } from './survival.ts'

const near = (a: number, b: number, tolerance: number, what = ''): void => assert.ok(Math.abs(a - b) <= tolerance, `${what} ${a} is not ${b}`)

interface People {
  readonly [name: string]: Float64Array
  readonly time: Float64Array
  readonly event: Float64Array
  readonly block: Float64Array
  readonly cluster: Float64Array
  readonly z: Float64Array
  readonly x: Float64Array
}
const spec: Cox = { time: 'time', event: 'event', terms: ['z', 'x'] }

/** Efron's partial likelihood by its definition, nothing shared with cox.ts; `weights` count a person that many times in Efron's averages. */
function likelihood(data: People, terms: readonly string[], beta: readonly number[], blocked: boolean, weights?: Float64Array): number {
  const { time, event, block } = data
  const eta = Array.from(time, (_, i) => terms.reduce((total, name, j) => total + data[name]![i]! * beta[j]!, 0))
  const w = (i: number): number => weights?.[i] ?? 1
  let out = 0
  for (const b of new Set(blocked ? block : [0])) {
    const inBlock = [...time.keys()].filter((i) => !blocked || block[i] === b)
    for (const t of new Set(inBlock.map((i) => time[i]!))) {
      const dead = inBlock.filter((i) => time[i] === t && event[i] === 1)
      if (dead.length === 0) continue
      const risk = inBlock.filter((i) => time[i]! >= t).reduce((total, i) => total + w(i) * Math.exp(eta[i]!), 0)
      const own = dead.reduce((total, i) => total + w(i) * Math.exp(eta[i]!), 0)
      const mean = dead.reduce((total, i) => total + w(i), 0) / dead.length
      out += dead.reduce((total, i) => total + w(i) * eta[i]!, 0)
      for (let k = 0; k < dead.length; k++) out -= mean * Math.log(risk - (k / dead.length) * own)
    }
  }
  return out
}

function simulated(n: number, seed: number): People {
  const g = generator(seed, 'cox')
  const z = Float64Array.from({ length: n }, () => g.below(2))
  const x = Float64Array.from({ length: n }, () => 50 + 10 * g.normal())
  // Times rounded up to fifths, so that there are many ties.
  const time = Float64Array.from({ length: n }, (_, i) => Math.ceil((5 * g.exponential()) / Math.exp(0.5 * z[i]! + 0.03 * (x[i]! - 50))) / 5)
  const event = Float64Array.from({ length: n }, () => (g.uniform() < 0.7 ? 1 : 0))
  return { time, event, z, x, block: Float64Array.from({ length: n }, () => g.below(3)), cluster: Float64Array.from({ length: n }, (_, i) => Math.floor(i / 5)) }
}

test('the remission data: Efron 1.5721 (0.4124), the published fit', () => {
  // Collett (2003) and R's survival::coxph: placebo against 6-MP, log hazard ratio 1.5721, error 0.4124, likelihoods −93.1842 and −85.0084.
  const fit = cox({ ...remission, placebo: remission.treatment.map((z) => 1 - z) }, { ...spec, terms: ['placebo'], errors: 'model' })
  near(fit.estimates[0]!.estimate, 1.5721, 5e-5)
  near(fit.estimates[0]!.std_error!, 0.4124, 5e-5)
  near(fit.logLikelihoodAtZero, -93.1842, 1e-3)
  near(fit.logLikelihood, -85.0084, 1e-3)
  assert.equal(fit.events, 30)
})

test('Therneau\'s validation data with ties: 1.676857', () => {
  // Six people; appendix E of Therneau, Grambsch (2000) and the validation document of R's survival package, Efron.
  const data = { time: Float64Array.of(9, 1, 1, 6, 6, 8), event: Uint8Array.of(1, 1, 0, 1, 1, 0), x: Float64Array.of(0, 1, 1, 1, 0, 0) }
  const fit = cox(data, { ...spec, terms: ['x'], errors: 'model' })
  near(fit.estimates[0]!.estimate, 1.676857, 5e-7)
})

test('the fit is where the definition of the likelihood is flat, and the model error is its curvature', () => {
  const data = simulated(120, 1)
  for (const blocked of [false, true]) {
    const fit = cox(data, { ...spec, ...(blocked ? { blocks: 'block' } : {}), errors: 'model' })
    const beta = fit.estimates.map((e) => e.estimate)
    near(fit.logLikelihood, likelihood(data, spec.terms, beta, blocked), 1e-9)
    near(fit.logLikelihoodAtZero, likelihood(data, spec.terms, [0, 0], blocked), 1e-9)
    const h = [1e-3, 1e-4]
    const at = (a: number, b: number) => likelihood(data, spec.terms, [beta[0]! + a * h[0]!, beta[1]! + b * h[1]!], blocked)
    near((at(1, 0) - at(-1, 0)) / (2 * h[0]!), 0, 1e-4)
    near((at(0, 1) - at(0, -1)) / (2 * h[1]!), 0, 2e-3)
    const haa = -(at(1, 0) - 2 * at(0, 0) + at(-1, 0)) / h[0]! ** 2
    const hbb = -(at(0, 1) - 2 * at(0, 0) + at(0, -1)) / h[1]! ** 2
    const hab = -(at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * h[0]! * h[1]!)
    const determinant = haa * hbb - hab * hab
    near(fit.estimates[0]!.std_error! / Math.sqrt(hbb / determinant), 1, 1e-5)
    near(fit.estimates[1]!.std_error! / Math.sqrt(haa / determinant), 1, 1e-5)
  }
})

test('robust errors are the sum of squared influences, each measured by giving one person (or cluster) a little more weight', () => {
  const data = simulated(60, 2)
  const blocked: Cox = { ...spec, blocks: 'block' }
  const model = cox(data, { ...blocked, errors: 'model' })
  const beta = model.estimates.map((e) => e.estimate)
  const h = [1e-3, 1e-4]
  const score = (weights: Float64Array, j: number): number => {
    const move = (steps: number) => likelihood(data, spec.terms, beta.map((b, l) => b + (l === j ? steps * h[l]! : 0)), true, weights)
    return (8 * (move(1) - move(-1)) - (move(2) - move(-2))) / (12 * h[j]!)
  }
  const influence = Array.from({ length: 60 }, (_, i) => {
    const ones = new Float64Array(60).fill(1)
    const u = [0, 1].map((j) => (score(ones.with(i, 1.001), j) - score(ones.with(i, 0.999), j)) / 0.002)
    return [0, 1].map((j) => model.covariance.values[j]! * u[0]! + model.covariance.values[2 + j]! * u[1]!)
  })
  const robust = cox(data, blocked)
  const clustered = cox(data, { ...blocked, clusters: 'cluster' })
  for (const j of [0, 1]) {
    near(robust.estimates[j]!.std_error! / Math.sqrt(influence.reduce((total, d) => total + d[j]! ** 2, 0)), 1, 1e-5, 'robust')
    const byCluster = new Float64Array(12)
    for (const [i, d] of influence.entries()) byCluster[data.cluster[i]!]! += d[j]!
    near(clustered.estimates[j]!.std_error! / Math.sqrt(byCluster.reduce((total, d) => total + d * d, 0)), 1, 1e-5, 'clustered')
    near(robust.modelErrors[j]!, model.estimates[j]!.std_error!, 1e-12)
  }
})

test('without ties the score test of a 0/1 covariate is the log-rank test', () => {
  const g = generator(3, 'cox')
  const n = 80
  const data = {
    time: Float64Array.from({ length: n }, () => g.exponential()),
    event: Uint8Array.from({ length: n }, () => (g.uniform() < 0.8 ? 1 : 0)),
    z: Uint8Array.from({ length: n }, () => g.below(2)),
  }
  near(cox(data, { ...spec, terms: ['z'] }).scoreTest.statistic!, logRank(data, { ...spec, treatment: 'z' }).statistic!, 1e-9)
})

test('neither the order of the rows nor the unit of a covariate changes the fit', () => {
  const data = simulated(100, 4)
  const all: Cox = { ...spec, blocks: 'block', clusters: 'cluster' }
  const fit = cox(data, all)
  const order = generator(5).shuffle(Int32Array.from(data.time.keys()))
  const moved = cox(Object.fromEntries(Object.entries(data).map(([name, values]) => [name, values.map((_, i) => values[order[i]!]!)])), all)
  const scaled = cox({ ...data, z: data.z.map((v) => 1000 * v + 7), x: data.x.map((v) => 1000 * v + 7) }, all)
  for (const j of [0, 1]) {
    near(moved.estimates[j]!.estimate, fit.estimates[j]!.estimate, 1e-12)
    near(moved.estimates[j]!.std_error!, fit.estimates[j]!.std_error!, 1e-12)
    near(scaled.estimates[j]!.estimate * 1000, fit.estimates[j]!.estimate, 1e-10)
    near(scaled.estimates[j]!.std_error! * 1000, fit.estimates[j]!.std_error!, 1e-10)
  }
})

test('what has no finite or no single answer is refused with a code', () => {
  const code = (wanted: string, part = '') => (e: unknown) => isFault(e) && e.code === wanted && e.message.includes(part)
  const data = simulated(40, 6)
  assert.throws(() => cox({ ...data, event: new Float64Array(40) }, spec), code('causal.no_events'))
  assert.throws(() => cox({ ...data, x: new Float64Array(40).fill(3) }, spec), code('causal.constant_column', '"x"'))
  assert.throws(() => cox({ ...data, both: data.x.map((v, i) => v + 2 * data.z[i]!) }, { ...spec, terms: ['z', 'x', 'both'] }), code('causal.columns_aliased', 'both'))
  assert.throws(() => cox({ ...data, fate: data.time.map((t) => -t) }, { ...spec, terms: ['fate'] }), code('causal.no_finite_estimate'))
  assert.throws(() => cox({ ...data, x: data.x.with(3, Number.NaN) }, spec), code('causal.not_finite', 'row 4'))
  assert.throws(() => cox(data, { ...spec, terms: ['y'] }), code('causal.no_column', 'y'))
})
