import { column, type Columns, type Label } from './columns.ts'
import { fault } from './faults.ts'

/** The arms that are compared: the first is control. 0 and 1 unless named. */
export class Arms {
  readonly treatment: string
  readonly labels: readonly Label[]

  constructor(treatment: string, labels: readonly Label[] = [0, 1]) {
    if (labels.length < 2 || new Set(labels).size !== labels.length) throw new TypeError('Arms are two or more different labels, control first.')
    this.treatment = treatment
    this.labels = labels
  }

  /** 0 for control, 1, 2, ... for the others; a value that is none of them is refused. */
  of(chunk: Columns, firstRow = 0): Int32Array {
    const found = column(chunk, this.treatment)
    const out = new Int32Array(found.length)
    const [control, treated] = this.labels
    for (let i = 0; i < found.length; i++) {
      const value = found[i]!
      const arm = value === control ? 0 : value === treated ? 1 : this.labels.indexOf(value)
      if (arm < 0) {
        if (typeof value === 'number' && !Number.isFinite(value)) throw fault.not_finite({ column: this.treatment, row: firstRow + i + 1, value: String(value) })
        throw fault.unknown_arm({ treatment: this.treatment, row: firstRow + i + 1, value: String(value), arms: this.labels.join(', ') })
      }
      out[i] = arm
    }
    return out
  }

  /** The name of an arm's coefficient: the column's own name for 0/1, else as R names a factor's level (column, then label). */
  term(arm: number): string {
    return this.labels.length === 2 && this.labels[0] === 0 && this.labels[1] === 1 ? this.treatment : `${this.treatment}${this.labels[arm]!}`
  }

  /** Refuses arms of no row, or of one. */
  requireRows(counts: ArrayLike<number>): void {
    for (const [arm, label] of this.labels.entries()) {
      if (counts[arm] === 0) throw fault.one_arm({ treatment: this.treatment, arm: String(label) })
      if (counts[arm] === 1) throw fault.one_row_arm({ treatment: this.treatment, arm: String(label), rows: 1 })
    }
  }
}
