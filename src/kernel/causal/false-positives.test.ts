import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator, type Generator, normalQuantile } from '#kernel/numeric'
import {
  adjustPValues,
  andersonRubin,
  type ArmSums,
  balance,
  confidenceSequence,
  cox,
  cuped,
  differenceInMeans,
  differenceSequence,
  type Estimate,
  gate,
  ivRobust,
  kaplanMeier,
  leeBounds,
  lmLin,
  lmRobust,
  logRank,
  multipleTesting,
  pool,
  randomizationInference,
  restrictedMeanDifference,
  sampleRatio,
  sequentialSampleRatio,
} from './index.ts'

/**
 * A/A: experiments in which the treatment does nothing, drawn as the estimator is told. A right test at 5% finds something in one of twenty, and a
 * right interval holds zero in the others. LAUREL_FULL=1 runs 10,000 of each (some minutes) and asks for 5% ± 0.7 points (3.2 standard errors) and coverage of
 * 94.3 to 95.7%; otherwise 200 are run and four standard errors allowed.
 */
const full = process.env['LAUREL_FULL'] === '1'
const draws = full ? 10_000 : 200
const band = full ? 0.007 : 4 * Math.sqrt((0.05 * 0.95) / draws)

class Count {
  readonly seen = new Map<string, { p: number; tests: number; out: number; intervals: number }>()

  private of(name: string) {
    const known = this.seen.get(name) ?? { p: 0, tests: 0, out: 0, intervals: 0 }
    this.seen.set(name, known)
    return known
  }

  p(name: string, p: number): void {
    const c = this.of(name)
    c.tests += 1
    if (p <= 0.05) c.p += 1
  }

  covers(name: string, inside: boolean): void {
    const c = this.of(name)
    c.intervals += 1
    if (!inside) c.out += 1
  }

  row(name: string, row: Estimate, truth = 0): void {
    if (row.p_value !== null && truth === 0) this.p(name, row.p_value)
    if (row.conf_low !== null) this.covers(name, row.conf_low <= truth && truth <= row.conf_high!)
  }

  /** Every rate is one in twenty; those named in `conservative` may be less. */
  check(t: { diagnostic(message: string): void }, conservative: readonly string[] = []): void {
    assert.ok(this.seen.size > 0)
    for (const [name, c] of this.seen) {
      const parts: string[] = []
      for (const [what, count, of] of [['false positives', c.p, c.tests], ['missed', c.out, c.intervals]] as const) {
        if (of === 0) continue
        assert.equal(of, draws, name)
        const rate = count / of
        parts.push(`${what} ${(100 * rate).toFixed(2)}%`)
        assert.ok(rate <= 0.05 + band && (conservative.includes(name) || rate >= 0.05 - band), `${name}: ${what} ${(100 * rate).toFixed(2)}% of ${of}, allowed 5% ± ${(100 * band).toFixed(2)}`)
      }
      if (full) t.diagnostic(`${name}: ${parts.join(', ')}`)
    }
  }
}

const each = (name: string, run: (g: Generator) => void): void => {
  const seed = generator(20261124, name)
  for (let d = 0; d < draws; d++) run(seed.split(d))
}

/** Half of n units, or the given number of them, treated: complete randomization. */
function draw(g: Generator, n: number, treated = n / 2): Float64Array {
  return g.shuffle(Float64Array.from({ length: n }, (_, i) => (i < treated ? 1 : 0)))
}

