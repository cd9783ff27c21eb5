import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { complete, experiments, referenceRows, referenceTable, withoutReference } from '#test/reference'
import { leeBounds } from './lee-bounds.ts'

const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted
const near = (a: number, b: number, tolerance: number, what = ''): void => assert.ok(Math.abs(a - b) <= tolerance, `${what} ${a} is not ${b}`)

test('reference: every lee_bounds row of every experiment, in both trimming conventions', { skip: withoutReference }, (t) => {
  let compared = 0
  for (const experiment of experiments) {
    for (const theirs of referenceRows(experiment, 'lee_bounds')) {
      const { selection, trim } = theirs.options as { selection: string; trim: 'fraction' | 'quantile7' }
      const [outcome, treatment] = theirs.formula.split(' ~ ') as [string, string]
      const table = referenceTable(experiment)
      const data = { ...complete(table, [selection, treatment]), [outcome]: table[outcome]! }
      const ours = leeBounds(data, { outcome, treatment, selected: selection, trim })
      const row = ours.estimates.find((r) => r.term === theirs.term)!
      const what = `${experiment} ${trim} ${theirs.term}`
      assert.equal(row.n, theirs.n)
      assert.equal(ours.trimmedArm, theirs.options['trimmed_arm'])
      const closeTo = (a: number | null, b: number | null, limit: number, name: string): void => {
        if (b !== null) near(a! / b, 1, limit, `${what} ${name}`)
      }
      closeTo(ours.trimmedShare, theirs.options['trimmed_share'] as number, 1e-9, 'share')
      closeTo(ours.selectionRates[1], theirs.options['selection_rate_z1'] as number, 1e-9, 'rate')
      if (theirs.term === 'effect') closeTo(ours.critical, theirs['critical'] as number, 1e-7, 'critical')
      else closeTo(row.estimate, theirs.estimate, 1e-9, 'estimate')
      // The rows by fraction have no error in the reference; ours comes from influences.
      if (theirs.std_error !== null || theirs.term === 'effect') {
        closeTo(row.std_error, theirs.std_error, 1e-9, 'error')
        closeTo(row.conf_low, theirs.conf_low, 1e-7, 'low')
        closeTo(row.conf_high, theirs.conf_high, 1e-7, 'high')
      }
      compared += 1
    }
  }
  t.diagnostic(`${compared} rows compared`)
  assert.ok(compared > 0)
})

/** Treatment makes the outcome visible for some; the effect is 1 for those seen in either arm. `x` moves both outcome and visibility. */
function population(n: number, seed: number) {
  const g = generator(seed, 'lee')
  const z = Float64Array.from({ length: n }, () => g.below(2))
  const x = Float64Array.from({ length: n }, () => g.below(3))
  const cluster = Float64Array.from({ length: n }, (_, i) => i)
  const s = new Float64Array(n)
  const y = Float64Array.from({ length: n }, (_, i) => {
    const u = g.uniform()
    s[i] = u < 0.5 + 0.1 * x[i]! + 0.1 * z[i]! ? 1 : 0
    return s[i] === 1 ? 2 * x[i]! + z[i]! + g.normal() : Number.NaN
  })
  return { y, s, z, x, cluster }
}
const spec = { outcome: 'y', selected: 's', treatment: 'z' } as const

test('influence errors agree with Lee\'s proposition, and with clusters of one row nothing changes', () => {
  const data = population(20_000, 1)
  const byFormula = leeBounds(data, { ...spec, trim: 'quantile7' })
  const byInfluence = leeBounds(data, { ...spec, trim: 'quantile7', clusters: 'cluster' })
  const byFraction = leeBounds(data, spec)
  for (const side of [0, 1]) {
    near(byInfluence.estimates[side]!.std_error! / byFormula.estimates[side]!.std_error!, 1, 2e-3)
    near(byFraction.estimates[side]!.std_error! / byFormula.estimates[side]!.std_error!, 1, 2e-3)
    near(leeBounds(data, { ...spec, clusters: 'cluster' }).estimates[side]!.std_error!, byFraction.estimates[side]!.std_error!, 1e-12)
  }
})

test('bounds by cell are no wider and still hold the effect; one cell for all is the plain bound', () => {
  const data = population(20_000, 2)
  const plain = leeBounds(data, spec)
  const tight = leeBounds(data, { ...spec, cells: 'x' })
  const width = (fit: typeof plain) => fit.estimates[1].estimate - fit.estimates[0].estimate
  assert.ok(width(tight) < 0.9 * width(plain), `${width(tight)} ${width(plain)}`)
  assert.ok(tight.estimates[0].estimate < 1 && 1 < tight.estimates[1].estimate)
  const one = leeBounds({ ...data, one: new Float64Array(20_000) }, { ...spec, cells: 'one' })
  assert.deepEqual(one.estimates[0].estimate, plain.estimates[0].estimate)
})

test('exchanging the arms turns the bounds round', () => {
  const data = population(500, 3)
  for (const trim of ['fraction', 'quantile7'] as const) {
    const one = leeBounds(data, { ...spec, trim })
    const other = leeBounds({ ...data, z: data.z.map((z) => 1 - z) }, { ...spec, trim })
    near(one.estimates[0].estimate, -other.estimates[1].estimate, 1e-12)
    near(one.estimates[1].std_error!, other.estimates[0].std_error!, 1e-12)
    assert.equal(one.trimmedArm, 1)
    assert.equal(other.trimmedArm, 0)
  }
})

test('equal shares observed: nothing is trimmed and both bounds are the difference in means', () => {
  const z = Float64Array.of(0, 0, 0, 1, 1, 1)
  const fit = leeBounds({ y: Float64Array.of(1, 2, Number.NaN, 4, 7, Number.NaN), s: Float64Array.of(1, 1, 0, 1, 1, 0), z }, spec)
  assert.equal(fit.trimmedArm, 'none')
  near(fit.estimates[0].estimate, 4, 1e-12)
  near(fit.estimates[1].estimate, 4, 1e-12)
})

test('0/1 outcomes: the fraction is cut exactly, and the bounds are those of counting', () => {
  // Treated: 10 of 10 seen, 6 ones. Control: 5 of 10 seen, 2 ones. Half of the treated is cut: at worst 1 of 5 ones stays, at best 5 of 5.
  const y = Float64Array.from([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  const s = Float64Array.from({ length: 20 }, (_, i) => (i < 15 ? 1 : 0))
  const z = Float64Array.from({ length: 20 }, (_, i) => (i < 10 ? 1 : 0))
  const fit = leeBounds({ y, s, z }, spec)
  near(fit.estimates[0].estimate, 1 / 5 - 2 / 5, 1e-12)
  near(fit.estimates[1].estimate, 1 - 2 / 5, 1e-12)
})

test('what cannot be bounded is refused with a code', () => {
  const data = population(100, 4)
  assert.throws(() => leeBounds({ ...data, s: new Float64Array(100) }, spec), code('causal.arm_too_small'))
  assert.throws(() => leeBounds({ ...data, s: data.s.with(0, 2) }, spec), code('causal.not_zero_one'))
  assert.throws(() => leeBounds({ ...data, s: data.s.map(() => 1) }, spec), code('causal.not_finite'))
  assert.throws(() => leeBounds({ ...data, x: data.z }, { ...spec, cells: 'x' }), code('causal.block_one_armed'))
})
