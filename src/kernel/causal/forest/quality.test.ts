import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { generator } from '#kernel/numeric'
import { designs, drawDesign, type Design } from '#test/designs'
import { averageEffect } from '../policy/average-effect.ts'
import { causalForest } from './causal-forest.ts'

/**
 * The condition of quality: splits between at most 255 codes, shared by several in nodes of few rows, have squared errors within 5% of splits between any two values, and the
 * average effect's intervals hold it in 93 to 97 of 100 draws. Where confounding is strong 800 rows are too few for that (docs/explanation/forest.md), so these designs are judged by their errors alone. The long form has 40 draws of each design with 6 and 20 columns; the short one draws once with 6. On one draw the ratio of squared errors has a
 * standard deviation of 0.11 over draws (scripts/generate-forest.ts), so the short form allows three standard errors of its mean more.
 */
const full = process.env['LAUREL_FULL'] === '1'
const [draws, widths] = full ? [40, [6, 20]] : [1, [6]]
const [n, numTrees] = [800, 200]
const cells = designs.flatMap((design) => widths.map((p) => ({ design, p })))
const allowed = 0.05 + (full ? 0 : (3 * 0.11) / Math.sqrt(cells.length))

const mean = (values: readonly number[]): number => values.reduce((total, v) => total + v, 0) / values.length

interface Judged {
  readonly mse: number
  readonly covers: boolean
}

async function judge(design: Design, p: number, draw: number, how: { readonly exact?: boolean; readonly bins?: number }): Promise<Judged> {
  const { covariates, data } = drawDesign(design, n, p, generator(1, 'forest quality', design.name, p, n, draw))
  const forest = await causalForest(data, { outcome: 'y', treatment: 'w', covariates, numTrees, seed: draw, ...how })
  const { estimate, std_error } = averageEffect(forest)
  return { mse: mean(Array.from(forest.predictions, (tau, i) => (tau - data['tau']![i]!) ** 2)), covers: Math.abs(estimate - design.average) <= 1.959964 * std_error! }
}

suite(`${designs.length} designs with known effects, ${draws} draw(s) of ${n} rows`, () => {
  test('codes err as splits between any two values do, and averages are covered', async (t) => {
    const ratios: number[] = []
    let covered = 0
    let intervals = 0
    for (const { design, p } of cells) {
      for (let draw = 0; draw < draws; draw++) {
        const binned = await judge(design, p, draw, {})
        const exact = await judge(design, p, draw, { exact: true })
        ratios.push(binned.mse / exact.mse)
        if (design.kind === 'strongly confounded') continue
        intervals++
        covered += Number(binned.covers)
      }
    }
    const ratio = mean(ratios)
    const spread = Math.sqrt(mean(ratios.map((one) => (one - ratio) ** 2)))
    t.diagnostic(`squared error ${ratio.toFixed(3)} of that of exact splits (sd over draws ${spread.toFixed(3)}); ${covered} of ${intervals} averages covered`)
    assert.ok(Math.abs(ratio - 1) <= allowed, `${ratio}`)
    // With a coverage of 93% more than 4 of 11 are missed once in a thousand times.
    assert.ok(full ? covered / intervals >= 0.93 && covered / intervals <= 0.97 : covered >= intervals - 4, `${covered} of ${intervals}`)
  })

  test('the test would notice: three codes a column are not enough', async () => {
    const steep = designs.find(({ name }) => name === 'ATW heterogeneity')!
    const [few, exact] = [await judge(steep, 6, 0, { bins: 3 }), await judge(steep, 6, 0, { exact: true })]
    assert.ok(few.mse / exact.mse > 1 + allowed, `${few.mse / exact.mse}`)
  })

  test('law: the stated mean of each effect is that of its rows', () => {
    for (const design of designs) {
      const { tau } = drawDesign(design, 20_000, 6, generator(3, 'designs', design.name)).data as { readonly tau: Float64Array }
      const average = mean(Array.from(tau))
      const error = Math.sqrt(mean(Array.from(tau, (v) => (v - average) ** 2)) / tau.length)
      assert.ok(Math.abs(average - design.average) <= 4 * error + 1e-12, `${design.name}: ${average} (${error}) where ${design.average} is stated`)
    }
  })
})
