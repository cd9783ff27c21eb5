/** What the data say about how the arms were drawn: the facts on which estimators are chosen, and the warnings that come before every figure. */
import { chiSquareUpper } from '#kernel/numeric'
import { balance, sampleRatio, type Estimate } from '#kernel/causal'
import { isFault } from '#kernel/fault'
import { fault } from './faults.ts'
import type { Arms, Sample } from './sample.ts'

export interface Block {
  readonly label: string
  readonly rows: readonly [number, number]
  readonly units: readonly [number, number]
}

export interface Design {
  readonly rows: readonly [control: number, treated: number]
  readonly blocks: readonly Block[]
  /** Whether the treated share differs between blocks by more than luck: χ² = Σ_b (n_1b − n_b p)² / (n_b p (1 − p)), p-value below 0.01. */
  readonly sharesDiffer: boolean
  readonly sharesP: number | null
  readonly pairs: boolean
  /** Blocks with fewer than two units in an arm. */
  readonly thin: readonly Block[]
  readonly clusters: { readonly count: number; /** Clusters with rows in both arms. */ readonly split: number; /** Of each arm. */ readonly perArm: readonly [number, number] } | null
  readonly sampleRatio: Estimate | null
  readonly balance: { readonly differences: readonly Estimate[]; readonly joint: readonly Estimate[]; readonly p: number | null; readonly why: string | null; /** Left out of the test: levels of hardly any rows. */ readonly rare: readonly string[] } | null
  /** Covariates that vary in the sample. */
  readonly covariates: readonly string[]
  readonly constant: readonly string[]
  /** Missing values of each named column, among the rows of the two arms. */
  readonly missing: readonly { readonly column: string; readonly rows: readonly [number, number] }[]
}

export function examine(sample: Sample): Design {
  const { order, arm } = sample
  const rows: [number, number] = [0, 0]
  for (const a of arm) if (!Number.isNaN(a)) rows[a]! += 1
  const { clusters, blocks } = grouping(sample)
  const thin = blocks.filter((block) => block.units.some((units) => units < 2))
  const pairs = blocks.length > 1 && blocks.every((block) => block.units.every((units) => units === 1))
  const sharesP = blocks.length < 2 ? null : sharesTest(blocks)
  const [covariates, constant] = varying(sample)
  return {
    rows,
    blocks,
    sharesP,
    sharesDiffer: sharesP !== null && sharesP < 0.01,
    pairs,
    thin: pairs ? [] : thin,
    clusters,
    sampleRatio: order.planned === undefined ? null : sizesOf(sample.arms, order.planned),
    balance: covariates.length === 0 ? null : balanced(sample, covariates, clusters?.split === 0 ? order.cluster : undefined, order.blocks),
    covariates,
    constant,
    missing: gaps(sample),
  }
}

/** Counts of rows and units (clusters, where they were drawn whole) by block and arm. */
function grouping(sample: Sample): Pick<Design, 'blocks' | 'clusters'> {
  const { order, table, arm } = sample
  const labelOf = (name: string) => {
    const column = sample.column(name)
    return column.kind === 'number' ? (row: number) => (Number.isNaN(column.values[row]!) ? undefined : column.values[row]!) : (row: number) => (column.codes[row]! < 0 ? undefined : column.codes[row]!)
  }
  const blockOf = order.blocks === undefined ? () => 0 : labelOf(order.blocks)
  const clusterOf = order.cluster === undefined ? undefined : labelOf(order.cluster)
  const found = new Map<number, { rows: [number, number]; units: [number, number] }>()
  const armOfCluster = new Map<number, number>()
  const splitClusters = new Set<number>()
  for (let row = 0; row < table.rows; row++) {
    const a = arm[row]!
    const block = blockOf(row)
    if (Number.isNaN(a) || block === undefined) continue
    const cell = found.get(block) ?? { rows: [0, 0], units: [0, 0] }
    found.set(block, cell)
    cell.rows[a]! += 1
    const cluster = clusterOf?.(row)
    if (clusterOf === undefined) cell.units[a]! += 1
    else if (cluster !== undefined) {
      const known = armOfCluster.get(cluster)
      if (known === undefined) {
        armOfCluster.set(cluster, a)
        cell.units[a]! += 1
      } else if (known !== a) splitClusters.add(cluster)
    }
  }
  // Clusters with rows in both arms were not drawn; rows were.
  if (splitClusters.size > 0) for (const cell of found.values()) cell.units = cell.rows
  const column = order.blocks === undefined ? undefined : sample.column(order.blocks)
  const blocks = column === undefined ? [] : [...found].map(([block, cell]) => ({ label: column.kind === 'text' ? column.levels[block]! : String(block), ...cell }))
  const perArm: [number, number] = [0, 0]
  for (const a of armOfCluster.values()) perArm[a]! += 1
  return { blocks, clusters: clusterOf === undefined ? null : { count: armOfCluster.size, split: splitClusters.size, perArm } }
}

