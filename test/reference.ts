import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import type { Estimate } from '#kernel/causal'

/**
 * Real randomized experiments and what R makes of them, from ../shared/data (see its README). Tests that need them are skipped where the folder
 * is absent: `test('...', { skip: withoutReference }, () => ...)`.
 */
const folder = new URL('../../shared/data/', import.meta.url)
export const withoutReference = existsSync(folder) ? false : 'skipped: ../shared/data with the reference experiments is not here'

export const experiments = ['carvalho2016', 'esti', 'hillstrom', 'jtpa', 'nsw_mixtape', 'nswdemo', 'resume', 'social_insure', 'star_k', 'thornton_hiv', 'welfare_gss'] as const
export type Experiment = (typeof experiments)[number]

/** A row of a reference file: an estimate in R's hands, and fields that only some estimators have. */
export type ReferenceRow = Omit<Estimate, 'estimate'> & { readonly estimate: number | null } & Readonly<Record<string, unknown>>

/** Columns by name: numbers (NaN where the field is empty) or text ('' where it is). */
export type Table = Record<string, Float64Array | string[]>

export function referenceRows(experiment: Experiment, ...estimators: readonly string[]): ReferenceRow[] {
  const { results } = JSON.parse(readFileSync(new URL(`reference/${experiment}.json`, folder), 'utf8')) as { results: ReferenceRow[] }
  return estimators.length === 0 ? results : results.filter((row) => estimators.includes(row.estimator))
}

/** The raw contents of any file under ../shared/data. */
export const referenceJson = (name: string): unknown => JSON.parse(readFileSync(new URL(`reference/${name}.json`, folder), 'utf8'))

/** The whole file and the columns that the R scripts derived from it. Dots in names become underscores, as there. */
export function referenceTable(experiment: Experiment): Table {
  const lines = parse(readFileSync(new URL(`${experiment}.csv`, folder)), { bom: true }) as string[][]
  const out: Table = {}
  const [header, ...body] = lines
  header!.forEach((name, j) => {
    const fields = body.map((line) => line[j]!)
    const values = Float64Array.from(fields, (field) => (field === '' ? NaN : Number(field)))
    const numeric = fields.every((field, i) => field === '' || Number.isFinite(values[i]))
    out[name.replaceAll('.', '_')] = numeric ? values : fields
  })
  for (const [name, derive] of Object.entries(derived[experiment] ?? {})) out[name] = derive(out)
  return out
}

const numbers = (table: Table, name: string) => table[name] as Float64Array
const is = (name: string, label: string) => (table: Table) => Float64Array.from(table[name] as string[], (value) => (value === '' ? NaN : value === label ? 1 : 0))
const isNot = (name: string, label: string) => (table: Table) => is(name, label)(table).map((x) => 1 - x)
const above = (name: string, level: number) => (table: Table) => numbers(table, name).map((x) => (Number.isNaN(x) ? NaN : x > level ? 1 : 0))
const logarithm = (name: string) => (table: Table) => numbers(table, name).map((x) => (x > 0 ? Math.log(x) : NaN))

const derived: Partial<Record<Experiment, Record<string, (table: Table) => Float64Array>>> = {
  hillstrom: { email: isNot('segment', 'No E-Mail'), web: isNot('channel', 'Phone'), rural: is('zip_code', 'Rural'), urban: is('zip_code', 'Urban') },
  jtpa: { employed: above('earnings', 0), over10k: above('earnings', 10_000), over20k: above('earnings', 20_000), logearn: logarithm('earnings') },
  nsw_mixtape: { emp: above('re78', 0), e20: above('re78', 10_000), l78: logarithm('re78') },
  nswdemo: { emp: above('re78', 0), l78: logarithm('re78') },
  resume: { black: is('race', 'black'), male: is('gender', 'm') },
  star_k: {
    score: (table) => numbers(table, 'readk').map((x, i) => x + numbers(table, 'mathk')[i]!),
    small: is('stark', 'small'),
    aide: is('stark', 'regular+aide'),
    girl: is('gender', 'female'),
    free: is('lunchk', 'free'),
    black: is('ethnicity', 'afam'),
  },
}

/** The rows that `where` keeps and that are complete in the columns named; only these columns. */
export function complete(table: Table, names: readonly string[], where: (row: number) => boolean = () => true): Table {
  const rows: number[] = []
  const length = table[names[0]!]!.length
  for (let i = 0; i < length; i++) {
    const whole = names.every((name) => {
      const value = table[name]![i]
      return typeof value === 'string' ? value !== '' : !Number.isNaN(value)
    })
    if (whole && where(i)) rows.push(i)
  }
  return Object.fromEntries(
    names.map((name) => {
      const values = table[name]!
      return [name, values instanceof Float64Array ? Float64Array.from(rows, (i) => values[i]!) : rows.map((i) => values[i]!)]
    }),
  )
}

/** A table with what grf's figures derived besides. Only the order of a covariate counts, so quarters of births are numbered. */
export function grfTable(experiment: Experiment): Table {
  const table = referenceTable(experiment)
  if (experiment === 'star_k') {
    const quarters = [...new Set(table['birth'] as string[])].filter((text) => text !== '').sort()
    table['birthq'] = Float64Array.from(table['birth'] as string[], (text) => (text === '' ? Number.NaN : quarters.indexOf(text)))
    table['small'] = Float64Array.from(table['stark'] as string[], (text) => (text === 'small' ? 1 : text === 'regular' ? 0 : Number.NaN))
  }
  if (experiment === 'resume') table['chicago'] = Float64Array.from(table['job_city'] as string[], (text) => (text === 'Chicago' ? 1 : 0))
  return table
}
