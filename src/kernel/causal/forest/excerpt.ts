import type { Growth, Target } from './growth.ts'
import type { Layout, Words } from './layout.ts'
import { refinedColumns } from './refine.ts'
import { mostDrawn } from './table.ts'
import { makeGrower, type Grower } from './tree.ts'

/**
 * Bytes of all rows' cells from which on a tree's own rows are copied side by side: some two of a processor's own caches. Measured on 20 columns of few values, two threads: at 40,000
 * rows (0.8 MB) and 40,000 of continuous columns (1.6 MB) it made no difference, at 200,000 (4 MB) a fit took 0.93 of the time.
 */
const ownCaches = 2 ** 21

/**
 * Grows trees on an excerpt, where all rows' cells are more than a processor's own cache holds: copies of the tree's rows, side by side and numbered from 0, and of the codes of columns whose
 * splits are refined. The trees are the same to the bit (excerpt.test.ts). Where nodes draw few of many columns nothing is copied: most of it would not be read.
 */
export function growerFor(growth: Growth, layouts: readonly Layout[], mostRows: number, most: number = ownCaches): Grower {
  const { coded, growing, target, weights } = growth
  if (layouts.length === 0 || growing.mtry < mostDrawn * coded.p || layouts[0]!.words.byteLength <= most) return makeGrower(growth, layouts, mostRows)
  const refined = refinedColumns(coded, layouts)
  const codes = refined.includes(1) ? new Uint16Array(mostRows * coded.p) : new Uint8Array(0)
  const own = layouts.map((layout): Layout => ({ ...layout, words: makeWords(layout, mostRows) }))
  const excerpt: Growth = { ...growth, coded: { ...coded, n: mostRows, codes }, target: makeTarget(target, mostRows), weights: weights === undefined ? undefined : new Float64Array(mostRows) }
  const grower = makeGrower(excerpt, own, mostRows, growth)
  const numbers = Int32Array.from({ length: mostRows }, (_, k) => k)
  return {
    grow: (rows, count, stream, tree) => {
      for (const [l, { words, width }] of layouts.entries()) copyWords(words, width, rows, count, own[l]!.words)
      for (let j = 0; j < coded.p; j++) if (refined[j] === 1) copyCodes(coded.codes, j * coded.n, rows, count, codes, j * mostRows)
      copyTarget(target, rows, count, excerpt.target)
      if (weights !== undefined) copyNumbers(weights, rows, count, excerpt.weights!)
      grower.grow(numbers, count, stream, tree)
    },
  }
}

const makeWords = ({ words, width }: Layout, rows: number): Words => (words instanceof Uint16Array ? new Uint16Array(rows * width + (rows * width) % 2) : new Uint32Array(rows * width))

function makeTarget(like: Target, rows: number): Target {
  const numbers = (): Float64Array => new Float64Array(rows)
  switch (like.kind) {
    case 'response':
      return { ...like, y: numbers() }
    case 'classes':
      return { ...like, label: new Uint8Array(rows) }
    case 'effect':
      return { ...like, y: numbers(), w: numbers() }
    case 'instrument':
      return { ...like, y: numbers(), w: numbers(), z: numbers() }
  }
}

function copyTarget(from: Target, rows: Int32Array, count: number, to: Target): void {
  if (from.kind === 'classes') {
    const { label } = to as typeof from
    for (let k = 0; k < count; k++) label[k] = from.label[rows[k]!]!
    return
  }
  copyNumbers(from.y, rows, count, (to as typeof from).y)
  if (from.kind === 'response') return
  copyNumbers(from.w, rows, count, (to as typeof from).w)
  if (from.kind === 'instrument') copyNumbers(from.z, rows, count, (to as typeof from).z)
}

function copyNumbers(from: Float64Array, rows: Int32Array, count: number, to: Float64Array): void {
  for (let k = 0; k < count; k++) to[k] = from[rows[k]!]!
}

function copyCodes(from: Uint8Array | Uint16Array, column: number, rows: Int32Array, count: number, to: Uint8Array | Uint16Array, own: number): void {
  for (let k = 0; k < count; k++) to[own + k] = from[column + rows[k]!]!
}

/** Two cells at a time where that comes out even. */
function copyWords(from: Words, width: number, rows: Int32Array, count: number, to: Words): void {
  if (from instanceof Uint16Array && width % 2 === 0) copyCells(new Uint32Array(from.buffer), width / 2, rows, count, new Uint32Array(to.buffer))
  else copyCells(from, width, rows, count, to)
}

function copyCells(from: Words, width: number, rows: Int32Array, count: number, to: Words): void {
  for (let k = 0; k < count; k++) {
    const at = rows[k]! * width
    const here = k * width
    for (let a = 0; a < width; a++) to[here + a] = from[at + a]!
  }
}
