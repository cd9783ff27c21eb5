import assert from 'node:assert/strict'
import { test } from 'node:test'
import { andersonRubin, differenceInMeans, ivRobust, ivRobustFromSums, lmLin, lmLinFromSums, lmRobust, lmRobustFromSums, type Columns, type Estimate, type SeType, type Sums } from '#kernel/causal'
import { generator } from '#kernel/numeric'

const names = ['y', 'z', 'd', 'x1', 'x2', 'g', 's']

/** Columns of few values, as coded learners have them; the outcome is a count of hours far from zero. */
function table(n: number): Record<string, Float64Array> {
  const g = generator(41, 'cells')
  const out = Object.fromEntries(names.map((name) => [name, new Float64Array(n)]))
  for (let i = 0; i < n; i++) {
    const z = i % 2
    const x1 = g.below(3)
    const x2 = 1990 + g.below(4)
    const d = g.uniform() < 0.2 + 0.4 * z ? 1 : 0
    const row = { z, x1, x2, d, g: g.below(9), s: g.below(4), y: 1000 + 2 * d + x1 + g.normal() }
    for (const name of names) out[name]![i] = row[name as keyof typeof row]
  }
  return out
}

/** SELECT keys, count(*) AS n, avg(y) AS y, var_pop(y) AS v ... GROUP BY keys */
function groupBy(data: Record<string, Float64Array>, keys: readonly string[]): Columns {
  const cells = new Map<string, number[]>()
  for (let i = 0; i < data['y']!.length; i++) {
    const key = keys.map((name) => data[name]![i]).join('|')
    cells.set(key, [...(cells.get(key) ?? []), i])
  }
  const lists = [...cells.values()]
  const mean = (rows: readonly number[]) => rows.reduce((sum, i) => sum + data['y']![i]!, 0) / rows.length
  return {
    ...Object.fromEntries(keys.map((name) => [name, lists.map((rows) => data[name]![rows[0]!]!)])),
    n: lists.map((rows) => rows.length),
    y: lists.map(mean),
    v: lists.map((rows) => rows.reduce((sum, i) => sum + (data['y']![i]! - mean(rows)) ** 2, 0) / rows.length),
  }
}

/** SELECT count(*), sum(x), sum(x * x) ... */
function sumsOf(data: Record<string, Float64Array>, columns: readonly string[], where: (row: number) => boolean = () => true): Sums {
  const rows = [...data['y']!.keys()].filter(where)
  const total = (f: (row: number) => number) => rows.reduce((sum, i) => sum + f(i), 0)
  return {
    n: rows.length,
    names: columns,
    sums: columns.map((name) => total((i) => data[name]![i]!)),
    products: columns.flatMap((a, i) => columns.slice(0, i + 1).map((b) => total((row) => data[a]![row]! * data[b]![row]!))),
  }
}

function same(a: readonly Estimate[], b: readonly Estimate[], what: string): void {
  assert.deepEqual(a.map(({ term }) => term), b.map(({ term }) => term))
  for (const [j, row] of a.entries()) {
    assert.equal(row.n, b[j]!.n, what)
    for (const figure of ['estimate', 'std_error', 'df', 'conf_low', 'conf_high'] as const) {
      const [got, want] = [row[figure], b[j]![figure]]
      if (got === null || want === null) assert.equal(got, want)
      else assert.ok(Math.abs(got - want) <= 1e-9 * Math.max(Math.abs(want), row.std_error ?? 0), `${what} ${row.term} ${figure}: ${got}, wanted ${want}`)
    }
  }
}

const cells = { count: 'n', variance: 'v' }

test('grouped rows give every error that the rows give', () => {
  const data = table(4000)
  const independent = groupBy(data, ['z', 'd', 'x1', 'x2', 's'])
  const clustered = groupBy(data, ['z', 'd', 'x1', 'x2', 's', 'g'])
  assert.ok(independent['n']!.length < 200)
  for (const seType of ['classical', 'HC0', 'HC1', 'HC2', 'HC3', 'CR0', 'stata', 'CR2'] as const satisfies readonly SeType[]) {
    const error = { seType, ...(seType === 'CR0' || seType === 'stata' || seType === 'CR2' ? { clusters: 'g' } : {}) }
    const grouped = 'clusters' in error ? clustered : independent
    same(lmRobust(grouped, { outcome: 'y', terms: ['z', 'x1', 'x2'], cells, ...error }).estimates, lmRobust(data, { outcome: 'y', terms: ['z', 'x1', 'x2'], ...error }).estimates, `lm_robust ${seType}`)
    same(lmLin(grouped, { outcome: 'y', treatment: 'z', covariates: ['x1', 'x2'], cells, ...error }).estimates, lmLin(data, { outcome: 'y', treatment: 'z', covariates: ['x1', 'x2'], ...error }).estimates, `lm_lin ${seType}`)
    const iv = { outcome: 'y', instruments: ['z'], covariates: ['x1'], ...error }
    same(ivRobust(grouped, { ...iv, endogenous: ['d'], cells }).estimates, ivRobust(data, { ...iv, endogenous: ['d'] }).estimates, `iv_robust ${seType}`)
    same([andersonRubin(grouped, { ...iv, endogenous: 'd', cells })], [andersonRubin(data, { ...iv, endogenous: 'd' })], `anderson_rubin ${seType}`)
    if (seType !== 'CR2') same(lmRobust(grouped, { outcome: 'y', terms: ['z', 'x1'], fixedEffects: 's', cells, ...error }).estimates, lmRobust(data, { outcome: 'y', terms: ['z', 'x1'], fixedEffects: 's', ...error }).estimates, `absorbed ${seType}`)
  }
})

