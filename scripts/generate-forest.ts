/**
 * Judges the forest on simulated designs whose effects are known, and writes the tables of docs/explanation/forest.md.
 *
 *     node scripts/generate-forest.ts [--only errors|averages] [--draws 40] [--rows 800,4000,16000] [--part 1/2] [--minutes 60] [--pages]
 *
 * `errors`: each draw of a design is estimated twice, with splits found between groups of values and with splits found by sorting; all but the split finder is the same. `averages`: the average effect, with
 * as many trees for outcome and treatment as a forest has by default. What has been judged is kept draw by draw in bench/results/forest-draws.csv and forest-averages.csv, and the command goes on
 * where it was stopped: remove the files after a change of what forests answer. 40 draws of all take some four hours of one processor. Draws are taken in rounds through all designs, so that the tables are even whenever it stops. --part takes every second (third, ...) of them, for as many such commands at
 * once. --pages only writes the page anew.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { designs, type Design } from '#test/designs'
import { averageLine, averagesFile, averagesText, drawKey, drawLine, drawsFile, drawsText, isCovered, judge, judgeAverage, readAverages, readDraws, widths, type AverageDraw, type Draw } from '#test/forest-draws'
import { betweenMarks } from './page-table.ts'
import { root } from './run-tests.ts'

const page = join(root, 'docs/explanation/forest.md')

/** Small tables come first in a round, and large ones every fifth and twentieth round: they take so much longer. */
const isTurn = (round: number, n: number): boolean => (n <= 1000 ? true : n <= 5000 ? round % 5 === 0 : round % 20 === 0)

/** What is to be done for a draw, and where it is kept. */
interface Work {
  readonly file: string
  readonly header: string
  readonly done: ReadonlySet<string>
  readonly line: (design: Design, p: number, n: number, draw: number) => Promise<string>
}

async function judgeAll({ file, header, done, line }: Work, draws: number, rows: readonly number[], minutes: number, [part, parts]: readonly [number, number]): Promise<void> {
  if (!existsSync(file)) writeFileSync(file, header)
  const until = performance.now() + 60_000 * minutes
  const turns = new Map(rows.map((n) => [n, 0]))
  let place = 0
  for (let round = 0; [...turns.values()].some((turn) => turn < draws); round++) {
    for (const n of rows) {
      const draw = turns.get(n)!
      if (draw >= draws || !isTurn(round, n)) continue
      turns.set(n, draw + 1)
      for (const p of widths) {
        for (const design of designs) {
          if (place++ % parts !== part - 1 || done.has(drawKey({ design, p, n, draw }))) continue
          if (performance.now() > until) return
          appendFileSync(file, await line(design, p, n, draw))
        }
      }
    }
  }
}

const order = (design: Design): number => designs.indexOf(design)
const mean = (values: readonly number[]): number => values.reduce((total, v) => total + v, 0) / values.length
/** Standard error of a mean; of one value it has none. */
const errorOf = (values: readonly number[]): number | undefined => (values.length < 2 ? undefined : Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)) / (values.length - 1)))
const percent = (share: number, digits = 0): string => `${(100 * share).toFixed(digits)}%`
const withError = (values: readonly number[], digits: number): string => `${mean(values).toFixed(digits)}${errorOf(values) === undefined ? '' : ` (${errorOf(values)!.toFixed(digits)})`}`
const thousands = (n: number): string => n.toLocaleString('en-US')

interface Group {
  readonly errors: readonly Draw[]
  readonly averages: readonly AverageDraw[]
}

function groupsBy(errors: readonly Draw[], averages: readonly AverageDraw[], key: (place: Pick<Draw, 'design' | 'n' | 'p'>) => string): readonly (readonly [string, Group])[] {
  const of = averages.length === 0 ? new Map<string, AverageDraw[]>() : Map.groupBy(averages, key)
  const places = errors.toSorted((a, b) => a.n - b.n || order(a.design) - order(b.design) || a.p - b.p)
  return [...Map.groupBy(places, key)].map(([name, own]) => [name, { errors: own, averages: of.get(name) ?? [] }])
}

const columns = ({ errors, averages }: Group): readonly string[] => {
  const covered = averages.map((one) => Number(isCovered(one)))
  return [
    String(errors.length),
    withError(errors.map(({ refined, exact }) => refined.mse / exact.mse), 3),
    percent(mean(errors.map(({ refined }) => refined.pointwise))),
    percent(mean(errors.map(({ exact }) => exact.pointwise))),
    String(averages.length),
    averages.length === 0 ? '' : `${percent(mean(covered), 1)}${errorOf(covered) === undefined ? '' : ` (${(100 * errorOf(covered)!).toFixed(1)})`}`,
    averages.length === 0 ? '' : mean(averages.map(({ design, estimate, stdError }) => (estimate - design.average) / stdError)).toFixed(2),
  ]
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], lines: readonly (readonly string[])[]): string => [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n')
const measures = ['draws', 'squared error / with sorting', 'rows covered', 'with sorting', 'draws of the average', 'average covered', 'its mean error, in its errors']

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    draws: { type: 'string', default: '40' },
    rows: { type: 'string', default: '800,4000,16000' },
    part: { type: 'string', default: '1/1' },
    minutes: { type: 'string', default: '1e9' },
    pages: { type: 'boolean', default: false },
  },
})
const works: Readonly<Record<string, () => Work>> = {
  errors: () => ({
    file: drawsFile,
    header: drawsText([]),
    done: new Set(readDraws().map(drawKey)),
    line: async (design, p, n, draw) => drawLine({ design, p, n, draw, refined: await judge(design, p, n, draw), exact: await judge(design, p, n, draw, { exact: true }) }),
  }),
  averages: () => ({ file: averagesFile, header: averagesText([]), done: new Set(readAverages().map(drawKey)), line: async (design, p, n, draw) => averageLine(await judgeAverage(design, p, n, draw)) }),
}
if (!values.pages) {
  for (const name of values.only === undefined ? Object.keys(works) : [values.only]) {
    const make = works[name]
    if (make === undefined) throw new TypeError(`--only takes ${Object.keys(works).join(' or ')}, not ${name}.`)
    await judgeAll(make(), Number(values.draws), values.rows.split(',').map(Number), Number(values.minutes), values.part.split('/').map(Number) as unknown as readonly [number, number])
  }
}
// While parts are at work others may be adding lines.
if (values.part === '1/1') {
  const [errors, averages] = [readDraws(), readAverages()]
  writeFileSync(drawsFile, drawsText(errors))
  writeFileSync(averagesFile, averagesText(averages))
  const kinds = groupsBy(errors, averages, ({ design, n }) => `${thousands(n)} | ${design.kind}`)
    .map(([name, group]) => [...name.split(' | '), ...columns(group)])
    .toSorted((a, b) => Number(a[0]!.replace(',', '')) - Number(b[0]!.replace(',', '')))
  const each = groupsBy(errors, averages, ({ design, n, p }) => `${thousands(n)} | ${design.name} | ${p}`).map(([name, group]) => [...name.split(' | '), mean(group.errors.map(({ refined }) => refined.mse)).toPrecision(3), ...columns(group)])
  const script = 'scripts/generate-forest.ts'
  const overview = betweenMarks(readFileSync(page, 'utf8'), 'designs', script, table(['rows', 'treatment', ...measures], kinds))
  writeFileSync(page, betweenMarks(overview, 'each design', script, table(['rows', 'design', 'columns', 'squared error', ...measures], each)))
}
