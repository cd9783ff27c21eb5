import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { experiments, referenceRows, withoutReference } from '#test/reference'
import { sampleRatio, sequentialSampleRatio } from './sample-ratio.ts'

const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted

test('reference: every srm_chi_square row of every experiment', { skip: withoutReference }, (t) => {
  let compared = 0
  for (const experiment of experiments) {
    for (const theirs of referenceRows(experiment, 'srm_chi_square')) {
      const { counts, planned, arms } = theirs.options as unknown as { counts: number[]; planned: number[]; arms: string[] }
      const ours = sampleRatio(counts, planned, arms)
      assert.ok(Math.abs(ours.estimate - theirs.estimate!) <= 1e-9 * theirs.estimate! || theirs.estimate === 0, `${experiment}: ${ours.estimate} is not ${theirs.estimate}`)
      assert.ok(Math.abs(ours.p_value! - theirs.p_value!) <= 1e-7 * theirs.p_value!)
      assert.deepEqual([ours.df, ours.n, ours.term], [theirs.df, theirs.n, theirs.term])
      compared += 1
    }
  }
  t.diagnostic(`${compared} rows compared`)
  assert.ok(compared > 0)
})

test('the sequential factor is the product of predictive over planned probabilities, unit by unit', () => {
  // Pólya's urn: after counts n_j the next unit is of arm j with probability (c π_j + n_j) / (c + n). The product is the same in any order.
  const planned = [1, 2, 1]
  const shares = [0.25, 0.5, 0.25]
  for (const order of [[0, 1, 1, 2, 1, 0, 0, 0], Array.from({ length: 3000 }, (_, i) => (i * 7) % 3)]) {
    const counts = [0, 0, 0]
    let log = 0
    for (const j of order) {
      log += Math.log((100 * shares[j]! + counts[j]!) / (100 + counts[0]! + counts[1]! + counts[2]!) / shares[j]!)
      counts[j]! += 1
    }
    const ours = sequentialSampleRatio(counts, planned)
    assert.ok(Math.abs(ours.logBayesFactor - log) <= 1e-9 * Math.max(1, Math.abs(log)), `${ours.logBayesFactor} is not ${log}`)
  }
  assert.ok(Math.abs(sequentialSampleRatio([0, 0], [1, 1]).logBayesFactor) < 1e-12)
})

test('the highest factor so far decides, and is carried from look to look', () => {
  const bad = sequentialSampleRatio([600, 400], [1, 1])
  assert.ok(bad.alarm && bad.pValue < 0.001 && bad.highest === bad.logBayesFactor)
  const later = sequentialSampleRatio([1000, 1000], [1, 1], { before: bad.highest })
  assert.ok(later.logBayesFactor < 0 && later.highest === bad.highest && later.alarm && later.pValue === bad.pValue)
  assert.equal(sequentialSampleRatio([1000, 1000], [1, 1]).pValue, 1)
})

test('millions of units lose no digits that matter', () => {
  // By symmetry of the two arms the factor of (n + d, n − d) is that of (n − d, n + d).
  const one = sequentialSampleRatio([5_001_234, 4_998_766], [1, 1]).logBayesFactor
  const two = sequentialSampleRatio([4_998_766, 5_001_234], [1, 1]).logBayesFactor
  assert.ok(Math.abs(one - two) < 1e-9)
  // Normal approximation for large counts: −½ ln(1 + n/c) + z²/2 · n/(n + c), z = d/√n·2; its error is of order 1/√n.
  const n = 10_000_000
  const z = 2468 / Math.sqrt(n)
  assert.ok(Math.abs(one - (-0.5 * Math.log(1 + n / 100) + (z * z * n) / (2 * (n + 100)))) < 0.01, `${one}`)
})

test('counts and plans that make no test are refused with a code', () => {
  assert.throws(() => sampleRatio([1, -1], [1, 1]), code('causal.count_refused'))
  assert.throws(() => sampleRatio([1, 1.5], [1, 1]), code('causal.count_refused'))
  assert.throws(() => sampleRatio([1, 1], [1, 0]), code('causal.plan_refused'))
  assert.throws(() => sampleRatio([1], [1]), code('causal.plan_refused'))
  assert.throws(() => sampleRatio([0, 0], [1, 1]), code('causal.no_rows'))
  assert.throws(() => sampleRatio([1, 1], [1]), TypeError)
})
