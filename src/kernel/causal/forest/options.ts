import { generator } from '#kernel/numeric'
import { Codes, column, numbers, requireFinite, type Columns } from '../columns.ts'
import { fault } from '../faults.ts'
import type { CodedColumns } from './codes.ts'
import type { Clusters, Growing } from './growth.ts'

/**
 * How a forest is grown. Names and defaults are grf's (2.6.1); `numThreads`, `exact`, `bins`, `keepTrees`, `sampleCap` and `progress` are our own.
 */
export interface ForestOptions {
  /** 2,000 where absent. */
  readonly numTrees?: number
  /** Share of the rows (or clusters) that a tree draws, without replacement; 0.5 where absent. At most 0.5 with little bags. */
  readonly sampleFraction?: number
  /** Rows that a tree draws at most: what keeps forests on very many rows affordable. No cap where absent. */
  readonly sampleCap?: number
  /** Mean number of columns tried at a node, itself drawn from a Poisson distribution; min(⌈√p⌉ + 20, p) where absent. */
  readonly mtry?: number
  /** A node of so many rows is not split; in forests of effects a child has as many on either side of the treatment's mean. 5 where absent, as in grf; the product takes `leafSizeFor`. */
  readonly minNodeSize?: number
  /** Whether leaves are estimated by rows that did not choose the splits; true where absent. */
  readonly honesty?: boolean
  /** Share of a tree's rows that choose the splits; 0.5 where absent. */
  readonly honestyFraction?: number
  /** Whether leaves without a row to estimate with are taken out; true where absent. */
  readonly honestyPruneLeaves?: boolean
  /** Least share of a node that either child must have; 0.05 where absent. */
  readonly alpha?: number
  /** Penalty on lopsided splits; 0 where absent. */
  readonly imbalancePenalty?: number
  /** Trees that share a half-sample (a little bag), from which variances are made; 1 makes none. 2 where absent. */
  readonly ciGroupSize?: number
  /** Column of clusters, drawn as a whole. */
  readonly clusters?: string
  /** Whether each drawn cluster gives as many rows as the smallest has, so that clusters, not rows, count alike; false where absent. */
  readonly equalizeClusterWeights?: boolean
  /** Column of weights of the rows, above zero. */
  readonly sampleWeights?: string
  /** The forest's seed; 1 where absent. */
  readonly seed?: number | string
  /** Threads that grow trees; 1 where absent. The result does not depend on it. */
  readonly numThreads?: number
  /** Distinct values up to which a column is not taken in groups; 255 where absent. */
  readonly bins?: number
  /** Splits between any two values, found by sorting: slow, for comparison. */
  readonly exact?: boolean
  /** Whether the trees are kept, for prediction of other rows. */
  readonly keepTrees?: boolean
  /** The covariates, coded before by `codeColumns`, where several forests share them. */
  readonly coded?: CodedColumns
  /** Hears how many trees are grown and how many there will be, the forests for centring included. */
  readonly progress?: (done: number, total: number) => void
}

/**
 * The leaf size of the product: n/80 rows, at least 5.
 *
 * Where effects are as small as those of credentials (standard deviation 0.28 points) leaves of 5 make the error of a single row's effect more than three times what leaves of
 * n/80 do, and the average effect and its error stay the same to the third digit; where effects are large n/80 costs nothing yet and n/40 does. The sweep is in
 * docs/explanation/forest.md. Without it a forest has grf's 5.
 */
export const leafSizeFor = (n: number): number => Math.max(5, Math.round(n / 80))

