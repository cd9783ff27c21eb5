import { chiSquareUpper, fUpper } from '#kernel/numeric'
import { column, numbers, requireFinite, type Columns } from './columns.ts'
import { readTwoArms, type TwoArms } from './design.ts'
import type { Estimate } from './estimate.ts'
import { fault } from './faults.ts'
import { quantile7 } from './quantile.ts'
import { lmRobust } from './regression/lm-robust.ts'
import { plainRow } from './row.ts'
import { wald } from './wald.ts'

export interface Gate extends Pick<TwoArms, 'treatment' | 'arms' | 'blocks' | 'clusters'> {
  readonly outcome: string
  /** Column of the score by which people are grouped; cross-fitted, or anything measured before the draw. */
  readonly score: string
  /** 3 where absent: tertiles. */
  readonly groups?: number
  /** How the score was made, for the rows' options. */
  readonly model?: string
  readonly confidence?: number
}

export interface GateFit {
  /** Effect in each group, lowest score first; mean outcome without treatment and mean score among the options. */
  readonly groups: readonly Estimate[]
  /** Effect in the lowest group minus the effect in all others together. This, not two p-values side by side, says whether they differ. */
  readonly interaction: Estimate
  /** Effect in the lowest group minus the effect in the highest. */
  readonly ends: Estimate
  /** Whether all groups have one effect: chi-square with groups − 1 degrees of freedom, F with clusters. */
  readonly equality: Estimate
  /** Cuts between the groups; a score at a cut belongs below it. */
  readonly cuts: readonly number[]
  /** Group of each row, from 0. */
  readonly group: Int32Array
}

/**
 * Effects by group of a score, with the tests of their difference beside them.
 *
 *   cuts          quantiles 1/G, 2/G, ... of the score (R's type 7); people with one score stay together, in the group below the cut
 *   groups        y on the treatment in each group
 *   interaction   coefficient of treatment × lowest in  y ~ treatment + lowest + treatment × lowest
 *   ends          coefficient of treatment × lowest in  y ~ treatment × group, the highest group being the reference
 *   equality      b' V⁻¹ b of the coefficients of treatment × group
 *
 * Least squares with HC2 errors and t with n − k degrees of freedom; CR2 with clusters (stata where blocks hold
 * several clusters); blocks' own constants absorbed.
 *
 * @throws Fault 'causal.group_empty' when ties in the score leave a group empty; 'causal.arm_too_small'; those of `lmRobust` and of a design
 * Assumes a score that has not seen the row's own outcome: predicted out of fold, or measured before the draw.
 * Source: Chernozhukov, Demirer, Duflo, Fernández-Val (2025), Econometrica 93 (GATES); Gelman, Stern (2006) on differences between significant and not.
 * Pinned by the `gate_tertile` and `gate_interaction` rows of shared/data/reference.
 */
