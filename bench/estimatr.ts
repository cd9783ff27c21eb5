/**
 * Laurel beside R's estimatr, on the same file in the same run: 800,000 rows, 20 covariates with few values each, 400 clusters.
 *
 *     node bench/estimatr.ts [rows, default 800000] [laps, default 3]
 *
 * `models`: reading the columns that a model needs from the CSV file, and the model; a process each, R and Laurel in turn, the median of the laps. R reads by
 * data.table's fread on all cores, or by read.csv where data.table is not installed; what read.csv takes stands beside it. Starting a process and loading packages is left out on both sides.
 * `together`: all columns read once and the four models after one another; the whole process, start and all.
 * `command`: `./laurel analyze`, the whole process, which also tests balance and looks for forgotten clusters, as R does not.
 * CR2 is run on the first quarter of the rows, once by R, which needs long. Where Rscript or estimatr is missing only Laurel's side is there, and a note.
 * The estimates of both sides have to agree to nine digits.
 */
import { execFile, spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { generator } from '#kernel/numeric'

const covariates = Array.from({ length: 20 }, (_, j) => `x${j + 1}`)
const models = ['difference_in_means', 'lm_lin_hc2', 'iv_robust_hc2', 'lm_robust_stata'] as const
type Model = (typeof models)[number] | 'lm_robust_cr2'

const columnsOf: Readonly<Record<Model, readonly string[]>> = {
  difference_in_means: ['y', 'z'],
  lm_lin_hc2: ['y', 'z', ...covariates],
  iv_robust_hc2: ['y', 'z', 'd', ...covariates],
  lm_robust_stata: ['y', 'z', 'g', ...covariates],
  lm_robust_cr2: ['y', 'z', 'g', ...covariates],
}

interface Measured {
  readonly seconds: number
  readonly cpu_seconds: number
  readonly peak_mb: number
  readonly estimates: readonly (readonly [estimate: number, error: number])[]
}

/** One process of ours: reads, estimates, says how long that took. */
async function ours(file: string, wanted: readonly Model[]): Promise<void> {
  const { differenceInMeans, ivRobust, lmLin, lmRobust } = await import('#kernel/causal')
  const { fileSource, readTable } = await import('#interfaces/cli')
  const cpu = process.cpuUsage()
  const start = performance.now()
  const columns = [...new Set(wanted.flatMap((model) => columnsOf[model]))]
  const table = await readTable(fileSource(file), () => ({ columns, treatment: 'z' }))
  const data = Object.fromEntries([...table.columns.values()].map((column) => [column.name, column.kind === 'number' ? column.values : new Float64Array(0)]))
  const estimates = wanted.map((model) => {
    switch (model) {
      case 'difference_in_means':
        return differenceInMeans(data, { outcome: 'y', treatment: 'z' })
      case 'lm_lin_hc2':
        return lmLin(data, { outcome: 'y', treatment: 'z', covariates }).estimates[1]!
      case 'iv_robust_hc2':
        return ivRobust(data, { outcome: 'y', endogenous: ['d'], instruments: ['z'], covariates }).estimates[1]!
      case 'lm_robust_stata':
      case 'lm_robust_cr2':
        return lmRobust(data, { outcome: 'y', terms: ['z', ...covariates], clusters: 'g', seType: model === 'lm_robust_cr2' ? 'CR2' : 'stata' }).estimates[1]!
      default:
        return model satisfies never
    }
  })
  const { user, system } = process.cpuUsage(cpu)
  const whole = process.cpuUsage()
  const measured: Measured & { readonly process_cpu_seconds: number } = {
    seconds: (performance.now() - start) / 1000,
    cpu_seconds: (user + system) / 1e6,
    process_cpu_seconds: (whole.user + whole.system) / 1e6,
    peak_mb: process.resourceUsage().maxRSS / 1024,
    estimates: estimates.map((row) => [row.estimate, row.std_error!]),
  }
  console.log(JSON.stringify(measured))
}

/** The same in R. Peak memory is Linux's own mark; elsewhere it is not known. */
const script = `
fast <- Sys.getenv("LAUREL_READER") != "read.csv" && requireNamespace("data.table", quietly = TRUE)
if (fast) data.table::setDTthreads(0)
suppressMessages(library(estimatr))
words <- commandArgs(TRUE)
covariates <- paste0("x", 1:20)
rhs <- paste(covariates, collapse = " + ")
columns <- function(model) c("y", "z", switch(model, iv_robust_hc2 = "d", lm_robust_stata = "g", lm_robust_cr2 = "g", NULL), if (model != "difference_in_means") covariates)
before <- proc.time()
wanted <- unique(unlist(lapply(words[-1], columns)))
data <- if (fast) as.data.frame(data.table::fread(words[1], select = wanted)) else read.csv(words[1])[wanted]
rows <- sapply(words[-1], function(model) {
  fit <- switch(model,
    difference_in_means = difference_in_means(y ~ z, data),
    lm_lin_hc2 = lm_lin(y ~ z, as.formula(paste("~", rhs)), data, se_type = "HC2"),
    iv_robust_hc2 = iv_robust(as.formula(paste("y ~ d +", rhs, "| z +", rhs)), data, se_type = "HC2"),
    lm_robust_stata = lm_robust(as.formula(paste("y ~ z +", rhs)), data, clusters = g, se_type = "stata"),
    lm_robust_cr2 = lm_robust(as.formula(paste("y ~ z +", rhs)), data, clusters = g, se_type = "CR2"))
  at <- if (model == "difference_in_means") 1 else 2
  sprintf("[%.17g,%.17g]", fit$coefficients[at], fit$std.error[at])
})
taken <- proc.time() - before
all <- proc.time()
status <- if (file.exists("/proc/self/status")) readLines("/proc/self/status") else "VmHWM: NA kB"
peak <- as.numeric(gsub("[^0-9]", "", grep("^VmHWM", status, value = TRUE))) / 1024
cat(sprintf('{"seconds":%f,"cpu_seconds":%f,"process_cpu_seconds":%f,"peak_mb":%f,"reader":"%s","estimates":[%s]}\\n', taken[["elapsed"]], taken[["user.self"]] + taken[["sys.self"]], all[["user.self"]] + all[["sys.self"]], peak, if (fast) "data.table::fread" else "read.csv", paste(rows, collapse = ",")))
`

async function compare(rows: number, laps: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-estimatr-'))
  try {
    const [file, quarter, program] = [join(folder, 'cohort.csv'), join(folder, 'quarter.csv'), join(folder, 'models.R')]
    await writeCohort(file, rows)
    await writeCohort(quarter, Math.ceil(rows / 4))
    writeFileSync(program, script)
    const found = spawnSync('Rscript', ['-e', 'cat(R.version$major, R.version$minor, as.character(packageVersion("estimatr")))'], { encoding: 'utf8' })
    const software = found.status === 0 ? found.stdout.trim().split(' ') : undefined
    let reader: string | undefined
    const r = async (path: string, ...wanted: Model[]) => {
      const one = await timed('Rscript', [program, path, ...wanted])
      reader = one['reader'] as string
      return one
    }
    const laurel = (path: string, ...wanted: Model[]) => timed(process.execPath, [import.meta.filename, '--ours', path, ...wanted])
    const beside = async (path: string, wanted: readonly Model[], lapsOfR = laps) => {
      const [theirs, own]: [Timed[], Timed[]] = [[], []]
      for (let lap = 0; lap < laps; lap++) {
        if (software !== undefined && lap < lapsOfR) theirs.push(await r(path, ...wanted))
        own.push(await laurel(path, ...wanted))
      }
      if (theirs[0] !== undefined) agree(own[0]!, theirs[0])
      return { own, theirs }
    }
    const byModel: Record<string, object> = {}
    for (const model of models) {
      const { own, theirs } = await beside(file, [model])
      byModel[model] = row(own, theirs, ['seconds', 'cpu_seconds'])
    }
    const cr2 = await beside(quarter, ['lm_robust_cr2'], 1)
    byModel['lm_robust_cr2_quarter_of_rows'] = row(cr2.own, cr2.theirs, ['seconds', 'cpu_seconds'])
    // What a user without data.table waits for; once, since it takes long.
    const plain = software === undefined ? undefined : await timed('Rscript', [program, file, 'difference_in_means'], { LAUREL_READER: 'read.csv' })
    const all = await beside(file, models)
    const command = await commands(file, laps)
    console.log(
      JSON.stringify({
        rows,
        covariates: covariates.length,
        clusters: 400,
        laps,
        file_mb: Number((statSync(file).size / 1e6).toFixed(1)),
        peer: software === undefined ? 'Rscript with estimatr is not installed here; only Laurel was run' : { r: `${software[0]}.${software[1]}`, estimatr: software[2], reader },
        models: byModel,
        ...(plain === undefined ? {} : { difference_in_means_by_read_csv: { seconds: plain['seconds'], cpu_seconds: plain['cpu_seconds'] } }),
        together: row(all.own, all.theirs, ['process_seconds', 'process_cpu_seconds']),
        command,
      }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

type Timed = Readonly<Record<string, unknown>>

async function timed(program: string, words: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<Timed> {
  const start = performance.now()
  const { stdout } = await promisify(execFile)(program, words, { maxBuffer: 2 ** 26, env: { ...process.env, ...settings, NODE_COMPILE_CACHE: join(tmpdir(), 'laurel-estimatr-cache') } })
  return { ...(JSON.parse(stdout) as object), process_seconds: (performance.now() - start) / 1000 }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
const rounded = (value: number): number => Number(value.toPrecision(4))

function row(own: readonly Timed[], theirs: readonly Timed[], keys: readonly string[]): object {
  const of = (laps: readonly Timed[]) => Object.fromEntries([...keys, 'peak_mb'].map((key) => [key, rounded(median(laps.map((lap) => lap[key] as number)))]))
  const [laurel, estimatr] = [of(own), of(theirs)]
  return theirs.length === 0 ? { laurel } : { laurel, estimatr, times_faster: Object.fromEntries(keys.map((key) => [key, rounded(estimatr[key]! / laurel[key]!)])) }
}

function agree(own: Timed, theirs: Timed): void {
  for (const [at, [estimate, error]] of (own['estimates'] as [number, number][]).entries()) {
    const [b, se] = (theirs['estimates'] as [number, number][])[at]!
    if (Math.abs(estimate - b) > 1e-9 * Math.abs(b) || Math.abs(error - se) > 1e-9 * se) throw new Error(`Laurel says ${estimate} (${error}), estimatr ${b} (${se}).`)
  }
}

/** The command itself; what it used is written down by a line that its process runs at the end. */
async function commands(file: string, laps: number): Promise<object> {
  const note = `${file}.usage`
  const watch = `import{writeFileSync}from'node:fs';process.on('exit',()=>{const{userCPUTime:u,systemCPUTime:s,maxRSS:m}=process.resourceUsage();writeFileSync(${JSON.stringify(note)},JSON.stringify({cpu_seconds:(u+s)/1e6,peak_mb:m/1024}))})`
  const shared = ['--outcome', 'y', '--treatment', 'z', '--json']
  const orders: Readonly<Record<string, readonly string[]>> = {
    difference_in_means: ['--estimators', 'difference_in_means'],
    lm_lin_hc2: ['--estimators', 'lm_lin', '--covariates', covariates.join(','), '--se', 'HC2'],
    chosen_by_the_design: ['--covariates', covariates.join(','), '--take-up', 'd'],
  }
  const out: Record<string, object> = {}
  for (const [name, words] of Object.entries(orders)) {
    const runs: Timed[] = []
    for (let lap = 0; lap < laps; lap++) {
      const start = performance.now()
      await promisify(execFile)(process.execPath, [`--import=data:text/javascript,${encodeURIComponent(watch)}`, join(import.meta.dirname, '../src/main.ts'), 'analyze', file, ...shared, ...words], { maxBuffer: 2 ** 26 })
      runs.push({ ...(JSON.parse(readFileSync(note, 'utf8')) as object), seconds: (performance.now() - start) / 1000 })
    }
    out[name] = row(runs, [], ['seconds', 'cpu_seconds'])
  }
  return out
}

async function writeCohort(file: string, rows: number): Promise<void> {
  const g = generator(1, 'cohort')
  const to = createWriteStream(file)
  let text = `y,z,d,g,${covariates.join(',')}\n`
  for (let i = 0; i < rows; i++) {
    const values: number[] = []
    let index = 0
    for (let j = 0; j < covariates.length; j++) {
      const values48 = j % 2 === 0 ? 2 : 48
      const value = g.below(values48)
      values.push(value)
      index += value / (values48 === 2 ? 1 : 48)
    }
    const cluster = g.below(400)
    const z = g.below(2)
    const d = g.uniform() < 0.1 + 0.3 * z + 0.01 * index ? 1 : 0
    const y = g.uniform() < 0.1 + 0.01 * index + 0.03 * d + (cluster % 10) / 100 ? 1 : 0
    text += `${y},${z},${d},${cluster},${values.join(',')}\n`
    if (text.length > 1 << 20) {
      if (!to.write(text)) await once(to, 'drain')
      text = ''
    }
  }
  to.end(text)
  await once(to, 'finish')
}

if (process.argv[2] === '--ours') await ours(process.argv[3]!, process.argv.slice(4) as Model[])
else await compare(Number(process.argv[2] ?? 800_000), Number(process.argv[3] ?? 3))
