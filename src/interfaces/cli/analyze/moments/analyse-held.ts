/** From a table that stays where it is, and an order, to everything that is said about them; as far as groups of its rows can say it. */
import { conclude, type Analysis } from '../analysis.ts'
import { sharesTest, sizesOf, type Block, type Design } from '../examine.ts'
import { fault } from '../faults.ts'
import { columnsOf, type EstimatorName, type Order } from '../order.ts'
import { placesOf } from '../read-table.ts'
import { armsFrom, mostLevels } from '../sample.ts'
import { warningsOf } from '../warn.ts'
import { groupedRows } from './grouped.ts'
import type { HeldTable } from './held-table.ts'
import { countsOf, figuresOf, inArms, valuesOf } from './select.ts'

/** What groups of rows are enough for. */
const groupable: readonly EstimatorName[] = ['difference_in_means', 'lm_robust', 'lm_lin', 'iv_robust', 'anderson_rubin', 'srm_chi_square']

/** More values than this are no arms. */
const mostArms = 1_000

export async function analyseHeld(table: HeldTable, order: Order, progress?: (share: number, what: string) => void): Promise<Analysis> {
  refuseRows(order)
  placesOf([...table.columns.keys()], columnsOf(order))
  refuseTexts(table, order)
  const found = (await table.select(valuesOf(table, order.treatment, mostArms))).map(([value, rows]) => ({ value: value as string | number | null, rows: rows as number }))
  const all = found.reduce((sum, one) => sum + one.rows, 0)
  if (all === 0) throw fault.empty_file({ file: table.name })
  const { arms, pair } = armsFrom(new Map(found.flatMap(({ value, rows }) => (value === null ? [] : [[value, rows] as const]))), order)
  const where = inArms(table, order.treatment, pair)
  const figures = await facts(table, order, where, pair)
  for (const outcome of order.outcomes) if (figures.get(outcome)!.controlMean === null && figures.get(outcome)!.least === null) throw fault.no_usable_rows({ outcome })
  const takeUp = order.takeUp === undefined ? undefined : figures.get(order.takeUp)!
  if (takeUp !== undefined && takeUp.least === takeUp.most) throw fault.take_up_constant({ column: order.takeUp!, value: String(takeUp.least) })
  const constant = order.covariates.filter((name) => figures.get(name)!.least === figures.get(name)!.most)
  const covariates = order.covariates.filter((name) => !constant.includes(name))
  const levels = new Map<string, readonly string[]>()
  for (const name of covariates) if (table.columns.get(name) === 'text') levels.set(name, await levelsOf(table, name))
  const blocksAsFactor = order.blocks === undefined ? undefined : table.columns.get(order.blocks) === 'text' ? order.blocks : `factor(${order.blocks})`
  const { blocks, clusters } = await grouping(table, order, where, pair)
  if (blocksAsFactor !== undefined) levels.set(blocksAsFactor, blocks.map((block) => block.label).toSorted((a, b) => (a < b ? -1 : 1)))
  const rows = pair.map((value) => found.find((one) => one.value === value)!.rows) as [number, number]
  const pairs = blocks.length > 1 && blocks.every((block) => block.units.every((units) => units === 1))
  const sharesP = blocks.length < 2 ? null : sharesTest(blocks)
  const design: Design = {
    rows,
    blocks,
    sharesP,
    sharesDiffer: sharesP !== null && sharesP < 0.01,
    pairs,
    thin: pairs ? [] : blocks.filter((block) => block.units.some((units) => units < 2)),
    clusters,
    sampleRatio: order.planned === undefined ? null : sizesOf(arms, order.planned),
    balance: null,
    covariates,
    constant,
    missing: [...figures].flatMap(([column, { lacking }]) => (lacking[0] + lacking[1] === 0 ? [] : [{ column, rows: lacking }])),
  }
  const baselines = new Map([...figures].map(([name, { controlMean, share }]) => [name, { controlMean: controlMean ?? Number.NaN, share }]))
  const sample = groupedRows({ table, order, arms, pair, rows: rows[0] + rows[1], where, levels, baselines, near: new Map([...figures].flatMap(([name, { controlMean }]) => (controlMean === null ? [] : [[name, controlMean] as const]))) })
  const noArm = found.find((one) => one.value === null)?.rows ?? 0
  return conclude({ sample, design, data: { file: table.name, sha256: table.sha256, rows: all }, blocksAsFactor, warnings: warningsOf({ order, arms, rows: all, noArm, clusterLike: [], commas: [] }, design) }, progress)
}

