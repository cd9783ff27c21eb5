import { cholesky, fUpper } from '#kernel/numeric'
import { runPasses, type Columns, type Passes } from '../columns.ts'
import { fault } from '../faults.ts'
import { reducedFormPasses, type Instrumented, type ReducedForm } from './reduced-form.ts'

/** How strongly the instruments move the take-up. */
export interface FirstStage {
  /** Wald F of the excluded instruments, with the covariance asked for. */
  readonly f: number
  /** Montiel Olea and Pflueger's F: what "weak" should be judged by. With one instrument it is `f`. */
  readonly effectiveF: number
  readonly instruments: readonly string[]
  readonly df1: number
  readonly df2: number
  readonly pValue: number
  readonly n: number
}

/**
 * The F statistics of the instruments in the regression of the take-up on instruments and covariates: π their m coefficients, V the covariance asked
 * for, S = Z⊥'Z⊥ the cross-products of the instruments after the covariates are taken out.
 *
 *   F = π'V⁻¹π / m          F_eff = π'Sπ / tr(S V)
 *
 * F below 10 (or F_eff below 23.1 with one instrument, for a bias of at most 10%) is weak: use the Anderson-Rubin set.
 *
 * @throws Fault as `lmRobust`, and 'causal.under_identified' when the covariates explain every instrument
 * Source: Montiel Olea, Pflueger (2013), J. Bus. Econ. Stat. 31(3), section 3; Stock, Yogo (2005).
 * Pinned by `first_stage_F` of the `iv_robust` rows of shared/data/reference, and by its definition in anderson-rubin.test.ts.
 */
export function firstStageF(data: Columns, spec: Omit<Instrumented, 'outcome'>): FirstStage {
  return runPasses(firstStagePasses(spec), data)
}

/** The same from chunks of rows; passes as `lmRobustPasses`. */
export function firstStagePasses(spec: Omit<Instrumented, 'outcome'>): Passes<FirstStage> {
  const reduced = reducedFormPasses({ ...spec, outcome: spec.endogenous })
  return { add: (chunk) => reduced.add(chunk), next: () => reduced.next(), result: () => firstStageOf(reduced.result(), spec.endogenous) }
}

export function firstStageOf(form: ReducedForm, endogenous: string): FirstStage {
  const m = form.piD.length
  const root = cholesky(form.vDD)
  if (root === null) throw fault.perfect_fit({ outcome: endogenous })
  // π'V⁻¹π = ‖C⁻ᵀπ‖² with V = C'C, by forward substitution.
  const scaled = forward(root.values, form.piD)
  let wald = 0
  for (const s of scaled) wald += s * s
  let top = 0
  let bottom = 0
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < m; i++) {
      top += form.piD[i]! * form.spread.values[j * m + i]! * form.piD[j]!
      bottom += form.spread.values[j * m + i]! * form.vDD.values[i * m + j]!
    }
  }
  return Object.freeze({
    f: wald / m,
    effectiveF: top / bottom,
    instruments: Object.freeze([...form.instruments]),
    df1: m,
    df2: form.df,
    pValue: fUpper(wald / m, m, form.df),
    n: form.n,
  })
}

/** C⁻ᵀ b for an upper-triangular C (values column by column). */
function forward(c: Float64Array, b: Float64Array): Float64Array {
  const m = b.length
  const out = b.slice()
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < j; i++) out[j]! -= c[j * m + i]! * out[i]!
    out[j]! /= c[j * m + j]!
  }
  return out
}
