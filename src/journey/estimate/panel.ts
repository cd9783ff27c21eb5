/** The panel as columns: one row a draw, control before treated in nothing but the arm's name, in the order of the draws. */
import { createHash } from 'node:crypto'
import type { Experiment } from '#journey/experiment'
import type { PanelRow } from './store.ts'

export interface Panel {
  readonly rows: readonly PanelRow[]
  /** 1 for the arm that is nudged, 0 for control. */
  readonly treated: Float64Array
  readonly observed: Float64Array
  /** Outcomes by name; NaN where nobody looked. */
  readonly outcomes: Readonly<Record<string, Float64Array>>
  /** Strata and covariates of the plan as columns of numbers, without constant ones. */
  readonly covariates: Readonly<Record<string, Float64Array>>
  /** SHA-256 of the rows as they were analysed. */
  readonly digest: string
}

/** Levels of a text covariate beyond this many are one: a column each would cost more precision than it brings. */
const mostLevels = 20
/** A level with fewer learners than this is joined to the others: its own column would have leverage near one in an arm (HC2 divides by 1 - h). */
const fewestOfLevel = 20

export function panelOf(rows: readonly PanelRow[], experiment: Experiment): Panel {
  const control = experiment.arms.find((arm) => arm.ghost)?.name
  const column = (pick: (row: PanelRow) => number) => Float64Array.from(rows, pick)
  const seen = (value: boolean | null) => (value === null ? Number.NaN : Number(value))
  const covariates: Record<string, Float64Array> = { ...levels('stratum', rows.map((row) => row.stratum)), ...levels('wave', rows.map((row) => row.wave)) }
  for (const name of experiment.plan.covariates) Object.assign(covariates, known(name, rows))
  return {
    rows,
    treated: column((row) => (row.arm === control ? 0 : 1)),
    observed: column((row) => Number(row.observed)),
    outcomes: {
      shared: column((row) => Number(row.shared)),
      clicked: column((row) => Number(row.clicked)),
      viewed: column((row) => Number(row.viewed)),
      seen: column((row) => Number(row.seen)),
      new_job: column((row) => seen(row.newJob)),
      new_job_in_scope: column((row) => seen(row.newJobInScope)),
    },
    covariates,
    digest: createHash('sha256').update(JSON.stringify(rows)).digest('hex'),
  }
}

/** A 0/1 column per level but the commonest, rare levels joined. */
function levels(name: string, values: readonly string[]): Record<string, Float64Array> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const kept = [...counts].filter(([, count]) => count >= fewestOfLevel).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostLevels)
  return Object.fromEntries(kept.slice(1).map(([level]) => [`${name} ${level}`, Float64Array.from(values, (value) => Number(value === level))]))
}

/** A covariate that came with the completion: as a number where it is one everywhere (its mean where it is missing, and a column that says so), else by level. */
function known(name: string, rows: readonly PanelRow[]): Record<string, Float64Array> {
  const values = rows.map((row) => (name === 'country' ? row.country : name === 'education' ? row.education : name === 'domain' ? row.domain : row.covariates[name]) ?? null)
  if (values.some((value) => typeof value === 'string')) return levels(name, values.map((value) => String(value ?? 'missing')))
  const numbers = values.filter((value) => typeof value === 'number')
  if (numbers.length === 0) return {}
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  const filled = Float64Array.from(values, (value) => (typeof value === 'number' ? value : mean))
  const missing = Float64Array.from(values, (value) => Number(value === null))
  const varies = (column: Float64Array) => column.some((value) => value !== column[0])
  return { ...(varies(filled) ? { [name]: filled } : {}), ...(numbers.length < rows.length && numbers.length > fewestOfLevel && varies(missing) ? { [`${name} missing`]: missing } : {}) }
}

/** Places of the rows where an outcome is known. */
export function rowsSeen(panel: Panel, outcome: string): Int32Array {
  const values = panel.outcomes[outcome]
  if (!values) throw new TypeError(`the panel has no outcome “${outcome}”`)
  return Int32Array.from(values.keys()).filter((at) => !Number.isNaN(values[at]))
}

/** The rows of a panel where an outcome is known, as columns for an estimator. */
export function columnsWhere(panel: Panel, outcome: string): { readonly columns: Readonly<Record<string, Float64Array>>; readonly covariates: readonly string[]; readonly n: number } {
  const rows = rowsSeen(panel, outcome)
  const values = panel.outcomes[outcome]!
  const take = (column: Float64Array) => Float64Array.from(rows, (at) => column[at]!)
  const covariates = Object.entries(panel.covariates).map(([name, column]) => [name, take(column)] as const).filter(([, column]) => column.some((value) => value !== column[0]))
  return {
    columns: { outcome: take(values), treated: take(panel.treated), shared: take(panel.outcomes['shared']!), ...Object.fromEntries(covariates) },
    covariates: covariates.map(([name]) => name),
    n: rows.length,
  }
}
