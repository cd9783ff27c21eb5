/**
 * `npm run check`: everything that can be known without a database, a browser or a network, in under a minute.
 *
 * A line for each part; what a part printed is shown only when it fails.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { conformanceReference } from './generate-conformance.ts'
import { batches, failures, keepTimes, root, runBatches, skips, tally, type BatchOutcome } from './run-tests.ts'

interface Part {
  readonly name: string
  readonly run: () => Promise<{ readonly ok: boolean; readonly said: string; readonly note?: string }>
}

const tool = (name: string) => join(root, 'node_modules/.bin', name)
const folders = ['src', 'scripts', 'test', 'bench', 'docs']

// The longest first: two run at a time.
const parts: readonly Part[] = [
  { name: 'lint', run: () => command(tool('oxlint'), ['--type-aware', '--deny-warnings', ...folders]) },
  { name: 'types', run: () => command(tool('tsc'), ['--noEmit', '--pretty', 'false']) },
  { name: 'unused', run: () => command(tool('knip'), ['--no-progress']) },
  { name: 'generated', run: () => command(process.execPath, ['scripts/generate.ts', '--check']) },
  { name: 'rooms', run: () => command(process.execPath, ['scripts/check-rooms.ts']) },
  { name: 'lock file', run: () => command(process.execPath, ['scripts/check-lock.ts']) },
  { name: 'links', run: () => command(process.execPath, ['scripts/check-links.ts']) },
]

const began = performance.now()
const failed: string[] = []
const waiting = [...parts]
const lane = async () => {
  for (let part = waiting.shift(); part; part = waiting.shift()) await runPart(part)
}
await Promise.all([lane(), lane()])
let outcomes: readonly BatchOutcome[] = []
await runPart({ name: 'unit tests', run: unitTests })
await runPart({ name: 'conformance', run: conformanceIsCurrent })
console.log(failed.length === 0 ? `All is well (${seconds(began)}).` : `Failed: ${failed.join(', ')} (${seconds(began)}).`)
process.exitCode = failed.length === 0 ? 0 : 1

async function runPart(part: Part): Promise<void> {
  const start = performance.now()
  const { ok, said, note } = await part.run()
  if (!ok) failed.push(part.name)
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${part.name.padEnd(11)}  ${seconds(start).padStart(6)}${note ? `  ${note}` : ''}`)
  if (!ok) console.log(`\n${said.trim().replace(/^/gm, '    ')}\n`)
}

async function unitTests() {
  outcomes = await runBatches(
    batches((_, kind) => kind === 'unit'),
    { atOnce: 2, env: process.env, ended: () => {} },
  )
  keepTimes(outcomes)
  const { passed, failed, skipped } = tally(outcomes)
  return { ok: failed === 0 && passed > 0, said: passed === 0 ? 'No test ran.' : failures(outcomes), note: [`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`, ...skips(outcomes)].join('\n            ') }
}

/** The table of published vectors, made from what the unit tests have just said. */
async function conformanceIsCurrent() {
  const file = join(root, 'docs/reference/conformance.md')
  try {
    const text = conformanceReference(outcomes)
    if (text === undefined) return { ok: true, said: '', note: 'not compared: ../shared is absent' }
    return { ok: existsSync(file) && readFileSync(file, 'utf8') === text, said: 'docs/reference/conformance.md is out of date; run ./laurel generate and commit it.' }
  } catch (error) {
    return { ok: false, said: error instanceof Error ? error.message : String(error) }
  }
}

function command(program: string, words: readonly string[]): ReturnType<Part['run']> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined } })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.on('error', (error) => resolve({ ok: false, said: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, said }))
  })
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}
