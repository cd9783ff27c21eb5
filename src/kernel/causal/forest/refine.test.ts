import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { generator } from '#kernel/numeric'
import { codeAlike, codeColumns, lastGroup, type Coding } from './codes.ts'
import { layoutsFor } from './forest.ts'
import type { Growing, Growth, Target } from './growth.ts'
import { groupSeeds } from './options.ts'
import { regressionForest } from './regression-forest.ts'
import { makeGrower, makeTree } from './tree.ts'

const growing: Growing = { numTrees: 2, sampleFraction: 0.5, mtry: 9, minNodeSize: 1, honesty: true, honestyFraction: 0.5, honestyPruneLeaves: true, alpha: 0, imbalancePenalty: 0, ciGroupSize: 1 }
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((total, v) => total + v, 0) / values.length

/** The values where the root of a tree on all rows cuts, and the tree's nodes. */
function rootOf(columns: Readonly<Record<string, Float64Array>>, target: Target, coding: Coding, weights?: Float64Array): { readonly cut: number; readonly missingLeft: boolean; readonly nodes: number } {
  const coded = codeColumns(columns, Object.keys(columns), coding)
  const growth: Growth = { coded, target, growing, weights, clusters: undefined, seeds: groupSeeds(1, 'refining', 1), keepTrees: false }
  const tree = makeTree(coded.n)
  makeGrower(growth, layoutsFor(coded, growing), coded.n).grow(Int32Array.from({ length: coded.n }, (_, i) => i), coded.n, growth.seeds.slice(0, 4), tree)
  const [split] = tree.split
  const s = (split! >>> 16) & 1
  return { cut: coded.cuts[split! >>> 17]![(split! & 65_535) - s]!, missingLeft: s === 1, nodes: tree.nodes }
}

suite('a split between groups of codes', () => {
  const n = 3000
  const targets: readonly (readonly [string, (y: Float64Array, arm: Float64Array, dose: Float64Array) => { readonly target: Target; readonly weights?: Float64Array }])[] = [
    ['a mean', (y) => ({ target: { kind: 'response', y } })],
    ['a mean, rows with weights', (y, arm) => ({ target: { kind: 'response', y }, weights: arm.map((v) => 1 + v) })],
    ['classes', (y) => ({ target: { kind: 'classes', label: Uint8Array.from(y, (v) => (v > 0 ? 1 : 0)), count: 2 } })],
    ['an effect of two arms', (y, w) => ({ target: { kind: 'effect', y: y.map((v, i) => v * w[i]!), w } })],
    ['an effect of a dose, rows with weights', (y, arm, w) => ({ target: { kind: 'effect', y: y.map((v, i) => v * w[i]!), w }, weights: arm.map((v) => 1 + v) })],
  ]
  for (const [name, targetOf] of targets) {
    test(`law: a step is cut where sorting cuts it, wherever it is, for ${name}`, () => {
      for (let seed = 1; seed <= 8; seed++) {
        const g = generator(seed, 'steps')
        const x = Float64Array.from({ length: n }, () => g.normal())
        const gaps = x.map((v) => (g.uniform() < 0.1 ? Number.NaN : v))
        const step = g.normal()
        const y = x.map((v) => (v > step ? 1 : 0))
        const { target, weights } = { weights: undefined, ...targetOf(y, y.map(() => g.below(2)), y.map(() => g.uniform())) }
        for (const columns of [{ x }, { gaps }]) {
          const [refined, exact] = [rootOf(columns, target, {}, weights), rootOf(columns, target, { exact: true }, weights)]
          assert.deepEqual([refined.cut, refined.missingLeft], [exact.cut, exact.missingLeft], `seed ${seed}, step at ${step}`)
        }
      }
    })
  }

  test('the law would notice: groups by themselves miss most steps', () => {
    const g = generator(1, 'steps')
    const x = Float64Array.from({ length: n }, () => g.normal())
    const missed = [-1, -0.5, 0, 0.3, 0.7, 1, 1.5].filter((step) => {
      const target: Target = { kind: 'response', y: x.map((v) => (v > step ? 1 : 0)) }
      return rootOf({ x }, target, { refined: false }).cut !== rootOf({ x }, target, { exact: true }).cut
    })
    assert.ok(missed.length > 3, `${missed}`)
  })

  test('what lies within one group is found: twelve steps in the highest hundredth', async () => {
    const g = generator(2, 'tail')
    const x = Float64Array.from({ length: 24_000 }, () => g.uniform())
    const steps = (v: number): number => Math.max(0, Math.ceil((v - 0.99) * 1200)) % 2
    const data = { x, y: x.map((v) => 10 * steps(v) + 0.1 * g.normal()) }
    const errorWith = async (coding: Coding): Promise<number> => {
      const { predictions } = await regressionForest(data, { outcome: 'y', covariates: ['x'], coded: codeColumns(data, ['x'], coding), numTrees: 40, minNodeSize: 2, ciGroupSize: 1 })
      return mean(Array.from(predictions).flatMap((v, i) => (x[i]! > 0.99 ? [(v - 10 * steps(x[i]!)) ** 2] : [])))
    }
    const [refined, exact, coarse] = [await errorWith({}), await errorWith({ exact: true }), await errorWith({ refined: false })]
    assert.ok(refined < 1.2 * exact, `${refined} where sorting errs by ${exact}`)
    assert.ok(coarse > 2 * exact, `${coarse}: the test would notice`)
  })
})