/** What is asked for and cannot be had from groups. */
function refuseRows({ estimators, weights, baseline, score, family, outcomes, forest }: Order): void {
  const other = estimators.find((name) => !groupable.includes(name))
  if (other !== undefined) throw fault.needs_rows({ what: other })
  if (weights !== undefined) throw fault.needs_rows({ what: '--weights' })
  if (baseline !== undefined) throw fault.needs_rows({ what: '--baseline' })
  if (score !== undefined) throw fault.needs_rows({ what: '--subgroup-score' })
  if (forest !== undefined) throw fault.needs_rows({ what: '--heterogeneity' })
  if (family !== 'holm' && outcomes.length > 1) throw fault.needs_rows({ what: `--family ${family}` })
}

function refuseTexts(table: HeldTable, { outcomes, takeUp }: Order): void {
  for (const [column, role] of [...outcomes.map((name) => [name, 'outcome'] as const), [takeUp, 'take-up'] as const]) {
    if (column !== undefined && table.columns.get(column) === 'text') throw fault.text_in_table({ column, role, table: table.name })
  }
}

interface Facts {
  /** Rows without it, by arm. */
  readonly lacking: readonly [number, number]
  readonly controlMean: number | null
  readonly share: boolean
  readonly least: unknown
  readonly most: unknown
}

async function facts(table: HeldTable, order: Order, where: string, pair: readonly [string | number, string | number]): Promise<ReadonlyMap<string, Facts>> {
  const names = columnsOf(order).filter((name) => name !== order.treatment)
  const byArm = await table.select(figuresOf(table, order.treatment, where, names))
  const arms = pair.map((value) => byArm.find((row) => row[0] === value)!)
  return new Map(
    names.map((name, at) => {
      const [control, treated] = arms.map((row) => row.slice(1 + 5 * at, 6 + 5 * at)) as [unknown[], unknown[]]
      const limit = (place: number, better: (a: never, b: never) => boolean): unknown => {
        const [a, b] = [control[place], treated[place]]
        return a === null || (b !== null && better(b as never, a as never)) ? b : a
      }
      return [
        name,
        {
          lacking: [Number(control[0]), Number(treated[0])],
          controlMean: control[1] as number | null,
          share: Number(control[4]) + Number(treated[4]) === 0,
          least: limit(2, (a, b) => a < b),
          most: limit(3, (a, b) => a > b),
        },
      ]
    }),
  )
}

async function levelsOf(table: HeldTable, name: string): Promise<readonly string[]> {
  const found = await table.select(valuesOf(table, name, mostLevels + 1))
  const levels = found.flatMap(([value]) => (value === null ? [] : [String(value)]))
  if (levels.length > mostLevels) throw fault.many_levels({ column: name, levels: levels.length })
  return levels.toSorted((a, b) => (a < b ? -1 : 1))
}

async function grouping(table: HeldTable, { blocks: block, cluster, treatment }: Order, where: string, pair: readonly [string | number, string | number]): Promise<Pick<Design, 'blocks' | 'clusters'>> {
  if (block === undefined && cluster === undefined) return { blocks: [], clusters: null }
  const by = [...new Set([treatment, ...[block, cluster].filter((name) => name !== undefined)])]
  const counts = await table.select(countsOf(table, where, by))
  const found = new Map<string, { rows: [number, number]; units: [number, number] }>()
  const armOf = new Map<string, number>()
  const split = new Set<string>()
  for (const row of counts) {
    const arm = row[0] === pair[0] ? 0 : 1
    const rows = row.at(-1) as number
    const label = block === undefined ? '' : String(row[by.indexOf(block)])
    const cell = found.get(label) ?? { rows: [0, 0], units: [0, 0] }
    found.set(label, cell)
    cell.rows[arm] += rows
    if (cluster === undefined) {
      cell.units[arm] += rows
      continue
    }
    const own = String(row[by.indexOf(cluster)])
    const known = armOf.get(own)
    if (known === undefined) {
      armOf.set(own, arm)
      cell.units[arm] += 1
    } else if (known !== arm) split.add(own)
  }
  if (split.size > 0) for (const cell of found.values()) cell.units = cell.rows
  const perArm: [number, number] = [0, 0]
  for (const arm of armOf.values()) perArm[arm]! += 1
  const blocks: readonly Block[] = block === undefined ? [] : [...found].map(([label, cell]) => ({ label, ...cell }))
  return { blocks, clusters: cluster === undefined ? null : { count: armOf.size, split: split.size, perArm } }
}

