/**
 * `npm run bench [-- NAME ...] [--write]`: runs bench/NAME.ts one after the other and prints one JSON object.
 *
 * A bench is a program that prints one JSON object and nothing else; its inputs come from a fixed seed. With --write each result is kept in
 * bench/results/NAME.json beside a description of the machine, because a rate means nothing without one.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './run-tests.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean', default: false } } })
const folder = join(root, 'bench')
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .toSorted()
const unknown = positionals.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${known.join(', ') || 'none yet'}.`)
  process.exit(1)
}

const machine = {
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memory_gib: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${process.arch}`,
  node: process.version,
}

const results: Record<string, unknown> = {}
for (const name of positionals.length > 0 ? positionals : known) {
  console.error(`${name} ...`)
  const load = loadavg()[0] ?? 0
  const began = performance.now()
  const { status, stdout } = spawnSync(process.execPath, ['--expose-gc', join(folder, `${name}.ts`)], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 2 ** 28 })
  const result = parsed(stdout)
  if (status !== 0 || result === undefined) {
    console.error(`${name} failed (exit ${status})${result === undefined ? `; it must print one JSON object, and printed: ${stdout.slice(0, 200)}` : ''}`)
    process.exitCode = 2
    continue
  }
  results[name] = result
  console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
  if (values.write) {
    mkdirSync(join(folder, 'results'), { recursive: true })
    writeFileSync(join(folder, 'results', `${name}.json`), `${JSON.stringify({ machine: { ...machine, load_before: Number(load.toFixed(2)) }, result }, null, 2)}\n`)
  }
}
console.log(JSON.stringify({ machine, results }, null, 2))

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
