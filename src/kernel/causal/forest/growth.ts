import type { CodedColumns } from './codes.ts'

/**
 * What the trees are to explain. With it a forest is a sentence: relabel (which number of each row a node's split is to part), split (table.ts and refine.ts, or compact.ts),
 * predict (which moments of a leaf's rows are averaged over trees).
 */
export type Target =
  /** A mean: relabelled as itself; moments y. */
  | { readonly kind: 'response'; readonly y: Float64Array }
  /** Shares of classes 0 .. count − 1: moments are their indicators. */
  | { readonly kind: 'classes'; readonly label: Uint8Array; readonly count: number }
  /** An effect of w on y, both centred: relabelled by its gradient; moments y, w, wy, ww. */
  | { readonly kind: 'effect'; readonly y: Float64Array; readonly w: Float64Array }
  /** The same with an instrument z: moments y, w, z, zy, zw. */
  | { readonly kind: 'instrument'; readonly y: Float64Array; readonly w: Float64Array; readonly z: Float64Array }

/** How a forest grows; names and defaults are grf's (2.6.1). */
export interface Growing {
  readonly numTrees: number
  readonly sampleFraction: number
  readonly mtry: number
  readonly minNodeSize: number
  readonly honesty: boolean
  readonly honestyFraction: number
  readonly honestyPruneLeaves: boolean
  readonly alpha: number
  readonly imbalancePenalty: number
  readonly ciGroupSize: number
}

/** Rows that are drawn together: members[start[c]] .. members[start[c + 1]] are the rows of cluster c. */
export interface Clusters {
  readonly of: Int32Array
  readonly start: Int32Array
  readonly members: Int32Array
  /** Rows that a drawn cluster gives to a tree at most. */
  readonly rowsEach: number
}

/** Everything that a thread needs to grow any group of trees of a forest; plain data, the long arrays in shared memory. */
export interface Growth {
  readonly coded: CodedColumns
  readonly target: Target
  readonly growing: Growing
  readonly weights: Float64Array | undefined
  readonly clusters: Clusters | undefined
  /** Four words of state for each group. */
  readonly seeds: Int32Array
  readonly keepTrees: boolean
}

/** Number of moments of a leaf: those of the target, and the mean weight where rows have weights. */
export function momentCount({ target, weights }: Pick<Growth, 'target' | 'weights'>): number {
  const own = { response: 1, effect: 4, instrument: 5, classes: target.kind === 'classes' ? target.count : 0 }[target.kind]
  return own + (weights === undefined ? 0 : 1)
}

/** Trees of a forest as flat arrays: node k of a tree has its split in split[2k] and its left child in split[2k + 1]; the right child is the next one. */
export interface KeptTrees {
  readonly group: number
  /** Nodes before each tree, and after the last. */
  readonly starts: readonly number[]
  readonly split: Int32Array
  readonly moments: Float64Array
}

/** What a thread has made of its groups. Sums are exact (see grid.ts), so adding them up in any order gives the same bits. */
export interface Grown {
  /** Per row `stride` sums: moments over trees; with groups of two trees or more also the products of group sums and of tree values, each pair once. */
  readonly sums: Float64Array
  /** Per row the trees it was not drawn for, and the groups of which that is true of every tree. */
  readonly counts: Int32Array
  /** Splits by depth (four depths) and column. */
  readonly splits: Float64Array
  /** Trees that had no row to estimate with. */
  readonly empty: number
  readonly kept: readonly KeptTrees[]
}
