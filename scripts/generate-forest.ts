/**
 * Judges the forest on simulated designs whose effects are known, and writes the tables of docs/explanation/forest.md.
 *
 *     node scripts/generate-forest.ts [--draws 40] [--rows 800,4000,16000] [--minutes 60] [--pages]
 *
 * Each draw of a design is estimated twice, with splits between codes and with splits between any two values; all but the split finder is the same. What has been judged
 * is kept draw by draw in node_modules/.cache, so that the command goes on where it was stopped; what it comes to is in bench/results/forest-quality.json.
 * Draws are taken in rounds through all designs, so that the tables are even whenever it stops. --pages only writes the page anew.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { averageEffect, causalForest } from '#kernel/causal'
import { generator } from '#kernel/numeric'
import { designs, drawDesign, type Design } from '#test/designs'
import { betweenMarks } from './page-table.ts'
import { root } from './run-tests.ts'

const numTrees = 200
const widths = [6, 20]
const cache = join(root, 'node_modules/.cache/laurel-forest-quality.jsonl')
const results = join(root, 'bench/results/forest-quality.json')
const page = join(root, 'docs/explanation/forest.md')

/** What one forest made of one draw. */
interface Judged {
  /** Mean squared error of the effects of single rows. */
  readonly mse: number
  readonly ate: number
  readonly error: number
  /** Whether the 95% interval of the average effect holds the design's. */
  readonly covers: boolean
  /** Share of the rows whose 95% interval holds their effect. */
  readonly pointwise: number
}

interface Draw {
  readonly design: string
  readonly p: number
  readonly n: number
  readonly draw: number
  readonly binned: Judged
  readonly exact: Judged
}

/** The draws of a cell of the table, summed up. */
interface Cell {
  readonly design: string
  readonly p: number
  readonly n: number
  readonly draws: number
  readonly mse: number
  readonly exact_mse: number
  /** Mean over draws of mse / exact mse, and its standard error. */
  readonly ratio: number
  readonly ratio_error: number
  readonly covered: number
  readonly pointwise: number
  readonly exact_pointwise: number
}

async function judge(design: Design, p: number, n: number, draw: number): Promise<Draw> {
  const { covariates, data } = drawDesign(design, n, p, generator(1, 'forest quality', design.name, p, n, draw))
  const one = async (exact: boolean): Promise<Judged> => {
    const forest = await causalForest(data, { outcome: 'y', treatment: 'w', covariates, numTrees, seed: draw, exact })
    const { estimate, std_error } = averageEffect(forest)
    let squares = 0
    let inside = 0
    for (let i = 0; i < n; i++) {
      const off = forest.predictions[i]! - data['tau']![i]!
      squares += off * off
      if (Math.abs(off) <= 1.959964 * Math.sqrt(forest.variances![i]!)) inside++
    }
    return { mse: squares / n, ate: estimate, error: std_error!, covers: Math.abs(estimate - design.average) <= 1.959964 * std_error!, pointwise: inside / n }
  }
  return { design: design.name, p, n, draw, binned: await one(false), exact: await one(true) }
}

const keyOf = ({ design, p, n, draw }: Pick<Draw, 'design' | 'p' | 'n' | 'draw'>): string => `${design}/${p}/${n}/${draw}`
const readDraws = (): Draw[] =>
  existsSync(cache)
    ? readFileSync(cache, 'utf8')
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line) as Draw)
    : []

/** Small tables come first in a round, and large ones every fifth and twentieth round: they take so much longer. */
const isTurn = (round: number, n: number): boolean => (n <= 1000 ? true : n <= 5000 ? round % 5 === 0 : round % 20 === 0)

async function judgeAll(draws: number, rows: readonly number[], minutes: number): Promise<void> {
  const done = new Set(readDraws().map(keyOf))
  const until = performance.now() + 60_000 * minutes
  const turns = new Map(rows.map((n) => [n, 0]))
  mkdirSync(dirname(cache), { recursive: true })
  for (let round = 0; [...turns.values()].some((turn) => turn < draws); round++) {
    for (const n of rows) {
      const draw = turns.get(n)!
      if (draw >= draws || !isTurn(round, n)) continue
      turns.set(n, draw + 1)
      for (const p of widths) {
        for (const design of designs) {
          if (done.has(keyOf({ design: design.name, p, n, draw }))) continue
          if (performance.now() > until) return
          appendFileSync(cache, `${JSON.stringify(await judge(design, p, n, draw))}\n`)
        }
      }
    }
  }
}

