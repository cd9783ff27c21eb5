import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator, studentTwoSided } from '#kernel/numeric'
import { referenceJson, withoutReference } from '#test/reference'
import { binaryDetectable, binaryPower, binarySampleSize, designDetectable, designPower, designSampleSize, meanDetectable, meanPower, meanSampleSize, simulatedPower } from './power.ts'

const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted
const near = (a: number, b: number, tolerance: number, what = ''): void => assert.ok(Math.abs(a - b) <= tolerance, `${what} ${a} is not ${b}`)

interface Row {
  estimator: string
  solve: string
  value: number
  p1: number
  p2: number
  delta: number
  sd: number
  n_per_arm: number
  power: number
  alpha: number
  s2: number
  r2: number
  share_treated: number
  n_total: number
  icc: number
  cluster_size: number
  first_stage: number
}

test('reference: every row of power.json', { skip: withoutReference }, (t) => {
  const { results } = referenceJson('power') as { results: Row[] }
  let compared = 0
  for (const r of results) {
    const what = JSON.stringify(r)
    const close = (ours: number): void => {
      near(ours / r.value, 1, 1e-9, what)
      compared += 1
    }
    const design = { variance: r.s2, n: r.n_total, shareTreated: r.share_treated }
    const key = `${r.estimator}: ${r.solve}`
    if (key === 'power.prop.test: n per arm') close(binarySampleSize({ control: r.p1, treated: r.p2, power: r.power, alpha: r.alpha }))
    else if (key === 'power.prop.test: p2 (minimum detectable)') close(binaryDetectable({ control: r.p1, perArm: r.n_per_arm, power: r.power, alpha: r.alpha }))
    else if (key === 'power.prop.test: power') close(binaryPower({ control: r.p1, treated: r.p2, perArm: r.n_per_arm, alpha: r.alpha }))
    else if (r.estimator.startsWith('normal, unpooled')) close(binarySampleSize({ control: r.p1, treated: r.p2, power: r.power, alpha: r.alpha, variance: 'unpooled' }))
    else if (key === 'power.t.test: n per arm') close(meanSampleSize({ difference: r.delta, sd: r.sd, power: r.power, alpha: r.alpha }))
    else if (key === 'power.t.test: delta') close(meanDetectable({ sd: r.sd, perArm: r.n_per_arm, power: r.power, alpha: r.alpha }))
    else if (key === 'power.t.test: power') close(meanPower({ difference: r.delta, sd: r.sd, perArm: r.n_per_arm, alpha: r.alpha }))
    else if (key === 'power.t.test strict: power') close(meanPower({ difference: r.delta, sd: r.sd, perArm: r.n_per_arm, alpha: r.alpha, strict: true }))
    else if (r.estimator.startsWith('MDE normal: ')) close(designDetectable({ ...design, r2: r.r2 }))
    else if (r.estimator.startsWith('MDE normal, clusters')) close(designDetectable({ ...design, clusters: { size: r.cluster_size, icc: r.icc } }))
    else if (r.estimator.startsWith('MDE normal for the LATE')) close(designDetectable({ ...design, takeUp: r.first_stage }))
    else assert.fail(`no rule for ${what}`)
  }
  t.diagnostic(`${compared} rows compared`)
  assert.equal(compared, results.length)
  assert.ok(compared > 0)
})

test('sizes for the credential study\'s effects, per arm, as in its own calculation', () => {
  // shared/research/domain.md A11, rounded there to two to four figures.
  for (const [base, effect, n] of [[0.166, 0.028, 2950], [0.11, 0.01265, 10100], [0.127, 0.01187, 12800], [0.173, 0.01006, 22700], [0.1884, 0.00619, 63400], [0.1421, 0.00246, 318500]] as const) {
    near(binarySampleSize({ control: base, treated: base + effect }) / n, 1, 0.01)
  }
})

test('each question is the inverse of the others', () => {
  for (const variance of ['pooled', 'unpooled'] as const) {
    const perArm = binarySampleSize({ control: 0.2, treated: 0.25, power: 0.9, variance })
    near(binaryPower({ control: 0.2, treated: 0.25, perArm, variance }), 0.9, 1e-12)
    near(binaryDetectable({ control: 0.2, perArm, power: 0.9, variance }), 0.25, 1e-12)
  }
  for (const strict of [false, true]) {
    const perArm = meanSampleSize({ difference: 0.3, sd: 1.2, power: 0.85, strict })
    near(meanPower({ difference: 0.3, sd: 1.2, perArm, strict }), 0.85, 1e-10)
    near(meanDetectable({ sd: 1.2, perArm, power: 0.85, strict }), 0.3, 1e-8)
  }
  for (const tails of ['normal', 'student'] as const) {
    const plan = { variance: 2, shareTreated: 0.4, r2: 0.3, clusters: { size: 20, icc: 0.05, sizeCv: 0.5 }, takeUp: 0.6, blocks: 4, tails, power: 0.8 }
    const n = designSampleSize({ ...plan, effect: 0.4 })
    near(designDetectable({ ...plan, n }), 0.4, 1e-9)
    near(designPower({ ...plan, n, effect: 0.4 }), 0.8, 1e-9)
  }
})

