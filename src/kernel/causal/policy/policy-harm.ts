import { normalLower } from '#kernel/numeric'
import { Codes, column, type Columns } from '../columns.ts'
import type { Estimate } from '../estimate.ts'
import { adjustPValues } from '../multiplicity.ts'
import { heldOutActions, meanRow, type HeldOut } from './held-out-actions.ts'

export interface PolicyHarm extends HeldOut {
  /** Column of the groups that must not be harmed: texts or numbers. */
  readonly groups: string
  readonly confidence?: number
}

/**
 * What a rule does to each group of people, on rows that it was not learned from: whether any of them fares worse under the rule than without treatment.
 *
 *   gain of group g   mean over its held rows of Γ_i,a(i) − Γ_i,0,  costs left out: they fall on the provider, not on the learner
 *   p_harm            P(Z < gain / error), adjusted by Holm over the groups: small where a group is harmed
 *
 * That no harm is found is no proof that there is none: the lower limit says how much there may be. Groups of fewer than two units have no error and are left out.
 *
 * @returns rows 'policy_harm', one per group, largest first; the share of its people whom the rule treats, `p_harm` and the difference between the share treated
 *   and that of all among the options
 * @throws Fault those of `heldOutActions`; 'causal.not_finite' where a group is missing
 * Source: as `policyValue`. Pinned by its laws in policy-harm.test.ts.
 */
export function policyHarm(data: Columns, spec: PolicyHarm): readonly Estimate[] {
  const { costs: _, ...free } = spec
  // The rule is learned with its costs, and judged without.
  const held = heldOutActions(data, spec)
  const { action, judged, unit } = held
  const scores = spec.scores.map((name) => column(data, name) as ArrayLike<number>)
  const labels = new Codes()
  const group = labels.codesOf(data, spec.groups)
  const treated = (rows: readonly number[]): number => rows.reduce((total, i) => total + (action[i] === 0 ? 0 : 1), 0) / rows.length
  const all = treated(judged)
  const members = labels.labels.map((label, g) => ({ label, rows: judged.filter((i) => group[i] === g) }))
  const told = members
    .filter(({ rows }) => new Set(rows.map((i) => unit[i]!)).size >= 2)
    .toSorted((a, b) => b.rows.length - a.rows.length)
    .map(({ label, rows }) => {
      const options = { group: label, depth: free.depth, folds: free.folds, share_treated: treated(rows), share_less_all: treated(rows) - all, clustered: spec.clusters !== undefined }
      return meanRow(held, rows, (i) => scores[action[i]!]![i]! - scores[0]![i]!, { estimator: 'policy_harm', options, formula: `${spec.groups} = ${label}`, term: `policy - ${spec.scores[0]!}` }, spec.confidence ?? 0.95)
    })
  // Where the rule treats nobody of a group, it changes nothing there: no harm.
  const p = adjustPValues(told.map((row) => (row.std_error === 0 ? 1 : normalLower(row.statistic!))), 'holm')
  return Object.freeze(told.map((row, k) => Object.freeze({ ...row, ...(row.std_error === 0 ? { statistic: null, p_value: null } : {}), options: Object.freeze({ ...row.options, p_harm: p[k]! }) })))
}
