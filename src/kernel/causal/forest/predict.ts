import type { Columns } from '../columns.ts'
import { codeAlike, type CodedColumns } from './codes.ts'
import type { Forest, Ground } from './forest.ts'
import type { KeptTrees } from './growth.ts'
import type { ForestOptions } from './options.ts'

/** Trees that were kept, and the codes by which they split. */
export interface Trees {
  readonly coded: CodedColumns
  readonly kept: readonly KeptTrees[]
  readonly width: number
}

export const keptTrees = ({ coded }: Pick<Ground, 'coded'>, { kept, width }: Forest, { keepTrees }: ForestOptions): Trees | undefined => (keepTrees === true ? { coded, kept, width } : undefined)

/** Mean over all trees of the moments of the leaves into which other rows fall. @throws Fault those of columns */
export function predictMoments(trees: Trees | undefined, data: Columns): Float64Array {
  if (trees === undefined) throw new TypeError('The trees were not kept: grow the forest with keepTrees.')
  const { coded, kept, width } = trees
  const { n, codes, top: mask } = codeAlike(data, coded)
  const sums = new Float64Array(n * width)
  const counts = new Int32Array(n)
  for (const { starts, split, moments } of kept) {
    for (let t = 0; t + 1 < starts.length; t++) {
      const root = starts[t]!
      for (let i = 0; i < n; i++) {
        let at = root
        for (let next = split[2 * at + 1]!; next !== 0; next = split[2 * at + 1]!) {
          const one = split[2 * at]!
          at = root + next + (((one & 65_535) - ((codes[(one >>> 17) * n + i]! + ((one >>> 16) & 1)) & mask)) >>> 31)
        }
        if (Number.isNaN(moments[at * width])) continue
        for (let d = 0; d < width; d++) sums[i * width + d]! += moments[at * width + d]!
        counts[i]! += 1
      }
    }
  }
  for (let i = 0; i < n; i++) for (let d = 0; d < width; d++) sums[i * width + d]! /= counts[i]!
  return sums
}
