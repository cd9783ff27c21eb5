/** The rows and columns of the forest: rows in an arm with an outcome; covariates as they are, gaps and texts among them. */
import type { Columns } from '#kernel/causal'
import { fault } from '../faults.ts'
import type { Design } from '../examine.ts'
import type { Sample } from '../sample.ts'
import type { ForestOrder } from './forest-order.ts'

/** The column of the design's chances; no column of a file is called so by accident. */
const chance = 'chance of treatment·'

export interface ForestRows {
  /** Places in the file of the rows used, from 0. */
  readonly rows: Int32Array
  readonly data: Columns
  /** The columns of the outcome and of the arm as 0 and 1, under the names of the file. */
  readonly outcome: string
  readonly treatment: string
  /** Covariates that vary, under their names. */
  readonly covariates: readonly string[]
  /** Covariates as numbers without gaps, by which a rule can be written: texts as columns of 0 and 1, named column=level. */
  readonly plain: readonly string[]
  /** Of a text with two values: the one that is meant where its column is 0. */
  readonly others: ReadonlyMap<string, string>
  /** Covariates with a gap, which take part in the forest and in nothing that needs a number from everybody. */
  readonly withGaps: readonly string[]
  readonly clusters: string | undefined
  readonly blocks: string | undefined
  readonly weights: string | undefined
  /** A number, a column, or undefined where it is to be estimated. */
  readonly propensity: number | string | undefined
  readonly treated: number
}

/** More levels than this are hardly a trait; the kernel's own limit. */
const mostLevels = 50

export function rowsOfForest(sample: Sample, design: Design, outcome: string, order: ForestOrder): ForestRows {
  const { order: asked, table, arm } = sample
  const needed = [outcome, asked.blocks, asked.cluster, asked.weights, order.priority, ...order.protected].filter((name) => name !== undefined)
  const complete = sample.complete(needed)
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row).filter((row) => complete(row))
  const treatment = Float64Array.from(rows, (row) => arm[row]!)
  const treated = treatment.reduce((total, one) => total + one, 0)
  for (const [value, count] of [[sample.arms.treated, treated], [sample.arms.control, rows.length - treated]] as const) {
    if (count === 0) throw fault.one_arm_left({ outcome, column: asked.treatment, value })
  }
  const numbers = (name: string): Float64Array => {
    const column = sample.column(name)
    if (column.kind === 'number') return Float64Array.from(rows, (row) => column.values[row]!)
    throw fault.text_column({ column: name, role: 'priority', row: 2, value: column.levels[0] ?? '', hint: '' })
  }
  const labels = (name: string): Float64Array | string[] => {
    const column = sample.column(name)
    return column.kind === 'number' ? Float64Array.from(rows, (row) => column.values[row]!) : Array.from(rows, (row) => (column.codes[row]! < 0 ? '' : column.levels[column.codes[row]!]!))
  }
  const data: Record<string, Float64Array | string[]> = { [outcome]: numbers(outcome), [asked.treatment]: treatment }
  const plain: string[] = []
  const others = new Map<string, string>()
  const withGaps: string[] = []
  const covariates: string[] = []
  for (const name of design.covariates) {
    const column = sample.column(name)
    if (column.kind === 'text' && column.levels.length > mostLevels) throw fault.many_levels({ column: name, levels: column.levels.length })
    const values = labels(name)
    const gaps = values instanceof Float64Array ? values.some((value) => Number.isNaN(value)) : values.includes('')
    if (!varies(values)) continue
    data[name] = values
    covariates.push(name)
    if (gaps) withGaps.push(name)
    else if (values instanceof Float64Array) plain.push(name)
    else {
      const levels = [...new Set(values)].sort()
      if (levels.length === 2) others.set(`${name}=${levels[1]!}`, levels[0]!)
      for (const level of levels.slice(levels.length === 2 ? 1 : 0)) {
        data[`${name}=${level}`] = Float64Array.from(values, (one) => (one === level ? 1 : 0))
        plain.push(`${name}=${level}`)
      }
    }
  }
  if (covariates.length === 0) throw fault.no_covariate_left()
  for (const name of order.protected) data[name] ??= labels(name)
  if (asked.cluster !== undefined) data[asked.cluster] = labels(asked.cluster)
  if (asked.blocks !== undefined) data[asked.blocks] = labels(asked.blocks)
  if (asked.weights !== undefined) data[asked.weights] = numbers(asked.weights)
  if (order.priority !== undefined) data[order.priority] = numbers(order.priority)
  const propensity = order.propensity === 'known' ? designed(sample, treatment, treated, asked.blocks === undefined ? undefined : labels(asked.blocks), data) : order.propensity === 'estimated' ? undefined : order.propensity
  return { rows, data, outcome, treatment: asked.treatment, covariates, plain, others, withGaps, clusters: asked.cluster, blocks: asked.blocks, weights: asked.weights, propensity, treated }
}

/** The chance that the design gave: as planned; else the share of each block that was treated; else that of all. */
function designed({ order, arms }: Sample, treatment: Float64Array, treated: number, blocks: Float64Array | string[] | undefined, data: Record<string, Float64Array | string[]>): number | string {
  const { planned } = order
  if (blocks === undefined) {
    if (planned === undefined) return treated / treatment.length
    const at = (value: string): number => arms.all.findIndex((one) => one.value === value)
    const [control, share] = planned.length === 2 ? [planned[0]!, planned[1]!] : [planned[at(arms.control)]!, planned[at(arms.treated)]!]
    return share / (control + share)
  }
  const cells = new Map<string | number, { treated: number; rows: number }>()
  const of: readonly (string | number)[] = [...blocks]
  for (const [i, label] of of.entries()) {
    const cell = cells.get(label) ?? { treated: 0, rows: 0 }
    cells.set(label, { treated: cell.treated + treatment[i]!, rows: cell.rows + 1 })
  }
  const shares = Float64Array.from(of, (label) => cells.get(label)!.treated / cells.get(label)!.rows)
  const alone = shares.findIndex((share) => share === 0 || share === 1)
  if (alone >= 0) throw fault.block_of_one_arm({ column: order.blocks!, value: String(of[alone]) })
  data[chance] = shares
  return chance
}

/** Whether a column has two values, gaps left aside. */
function varies(values: Float64Array | string[]): boolean {
  let first: string | number | undefined
  for (const value of values) {
    if (value === '' || Number.isNaN(value)) continue
    first ??= value
    if (value !== first) return true
  }
  return false
}
