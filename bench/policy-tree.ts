/**
 * How long the exact search for a policy tree of depth 2 takes.
 *
 *     node bench/policy-tree.ts
 *
 * 20 covariates: 15 of two values and five of 6 to 48 as in a cohort of learners, or 20 continuous ones in 255 codes. Seconds are the median of three laps of
 * the whole call, coding included; `with_least_leaf` asks for 1% of the rows in each leaf, so that rows are counted too. Beside them what R's policytree 1.2.5
 * needed on another run of such a machine (../shared/research/forest.md, section 7).
 */
import { policyTree } from '#kernel/causal'
import { generator } from '#kernel/numeric'

const elsewhere: { readonly [rows: number]: number } = { 10_000: 8.2, 40_000: 200 }
const covariates = Array.from({ length: 20 }, (_, j) => `x${j + 1}`)

function timed(data: Record<string, Float64Array>, minLeaf: number) {
  const laps = Array.from({ length: 3 }, () => {
    const start = performance.now()
    const cpu = process.cpuUsage()
    const { learnedValue } = policyTree(data, { scores: ['none', 'nudge'], covariates, depth: 2, minLeaf })
    const { user, system } = process.cpuUsage(cpu)
    return { seconds: Number(((performance.now() - start) / 1000).toFixed(3)), cpu_seconds: Number(((user + system) / 1e6).toFixed(3)), value: learnedValue }
  })
  return laps.toSorted((a, b) => a.seconds - b.seconds)[1]!
}

const trials = (['few values', 'continuous'] as const).flatMap((kind) =>
  [10_000, 40_000, 200_000].map((rows) => {
    const g = generator(1, 'policy-tree', rows)
    const column = (draw: () => number): Float64Array => Float64Array.from({ length: rows }, draw)
    const data = {
      none: new Float64Array(rows),
      nudge: column(() => g.normal()),
      ...Object.fromEntries(covariates.map((name, j) => [name, column(() => (kind === 'continuous' ? g.uniform() : g.below(j < 15 ? 2 : [6, 12, 24, 36, 48][j - 15]!)))])),
    }
    const theirs = kind === 'few values' ? elsewhere[rows] : undefined
    const { value, ...time } = timed(data, 1)
    const { value: leastValue, ...leastTime } = timed(data, rows / 100)
    return { kind, rows, ...time, value, with_least_leaf: { ...leastTime, value: leastValue }, ...(theirs === undefined ? {} : { policytree: { seconds: theirs, measured_in_this_run: false } }) }
  }),
)

console.log(JSON.stringify({ covariates: 20, depth: 2, actions: 2, laps: 3, trials }, null, 2))