export function sharesTest(blocks: readonly Block[]): number | null {
  const total = blocks.reduce((sum, { units }) => sum + units[0] + units[1], 0)
  const share = blocks.reduce((sum, { units }) => sum + units[1], 0) / total
  let statistic = 0
  for (const { units } of blocks) {
    const n = units[0] + units[1]
    statistic += (units[1] - n * share) ** 2 / (n * share * (1 - share))
  }
  return chiSquareUpper(statistic, blocks.length - 1)
}

/** The test of the planned sizes: of all arms of the column where as many were planned, else of the two that are compared. */
export function sizesOf(arms: Arms, planned: readonly number[]): Estimate {
  const two = [arms.control, arms.treated].map((value) => arms.all.find((one) => one.value === value)!)
  const tested = planned.length === 2 ? two : arms.all
  if (planned.length !== tested.length) throw fault.planned_refused({ given: planned.join(':'), arms: arms.all.length })
  return sampleRatio(tested.map((one) => one.rows), planned, tested.map((one) => one.value))
}

function varying(sample: Sample): readonly [string[], string[]] {
  const constant = sample.order.covariates.filter((name) => {
    const column = sample.column(name)
    let first: number | undefined
    for (let row = 0; row < sample.table.rows; row++) {
      if (Number.isNaN(sample.arm[row]!)) continue
      const value = column.kind === 'number' ? column.values[row]! : column.codes[row]!
      if (column.kind === 'number' ? Number.isNaN(value) : value < 0) continue
      first ??= value
      if (value !== first) return false
    }
    return true
  })
  return [sample.order.covariates.filter((name) => !constant.includes(name)), constant]
}

function balanced(sample: Sample, covariates: readonly string[], clusters: string | undefined, blocks: string | undefined): Design['balance'] {
  const labels = [clusters, blocks].filter((name) => name !== undefined)
  try {
    const data = sample.whole({ numbers: covariates, labels })
    const all = sample.namesOf(covariates)
    const rare = all.filter((name) => isRare(data[name]))
    const names = rare.length < all.length ? all.filter((name) => !rare.includes(name)) : all
    const table = balance(data, {
      treatment: sample.order.treatment,
      covariates: names,
      ...(clusters === undefined ? {} : { clusters }),
      ...(blocks === undefined ? {} : { blocks }),
    })
    return { ...table, p: table.joint[0]?.p_value ?? null, why: null, rare: rare.length < all.length ? rare : [] }
  } catch (error) {
    if (!isFault(error)) throw error
    return { differences: [], joint: [], p: null, why: error.message, rare: [] }
  }
}

/**
 * A mark that so few rows have lies in one arm by chance, and its robust variance is then all but zero: the Wald statistic of a sound draw comes out in
 * the thousands (seen with two rows of 4,078 in STAR).
 */
const fewestOfAMark = 20

function isRare(values: Float64Array | string[] | undefined): boolean {
  if (!(values instanceof Float64Array)) return false
  let ones = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value === 1) ones += 1
    else if (value !== 0) return false
  }
  return Math.min(ones, values.length - ones) < Math.min(fewestOfAMark, values.length / 10)
}

function gaps(sample: Sample): Design['missing'] {
  const { order } = sample
  const named = [...new Set([...order.outcomes, order.takeUp, ...order.covariates, order.blocks, order.cluster, order.weights, order.baseline])].filter((name) => name !== undefined)
  return named.flatMap((name) => {
    if (sample.column(name).missing === 0) return []
    const rows: [number, number] = [0, 0]
    for (let row = 0; row < sample.table.rows; row++) {
      const a = sample.arm[row]!
      if (!Number.isNaN(a) && !sample.has(name, row)) rows[a]! += 1
    }
    return rows[0] + rows[1] === 0 ? [] : [{ column: name, rows }]
  })
}
