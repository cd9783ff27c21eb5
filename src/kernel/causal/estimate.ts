import { studentQuantile, studentTwoSided } from '#kernel/numeric'

export type Option = string | number | boolean | null | readonly Option[] | { readonly [name: string]: Option }

/**
 * One line of a result: what was estimated, how, and how sure it is. The names and the layout are those of the reference files made with R, so
 * a result can be laid beside them. `null` means "does not apply", never "could not be computed": that is a Fault.
 */
export interface Estimate {
  readonly estimator: string
  readonly options: { readonly [name: string]: Option }
  readonly formula: string
  readonly term: string
  readonly estimate: number
  readonly std_error: number | null
  readonly statistic: number | null
  readonly p_value: number | null
  readonly conf_low: number | null
  readonly conf_high: number | null
  readonly df: number | null
  readonly n: number
}

/**
 * The row of a coefficient with a t interval: statistic = estimate / std_error, p = P(|T_df| > |statistic|),
 * limits = estimate ∓ t_{df, (1 + confidence)/2} std_error.
 */
export function estimateRow(
  row: Pick<Estimate, 'estimator' | 'options' | 'formula' | 'term' | 'n'> & { readonly estimate: number; readonly std_error: number; readonly df: number },
  confidence: number,
): Estimate {
  const statistic = row.estimate / row.std_error
  const reach = studentQuantile((1 + confidence) / 2, row.df) * row.std_error
  return Object.freeze({
    estimator: row.estimator,
    options: row.options,
    formula: row.formula,
    term: row.term,
    estimate: row.estimate,
    std_error: row.std_error,
    statistic,
    p_value: studentTwoSided(statistic, row.df),
    conf_low: row.estimate - reach,
    conf_high: row.estimate + reach,
    df: row.df,
    n: row.n,
  })
}
