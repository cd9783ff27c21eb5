import { chiSquareQuantile, chiSquareUpper, fQuantile, fUpper } from '#kernel/numeric'
import { runPasses, type Columns, type Passes } from '../columns.ts'
import type { Estimate } from '../estimate.ts'
import { andersonRubinAt, projectiveSet, quadraticSet, type ConfidenceSet, type Shape } from './anderson-rubin-set.ts'
import { seTypeOf } from './coefficients.ts'
import { firstStageOf } from './first-stage.ts'
import { ivFormula } from './iv-robust.ts'
import { reducedFormPasses, type Instrumented } from './reduced-form.ts'

export interface AndersonRubin extends Instrumented {
  /** F with the regression's degrees of freedom (default), or chi-square. */
  readonly critical?: 'F' | 'chi2'
}

/**
 * The row of an Anderson-Rubin set. `options.shape` says how to read the limits: `interval` [conf_low, conf_high]; `complement` everything up to
 * conf_low and from conf_high on; `whole line` and `empty` have none; `union` has several pieces, in `set`, and the limits enclose them where they
 * are bounded.
 */
export interface AndersonRubinEstimate extends Estimate {
  /** The pieces of the set, rising; null is no bound on that side. */
  readonly set: ConfidenceSet['pieces']
  /** With one instrument: its coefficients in the reduced form and in the first stage, and their joint covariance. Null with several. */
  readonly pi_y: number | null
  readonly pi_d: number | null
  readonly V_yy: number | null
  readonly V_yd: number | null
  readonly V_dd: number | null
  readonly first_stage_F: number
}

/**
 * The effects b that the data do not reject: an interval for the effect of take-up that is right however weak the instruments are.
 * With π_y, π_d the m instruments' coefficients in the regressions of outcome and take-up on instruments and covariates:
 *
 *   AR(b) = (π_y − b π_d)' (V_yy − b (V_yd + V_yd') + b² V_dd)⁻¹ (π_y − b π_d) / m  ≤  F_{m, df}(confidence), or χ²_m(confidence)/m
 *
 * With one instrument that is a quadratic inequality, solved exactly; with several, a polynomial one of degree 2m in b (see `projectiveSet`). The
 * estimate is the b at which AR is smallest: π_y/π_d with one instrument (2SLS), the continuously updated estimate with several. `statistic`
 * and `p_value` are AR(0), the test of no effect.
 *
 * @throws Fault 'causal.under_identified' when the covariates explain every instrument; 'causal.perfect_fit' when a covariance is singular
 * Assumes that the instruments move the outcome only through the take-up (exclusion) and are as good as random given the covariates.
 * Source: Anderson, Rubin (1949); robust form: Chernozhukov, Hansen (2008), Econ. Letters 100, section 2; shapes: Dufour, Taamouti (2005).
 * Pinned by the `anderson_rubin` rows of shared/data/reference (one instrument), and by inversion of regressions of y − b d in the tests.
 */
export function andersonRubin(data: Columns, spec: AndersonRubin): AndersonRubinEstimate {
  return runPasses(andersonRubinPasses(spec), data)
}

/** The same from chunks of rows; passes as `lmRobustPasses`. */
export function andersonRubinPasses(spec: AndersonRubin): Passes<AndersonRubinEstimate> {
  const reduced = reducedFormPasses(spec)
  const critical = spec.critical ?? 'F'
  const confidence = spec.confidence ?? 0.95
  return {
    add: (chunk) => reduced.add(chunk),
    next: () => reduced.next(),
    result() {
      const form = reduced.result()
      const m = form.piY.length
      const c = critical === 'F' ? fQuantile(confidence, m, form.df) : chiSquareQuantile(confidence, m) / m
      const one = m === 1 ? { y: form.piY[0]!, d: form.piD[0]!, yy: form.vYY.values[0]!, yd: form.vYD.values[0]!, dd: form.vDD.values[0]! } : null
      const set = one === null ? projectiveSet(form, c, spec.outcome) : quadraticSet(one.d ** 2 - c * one.dd, c * one.yd - one.y * one.d, one.y ** 2 - c * one.yy)
      const statistic = one === null ? andersonRubinAt(form, 0, spec.outcome) : one.y ** 2 / one.yy
      const shape: Shape = set.shape
      return Object.freeze({
        estimator: 'anderson_rubin',
        options: Object.freeze({ se_type: seTypeOf(spec), critical, shape, cluster: spec.clusters !== undefined }),
        formula: ivFormula(spec.outcome, [spec.endogenous], [...spec.instruments, ...(spec.covariates ?? [])]),
        term: spec.endogenous,
        estimate: one === null ? set.best! : one.y / one.d,
        std_error: null,
        statistic,
        p_value: critical === 'F' ? fUpper(statistic, m, form.df) : chiSquareUpper(statistic * m, m),
        conf_low: set.low,
        conf_high: set.high,
        df: form.df,
        n: form.n,
        set: set.pieces,
        pi_y: one?.y ?? null,
        pi_d: one?.d ?? null,
        V_yy: one?.yy ?? null,
        V_yd: one?.yd ?? null,
        V_dd: one?.dd ?? null,
        first_stage_F: firstStageOf(form, spec.endogenous).f,
      })
    },
  }
}
