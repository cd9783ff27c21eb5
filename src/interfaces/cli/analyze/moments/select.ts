/** The statements that are put to a database: standard SQL that PostgreSQL and DuckDB understand alike. */
import { missingTexts } from '../table.ts'
import { identifier, literal, type HeldTable } from './held-table.ts'

const doubled = (expression: string): string => `CAST(${expression} AS DOUBLE PRECISION)`

/** A column as it is used: numbers and truths as doubles, texts without the blanks around them. */
export function valueOf({ columns }: HeldTable, name: string): string {
  const kind = columns.get(name)
  if (kind === 'truth') return doubled(`CAST(${identifier(name)} AS INTEGER)`)
  return kind === 'number' ? doubled(identifier(name)) : `trim(CAST(${identifier(name)} AS VARCHAR))`
}

/** Whether a column has a value in a row: what counts as none in a file counts as none here. */
export function presentIn(table: HeldTable, name: string): string {
  const value = valueOf(table, name)
  const none = table.columns.get(name) === 'text' ? `${value} NOT IN (${['', ...missingTexts].map(literal).join(', ')})` : `${value} <> ${doubled("'NaN'")}`
  return `(${identifier(name)} IS NOT NULL AND ${none})`
}

const count = doubled('count(*)')
const countIf = (condition: string): string => doubled(`coalesce(sum(CASE WHEN ${condition} THEN 1 ELSE 0 END), 0)`)

/** Value, rows; null for rows without a value. */
export const valuesOf = (table: HeldTable, name: string, most: number): string =>
  `SELECT CASE WHEN ${presentIn(table, name)} THEN ${valueOf(table, name)} END, ${count} FROM ${table.from} GROUP BY 1 ORDER BY 1 LIMIT ${most + 1}`

/** Rows in one of the arms, given as literals. */
export const inArms = (table: HeldTable, treatment: string, arms: readonly (string | number)[]): string =>
  `${presentIn(table, treatment)} AND ${valueOf(table, treatment)} IN (${arms.map((arm) => (typeof arm === 'number' ? doubled(literal(String(arm))) : literal(arm))).join(', ')})`

/** By arm: the arm, and for each column how many rows lack it, its mean, smallest and largest value, and how many values are neither 0 nor 1. Of texts only the first and the limits. */
export function figuresOf(table: HeldTable, treatment: string, where: string, names: readonly string[]): string {
  const of = (name: string): string => {
    const has = presentIn(table, name)
    const value = `CASE WHEN ${has} THEN ${valueOf(table, name)} END`
    const text = table.columns.get(name) === 'text'
    return `${countIf(`NOT ${has}`)}, ${text ? 'NULL' : `avg(${value})`}, min(${value}), max(${value}), ${text ? 'NULL' : countIf(`${has} AND ${valueOf(table, name)} NOT IN (0, 1)`)}`
  }
  return `SELECT ${[valueOf(table, treatment), ...names.map(of)].join(', ')} FROM ${table.from} WHERE ${where} GROUP BY 1 ORDER BY 1`
}

/** Rows by the values of columns. */
export const countsOf = (table: HeldTable, where: string, by: readonly string[]): string => {
  const places = by.map((_, at) => at + 1).join(', ')
  return `SELECT ${by.map((name) => valueOf(table, name)).join(', ')}, ${count} FROM ${table.from} WHERE ${[where, ...by.map((name) => presentIn(table, name))].join(' AND ')} GROUP BY ${places} ORDER BY ${places}`
}

/** A column of a model: of the table, or the mark of one of its values. */
export interface Term {
  readonly name: string
  readonly column: string
  readonly level?: string
  /** What is taken off before anything is summed. */
  readonly origin: number
}

/** By arm: the arm, its rows, the sum of each term, and of each product of two, row by row of the lower triangle. */
export function sumsOf(table: HeldTable, treatment: string, where: string, terms: readonly Term[]): string {
  const values = terms.map(({ column, level, origin }) => (level === undefined ? `(${valueOf(table, column)} - ${doubled(literal(String(origin)))})` : `CASE WHEN ${valueOf(table, column)} = ${literal(level)} THEN ${doubled("'1'")} ELSE ${doubled("'0'")} END`))
  const inner = `SELECT ${[valueOf(table, treatment), ...values].map((value, at) => `${value} AS c${at}`).join(', ')} FROM ${table.from} WHERE ${[where, ...new Set(terms.map(({ column }) => presentIn(table, column)))].join(' AND ')}`
  const products = values.flatMap((_, i) => values.slice(0, i + 1).map((__, j) => `sum(c${i + 1} * c${j + 1})`))
  return `SELECT ${['c0', count, ...values.map((_, i) => `sum(c${i + 1})`), ...products].join(', ')} FROM (${inner}) AS terms GROUP BY 1 ORDER BY 1`
}

/** Groups of rows that agree in `by`, with their number and the outcome's mean and variance: all that a regression needs of them. */
export function groupsOf(table: HeldTable, where: string, by: readonly string[], outcome: string, most: number): string {
  const places = by.map((_, at) => at + 1).join(', ')
  const y = valueOf(table, outcome)
  const whole = [where, ...[...by, outcome].map((name) => presentIn(table, name))].join(' AND ')
  return `SELECT ${[...by.map((name) => valueOf(table, name)), count, `avg(${y})`, `var_pop(${y})`].join(', ')} FROM ${table.from} WHERE ${whole} GROUP BY ${places} ORDER BY ${places} LIMIT ${most + 1}`
}
