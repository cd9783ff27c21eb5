/**
 * Watches columns that nobody named: does every value of one occur in one arm only? Then the draw may have been made by that column, and errors that
 * take rows for independent would be too small. Most columns are out after a few rows, so this costs little.
 */
import type { ClusterLike } from './table.ts'

interface Watched {
  readonly column: string
  readonly place: number
  /** Value, and the arm of its first row. */
  readonly arms: Map<string, string>
  rows: number
}

/** Below twenty repeats a column of two equal arms could look so by chance once in a million. */
const fewestRepeats = 20
const fewestValues = 4
/** Nearly every row its own value: an identifier or a measurement, not a cluster. Judged after so many rows. */
const judgedAfter = 2_000
const mostDistinct = 0.8
const mostRemembered = 500_000

export class ClusterWatch {
  private watched: Watched[]

  constructor(columns: readonly { readonly column: string; readonly place: number }[]) {
    this.watched = columns.map((one) => ({ ...one, arms: new Map(), rows: 0 }))
  }

  /** Places of the columns that are still of interest. */
  get places(): readonly number[] {
    return this.watched.map((one) => one.place)
  }

  /** One row's values, in the order of `places`, and its arm. Empty values say nothing. True when a column has dropped out. */
  row(values: readonly string[], arm: string): boolean {
    let out = false
    for (const [i, one] of this.watched.entries()) {
      const value = values[i]!
      if (value === '') continue
      one.rows += 1
      const known = one.arms.get(value)
      if (known === undefined) {
        one.arms.set(value, arm)
        if (one.arms.size > mostRemembered || (one.rows > judgedAfter && one.arms.size > mostDistinct * one.rows)) out = this.drop(one)
      } else if (known !== arm) out = this.drop(one)
    }
    if (out) this.watched = this.watched.filter((one) => one.rows >= 0)
    return out
  }

  private drop(one: Watched): true {
    one.rows = -1
    return true
  }

  found(): readonly ClusterLike[] {
    return this.watched
      .filter((one) => {
        if (one.arms.size < fewestValues || one.rows - one.arms.size < fewestRepeats) return false
        // Values in one arm only: the column is a dose or a label of the arm, not a cluster.
        const byArm = new Map<string, number>()
        for (const arm of one.arms.values()) byArm.set(arm, (byArm.get(arm) ?? 0) + 1)
        return byArm.size > 1 && [...byArm.values()].every((count) => count > 1)
      })
      .map((one) => ({ column: one.column, values: one.arms.size, rows: one.rows }))
  }
}