const mean = (values: readonly number[]): number => values.reduce((total, v) => total + v, 0) / values.length
const rounded = (value: number): number => Number(value.toPrecision(4))

function cellsOf(all: readonly Draw[]): readonly Cell[] {
  const groups = Map.groupBy(all, ({ design, p, n }) => `${n}/${p}/${design}`)
  return [...groups.values()]
    .map((draws): Cell => {
      const { design, p, n } = draws[0]!
      const ratios = draws.map(({ binned, exact }) => binned.mse / exact.mse)
      const ratio = mean(ratios)
      const spread = mean(ratios.map((one) => (one - ratio) ** 2)) / Math.max(1, draws.length - 1)
      return {
        design,
        p,
        n,
        draws: draws.length,
        mse: rounded(mean(draws.map((one) => one.binned.mse))),
        exact_mse: rounded(mean(draws.map((one) => one.exact.mse))),
        ratio: rounded(ratio),
        ratio_error: rounded(Math.sqrt(spread)),
        covered: rounded(mean(draws.map((one) => Number(one.binned.covers)))),
        pointwise: rounded(mean(draws.map((one) => one.binned.pointwise))),
        exact_pointwise: rounded(mean(draws.map((one) => one.exact.pointwise))),
      }
    })
    .toSorted((a, b) => a.n - b.n || order(a.design) - order(b.design) || a.p - b.p)
}

const order = (name: string): number => designs.findIndex((one) => one.name === name)
const percent = (share: number): string => `${(100 * share).toFixed(0)}%`

/** By number of rows and how the treatment was given, over designs. */
function overview(cells: readonly Cell[]): string {
  const kindOf = ({ design }: Cell): string => designs[order(design)]!.kind
  const lines = [...Map.groupBy(cells, (cell) => `${cell.n.toLocaleString('en-US')} | ${kindOf(cell)}`)].toSorted(([a], [b]) => Number.parseInt(a.replace(',', ''), 10) - Number.parseInt(b.replace(',', ''), 10)).map(([name, own]) => {
    const draws = own.reduce((total, one) => total + one.draws, 0)
    const over = (of: (cell: Cell) => number): number => own.reduce((total, one) => total + one.draws * of(one), 0) / draws
    // One draw of a cell has no spread of its own.
    const error = own.every((one) => one.draws > 1) ? ` (${(Math.sqrt(own.reduce((total, one) => total + (one.draws * one.ratio_error) ** 2, 0)) / draws).toFixed(3)})` : ''
    const covered = over((cell) => cell.covered)
    return `| ${name} | ${draws} | ${over(({ ratio }) => ratio).toFixed(3)}${error} | ${(100 * covered).toFixed(1)}% (${(100 * Math.sqrt((covered * (1 - covered)) / draws)).toFixed(1)}) | ${percent(over((cell) => cell.pointwise))} | ${percent(over((cell) => cell.exact_pointwise))} |`
  })
  return `| rows | treatment | draws | squared error, codes / any values | average effect covered | single rows covered | with any values |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}`
}

function byDesign(cells: readonly Cell[]): string {
  const lines = cells.map((one) => `| ${one.n.toLocaleString('en-US')} | ${one.design} | ${one.p} | ${one.draws} | ${one.mse.toPrecision(3)} | ${one.ratio.toFixed(3)}${one.draws > 1 ? ` (${one.ratio_error.toFixed(3)})` : ''} | ${percent(one.covered)} | ${percent(one.pointwise)} |`)
  return `| rows | design | columns | draws | squared error | codes / any values | average covered | rows covered |
| --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}`
}

const { values } = parseArgs({ options: { draws: { type: 'string', default: '40' }, rows: { type: 'string', default: '800,4000,16000' }, minutes: { type: 'string', default: '1e9' }, pages: { type: 'boolean', default: false } } })
if (!values.pages) {
  await judgeAll(Number(values.draws), values.rows.split(',').map(Number), Number(values.minutes))
  writeFileSync(results, `${JSON.stringify({ trees: numTrees, cells: cellsOf(readDraws()) }, null, 1)}\n`)
}
const { cells } = JSON.parse(readFileSync(results, 'utf8')) as { readonly cells: readonly Cell[] }
const script = 'scripts/generate-forest.ts'
writeFileSync(page, betweenMarks(betweenMarks(readFileSync(page, 'utf8'), 'designs', script, overview(cells)), 'each design', script, byDesign(cells)))