/** grf's options, filled in and checked against the data. */
export function growingFor(options: ForestOptions, n: number, p: number, clusters: Clusters | undefined): Growing {
  const { numTrees = 2000, mtry = Math.min(Math.ceil(Math.sqrt(p)) + 20, p), minNodeSize = 5, honesty = true, honestyFraction = 0.5, honestyPruneLeaves = true, alpha = 0.05, imbalancePenalty = 0, ciGroupSize = 2 } = options
  const whole = (name: string, value: number, least: number, most: number): void => {
    if (!Number.isSafeInteger(value) || value < least || value > most) throw new TypeError(`${name} must be a whole number from ${least} to ${most}, not ${value}.`)
  }
  const share = (name: string, value: number, least: number, most: number): void => {
    if (!(value >= least && value <= most)) throw new TypeError(`${name} must lie between ${least} and ${most}, not ${value}.`)
  }
  whole('numTrees', numTrees, 1, 100_000)
  whole('ciGroupSize', ciGroupSize, 1, 100)
  whole('minNodeSize', minNodeSize, 1, Number.MAX_SAFE_INTEGER)
  if (!(mtry > 0)) throw new TypeError(`mtry must be above 0, not ${mtry}.`)
  share('sampleFraction', options.sampleFraction ?? 0.5, 1e-9, ciGroupSize > 1 ? 0.5 : 1)
  share('honestyFraction', honestyFraction, 0, 1)
  share('alpha', alpha, 0, 0.25)
  share('imbalancePenalty', imbalancePenalty, 0, Infinity)
  const units = clusters === undefined ? n : clusters.start.length - 1
  let sampleFraction = options.sampleFraction ?? 0.5
  if (options.sampleCap !== undefined) {
    whole('sampleCap', options.sampleCap, 2, Number.MAX_SAFE_INTEGER)
    sampleFraction = Math.min(sampleFraction, options.sampleCap / n)
  }
  const drawn = Math.floor(units * sampleFraction)
  const grown = honesty ? Math.ceil(drawn * honestyFraction) : drawn
  if (grown < 1 || (honesty && drawn - grown < 1)) throw fault.too_few({ n: units, needed: Math.ceil(2 / sampleFraction) })
  // Whole groups only: a last one that is not full would say nothing about variances.
  return { numTrees: Math.ceil(numTrees / ciGroupSize) * ciGroupSize, sampleFraction, mtry, minNodeSize, honesty, honestyFraction, honestyPruneLeaves, alpha, imbalancePenalty, ciGroupSize }
}

/** @throws Fault 'causal.one_cluster', and those of columns */
export function readClusters(data: Columns, { clusters: name, equalizeClusterWeights = false, sampleWeights }: ForestOptions, n: number): Clusters | undefined {
  if (name === undefined) return undefined
  if (equalizeClusterWeights && sampleWeights !== undefined) throw new TypeError('Clusters of equal weight have no weights of rows.')
  const labels = new Codes()
  const of = labels.codesOf(data, name)
  if (of.length !== n) throw new TypeError(`Column "${name}" has ${of.length} rows, the covariates have ${n}.`)
  if (labels.size < 2) throw fault.one_cluster({ cluster: name })
  const start = new Int32Array(labels.size + 1)
  for (let i = 0; i < n; i++) start[of[i]! + 1]! += 1
  let rowsEach = equalizeClusterWeights ? n : 0
  for (let c = 0; c < labels.size; c++) {
    rowsEach = equalizeClusterWeights ? Math.min(rowsEach, start[c + 1]!) : Math.max(rowsEach, start[c + 1]!)
    start[c + 1]! += start[c]!
  }
  const next = start.slice()
  const members = new Int32Array(n)
  for (let i = 0; i < n; i++) members[next[of[i]!]!++] = i
  return { of, start, members, rowsEach }
}

/** @throws Fault 'causal.weight_not_positive', and those of columns */
export function readWeights(data: Columns, { sampleWeights: name }: ForestOptions, n: number): Float64Array | undefined {
  if (name === undefined) return undefined
  const weights = numbers(data, name)
  if (weights.length !== n) throw new TypeError(`Column "${name}" has ${weights.length} rows, the covariates have ${n}.`)
  requireFinite(weights, name)
  const refused = weights.findIndex((g) => !(g > 0))
  if (refused >= 0) throw fault.weight_not_positive({ column: name, row: refused + 1, value: weights[refused]! })
  return weights
}

/** A column of numbers that every row has. @throws Fault 'causal.not_finite' with the row, 'causal.not_numbers', 'causal.no_column' */
export function completeColumn(data: Columns, name: string, n: number): Float64Array {
  if (column(data, name).length !== n) throw new TypeError(`Column "${name}" has another number of rows than the covariates, ${n}.`)
  const values = numbers(data, name)
  requireFinite(values, name)
  return values
}

/** Four words of state for each group, by the forest's name: the same whatever else is grown beside it. */
export function groupSeeds(seed: number | string, forest: string, groups: number): Int32Array {
  const words = new Int32Array(4 * groups)
  const parent = generator(seed, 'forest', forest)
  for (let g = 0; g < groups; g++) {
    const stream = parent.split(g)
    for (let k = 0; k < 4; k++) words[4 * g + k] = stream.word()
    if ((words[4 * g]! | words[4 * g + 1]! | words[4 * g + 2]! | words[4 * g + 3]!) === 0) words[4 * g] = 1
  }
  return words
}
