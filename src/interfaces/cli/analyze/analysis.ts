/** From a table and an order to everything that is said about them. */
import { isFault, type Fault } from '#kernel/fault'
import { choose } from './choose.ts'
import { examine, type Design } from './examine.ts'
import { fault } from './faults.ts'
import { whoGains, type WhoGains } from './heterogeneity/who-gains.ts'
import type { Order } from './order.ts'
import { asNumbers, Sample, type Arms, type Rows } from './sample.ts'
import { bounds, observed, type Finding, type Row, type Setting } from './steps.ts'
import type { Column, Table, TextColumn } from './table.ts'
import { warningsAfter, warningsOf, type Warning } from './warn.ts'

export interface Answer {
  readonly outcome: string
  readonly row: Row
  /** Mean of the outcome in the control arm, over the rows in which it was seen. */
  readonly controlMean: number
  /** Whether the outcome is 0 or 1 in every row. */
  readonly share: boolean
  readonly adjustedP: number | null
}

export interface Analysis {
  readonly order: Order
  /** `sha256` is null for a table in a database, which has no bytes of its own. */
  readonly data: { readonly file: string; readonly sha256: string | null; readonly rows: number }
  readonly arms: Arms
  readonly design: Design
  readonly warnings: readonly Warning[]
  readonly reasons: readonly string[]
  readonly findings: readonly Finding[]
  readonly answers: readonly Answer[]
  readonly sample: Rows
  /** Where it was asked: of the first outcome. */
  readonly gains?: WhoGains
}

/** What the estimators stand on: rows, how they came about, and what has to be said of them before any figure. */
export interface Ground {
  readonly sample: Rows
  readonly design: Design
  readonly data: Analysis['data']
  /** The blocks as a factor among covariates. */
  readonly blocksAsFactor: string | undefined
  readonly warnings: readonly Warning[]
}

type Progress = (share: number, what: string) => void

/** From a table in memory. */
export async function analyse(read: Table, order: Order, progress: Progress = () => {}): Promise<Analysis> {
  const table = withNumbers(read, order)
  const sample = new Sample(table, order)
  for (const outcome of order.outcomes) if (!anyRow(sample, outcome)) throw fault.no_usable_rows({ outcome })
  progress(0.05, 'looking at the draw')
  const design = examine(sample)
  const commas = [...table.columns.values()].filter((column) => column.kind === 'number' && column.commas).map((column) => column.name)
  return conclude(
    {
      sample,
      design,
      data: { file: table.file, sha256: table.sha256, rows: table.rows },
      blocksAsFactor: order.blocks === undefined ? undefined : factorName(table, order.blocks),
      warnings: warningsOf({ order, arms: sample.arms, rows: table.rows, noArm: sample.column(order.treatment).missing, clusterLike: table.clusterLike, commas }, design),
    },
    progress,
  )
}

