/**
 * Rows that a database has grouped: those that agree in every column of a model but the outcome are one row with their number and the outcome's mean
 * and variance. Estimates and all kinds of errors are those of the rows behind them (`Cells` of the kernel), and the table stays where it is.
 */
import type { Passes, Sums } from '#kernel/causal'
import { fault } from '../faults.ts'
import type { Order } from '../order.ts'
import { numbersIn, type Arms, type Model, type Rows } from '../sample.ts'
import type { HeldTable } from './held-table.ts'
import { groupsOf, sumsOf, type Term } from './select.ts'

/** As many groups as are read in a second; beyond it the table itself would do as well. */
export const mostGroups = 200_000

const cells = Object.freeze({ count: 'rows·', variance: 'variance·', same: 'same·' })

export interface Known {
  readonly table: HeldTable
  readonly order: Order
  readonly arms: Arms
  /** The two values of the treatment as the database gives them, control first. */
  readonly pair: readonly [string | number, string | number]
  readonly rows: number
  /** SQL's condition for a row in one of the two arms. */
  readonly where: string
  /** Of columns that are factors: their values, sorted as those of a file are. The blocks as a factor are `factor(name)`. */
  readonly levels: ReadonlyMap<string, readonly string[]>
  readonly baselines: ReadonlyMap<string, { readonly controlMean: number; readonly share: boolean }>
  /** A number near the mean of each column of numbers. */
  readonly near: ReadonlyMap<string, number>
}

export function groupedRows(known: Known): Rows {
  const { table, order, arms, pair, rows, where, levels, baselines, near } = known
  const asked = new Map<string, Promise<readonly (readonly unknown[])[]>>()
  const ask = (statement: string) => {
    const answer = asked.get(statement) ?? table.select(statement)
    asked.set(statement, answer)
    return answer
  }
  /** The column of the table behind a name: a factor is made of its column. */
  const columnOf = (name: string): string => (table.columns.has(name) ? name : name.replace(/^factor\((.*)\)$/s, '$1'))
  const needRows = (what: string): never => {
    throw fault.needs_rows({ what })
  }
  const chunkOf = async (model: Model): Promise<Readonly<Record<string, Float64Array | readonly string[]>>> => {
    const { outcome, labels = [], made } = model
    if (outcome === undefined || made !== undefined) return needRows('A model of who was seen')
    const [, ...numbers] = numbersIn(model)
    const by = [...new Set([order.treatment, ...[...numbers, ...labels].map(columnOf)])]
    const groups = await ask(groupsOf(table, where, by, outcome, mostGroups))
    if (groups.length > mostGroups) throw fault.too_many_groups({ columns: by.join(', '), groups: mostGroups })
    const at = (name: string) => by.indexOf(columnOf(name))
    const values = (place: number) => Float64Array.from(groups, (group) => Number(group[place]))
    const chunk: Record<string, Float64Array | readonly string[]> = {
      [order.treatment]: Float64Array.from(groups, (group) => (group[0] === pair[0] ? 0 : 1)),
      [outcome]: values(by.length + 1),
      [cells.count]: values(by.length),
      [cells.variance]: values(by.length + 2),
      [cells.same]: new Float64Array(groups.length),
    }
    for (const name of numbers) {
      const own = levels.get(name)
      if (own === undefined) chunk[name] = values(at(name))
      else for (const level of own.slice(1)) chunk[`${name}${level}`] = Float64Array.from(groups, (group) => (String(group[at(name)]) === level ? 1 : 0))
    }
    for (const name of labels) chunk[name] = table.columns.get(name) === 'text' ? groups.map((group) => String(group[at(name)])) : values(at(name))
    return chunk
  }
  const sums = async (model: Model): Promise<{ readonly byArm: readonly [Sums, Sums]; readonly all: Sums }> => {
    const terms = numbersIn(model).flatMap((name): readonly Term[] => {
      const column = columnOf(name)
      return levels.get(name)?.slice(1).map((level) => ({ name: `${name}${level}`, column, level, origin: 0 })) ?? [{ name, column, origin: near.get(name) ?? 0 }]
    })
    const found = await ask(sumsOf(table, order.treatment, where, terms))
    const [control, treated] = pair.map((value) => readSums(terms, found.find((row) => row[0] === value))) as [Sums, Sums]
    return { byArm: [control, treated], all: together(control, treated, order.treatment) }
  }
  return {
    order,
    arms,
    rows,
    cells,
    sums,
    namesOf: (covariates) => covariates.flatMap((name) => levels.get(name)?.slice(1).map((level) => `${name}${level}`) ?? [name]),
    baseline: (name) => baselines.get(name)!,
    async run<T>(passes: Passes<T>, model: Model): Promise<T> {
      const chunk = await chunkOf(model)
      do passes.add(chunk)
      while (passes.next())
      return passes.result()
    },
    whole: () => needRows('An estimator that draws anew'),
    column: () => needRows('An estimator of single rows'),
  }
}

function readSums(terms: readonly Term[], row: readonly unknown[] = []): Sums {
  const figures = row.slice(1).map(Number)
  const k = terms.length
  return { n: figures[0] ?? 0, names: terms.map(({ name }) => name), origins: terms.map(({ origin }) => origin), sums: figures.slice(1, 1 + k), products: figures.slice(1 + k) }
}

/** Both arms, with the treatment as a column of its own: 1 in the treated arm, so its products are that arm's sums. */
function together(control: Sums, treated: Sums, treatment: string): Sums {
  const add = (a: ArrayLike<number>, b: ArrayLike<number>): number[] => Array.from(a, (value, at) => value + (b[at] ?? 0))
  return {
    n: control.n + treated.n,
    names: [...control.names, treatment],
    origins: [...Array.from(control.origins ?? []), 0],
    sums: [...add(control.sums, treated.sums), treated.n],
    products: [...add(control.products, treated.products), ...Array.from(treated.sums), treated.n],
  }
}
