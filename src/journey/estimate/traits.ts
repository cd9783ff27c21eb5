/**
 * What was known of learners before the draw, as columns of numbers: by these employability is predicted, effects are sought, and a rule may ask.
 *
 * Everything that came with the completion is here, and country, education and field; not the wave, which says when somebody was drawn and not who they are.
 */
import type { PanelRow } from './store.ts'

export interface Traits {
  /** Without gaps and without constants; a text is a column of 0 and 1 for each level, named `name=level`. */
  readonly columns: Readonly<Record<string, Float64Array>>
  /** Columns that a rule may ask about: known of everybody, and no ground of discrimination. */
  readonly askable: readonly string[]
  /** What the columns of texts stand for. */
  readonly levels: Readonly<Record<string, { readonly trait: string; readonly level: string }>>
  /** Of a text with two levels: the one that is meant where its column is 0. */
  readonly others: Readonly<Record<string, string>>
  /** Groups that no rule may harm: for each, what group a learner is in. */
  readonly groups: Readonly<Record<string, readonly string[]>>
}

/** A level with fewer learners than this is joined to the others: what is learned of so few is chance. As in the panel. */
const fewestOfLevel = 20
/** Levels of a text beyond this many are one, as in the panel. */
const mostLevels = 20

/**
 * Words for the grounds on which nobody may be treated differently: Charter of Fundamental Rights of the European Union, article 21. A trait whose name has one of
 * them is looked at for harm and never asked by a rule; so is the country, which stands for origin and nationality.
 */
const grounds = new Set(
  'sex gender race colour color ethnic ethnicity social origin genetic language locale religion belief political opinion minority property birth birthday birthdate disability disabled age orientation nationality citizenship country'.split(' '),
)
export const isProtected = (name: string): boolean => name.split(/[^\p{L}]+|(?<=\p{Ll})(?=\p{Lu})/u).some((word) => grounds.has(word.toLowerCase()))

const own = ['country', 'education', 'domain'] as const

export function traitsOf(rows: readonly PanelRow[]): Traits {
  const columns: Record<string, Float64Array> = {}
  const askable: string[] = []
  const others: Record<string, string> = {}
  const marks: Record<string, { trait: string; level: string }> = {}
  const [countries, degrees] = [2, 1].map((fromEnd) => rows.map((row) => row.stratum.split(' / ').at(-fromEnd) ?? 'unknown')) as [string[], string[]]
  const groups: Record<string, readonly string[]> = { 'country group': countries, degree: degrees, field: rows.map((row) => row.domain) }
  const names = [...own, ...new Set(rows.flatMap((row) => Object.keys(row.covariates)))].filter((name, at, all) => all.indexOf(name) === at)
  for (const name of [...own, ...names.slice(own.length).toSorted()]) {
    const values = rows.map((row): string | number | null => (isOwn(name) ? row[name] : (row.covariates[name] ?? null)))
    const gaps = values.includes(null)
    const ask = !gaps && !isProtected(name)
    const add = (column: string, numbers: Float64Array): boolean => {
      if (!numbers.some((value) => value !== numbers[0])) return false
      columns[column] = numbers
      if (ask) askable.push(column)
      return true
    }
    if (values.some((value) => typeof value === 'string')) {
      const texts = values.map((value) => (value === null || value === '' ? 'missing' : String(value)))
      const levels = levelsOf(texts)
      // One of two levels says all; of three or more each may be asked for.
      for (const level of levels.length === 2 ? levels.slice(1) : levels) {
        const column = `${name}=${level}`
        if (!add(column, Float64Array.from(texts, (text) => Number(text === level)))) continue
        marks[column] = { trait: name, level }
        if (levels.length === 2 && new Set(texts).size === 2) others[column] = levels[0]!
      }
      if (isProtected(name) && !isOwn(name)) groups[name] = texts.map((text) => (levels.includes(text) ? text : 'others'))
    } else {
      const numbers = values.filter((value) => typeof value === 'number')
      if (numbers.length === 0) continue
      const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
      add(name, Float64Array.from(values, (value) => (typeof value === 'number' ? value : mean)))
      if (gaps) add(`${name} missing`, Float64Array.from(values, (value) => Number(value === null)))
      if (isProtected(name)) {
        const middle = numbers.toSorted((a, b) => a - b)[(numbers.length - 1) >> 1]!
        groups[name] = values.map((value) => (typeof value === 'number' ? (value <= middle ? `at most ${middle}` : `above ${middle}`) : 'missing'))
      }
    }
  }
  return { columns, askable, levels: marks, others, groups }
}

const isOwn = (name: string): name is (typeof own)[number] => (own as readonly string[]).includes(name)

/** Levels that are common enough, the commonest first. */
function levelsOf(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].filter(([, count]) => count >= fewestOfLevel).toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostLevels).map(([level]) => level)
}