/** Chooses the estimators, runs them, and finds the answer to each outcome. */
export async function conclude({ sample, design, data, blocksAsFactor, warnings }: Ground, progress: Progress = () => {}): Promise<Analysis> {
  const { order } = sample
  const setting: Setting = {
    sample,
    design,
    covariates: design.covariates,
    blocks: order.blocks,
    cluster: order.cluster,
    drawnCluster: design.clusters?.split === 0 ? order.cluster : undefined,
    weights: order.weights,
  }
  const { steps, reasons } = choose(setting, blocksAsFactor)
  const findings: Finding[] = []
  const answers: { outcome: string; row: Row }[] = []
  const failed: { estimator: string; outcome: string; sentence: string; fault: Fault }[] = []
  const attempt = async (estimator: string, outcome: string, run: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> => {
    try {
      const made = await run()
      findings.push(...made)
      return made
    } catch (error) {
      if (!isFault(error) || error.kind === 'broken') throw error
      failed.push({ estimator, outcome, sentence: error.message, fault: error })
      return []
    }
  }
  for (const [at, { estimator, step, each, answer }] of steps.entries()) {
    for (const outcome of each ? order.outcomes : order.outcomes.slice(0, 1)) {
      progress(0.1 + (0.9 * at) / steps.length, `${estimator} of ${outcome}`)
      if (estimator === 'lee_bounds' && order.estimators.length === 0) {
        if (!design.missing.some((one) => one.column === outcome)) continue
        const [seen] = await attempt('observed', outcome, () => observed(setting, outcome))
        if (seen !== undefined && seen.row.p_value! < 0.05 && order.weights === undefined) await attempt(estimator, outcome, () => bounds(setting, outcome))
        continue
      }
      const made = await attempt(estimator, outcome, () => step(setting, outcome))
      // With several models of one estimator the last, with covariates, is the answer.
      const effect = made.find((one) => one.role === 'effect')
      if (answer === true && effect !== undefined) {
        const before = answers.findIndex((one) => one.outcome === outcome)
        if (before >= 0) answers.splice(before, 1)
        answers.push({ outcome, row: effect.row })
      }
    }
  }
  // Where the answer's own model failed, the next best effect takes its place; the warning says why.
  for (const outcome of order.outcomes) {
    const effect = findings.find((one) => one.role === 'effect' && one.outcome === outcome)
    if (effect !== undefined && !answers.some((one) => one.outcome === outcome)) answers.push({ outcome, row: effect.row })
  }
  if (findings.length === 0 && design.balance === null && design.sampleRatio === null) {
    if (failed[0] !== undefined) throw failed[0].fault
    throw fault.no_estimate({ reason: 'No estimator was left.' })
  }
  if (findings.length === 0 && failed[0] !== undefined && order.estimators.length !== 0) throw failed[0].fault
  return {
    order,
    data,
    arms: sample.arms,
    design,
    warnings: [...warnings, ...warningsAfter(findings, failed)].sort((a, b) => gravity[a.tone] - gravity[b.tone]),
    reasons,
    findings,
    answers: order.outcomes.flatMap((outcome) => answers.filter((one) => one.outcome === outcome)).map((one) => ({ ...one, ...sample.baseline(one.outcome), adjustedP: adjusted(order, findings, one.outcome) })),
    sample,
  }
}

/** What was estimated, and who gains of the first outcome where that was asked. */
export async function withWhoGains(analysis: Analysis, progress: (share: number, what: string) => void = () => {}): Promise<Analysis> {
  const { order, sample, design } = analysis
  if (order.forest === undefined) return analysis
  const outcome = order.outcomes[0]!
  if (!(sample instanceof Sample)) throw fault.needs_rows({ what: '--heterogeneity' })
  const gains = await whoGains(sample, design, outcome, order.forest, progress)
  return {
    ...analysis,
    gains,
    findings: [...analysis.findings, ...gains.findings],
    warnings: [...analysis.warnings, ...gains.warnings].sort((a, b) => gravity[a.tone] - gravity[b.tone]),
    reasons: [...analysis.reasons, `Who gains is looked for in ${outcome}${order.outcomes.length === 1 ? '' : ' only, the first outcome'}: by a causal forest of ${order.forest.trees.toLocaleString('en')} trees on ${gains.used.covariates.length} covariates. More of ${outcome} is taken to be better.`],
  }
}

const gravity = { bad: 0, warn: 1, plain: 2 } as const

/** Outcome, take-up, weights, baseline and score are numbers; blocks of numbers are also there as a factor. */
function withNumbers(table: Table, order: Order): Table {
  const columns = new Map<string, Column>(table.columns)
  const need = (name: string | undefined, role: string) => {
    if (name !== undefined) columns.set(name, asNumbers(columns.get(name)!, role))
  }
  for (const outcome of order.outcomes) need(outcome, 'outcome')
  need(order.takeUp, 'take-up')
  need(order.weights, 'weight')
  need(order.baseline, 'baseline')
  if (order.score !== 'auto') need(order.score, 'score')
  for (const name of order.covariates) {
    const column = columns.get(name)!
    if (column.kind === 'number') asNumbers(column, 'covariate')
  }
  if (order.takeUp !== undefined) {
    const { values } = columns.get(order.takeUp)! as { values: Float64Array }
    const first = values.find((value) => !Number.isNaN(value))
    if (first === undefined || values.every((value) => Number.isNaN(value) || value === first)) throw fault.take_up_constant({ column: order.takeUp, value: String(first) })
  }
  const blocks = order.blocks === undefined ? undefined : columns.get(order.blocks)
  if (blocks?.kind === 'number') columns.set(`factor(${blocks.name})`, factorOf(blocks.name, blocks.values, blocks.missing))
  return { ...table, columns }
}

const factorName = (table: Table, blocks: string): string => (table.columns.has(`factor(${blocks})`) ? `factor(${blocks})` : blocks)

function factorOf(name: string, values: Float64Array, missing: number): TextColumn {
  const places = new Map<number, number>()
  const codes = Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return -1
    const known = places.get(value)
    if (known !== undefined) return known
    places.set(value, places.size)
    return places.size - 1
  })
  return { kind: 'text', name: `factor(${name})`, codes, levels: [...places.keys()].map(String), missing }
}

function anyRow(sample: Sample, outcome: string): boolean {
  for (let row = 0; row < sample.table.rows; row++) if (!Number.isNaN(sample.arm[row]!) && sample.has(outcome, row)) return true
  return false
}

function adjusted(order: Order, findings: readonly Finding[], outcome: string): number | null {
  const row = findings.find((one) => one.role === 'family' && one.outcome === outcome)?.row
  const value = row?.[{ holm: 'p_holm', bh: 'p_bh', 'romano-wolf': 'p_romano_wolf' }[order.family]]
  return typeof value === 'number' ? value : null
}
