/**
 * The causal forest beside R's grf, on the same numbers in the same run where R has grf; else beside grf's figures from another run of such a machine.
 *
 *     node bench/forest.ts [--only 'CASE;CASE'] [--laps N] [--without-grf]
 *
 * `few`: 20 columns as in a cohort of learners, 15 of two values and five of 6 to 48, an outcome of 0 and 1, a fair draw. `continuous`: the two designs of
 * ../shared/research/forest.md, section 3: D1 with 10 uniform columns and smooth effects, D2 with 20, effects in steps and a treatment that leans on one of them.
 * Each fit is a process of its own, ours with `laurel/causal` as it is packed, in JavaScript; seconds are those of coding, the forests for outcome and treatment, the forest of effects with variances, and the average
 * effect. Starting the process and reading the file are left out on both sides; peak memory is the whole process's. grf with its defaults, little bags
 * included; of its variances nothing is asked, since it makes them in a pass of its own. `known`: the draw's share is given. Medians of the laps: three up to
 * 10,000 rows, one beyond, where --laps does not say.
 * At 200,000 and 800,000 rows grf would take an hour or does not fit, so only Laurel is run there: at 800,000 with at most 50,000 rows a tree.
 */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { generator } from '#kernel/numeric'
import { buildCausal } from '../scripts/build-causal.ts'

interface Case {
  readonly name: string
  readonly kind: 'few' | 'd1' | 'd2'
  readonly rows: number
  readonly trees: number
  readonly threads: number
  readonly known: boolean
  /** Whether grf is run too. */
  readonly beside: boolean
  readonly sampleCap?: number
}

const cases: readonly Case[] = [
  { name: 'few 10,000', kind: 'few', rows: 10_000, trees: 2000, threads: 2, known: false, beside: true },
  { name: 'few 10,000 known', kind: 'few', rows: 10_000, trees: 2000, threads: 2, known: true, beside: true },
  { name: 'continuous D1 4,000', kind: 'd1', rows: 4000, trees: 500, threads: 1, known: false, beside: true },
  { name: 'continuous D1 4,000 of 2,000 trees', kind: 'd1', rows: 4000, trees: 2000, threads: 2, known: false, beside: true },
  { name: 'continuous D2 4,000', kind: 'd2', rows: 4000, trees: 500, threads: 1, known: false, beside: true },
  { name: 'few 40,000 of 200 trees', kind: 'few', rows: 40_000, trees: 200, threads: 2, known: false, beside: true },
  { name: 'few 40,000', kind: 'few', rows: 40_000, trees: 2000, threads: 2, known: false, beside: true },
  { name: 'few 40,000 known', kind: 'few', rows: 40_000, trees: 2000, threads: 2, known: true, beside: false },
  { name: 'few 200,000', kind: 'few', rows: 200_000, trees: 2000, threads: 2, known: false, beside: false },
  { name: 'few 800,000', kind: 'few', rows: 800_000, trees: 500, threads: 2, known: false, beside: false, sampleCap: 50_000 },
]

/** grf 2.6.1 on two idle cores of 2.6 GHz (../shared/research/forest.md, section 1; causal.md, section 5). At 200,000 rows it had 200 trees. */
const elsewhere: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'few 10,000': { seconds: 27.4, cpu_seconds: 51.5, peak_mb: 849 },
  'few 10,000 known': { seconds: 22.0, cpu_seconds: 41.3, peak_mb: 714 },
  'few 40,000': { seconds: 146.4, cpu_seconds: 278, peak_mb: 2976 },
  'few 200,000': { trees: 200, seconds: 97.7, cpu_seconds: 188, peak_mb: 1715 },
  'continuous D1 4,000': { cpu_seconds: 3.66 },
  'continuous D2 4,000': { cpu_seconds: 6.72 },
}

const widths: Readonly<Record<Case['kind'], number>> = { few: 20, d1: 10, d2: 20 }

