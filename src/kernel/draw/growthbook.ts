import { fault } from './faults.ts'

/**
 * GrowthBook's number for a unit, so that an experiment can move here without moving anybody to another arm.
 *
 *   version 2   FNV-1a-32 of the decimal text of FNV-1a-32(seed + value), modulo 10,000, divided by 10,000
 *   version 1   FNV-1a-32(value + seed) modulo 1,000, divided by 1,000; GrowthBook calls it biased and keeps it for namespaces
 *
 * @returns the number in [0, 1), or null for a version that does not exist
 * @throws Fault 'draw.id_not_opaque' for text outside ASCII, on which GrowthBook's own clients disagree
 * Pinned by GrowthBook's published vectors, spec version 0.8.0 (shared/fixtures/standards/growthbook-hash).
 */
export function growthbookHash(seed: string, value: string, version: number): number | null {
  if (version === 2) return (fnv1a32(String(fnv1a32(seed + value))) % 10000) / 10000
  if (version === 1) return (fnv1a32(value + seed) % 1000) / 1000
  return null
}

/** FNV-1a with 32 bits: draft-eastlake-fnv-17, section 2; offset basis 0x811C9DC5, prime 0x01000193 (section 5). */
function fnv1a32(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) throw fault.id_not_opaque({ what: 'unit', reason: 'it has a character outside ASCII' })
    h = Math.imul(h ^ code, 0x01000193)
  }
  return h >>> 0
}

/** Equal weights for n variations; none for n below 1. */
export function growthbookEqualWeights(n: number): readonly number[] {
  return n < 1 ? [] : Array.from({ length: n }, () => 1 / n)
}

/** A half-open range [from, to) of numbers. */
export type GrowthbookRange = readonly [from: number, to: number]

/**
 * GrowthBook's range for each variation: it starts where the weights before it end, and `coverage` of its width is used.
 * Coverage is cut to [0, 1]; weights of the wrong count, or whose sum leaves [0.99, 1.01], are replaced by equal ones.
 */
export function growthbookRanges(variations: number, coverage: number, weights?: readonly number[]): readonly GrowthbookRange[] {
  const covered = Math.min(1, Math.max(0, coverage))
  const total = weights?.reduce((sum, w) => sum + w, 0) ?? 0
  const used = weights?.length === variations && total >= 0.99 && total <= 1.01 ? weights : growthbookEqualWeights(variations)
  let start = 0
  return used.map((weight) => {
    const range = [start, start + covered * weight] as const
    start += weight
    return range
  })
}

/** The index of the first range that holds the number, or -1. */
export function growthbookChoose(number: number, ranges: readonly GrowthbookRange[]): number {
  return ranges.findIndex(([from, to]) => number >= from && number < to)
}

/** Whether the unit is inside a namespace's range: version 1 with seed "__" + namespace. */
export function growthbookInNamespace(unit: string, namespace: readonly [name: string, from: number, to: number]): boolean {
  const number = growthbookHash(`__${namespace[0]}`, unit, 1)!
  return number >= namespace[1] && number < namespace[2]
}
