import type { Growth } from './growth.ts'
import type { Node } from './node.ts'
import type { Best, Cells, Scan } from './scan.ts'
import type { FindSplit } from './table.ts'

/**
 * Splits between any two neighbouring values, by sorting the node's rows anew for each column: what the tables are measured against. The cells that it
 * scans are the distinct codes within the node; all else, the scan included, is shared with the tables.
 */
export function sortFinder({ coded, target, weights: rowWeights }: Growth, node: Node, scan: Scan): FindSplit {
  const { n, p, codes } = coded
  const planes = target.kind === 'classes' ? target.count : target.kind === 'response' ? 1 : 2
  const stride = n + 1
  const table = new Float64Array(planes * stride)
  const second = rowWeights !== undefined || target.kind === 'classes'
  const weights = new Float64Array(stride + 1)
  const keys = new Float64Array(n)
  const codeOf = new Int32Array(stride)
  const best: Best = { gain: 0, column: -1, cell: 0, missingLeft: false }
  const cells: Cells = { from: 0, to: 0, missing: -1 }

  return (from, to, drawn, drawnCount, split) => {
    const { rows, packed, plane } = node
    const m = to - from
    const mean = node.sum / m
    best.gain = 1e-9 * (target.kind === 'classes' ? m : mean * mean)
    best.column = -1
    let total = 0
    for (let k = from; k < to; k++) total += rowWeights === undefined || target.kind === 'classes' ? 1 : rowWeights[rows[k]!]!
    weights[stride] = total
    let at = 0
    for (let d = 0; d < drawnCount; d++) {
      const j = drawn[d]!
      for (let k = from; k < to; k++) keys[k - from] = codes[rows[k]! * p + j]! * n + (k - from)
      const sorted = keys.subarray(0, m).sort()
      let cell = -1
      let last = -1
      for (let s = 0; s < m; s++) {
        const code = Math.floor(sorted[s]! / n)
        const k = from + sorted[s]! - code * n
        if (code !== last) {
          cell++
          last = code
          codeOf[cell] = code
          for (let q = 0; q < planes; q++) table[cell + q * stride] = 0
          weights[cell] = 0
        }
        table[cell + (planes === 1 ? 0 : plane[k]! * stride)]! += packed[k]!
        if (second) weights[cell]! += target.kind === 'classes' ? 1 : rowWeights![rows[k]!]!
      }
      const absent = last === 65_535
      cells.to = absent ? cell : cell + 1
      cells.missing = absent ? cell : -1
      if (cells.to === 0) continue
      const before = best.gain
      scan(table, weights, stride, cells, m, node, j, best)
      if (best.gain > before) at = codeOf[best.cell]!
    }
    if (best.column < 0) return false
    split.column = best.column
    split.at = at
    split.missingLeft = best.missingLeft
    return true
  }
}