/** Column after column: outcome, treatment, covariates. */
function drawn(kind: Case['kind'], n: number): readonly Float64Array[] {
  const g = generator(1, 'forest bench', kind, n)
  const p = widths[kind]
  const x = Array.from({ length: p }, (_, j) => Float64Array.from({ length: n }, () => (kind === 'few' ? g.below(j < 15 ? 2 : [6, 12, 24, 36, 48][j - 15]!) : g.uniform())))
  const step = (u: number): number => 1 + 1 / (1 + Math.exp(-20 * (u - 1 / 3)))
  const share = (i: number): number => (kind === 'd2' ? 0.25 + 0.5 * x[2]![i]! : 0.5)
  const effect = (i: number): number => (kind === 'd1' ? step(x[0]![i]!) * step(x[1]![i]!) : kind === 'd2' ? (x[0]![i]! > 0.5 ? 1 : 0) + (x[1]![i]! > 0.7 ? 1 : 0) : 0.01 + 0.003 * x[0]![i]!)
  const w = Float64Array.from({ length: n }, (_, i) => (g.uniform() < share(i) ? 1 : 0))
  const y = Float64Array.from({ length: n }, (_, i) => {
    const about = w[i]! * effect(i)
    if (kind === 'few') return g.uniform() < 0.1 + 0.05 * x[0]![i]! + 0.002 * x[19]![i]! + about ? 1 : 0
    return about + (kind === 'd2' ? 2 * x[2]![i]! - 1 : 0) + g.normal()
  })
  return [y, w, ...x]
}

/** One fit of ours, in a process of its own. */
const fit = `
const [, , file, words, door] = process.argv
const { averageEffect, causalForest } = await import(door)
const { rows, p, trees, threads, known, sampleCap } = JSON.parse(words)
const { readFileSync } = await import('node:fs')
let bytes = readFileSync(file)
const column = (j) => new Float64Array(bytes.buffer.slice(bytes.byteOffset + 8 * j * rows, bytes.byteOffset + 8 * (j + 1) * rows))
const covariates = Array.from({ length: p }, (_, j) => 'x' + (j + 1))
const data = { y: column(0), w: column(1), ...Object.fromEntries(covariates.map((name, j) => [name, column(j + 2)])) }
bytes = undefined
const cpu = process.cpuUsage()
const start = performance.now()
const forest = await causalForest(data, { outcome: 'y', treatment: 'w', covariates, numTrees: trees, numThreads: threads, ...(known ? { wHat: 0.5 } : {}), ...(sampleCap === undefined ? {} : { sampleCap }) })
const { estimate, std_error } = averageEffect(forest)
const { user, system } = process.cpuUsage(cpu)
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, cpu_seconds: (user + system) / 1e6, peak_mb: process.resourceUsage().maxRSS / 1024, estimate, std_error }))
`

/** The same in R. */
const script = `
suppressMessages(library(grf))
words <- commandArgs(TRUE)
n <- as.integer(words[2]); p <- as.integer(words[3])
m <- matrix(readBin(words[1], "double", n * (p + 2)), n)
X <- m[, -(1:2)]; Y <- m[, 1]; W <- m[, 2]
rm(m)
before <- proc.time()
forest <- causal_forest(X, Y, W, W.hat = if (words[6] == "true") 0.5 else NULL, num.trees = as.integer(words[4]), num.threads = as.integer(words[5]), seed = 100000)
ate <- average_treatment_effect(forest)
taken <- proc.time() - before
status <- if (file.exists("/proc/self/status")) readLines("/proc/self/status") else "VmHWM: NA kB"
peak <- as.numeric(gsub("[^0-9]", "", grep("^VmHWM", status, value = TRUE))) / 1024
cat(sprintf('{"seconds":%f,"cpu_seconds":%f,"peak_mb":%f,"estimate":%.10g,"std_error":%.10g}\\n', taken[["elapsed"]], taken[["user.self"]] + taken[["sys.self"]], peak, ate[["estimate"]], ate[["std.err"]]))
`

type Measured = Readonly<Record<'seconds' | 'cpu_seconds' | 'peak_mb' | 'estimate' | 'std_error', number>>

async function timed(program: string, words: readonly string[]): Promise<Measured> {
  const { stdout } = await promisify(execFile)(program, words, { maxBuffer: 2 ** 26, env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'laurel-forest-cache') } })
  return JSON.parse(stdout) as Measured
}

const rounded = (value: number): number => Number(value.toPrecision(4))
const median = (laps: readonly Measured[], key: keyof Measured): number => rounded(laps.map((lap) => lap[key]).toSorted((a, b) => a - b)[laps.length >> 1]!)
const summary = (laps: readonly Measured[]): Record<keyof Measured, number> => ({ seconds: median(laps, 'seconds'), cpu_seconds: median(laps, 'cpu_seconds'), peak_mb: median(laps, 'peak_mb'), estimate: median(laps, 'estimate'), std_error: median(laps, 'std_error') })