export function gate(data: Columns, spec: Gate): GateFit {
  const { n, arm, term, clusterCount } = readTwoArms(data, spec)
  const count = spec.groups ?? 3
  if (!Number.isSafeInteger(count) || count < 2) throw new TypeError(`${count} is not a number of groups.`)
  const score = numbers(data, spec.score)
  if (score.length !== n) throw new TypeError('The score has another number of rows than the treatment.')
  requireFinite(score, spec.score)
  const sorted = score.toSorted()
  const cuts = Array.from({ length: count - 1 }, (_, k) => quantile7(sorted, (k + 1) / count))
  const group = Int32Array.from(score, (s) => cuts.filter((cut) => s > cut).length)
  const rowsOf = Array.from({ length: count }, (_, g) => Array.from(group.keys()).filter((i) => group[i] === g))
  for (const [g, rows] of rowsOf.entries()) {
    if (rows.length === 0) throw fault.group_empty({ group: g + 1, column: spec.score })
    for (const a of [0, 1]) {
      const units = rows.filter((i) => arm[i] === a).length
      if (units < 2) throw fault.arm_too_small({ arm: a, units, needed: 2 })
    }
  }

  const outcome = numbers(data, spec.outcome)
  const errors = {
    ...(spec.blocks === undefined ? {} : { fixedEffects: spec.blocks }),
    ...(spec.clusters === undefined ? {} : { clusters: spec.clusters }),
    ...(spec.blocks === undefined || spec.clusters === undefined ? {} : { seType: 'stata' as const }),
    ...(spec.confidence === undefined ? {} : { confidence: spec.confidence }),
  }
  const labels = [spec.blocks, spec.clusters].filter((name) => name !== undefined)
  const z = Float64Array.from(arm)
  // Made columns get names that no column of the data has: '·' is not typed by accident.
  const named = (name: string): string => `${name}·`
  const only = <T>(values: ArrayLike<T>, rows: readonly number[]): T[] => rows.map((i) => values[i]!)
  const cutsOption = Object.fromEntries(cuts.map((cut, k) => [`q${k + 1}`, cut]))
  const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((total, v) => total + v, 0) / values.length
  const shared = { ...(spec.model === undefined ? {} : { model: spec.model }), ...cutsOption, mean_score: mean(score), se_type: spec.clusters === undefined ? 'HC2' : spec.blocks === undefined ? 'CR2' : 'stata' }

  const groups = rowsOf.map((rows, g) => {
    const table: Columns = {
      [spec.outcome]: Float64Array.from(only(outcome, rows)),
      [named('z')]: Float64Array.from(only(z, rows)),
      ...Object.fromEntries(labels.map((name) => [name, only<number | string>(column(data, name), rows) as number[] | string[]])),
    }
    const row = lmRobust(table, { outcome: spec.outcome, terms: [named('z')], ...errors }).estimates.find((r) => r.term === named('z'))!
    return Object.freeze({
      ...row,
      estimator: count === 3 ? 'gate_tertile' : 'gate_group',
      options: Object.freeze({ ...shared, [count === 3 ? 'tertile' : 'group']: g + 1, control_mean: mean(only(outcome, rows.filter((i) => arm[i] === 0))), group_mean_score: mean(only(score, rows)) }),
      formula: `${spec.outcome} ~ ${spec.treatment}`,
      term,
    })
  })

  const table: Record<string, ArrayLike<number> | ArrayLike<string>> = { [spec.outcome]: outcome, [named('z')]: z, ...Object.fromEntries(labels.map((name) => [name, column(data, name)])) }
  const interact = (name: string, members: (g: number) => boolean): readonly [string, string] => {
    const inside = Float64Array.from(group, (g) => (members(g) ? 1 : 0))
    table[named(name)] = inside
    table[named(`z:${name}`)] = inside.map((v, i) => v * z[i]!)
    return [named(name), named(`z:${name}`)]
  }
  const [bottom, zBottom] = interact('bottom', (g) => g === 0)
  const two = lmRobust(table, { outcome: spec.outcome, terms: [named('z'), bottom, zBottom], ...errors })
  const pairs = Array.from({ length: count - 1 }, (_, g) => interact(`group ${g + 1}`, (own) => own === g))
  const full = lmRobust(table, { outcome: spec.outcome, terms: [named('z'), ...pairs.map(([main]) => main), ...pairs.map(([, by]) => by)], ...errors })
  const contrast = (fit: typeof two, name: string, said: string, shown: string): Estimate =>
    Object.freeze({
      ...fit.estimates.find((r) => r.term === name)!,
      estimator: 'gate_interaction',
      options: Object.freeze({ ...shared, contrast: said }),
      formula: `${spec.outcome} ~ ${spec.treatment} * ${shown}`,
      term: `z:${shown}`,
    })
  const test = wald(full, pairs.map(([, by]) => by))
  const clustered = spec.clusters !== undefined
  const statistic = clustered ? test.statistic / test.df : test.statistic
  return Object.freeze({
    groups: Object.freeze(groups),
    interaction: contrast(two, zBottom, count === 3 ? 'bottom tertile minus the rest' : 'bottom group minus the rest', 'bottom'),
    ends: contrast(full, pairs[0]![1], count === 3 ? 'bottom tertile minus the top' : 'bottom group minus the top', 'group'),
    equality: plainRow({
      estimator: 'gate_equality',
      options: { ...shared, test: clustered ? `Wald, F(${test.df}, ${clusterCount - 1})` : 'Wald, chi-square' },
      formula: `${spec.outcome} ~ ${spec.treatment} * group`,
      term: 'all',
      estimate: statistic,
      statistic,
      p_value: clustered ? fUpper(statistic, test.df, clusterCount - 1) : chiSquareUpper(statistic, test.df),
      df: test.df,
      n,
    }),
    cuts: Object.freeze(cuts),
    group,
  })
}
