import type { CodedColumns } from './codes.ts'

/** The codes that the rows of a node may have in each column, by the splits above it: low[j] to before high[j]. Missing values are told apart by themselves. */
export interface Ranges {
  readonly low: Int32Array
  readonly high: Int32Array
  /** Reads the ranges of a node from the splits above it, kept as in Tree. */
  read(split: Int32Array, node: number): void
}

/**
 * Only columns that are refined are followed. Nothing is kept from a node to its children: on continuous columns a tree is some ten nodes deep, and going up costs less than handing
 * the ranges of all columns down.
 *
 * @param parents  the parent of each node
 */
export function ranging({ p, cuts }: Pick<CodedColumns, 'p' | 'cuts'>, refined: Uint8Array, parents: Int32Array): Ranges {
  const low = new Int32Array(p)
  const high = new Int32Array(p)
  const codes = Int32Array.from(cuts, ({ length }) => length + 1)
  return {
    low,
    high,
    read: (split, node) => {
      for (let j = 0; j < p; j++) {
        low[j] = 0
        high[j] = codes[j]!
      }
      for (let k = node; k !== 0; ) {
        const above = parents[k]!
        const one = split[2 * above]!
        const j = one >>> 17
        if (refined[j] === 1) {
          // The first code of the right side; never less than what lies further down leaves, and never more.
          const cut = (one & 65_535) - ((one >>> 16) & 1) + 1
          if (k === split[2 * above + 1]) high[j] = Math.max(low[j]!, Math.min(high[j]!, cut))
          else low[j] = Math.min(high[j]!, Math.max(low[j]!, cut))
        }
        k = above
      }
    },
  }
}
