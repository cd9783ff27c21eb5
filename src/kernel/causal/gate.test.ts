import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { complete, experiments, referenceRows, referenceTable, withoutReference } from '#test/reference'
import { gate } from './gate.ts'
import { crossFittedScore } from './score/cross-fit.ts'
import { ridgeLinear, ridgeLogistic } from './score/ridge.ts'

const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted
const near = (a: number, b: number, tolerance: number, what = ''): void => assert.ok(Math.abs(a - b) <= tolerance, `${what} ${a} is not ${b}`)

/** Block and cluster columns by which the R scripts took complete cases. */
const structure: Record<string, string[]> = { jtpa: ['site'], resume: ['job_ad_id'], star_k: ['schoolidk'], welfare_gss: ['year'], social_insure: ['address'], thornton_hiv: ['villnum'] }

test('reference: every gate_tertile and gate_interaction row of every experiment, scores cross-fitted anew', { skip: withoutReference }, (t) => {
  let compared = 0
  for (const experiment of experiments) {
    const table = referenceTable(experiment)
    for (const [name, rows] of Map.groupBy(referenceRows(experiment, 'gate_tertile', 'gate_interaction'), (row) => row.formula.split(' * ')[0]!)) {
      const [outcome, treatment] = name.split(' ~ ') as [string, string]
      const { model, q1, q2, mean_score } = rows[0]!.options as { model: string; q1: number; q2: number; mean_score: number }
      const covariates = referenceRows(experiment, 'balance_joint').map((row) => row.formula).find((f) => f.startsWith(`${treatment} ~ `))!.split(' ~ ')[1]!.split(' + ')
      const where = experiment === 'star_k' ? (i: number) => table['stark']![i] !== 'regular+aide' : undefined
      const data = complete(table, [outcome, treatment, ...covariates, ...(structure[experiment] ?? [])], where)
      data['fold'] = Float64Array.from({ length: data[outcome]!.length }, (_, i) => i % 5)
      const { score } = crossFittedScore(data, { outcome, treatment, covariates, model: model === 'ols' ? ridgeLinear() : ridgeLogistic(), folds: 'fold', random: generator(1) })
      const ours = gate({ ...data, predicted: score }, { outcome, treatment, score: 'predicted', model })
      const what = `${experiment} ${name}`
      near(ours.cuts[0]! / q1, 1, 1e-9, `${what} q1`)
      near(ours.cuts[1]! / q2, 1, 1e-9, `${what} q2`)
      near((ours.interaction.options['mean_score'] as number) / mean_score, 1, 1e-9, `${what} mean score`)
      for (const theirs of rows) {
        const row = theirs.estimator === 'gate_interaction' ? ours.interaction : ours.groups[(theirs.options['tertile'] as number) - 1]!
        for (const [field, limit] of [['estimate', 1e-9], ['std_error', 1e-9], ['statistic', 1e-9], ['p_value', 1e-7], ['conf_low', 1e-7], ['conf_high', 1e-7]] as const) {
          if (theirs[field] === 0) assert.ok(row[field]! < 1e-300, `${what} ${field}`)
          else near(row[field]! / theirs[field]!, 1, limit, `${what} ${theirs.estimator} ${JSON.stringify(theirs.options['tertile'])} ${field}`)
        }
        assert.deepEqual([row.n, row.df, row.term], [theirs.n, theirs.df, theirs.term])
        if (theirs.estimator === 'gate_tertile') near((row.options['control_mean'] as number) / (theirs.options['control_mean'] as number), 1, 1e-9)
        compared += 1
      }
    }
  }
  t.diagnostic(`${compared} rows compared`)
  assert.ok(compared > 0)
})

/** The effect falls from 2 in the lowest third of s to 0 in the highest. */
function falling(n: number, seed: number) {
  const g = generator(seed, 'gate')
  const s = Float64Array.from({ length: n }, () => g.uniform())
  const cluster = Float64Array.from({ length: n }, (_, i) => Math.floor(i / 4))
  const coin = Array.from({ length: Math.ceil(n / 4) }, () => g.below(2))
  const z = Float64Array.from({ length: n }, (_, i) => coin[cluster[i]!]!)
  const block = Float64Array.from({ length: n }, (_, i) => (i < n / 2 ? 0 : 1))
  const y = Float64Array.from({ length: n }, (_, i) => s[i]! + (s[i]! < 1 / 3 ? 2 : s[i]! < 2 / 3 ? 1 : 0) * z[i]! + g.normal())
  return { s, z, y, cluster, block }
}
const spec = { outcome: 'y', treatment: 'z', score: 's' }

test('the contrasts are differences of the groups\' effects, and their errors add up', () => {
  const data = falling(900, 1)
  const fit = gate(data, spec)
  const [low, middle, high] = fit.groups
  near(fit.ends.estimate, low!.estimate - high!.estimate, 1e-10)
  near(fit.ends.std_error!, Math.hypot(low!.std_error!, high!.std_error!), 1e-10)
  assert.ok(fit.ends.p_value! < 1e-6 && fit.equality.p_value! < 1e-6 && fit.equality.df === 2)
  // Chi-square of all three being equal, from the independent groups alone.
  const w = fit.groups.map((g) => 1 / g.std_error! ** 2)
  const mean = fit.groups.reduce((s, g, i) => s + w[i]! * g.estimate, 0) / w.reduce((a, b) => a + b)
  near(fit.equality.statistic!, fit.groups.reduce((s, g, i) => s + w[i]! * (g.estimate - mean) ** 2, 0), 1e-8)
  assert.ok(middle!.estimate > high!.estimate && low!.estimate > middle!.estimate)
  assert.deepEqual([...new Set(fit.group)].sort(), [0, 1, 2])
})

test('two groups: the three tests of difference are one', () => {
  const fit = gate(falling(400, 2), { ...spec, groups: 2 })
  near(fit.ends.estimate, fit.interaction.estimate, 1e-12)
  near(fit.equality.statistic!, fit.interaction.statistic! ** 2, 1e-8)
  assert.equal(fit.groups[0]!.options['group'], 1)
})

test('clusters and blocks enter every row', () => {
  const data = falling(600, 3)
  const clustered = gate(data, { ...spec, clusters: 'cluster' })
  const both = gate(data, { ...spec, clusters: 'cluster', blocks: 'block' })
  const blocked = gate(data, { ...spec, blocks: 'block' })
  const plain = gate(data, spec)
  assert.notEqual(clustered.interaction.std_error, plain.interaction.std_error)
  assert.notEqual(blocked.interaction.estimate, plain.interaction.estimate)
  assert.equal(both.interaction.options['se_type'], 'stata')
  assert.equal(clustered.equality.options['test'], 'Wald, F(2, 149)')
})

test('people with one score stay together, and ties that leave a group empty are refused', () => {
  const data = falling(300, 4)
  const coarse = Float64Array.from(data.s, (s) => Math.floor(s * 4))
  const { group } = gate({ ...data, s: coarse }, spec)
  for (const v of [0, 1, 2, 3]) assert.equal(new Set([...group].filter((_, i) => coarse[i] === v)).size, 1)
  assert.throws(() => gate({ ...data, s: Float64Array.from(data.s, (s) => (s < 0.9 ? 0 : 1)) }, spec), code('causal.group_empty'))
  assert.throws(() => gate({ ...data, s: data.s.with(0, Number.NaN) }, spec), code('causal.not_finite'))
})
