/**
 * How fast the regression family is, at the size of the study that Laurel rebuilds.
 *
 *     node bench/regression.ts [rows, default 800000]
 *
 * 20 covariates with few values each, 400 clusters, take-up that the draw moves. Seconds are the median of three laps, data in memory; R's estimatr
 * (../shared/research/causal.md, section 5, on another run of such a machine) needed 0.71, 6.64, 4.14 and 1.81 s for the first four at 800,000
 * rows, and 20.6 s for CR2 at 200,000. `streamed` makes the rows chunk by chunk and never holds them; `streamed_peak_mb` is the memory of the whole process by then.
 */
import { differenceInMeans, ivRobust, lmLin, lmLinPasses, lmRobust, type Columns } from '#kernel/causal'
import { generator } from '#kernel/numeric'

const rows = Number(process.argv[2] ?? 800_000)
const chunkRows = 50_000
const covariates = Array.from({ length: 20 }, (_, j) => `x${j + 1}`)
const names = ['y', 'z', 'd', 'g', ...covariates]

/** The same rows for the same place, whatever the chunk before it was. */
function chunk(from: number, count: number): Record<string, Float64Array> {
  const g = generator(1, 'regression', from)
  const out = Object.fromEntries(names.map((name) => [name, new Float64Array(count)]))
  const columns = covariates.map((name) => out[name]!)
  for (let i = 0; i < count; i++) {
    let index = 0
    for (let j = 0; j < 20; j++) index += (columns[j]![i] = g.below(j % 2 === 0 ? 2 : 48)) / (j % 2 === 0 ? 1 : 48)
    const cluster = g.below(400)
    const z = g.below(2)
    const d = g.uniform() < 0.1 + 0.3 * z + 0.01 * index ? 1 : 0
    out['z']![i] = z
    out['d']![i] = d
    out['g']![i] = cluster
    out['y']![i] = g.uniform() < 0.1 + 0.01 * index + 0.03 * d + (cluster % 10) / 100 ? 1 : 0
  }
  return out
}

function seconds<T>(work: () => T): { readonly seconds: number; readonly value: T } {
  const laps = Array.from({ length: 3 }, () => {
    const start = performance.now()
    const value = work()
    return { seconds: (performance.now() - start) / 1000, value }
  })
  return laps.sort((a, b) => a.seconds - b.seconds)[1]!
}

const start = performance.now()
const passes = lmLinPasses({ outcome: 'y', treatment: 'z', covariates })
let making = 0
do {
  for (let from = 0; from < rows; from += chunkRows) {
    const before = performance.now()
    const part = chunk(from, Math.min(chunkRows, rows - from))
    making += performance.now() - before
    passes.add(part)
  }
} while (passes.next())
const streamed = (performance.now() - start - making) / 1000
const streamedPeak = process.resourceUsage().maxRSS / 1024
const streamedRow = passes.result().estimates[1]!

const data: Record<string, Float64Array> = Object.fromEntries(names.map((name) => [name, new Float64Array(rows)]))
for (let from = 0; from < rows; from += chunkRows) {
  const part = chunk(from, Math.min(chunkRows, rows - from))
  for (const name of names) data[name]!.set(part[name]!, from)
}
const quarter: Columns = Object.fromEntries(names.map((name) => [name, data[name]!.subarray(0, Math.min(200_000, rows))]))

const difference = seconds(() => differenceInMeans(data, { outcome: 'y', treatment: 'z' }))
const lin = seconds(() => lmLin(data, { outcome: 'y', treatment: 'z', covariates }).estimates[1]!)
const iv = seconds(() => ivRobust(data, { outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates }).estimates[1]!)
const stata = seconds(() => lmRobust(data, { outcome: 'y', terms: ['z', ...covariates], clusters: 'g', seType: 'stata' }).estimates[1]!)
const cr2 = seconds(() => lmRobust(quarter, { outcome: 'y', terms: ['z', ...covariates], clusters: 'g', seType: 'CR2' }).estimates[1]!)
if (streamedRow.estimate !== lin.value.estimate || streamedRow.std_error !== lin.value.std_error) throw new Error('The streamed estimate is not the one from memory.')

const result = (lap: { readonly seconds: number; readonly value: { readonly estimate: number; readonly std_error: number | null } }) => ({
  seconds: Number(lap.seconds.toFixed(3)),
  estimate: lap.value.estimate,
  std_error: lap.value.std_error,
})
console.log(
  JSON.stringify({
    rows,
    covariates: covariates.length,
    difference_in_means: result(difference),
    lm_lin_hc2: result(lin),
    iv_robust_hc2: result(iv),
    lm_robust_stata_400_clusters: result(stata),
    lm_robust_cr2_200000_rows_400_clusters: result(cr2),
    streamed_lm_lin_hc2_seconds: Number(streamed.toFixed(3)),
    streamed_peak_mb: Math.round(streamedPeak),
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
