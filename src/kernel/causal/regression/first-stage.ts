import { cholesky, fUpper } from '#kernel/numeric'
import { runPasses, type Columns, type Passes } from '../columns.ts'
import { fault } from '../faults.ts'
import { reducedFormPasses, type Instrumented, type ReducedForm } from './reduced-form.ts'

export interface FirstStage {
  /** Wald F of the excluded instruments, with the covariance asked for. */
  readonly f: number
  readonly effectiveF: number
  readonly instruments: readonly string[]
  readonly df1: number
  readonly df2: number
  readonly pValue: number
  readonly n: number
}

export function firstStageF(data: Columns, spec: Omit<Instrumented, 'outcome'>): FirstStage {
  return runPasses(firstStagePasses(spec), data)
}

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
