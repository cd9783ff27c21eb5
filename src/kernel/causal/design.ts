import { Arms } from './arms.ts'
import { Codes, column, numbers, requireFinite, type Columns, type Label } from './columns.ts'
import { fault } from './faults.ts'

/** Which columns say how two arms were drawn. */
export interface TwoArms {
  readonly treatment: string
  /** Control, treated; 0 and 1 where absent. Every row must be one of them. */
  readonly arms?: readonly [Label, Label]
  /** Column of the block inside which the arms were drawn. */
  readonly blocks?: string
  /** Column of the cluster that was drawn as a whole. */
  readonly clusters?: string
}

export interface TwoArmDesign {
  readonly n: number
  /** 0 control, 1 treated. */
  readonly arm: Uint8Array
  /** Codes 0, 1, ... in the order of appearance; one block where there are none. */
  readonly block: Int32Array
  readonly blockCount: number
  readonly cluster: Int32Array | undefined
  readonly clusterCount: number
  /** Name of the treated arm's coefficient. */
  readonly term: string
}

/**
 * Reads a design of two arms.
 * @throws Fault 'causal.unknown_arm', 'causal.one_arm', 'causal.no_column', 'causal.not_finite' (a missing label); 'causal.cluster_split' when a
 *   cluster has rows in both arms or in two blocks; 'causal.one_cluster' when an arm has no cluster
 */
export function readTwoArms(data: Columns, spec: TwoArms): TwoArmDesign {
  const arms = new Arms(spec.treatment, spec.arms)
  const codes = arms.of(data)
  const n = codes.length
  const counts = [0, 0]
  for (let i = 0; i < n; i++) counts[codes[i]!]! += 1
  for (const [arm, label] of arms.labels.entries()) if (counts[arm] === 0) throw fault.one_arm({ treatment: spec.treatment, arm: String(label) })
  const read = (name: string | undefined): readonly [Int32Array | undefined, number] => {
    if (name === undefined) return [undefined, 0]
    if (column(data, name).length !== n) throw new TypeError(`Column "${name}" has another number of rows than "${spec.treatment}".`)
    const labels = new Codes()
    return [labels.codesOf(data, name), labels.size]
  }
  const [block, blockCount] = read(spec.blocks)
  const [cluster, clusterCount] = read(spec.clusters)
  if (cluster !== undefined) {
    const cell = new Int32Array(clusterCount).fill(-1)
    for (let i = 0; i < n; i++) {
      const here = 2 * (block?.[i] ?? 0) + codes[i]!
      const known = cell[cluster[i]!]!
      if (known >= 0 && known !== here) throw fault.cluster_split({ cluster: String(column(data, spec.clusters!)[i]) })
      cell[cluster[i]!] = here
    }
  }
  return { n, arm: Uint8Array.from(codes), block: block ?? new Int32Array(n), blockCount: block === undefined ? 1 : blockCount, cluster, clusterCount, term: arms.term(1) }
}

/** A column of numbers without gaps, of n rows. */
export function finiteColumn(data: Columns, name: string, n: number): Float64Array {
  const values = numbers(data, name)
  if (values.length !== n) throw new TypeError(`Column "${name}" has ${values.length} rows, the treatment has ${n}.`)
  requireFinite(values, name)
  return values
}

/** A column of 0 and 1. */
export function marks(data: Columns, name: string, n: number): Uint8Array {
  const values = finiteColumn(data, name, n)
  const other = values.findIndex((v) => v !== 0 && v !== 1)
  if (other >= 0) throw fault.not_zero_one({ column: name, row: other + 1, value: values[other]! })
  return Uint8Array.from(values)
}