test('rows drawn one by one: differences, regressions, adjustment, instruments', (t) => {
  const count = new Count()
  each('rows', (g) => {
    const n = 400
    const z = draw(g, n, 160)
    const x = Float64Array.from({ length: n }, () => g.normal())
    const w = Float64Array.from({ length: n }, () => g.below(2))
    // Spread that grows with x, and a take-up of 70% against 10%.
    const y = Float64Array.from(x, (v) => v + (0.7 + 0.3 * Math.abs(v)) * g.normal())
    const d = Float64Array.from(z, (v) => (g.uniform() < (v === 1 ? 0.7 : 0.1) ? 1 : 0))
    const baseline = y.map((v) => v + g.normal())
    const data = { z, x, w, y, d, baseline }
    const of = (rows: readonly Estimate[], term: string) => rows.find((r) => r.term === term)!
    count.row('difference_in_means', differenceInMeans(data, { outcome: 'y', treatment: 'z' }))
    for (const seType of ['classical', 'HC0', 'HC1', 'HC2', 'HC3'] as const) count.row(`lm_robust ${seType}`, of(lmRobust(data, { outcome: 'y', terms: ['z', 'x', 'w'], seType }).estimates, 'z'))
    const weights = { weight: Float64Array.from(z, () => 0.5 + g.uniform()) }
    count.row('difference_in_means weighted', differenceInMeans({ ...data, ...weights }, { outcome: 'y', treatment: 'z', weights: 'weight' }))
    count.row('lm_robust HC2 weighted', of(lmRobust({ ...data, ...weights }, { outcome: 'y', terms: ['z', 'x'], weights: 'weight' }).estimates, 'z'))
    count.row('lm_lin HC3', of(lmLin(data, { outcome: 'y', treatment: 'z', covariates: ['x', 'w'], seType: 'HC3' }).estimates, 'z'))
    count.row('lm_lin HC2', of(lmLin(data, { outcome: 'y', treatment: 'z', covariates: ['x', 'w'] }).estimates, 'z'))
    count.row('cuped', cuped(data, { outcome: 'y', treatment: 'z', baseline: 'baseline' }))
    count.row('iv_robust HC2', of(ivRobust(data, { outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates: ['x'] }).estimates, 'd'))
    const set = andersonRubin(data, { outcome: 'y', endogenous: 'd', instruments: ['z'], covariates: ['x'] })
    count.covers('anderson_rubin', set.set.some(([low, high]) => (low ?? Number.NEGATIVE_INFINITY) <= 0 && 0 <= (high ?? Number.POSITIVE_INFINITY)))
    count.p('balance_joint', balance(data, { treatment: 'z', covariates: ['x', 'w'] }).joint[0]!.p_value!)
  })
  count.check(t)
})

test('rows drawn inside blocks of unequal shares, and in pairs', (t) => {
  const count = new Count()
  each('blocks', (g) => {
    const sizes = [[80, 40], [120, 30], [100, 60], [60, 20]] as const
    const b = Float64Array.from(sizes.flatMap(([n], j) => Array.from({ length: n }, () => j)))
    const z = Float64Array.from(sizes.flatMap(([n, treated]) => [...draw(g, n, treated)]))
    const y = b.map((block) => 2 * block + (1 + block) * g.normal())
    const data = { b, z, y, x: y.map((v) => v + g.normal()) }
    count.row('difference_in_means blocked', differenceInMeans(data, { outcome: 'y', treatment: 'z', blocks: 'b' }))
    count.row('lm_robust with absorbed blocks', lmRobust(data, { outcome: 'y', terms: ['z'], fixedEffects: 'b' }).estimates[0]!)
    count.p('multiple_testing blocked', multipleTesting(data, { outcomes: ['y'], treatment: 'z', blocks: 'b', draws: 1, random: g }).estimates[0]!.p_value!)
    count.p('balance_joint blocked', balance(data, { treatment: 'z', covariates: ['x'], blocks: 'b' }).joint[0]!.p_value!)
    const d = z.map((v) => (g.uniform() < (v === 1 ? 0.8 : 0.1) ? 1 : 0))
    count.row('iv_robust with absorbed blocks', ivRobust({ ...data, d }, { outcome: 'y', endogenous: ['d'], instruments: ['z'], fixedEffects: 'b' }).estimates[0]!)
    const pairs = Float64Array.from({ length: 120 }, (_, i) => i >> 1)
    const half = Array.from({ length: 60 }, () => g.below(2))
    const pz = Float64Array.from(pairs, (p, i) => (i & 1) ^ half[p]!)
    const level = Array.from({ length: 60 }, () => 2 * g.normal())
    count.row('difference_in_means pairs', differenceInMeans({ p: pairs, z: pz, y: pairs.map((p) => level[p]! + g.normal()) }, { outcome: 'y', treatment: 'z', blocks: 'p' }))
  })
  count.check(t)
})

