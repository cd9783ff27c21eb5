/**
 * A published experiment computed anew: what the authors printed, and the function that computes the same from their data. `node docs/replications/NAME.ts` prints
 * the figures of one study; `./laurel generate` writes the page beside it.
 */
import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import type { Fit } from '#kernel/causal'

/** Columns of a file by name: numbers (NaN where a field is empty), or text ('' where it is). */
export type Data = Readonly<Record<string, Float64Array | readonly string[]>>

export interface Figure {
  readonly estimate: number
  readonly std_error?: number | null
  readonly n?: number
}

/** How a published figure came here: read in the place that is named, or remembered and not checked against the print. */
export type Source = 'read' | 'from memory'

export interface Claim {
  readonly what: string
  readonly unit: string
  /** As printed, digits and all. */
  readonly published: { readonly estimate: string; readonly std_error?: string; readonly place: string; readonly source: Source }
  readonly ours: (data: Data) => Figure | Promise<Figure>
  /** For what is drawn by chance on both sides: how many of the published standard errors ours may lie away, and by what share its error may differ. */
  readonly within?: { readonly errors: number; readonly share: number }
  /** Why the figure is not the printed one to its last digit. Where this is absent, the test asks for every digit. */
  readonly differs?: string
  /** The same where only the standard error differs. */
  readonly errorDiffers?: string
}

export interface Study {
  readonly title: string
  readonly question: string
  readonly papers: readonly string[]
  /** Name of the file under ../shared/data, and where it was had. */
  readonly file: string
  readonly origin: string
  readonly claims: readonly Claim[]
  readonly notes: readonly string[]
  /** The same by the command, and the row of its --json that has to be the first claim's figure. */
  readonly command?: { readonly words: string; readonly claim: number; readonly estimator: string; readonly term: string }
  /** Takes more than a few seconds: computed by `./laurel generate --full` and by the tests with --full. */
  readonly slow?: true
}

export const dataFolder = new URL('../../../shared/data/', import.meta.url)
export const withoutData = !existsSync(dataFolder)

export function readData(file: string, folder: URL | string = dataFolder): Data {
  const [header, ...body] = parse(readFileSync(new URL(file, folder)), { bom: true }) as string[][]
  return Object.fromEntries(
    (header ?? []).map((name, j) => {
      const fields = body.map((row) => row[j] ?? '')
      const values = Float64Array.from(fields, (field) => (field === '' ? NaN : Number(field)))
      return [name, fields.every((field, i) => field === '' || Number.isFinite(values[i])) ? values : fields]
    }),
  )
}

/** A column of numbers. */
export function numbersOf(data: Data, name: string): Float64Array {
  const column = data[name]
  if (!(column instanceof Float64Array)) throw new TypeError(`${name} is no column of numbers.`)
  return column
}

function columnOf(data: Data, name: string): Float64Array | readonly string[] {
  const column = data[name]
  if (column === undefined) throw new TypeError(`The data have no column ${name}.`)
  return column
}

/** 1 where a text is this value, else 0. */
export const is = (data: Data, name: string, value: string): Float64Array => Float64Array.from(data[name] as readonly string[], (one) => (one === value ? 1 : 0))

/** The rows that have a value in all these columns and, if asked, pass. */
export function complete(data: Data, names: readonly string[], pass: (row: number) => boolean = () => true): Record<string, Float64Array | string[]> {
  const columns = names.map((name) => columnOf(data, name))
  const filled = (row: number) => columns.every((column) => (column instanceof Float64Array ? !Number.isNaN(column[row]) : column[row] !== ''))
  const rows = Int32Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => row).filter((row) => pass(row) && filled(row))
  return Object.fromEntries(names.map((name) => [name, taken(columnOf(data, name), rows)]))
}

const taken = (column: Float64Array | readonly string[], rows: Int32Array): Float64Array | string[] =>
  column instanceof Float64Array ? Float64Array.from(rows, (row) => column[row] ?? NaN) : Array.from(rows, (row) => column[row] ?? '')

/** A coefficient of a fit. */
export function termOf(fit: Fit, term: string): Figure {
  const row = fit.estimates.find((one) => one.term === term)
  if (row === undefined) throw new TypeError(`The fit has no term ${term}.`)
  return row
}

/** Share or mean of a column in the rows of one value of another. */
export function meanWhere(data: Data, column: Float64Array, by: string, value: string | number): Figure {
  const groups = data[by]!
  const rows = Array.from(column).filter((one, row) => groups[row] === value && !Number.isNaN(one))
  return { estimate: rows.reduce((sum, one) => sum + one, 0) / rows.length, n: rows.length }
}

/** Prints a study's figures, when its file is what was run. */
export async function show(study: Study): Promise<void> {
  const data = readData(study.file)
  console.log(study.title)
  for (const { what, published, ours } of study.claims) {
    const { estimate, std_error, n } = await ours(data)
    console.log(`${what}: ${estimate}${typeof std_error !== 'number' ? '' : ` (${std_error})`}${n === undefined ? '' : `, n = ${n}`}; published ${published.estimate}${published.std_error === undefined ? '' : ` (${published.std_error})`}`)
  }
}
