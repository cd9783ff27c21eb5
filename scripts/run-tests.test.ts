import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { batches, failures, root, runBatches, skips, tally, type BatchOutcome } from './run-tests.ts'

/** Runs one file with this text the way every batch is run. */
async function run(text: string): Promise<BatchOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-run-'))
  try {
    const file = join(folder, 'some.test.mjs')
    writeFileSync(file, `import { suite, test } from 'node:test'\n${text}\n`)
    const [outcome] = await runBatches([{ kind: 'unit', name: 'some', files: [relative(root, file)] }], { atOnce: 1, env: process.env, ended: () => {} })
    assert.ok(outcome)
    return outcome
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('tests are counted one by one, those inside suites and tests too, and a reason is kept for each that was skipped', async () => {
  const outcome = await run(`
    suite('a', () => { test('one', () => {}); test('two', { skip: 'no shared folder' }, () => {}) })
    test('three', async (t) => { await t.test('four', () => {}) })`)
  assert.deepEqual(tally([outcome]), { passed: 3, failed: 0, skipped: 1 })
  assert.deepEqual(skips([outcome]), ['1 skipped (no shared folder), such as some: a > two'])
})

test('a failing test is listed once, with its error and with what its process printed', async () => {
  const outcome = await run(`console.log('a word'); suite('a', () => test('one', () => { throw new Error('it broke') }))`)
  assert.deepEqual(tally([outcome]), { passed: 0, failed: 1, skipped: 0 })
  assert.match(failures([outcome]), /some: a > one[^]*it broke[^]*a word/)
})

test('a file without a test, one that does not load and one that ends badly all count as failed', async () => {
  for (const text of ['', 'await import("./missing.mjs")', `process.exit(0)`, `test('one', () => {}); process.on('exit', () => { process.exitCode = 3 })`]) {
    const outcome = await run(text)
    assert.equal(tally([outcome]).failed, 1, text)
  }
})

test('unit tests share a process by folder, and every other file has its own', () => {
  const all = batches(() => true)
  assert.ok(all.some((batch) => batch.kind === 'unit' && batch.name === 'scripts' && batch.files.includes('scripts/run-tests.test.ts')))
  for (const batch of all) if (batch.kind !== 'unit') assert.equal(batch.files.length, 1)
})
