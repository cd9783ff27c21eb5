import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { policyActions, policyTree } from './policy-tree.ts'

/** n rows with scores of `actions` actions and p covariates of few values. */
function trial(seed: number, n: number, actions: number, p: number): Record<string, Float64Array> {
  const g = generator(seed, 'policy')
  const column = (draw: () => number): Float64Array => Float64Array.from({ length: n }, draw)
  return Object.fromEntries([
    ...Array.from({ length: actions }, (_, a) => [`s${a}`, column(() => g.normal())] as const),
    ...Array.from({ length: p }, (_, j) => [`x${j}`, column(() => g.below(2 + j))] as const),
  ])
}

const names = (letter: string, count: number): string[] => Array.from({ length: count }, (_, k) => `${letter}${k}`)

/** The best sum of scores over all trees, by trying every one. */
function brute(data: Record<string, Float64Array>, scores: string[], covariates: string[], costs: readonly number[], rows: number[], depth: number, minLeaf: number): number {
  if (rows.length < minLeaf) return -Infinity
  let best = Math.max(...scores.map((s, a) => rows.reduce((total, i) => total + data[s]![i]! - costs[a]!, 0)))
  if (depth === 0) return best
  for (const x of covariates) {
    for (const at of new Set(rows.map((i) => data[x]![i]!))) {
      const low = rows.filter((i) => data[x]![i]! <= at)
      const high = rows.filter((i) => data[x]![i]! > at)
      if (low.length < minLeaf || high.length < minLeaf) continue
      best = Math.max(best, brute(data, scores, covariates, costs, low, depth - 1, minLeaf) + brute(data, scores, covariates, costs, high, depth - 1, minLeaf))
    }
  }
  return best
}

test('law: no tree is better than the one found, at depths 1 to 3, with two and three actions, costs and a smallest leaf', (t) => {
  const seed = Number(process.env['FC_SEED'] ?? 20260311)
  t.diagnostic(`fast-check seed ${seed}`)
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 12, max: 50 }), fc.integer({ min: 2, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 }), (own, n, actions, depth, minLeaf) => {
      const data = trial(own, n, actions, 3)
      const scores = names('s', actions)
      const covariates = names('x', 3)
      const costs = scores.map((_, a) => a * 0.1)
      const { tree, learnedValue, binned } = policyTree(data, { scores, covariates, depth, costs, minLeaf })
      const rows = Array.from({ length: n }, (_, i) => i)
      const best = brute(data, scores, covariates, costs, rows, depth, minLeaf) / n
      assert.ok(Math.abs(learnedValue - best) < 1e-8, `${learnedValue} is not ${best}`)
      const action = policyActions(data, tree, n)
      const own_ = rows.reduce((total, i) => total + data[`s${action[i]!}`]![i]! - costs[action[i]!]!, 0) / n
      assert.ok(Math.abs(own_ - learnedValue) < 1e-9, 'the rule has the value it claims')
      assert.deepEqual(binned, [])
    }),
    { seed, numRuns: 60 },
  )
})

/** For each number of treated rows the best sum of gains of all trees that treat so many. */
function bestByTreated(data: Record<string, Float64Array>, covariates: string[], rows: number[], depth: number): Float64Array {
  const best = new Float64Array(rows.length + 1).fill(-Infinity)
  best[0] = 0
  best[rows.length] = Math.max(best[rows.length]!, rows.reduce((total, i) => total + data['s1']![i]! - data['s0']![i]!, 0))
  for (const x of depth === 0 ? [] : covariates) {
    for (const at of new Set(rows.map((i) => data[x]![i]!))) {
      const [low, high] = [rows.filter((i) => data[x]![i]! <= at), rows.filter((i) => data[x]![i]! > at)]
      if (high.length === 0) continue
      const [a, b] = [bestByTreated(data, covariates, low, depth - 1), bestByTreated(data, covariates, high, depth - 1)]
      for (const [k, v] of a.entries()) for (const [l, w] of b.entries()) best[k + l] = Math.max(best[k + l]!, v + w)
    }
  }
  return best
}

test('law: with a budget no more are treated, and no tree that treats as many or fewer is better', (t) => {
  const seed = Number(process.env['FC_SEED'] ?? 20260312)
  t.diagnostic(`fast-check seed ${seed}`)
  let bound = 0
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 8, max: 24 }), fc.integer({ min: 1, max: 2 }), fc.double({ min: 0.05, max: 1, noNaN: true }), (own, n, depth, budget) => {
      const data = trial(own, n, 2, 3)
      const { tree, learnedValue } = policyTree(data, { scores: ['s0', 's1'], covariates: names('x', 3), depth, budget })
      const action = policyActions(data, tree, n)
      const treated = action.reduce((total, a) => total + a, 0)
      assert.ok(treated <= budget * n + 1e-9, `${treated} of ${n} with a budget of ${budget}`)
      const value = action.reduce((total, a, i) => total + data[`s${a}`]![i]!, 0) / n
      assert.ok(Math.abs(value - learnedValue) < 1e-9, 'the value is without the price')
      const base = data['s0']!.reduce((total, v) => total + v, 0)
      const best = (base + Math.max(...bestByTreated(data, names('x', 3), Array.from({ length: n }, (_, i) => i), depth).subarray(0, treated + 1))) / n
      assert.ok(Math.abs(value - best) < 1e-9, `${value} is not ${best}`)
      const free = policyActions(data, policyTree(data, { scores: ['s0', 's1'], covariates: names('x', 3), depth }).tree, n).reduce((total, a) => total + a, 0)
      if (free > budget * n) bound++
      else assert.equal(treated, free)
    }),
    { seed, numRuns: 80 },
  )
  assert.ok(bound > 20, `the budget binds in ${bound} cases`)
})

test('a rule that is there is found, and columns with more values than codes are named', () => {
  const g = generator(7, 'step')
  const n = 4000
  const x0 = Float64Array.from({ length: n }, () => g.uniform())
  const x1 = Float64Array.from({ length: n }, () => g.below(2))
  const s1 = Float64Array.from(x0, (v, i) => (v <= 0.5 && x1[i] === 1 ? 1 : -1) + 0.5 * g.normal())
  const found = policyTree({ s0: new Float64Array(n), s1, x0, x1 }, { scores: ['s0', 's1'], covariates: ['x0', 'x1'], depth: 2 })
  assert.deepEqual(found.binned, ['x0'])
  const action = policyActions({ x0, x1 }, found.tree, n)
  const right = action.filter((a, i) => a === (x0[i]! <= 0.5 && x1[i] === 1 ? 1 : 0)).length / n
  assert.ok(right > 0.99, `${right}`)
})

test('where no action is better than the first, nobody is treated', () => {
  const { tree } = policyTree({ s0: new Float64Array(4), s1: Float64Array.of(-1, -1, -2, 0), x: Float64Array.of(1, 2, 3, 4) }, { scores: ['s0', 's1'], covariates: ['x'], depth: 2 })
  assert.deepEqual(tree, { action: 0, rows: 4 })
})

test('a score that is no number is refused with its row', () => {
  const data = { s0: Float64Array.of(0, 0), s1: Float64Array.of(1, NaN), x: Float64Array.of(1, 2) }
  assert.throws(() => policyTree(data, { scores: ['s0', 's1'], covariates: ['x'], depth: 1 }), (e: unknown) => isFault(e) && e.code === 'causal.not_finite')
})
