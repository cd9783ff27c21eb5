import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differenceInMeans, lmRobust, type Columns } from '#kernel/causal'
import { generator } from '#kernel/numeric'

const close = (got: number | null, want: number, what: string) => assert.ok(Math.abs(got! - want) <= 1e-11 * Math.max(1, Math.abs(want)), `${what}: ${String(got)}, wanted ${want}`)
const code = (name: string) => ({ code: `causal.${name}` })

test('by hand: five rows', () => {
  const row = differenceInMeans({ y: [1, 2, 6, 4, 8], z: [0, 0, 0, 1, 1] }, { outcome: 'y', treatment: 'z' })
  close(row.estimate, 3, 'difference')
  close(row.std_error, Math.sqrt(7 / 3 + 8 / 2), 'error') // s² = 7 of three rows, 8 of two
  close(row.df, (7 / 3 + 4) ** 2 / ((7 / 3) ** 2 / 2 + 4 ** 2 / 1), 'Welch')
  assert.deepEqual([row.n, row.term, row.formula], [5, 'z', 'y ~ z'])
})

test('arms may be named, and then text is enough', () => {
  const data = { y: [1, 2, 6, 4, 8, 3], arm: ['none', 'none', 'none', 'mail', 'mail', 'mail'] }
  const row = differenceInMeans(data, { outcome: 'y', treatment: 'arm', arms: ['none', 'mail'] })
  close(row.estimate, 2, 'difference')
  assert.equal(row.term, 'armmail')
})

test('a difference between clusters is the clustered regression, CR2 with its degrees of freedom', () => {
  const g = generator(21, 'clustered difference')
  const cluster = Array.from({ length: 90 }, (_, i) => (i < 13 ? i : g.below(13)))
  const data = { cluster: cluster.map(String), z: cluster.map((c) => c % 2), y: cluster.map((c) => c / 3 + g.normal()) }
  const row = differenceInMeans(data, { outcome: 'y', treatment: 'z', clusters: 'cluster' })
  const other = lmRobust(data, { outcome: 'y', terms: ['z'], clusters: 'cluster' }).estimates[1]!
  for (const name of ['estimate', 'std_error', 'df', 'p_value'] as const) close(row[name], other[name]!, name)
})

test('blocks are averaged by size; inside each, clusters if these were drawn', () => {
  const g = generator(22, 'blocks')
  const rows = Array.from({ length: 240 }, (_, i) => ({ block: i % 3, cluster: i % 24 }))
  const z = rows.map(({ cluster }) => (cluster % 8 < 4 ? 1 : 0))
  const data: Columns = { y: rows.map(({ block, cluster }) => block + cluster / 9 + g.normal()), z, b: rows.map(({ block }) => block), c: rows.map(({ cluster }) => cluster) }
  for (const clusters of [undefined, 'c'] as const) {
    const whole = differenceInMeans(data, { outcome: 'y', treatment: 'z', blocks: 'b', ...(clusters === undefined ? {} : { clusters }) })
    let estimate = 0
    let variance = 0
    for (const b of [0, 1, 2]) {
      const at = rows.flatMap(({ block }, i) => (block === b ? [i] : []))
      const part = Object.fromEntries(Object.entries(data).map(([name, values]) => [name, at.map((i) => values[i] as number)]))
      const one = differenceInMeans(part, { outcome: 'y', treatment: 'z', ...(clusters === undefined ? {} : { clusters }) })
      estimate += one.estimate / 3
      variance += one.std_error! ** 2 / 9
    }
    close(whole.estimate, estimate, 'estimate')
    close(whole.std_error, Math.sqrt(variance), 'error')
    assert.equal(whole.df, clusters === undefined ? 240 - 6 : 24 - 6)
  }
})

test('pairs: the error is that of the mean of the differences', () => {
  const g = generator(23, 'pairs')
  const data = { y: Array.from({ length: 40 }, (_, i) => Math.floor(i / 2) + g.normal() + (i % 2)), z: Array.from({ length: 40 }, (_, i) => i % 2), pair: Array.from({ length: 40 }, (_, i) => Math.floor(i / 2)) }
  const row = differenceInMeans(data, { outcome: 'y', treatment: 'z', blocks: 'pair' })
  const differences = Array.from({ length: 20 }, (_, p) => data.y[2 * p + 1]! - data.y[2 * p]!)
  const mean = differences.reduce((a, b) => a + b) / 20
  close(row.estimate, mean, 'estimate')
  close(row.std_error, Math.sqrt(differences.reduce((s, d) => s + (d - mean) ** 2, 0) / 19 / 20), 'error')
  assert.deepEqual([row.df, row.options.design], [19, 'matched pairs'])
  // Pairs of clusters of unequal size: the same with each pair weighted by its rows (Imai, King, Nall 2009, equation 6).
  const size = (i: number) => 1 + (i % 3)
  const long = Array.from({ length: 40 }, (_, i) => Array.from({ length: size(i) }, () => ({ y: data.y[i]! + g.normal(), z: i % 2, pair: Math.floor(i / 2), c: i }))).flat()
  const wide = Object.fromEntries((['y', 'z', 'pair', 'c'] as const).map((name) => [name, long.map((r) => r[name])]))
  const clustered = differenceInMeans(wide, { outcome: 'y', treatment: 'z', blocks: 'pair', clusters: 'c' })
  const parts = Array.from({ length: 20 }, (_, p) => {
    const arm = (z: number) => long.filter((r) => r.pair === p && r.z === z).map((r) => r.y)
    const average = (values: number[]) => values.reduce((a, b) => a + b) / values.length
    return { n: arm(0).length + arm(1).length, tau: average(arm(1)) - average(arm(0)) }
  })
  const n = long.length
  const tau = parts.reduce((s, p) => s + (p.n / n) * p.tau, 0)
  close(clustered.estimate, tau, 'clustered pairs')
  close(clustered.std_error, Math.sqrt((20 / 19 / n / n) * parts.reduce((s, p) => s + (p.n * p.tau - (n * tau) / 20) ** 2, 0)), 'their error')
})