test('the formula of a t test is what simulated t tests find', () => {
  const study = (random: ReturnType<typeof generator>): number => {
    const arms = [0, 0.8].map((shift) => {
      const y = Array.from({ length: 15 }, () => random.normal() + shift)
      const mean = y.reduce((s, v) => s + v, 0) / 15
      return { mean, variance: y.reduce((s, v) => s + (v - mean) ** 2, 0) / 14 }
    }) as [{ mean: number; variance: number }, { mean: number; variance: number }]
    return studentTwoSided((arms[1].mean - arms[0].mean) / Math.sqrt((arms[0].variance + arms[1].variance) / 15), 28)
  }
  const found = simulatedPower(study, { draws: 4000, random: generator(1, 'power') })
  near(found.power, meanPower({ difference: 0.8, sd: 1, perArm: 15, strict: true }), 4 * found.mcStdError)
  assert.deepEqual(found, simulatedPower(study, { draws: 4000, random: generator(1, 'power') }))
  // No effect: the level itself.
  near(meanPower({ difference: 0, sd: 1, perArm: 15, strict: true }), 0.05, 1e-12)
})

test('noncentral t: at the edge of its series and beyond, power rises to one without a jump', () => {
  let last = 0
  for (let difference = 0.01; difference < 1.6; difference += 0.005) {
    const now = meanPower({ difference, sd: 1, perArm: 1500 })
    assert.ok(now >= last - 1e-12 && now <= 1, `${difference}: ${last} ${now}`)
    last = now
  }
  near(last, 1, 1e-12)
})

test('clusters and take-up cost power, covariates give it back', () => {
  const plan = { n: 40_000, variance: 0.145671 }
  const base = designDetectable(plan)
  assert.ok(designDetectable({ ...plan, clusters: { size: 50, icc: 0.05 } }) > 1.8 * base)
  near(designDetectable({ ...plan, clusters: { size: 50, icc: 0 } }), base, 1e-15)
  near(designDetectable({ ...plan, clusters: { size: 1, icc: 0.9 } }), base, 1e-15)
  assert.ok(designDetectable({ ...plan, clusters: { size: 50, icc: 0.05, sizeCv: 1 } }) > designDetectable({ ...plan, clusters: { size: 50, icc: 0.05 } }))
  near(designDetectable({ ...plan, r2: 0.75 }), base / 2, 1e-15)
  near(designDetectable({ ...plan, takeUp: 0.25 }), base * 4, 1e-15)
  assert.ok(designDetectable({ ...plan, n: 200, clusters: { size: 20, icc: 0.05 }, tails: 'student' }) > designDetectable({ ...plan, n: 200, clusters: { size: 20, icc: 0.05 } }))
})

test('plans that make no sense are refused with a code', () => {
  const refused = code('causal.plan_refused')
  assert.throws(() => binarySampleSize({ control: 0.2, treated: 0.2 }), refused)
  assert.throws(() => binaryPower({ control: 0.2, treated: 1.2, perArm: 10 }), refused)
  assert.throws(() => binaryPower({ control: 0, treated: 1, perArm: 10 }), refused)
  assert.throws(() => binaryDetectable({ control: 0.9, perArm: 3 }), refused)
  assert.throws(() => binarySampleSize({ control: 0.2, treated: 0.3, power: 1 }), refused)
  assert.throws(() => meanPower({ difference: 1, sd: 0, perArm: 10 }), refused)
  assert.throws(() => meanSampleSize({ difference: 0, sd: 1 }), refused)
  assert.throws(() => designDetectable({ n: 100, variance: 1, takeUp: 0 }), refused)
  assert.throws(() => designDetectable({ n: 100, variance: 1, r2: 1 }), refused)
  assert.throws(() => designDetectable({ n: 40, variance: 1, clusters: { size: 20, icc: 0.1 }, tails: 'student' }), refused)
  assert.throws(() => simulatedPower(() => Number.NaN, { draws: 2, random: generator(1) }), code('causal.p_value_refused'))
})
