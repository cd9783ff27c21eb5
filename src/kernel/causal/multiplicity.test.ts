import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { complete, experiments, referenceRows, referenceTable, withoutReference, type ReferenceRow } from '#test/reference'
import { adjustments, adjustPValues, type FamilyRow, multipleTesting, romanoWolf } from './multiplicity.ts'

const seeded = { seed: 4711 }
const code = (wanted: string) => (e: unknown) => isFault(e) && e.code === wanted
const relative = (ours: number, theirs: number): number => Math.abs(ours - theirs) / Math.max(Math.abs(theirs), 1e-300)

test('reference: every multiple_testing row of every experiment, Romano-Wolf within Monte Carlo error', { skip: withoutReference }, (t) => {
  let compared = 0
  for (const experiment of experiments) {
    const families = Map.groupBy(referenceRows(experiment, 'multiple_testing'), (row) => JSON.stringify((row.options as { family: string[] }).family) + row.term + row.n)
    for (const rows of families.values()) {
      const outcomes = (rows[0]!.options as { family: string[] }).family
      const table = referenceTable(experiment)
      // star_k's third arm is left out; its treatment column is that of the small classes.
      const where = experiment === 'star_k' ? (i: number) => table['stark']![i] !== 'regular+aide' : undefined
      const data = complete(table, [...outcomes, rows[0]!.term], where)
      const { draws } = (rows[0]!.options as unknown as { romano_wolf: { draws: number } }).romano_wolf
      const ours = multipleTesting(data, { outcomes, treatment: rows[0]!.term, draws: Math.min(draws, data[rows[0]!.term]!.length > 20_000 ? 200 : 1000), random: generator(7, 'romano-wolf') })
      for (const theirs of rows) {
        const one = ours.estimates.find((row) => row.formula === theirs.formula)! as FamilyRow & Record<string, unknown>
        assert.equal(one.n, theirs.n, `${experiment} ${theirs.formula}`)
        for (const [name, limit] of [['estimate', 1e-9], ['std_error', 1e-9], ['statistic', 1e-9], ['p_value', 1e-7], ['p_bonferroni', 1e-7], ['p_holm', 1e-7], ['p_bh', 1e-7], ['p_by', 1e-7]] as const) {
          assert.ok(relative(one[name] as number, (theirs as ReferenceRow & Record<string, number>)[name]!) <= limit, `${experiment} ${theirs.formula} ${name}: ${one[name]} is not ${String(theirs[name])}`)
        }
        const theirError = (theirs.options as unknown as { romano_wolf: { mc_std_error: number } }).romano_wolf.mc_std_error
        const ourError = (one.options as unknown as { romano_wolf: { mc_std_error: number } }).romano_wolf.mc_std_error
        // Four Monte Carlo errors, and one draw's worth for p-values at their smallest.
        assert.ok(Math.abs(one.p_romano_wolf - (theirs['p_romano_wolf'] as number)) <= 4 * Math.hypot(theirError, ourError) + 1 / 201, `${experiment} ${theirs.formula} Romano-Wolf: ${one.p_romano_wolf} is not ${String(theirs['p_romano_wolf'])}`)
        compared += 1
      }
    }
  }
  t.diagnostic(`${compared} rows compared`)
  assert.ok(compared > 0)
})

test('adjusted p-values keep their order, are never below the raw ones, and Holm lies between BH and Bonferroni', () => {
  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(pValues, (raw) => {
      const [bonferroni, holm, bh, by] = adjustments.map((a) => adjustPValues(raw, a)) as [Float64Array, Float64Array, Float64Array, Float64Array]
      for (let i = 0; i < raw.length; i++) {
        assert.ok(raw[i]! <= bh[i]! + 1e-15 && bh[i]! <= holm[i]! + 1e-15 && holm[i]! <= bonferroni[i]! + 1e-15 && bh[i]! <= by[i]! + 1e-15)
        assert.ok(bonferroni[i]! <= 1 && by[i]! <= 1)
        for (let j = 0; j < raw.length; j++) if (raw[i]! < raw[j]!) assert.ok(holm[i]! <= holm[j]! && bh[i]! <= bh[j]!)
      }
    }),
    seeded,
  )
  for (const a of adjustments) assert.deepEqual([...adjustPValues([0.03], a)], [0.03])
})

test('the textbook example of Benjamini and Hochberg (1995): BH finds four of fifteen at 5%, Bonferroni and Holm three', () => {
  const p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1]
  const found = (a: (typeof adjustments)[number]) => adjustPValues(p, a).filter((x) => x <= 0.05).length
  assert.deepEqual(adjustments.map(found), [3, 3, 4, 3])
})

