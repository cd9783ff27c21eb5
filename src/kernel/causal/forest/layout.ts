import { groupOf, lastGroup, type CodedColumns } from './codes.ts'

export type Words = Uint16Array | Uint32Array

/**
 * The columns as one table of cells, and each row as the list of its cells. Made once per fit, in shared memory.
 *
 * Three columns of two values share eight cells, one for each combination, so that a row has one cell for the three; `unfold` makes their own from these.
 * On 20 columns, 15 of them of two values, that halves what is added for a row.
 */
export interface Layout {
  /** Nodes of more rows want finer cells. */
  readonly mostRows: number
  /** Codes of column j, or its groups, share cells by 2^shifts[j]. */
  readonly shifts: Uint8Array
  /** First cell of each column; a column's cells end before `ends`. */
  readonly offsets: Int32Array
  readonly ends: Int32Array
  readonly cells: number
  /** Cells that rows are added to: first the eights, then the columns by themselves. Behind them lie the cells that are unfolded. */
  readonly added: number
  /** Columns of each eight, three at a time. */
  readonly triples: Int32Array
  /** Cells of a row, and which they are. */
  readonly width: number
  readonly words: Words
  /** Where each column's code is in a row's cells; its cells begin at `first`. */
  readonly places: readonly Place[]
}

/** code = (cell >>> shift & bits) − first */
export interface Place {
  readonly at: number
  readonly shift: number
  readonly bits: number
  readonly first: number
}

/** Columns of fewer codes have a cell for each in every node, which is no slower (20 columns, five of them of 6 to 48 values). */
const alwaysFine = 64
/**
 * Cells of a column with more, in small nodes, and how many rows a small node has at most for each. Splits are refined (refine.ts), so that few cells do: with twice as many
 * or more continuous columns took 1.1 times as long at 4,000 rows, and squared errors were the same; with half as many those of NW C were 5% higher at 800.
 */
const fewCells = 16
const rowsForCell = 8

/** The finest layout; and where columns have many codes a coarser one for nodes of up to 128 rows, where most cells would be empty and passing over them would take longer than adding rows to them. */
export function layouts(coded: CodedColumns, together: boolean): readonly Layout[] {
  const some = coded.cuts.some((_, j) => lastGroup(coded, j) + 1 >= alwaysFine)
  return some ? [layout(coded, together), layout(coded, together, fewCells)] : [layout(coded, together)]
}

function layout(coded: CodedColumns, together: boolean, fewest?: number): Layout {
  const { n, p, codes, cuts, groups, missing } = coded
  const binary = Array.from({ length: p }, (_, j) => j).filter((j) => together && cuts[j]!.length === 1 && missing[j] === 0)
  const triples = Int32Array.from(binary.slice(0, binary.length - (binary.length % 3)))
  const bundled = new Set(triples)
  const alone = Array.from({ length: p }, (_, j) => j).filter((j) => !bundled.has(j))
  const eights = triples.length / 3
  const lasts = cuts.map((_, j) => lastGroup(coded, j))
  const shifts = Uint8Array.from(lasts, (length) => (fewest === undefined || length + 1 < alwaysFine ? 0 : Math.max(0, Math.floor(Math.log2(length / (fewest - 1))))))
  const offsets = new Int32Array(p)
  const ends = new Int32Array(p)
  let cells = 8 * eights
  const give = (j: number): void => {
    offsets[j] = cells
    cells += (lasts[j]! >> shifts[j]!) + 1 + missing[j]!
    ends[j] = cells
  }
  alone.forEach(give)
  const added = cells
  triples.forEach(give)
  const width = eights + alone.length
  const words = cells <= 65_536 ? new Uint16Array(new SharedArrayBuffer(2 * n * width)) : new Uint32Array(new SharedArrayBuffer(4 * n * width))
  for (let b = 0; b < eights; b++) {
    const [x, y, z] = triples.subarray(3 * b, 3 * b + 3) as unknown as readonly [number, number, number]
    for (let i = 0; i < n; i++) words[i * width + b] = 8 * b + 4 * codes[x * n + i]! + 2 * codes[y * n + i]! + codes[z * n + i]!
  }
  for (const [a, j] of alone.entries()) {
    const most = cuts[j]!.length
    const last = ends[j]! - 1
    const of = groups[j]?.of
    for (let i = 0; i < n; i++) {
      const code = codes[j * n + i]!
      words[i * width + eights + a] = code > most ? last : offsets[j]! + (groupOf(of, code) >> shifts[j]!)
    }
  }
  const places = Array.from({ length: p }, (_, j): Place => {
    const t = triples.indexOf(j)
    return t < 0 ? { at: eights + alone.indexOf(j), shift: 0, bits: 0x7fffffff, first: offsets[j]! } : { at: Math.floor(t / 3), shift: 2 - (t % 3), bits: 1, first: 0 }
  })
  return { mostRows: fewest === undefined ? Infinity : rowsForCell * fewest, shifts, offsets, ends, cells, added, triples, width, words, places }
}

/** Writes the cells of columns that share eights, on the plane that begins at `base`. */
export function unfold(table: Float64Array, base: number, { offsets, triples }: Layout): void {
  for (let b = 0, at = base; b < triples.length; b += 3, at += 8) {
    const a01 = table[at]! + table[at + 1]!
    const a23 = table[at + 2]! + table[at + 3]!
    const a45 = table[at + 4]! + table[at + 5]!
    const a67 = table[at + 6]! + table[at + 7]!
    const even = table[at]! + table[at + 2]! + table[at + 4]! + table[at + 6]!
    const x = base + offsets[triples[b]!]!
    const y = base + offsets[triples[b + 1]!]!
    const z = base + offsets[triples[b + 2]!]!
    table[x] = a01 + a23
    table[x + 1] = a45 + a67
    table[y] = a01 + a45
    table[y + 1] = a23 + a67
    table[z] = even
    table[z + 1] = a01 + a23 + a45 + a67 - even
  }
}
