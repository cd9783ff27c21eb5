/** A column as ordered codes: row i has code c when cuts[c − 1] < x_i <= cuts[c]. */
export interface CodedColumn {
  readonly name: string
  readonly codes: Uint8Array
  /** Where a rule "at most" may cut, ascending; one fewer than there are codes. */
  readonly cuts: Float64Array
  /** Whether every pair of neighbouring values can be parted. */
  readonly exact: boolean
}

/** Codes a column with at most `bins` codes: one for each distinct value where they suffice, else codes of nearly equal numbers of rows. */
export function codeColumn(name: string, values: Float64Array, bins: number): CodedColumn {
  const sorted = values.toSorted()
  const distinct = sorted.filter((v, i) => i === 0 || v !== sorted[i - 1])
  const exact = distinct.length <= bins
  const ends = exact ? distinct : Float64Array.from({ length: bins }, (_, b) => sorted[Math.ceil(((b + 1) * sorted.length) / bins) - 1]!)
  const cuts = ends.filter((v, i) => v < sorted[sorted.length - 1]! && (i === 0 || v !== ends[i - 1]))
  const codes = Uint8Array.from(values, (v) => {
    let low = 0
    let high = cuts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (v <= cuts[middle]!) high = middle
      else low = middle + 1
    }
    return low
  })
  return { name, codes, cuts, exact }
}
