import { type Generator, sum } from '#kernel/numeric'
import { fault } from '../faults.ts'
import type { Predict, Rows, ScoreModel } from './model.ts'

export interface Boosting {
  /** `logistic` for outcomes 0 and 1, `squared` for others. */
  readonly loss: 'logistic' | 'squared'
  readonly trees?: number
  readonly depth?: number
  readonly learningRate?: number
  /** Fewest rows of a leaf. */
  readonly leafRows?: number
  /** L2 penalty on a leaf's value. */
  readonly penalty?: number
  /** Share of the rows that each tree sees, drawn without replacement. */
  readonly share?: number
}

/** Splits are looked for at 254 cuts of a column at most, so that a value's bin is a byte. */
const mostBins = 255

/**
 * Gradient-boosted regression trees on histograms.
 *
 *   F_0 = the best constant;  F_m = F_{m−1} + η t_m,  t_m a tree of depth D on the gradients g and curvatures h of the loss at F_{m−1}
 *   leaf value −G/(H + λ);  a split gains G_l²/(H_l + λ) + G_r²/(H_r + λ) − G²/(H + λ), G and H sums over its rows
 *   squared loss: g = F − y, h = 1;  logistic: g = π − y, h = π(1 − π), π = 1/(1 + e^{−F})
 *
 * Columns are cut at quantiles of the rows of the fit, at every value where there are at most 255. The first column and the lowest cut win a tie,
 * so the fit depends on the seed only.
 *
 * Defaults: 200 trees of depth 3 at rate 0.05, leaves of at least 20 rows, λ = 1, half of the rows per tree: slow and shallow, as Friedman found best.
 *
 * @throws Fault 'causal.too_few' when there are fewer rows than two leaves need; 'causal.not_zero_one'
 * Source: Friedman (2001), Annals of Statistics 29; (2002), Comput. Stat. Data Anal. 38 (share of rows); Chen, Guestrin (2016), KDD, eq. 5-7 (λ).
 * Pinned by the best of all cuts, found by trying them, and by one Newton step by hand, in score.test.ts.
 */
export function boostedTrees({ loss, trees = 200, depth = 3, learningRate = 0.05, leafRows = 20, penalty = 1, share = 0.5 }: Boosting): ScoreModel {
  if (!(trees >= 1 && depth >= 1 && depth <= 16 && learningRate > 0 && leafRows >= 1 && penalty >= 0 && share > 0 && share <= 1)) throw new TypeError('A setting of the boosted trees is out of range.')
  return {
    name: 'boosted trees',
    settings: { loss, trees, depth, learning_rate: learningRate, leaf_rows: leafRows, penalty, share },
    fit(outcome, from, random) {
      const n = from.rows.length
      if (n < 2 * leafRows) throw fault.too_few({ n, needed: 2 * leafRows })
      const y = Float64Array.from(from.rows, (i) => outcome[i]!)
      const other = loss === 'logistic' ? y.findIndex((v) => v !== 0 && v !== 1) : -1
      if (other >= 0) throw fault.not_zero_one({ column: 'outcome', row: from.rows[other]! + 1, value: y[other]! })
      const bins = from.columns.map((column) => binned(column, from.rows))
      const mean = sum(y) / n
      // All zeros or all ones would start at infinity: half a row of the other kind keeps the start finite.
      const odds = Math.min(1 - 0.5 / n, Math.max(0.5 / n, mean))
      const start = loss === 'logistic' ? Math.log(odds / (1 - odds)) : mean
      const score = new Float64Array(n).fill(start)
      const gradient = new Float64Array(n)
      const curvature = new Float64Array(n).fill(1)
      const seen = Math.max(2 * leafRows, Math.round(share * n))
      const order = Int32Array.from({ length: n }, (_, i) => i)
      const forest: Tree[] = []
      for (let m = 0; m < trees; m++) {
        for (let i = 0; i < n; i++) {
          if (loss === 'squared') gradient[i] = score[i]! - y[i]!
          else {
            const p = 1 / (1 + Math.exp(-score[i]!))
            gradient[i] = p - y[i]!
            curvature[i] = p * (1 - p)
          }
        }
        const tree = grow({ bins, gradient, curvature, leafRows, penalty }, draw(order, seen, random), depth, learningRate)
        forest.push(tree)
        for (let i = 0; i < n; i++) score[i]! += leafOfBins(tree, bins, i)
      }
      return predictor(forest, start, loss)
    },
  }
}

interface Bins {
  readonly codes: Uint8Array
  /** Upper edge of each bin but the last: a value at most that belongs to it or to one before. */
  readonly edges: Float64Array
}

