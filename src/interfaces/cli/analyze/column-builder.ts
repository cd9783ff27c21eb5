/** Columns while they are being read. A row is written at its place and counts only once it is complete, so a half-read row can be read again. */
import { isMissing, piece, type Column } from './table.ts'

export class NumberBuilder {
  readonly kind = 'number'
  readonly name: string
  commas = false
  /** The piece that is being filled. */
  current = new Float64Array(piece)
  private readonly full: Float64Array[] = []

  constructor(name: string) {
    this.name = name
  }

  turn(): void {
    this.full.push(this.current)
    this.current = new Float64Array(piece)
  }

  get bytes(): number {
    return 8 * piece * (this.full.length + 1)
  }

  finish(rows: number): Column {
    const values = joined(new Float64Array(rows), this.full, this.current)
    let missing = 0
    for (let i = 0; i < rows; i++) if (values[i] !== values[i]) missing += 1 // eslint-disable-line no-self-compare
    return { kind: 'number', name: this.name, values, missing, commas: this.commas }
  }
}

export class TextBuilder {
  readonly kind = 'text'
  readonly name: string
  current = new Int32Array(piece)
  private readonly full: Int32Array[] = []
  private readonly codes = new Map<string, number>()
  private readonly levels: string[] = []
  private characters = 0

  constructor(name: string) {
    this.name = name
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

  turn(): void {
    this.full.push(this.current)
    this.current = new Int32Array(piece)
  }

  /** A level costs its characters and about a hundred bytes of the two maps. */
  get bytes(): number {
    return 4 * piece * (this.full.length + 1) + this.characters + 100 * this.levels.length
  }

  finish(rows: number): Column {
    const codes = joined(new Int32Array(rows), this.full, this.current)
    let missing = 0
    for (let i = 0; i < rows; i++) if (codes[i]! < 0) missing += 1
    return { kind: 'text', name: this.name, codes, levels: this.levels, missing }
  }
}

export type Builder = NumberBuilder | TextBuilder

/** The pieces one after the other; each is let go once it is copied. */
function joined<T extends Float64Array | Int32Array>(into: T, full: T[], last: T): T {
  let at = 0
  for (let part = full.shift(); part !== undefined; part = full.shift()) {
    into.set(part, at)
    at += piece
  }
  into.set(last.subarray(0, into.length - at), at)
  return into
}