/** Clusters of 2 to 10 rows with a correlation of 0.3 inside; `arm` gives the treatment of each cluster. */
function clustered(g: Generator, arm: ArrayLike<number>) {
  const c: number[] = []
  const y: number[] = []
  for (let j = 0; j < arm.length; j++) {
    const level = g.normal() * Math.sqrt(0.3)
    for (let i = 2 + g.below(9); i > 0; i--) {
      c.push(j)
      y.push(level + g.normal() * Math.sqrt(0.7))
    }
  }
  return { c: Float64Array.from(c), y: Float64Array.from(y), z: Float64Array.from(c, (j) => arm[j]!), half: Float64Array.from(c, (j) => (2 * j < arm.length ? 0 : 1)) }
}

test('whole clusters drawn, and inside blocks', (t) => {
  const count = new Count()
  each('clusters', (g) => {
    const data = clustered(g, draw(g, 40))
    const x = data.y.map((v) => v + g.normal())
    count.row('difference_in_means clustered', differenceInMeans(data, { outcome: 'y', treatment: 'z', clusters: 'c' }))
    count.row('lm_robust CR2', lmRobust({ ...data, x }, { outcome: 'y', terms: ['z', 'x'], clusters: 'c' }).estimates.find((r) => r.term === 'z')!)
    const many = clustered(g, draw(g, 80))
    count.row('lm_robust stata', lmRobust(many, { outcome: 'y', terms: ['z'], clusters: 'c', seType: 'stata' }).estimates.find((r) => r.term === 'z')!)
    count.row('lm_lin CR2', lmLin({ ...many, x: many.y.map((v) => v + g.normal()) }, { outcome: 'y', treatment: 'z', covariates: ['x'], clusters: 'c' }).estimates.find((r) => r.term === 'z')!)
    count.row('lm_robust CR0', lmRobust(clustered(g, draw(g, 200)), { outcome: 'y', terms: ['z'], clusters: 'c', seType: 'CR0' }).estimates.find((r) => r.term === 'z')!)
    const taken = Array.from({ length: 80 }, () => g.uniform())
    const withTakeUp = { ...many, d: many.z.map((arm, i) => (taken[many.c[i]!]! < (arm === 1 ? 0.8 : 0.1) ? 1 : 0)) }
    count.row('iv_robust CR2', ivRobust(withTakeUp, { outcome: 'y', endogenous: ['d'], instruments: ['z'], clusters: 'c' }).estimates.find((r) => r.term === 'd')!)
    const set = andersonRubin(withTakeUp, { outcome: 'y', endogenous: 'd', instruments: ['z'], clusters: 'c' })
    count.covers('anderson_rubin CR2', set.set.some(([low, high]) => (low ?? Number.NEGATIVE_INFINITY) <= 0 && 0 <= (high ?? Number.POSITIVE_INFINITY)))
    const blocked = clustered(g, [...draw(g, 40, 16), ...draw(g, 40, 24)])
    count.row('lm_robust stata with absorbed blocks', lmRobust(blocked, { outcome: 'y', terms: ['z'], clusters: 'c', fixedEffects: 'half', seType: 'stata' }).estimates[0]!)
    count.row('difference_in_means blocked and clustered', differenceInMeans(blocked, { outcome: 'y', treatment: 'z', clusters: 'c', blocks: 'half' }))
  })
  count.check(t)
})