suite('codes', () => {
  const g = generator(3, 'codes')
  const many = Float64Array.from({ length: 70_000 }, () => g.normal())

  test('law: a code is a value, in 64 groups of as many rows, where there are up to 65,535 of them', () => {
    const x = many.slice(0, 20_000)
    const { codes, cuts, groups, binned, top } = codeColumns({ x }, ['x'])
    assert.deepEqual([binned, top, cuts[0]!.length], [[], 65_535, 19_999])
    const rows = new Float64Array(64)
    for (const [i, value] of x.entries()) {
      const code = codes[i]!
      assert.ok((code === 0 || cuts[0]![code - 1]! < value) && (code === 19_999 || value <= cuts[0]![code]!))
      const group = groups[0]!.of[code]!
      assert.ok(groups[0]!.starts[group]! <= code && code < groups[0]!.starts[group + 1]!)
      rows[group]! += 1
    }
    assert.ok(rows.every((count) => Math.abs(count - 20_000 / 64) <= 1), String(rows))
  })

  test('of more values codes have two or three rows each, and the column is named', () => {
    const coded = codeColumns({ many }, ['many'])
    assert.deepEqual(coded.binned, ['many'])
    const rows = new Int32Array(coded.cuts[0]!.length + 1)
    for (const code of coded.codes) rows[code]! += 1
    assert.ok(rows.every((count) => count >= 1 && count <= 3), `${Math.min(...rows)} to ${Math.max(...rows)}`)
    assert.equal(lastGroup(coded, 0), 63)
    for (const start of coded.groups[0]!.starts.subarray(1, -1)) assert.ok(many.includes(coded.cuts[0]![start - 1]!))
  })

  test('a column of one value nearly everywhere can still be split, whichever value it is', () => {
    for (const atom of [0, 1000, 150]) {
      const x = Float64Array.from({ length: 30_000 }, (_, i) => (i < 300 ? i : atom))
      const y = x.map((v) => (v < 100 ? 1 : 0))
      const target: Target = { kind: 'response', y }
      assert.equal(rootOf({ x }, target, {}).cut, rootOf({ x }, target, { exact: true }).cut, `most are ${atom}`)
    }
  })

  test('law: other rows have the codes of the rows between which they lie', () => {
    const x = many.slice(0, 5000)
    const coded = codeColumns({ x }, ['x'])
    const again = codeAlike({ x }, coded)
    assert.deepEqual(Array.from(again.codes), Array.from(coded.codes))
    const beyond = codeAlike({ x: Float64Array.of(-100, 100, Number.NaN) }, coded)
    assert.deepEqual(Array.from(beyond.codes), [0, 4999, 65_535])
  })

  test('few values have a code each and no groups', () => {
    const few = Float64Array.from({ length: 1000 }, (_, i) => i % 255)
    const coded = codeColumns({ few }, ['few'])
    assert.deepEqual([coded.groups, coded.top, coded.codes instanceof Uint8Array], [[undefined], 255, true])
    assert.equal(codeColumns({ few: Float64Array.from({ length: 1000 }, (_, i) => i % 256) }, ['few']).groups[0]!.starts.length, 65)
  })
})
