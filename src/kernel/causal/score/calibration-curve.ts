import { normalQuantile } from '#kernel/numeric'
import { fault } from '../faults.ts'
import { proportionInterval } from '../proportion.ts'
import { quantile7 } from '../quantile.ts'

export interface CalibrationPoint {
  /** Mean score of the group. */
  readonly score: number
  /** Mean outcome of the group, with its interval. */
  readonly outcome: number
  readonly low: number
  readonly high: number
  readonly rows: number
}

/**
 * Whether a score means what it says: the mean outcome in groups of the score beside their mean score.
 *
 *   cuts at quantiles 1/G, 2/G, ... of the score (type 7), rows with one score together below the cut; groups that ties leave empty are left out
 *   interval: Wilson's for outcomes of 0 and 1, else mean ∓ z s/√n
 *
 * @param rows  those that are judged: control rows, for a score of the outcome without treatment
 * @throws Fault 'causal.too_few' with fewer than two rows a group
 * Source: DeGroot, Fienberg (1983), The Statistician 32. Pinned in calibration-curve.test.ts.
 */
export function calibrationCurve(score: Float64Array, outcome: Float64Array, rows: Int32Array, groups = 10, confidence = 0.95): readonly CalibrationPoint[] {
  if (rows.length < 2 * groups) throw fault.too_few({ n: rows.length, needed: 2 * groups })
  const sorted = Float64Array.from(rows, (i) => score[i]!).sort()
  const cuts = Array.from({ length: groups - 1 }, (_, k) => quantile7(sorted, (k + 1) / groups))
  const binary = rows.every((i) => outcome[i] === 0 || outcome[i] === 1)
  const members = Array.from({ length: groups }, (): number[] => [])
  for (const i of rows) members[cuts.filter((cut) => score[i]! > cut).length]!.push(i)
  return Object.freeze(
    members.flatMap((own) => {
      if (own.length < 2) return []
      const mean = (of: Float64Array): number => own.reduce((total, i) => total + of[i]!, 0) / own.length
      const middle = mean(outcome)
      if (binary) {
        const { low, high } = proportionInterval(own.reduce((total, i) => total + outcome[i]!, 0), own.length, confidence)
        return [Object.freeze({ score: mean(score), outcome: middle, low, high, rows: own.length })]
      }
      const reach = normalQuantile((1 + confidence) / 2) * Math.sqrt(own.reduce((total, i) => total + (outcome[i]! - middle) ** 2, 0) / (own.length - 1) / own.length)
      return [Object.freeze({ score: mean(score), outcome: middle, low: middle - reach, high: middle + reach, rows: own.length })]
    }),
  )
}
