/**
 * How long the exact search for a policy tree of depth 2 takes.
 *
 *     node bench/policy-tree.ts
 *
 * 20 covariates: 15 of two values and five of 6 to 48 as in a cohort of learners, or 20 continuous ones in 255 codes. Seconds are the median of three laps of
 * the whole call, coding included. Beside them what R's policytree 1.2.5 needed on another run of such a machine (../shared/research/forest.md, section 7).
 */
import { policyTree } from '#kernel/causal'
import { generator } from '#kernel/numeric'

const elsewhere: { readonly [rows: number]: number } = { 10_000: 8.2, 40_000: 200 }
const covariates = Array.from({ length: 20 }, (_, j) => `x${j + 1}`)

for (const kind of ['few values', 'continuous'] as const) {
  for (const rows of [10_000, 40_000, 200_000]) {
    const g = generator(1, 'policy-tree', rows)
    const column = (draw: () => number): Float64Array => Float64Array.from({ length: rows }, draw)
    const data = {
      none: new Float64Array(rows),
      nudge: column(() => g.normal()),
      ...Object.fromEntries(covariates.map((name, j) => [name, column(() => (kind === 'continuous' ? g.uniform() : g.below(j < 15 ? 2 : [6, 12, 24, 36, 48][j - 15]!)))])),
    }
    const laps = Array.from({ length: 3 }, () => {
      const start = performance.now()
      const cpu = process.cpuUsage()
      const { learnedValue } = policyTree(data, { scores: ['none', 'nudge'], covariates, depth: 2 })
      const { user, system } = process.cpuUsage(cpu)
      return { seconds: (performance.now() - start) / 1000, cpu_seconds: (user + system) / 1e6, learnedValue }
    }).toSorted((a, b) => a.seconds - b.seconds)
    const { seconds, cpu_seconds, learnedValue } = laps[1]!
    const theirs = kind === 'few values' ? elsewhere[rows] : undefined
    console.log(JSON.stringify({ bench: 'policy-tree', kind, rows, covariates: 20, depth: 2, seconds, cpu_seconds, value: learnedValue, ...(theirs === undefined ? {} : { policytree_seconds: theirs, measured_in_this_run: false }) }))
  }
}
