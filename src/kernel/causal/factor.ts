import { column, type Columns, type Label } from './columns.ts'

/** A column of labels as columns of 0 and 1. */
export interface FactorColumns {
  readonly reference: Label
  readonly levels: readonly Label[]
  /** One per level but the reference, named column + level as R names them. */
  readonly columns: Readonly<Record<string, Float64Array>>
}

/**
 * The indicator columns of a factor. Levels are sorted (numbers by size, text by code unit, so the order does not depend on a locale); the first is
 * the reference unless another is named.
 *
 * @throws Fault 'causal.no_column'; TypeError for a reference that is no level
 * Source: R's contr.treatment. Pinned by the rows of shared/data/reference whose terms are levels.
 */
export function factorColumns(data: Columns, name: string, reference?: Label): FactorColumns {
  const values = column(data, name)
  const levels = [...new Set<Label>(Array.from({ length: values.length }, (_, i) => values[i]!))].sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1))
  const base = reference ?? levels[0]
  if (base === undefined || !levels.includes(base)) throw new TypeError(`"${String(base)}" is not a level of "${name}".`)
  const columns: Record<string, Float64Array> = {}
  for (const level of levels) {
    if (level === base) continue
    const out = new Float64Array(values.length)
    for (let i = 0; i < values.length; i++) if (values[i] === level) out[i] = 1
    columns[`${name}${level}`] = out
  }
  return Object.freeze({ reference: base, levels: Object.freeze(levels), columns: Object.freeze(columns) })
}
