import assert from 'node:assert/strict'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { after, before, suite, test } from 'node:test'
import type * as Causal from '#kernel/causal'
import { referenceRows, referenceTable, withoutReference } from '#test/reference'
import { buildCausal, renamed } from './build-causal.ts'

const root = resolve(import.meta.dirname, '..')

suite('laurel/causal, built', () => {
  let out: string
  before(() => {
    // Inside the project, so that the packages that it stands on are found.
    mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
    out = mkdtempSync(join(root, 'node_modules/.cache/causal-'))
    assert.ok(buildCausal(out).length > 30)
  })
  after(() => rmSync(out, { recursive: true, force: true }))

  test('every import leads to a file that was built, or to a package', () => {
    let followed = 0
    for (const file of globSync('**/*.{js,d.ts}', { cwd: out })) {
      for (const [, target] of readFileSync(join(out, file), 'utf8').matchAll(/^(?:import|export|\} from).*?from ['"]([^'"]+)['"]/gm)) {
        assert.doesNotMatch(target!, /^#|\.ts$/, file)
        if (!target!.startsWith('.')) continue
        assert.ok(existsSync(join(out, file, '..', target!)), `${file} imports ${target!}`)
        followed += 1
      }
    }
    assert.ok(followed > 100)
  })

  test('the built door opens in plain Node and gives a figure that R gives', { skip: withoutReference }, async () => {
    const causal = (await import(pathToFileURL(join(out, 'causal/index.js')).href)) as typeof Causal
    const row = causal.differenceInMeans(referenceTable('nswdemo'), { outcome: 're78', treatment: 'trt' })
    const [reference] = referenceRows('nswdemo', 'difference_in_means')
    assert.ok(Math.abs(row.estimate / reference!.estimate! - 1) < 1e-9 && Math.abs(row.std_error! / reference!.std_error! - 1) < 1e-9)
  })

  test('the built forest finds its own file for its threads', async () => {
    const causal = (await import(pathToFileURL(join(out, 'causal/index.js')).href)) as typeof Causal
    const x = Float64Array.from({ length: 400 }, (_, i) => i)
    const data = { x, w: x.map((i) => i % 2), y: x.map((i) => (i % 2) * (i > 200 ? 1 : 0) + ((i * 7) % 5)) }
    const [one, two] = await Promise.all([1, 2].map((numThreads) => causal.causalForest(data, { outcome: 'y', treatment: 'w', covariates: ['x'], numTrees: 40, numThreads })))
    assert.deepEqual(two!.predictions, one!.predictions)
  })

  test('package.json exports what is built', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, { types: string; default: string }> }
    for (const name of ['causal', 'numeric']) {
      const { types, default: code } = exports[`./${name}`]!
      for (const path of [types, code]) assert.ok(existsSync(join(out, path.replace('./dist/kernel/', ''))), path)
    }
  })
})

test('imports are renamed from where the file stands, and strings that are no imports are left alone', () => {
  assert.equal(renamed("import { a } from '#kernel/numeric'", 'causal/regression/x.ts'), "import { a } from '../../numeric/index.js'")
  assert.equal(renamed("export { b } from './y.ts'", 'causal/index.ts'), "export { b } from './y.js'")
  assert.equal(renamed("import t from '@stdlib/stats-base-dists-t'", 'numeric/x.ts'), "import t from '@stdlib/stats-base-dists-t'")
  assert.equal(renamed("const s = './y.ts'", 'causal/index.ts'), "const s = './y.ts'")
})