test('tests from the draw itself: any number of redraws, blocks and clusters', (t) => {
  const count = new Count()
  each('randomization', (g) => {
    const n = 24
    const z = [...draw(g, 12, 4), ...draw(g, 12, 7)]
    // A skewed outcome of few rows: exact all the same.
    const y = Float64Array.from({ length: n }, (_, i) => g.exponential() ** 2 + (i < 12 ? 0 : 1))
    const b = Float64Array.from({ length: n }, (_, i) => (i < 12 ? 0 : 1))
    const spec = { outcome: 'y', treatment: 'z', draws: 99, random: g.split('redraw'), exhaustive: 0 }
    count.p('randomization_inference blocked', randomizationInference({ y, z: Float64Array.from(z), b }, { ...spec, blocks: 'b' }).estimate.p_value!)
    count.p('randomization_inference difference', randomizationInference({ y, z: draw(g, n, 8) }, { ...spec, statistic: 'difference' }).estimate.p_value!)
    count.p('randomization_inference clustered', randomizationInference(clustered(g, draw(g, 16)), { ...spec, clusters: 'c' }).estimate.p_value!)
  })
  count.check(t)
})

test('times to an event, censored', (t) => {
  const count = new Count()
  each('survival', (g) => {
    const n = 500
    const z = draw(g, n)
    const x = Float64Array.from({ length: n }, () => g.normal())
    const cut = Float64Array.from({ length: n }, () => 0.5 + g.uniform())
    const t0 = Float64Array.from({ length: n }, (_, i) => g.exponential() / Math.exp(0.5 * x[i]!))
    const data = { z, x, time: t0.map((v, i) => Math.min(v, cut[i]!)), event: Float64Array.from(t0, (v, i) => (v <= cut[i]! ? 1 : 0)) }
    const spec = { time: 'time', event: 'event' }
    count.row('cox robust', cox(data, { ...spec, terms: ['z', 'x'] }).estimates[0]!)
    count.row('cox model', cox(data, { ...spec, terms: ['z', 'x'], errors: 'model' }).estimates[0]!)
    count.p('log_rank', logRank(data, { ...spec, treatment: 'z' }).p_value!)
    // Without x the time is exponential with rate one: S(0.3) = e^−0.3.
    const plain = { time: Float64Array.from(cut, (c) => Math.min(c, g.exponential())), event: new Float64Array(n) }
    plain.event.set(plain.time.map((v, i) => (v < cut[i]! ? 1 : 0)))
    const [curve] = kaplanMeier(plain, spec)
    const at = curve!.time.findLastIndex((v) => v <= 0.3)
    count.covers('kaplan_meier at 0.3', curve!.confLow[at]! <= Math.exp(-0.3) && Math.exp(-0.3) <= curve!.confHigh[at]!)
    count.row('restricted_mean_difference', restrictedMeanDifference(data, { ...spec, treatment: 'z', horizon: 0.8 }))
  })
  count.check(t)
})

test('Lee\'s bounds cover the bounds; the interval for the effect covers it wherever it lies', (t) => {
  const count = new Count()
  // Standard normal outcomes seen by 80% and 60%: a quarter of the treated is cut. E[Y | Y < q] = −φ(q)/Φ(q), Φ(q) = 0.75.
  const q = normalQuantile(0.75)
  const bound = Math.exp(-q * q / 2) / Math.sqrt(2 * Math.PI) / 0.75
  each('lee', (g) => {
    const n = 800
    const c = Float64Array.from({ length: n }, (_, i) => i >> 1)
    const arm = draw(g, n / 2)
    const z = Float64Array.from(c, (j) => arm[j]!)
    const s = Float64Array.from(z, (v) => (g.uniform() < (v === 1 ? 0.8 : 0.6) ? 1 : 0))
    const level = Array.from({ length: n / 2 }, () => g.normal())
    const y = Float64Array.from({ length: n }, () => g.normal())
    const yc = Float64Array.from({ length: n }, (_, i) => Math.SQRT1_2 * (level[i >> 1]! + g.normal()))
    const zi = draw(g, n)
    const si = Float64Array.from(zi, (v) => (g.uniform() < (v === 1 ? 0.8 : 0.6) ? 1 : 0))
    const spec = { outcome: 'y', selected: 's', treatment: 'z' }
    for (const [name, fit] of [
      ['lee_bounds fraction', leeBounds({ y, s: si, z: zi }, spec)],
      ['lee_bounds quantile7', leeBounds({ y, s: si, z: zi }, { ...spec, trim: 'quantile7' })],
      ['lee_bounds clustered', leeBounds({ y: yc, s, z, c }, { ...spec, clusters: 'c' })],
    ] as const) {
      const [low, high, effect] = fit.estimates
      count.covers(`${name} lower`, low.conf_low! <= -bound && -bound <= low.conf_high!)
      count.covers(`${name} upper`, high.conf_low! <= bound && bound <= high.conf_high!)
      count.covers(`${name} effect at the lower bound`, effect.conf_low! <= -bound && -bound <= effect.conf_high!)
    }
  })
  count.check(t)
})