async function compare(only: string, given: string | undefined, withGrf: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-forest-'))
  try {
    const [file, program, own] = [join(folder, 'columns.bin'), join(folder, 'forest.R'), join(folder, 'forest.mjs')]
    writeFileSync(program, script)
    writeFileSync(own, fit)
    const built = join(import.meta.dirname, '../dist/kernel')
    buildCausal(built)
    const door = pathToFileURL(join(built, 'causal/index.js')).href
    const found = spawnSync('Rscript', ['-e', 'cat(R.version$major, R.version$minor, as.character(packageVersion("grf")))'], { encoding: 'utf8' })
    const software = found.status === 0 ? found.stdout.trim().split(' ') : undefined
    const out: Record<string, object> = {}
    const fits: Record<string, Record<keyof Measured, number>> = {}
    let grfDefault: Record<keyof Measured, number> | undefined
    for (const one of cases.filter(({ name }) => only === '' || only.split(';').includes(name))) {
      const columns = drawn(one.kind, one.rows)
      writeFileSync(file, Buffer.concat(columns.map((values) => new Uint8Array(values.buffer))))
      const [mine, theirs]: [Measured[], Measured[]] = [[], []]
      const laps = given === undefined ? (one.rows <= 10_000 ? 3 : 1) : Number(given)
      for (let lap = 0; lap < laps; lap++) {
        if (one.beside && withGrf && software !== undefined) theirs.push(await timed('Rscript', [program, file, String(one.rows), String(columns.length - 2), String(one.trees), String(one.threads), String(one.known)]))
        mine.push(await timed(process.execPath, [own, file, JSON.stringify({ ...one, p: widths[one.kind] }), door]))
      }
      const laurel = summary(mine)
      fits[one.name] = laurel
      const grf = theirs.length > 0 ? summary(theirs) : undefined
      const figures = elsewhere[one.name]
      // The forest of the treatment is what a known draw saves, so that both of grf's times stand beside ours.
      if (!one.known) grfDefault = grf
      const times = (of: Record<keyof Measured, number>): object => ({ seconds: rounded(of.seconds / laurel.seconds), cpu_seconds: rounded(of.cpu_seconds / laurel.cpu_seconds), peak_mb: rounded(of.peak_mb / laurel.peak_mb) })
      out[one.name] = {
        rows: one.rows,
        columns: columns.length - 2,
        trees: one.trees,
        threads: one.threads,
        laps,
        ...(one.sampleCap === undefined ? {} : { rows_a_tree_at_most: one.sampleCap }),
        laurel,
        ...(grf === undefined ? {} : { grf, times_less: times(grf), average_apart_in_errors: rounded((laurel.estimate - grf.estimate) / grf.std_error), ratio_of_errors: rounded(laurel.std_error / grf.std_error) }),
        ...(one.known && grfDefault !== undefined ? { times_less_than_grf_that_is_not_told: times(grfDefault) } : {}),
        ...(figures === undefined ? {} : { grf_elsewhere: { ...figures, measured_in_this_run: false } }),
      }
    }
    const perRow = (name: string): number | undefined => fits[name]?.cpu_seconds
    const [ten, forty, many] = [perRow('few 10,000'), perRow('few 40,000'), perRow('few 200,000')]
    const power = (a: number | undefined, b: number | undefined, times: number): number | undefined => (a === undefined || b === undefined ? undefined : rounded(Math.log(b / a) / Math.log(times)))
    const nLogN = (n: number, times: number, leaf = 1): number => rounded(Math.log(times * (Math.log((n * times) / leaf) / Math.log(n / leaf))) / Math.log(times))
    // A tree is grown by a quarter of the rows, down to leaves of some ten.
    const depth = 40
    console.log(
      JSON.stringify({
        peer: software === undefined || !withGrf ? 'grf was not run: Rscript with it is not installed here, or --without-grf was said' : { r: `${software[0]}.${software[1]}`, grf: software[2] },
        cases: out,
        growth: {
          meaning: 'k where CPU seconds grow as rows^k; what n log n would be, and n times the depth of a balanced tree, which ends at leaves of ten rows however many there are',
          from_10000_to_40000: power(ten, forty, 4),
          n_log_n_there: nLogN(10_000, 4),
          n_times_depth_there: nLogN(10_000, 4, depth),
          from_40000_to_200000: power(forty, many, 5),
          n_log_n_then: nLogN(40_000, 5),
          n_times_depth_then: nLogN(40_000, 5, depth),
        },
      }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, laps: { type: 'string' }, 'without-grf': { type: 'boolean', default: false } } })
await compare(values.only, values.laps, !values['without-grf'])
