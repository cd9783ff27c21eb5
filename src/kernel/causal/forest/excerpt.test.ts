import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { generator } from '#kernel/numeric'
import { codeColumns } from './codes.ts'
import { growerFor } from './excerpt.ts'
import { layoutsFor } from './forest.ts'
import type { Growing, Growth, Target } from './growth.ts'
import { groupSeeds } from './options.ts'
import { makeGrower, makeTree, type Grower } from './tree.ts'

const growing: Growing = { numTrees: 10, sampleFraction: 0.5, mtry: 6, minNodeSize: 2, honesty: true, honestyFraction: 0.5, honestyPruneLeaves: true, alpha: 0.05, imbalancePenalty: 0, ciGroupSize: 2 }
const n = 3000
const mostRows = 750

/** Columns of two values, of few, of some, of many, and of many with missing ones. */
function trial(seed: number): { readonly columns: Record<string, Float64Array>; readonly y: Float64Array; readonly w: Float64Array; readonly z: Float64Array; readonly rows: Int32Array } {
  const g = generator(seed, 'excerpts')
  const column = (draw: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => draw(i))
  const two = (): Float64Array => column(() => g.below(2))
  const columns = { a: two(), b: two(), c: two(), d: two(), few: column(() => g.below(9)), some: column(() => g.below(120)), many: column(() => g.normal()), gaps: column(() => (g.uniform() < 0.2 ? Number.NaN : g.normal())) }
  const z = column(() => g.below(2))
  const w = column((i) => 0.7 * z[i]! + g.uniform())
  const y = column((i) => columns.a[i]! + columns.many[i]! * w[i]! + (Number.isNaN(columns.gaps[i]!) ? 1 : 0) + g.normal())
  const rows = Int32Array.from({ length: n }, (_, i) => i).filter(() => g.uniform() < 0.24).slice(0, mostRows)
  return { columns, y, w, z, rows }
}

suite('an excerpt', () => {
  for (const [name, change] of [
    ['a mean', ({ y }: { y: Float64Array }) => ({ target: { kind: 'response', y } })],
    ['a mean, rows with weights', ({ y, z }: { y: Float64Array; z: Float64Array }) => ({ target: { kind: 'response', y }, weights: z.map((v) => 1 + v) })],
    ['classes', ({ z }: { z: Float64Array }) => ({ target: { kind: 'classes', label: Uint8Array.from(z), count: 2 } })],
    ['an effect of two arms', ({ y, z }: { y: Float64Array; z: Float64Array }) => ({ target: { kind: 'effect', y, w: z } })],
    ['an effect of a dose', ({ y, w }: { y: Float64Array; w: Float64Array }) => ({ target: { kind: 'effect', y, w } })],
    ['an effect by an instrument, rows with weights', ({ y, w, z }: { y: Float64Array; w: Float64Array; z: Float64Array }) => ({ target: { kind: 'instrument', y, w, z }, weights: z.map((v) => 1 + v) })],
  ] as const satisfies readonly (readonly [string, (data: ReturnType<typeof trial>) => { readonly target: Target; readonly weights?: Float64Array }])[]) {
    test(`law: trees for ${name} are the same on an excerpt and on all rows`, () => {
      for (let seed = 1; seed <= 3; seed++) {
        const data = trial(seed)
        const coded = codeColumns(data.columns, Object.keys(data.columns))
        const { target, weights } = { weights: undefined, ...change(data) } as { readonly target: Target; readonly weights: Float64Array | undefined }
        const growth: Growth = { coded, target, growing, weights, clusters: undefined, seeds: groupSeeds(seed, 'excerpts', 1), keepTrees: false }
        const layouts = layoutsFor(coded, growing)
        const grow = (grower: Grower): { readonly nodes: number; readonly split: Int32Array } => {
          // The second tree's rows take the first one's place.
          const tree = makeTree(mostRows)
          grower.grow(data.rows.slice(0, mostRows / 2), Math.min(data.rows.length, mostRows / 2), growth.seeds.slice(0, 4), tree)
          grower.grow(data.rows, data.rows.length, growth.seeds.slice(0, 4), tree)
          return { nodes: tree.nodes, split: tree.split.slice(0, 2 * tree.nodes) }
        }
        const whole = grow(makeGrower(growth, layouts, mostRows))
        assert.ok(whole.nodes > 20, `${whole.nodes} nodes`)
        const missingLeft = Array.from({ length: whole.nodes }, (_, k) => whole.split[2 * k + 1] !== 0 && ((whole.split[2 * k]! >>> 16) & 1) === 1).filter(Boolean).length
        if (target.kind === 'response') assert.ok(missingLeft > 0, 'some missing values go left')
        assert.deepEqual(grow(growerFor(growth, layouts, mostRows, 0)), whole)
      }
    })
  }

  test('nothing is copied where all rows fit, where nodes draw few of many columns, and where splits are exact', () => {
    const data = trial(1)
    const growthOf = (exact: boolean, mtry: number): Growth => ({ coded: codeColumns(data.columns, ['a', 'b', 'c', 'd', 'few'], { exact }), target: { kind: 'response', y: data.y }, growing: { ...growing, mtry }, weights: undefined, clusters: undefined, seeds: groupSeeds(1, 'excerpts', 1), keepTrees: false })
    /** Of columns of few values an excerpt reads cells alone: with every code wiped out it grows the same tree. */
    const copies = (growth: Growth, most?: number): boolean => {
      const layouts = layoutsFor(growth.coded, growth.growing)
      const rows = data.rows.slice()
      const grower = growerFor(growth, layouts, mostRows, most)
      const grown = (): string => {
        const tree = makeTree(mostRows)
        grower.grow(rows, rows.length, growth.seeds.slice(0, 4), tree)
        return tree.split.slice(0, 2 * tree.nodes).join()
      }
      const before = grown()
      growth.coded.codes.fill(0)
      try {
        return grown() === before
      } catch {
        return false
      }
    }
    assert.equal(copies(growthOf(false, 6), 0), true)
    assert.equal(copies(growthOf(false, 6)), false)
    assert.equal(copies(growthOf(false, 2), 0), false)
    assert.equal(copies(growthOf(true, 6), 0), false)
  })
})