test('groups by score, families of tests, pooled providers, sample ratios', (t) => {
  const count = new Count()
  each('groups', (g) => {
    const n = 240
    const z = draw(g, n)
    const s = Float64Array.from({ length: n }, () => g.normal())
    const y = s.map((v) => v + g.normal())
    const fit = gate({ z, s, y }, { outcome: 'y', treatment: 'z', score: 's' })
    for (const row of fit.groups) count.row(`gate ${JSON.stringify(row.options['tertile'])}`, row)
    count.row('gate interaction', fit.interaction)
    count.row('gate ends', fit.ends)
    count.p('gate equality', fit.equality.p_value!)
    // Three outcomes that go together: the chance that any of them is found.
    const common = Float64Array.from({ length: n }, () => g.normal())
    const outcomes = ['a', 'b', 'c']
    const family = { z, ...Object.fromEntries(outcomes.map((name) => [name, common.map((v) => v + 0.7 * g.normal())])) }
    const { estimates } = multipleTesting(family, { outcomes, treatment: 'z', draws: 99, random: g.split('bootstrap') })
    count.p('Romano-Wolf, any of three', Math.min(...estimates.map((r) => r.p_romano_wolf)))
    count.p('Holm, any of three', Math.min(...estimates.map((r) => r.p_holm)))
    count.p('Benjamini-Hochberg, any of three', Math.min(...estimates.map((r) => r.p_bh)))
    count.p('Holm, any of three independent', Math.min(...adjustPValues([g.uniform(), g.uniform(), g.uniform()], 'holm')))
    const providers = Array.from({ length: 20 }, () => {
      const std_error = 0.2 + 0.4 * g.uniform()
      return { std_error, estimate: 0.4 * g.normal() + std_error * g.normal() }
    })
    count.row('random_effects', pool(providers).pooled)
    const counts = [0, 0, 0]
    for (let i = 0; i < 400; i++) counts[Math.floor(3 * g.uniform())]! += 1
    count.p('srm_chi_square', sampleRatio(counts, [1, 1, 1]).p_value!)
  })
  count.check(t, ['Holm, any of three', 'Benjamini-Hochberg, any of three'])
})