test('Romano-Wolf by hand: three draws, two tests', () => {
  // |t| = 3 and 1. Maxima over both: 2, 4, 0.5 of which one reaches 3: (1 + 1)/4. The second alone: 2, 0.9, 0.5: one reaches 1: (1 + 1)/4.
  const { pValues } = romanoWolf([1, -3], Float64Array.of(2, 0.5, 0.9, -4, -0.5, 0.2))
  assert.deepEqual([...pValues], [0.5, 0.5])
})

test('a perfect copy of an outcome costs nothing under Romano-Wolf, while Holm doubles the p-value', () => {
  const g = generator(1, 'copy')
  const n = 200
  const z = Float64Array.from({ length: n }, (_, i) => i % 2)
  const y = Float64Array.from({ length: n }, (_, i) => g.normal() + 0.35 * z[i]!)
  const spec = { treatment: 'z', draws: 2000, random: generator(2) }
  const [one, two] = multipleTesting({ y, copy: y, z }, { ...spec, outcomes: ['y', 'copy'] }).estimates as [FamilyRow, FamilyRow]
  assert.equal(one.p_romano_wolf, two.p_romano_wolf)
  assert.ok(one.p_romano_wolf < 1.4 * one.p_value! && one.p_holm === 2 * one.p_value!, `${one.p_romano_wolf} ${one.p_value}`)
})

test('blocks weigh by size, clusters are drawn whole: the differences and errors of their definitions', () => {
  const g = generator(3, 'design')
  const n = 240
  const block = Float64Array.from({ length: n }, (_, i) => (i < 160 ? 0 : 1))
  const cluster = Float64Array.from({ length: n }, (_, i) => Math.floor(i / 8))
  const z = Float64Array.from({ length: n }, (_, i) => cluster[i]! % 2)
  const y = Float64Array.from({ length: n }, (_, i) => g.normal() + block[i]!)
  const cell = (b: number, a: number) => [...y.keys()].filter((i) => block[i] === b && z[i] === a)
  const mean = (rows: number[]) => rows.reduce((total, i) => total + y[i]!, 0) / rows.length
  let estimate = 0
  let plain = 0
  let clustered = 0
  for (const [b, weight] of [[0, 160 / n], [1, 80 / n]] as const) {
    for (const a of [0, 1]) {
      const rows = cell(b, a)
      const m = mean(rows)
      estimate += weight * (a === 1 ? m : -m)
      plain += (weight ** 2 * rows.reduce((total, i) => total + (y[i]! - m) ** 2, 0)) / (rows.length - 1) / rows.length
      const groups = Map.groupBy(rows, (i) => cluster[i]!)
      for (const list of groups.values()) clustered += (weight ** 2 * list.reduce((total, i) => total + y[i]! - m, 0) ** 2) / (1 - list.length / rows.length) / rows.length ** 2
    }
  }
  const spec = { outcomes: ['y'], treatment: 'z', blocks: 'block', draws: 20, random: generator(1) }
  const [byRows] = multipleTesting({ y, z, block, cluster }, spec).estimates as [FamilyRow]
  const [byClusters] = multipleTesting({ y, z, block, cluster }, { ...spec, clusters: 'cluster' }).estimates as [FamilyRow]
  assert.ok(relative(byRows.estimate, estimate) < 1e-12 && relative(byRows.std_error!, Math.sqrt(plain)) < 1e-12)
  assert.ok(relative(byClusters.estimate, estimate) < 1e-12 && relative(byClusters.std_error!, Math.sqrt(clustered)) < 1e-12)
})

test('what is not a p-value or not a test is refused with a code', () => {
  for (const p of [-0.1, 1.1, Number.NaN]) assert.throws(() => adjustPValues([0.5, p], 'holm'), code('causal.p_value_refused'))
  assert.throws(() => romanoWolf([Number.NaN], Float64Array.of(1)), code('causal.not_a_number'))
  assert.throws(() => romanoWolf([1, 2], Float64Array.of(1)), TypeError)
  const spec = { outcomes: ['y'], treatment: 'z', draws: 10, random: generator(1) }
  assert.throws(() => multipleTesting({ y: Float64Array.of(1, 2, 3), z: Float64Array.of(0, 0, 1) }, spec), code('causal.arm_too_small'))
  assert.throws(() => multipleTesting({ y: Float64Array.of(1, 1, 1, 1), z: Float64Array.of(0, 0, 1, 1) }, spec), code('causal.constant_column'))
  assert.throws(() => multipleTesting({ y: Float64Array.of(1, Number.NaN, 1, 1), z: Float64Array.of(0, 0, 1, 1) }, spec), code('causal.not_finite'))
})
