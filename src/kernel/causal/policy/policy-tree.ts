import { finiteColumn } from '../design.ts'
import type { Columns } from '../columns.ts'
import { fault } from '../faults.ts'
import { codeColumn, type CodedColumn } from './codes.ts'
import { search, type Found } from './search.ts'

export interface PolicySearch {
  /** Columns of the score of each action, two or more: what the outcome of row i would be under it. */
  readonly scores: readonly string[]
  /** Columns by which the rule may decide. */
  readonly covariates: readonly string[]
  /** Splits in a row at most: 1, 2 or 3. */
  readonly depth: number
  /** Cost of each action in units of the outcome, taken off its scores; none where absent. */
  readonly costs?: readonly number[]
  /** Largest share of the rows that may be given another action than the first; 1 where absent. */
  readonly budget?: number
  /** Fewest rows in a leaf; 1 where absent. */
  readonly minLeaf?: number
  /** Codes of a column at most, 2 to 255. A column with more distinct values may be cut between groups of rows only. 255 where absent. */
  readonly bins?: number
}

/** A rule: rows with `column` at most `at` go to `low`, the others to `high`; a leaf names the action, counted from 0. */
export type PolicyNode =
  | { readonly action: number; readonly rows: number }
  | { readonly column: string; readonly at: number; readonly low: PolicyNode; readonly high: PolicyNode }

export interface PolicyTree {
  readonly tree: PolicyNode
  /** Mean score under the rule, costs taken off, on the rows it was learned from: too high as an estimate of its worth. */
  readonly learnedValue: number
  /** Covariates with more distinct values than codes: in these the rule is the best on the grid only. */
  readonly binned: readonly string[]
}

/**
 * The rule of at most three splits in a row with the highest mean score, found by trying all of them.
 *
 *   max over trees π of depth <= d   (1/n) Σ_i (Γ_i,π(x_i) − cost_π(x_i)),   Γ_ia the doubly robust score of action a
 *
 * Depth 2 without trying pairs of cuts row by row: one table of sums per pair of columns, cumulated over the first cut, gives the best second cut
 * on each side: n p²/2 additions and p² B² steps for B codes (bench/policy-tree.ts). Depth 3 solves that for each side of each first cut, so take few bins there.
 *
 * With a budget b the tree maximizes  value − λ × share given another action than the first,  λ >= 0 the least price, found by halving, at which the share is at most b. Such a
 * tree is the best of all that treat as many or fewer; between two prices the tree that treats fewer is taken, so some of the budget may be left.
 *
 * The first action wins ties. The value on the learning rows is optimistic; judge a rule on rows that it has not seen.
 *
 * @throws Fault 'causal.not_finite', 'causal.no_rows', 'causal.too_few' with fewer rows than one leaf needs; those of columns
 * Source: Zhou, Athey, Wager (2023), Operations Research 71; Athey, Wager (2021), Econometrica 89.
 * Pinned by search through all trees in policy-tree.test.ts.
 */
export function policyTree(data: Columns, spec: PolicySearch): PolicyTree {
  const { depth, minLeaf = 1, bins = 255, costs, budget = 1 } = spec
  if (![1, 2, 3].includes(depth)) throw new TypeError(`A policy tree has a depth of 1, 2 or 3, not ${depth}.`)
  if (!Number.isSafeInteger(minLeaf) || minLeaf < 1) throw new TypeError(`${minLeaf} is not a number of rows.`)
  if (!Number.isSafeInteger(bins) || bins < 2 || bins > 255) throw new TypeError(`${bins} is not a number of codes from 2 to 255.`)
  if (!(budget > 0 && budget <= 1)) throw new TypeError(`A budget is a share above 0 and up to 1, not ${budget}.`)
  if (spec.scores.length < 2) throw new TypeError('A policy chooses between two actions at least.')
  if (costs !== undefined && (costs.length !== spec.scores.length || !costs.every(Number.isFinite))) throw new TypeError('There must be one finite cost per action.')
  if (spec.covariates.length === 0) throw new TypeError('A policy needs a covariate.')
  const first = data[spec.scores[0]!]
  if (first === undefined) throw fault.no_column({ column: spec.scores[0]! })
  const n = first.length
  if (n === 0) throw fault.no_rows()
  if (n < minLeaf) throw fault.too_few({ n, needed: minLeaf })
  const scores = spec.scores.map((name, a) => finiteColumn(data, name, n).map((v) => v - (costs?.[a] ?? 0)))
  const columns = spec.covariates.map((name) => codeColumn(name, finiteColumn(data, name, n), bins))
  const gains = scores.slice(1).map((score) => score.map((v, i) => v - scores[0]![i]!))
  const rows = Int32Array.from({ length: n }, (_, i) => i)
  const best = (price: number): Found => search(columns, price === 0 ? gains : gains.map((gain) => gain.map((v) => v - price)), rows, depth, minLeaf)
  const { found, price } = within(best, budget * n)
  const base = scores[0]!.reduce((total, v) => total + v, 0)
  return Object.freeze({
    tree: named(found, columns),
    learnedValue: (base + found.value + price * treatedBy(found)) / n,
    binned: Object.freeze(columns.filter(({ exact }) => !exact).map(({ name }) => name)),
  })
}

/** The action of each row under a rule. @throws Fault 'causal.no_column', 'causal.not_finite' */
export function policyActions(data: Columns, tree: PolicyNode, n: number): Int32Array {
  const columns = new Map<string, Float64Array>()
  const collect = (node: PolicyNode): void => {
    if ('action' in node) return
    columns.set(node.column, finiteColumn(data, node.column, n))
    collect(node.low)
    collect(node.high)
  }
  collect(tree)
  return Int32Array.from({ length: n }, (_, i) => {
    let node = tree
    while (!('action' in node)) node = columns.get(node.column)![i]! <= node.at ? node.low : node.high
    return node.action
  })
}

/** Rows that a tree gives another action than the first. */
const treatedBy = (found: Found): number => ('action' in found ? (found.action === 0 ? 0 : found.rows) : treatedBy(found.low) + treatedBy(found.high))

/** Halvings of the price after it has been bracketed: to a thousandth of it. */
const halvings = 10

/** The best tree that treats at most so many, and the price of a treatment at which it is the best. */
function within(best: (price: number) => Found, most: number): { readonly found: Found; readonly price: number } {
  const free = best(0)
  if (treatedBy(free) <= most) return { found: free, price: 0 }
  // What the treated gain on average is a price at which few are left to treat.
  let low = 0
  let price = free.value / treatedBy(free)
  let found = best(price)
  while (treatedBy(found) > most) {
    low = price
    price *= 2
    found = best(price)
  }
  for (let step = 0; step < halvings; step++) {
    const middle = (low + price) / 2
    const tried = best(middle)
    if (treatedBy(tried) > most) low = middle
    else [found, price] = [tried, middle]
  }
  return { found, price }
}

function named(found: Found, columns: readonly CodedColumn[]): PolicyNode {
  if ('action' in found) return Object.freeze({ action: found.action, rows: found.rows })
  const { name, cuts } = columns[found.column]!
  return Object.freeze({ column: name, at: cuts[found.code]!, low: named(found.low, columns), high: named(found.high, columns) })
}
