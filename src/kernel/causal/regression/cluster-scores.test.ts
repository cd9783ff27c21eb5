import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factorColumns, ivRobust, lmLin, lmRobust, type Columns } from '#kernel/causal'
import { cholesky, generator, identity, invertUpper, matrix, multiply, symmetricFunction, transpose, type Matrix } from '#kernel/numeric'

/** CR2 and Satterthwaite as they are defined, with matrices of n×n: what the k×k forms must agree with. */
function byDefinition(x: Matrix, e: Float64Array, groups: readonly number[], w: Float64Array): { readonly covariance: Matrix; readonly df: number[] } {
  const n = x.rows
  const diagonal = matrix(n, n)
  for (let i = 0; i < n; i++) diagonal.values[i * n + i] = w[i]!
  const wx = multiply(diagonal, x)
  const root = cholesky(multiply(transpose(x), wx))!
  const bread = multiply(invertUpper(root), transpose(invertUpper(root)))
  const hat = multiply(multiply(x, bread), transpose(wx)) // fitted = H y
  const residualMaker = matrix(n, n, identity(n).values.map((v, at) => v - hat.values[at]!))
  const spread = multiply(residualMaker, transpose(residualMaker)) // Var e for Var y = I
  const own = [...new Set(groups)].map((g) => groups.flatMap((other, i) => (other === g ? [i] : [])))
  const sub = (a: Matrix, rows: readonly number[], columns: readonly number[]) => matrix(rows.length, columns.length, Float64Array.from(columns.flatMap((j) => rows.map((i) => a.values[j * a.rows + i]!))))
  const all = Array.from({ length: n }, (_, i) => i)
  const coefficients = Array.from({ length: x.columns }, (_, j) => j)
  const parts = own.map((rows) => {
    const adjust = symmetricFunction(sub(spread, rows, rows), (v) => (v > 1e-10 ? 1 / Math.sqrt(v) : 0))
    return { rows, bread: multiply(bread, multiply(transpose(sub(wx, rows, coefficients)), adjust)) } // k × n_g
  })
  const covariance = matrix(x.columns, x.columns)
  for (const part of parts) {
    const score = multiply(part.bread, matrix(part.rows.length, 1, Float64Array.from(part.rows, (i) => e[i]!)))
    const square = multiply(score, transpose(score))
    for (let at = 0; at < square.values.length; at++) covariance.values[at]! += square.values[at]!
  }
  const df = coefficients.map((j) => {
    const p = parts.map((part) => multiply(transpose(sub(residualMaker, part.rows, all)), transpose(sub(part.bread, [j], part.rows.map((_, i) => i)))))
    let trace = 0
    let squares = 0
    for (const [a, left] of p.entries()) {
      for (const [b, right] of p.entries()) {
        const product = multiply(transpose(left), right).values[0]!
        if (a === b) trace += product
        squares += product ** 2
      }
    }
    return trace ** 2 / squares
  })
  return { covariance, df }
}

function design(n: number, clusters: number, seed: number): { readonly data: Record<string, Float64Array>; readonly groups: number[] } {
  const g = generator(seed, 'clusters')
  const groups = Array.from({ length: n }, (_, i) => (i < clusters ? i : g.below(clusters)))
  const arm = groups.map((c) => c % 2)
  const shift = Array.from({ length: clusters }, () => g.normal())
  const column = (f: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => f(i))
  const a = column(() => g.normal())
  const b = column((i) => g.normal() + groups[i]! / 7)
  return {
    groups,
    data: { y: column((i) => a[i]! + arm[i]! + shift[groups[i]!]! + g.normal()), z: Float64Array.from(arm), a, b, w: column(() => 0.5 + 2 * g.uniform()), g: Float64Array.from(groups) },
  }
}

const close = (got: number, want: number, what: string) => assert.ok(Math.abs(got - want) <= 1e-9 * Math.max(Math.abs(want), 1e-3), `${what}: ${got}, wanted ${want}`)

