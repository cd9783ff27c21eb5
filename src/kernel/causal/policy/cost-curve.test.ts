import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '#kernel/fault'
import { generator } from '#kernel/numeric'
import { costCurve } from './cost-curve.ts'

const near = (a: number, b: number, by = 1e-9): void => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`)

test('one treatment of one cost: the gain of a share is the mean score of those who come first', () => {
  const data = { tau: Float64Array.of(0.1, 0.4, -0.2, 0.3), score: Float64Array.of(1, 2, 4, 8) }
  const { gain, overChance, whole } = costCurve(data, { predictions: ['tau'], scores: ['score'], costs: [1], budgets: [0.25, 0.5, 0.625, 0.75, 1], random: generator(1) })
  assert.equal(whole, 0.75)
  // Order by prediction: rows 2, 4, 1; row 3 is predicted to lose and is never treated.
  for (const [k, wanted] of [2 / 4, 10 / 4, 10.5 / 4, 11 / 4, 11 / 4].entries()) near(gain[k]!.estimate, wanted)
  assert.deepEqual(gain.map((row) => row.options['spent']), [0.25, 0.5, 0.625, 0.75, 0.75])
  // By chance a budget of a quarter gives every fourth person the mean score of all, 15/4.
  near(overChance[0]!.estimate, 2 / 4 - 15 / 16)
})

test('law: by predictions that are the scores, no rule within the budget gains more; found by trying all', () => {
  const seed = Number(process.env['FC_SEED'] ?? 20260412)
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 4, max: 6 }), (own, n) => {
      const g = generator(own, 'cost curve')
      const column = (draw: () => number): Float64Array => Float64Array.from({ length: n }, draw)
      const [a, b] = [column(() => g.normal()), column(() => g.normal() + 0.5)]
      const [ca, cb] = [column(() => 1 + g.below(3)), column(() => 2 + g.below(3))]
      const { gain, whole } = costCurve({ a, b, ca, cb }, { predictions: ['a', 'b'], scores: ['a', 'b'], costs: ['ca', 'cb'], random: generator(1), draws: 2 })
      for (const row of gain) {
        const budget = row.options['budget'] as number
        assert.ok((row.options['spent'] as number) <= budget + 1e-9)
        // Every choice of none, a or b for each person.
        for (let code = 0; code < 3 ** n; code++) {
          let [cost, effect] = [0, 0]
          for (let i = 0, rest = code; i < n; i++, rest = Math.floor(rest / 3)) {
            cost += [0, ca[i]!, cb[i]!][rest % 3]!
            effect += [0, a[i]!, b[i]!][rest % 3]!
          }
          if (cost / n <= budget) assert.ok(effect / n <= row.estimate + 1e-9, `${effect / n} > ${row.estimate} at ${budget}`)
        }
      }
      if (gain.length > 0) near(gain.at(-1)!.options['spent'] as number, whole)
    }),
    { seed, numRuns: 40 },
  )
})

test('the error holds: intervals of a gain cover the truth as often as they say', () => {
  const draws = process.env['LAUREL_FULL'] === '1' ? 1000 : 100
  let covered = 0
  for (let seed = 0; seed < draws; seed++) {
    const g = generator(seed, 'cover')
    const n = 300
    const tau = Float64Array.from({ length: n }, () => g.uniform())
    const score = Float64Array.from(tau, (t) => t + g.normal())
    const [row] = costCurve({ tau, score }, { predictions: ['tau'], scores: ['score'], costs: [2], budgets: [1], draws: 50, random: generator(seed) }).gain
    // Half of the people, those with an effect above 1/2: (1/2) E[τ | τ > 1/2] = 3/8.
    if (row!.conf_low! <= 0.375 && row!.conf_high! >= 0.375) covered += 1
  }
  // Binomial(100, 0.95): mean 95, sd 2.2; of 1,000: 950, 6.9. Fifty halves make an error that strays by 10%, which costs half a point of coverage.
  assert.ok(covered >= (draws === 100 ? 87 : 925), `${covered} of ${draws}`)
})

test('a treatment that is predicted to help nobody has no curve; a cost of nothing is refused with its row', () => {
  const data = { tau: Float64Array.of(-1, -2, 0, -1), score: Float64Array.of(1, 2, 4, 8), cost: Float64Array.of(1, 1, 0, 1) }
  const spec = { predictions: ['tau'], scores: ['score'], costs: [1], random: generator(1) }
  assert.deepEqual(costCurve(data, spec).gain, [])
  assert.throws(() => costCurve(data, { ...spec, costs: ['cost'] }), (e: unknown) => isFault(e) && e.code === 'causal.cost_not_positive')
})
