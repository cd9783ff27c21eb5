import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lmLin, lmRobust } from '#kernel/causal'
import { generator, multiply, transpose, type Matrix } from '#kernel/numeric'
import { blockRows } from './feed.ts'
import { FirstPass } from './first-pass.ts'

const n = 20 * 4_096

/** Blocks of columns of a constant, marks, counts, and one that `last` makes; n rows in all. */
function* blocks(last: (normal: number, mark: number) => number): Generator<Float64Array> {
  const g = generator(20261129, 'first pass')
  for (let at = 0; at < n; at += blockRows) {
    const block = new Float64Array(4 * blockRows)
    for (let i = 0; i < blockRows; i++) {
      const mark = g.below(2)
      block.set([1], i)
      block.set([mark], blockRows + i)
      block.set([g.below(48)], 2 * blockRows + i)
      block.set([last(g.normal(), mark)], 3 * blockRows + i)
    }
    yield block
  }
}

function factorOf(foldAll: boolean, last: (normal: number, mark: number) => number): { readonly products: Matrix; readonly passes: number } {
  const pass = new FirstPass(4, foldAll)
  let passes = 0
  do {
    passes += 1
    for (const block of blocks(last)) pass.add(block, blockRows)
  } while (!pass.end())
  const r = pass.matrix()
  return { products: multiply(transpose(r), r), passes }
}

/** Largest difference in units of the columns' lengths. */
function apart(a: Matrix, b: Matrix): number {
  const length = (j: number) => Math.sqrt(b.values[j * 4 + j]!)
  return Math.max(...a.values.map((value, at) => Math.abs(value - b.values[at]!) / (length(at % 4) * length(Math.floor(at / 4)))))
}

test('products stand in for reflections where they lose nothing', () => {
  const plain = (normal: number, mark: number) => mark + normal
  const [folded, summed] = [factorOf(true, plain), factorOf(false, plain)]
  assert.equal(summed.passes, 1)
  assert.ok(apart(summed.products, folded.products) < 1e-13, String(apart(summed.products, folded.products)))
})

test('columns that nearly explain each other, years among them, are folded in a further pass, to the same bits as at once', () => {
  for (const last of [(normal: number) => 1990 + normal, (normal: number, mark: number) => mark + 1e-4 * normal]) {
    const [folded, again] = [factorOf(true, last), factorOf(false, last)]
    assert.equal(again.passes, 2)
    assert.deepEqual(again.products, folded.products)
  }
})

test('a regression on years keeps the digits that products would lose, in one arm or in all', () => {
  const g = generator(20261129, 'years')
  const rows = 12_000
  const year = Float64Array.from({ length: rows }, () => g.below(5))
  const z = Float64Array.from({ length: rows }, () => g.below(2))
  const y = year.map((value, i) => value + z[i]! + g.normal())
  const near = { y, z, year }
  const far = { y, z, year: year.map((value) => value + 1_990) }
  const terms = ['z', 'year']
  for (const [a, b] of [
    [lmRobust(far, { outcome: 'y', terms }).estimates, lmRobust(near, { outcome: 'y', terms }).estimates],
    [lmLin(far, { outcome: 'y', treatment: 'z', covariates: ['year'] }).estimates, lmLin(near, { outcome: 'y', treatment: 'z', covariates: ['year'] }).estimates],
  ] as const) {
    for (const figure of ['estimate', 'std_error'] as const) assert.ok(Math.abs(a[1]![figure]! / b[1]![figure]! - 1) < 1e-10, `${figure}: ${a[1]![figure]} and ${b[1]![figure]}`)
  }
  // An arm of which one column nearly explains another comes again, the other arm does not.
  const twin = { ...near, other: year.map((value, i) => (z[i] === 1 ? value + 1e-5 * g.normal() : g.normal())) }
  const covariates = ['year', 'other']
  const once = lmLin(twin, { outcome: 'y', treatment: 'z', covariates }).estimates
  const turned = lmLin(twin, { outcome: 'y', treatment: 'z', covariates: covariates.toReversed() }).estimates
  assert.ok(Math.abs(once[1]!.estimate / turned[1]!.estimate - 1) < 1e-7)
})