for (const weighted of [false, true]) {
  test(`CR2 and its degrees of freedom from k x k matrices are those of the n x n definition, ${weighted ? 'with' : 'without'} weights, singletons included`, () => {
    const { data, groups } = design(60, 14, weighted ? 5 : 4)
    const { estimates, covariance, df } = lmRobust(data, { outcome: 'y', terms: ['z', 'a', 'b'], clusters: 'g', ...(weighted ? { weights: 'w' } : {}) })
    const x = matrix(60, 4, Float64Array.from([...new Float64Array(60).fill(1), ...data['z']!, ...data['a']!, ...data['b']!]))
    const e = data['y']!.map((y, i) => y - estimates.reduce((sum, row, j) => sum + row.estimate * x.values[j * 60 + i]!, 0))
    const want = byDefinition(x, e, groups, weighted ? data['w']! : new Float64Array(60).fill(1))
    for (let at = 0; at < 16; at++) close(covariance.values[at]!, want.covariance.values[at]!, `covariance ${at}`)
    for (let j = 0; j < 4; j++) close(df[j]!, want.df[j]!, `df ${j}`)
  })

  test(`Lin's regression by arms is the interacted regression, with every kind of error, ${weighted ? 'with' : 'without'} weights`, () => {
    const { data } = design(90, 18, 6)
    const weights = weighted ? { weights: 'w' } : {}
    const w = weighted ? data['w']! : new Float64Array(90).fill(1)
    const total = w.reduce((s, v) => s + v)
    const centred = (name: string) => {
      const mean = data[name]!.reduce((s, v, i) => s + v * w[i]!, 0) / total
      return data[name]!.map((v) => v - mean)
    }
    const wide: Columns = { ...data, a_c: centred('a'), b_c: centred('b'), 'z:a_c': centred('a').map((v, i) => v * data['z']![i]!), 'z:b_c': centred('b').map((v, i) => v * data['z']![i]!) }
    for (const error of [{ seType: 'classical' }, { seType: 'HC0' }, { seType: 'HC1' }, { seType: 'HC2' }, { seType: 'HC3' }, { seType: 'CR0', clusters: 'g' }, { seType: 'stata', clusters: 'g' }, { seType: 'CR2', clusters: 'g' }] as const) {
      const lin = lmLin(data, { outcome: 'y', treatment: 'z', covariates: ['a', 'b'], ...weights, ...error })
      const whole = lmRobust(wide, { outcome: 'y', terms: ['z', 'a_c', 'b_c', 'z:a_c', 'z:b_c'], ...weights, ...error })
      assert.deepEqual(lin.terms, whole.terms)
      for (const [j, row] of lin.estimates.entries()) {
        close(row.estimate, whole.estimates[j]!.estimate, `${error.seType} ${row.term}`)
        close(row.std_error!, whole.estimates[j]!.std_error!, `${error.seType} ${row.term} error`)
        close(row.df!, whole.estimates[j]!.df!, `${error.seType} ${row.term} df`)
      }
    }
  })

  test(`absorbed groups give what their columns would give, ${weighted ? 'with' : 'without'} weights`, () => {
    const { data, groups } = design(80, 20, 8)
    const s = Float64Array.from(groups, (g) => g % 5) // clusters inside groups
    const part = Float64Array.from(groups, (g, i) => 2 * g + (i % 2)) // groups inside clusters
    const z = data['a']!.map((a, i) => (a + data['b']![i]! > 0 ? 1 : 0))
    const base: Columns = { ...data, z, s, part }
    const weights = weighted ? { weights: 'w' } : {}
    for (const group of ['s', 'part'] as const) {
      const { columns } = factorColumns(base, group)
      const dummies = Object.keys(columns)
      const wide = { ...base, ...columns }
      // Groups inside clusters have singletons here: HC2 and HC3 do not exist. Clusters inside groups: CR2 is refused.
      const errors = [{ seType: 'classical' }, { seType: 'HC0' }, { seType: 'HC1' }, { seType: 'CR0', clusters: 'g' }, { seType: 'stata', clusters: 'g' }, ...(group === 's' ? [{ seType: 'HC2' }, { seType: 'HC3' }] : []), ...(group === 'part' && !weighted ? [{ seType: 'CR2', clusters: 'g' }] : [])] as const
      for (const error of errors as readonly { readonly seType: 'HC2'; readonly clusters?: string }[]) {
        const absorbed = lmRobust(base, { outcome: 'y', terms: ['z', 'a'], fixedEffects: group, ...weights, ...error })
        const spelled = lmRobust(wide, { outcome: 'y', terms: ['z', 'a', ...dummies], ...weights, ...error })
        for (const row of absorbed.estimates) {
          const other = spelled.estimates.find(({ term }) => term === row.term)!
          close(row.estimate, other.estimate, `${group} ${error.seType} ${row.term}`)
          close(row.std_error!, other.std_error!, `${group} ${error.seType} ${row.term} error`)
          close(row.df!, other.df!, `${group} ${error.seType} ${row.term} df`)
        }
        const iv = ivRobust(base, { outcome: 'y', endogenous: ['a'], instruments: ['b'], covariates: ['z'], fixedEffects: group, ...weights, ...error }).estimates[0]!
        const ivSpelled = ivRobust(wide, { outcome: 'y', endogenous: ['a'], instruments: ['b'], covariates: ['z', ...dummies], ...weights, ...error }).estimates[1]!
        close(iv.estimate, ivSpelled.estimate, `${group} ${error.seType} 2SLS`)
        close(iv.std_error!, ivSpelled.std_error!, `${group} ${error.seType} 2SLS error`)
        close(iv.df!, ivSpelled.df!, `${group} ${error.seType} 2SLS df`)
      }
    }
  })
}

test('CR2 with absorbed groups that cross clusters is refused', () => {
  const { data } = design(80, 20, 8)
  const wide = { ...data, s: data['g']!.map((g) => g % 5) }
  assert.throws(() => lmRobust(wide, { outcome: 'y', terms: ['a'], fixedEffects: 's', clusters: 'g' }), { code: 'causal.groups_across_clusters' })
})