test('equal weights change nothing but the degrees of freedom; weights with blocks are refused', () => {
  const g = generator(24, 'weights')
  const data = { y: Array.from({ length: 50 }, () => g.normal()), z: Array.from({ length: 50 }, (_, i) => i % 2), w: Array.from({ length: 50 }, () => 3), b: Array.from({ length: 50 }, (_, i) => i % 5) }
  const plain = differenceInMeans(data, { outcome: 'y', treatment: 'z' })
  const weighted = differenceInMeans(data, { outcome: 'y', treatment: 'z', weights: 'w' })
  close(weighted.estimate, plain.estimate, 'estimate')
  close(weighted.std_error, plain.std_error!, 'error')
  assert.equal(weighted.df, 48)
  assert.throws(() => differenceInMeans(data, { outcome: 'y', treatment: 'z', weights: 'w', blocks: 'b' }), code('weights_with_blocks'))
})

test('what cannot be compared is refused, each with its own code', () => {
  const spec = { outcome: 'y', treatment: 'z' }
  const y = [1, 2, 3, 4, 5, 7]
  assert.throws(() => differenceInMeans({ y, z: [1, 1, 1, 1, 1, 1] }, spec), code('one_arm'))
  assert.throws(() => differenceInMeans({ y, z: [0, 1, 1, 1, 1, 1] }, spec), code('one_row_arm'))
  assert.throws(() => differenceInMeans({ y, z: [0, 1, 2, 1, 1, 0] }, spec), { ...code('unknown_arm'), data: { treatment: 'z', row: 3, value: '2', arms: '0, 1' } })
  assert.throws(() => differenceInMeans({ y: [1, NaN, 3, 4, 5, 7], z: [0, 1, 0, 1, 0, 1] }, spec), { ...code('not_finite'), data: { column: 'y', row: 2, value: 'NaN' } })
  assert.throws(() => differenceInMeans({ y: [1, 2, 3, -Infinity, 5, 7], z: [0, 1, 0, 1, 0, 1] }, spec), code('not_finite'))
  assert.throws(() => differenceInMeans({ y, z: [0, NaN, 0, 1, 0, 1] }, spec), code('not_finite'))
  assert.throws(() => differenceInMeans({ y: ['a', 'b', 'c', 'd', 'e', 'f'], z: [0, 1, 0, 1, 0, 1] }, spec), code('not_numbers'))
  assert.throws(() => differenceInMeans({ y }, spec), code('no_column'))
  assert.throws(() => differenceInMeans({ y: [3, 3, 3, 3, 3, 3], z: [0, 1, 0, 1, 0, 1] }, spec), code('perfect_fit'))
  const blocks = { y, z: [0, 0, 1, 1, 0, 1], b: [1, 1, 1, 1, 2, 2] }
  assert.throws(() => differenceInMeans(blocks, { ...spec, blocks: 'b' }), { ...code('thin_block'), data: { block: '2', arm: '0', units: 1, unit: 'row' } })
  assert.equal(differenceInMeans(blocks, { ...spec, blocks: 'b', thinBlocks: 'drop' }).n, 4)
  assert.throws(() => differenceInMeans({ ...blocks, b: [1, 1, 1, 1, 2, 2], z: [0, 0, 1, 1, 1, 1] }, { ...spec, blocks: 'b' }), { ...code('thin_block'), data: { block: '2', arm: '0', units: 0, unit: 'row' } })
  assert.throws(() => differenceInMeans({ y, z: [0, 0, 1, 1, 1, 1], c: [1, 1, 2, 2, 3, 3] }, { ...spec, clusters: 'c' }), code('one_cluster_arm'))
  assert.throws(() => differenceInMeans({ y, z: [0, 1, 1, 1, 0, 1], c: [1, 1, 2, 2, 3, 3] }, { ...spec, clusters: 'c' }), code('cluster_split'))
  assert.throws(() => differenceInMeans({ y, z: [0, 1] }, spec), TypeError)
})
