import { chiSquareUpper, DoubleSums, fUpper } from '#kernel/numeric'
import { type Columns } from './columns.ts'
import { finiteColumn, readTwoArms, type TwoArms } from './design.ts'
import type { Estimate } from './estimate.ts'
import { fault } from './faults.ts'
import { lmRobust } from './regression/lm-robust.ts'
import { plainRow } from './row.ts'
import { wald } from './wald.ts'

export interface Balance extends TwoArms {
  /** Columns measured before the draw. */
  readonly covariates: readonly string[]
}

export interface BalanceTable {
  /** Standardized difference of each covariate, with the means of both arms among the options. */
  readonly differences: readonly Estimate[]
  /** Whether all covariates together tell the arms apart: the robust test, and (without blocks and clusters) the classical one. */
  readonly joint: readonly Estimate[]
  /** Covariates that follow from the others and are not in the joint test. */
  readonly aliased: readonly string[]
}

/**
 * Whether the draw gave like arms: a table of standardized differences, and one test of all covariates at once.
 *
 *   difference of covariate x   (x̄_1 − x̄_0) / √((s²_1 + s²_0) / 2)
 *   joint                       b' V⁻¹ b ~ χ²_q for the q coefficients b of the regression of the treatment on the covariates, V its HC2 covariance
 *   with blocks                 the same with the blocks' constants absorbed: shares treated may differ by block
 *   with clusters               b' V⁻¹ b / q ~ F(q, G − 1), V the CR2 covariance (stata where blocks hold several clusters)
 *   classical                   F = ((RSS_0 − RSS) / q) / (RSS / (n − q − 1)), as `b' V⁻¹ b / q` with the classical V
 *
 * A small p-value is one in twenty even when the draw was right; look at the differences, and at whether the draw and the attrition were as told.
 * No tests of single covariates: they answer no question here.
 *
 * @throws Fault 'causal.constant_column' for a covariate that varies in neither arm; 'causal.columns_aliased' when none is left;
 *   those of `lmRobust` and of a design
 * Assumes covariates measured before the draw, or that it could not change.
 * Source: Imbens, Rubin (2015), chapter 14; Hansen, Bowers (2008), Statistical Science 23, on one test for all.
 * Pinned by the `balance_smd` and `balance_joint` rows of shared/data/reference.
 */
export function balance(data: Columns, spec: Balance): BalanceTable {
  const { n, arm, clusterCount } = readTwoArms(data, spec)
  if (spec.covariates.length === 0) throw new TypeError('A balance table needs a covariate.')
  const formula = `${spec.treatment} ~ ${spec.covariates.join(' + ')}`
  const counts: [number, number] = [0, 0]
  for (const a of arm) counts[a]! += 1
  for (const a of [0, 1]) if (counts[a]! < 2) throw fault.arm_too_small({ arm: a, units: counts[a]!, needed: 2 })
  const differences = spec.covariates.map((name) => {
    const values = finiteColumn(data, name, n)
    const [control, treated] = momentsByArm(values, arm, counts)
    const spread = Math.sqrt((control.variance + treated.variance) / 2)
    // What rounding of the mean leaves of a constant column.
    if (!(spread > 1e-14 * Math.abs(control.mean))) throw fault.constant_column({ column: name })
    return plainRow({
      estimator: 'balance_smd',
      options: { denominator: 'sqrt((var1+var0)/2)', mean_treated: treated.mean, mean_control: control.mean },
      formula,
      term: name,
      estimate: (treated.mean - control.mean) / spread,
      n,
    })
  })

  // The treatment as 0 and 1, under a name that no covariate has.
  const columns = Object.fromEntries(spec.covariates.map((name) => [name, data[name]!]))
  const outcome = `${spec.treatment} (0/1)`
  const table: Columns = {
    ...columns,
    [outcome]: Float64Array.from(arm),
    ...(spec.blocks === undefined ? {} : { [spec.blocks]: data[spec.blocks]! }),
    ...(spec.clusters === undefined ? {} : { [spec.clusters]: data[spec.clusters]! }),
  }
  const model = {
    outcome,
    terms: spec.covariates,
    ...(spec.blocks === undefined ? {} : { fixedEffects: spec.blocks }),
    ...(spec.clusters === undefined ? {} : { clusters: spec.clusters }),
    ...(spec.blocks === undefined || spec.clusters === undefined ? {} : { seType: 'stata' as const }),
  }
  const robust = lmRobust(table, model)
  const { statistic, df } = wald(robust)
  if (df === 0) throw fault.columns_aliased({ columns: spec.covariates.join(', ') })
  const options = { ...(spec.blocks === undefined ? {} : { blocks: spec.blocks }), ...(spec.clusters === undefined ? {} : { clusters: spec.clusters }) }
  const row = (kind: string, value: number, p: number, extra: { readonly df2?: number }): Estimate =>
    Object.freeze({ ...plainRow({ estimator: 'balance_joint', options: { test: kind, ...options }, formula, term: 'all', estimate: value, statistic: value, p_value: p, df, n }), ...extra })
  const joint: Estimate[] = []
  if (spec.clusters === undefined) joint.push(row('Wald, HC2, chi-square', statistic, chiSquareUpper(statistic, df), {}))
  else {
    const df2 = clusterCount - 1
    joint.push(row(spec.blocks === undefined ? 'Wald, CR2, F' : 'Wald, stata, F', statistic / df, fUpper(statistic / df, df, df2), { df2 }))
  }
  if (spec.clusters === undefined && spec.blocks === undefined) {
    const f = wald(lmRobust(table, { ...model, seType: 'classical' })).statistic / df
    const df2 = n - df - 1
    joint.push(row('classical F', f, fUpper(f, df, df2), { df2 }))
  }
  return Object.freeze({ differences: Object.freeze(differences), joint: Object.freeze(joint), aliased: robust.aliased })
}

interface Moments {
  readonly mean: number
  readonly variance: number
}

/** Mean and variance of a column in each arm: Σx/n, then Σ(x − x̄)²/(n − 1). */
function momentsByArm(values: Float64Array, arm: ArrayLike<number>, counts: readonly [number, number]): readonly [Moments, Moments] {
  const sums = new DoubleSums(2)
  for (let i = 0; i < values.length; i++) sums.add(arm[i]!, values[i]!)
  const means = [sums.value(0) / counts[0], sums.value(1) / counts[1]] as const
  const squares = new DoubleSums(2)
  for (let i = 0; i < values.length; i++) {
    const a = arm[i]!
    const off = values[i]! - means[a]!
    squares.add(a, off * off)
  }
  return [
    { mean: means[0], variance: squares.value(0) / (counts[0] - 1) },
    { mean: means[1], variance: squares.value(1) / (counts[1] - 1) },
  ]
}