test('sequential tests keep their level when looked at 1,000 times', (t) => {
  const looks = 1000
  const each5 = 10
  const studies = full ? 10_000 : 150
  const alarms = new Map<string, number>([['sequential sample ratio 1:1', 0], ['sequential sample ratio 1:2:3', 0], ['confidence sequence of a difference', 0]])
  const raise = (name: string): void => {
    alarms.set(name, alarms.get(name)! + 1)
  }
  const seed = generator(20261124, 'looks')
  for (let d = 0; d < studies; d++) {
    const g = seed.split(d)
    const two = [0, 0]
    const three = [0, 0, 0]
    const sums: [ArmSums, ArmSums] = [{ n: 0, sum: 0, sumOfSquares: 0 }, { n: 0, sum: 0, sumOfSquares: 0 }]
    let [one, other, sequence] = [false, false, false]
    let [before, beforeThree] = [0, 0]
    for (let look = 0; look < looks && !(one && other && sequence); look++) {
      for (let i = 0; i < each5; i++) {
        const arm = g.below(2)
        two[arm]! += 1
        const u = g.below(6)
        three[u < 1 ? 0 : u < 3 ? 1 : 2]! += 1
        const y = g.exponential()
        const { n, sum, sumOfSquares } = sums[arm as 0 | 1]
        sums[arm as 0 | 1] = { n: n + 1, sum: sum + y - 1, sumOfSquares: sumOfSquares + (y - 1) ** 2 }
      }
      const a = sequentialSampleRatio(two, [1, 1], { alpha: 0.05, before })
      const b = sequentialSampleRatio(three, [1, 2, 3], { alpha: 0.05, before: beforeThree })
      before = a.highest
      beforeThree = b.highest
      one ||= a.alarm
      other ||= b.alarm
      // The interval is asymptotic: the first look is at 300 units.
      if (look >= 29) {
        const c = differenceSequence(sums[0], sums[1], { tuned: 3000 })
        sequence ||= c.conf_low! > 0 || c.conf_high! < 0
      }
    }
    if (one) raise('sequential sample ratio 1:1')
    if (other) raise('sequential sample ratio 1:2:3')
    if (sequence) raise('confidence sequence of a difference')
  }
  for (const [name, count] of alarms) {
    const rate = count / studies
    t.diagnostic(`${name}: ${(100 * rate).toFixed(2)}% of ${studies} studies of ${looks} looks raised an alarm`)
    assert.ok(rate <= 0.05 + (full ? 0.002 : 2 * Math.sqrt((0.05 * 0.95) / studies)), name)
    // A test that never alarms would pass too; these do, if seldom.
    assert.ok(rate > 0, name)
  }
})

test('a chi-square test looked at as often does not: the reason for the other one', () => {
  const seed = generator(20261124, 'peeking')
  let alarms = 0
  for (let d = 0; d < 200; d++) {
    const g = seed.split(d)
    const counts = [0, 0]
    for (let look = 0; look < 200; look++) {
      for (let i = 0; i < 20; i++) counts[g.below(2)]! += 1
      if (sampleRatio(counts, [1, 1]).p_value! <= 0.05) {
        alarms += 1
        break
      }
    }
  }
  assert.ok(alarms > 60, `${alarms} of 200`)
})

test('the sequence of an adjusted difference keeps its level, and is narrower than that of the plain one', () => {
  const seed = generator(20261124, 'adjusted looks')
  const studies = full ? 2000 : 40
  let alarms = 0
  let widths = 0
  for (let d = 0; d < studies; d++) {
    const g = seed.split(d)
    const n = 1500
    const z = Float64Array.from({ length: n }, () => g.below(2))
    const x = Float64Array.from({ length: n }, () => g.normal())
    const y = x.map((v) => v + 0.6 * g.normal())
    let alarm = false
    for (let m = 300; m <= n; m += 60) {
      const data = { z: z.subarray(0, m), x: x.subarray(0, m), y: y.subarray(0, m) }
      const adjusted = confidenceSequence(lmLin(data, { outcome: 'y', treatment: 'z', covariates: ['x'] }).estimates.find((r) => r.term === 'z')!, { tuned: 1000 })
      alarm ||= adjusted.p_value! <= 0.05
      assert.equal(adjusted.p_value! <= 0.05, adjusted.conf_low! > 0 || adjusted.conf_high! < 0)
      if (m === n) {
        const plain = confidenceSequence(differenceInMeans(data, { outcome: 'y', treatment: 'z' }), { tuned: 1000 })
        widths += (adjusted.conf_high! - adjusted.conf_low!) / (plain.conf_high! - plain.conf_low!) / studies
      }
    }
    if (alarm) alarms += 1
  }
  assert.ok(alarms / studies <= (full ? 0.052 : 0.1), `${alarms} of ${studies}`)
  // Without x's share of the variance, 1 of 1.36: errors fall to 0.6 / √1.36 = 0.51.
  assert.ok(widths > 0.48 && widths < 0.55, `${widths}`)
})
