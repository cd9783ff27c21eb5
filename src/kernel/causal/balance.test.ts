import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { complete, experiments, referenceRows, referenceTable, withoutReference } from '#test/reference'
import { balance } from './balance.ts'

const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted
const near = (a: number, b: number, tolerance: number, what = ''): void => assert.ok(Math.abs(a - b) <= tolerance, `${what} ${a} is not ${b}`)

/** Block and cluster columns by which the R scripts took complete cases. */
const structure: Record<string, string[]> = { jtpa: ['site'], resume: ['job_ad_id'], star_k: ['schoolidk'], welfare_gss: ['year'], social_insure: ['address'], thornton_hiv: ['villnum'] }

test('reference: every balance_smd and balance_joint row of every experiment', { skip: withoutReference }, (t) => {
  let compared = 0
  for (const experiment of experiments) {
    const table = referenceTable(experiment)
    const rows = referenceRows(experiment, 'balance_smd', 'balance_joint')
    for (const [formula, group] of Map.groupBy(rows, (row) => row.formula)) {
      const [treatment, right] = formula.split(' ~ ') as [string, string]
      const covariates = right.split(' + ')
      // The outcome's own gaps were dropped too, so n tells which outcome a row was made with.
      const outcomes = [...new Set(referenceRows(experiment, 'difference_in_means', 'gate_interaction').map((row) => row.formula.split(' ~ ')[0]!))]
      const where = experiment === 'star_k' ? (i: number) => table['stark']![i] !== 'regular+aide' : undefined
      for (const [n, same] of Map.groupBy(group, (row) => row.n)) {
        const data = outcomes.map((outcome) => complete(table, [outcome, treatment, ...covariates, ...(structure[experiment] ?? [])], where)).find((d) => d[treatment]!.length === n)
        assert.ok(data !== undefined, `${experiment} has no complete cases of ${n} rows`)
        const ours = balance(data, { treatment, covariates })
        for (const theirs of same) {
          const kind = (theirs.options as { test?: string }).test
          const row = [...ours.differences, ...ours.joint].find((r) => r.estimator === theirs.estimator && r.term === theirs.term && r.options['test'] === kind)!
          const what = `${experiment} ${theirs.estimator} ${theirs.term} ${kind ?? ''}`
          near(row.estimate / theirs.estimate!, 1, 1e-9, what)
          if (theirs.p_value !== null) near(row.p_value! / theirs.p_value, 1, 1e-7, what)
          assert.equal(row.df, theirs.df, what)
          if (theirs['df2'] !== undefined && theirs['df2'] !== null) assert.equal((row as unknown as { df2: number }).df2, theirs['df2'])
          compared += 1
        }
      }
    }
  }
  t.diagnostic(`${compared} rows compared`)
  assert.ok(compared > 0)
})

function drawn(seed: number, shift = 0) {
  const g = generator(seed, 'balance')
  const n = 400
  const block = Float64Array.from({ length: n }, (_, i) => (i < 200 ? 0 : 1))
  const cluster = Float64Array.from({ length: n }, (_, i) => Math.floor(i / 10))
  // Three quarters treated in one block, one quarter in the other; a covariate that differs by block.
  const byRow = Float64Array.from({ length: n }, (_, i) => (g.uniform() < (i < 200 ? 0.75 : 0.25) ? 1 : 0))
  const coin = Float64Array.from({ length: 40 }, (_, c) => c % 2)
  const byCluster = Float64Array.from({ length: n }, (_, i) => coin[cluster[i]!]!)
  const x = Float64Array.from({ length: n }, (_, i) => 2 * block[i]! + g.normal() + shift * byCluster[i]!)
  const w = Float64Array.from({ length: n }, () => g.below(5))
  return { block, cluster, byRow, byCluster, x, w }
}

test('shares that differ by block look like imbalance, unless the blocks are named', () => {
  const data = drawn(1)
  const naive = balance(data, { treatment: 'byRow', covariates: ['x', 'w'] })
  const blocked = balance(data, { treatment: 'byRow', covariates: ['x', 'w'], blocks: 'block' })
  assert.ok(naive.joint[0]!.p_value! < 1e-6 && blocked.joint[0]!.p_value! > 0.01, `${naive.joint[0]!.p_value} ${blocked.joint[0]!.p_value}`)
  assert.equal(blocked.joint.length, 1)
})

test('with clusters the joint test is an F test with a cluster less than there are', () => {
  const { joint } = balance(drawn(2), { treatment: 'byCluster', covariates: ['x', 'w'], clusters: 'cluster' })
  assert.deepEqual([joint.length, joint[0]!.df, (joint[0] as unknown as { df2: number }).df2], [1, 2, 39])
  assert.ok(joint[0]!.p_value! > 0.01)
  assert.ok(balance(drawn(2, 3), { treatment: 'byCluster', covariates: ['x', 'w'], clusters: 'cluster' }).joint[0]!.p_value! < 1e-4)
})

test('neither the unit of a covariate nor the order of the rows changes the table', () => {
  const data = drawn(3)
  const one = balance(data, { treatment: 'byRow', covariates: ['x', 'w'] })
  const other = balance({ byRow: data.byRow.toReversed(), x: data.x.toReversed().map((v) => 1e6 * v - 5), w: data.w.toReversed() }, { treatment: 'byRow', covariates: ['x', 'w'] })
  for (const [j, row] of one.joint.entries()) near(other.joint[j]!.estimate / row.estimate, 1, 1e-9)
  for (const [j, row] of one.differences.entries()) near(other.differences[j]!.estimate / row.estimate, 1, 1e-9)
})

test('a covariate that follows from the others is named and left out; one that never varies is refused', () => {
  const data = drawn(4)
  const doubled = balance({ ...data, again: data.x.map((v) => 2 * v) }, { treatment: 'byRow', covariates: ['x', 'w', 'again'] })
  assert.deepEqual(doubled.aliased, ['again'])
  assert.equal(doubled.joint[0]!.df, 2)
  assert.equal(doubled.differences.length, 3)
  assert.throws(() => balance({ ...data, same: new Float64Array(400).fill(2) }, { treatment: 'byRow', covariates: ['same'] }), code('causal.constant_column'))
  assert.throws(() => balance({ ...data, x: data.x.with(2, Number.NaN) }, { treatment: 'byRow', covariates: ['x'] }), code('causal.not_finite'))
})