test('a difference in means needs one cell per arm, block and cluster', () => {
  const data = table(3000)
  const spec = { outcome: 'y', treatment: 'z' }
  same([differenceInMeans(groupBy(data, ['z']), { ...spec, cells })], [differenceInMeans(data, spec)], 'complete')
  same([differenceInMeans(groupBy(data, ['z', 's']), { ...spec, blocks: 's', cells })], [differenceInMeans(data, { ...spec, blocks: 's' })], 'blocked')
  const whole = { ...data, c: data['z']!.map((z, i) => 2 * (i % 31) + z) }
  same([differenceInMeans(groupBy(whole, ['z', 'c']), { ...spec, clusters: 'c', cells })], [differenceInMeans(whole, { ...spec, clusters: 'c' })], 'clustered')
})

test('sums of products give estimates and classical errors', () => {
  const data = { ...table(4000) }
  data['x2'] = data['x2']!.map((x) => x - 1990)
  data['y'] = data['y']!.map((y) => y - 1000)
  const columns = ['y', 'z', 'd', 'x1', 'x2']
  const sums = sumsOf(data, columns)
  const seType = 'classical'
  same(lmRobustFromSums(sums, { outcome: 'y', terms: ['z', 'x1', 'x2'], seType }).estimates, lmRobust(data, { outcome: 'y', terms: ['z', 'x1', 'x2'], seType }).estimates, 'lm_robust')
  const iv = { outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates: ['x1', 'x2'], seType } as const
  same(ivRobustFromSums(sums, iv).estimates, ivRobust(data, iv).estimates, 'iv_robust')
  const arms = [0, 1].map((arm) => [arm, sumsOf(data, columns, (i) => data['z']![i] === arm)] as const)
  same(lmLinFromSums(arms, { outcome: 'y', treatment: 'z', covariates: ['x1', 'x2'], seType }).estimates, lmLin(data, { outcome: 'y', treatment: 'z', covariates: ['x1', 'x2'], seType }).estimates, 'lm_lin')
})

test('sums of columns less a number near their mean keep the digits that years and far outcomes would cost', () => {
  const data = table(4000)
  const columns = ['y', 'z', 'x2']
  const origins = [1000, 0, 1990]
  const shifted = Object.fromEntries(columns.map((name, j) => [name, data[name]!.map((value) => value - origins[j]!)]))
  const sums = { ...sumsOf(shifted, columns), origins }
  const spec = { outcome: 'y', terms: ['z', 'x2'], seType: 'classical' } as const
  same(lmRobustFromSums(sums, spec).estimates, lmRobust(data, spec).estimates, 'lm_robust')
})

test('what sums cannot say is refused, and so are sums that have lost their digits', () => {
  const data = table(400)
  const columns = ['y', 'z', 'x1', 'x2']
  const code = (name: string) => ({ code: `causal.${name}` })
  for (const seType of ['HC2', 'CR2']) assert.throws(() => lmRobustFromSums(sumsOf(data, columns), { outcome: 'y', terms: ['z'], seType }), code('sums_not_enough'))
  // 1990 to 1993: the squares are 1e6 times what the years differ by.
  assert.throws(() => lmRobustFromSums(sumsOf(data, columns), { outcome: 'y', terms: ['z', 'x2'], seType: 'classical' }), { ...code('sums_lose_digits'), data: { column: 'x2' } })
  const aliased = { ...data, y: data['y']!.map((y) => y - 1000), x2: data['x1']!.map((x) => 2 * x + 1) }
  assert.throws(() => lmRobustFromSums(sumsOf(aliased, columns), { outcome: 'y', terms: ['z', 'x1', 'x2'], seType: 'classical' }), { ...code('sums_lose_digits'), data: { column: 'x2' } })
  assert.throws(() => lmRobustFromSums(sumsOf(data, columns), { outcome: 'y', terms: ['age'], seType: 'classical' }), code('no_column'))
  const grouped = groupBy(data, ['z', 'x1'])
  assert.throws(() => lmRobust({ ...grouped, n: Array.from({ length: grouped['n']!.length }, () => 1.5) }, { outcome: 'y', terms: ['z'], cells }), code('cell_refused'))
  assert.throws(() => differenceInMeans({ ...grouped, v: Array.from({ length: grouped['n']!.length }, () => -1) }, { outcome: 'y', treatment: 'z', cells }), code('cell_refused'))
})
