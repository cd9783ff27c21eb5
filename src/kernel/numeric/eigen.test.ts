import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator, inverseRootOfComplement, matrix, multiply, symmetricEigen, symmetricFunction, transpose, type Matrix } from './index.ts'

/** Q'Q of some rows, scaled. */
function gram(k: number, rows: number, size: number, name: string): Matrix {
  const g = generator(17, name)
  const q = matrix(rows, k, Float64Array.from({ length: rows * k }, () => g.normal()))
  const t = multiply(transpose(q), q)
  const length = Math.sqrt(t.values.reduce((s, x) => s + x * x, 0))
  return matrix(k, k, t.values.map((x) => (x * size) / length))
}

const far = (a: Matrix, b: Matrix) => Math.max(...a.values.map((x, at) => Math.abs(x - b.values[at]!)))

test('V diag(λ) V\' is the matrix, and V is orthonormal', () => {
  for (const k of [1, 2, 5, 22]) {
    const a = gram(k, 3, 10, `eigen ${k}`)
    const { vectors } = symmetricEigen(a)
    assert.ok(far(symmetricFunction(a, (x) => x), a) < 1e-13)
    assert.ok(far(multiply(transpose(vectors), vectors), matrix(k, k, Float64Array.from({ length: k * k }, (_, at) => (at % (k + 1) === 0 ? 1 : 0)))) < 1e-14)
  }
})

test('(I − T)^(−1/2) by series and by eigenvalues agree to the last digits, whatever the size of T', () => {
  for (const size of [0, 1e-12, 1e-6, 1e-4, 2e-3, 0.01, 0.049, 0.051, 0.3, 0.9]) {
    const t = gram(9, 4, size, 'complement')
    const direct = symmetricFunction(t, (x) => 1 / Math.sqrt(1 - x))
    assert.ok(far(inverseRootOfComplement(t, 1e-10), direct) < 1e-14, `size ${size}`)
  }
})

test('a direction that T takes whole is left out', () => {
  const t = matrix(2, 2, Float64Array.of(1, 0, 0, 0.75))
  assert.ok(far(inverseRootOfComplement(t, 1e-10), matrix(2, 2, Float64Array.of(0, 0, 0, 2))) < 1e-14)
})
