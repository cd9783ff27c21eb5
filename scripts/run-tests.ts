/**
 * Finds the test files and runs them, two processes at a time.
 *
 * `x.test.ts` is a pure unit test: all of a room's run in one process. `x.db.test.ts` needs a database; so does everything under test/,
 * where the journey is walked and a browser is driven. Each of these files has a process of its own, and all share one PostgreSQL.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestNote, TestResult } from './test-events.ts'

export const root = fileURLToPath(new URL('..', import.meta.url))

export const kinds = ['browser', 'journey', 'db', 'unit'] as const
export type Kind = (typeof kinds)[number]

/** The files that one process runs. */
export interface Batch {
  readonly kind: Kind
  readonly name: string
  readonly files: readonly string[]
}

export interface BatchOutcome {
  readonly batch: Batch
  readonly results: readonly TestResult[]
  /** What tests said with `t.diagnostic()`. */
  readonly notes: readonly string[]
  readonly seconds: number
  /** What the process printed. */
  readonly printed: string
}

/** No single test takes longer (the year of 40,000 learners in the full run may take 90 s); node:test fails one that does, by name. */
const testMs = 180_000
/** A test process that has said nothing for this long hangs outside its tests and is killed. */
const silenceMs = testMs + 30_000

const kindOf = (file: string): Kind => (file.startsWith('test/browser/') ? 'browser' : file.startsWith('test/') ? 'journey' : file.endsWith('.db.test.ts') ? 'db' : 'unit')

/** The test files in batches, those that took longest the last time first. Paths are relative to the project's root. */
export function batches(wanted: (file: string, kind: Kind) => boolean): readonly Batch[] {
  const files = ['src', 'scripts', 'test', 'clients']
    .flatMap((folder) => testFilesIn(join(root, folder)))
    .filter((file) => wanted(file, kindOf(file)))
    .toSorted()
  const rooms = Map.groupBy(files, (file) => (kindOf(file) === 'unit' ? dirname(file) : file))
  const took = lastTimes()
  // Where a batch has not run here yet its length stands in: 20 kB a second, the average of all.
  const seconds = (batch: Batch) => took[batch.name] ?? batch.files.reduce((sum, file) => sum + statSync(join(root, file)).size, 0) / 20_000
  return [...rooms]
    .map(([name, members]): Batch => ({ kind: kindOf(members[0] ?? ''), name, files: members }))
    .toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || seconds(b) - seconds(a))
}

const timesFile = join(root, 'node_modules/.cache/laurel-test-seconds.json')

function lastTimes(): Readonly<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(timesFile, 'utf8')) as Record<string, number>
  } catch {
    return {} // the first run, or a file that was cut short
  }
}

/** Remembers how long each batch took, so that the next run begins with the longest. */
export function keepTimes(outcomes: readonly BatchOutcome[]): void {
  const times = { ...lastTimes(), ...Object.fromEntries(outcomes.map(({ batch, seconds }) => [batch.name, Math.round(seconds * 10) / 10])) }
  mkdirSync(dirname(timesFile), { recursive: true })
  writeFileSync(timesFile, JSON.stringify(times))
}

function testFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts') && !entry.parentPath.includes('node_modules'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Runs batches `atOnce` at a time and tells of each when it has ended. Resolves when all have; `signal` ends them early. */
export async function runBatches(todo: readonly Batch[], options: { readonly atOnce: number; readonly env: NodeJS.ProcessEnv; readonly signal?: AbortSignal; readonly ended: (outcome: BatchOutcome) => void }): Promise<readonly BatchOutcome[]> {
  const waiting = [...todo]
  const outcomes: BatchOutcome[] = []
  const work = async () => {
    for (let batch = waiting.shift(); batch && !options.signal?.aborted; batch = waiting.shift()) {
      const outcome = await runBatch(batch, options.env, options.signal)
      outcomes.push(outcome)
      options.ended(outcome)
    }
  }
  await Promise.all(Array.from({ length: options.atOnce }, work))
  return outcomes
}

