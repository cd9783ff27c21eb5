import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { generator } from '#kernel/numeric'
import { overstated } from './power-plan.ts'
import { runAnalyze } from './analyze/run-analyze.test-tool.ts'
import { referenceJson, withoutReference } from '#test/reference'

const power = (words: string) => runAnalyze(words === '' ? [] : words.split(' '), '', 'power')
const json = async (words: string): Promise<{ power: number | null; detectable: number | null; needed: number | null; warnings: readonly string[] }> => {
  const { code, out, said } = await power(`${words} --json`)
  assert.equal(code, 0, said)
  return JSON.parse(out) as never
}

test('sizes and detectable effects are those of R’s power.prop.test', { skip: withoutReference }, async () => {
  const { results } = referenceJson('power') as { results: readonly Record<string, number | string>[] }
  let compared = 0
  for (const row of results.filter((one) => one['estimator'] === 'power.prop.test')) {
    const [p1, alpha, value] = [Number(row['p1']), Number(row['alpha']), Number(row['value'])]
    if (row['solve'] === 'n per arm') {
      const { needed } = await json(`--share ${p1} --effect ${Number(row['p2']) - p1} --power ${row['power']} --alpha ${alpha}`)
      assert.equal(needed, 2 * Math.ceil(value))
    } else if (row['solve'] === 'power') {
      const { power: chance } = await json(`--share ${p1} --effect ${Number(row['p2']) - p1} --n ${2 * Number(row['n_per_arm'])} --alpha ${alpha}`)
      assert.ok(Math.abs(chance! - value) < 1e-7)
    } else {
      const { detectable } = await json(`--share ${p1} --n ${2 * Number(row['n_per_arm'])} --power ${row['power']} --alpha ${alpha}`)
      assert.ok(Math.abs(p1 + detectable! - value) < 1e-6, `${p1 + detectable!} against ${value}`)
    }
    compared += 1
  }
  assert.ok(compared > 20)
})

test('the sizes that DESIGN section 5 names come out', async () => {
  assert.equal(Math.round((await json('--share 0.173 --effect 0.01006')).needed! / 200) * 100, 22_700)
  assert.ok(Math.abs((await json('--share 0.166 --effect 0.028')).needed! / 2 - 2_950) < 60)
})

test('clusters, covariates, take-up and shares treated move the needed size the right way', async () => {
  const base = (await json('--sd 1 --effect 0.2')).needed!
  assert.ok((await json('--sd 1 --effect 0.2 --cluster-size 20 --icc 0.05')).needed! > 1.8 * base)
  assert.ok((await json('--sd 1 --effect 0.2 --r2 0.5')).needed! < 0.55 * base)
  assert.ok((await json('--sd 1 --effect 0.2 --take-up 0.5')).needed! > 3.8 * base)
  assert.ok((await json('--sd 1 --effect 0.2 --treated 0.1')).needed! > 2.5 * base)
})

test('a study that cannot see what it hopes to is told so, and by how much it would overstate', async () => {
  const { out } = await power('--share 0.127 --effect 0.012 --n 2000')
  assert.match(out, /^! This study cannot see what it hopes to\..*12 times in 100/)
  assert.match(out, /too large, by a factor of 3\.\d/)
  assert.match(out, /pool the estimates of 13 studies/)
  assert.equal((await json('--share 0.127 --effect 0.012 --n 60000')).warnings.length, 0)
})

test('overstated() is what simulation finds', () => {
  const random = generator('overstated')
  const lambda = 1.2 // power of about 22%
  const seen: number[] = []
  let tail = 0
  for (let i = 0; i < 200_000; i++) {
    const z = random.normal() + lambda
    if (z > 1.959964) tail += 1
    if (Math.abs(z) > 1.959964) seen.push(Math.abs(z))
  }
  const simulated = seen.reduce((sum, z) => sum + z, 0) / seen.length / lambda
  assert.ok(Math.abs(overstated(tail / 200_000, 0.05) - simulated) < 0.02)
})

test('the plot has the wanted power in it and the picture stands by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-power-'))
  try {
    const file = join(folder, 'power.svg')
    const { out } = await power(`--sd 1 --effect 0.2 --svg ${file}`)
    assert.match(out, /80% │·+●/)
    const svg = readFileSync(file, 'utf8')
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*role="img"/)
    assert.doesNotMatch(svg, /NaN|undefined|href/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('bad input is refused with exit 1', async () => {
  for (const [words, sentence] of [
    ['--effect 0.1', /--share is needed/],
    ['--share 0.2', /--effect is needed/],
    ['--share 1.2 --n 100', /--share is “1.2”/],
    ['--share 0.2 --sd 1 --n 100', /can be one of them/],
    ['--share 0.95 --effect 0.1', /--effect is “0.1”; give one that together/],
    ['--sd 1 --n 100 --icc 0.1', /--cluster-size is needed/],
    ['--sd 1 --n ten', /--n is “ten”/],
    ['--sd 1 --n 20 --cluster-size 10 --icc 0.1', /too few clusters/],
  ] as const) {
    const { code, said } = await power(words)
    assert.equal(code, 1, words)
    assert.match(said, sentence, words)
  }
})
