import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator } from './generator.ts'
import { cholesky, invertUpper, matrix, multiply, solveUpper, transpose } from './matrix.ts'
import { DoubleSums, sum } from './sum.ts'
import { pivotedQr, TriangularFactor } from './triangle.ts'

const random = (rows: number, columns: number, name: string) => {
  const g = generator(11, name)
  return matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => g.normal()))
}

test('R\'R is A\'A, for any block size and after merging parts', () => {
  const a = random(500, 9, 'tall')
  const want = multiply(transpose(a), a).values
  for (const size of [1, 7, 128, 500]) {
    const whole = new TriangularFactor(9)
    const parts = [new TriangularFactor(9), new TriangularFactor(9)]
    for (let from = 0; from < 500; from += size) {
      const rows = Math.min(size, 500 - from)
      const block = new Float64Array(9 * size)
      for (let j = 0; j < 9; j++) block.set(a.values.subarray(j * 500 + from, j * 500 + from + rows), j * size)
      parts[from < 250 ? 0 : 1]!.fold(block.slice(), rows, size)
      whole.fold(block, rows, size)
    }
    parts[0]!.merge(parts[1]!)
    for (const r of [whole.matrix(), parts[0]!.matrix()]) {
      const got = multiply(transpose(r), r).values
      for (let i = 0; i < want.length; i++) assert.ok(Math.abs(got[i]! - want[i]!) < 1e-10)
      for (let j = 0; j < 9; j++) for (let i = j + 1; i < 9; i++) assert.equal(r.values[j * 9 + i], 0)
    }
  }
})

test('a column that the ones before it explain is dropped, the first of a set is kept, as lm does in R', () => {
  const a = random(40, 6, 'alias')
  for (let i = 0; i < 40; i++) {
    a.values[2 * 40 + i] = a.values[i]! - 2 * a.values[40 + i]!
    a.values[4 * 40 + i] = 0
  }
  const { kept, dropped, factor, rest } = pivotedQr(a, 5)
  assert.deepEqual(kept, [0, 1, 3])
  assert.deepEqual(dropped, [2, 4])
  // The residual of the right-hand side is orthogonal to what was kept: compare with the normal equations.
  const x = matrix(40, 3, Float64Array.from([0, 1, 3].flatMap((j) => [...a.values.subarray(j * 40, j * 40 + 40)])))
  const gram = multiply(transpose(x), x)
  const r = cholesky(gram)!
  const y = matrix(40, 1, a.values.slice(200))
  const xy = multiply(transpose(x), y)
  const byNormal = multiply(invertUpper(r), multiply(transpose(invertUpper(r)), xy))
  const byQr = solveUpper(factor, rest)
  for (let j = 0; j < 3; j++) assert.ok(Math.abs(byNormal.values[j]! - byQr.values[j]!) < 1e-12)
})

test('a matrix that is not positive definite has no Cholesky factor', () => {
  assert.equal(cholesky(matrix(2, 2, Float64Array.of(1, 2, 2, 1))), null)
})

test('compensated sums have the digits that plain ones lose, in any order', () => {
  const values = Float64Array.from([1e16, 1, -1e16, 3, 1e-8, -1e-8, 1e100, -1e100, 0.5])
  assert.equal(sum(values), 4.5)
  assert.equal(sum(values.toReversed()), 4.5)
  // Variance of numbers near 1e9 with spread 1: sums of squares have 18 digits before the ones that matter.
  const s = new DoubleSums(2)
  const g = generator(3, 'shift')
  let mean = 0
  let m2 = 0
  for (let n = 1; n <= 10_000; n++) {
    const small = g.below(1000) / 1024
    const d = small - mean
    mean += d / n
    m2 += d * (small - mean)
    const x = 1e9 + small
    s.add(0, x)
    s.addProduct(1, x, x)
  }
  const got = s.centered(1, 0, 0, 10_000)
  assert.ok(Math.abs(got - m2) < 1e-10 * m2, `${got} ${m2}`)
})