function runBatch(batch: Batch, env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<BatchOutcome> {
  const began = performance.now()
  const child = spawn(process.execPath, ['--test', '--test-isolation=none', `--test-timeout=${testMs}`, '--test-reporter=./scripts/test-events.ts', ...batch.files], { cwd: root, env: { ...env, NODE_TEST_CONTEXT: undefined }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const stop = () => child.kill('SIGTERM')
  signal?.addEventListener('abort', stop)
  let hung = false
  const watchdog = setTimeout(() => {
    hung = true
    child.kill('SIGKILL')
  }, silenceMs)
  const printed = collect(child, 1, watchdog)
  const complained = collect(child, 2, watchdog)
  const events = collect(child, 3, watchdog)
  return new Promise((resolve) => {
    child.on('close', (code, killedBy) => {
      clearTimeout(watchdog)
      signal?.removeEventListener('abort', stop)
      const told = events().split('\n').filter(Boolean).map((line) => JSON.parse(line) as TestResult | TestNote)
      const results = told.flatMap((one) => ('note' in one ? [] : tested(one, batch)))
      const notes = told.flatMap((one) => ('note' in one ? one.note : []))
      const failed = (name: string, detail: string) => results.push({ result: 'failed', name, file: undefined, ms: 0, detail })
      if (hung) failed(`${batch.name} ends`, `It said nothing for ${silenceMs / 1000} s and was killed; the last test that ended was "${results.at(-1)?.name ?? 'none'}".`)
      else if (results.length === 0) failed(`${batch.name} runs`, `No test ran (exit ${code ?? killedBy}).`)
      else if (code !== 0 && !results.some((one) => one.result === 'failed')) failed(`${batch.name} ends well`, `Every test passed, and the process ended with ${code ?? killedBy}.`)
      resolve({ batch, results, notes, seconds: (performance.now() - began) / 1000, printed: `${printed()}${complained()}` })
    })
  })
}

/** node:test reports a file that holds no test as one test that passed, named after the file. */
function tested(result: TestResult, batch: Batch): TestResult {
  return result.result === 'passed' && batch.files.includes(result.name) ? { ...result, result: 'failed', detail: 'The file holds no test.' } : result
}

function collect(child: ChildProcess, descriptor: 1 | 2 | 3, watchdog: NodeJS.Timeout): () => string {
  const chunks: Buffer[] = []
  child.stdio[descriptor]?.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    watchdog.refresh()
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export function tally(outcomes: readonly BatchOutcome[]): Tally {
  const count = (result: TestResult['result']) => outcomes.reduce((sum, outcome) => sum + outcome.results.filter((one) => one.result === result).length, 0)
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') }
}

/** One line of a batch: how it went, what it was, how many tests, how long. */
export function summary({ batch, results, seconds }: BatchOutcome): string {
  const failed = results.filter((one) => one.result === 'failed').length
  const count = failed > 0 ? `${failed} of ${results.length} failed` : `${results.length}`
  return `${failed > 0 ? 'FAILED' : 'passed'}  ${batch.kind.padEnd(8)} ${batch.name.padEnd(44)} ${count.padStart(4)}  ${seconds.toFixed(1).padStart(6)} s`
}

/** The failing tests with their errors, and what their process printed. */
export function failures(outcomes: readonly BatchOutcome[]): string {
  return outcomes
    .flatMap((outcome) => {
      const failed = outcome.results.filter((one) => one.result === 'failed')
      if (failed.length === 0) return []
      const printed = outcome.printed.trim()
      return [...failed.map((one) => `✖ ${outcome.batch.name}: ${one.name}\n${indent(one.detail ?? '')}`), ...(printed ? [`  What ${outcome.batch.name} printed:\n${indent(printed.slice(-20_000))}`] : [])]
    })
    .join('\n\n')
}

const indent = (text: string) => text.replace(/^/gm, '    ')

/** Why tests were skipped, each reason once. */
export function skips(outcomes: readonly BatchOutcome[]): readonly string[] {
  const skipped = outcomes.flatMap((outcome) => outcome.results.filter((one) => one.result === 'skipped').map((one) => ({ reason: one.detail ?? 'no reason given', name: `${outcome.batch.name}: ${one.name}` })))
  return [...Map.groupBy(skipped, (one) => one.reason)].map(([reason, of]) => `${of.length} skipped (${reason.split('\n')[0]}), such as ${of[0]?.name}`)
}
