/**
 * Columns while they are being read, as long from the start as the file is thought to have rows: memory that is not written to is not taken, and
 * nothing has to be joined in the end. A row is written at its place and counts only once it is complete, so a half-read row can be read again.
 */
import { isMissing, type Column } from './table.ts'

/** By how much a column grows that turns out too short. */
const growth = 1.5
const least = 1_024

export class NumberBuilder {
  readonly kind = 'number'
  readonly name: string
  commas = false
  /** Whether a value may be missing; where none is, nobody has to look for them. */
  gaps = false
  values: Float64Array

  /** @param values  room for the column; its own where absent */
  constructor(name: string, capacity: number, values = new Float64Array(Math.max(least, capacity))) {
    this.name = name
    this.values = values
  }

  /** Makes room for so many rows. */
  reserve(rows: number): void {
    if (rows <= this.values.length) return
    const wider = new Float64Array(Math.ceil(growth * rows))
    wider.set(this.values)
    this.values = wider
  }

  bytes(rows: number): number {
    return 8 * rows
  }

  finish(rows: number): Column {
    const values = this.values.subarray(0, rows)
    let missing = 0
    if (this.gaps) for (let i = 0; i < rows; i++) if (Number.isNaN(values[i]!)) missing += 1
    return { kind: 'number', name: this.name, values, missing, commas: this.commas }
  }
}

export class TextBuilder {
  readonly kind = 'text'
  readonly name: string
  values: Int32Array
  private readonly codes = new Map<string, number>()
  private readonly levels: string[] = []
  private characters = 0

  constructor(name: string, capacity: number) {
    this.name = name
    this.values = new Int32Array(Math.max(least, capacity))
  }

  /** The code of a value: −1 for none. */
  code(text: string): number {
    const known = this.codes.get(text)
    if (known !== undefined) return known
    const trimmed = text.trim()
    let code = -1
    if (!isMissing(trimmed)) {
      code = this.codes.get(trimmed) ?? this.levels.push(trimmed) - 1
      this.codes.set(trimmed, code)
      this.characters += trimmed.length
    }
    this.codes.set(text, code)
    return code
  }

  reserve(rows: number): void {
    if (rows <= this.values.length) return
    const wider = new Int32Array(Math.ceil(growth * rows))
    wider.set(this.values)
    this.values = wider
  }

  /** A level costs its characters and about a hundred bytes of the map and the list. */
  bytes(rows: number): number {
    return 4 * rows + this.characters + 100 * this.levels.length
  }

  finish(rows: number): Column {
    const codes = this.values.subarray(0, rows)
    let missing = 0
    for (let i = 0; i < rows; i++) if (codes[i]! < 0) missing += 1
    return { kind: 'text', name: this.name, codes, levels: this.levels, missing }
  }
}

export type Builder = NumberBuilder | TextBuilder
