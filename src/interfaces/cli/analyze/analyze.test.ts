import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { generator } from '#kernel/numeric'
import { runAnalyze } from './run-analyze.test-tool.ts'

const folder = mkdtempSync(join(tmpdir(), 'laurel-analyze-'))
after(() => rmSync(folder, { recursive: true }))

type Json = { readonly warnings: readonly string[]; readonly reasons: readonly string[]; readonly results: readonly { estimator: string; term: string; estimate: number; formula: string; n: number; options: Record<string, unknown> }[] }
const asked = async (csv: string, ...words: readonly string[]): Promise<Json> => {
  const { code, out, said } = await runAnalyze(['-', ...words, '--json'], csv)
  assert.equal(code, 0, said)
  return JSON.parse(out) as Json
}
const trial = (rows: number, make: (i: number, random: ReturnType<typeof generator>) => readonly (string | number)[], head: string, seed = 'trial'): string => {
  const random = generator(seed)
  return `${head}\n${Array.from({ length: rows }, (_, i) => make(i, random).join(',')).join('\n')}\n`
}
const simple = trial(300, (i, random) => [i % 2, random.normal() + (i % 2), random.normal(), ['north', 'south'][i % 3 === 0 ? 0 : 1]!], 'z,y,x,place')

test('bad input is refused with exit 1 and a sentence that says what to do', async () => {
  const refusals: readonly (readonly [csv: string, words: string, sentence: RegExp])[] = [
    [simple, '--outcome yy --treatment z', /no column “yy”. Did you mean “y”\?/],
    [simple, '--treatment z', /--outcome is needed/],
    [simple, '--outcome y', /--treatment is needed/],
    ['z,y\n1,2\n1,3\n', '--outcome y --treatment z', /is 1 in every row/],
    ['z,y\na,2\nb,3\nc,4\n', '--outcome y --treatment z', /has 3 values \(a, b, c\).*--arms "a,b"/],
    ['z,y\na,2\nb,3\nc,4\n', '--outcome y --treatment z --arms a,d', /names “d”, which “z” never is; it has a, b, c/],
    [simple, '--outcome y --treatment z --arms 0', /does not name two values/],
    [simple, '--outcome place --treatment z', /The outcome “place” is text \(row 2: “north”\)/],
    ['z,y\n1,"2,5"\n0,"3,1"\n', '--outcome y --treatment z', /decimal comma/],
    ['z,y\n1,"1,234"\n0,"3,100"\n', '--outcome y --treatment z', /decimal comma/],
    [simple, '--outcome y --treatment z --covariates y', /named as --outcome and as --covariates/],
    [simple, '--outcome y --treatment z --estimators lm_linn --covariates x', /does not know “lm_linn”. Did you mean “lm_lin”\?/],
    [simple, '--outcome y --treatment z --estimators iv_robust', /--take-up is needed/],
    [simple, '--outcome y --treatment z --se CR2', /--se does not know “CR2”/],
    [simple, '--outcome y --treatment z --planned 1:0', /--planned is “1:0”/],
    [simple, '--outcome y --treatment z --planned 1:2:3', /one number above zero per arm \(2\)/],
    [simple, '--outcome y --treatment z --subgroup-score auto', /name some with --covariates/],
    ['z,y\n1,2\n0,Inf\n', '--outcome y --treatment z', /infinite number in row 3/],
    ['z,y\n1,\n0,\n', '--outcome y --treatment z', /No row has a value in “y”/],
    ['z,y,d\n1,1,1\n0,2,1\n1,3,1\n0,5,1\n', '--outcome y --treatment z --take-up d', /Take-up “d” is 1 in every row/],
    ['z,y\n1,5\n0,5\n1,5\n0,5\n', '--outcome y --treatment z', /without any error|same value in every row/],
    [simple, '--outcome y --treatment z --weights place', /The weight “place” is text/],
    [trial(200, (i) => [i % 2, i, `name ${i}`], 'z,y,who'), '--outcome y --treatment z --covariates who', /text with 200 different values/],
  ]
  for (const [csv, words, sentence] of refusals) {
    const { code, out, said } = await runAnalyze(['-', ...words.split(' ')], csv)
    assert.equal(code, 1, `${words}: ${out}${said}`)
    assert.match(said, sentence, words)
    assert.doesNotMatch(said, /fault in Laurel|undefined|NaN|\[object/)
  }
  assert.equal((await runAnalyze(['/no/such/file.csv', '--outcome', 'y', '--treatment', 'z'])).code, 1)
  assert.match((await runAnalyze([], '')).said, /Name a CSV/)
})

test('texts are factors with the first level as reference, and yes and no are numbers', async () => {
  const { results } = await asked(simple, '--outcome', 'y', '--treatment', 'z', '--covariates', 'place', '--estimators', 'lm_robust')
  assert.deepEqual(results.filter((row) => row.formula.includes('+')).map((row) => row.term), ['(Intercept)', 'z', 'placesouth'])
  const yes = await asked('z,y\n1,yes\n0,no\n1,Yes\n0,yes\n1,no\n0,no\n', '--outcome', 'y', '--treatment', 'z', '--estimators', 'difference_in_means')
  assert.ok(Math.abs(yes.results[0]!.estimate - 1 / 3) < 1e-15)
})

test('missing values are counted, and each model leaves out its own', async () => {
  const csv = trial(200, (i, random) => [i % 2, i % 40 === 0 ? '' : random.normal(), i % 10 === 0 ? 'NA' : random.normal()], 'z,y,x')
  const { results, warnings } = await asked(csv, '--outcome', 'y', '--treatment', 'z', '--covariates', 'x', '--estimators', 'difference_in_means,lm_lin')
  assert.equal(results.find((row) => row.estimator === 'difference_in_means')?.n, 195)
  assert.equal(results.find((row) => row.estimator === 'lm_lin')?.n, 180)
  assert.ok(warnings.some((one) => one.startsWith('x is missing in 20 rows')))
})

test('where the treated share differs by block the unblocked figure is not given', async () => {
  // The effect is 1; the block adds 5 and is mostly treated, so the plain difference is far above.
  const csv = trial(800, (i, random) => {
    const block = i % 2
    const z = random.uniform() < (block === 0 ? 0.2 : 0.8) ? 1 : 0
    return [z, z + 5 * block + random.normal(), block]
  }, 'z,y,b')
  const { results, warnings, reasons } = await asked(csv, '--outcome', 'y', '--treatment', 'z', '--blocks', 'b')
  assert.match(warnings[0]!, /share treated differs by b/)
  assert.match(reasons[0]!, /compared inside them only/)
  for (const row of results.filter((one) => one.term === 'z')) assert.ok(Math.abs(row.estimate - 1) < 0.5, JSON.stringify(row))
})

test('a forgotten cluster, a broken draw and arms of other sizes are said before any figure', async () => {
  const clustered = trial(600, (i, random) => [Math.floor(i / 20) % 2, random.normal(), `v${Math.floor(i / 20)}`], 'z,y,village')
  const forgotten = await runAnalyze(['-', '--outcome', 'y', '--treatment', 'z'], clustered)
  assert.match(forgotten.out, /^! Every one of the 30 values of village has rows of one arm only.*--cluster village/ms)
  assert.ok(forgotten.out.indexOf('! Every one') < forgotten.out.indexOf('No clear difference'))
  const told = await asked(clustered, '--outcome', 'y', '--treatment', 'z', '--cluster', 'village')
  assert.equal(told.results.find((row) => row.estimator === 'difference_in_means')?.options['design'], 'clustered')
  const broken = trial(400, (i, random) => [i % 2, random.normal(), random.normal() + (i % 2)], 'z,y,x')
  assert.match((await asked(broken, '--outcome', 'y', '--treatment', 'z', '--covariates', 'x')).warnings[0]!, /covariates tell the arms apart/)
  assert.match((await asked(simple, '--outcome', 'y', '--treatment', 'z', '--planned', '1:2')).warnings[0]!, /do not have the planned sizes/)
})

test('a level that two rows have does not break a sound balance, and blocks of other shares do not look like imbalance', async () => {
  const csv = trial(600, (i, random) => {
    const block = i % 3
    const z = i < 2 || random.uniform() < [0.3, 0.5, 0.8][block]! ? 1 : 0
    return [z, random.normal(), i < 2 ? 'rare' : ['a', 'b'][random.below(2)]!, block + random.normal() / 4, block]
  }, 'z,y,kind,x,b')
  const { warnings, results } = await asked(csv, '--outcome', 'y', '--treatment', 'z', '--covariates', 'kind,x', '--blocks', 'b')
  assert.ok(!warnings.some((one) => one.startsWith('The covariates tell')), warnings.join('\n'))
  assert.ok(warnings.some((one) => one.startsWith('kindrare is had by too few rows')))
  assert.equal(results.find((row) => row.estimator === 'balance_joint')?.formula, 'z ~ kindb + x')
})

test('pairs, split clusters, weights, a baseline and several outcomes each get what their design allows', async () => {
  const paired = trial(80, (i, random) => [i % 2, random.normal(), Math.floor(i / 2)], 'z,y,pair')
  assert.equal((await asked(paired, '--outcome', 'y', '--treatment', 'z', '--blocks', 'pair')).results[0]?.options['design'], 'matched pairs')
  const split = trial(200, (i, random) => [i % 2, random.normal(), i % 20], 'z,y,c')
  const splitted = await asked(trial(200, (i, random) => [random.below(2), random.normal(), i % 20], 'z,y,c'), '--outcome', 'y', '--treatment', 'z', '--cluster', 'c')
  assert.ok(splitted.results.every((row) => row.estimator !== 'difference_in_means') && splitted.results.some((row) => row.options['se_type'] === 'CR2'))
  assert.ok((await asked(split, '--outcome', 'y', '--treatment', 'z', '--cluster', 'c')).results.some((row) => row.options['design'] === 'clustered'))
  const weighted = await asked(trial(200, (i, random) => [i % 2, random.normal(), 1 + (i % 3)], 'z,y,w'), '--outcome', 'y', '--treatment', 'z', '--weights', 'w')
  assert.equal(weighted.results[0]?.options['weights'], 'w')
  const cuped = await asked(trial(200, (i, random) => { const before = random.normal(); return [i % 2, before + random.normal(), before] }, 'z,y,y0'), '--outcome', 'y', '--treatment', 'z', '--baseline', 'y0')
  assert.ok(cuped.results.some((row) => row.estimator === 'cuped'))
  const several = await asked(trial(200, (i, random) => [i % 2, random.normal(), random.normal()], 'z,y1,y2'), '--outcome', 'y1,y2', '--treatment', 'z', '--family', 'romano-wolf')
  assert.equal(several.results.filter((row) => row.estimator === 'multiple_testing').length, 2)
})

test('outcomes seen less often in one arm bring Lee’s bounds', async () => {
  const csv = trial(1_000, (i, random) => [i % 2, random.uniform() < (i % 2 === 0 ? 0.95 : 0.7) ? random.normal() : ''], 'z,y')
  const { results, warnings } = await asked(csv, '--outcome', 'y', '--treatment', 'z')
  assert.deepEqual(results.filter((row) => row.estimator === 'lee_bounds').map((row) => row.term), ['lower', 'upper', 'effect'])
  assert.ok(warnings.some((one) => one.includes('less of the treated arm')))
})

test('the same file, words and seed give the same bytes', async () => {
  const words = ['-', '--outcome', 'y', '--treatment', 'z', '--covariates', 'x,place', '--subgroup-score', 'auto', '--json']
  assert.equal((await runAnalyze(words, simple)).out, (await runAnalyze(words, simple)).out)
})

test('the report holds its own styles, asks nothing of the network and escapes what the file says', async () => {
  const file = join(folder, 'report.html')
  const hostile = '<script>alert(1)</script>'
  const csv = simple.replaceAll('north', hostile)
  const { code, said } = await runAnalyze(['-', '--outcome', 'y', '--treatment', 'z', '--covariates', 'x,place', '--html', file], csv)
  assert.equal(code, 0, said)
  const report = readFileSync(file, 'utf8')
  assert.ok(!report.includes(hostile))
  assert.doesNotMatch(report, /<script|<link rel="stylesheet"|(?:src|href)="(?!#|data:)/)
  assert.doesNotMatch(report, /url\((?!["']?data:)|@import/)
  assert.match(report, /95% interval/)
  assert.match(report, /SHA-256/)
  assert.match((await runAnalyze(['-', '--outcome', 'y', '--treatment', 'z', '--html', '/no/such/folder/report.html'], csv)).said, /cannot be written/)
})

test('a PDF without a browser is refused in a sentence', async () => {
  const before = process.env['CHROME_PATH']
  process.env['CHROME_PATH'] = '/no/such/browser'
  try {
    const { code, said } = await runAnalyze(['-', '--outcome', 'y', '--treatment', 'z', '--pdf', join(folder, 'report.pdf')], simple)
    assert.equal(code, 1)
    assert.match(said, /none was found/)
  } finally {
    if (before === undefined) delete process.env['CHROME_PATH']
    else process.env['CHROME_PATH'] = before
  }
})
