import { chiSquareQuantile, chiSquareUpper, fQuantile, fUpper } from '#kernel/numeric'
import { runPasses, type Columns, type Passes } from '../columns.ts'
import type { Estimate } from '../estimate.ts'
import { seTypeOf } from './coefficients.ts'
import { ivFormula } from './iv-robust.ts'
import { reducedFormPasses, type Instrumented } from './reduced-form.ts'

export interface AndersonRubin extends Instrumented {
  readonly critical?: 'F' | 'chi2'
}

export type Shape = 'interval' | 'complement' | 'whole line' | 'empty'

/** The row of an Anderson-Rubin set. `complement` is everything outside (conf_low, conf_high); whole line and empty have no limits. */
export interface AndersonRubinEstimate extends Estimate {
  readonly pi_y: number
  readonly pi_d: number
  readonly V_yy: number
  readonly V_yd: number
  readonly V_dd: number
  readonly first_stage_F: number
}

export function andersonRubin(data: Columns, spec: AndersonRubin): AndersonRubinEstimate {
  return runPasses(andersonRubinPasses(spec), data)
}

export function andersonRubinPasses(spec: AndersonRubin): Passes<AndersonRubinEstimate> {
  const reduced = reducedFormPasses(spec)
  const critical = spec.critical ?? 'F'
  const confidence = spec.confidence ?? 0.95
  return {
    add: (chunk) => reduced.add(chunk),
    next: () => reduced.next(),
    result() {
      const form = reduced.result()
      const [y, d, vYY, vYD, vDD] = [form.piY[0]!, form.piD[0]!, form.vYY.values[0]!, form.vYD.values[0]!, form.vDD.values[0]!]
      const c = critical === 'F' ? fQuantile(confidence, 1, form.df) : chiSquareQuantile(confidence, 1)
      const set = quadraticSet(d * d - c * vDD, -(y * d - c * vYD), y * y - c * vYY)
      const statistic = (y * y) / vYY
      return Object.freeze({
        estimator: 'anderson_rubin',
        options: Object.freeze({ se_type: seTypeOf(spec), critical, shape: set.shape, cluster: spec.clusters !== undefined }),
        formula: ivFormula(spec.outcome, [spec.endogenous], [...spec.instruments, ...(spec.covariates ?? [])]),
        term: spec.endogenous,
        estimate: y / d,
        std_error: null,
        statistic,
        p_value: critical === 'F' ? fUpper(statistic, 1, form.df) : chiSquareUpper(statistic, 1),
        conf_low: set.low,
        conf_high: set.high,
        df: form.df,
        n: form.n,
        pi_y: y,
        pi_d: d,
        V_yy: vYY,
        V_yd: vYD,
        V_dd: vDD,
        first_stage_F: (d * d) / vDD,
      })
    },
  }
}

/** The b with a b² + 2 h b + c ≤ 0. */
export function quadraticSet(a: number, h: number, c: number): { readonly shape: Shape; readonly low: number | null; readonly high: number | null } {
  const discriminant = h * h - a * c
  if (a > 0 && discriminant < 0) return { shape: 'empty', low: null, high: null }
  if (a <= 0 && discriminant <= 0) return { shape: 'whole line', low: null, high: null }
  // The root whose two parts have the same sign first; the other from the product of the roots, so neither loses digits.
  const q = -(h + Math.sign(h || 1) * Math.sqrt(discriminant))
  const roots = [q / a, c / q].sort((s, t) => s - t) as [number, number]
  return { shape: a > 0 ? 'interval' : 'complement', low: roots[0], high: roots[1] }
}
