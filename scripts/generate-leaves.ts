/**
 * How large leaves should be where effects are as small as those of credentials, and where they are large: the table of docs/explanation/forest.md from which the product's
 * default comes.
 *
 *     node scripts/generate-leaves.ts [--rows 10000,40000] [--draws 3] [--pages]
 *
 * `calibrated` is a cohort as that of Athey and Palikot: 20 columns of few values, an outcome of 17%, an effect of 1.06 points that falls by 0.99 from the least to the most employable,
 * evenly in between: a contrast between the outer thirds of 0.66 points and a standard deviation of 0.28. `strong` is the step of test/designs.ts, whose effects have a standard deviation
 * of 0.68 under noise of 1. The share of the treated is given; 500 trees. What comes of it is kept in bench/results/forest-leaves.json.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { averageEffect, causalForest } from '#kernel/causal'
import { generator } from '#kernel/numeric'
import { designs, drawDesign, type Drawn } from '#test/designs'
import { betweenMarks } from './page-table.ts'
import { root } from './run-tests.ts'

const sizes = [5, 20, 50, 100, 200, 500, 1000, 2000]
const numTrees = 500
const results = join(root, 'bench/results/forest-leaves.json')
const page = join(root, 'docs/explanation/forest.md')

type Kind = 'calibrated' | 'strong'

interface Leaf {
  readonly kind: Kind
  readonly n: number
  readonly size: number
  readonly draws: number
  /** Root of the mean squared error of the effects, over their standard deviation: 1 is no better than one effect for all. */
  readonly error_of_sd: number
  readonly correlation: number
  readonly ate_off_in_errors: number
  readonly ate_error: number
  readonly cpu_seconds: number
}

function drawCohort(n: number, draw: number): Drawn {
  const g = generator(1, 'leaves', n, draw)
  const covariates = Array.from({ length: 20 }, (_, j) => `x${j + 1}`)
  const values = covariates.map((_, j) => (j < 15 ? 2 : [6, 12, 24, 36, 48][j - 15]!))
  const columns = values.map((count) => Float64Array.from({ length: n }, () => g.below(count)))
  // Employability: six columns alike in weight, by rank.
  const index = Float64Array.from({ length: n }, (_, i) => [0, 1, 2, 15, 17, 19].reduce((total, j) => total + columns[j]![i]! / (values[j]! - 1), 0) + 1e-6 * g.uniform())
  const rank = new Float64Array(n)
  for (const [k, i] of Array.from(index.keys()).toSorted((a, b) => index[a]! - index[b]!).entries()) rank[i] = (k + 0.5) / n
  const tau = rank.map((r) => 0.0106 - 0.0099 * (r - 0.5))
  const w = Float64Array.from({ length: n }, () => g.below(2))
  const y = Float64Array.from({ length: n }, (_, i) => (g.uniform() < 0.11 + 0.12 * rank[i]! + w[i]! * tau[i]! ? 1 : 0))
  return { covariates, data: { ...Object.fromEntries(covariates.map((name, j) => [name, columns[j]!])), w, y, tau } }
}

const step = designs.find(({ name }) => name === 'step, randomized')!
const draw = (kind: Kind, n: number, k: number): Drawn => (kind === 'calibrated' ? drawCohort(n, k) : drawDesign(step, n, 20, generator(1, 'leaves', 'strong', n, k)))
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((total, v) => total + v, 0) / values.length
const rounded = (value: number): number => Number(value.toPrecision(3))

async function measure(kind: Kind, n: number, size: number, draws: number): Promise<Leaf> {
  const each: Omit<Leaf, 'kind' | 'n' | 'size' | 'draws'>[] = []
  for (let k = 0; k < draws; k++) {
    const { covariates, data } = draw(kind, n, k)
    const cpu = process.cpuUsage()
    const forest = await causalForest(data, { outcome: 'y', treatment: 'w', covariates, wHat: 0.5, numTrees, minNodeSize: size, seed: k + 1 })
    const { user, system } = process.cpuUsage(cpu)
    const { estimate, std_error } = averageEffect(forest)
    const tau = data['tau']!
    const [truth, said] = [mean(tau), mean(forest.predictions)]
    const spread = Math.sqrt(mean(tau.map((v) => (v - truth) ** 2)))
    const own = Math.sqrt(mean(forest.predictions.map((v) => (v - said) ** 2)))
    each.push({
      error_of_sd: Math.sqrt(mean(forest.predictions.map((v, i) => (v - tau[i]!) ** 2))) / spread,
      correlation: own === 0 ? 0 : mean(forest.predictions.map((v, i) => (v - said) * (tau[i]! - truth))) / own / spread,
      ate_off_in_errors: (estimate - truth) / std_error!,
      ate_error: std_error!,
      cpu_seconds: (user + system) / 1e6,
    })
  }
  const over = (key: keyof (typeof each)[number]): number => rounded(mean(each.map((one) => one[key])))
  return { kind, n, size, draws, error_of_sd: over('error_of_sd'), correlation: over('correlation'), ate_off_in_errors: over('ate_off_in_errors'), ate_error: over('ate_error'), cpu_seconds: over('cpu_seconds') }
}

const { values } = parseArgs({ options: { rows: { type: 'string', default: '10000,40000' }, draws: { type: 'string', default: '3' }, pages: { type: 'boolean', default: false } } })
if (!values.pages) {
  const leaves: Leaf[] = []
  for (const [kind, rows] of [['calibrated', values.rows.split(',').map(Number)], ['strong', [4000]]] as const) {
    for (const n of rows) for (const size of sizes) if (4 * size < n / 4) leaves.push(await measure(kind, n, size, Number(values.draws)))
  }
  writeFileSync(results, `${JSON.stringify({ trees: numTrees, leaves }, null, 1)}\n`)
}
const { leaves } = JSON.parse(readFileSync(results, 'utf8')) as { readonly leaves: readonly Leaf[] }
const lines = leaves.map((one) => `| ${one.kind} | ${one.n.toLocaleString('en-US')} | ${one.size.toLocaleString('en-US')} | ${one.error_of_sd.toFixed(2)} | ${one.correlation.toFixed(2)} | ${one.ate_off_in_errors.toFixed(2)} | ${one.ate_error.toPrecision(3)} | ${one.cpu_seconds.toFixed(1)} |`)
const table = `| effects | rows | min.node.size | error / sd of the effects | correlation with the truth | average off, in errors | its error | CPU s |
| --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}`
writeFileSync(page, betweenMarks(readFileSync(page, 'utf8'), 'leaves', 'scripts/generate-leaves.ts', table))
