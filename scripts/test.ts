/**
 * `npm test`: every test there is, and at the end one line alone: `N passed, N failed` (and `, N skipped`).
 *
 *   --only TEXT   only the test files whose path contains TEXT (may be given more than once)
 *   --full        the long forms too (sets LAUREL_FULL)
 */
import { parseArgs } from 'node:util'
import { browserMissing, browserProgram } from '#test/browser'
import { startCluster } from '#test/cluster'
import { batches, failures, keepTimes, runBatches, skips, summary, tally } from './run-tests.ts'

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, full: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } })
if (values.help) {
  console.log('npm test [-- --only TEXT] [--full]\n\n  --only TEXT  only the test files whose path contains TEXT\n  --full       the long forms too')
  process.exit(0)
}

const began = performance.now()
const todo = batches((file) => !values.only || values.only.some((text) => file.includes(text)))
const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupted.abort())

const needsDatabase = todo.some((batch) => batch.kind !== 'unit') && process.env['LAUREL_TEST_DATABASE'] === undefined
const cluster = needsDatabase ? await startCluster() : undefined
const env: NodeJS.ProcessEnv = { ...process.env, ...(cluster ? { LAUREL_TEST_DATABASE: cluster.connectionString('postgres') } : {}), ...(values.full ? { LAUREL_FULL: '1' } : {}) }
try {
  if (browserMissing === undefined && todo.some((batch) => batch.kind === 'browser')) await browserProgram() // unpacked before two processes want it
  const outcomes = await runBatches(todo, { atOnce: 2, env, signal: interrupted.signal, ended: (outcome) => console.log(summary(outcome)) })
  keepTimes(outcomes)
  const { passed, failed, skipped } = tally(outcomes)
  if (failed > 0 && !interrupted.signal.aborted) console.log(`\n${failures(outcomes)}\n`)
  for (const line of skips(outcomes)) console.log(line)
  if (passed + failed === 0) console.log('No test ran.')
  if (interrupted.signal.aborted) console.log('Interrupted.')
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s in all`)
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exitCode = failed > 0 || passed === 0 || interrupted.signal.aborted ? 1 : 0
} finally {
  await cluster?.stop()
}