/** Cuts a column at its distinct values where they are few, else at quantiles. */
function binned(column: Float64Array, rows: Int32Array): Bins {
  const sorted = Float64Array.from(rows, (i) => column[i]!).sort()
  const distinct = sorted.filter((v, i) => i === 0 || v !== sorted[i - 1])
  const cuts = distinct.length <= mostBins ? distinct : Float64Array.from({ length: mostBins }, (_, b) => sorted[Math.floor(((b + 1) * sorted.length) / mostBins) - 1]!).filter((v, i, all) => i === 0 || v !== all[i - 1])
  // Half way to the next value, so that a new value between two goes to the nearer one.
  const edges = cuts.subarray(0, cuts.length - 1).map((v) => {
    let low = 0
    let high = distinct.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (distinct[middle]! <= v) low = middle + 1
      else high = middle
    }
    return v + (distinct[low]! - v) / 2
  })
  return { codes: Uint8Array.from(rows, (i) => place(edges, column[i]!)), edges }
}

/** Number of edges below a value. */
function place(edges: Float64Array, value: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** The first `count` of an order, after as many steps of Fisher and Yates, in rising order so that memory is walked forwards. */
function draw(order: Int32Array, count: number, random: Generator): Int32Array {
  if (count >= order.length) return order.slice().sort()
  for (let i = 0; i < count; i++) {
    const other = i + random.below(order.length - i)
    const kept = order[i]!
    order[i] = order[other]!
    order[other] = kept
  }
  return order.slice(0, count).sort()
}

/** Nodes in arrays; a leaf has column −1. A row goes left when its code is at most `code`, its value at most `edge`. */
interface Tree {
  readonly column: number[]
  readonly code: number[]
  readonly edge: number[]
  readonly left: number[]
  readonly right: number[]
  readonly value: number[]
}

interface Growing {
  readonly bins: readonly Bins[]
  readonly gradient: Float64Array
  readonly curvature: Float64Array
  readonly leafRows: number
  readonly penalty: number
}

function grow(data: Growing, rows: Int32Array, depth: number, rate: number): Tree {
  const tree: Tree = { column: [], code: [], edge: [], left: [], right: [], value: [] }
  const add = (own: Int32Array, level: number): number => {
    const node = tree.column.length
    let g = 0
    let h = 0
    for (const i of own) {
      g += data.gradient[i]!
      h += data.curvature[i]!
    }
    const found = level === 0 ? null : split(data, own, g, h)
    tree.column.push(found?.column ?? -1)
    tree.code.push(found?.code ?? 0)
    tree.edge.push(found === null ? 0 : data.bins[found.column]!.edges[found.code]!)
    tree.value.push((-rate * g) / (h + data.penalty))
    tree.left.push(0)
    tree.right.push(0)
    if (found !== null) {
      const codes = data.bins[found.column]!.codes
      tree.left[node] = add(own.filter((i) => codes[i]! <= found.code), level - 1)
      tree.right[node] = add(own.filter((i) => codes[i]! > found.code), level - 1)
    }
    return node
  }
  add(rows, depth)
  return tree
}

/** The split of the largest gain over all columns and cuts, or null where none gains. */
function split({ bins, gradient, curvature, leafRows, penalty }: Growing, rows: Int32Array, g: number, h: number): { column: number; code: number } | null {
  if (rows.length < 2 * leafRows) return null
  let best: { column: number; code: number } | null = null
  // A gain must exceed the rounding of the sums it is made of.
  let most = 1e-10 * (1 + (g * g) / (h + penalty))
  const histogram = new Float64Array(3 * (mostBins + 1))
  for (const [column, { codes, edges }] of bins.entries()) {
    if (edges.length === 0) continue
    histogram.fill(0, 0, 3 * (edges.length + 1))
    for (let r = 0; r < rows.length; r++) {
      const i = rows[r]!
      const at = 3 * codes[i]!
      histogram[at]! += gradient[i]!
      histogram[at + 1]! += curvature[i]!
      histogram[at + 2]! += 1
    }
    let gl = 0
    let hl = 0
    let count = 0
    for (let code = 0; code < edges.length; code++) {
      gl += histogram[3 * code]!
      hl += histogram[3 * code + 1]!
      count += histogram[3 * code + 2]!
      if (count < leafRows) continue
      if (rows.length - count < leafRows) break
      const gain = (gl * gl) / (hl + penalty) + ((g - gl) * (g - gl)) / (h - hl + penalty) - (g * g) / (h + penalty)
      if (gain > most) {
        most = gain
        best = { column, code }
      }
    }
  }
  return best
}

function leafOfBins(tree: Tree, bins: readonly Bins[], row: number): number {
  let node = 0
  while (tree.column[node]! >= 0) node = bins[tree.column[node]!]!.codes[row]! <= tree.code[node]! ? tree.left[node]! : tree.right[node]!
  return tree.value[node]!
}

function predictor(forest: readonly Tree[], start: number, loss: 'logistic' | 'squared'): Predict {
  return ({ columns, rows }: Rows) =>
    Float64Array.from(rows, (i) => {
      let score = start
      for (const tree of forest) {
        let node = 0
        while (tree.column[node]! >= 0) node = columns[tree.column[node]!]![i]! <= tree.edge[node]! ? tree.left[node]! : tree.right[node]!
        score += tree.value[node]!
      }
      return loss === 'logistic' ? 1 / (1 + Math.exp(-score)) : score
    })
}
