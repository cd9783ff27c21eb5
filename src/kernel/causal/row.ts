import { estimateRow, type Estimate } from './estimate.ts'

type Named = Pick<Estimate, 'estimator' | 'options' | 'formula' | 'term' | 'n'>

/** The row of an estimate with a normal interval: as `estimateRow` with infinite degrees of freedom, which "do not apply". */
export function normalRow(row: Named & { readonly estimate: number; readonly std_error: number }, confidence: number): Estimate {
  return Object.freeze({ ...estimateRow({ ...row, df: Number.POSITIVE_INFINITY }, confidence), df: null })
}

/** The row of a test or of a figure: what is not given does not apply. */
export function plainRow(row: Named & Pick<Estimate, 'estimate'> & Partial<Estimate>): Estimate {
  return Object.freeze({ std_error: null, statistic: null, p_value: null, conf_low: null, conf_high: null, df: null, ...row, options: Object.freeze({ ...row.options }) })
}
