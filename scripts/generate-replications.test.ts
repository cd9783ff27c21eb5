import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { dataFolder, readData, withoutData } from '../docs/replications/study.ts'
import { agrees, complaint, replicationPages, studies } from './generate-replications.ts'
import { root } from './run-tests.ts'

const full = process.env['LAUREL_FULL'] === '1'

test('a figure agrees when it rounds to the printed one, and a stated difference has to be one', () => {
  assert.ok(agrees(1793.6, '1,794') && !agrees(1794.5, '1,794') && agrees(-3.2033, '-3.20') && agrees(undefined, undefined) && !agrees(undefined, '2'))
  const claim = { what: 'it', unit: '', published: { estimate: '1.5', std_error: '0.2', place: '', source: 'read' as const }, ours: () => ({ estimate: 0 }) }
  assert.equal(complaint(claim, { estimate: 1.52, std_error: 0.21 }), undefined)
  assert.match(complaint(claim, { estimate: 1.6, std_error: 0.21 })!, /was published as 1.5/)
  assert.match(complaint(claim, { estimate: 1.5, std_error: 0.3 })!, /error of “it” is 0.3/)
  assert.match(complaint({ ...claim, differs: 'why' }, { estimate: 1.5, std_error: 0.2 })!, /said to differ/)
  const drawn = { ...claim, within: { errors: 0.2, share: 0.03 } }
  assert.equal(complaint(drawn, { estimate: 1.53, std_error: 0.205 }), undefined)
  assert.match(complaint(drawn, { estimate: 1.45, std_error: 0.2 })!, /-0.25 standard errors from 1.5/)
  assert.match(complaint(drawn, { estimate: 1.5, std_error: 0.21 })!, /error of “it” is 0.21/)
  assert.match(complaint({ ...claim, errorDiffers: 'why' }, { estimate: 1.5, std_error: 0.2 })!, /said to differ/)
})

suite('published experiments', { skip: withoutData ? 'skipped: ../shared/data with the experiments is not here' : false }, () => {
  test('every page says what the code computes today', async () => {
    const pages = Object.entries(await replicationPages(full))
    assert.ok(pages.length > 8)
    for (const [path, text] of pages) assert.equal(readFileSync(join(root, path), 'utf8'), text, `${path} is out of date; run ./laurel generate`)
  })

  test('the command gives the figures of its page', async () => {
    let compared = 0
    for (const { name, study } of await studies()) {
      const { command, slow } = study
      if (command === undefined || (slow && !full)) continue
      const words = [...command.words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!)
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'src/main.ts'), 'analyze', fileURLToPath(new URL(study.file, dataFolder)), ...words, '--json'], { encoding: 'utf8', maxBuffer: 2 ** 26 })
      assert.equal(status, 0, stderr)
      const { results } = JSON.parse(stdout) as { readonly results: readonly { readonly estimator: string; readonly term: string; readonly formula: string; readonly estimate: number }[] }
      const printed = study.claims[command.claim]!
      const { estimate } = await printed.ours(readData(study.file))
      const rows = results.filter((row) => row.estimator === command.estimator && row.term === command.term)
      const near = rows.some((row) => [1, 100].some((unit) => Math.abs(unit * row.estimate - estimate) <= 1e-9 * Math.abs(estimate)))
      assert.ok(near, `${name}: ${rows.map((row) => row.estimate).join(', ') || 'no row'} and not ${estimate}`)
      compared += 1
    }
    assert.ok(compared >= 6, `${compared} commands were compared`)
  })
})
