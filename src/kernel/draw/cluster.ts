import { type Arm, type ArmDraw, checkArms } from './arm.ts'
import { bits52, checkId } from './bucket.ts'
import { fault } from './faults.ts'

export interface ClusterDraw extends ArmDraw {
  readonly cluster: string
}

/**
 * Draws arms for a whole list of clusters (courses, classes, schools) at once, so that the arms get their shares of clusters exactly.
 *
 *   order    clusters sorted by bits("cluster", stratum, cluster), as in `bucket` v1
 *   arms     the first ⌊n C_1 + u⌋ go to the first arm, up to ⌊n C_2 + u⌋ to the second, ...; C_j the cumulated shares
 *   u        bits("cluster rounding", stratum): who gets the odd cluster is drawn too, so each has probability w_j / Σ w exactly
 *
 * A pure function of the salt, the stratum and the set of clusters; the order of the list does not matter. Clusters that come one by one,
 * later, are drawn with `bucket({ purpose: 'cluster', unit: cluster })` and `drawArm`, or with `nextInBlock`.
 *
 * @returns one draw per cluster, in the order of the list
 * @throws Fault 'draw.cluster_twice', 'draw.id_not_opaque' and the faults of `drawArm`
 * Pinned by fixtures/draw.
 */
export function drawClusters({ salt, stratum = 'all', clusters, arms }: {
  readonly salt: string
  readonly stratum?: string
  readonly clusters: readonly string[]
  readonly arms: readonly Arm[]
}): readonly ClusterDraw[] {
  checkId('salt', salt)
  checkId('stratum', stratum)
  const total = checkArms(arms)
  const known = new Set<string>()
  const sorted = clusters.map((cluster, place) => {
    checkId('cluster', cluster)
    if (known.has(cluster)) throw fault.cluster_twice({ row: place + 1 })
    known.add(cluster)
    return { place, cluster, key: bits52([salt, 'cluster', stratum, cluster]) }
  })
  sorted.sort((a, b) => a.key - b.key || (a.cluster < b.cluster ? -1 : 1))
  const u = bits52([salt, 'cluster rounding', stratum])
  const draws: ClusterDraw[] = Array.from({ length: clusters.length })
  let sum = 0
  let from = 0
  for (const arm of arms) {
    sum += arm.weight
    const to = sum === total ? clusters.length : Math.floor((clusters.length * sum) / total + u)
    for (; from < to; from++) {
      const { place, cluster } = sorted[from]!
      draws[place] = Object.freeze({ cluster, arm: arm.name, probability: arm.weight / total })
    }
  }
  return Object.freeze(draws)
}
