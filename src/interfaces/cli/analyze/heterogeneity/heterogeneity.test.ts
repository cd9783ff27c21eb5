import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseRule } from '#journey/experiment'
import { generator } from '#kernel/numeric'
import { runAnalyze } from '../run-analyze.test-tool.ts'

const folder = mkdtempSync(join(tmpdir(), 'laurel-heterogeneity-'))
after(() => rmSync(folder, { recursive: true }))

type Json = {
  readonly warnings: readonly string[]
  readonly results: readonly { estimator: string; term: string; estimate: number; std_error: number | null; formula: string; n: number; options: Record<string, unknown> }[]
  readonly policy?: Record<string, unknown>
}
/** Few trees and one plain estimator: what is tested is the way, not the figures, which the kernel's own tests hold. */
const forest = ['--heterogeneity', 'forest', '--trees', '40', '--threads', '1', '--estimators', 'difference_in_means']
const words = ['-', '--outcome', 'y', '--treatment', 'z', '--covariates', 'x,kind,age']
const asked = async (csv: string, ...more: readonly string[]): Promise<Json> => {
  const { code, out, said } = await runAnalyze([...words, ...forest, ...more, '--json'], csv)
  assert.equal(code, 0, said)
  return JSON.parse(out) as Json
}

/** The treatment helps where kind is "new" and harms as much elsewhere. */
function trial(rows: number, effect: number, seed = 'gains', digits = 4): string {
  const random = generator(seed)
  const lines = Array.from({ length: rows }, () => {
    const [z, x, kind, age] = [random.below(2), random.normal(), random.below(2) === 1 ? 'new' : 'old', 18 + random.below(40)]
    return [(z * (kind === 'new' ? effect : -effect) + 0.3 * x + random.normal()).toFixed(4), z, x.toFixed(digits), kind, age].join(',')
  })
  return `y,z,x,kind,age\n${lines.join('\n')}\n`
}
const strong = trial(900, 1)
const none = trial(500, 0)

test('every estimator of the order is there, and a rule that is in the data is found, valued and said', async () => {
  const { results, policy } = await asked(strong, '--policy-depth', '1', '--cost', '0.1', '--protected', 'kind', '--priority', 'age')
  const names = new Set(results.map((row) => row.estimator))
  for (const name of ['causal_forest.ate', 'causal_forest.att', 'causal_forest.ato', 'calibration_test', 'best_linear_projection', 'rate.autoc', 'rate.qini', 'rate.toc', 'gate', 'clan', 'baseline_score', 'gate_tertile', 'gate_group', 'gate_interaction', 'gate_equality', 'cost_curve', 'policy_value', 'policy_harm']) assert.ok(names.has(name), name)
  for (const row of results) assert.ok(Number.isFinite(row.estimate), JSON.stringify(row))
  const found = (estimator: string, term?: string) => results.find((row) => row.estimator === estimator && (term === undefined || row.term === term) && row.formula !== 'age')!
  assert.ok(Math.abs(found('causal_forest.ate').estimate) < 0.2)
  assert.ok(found('rate.autoc').estimate > 3 * found('rate.autoc').std_error!)
  assert.equal(results.filter((row) => row.estimator === 'rate.autoc').length, 2, 'by the prediction and by the column')
  const value = found('policy_value', 'policy - nobody treated')
  // Half of the people gain 1 at a cost of 0.1.
  assert.ok(Math.abs(value.estimate - 0.45) < 4 * value.std_error!, `${value.estimate}`)
  assert.equal(policy?.['sentence'], 'Treat where kind is new; nobody else.')
  assert.deepEqual(policy?.['tree'], { column: 'kind', is: 'old', yes: { arm: '0', rows: (policy!['tree'] as { yes: { rows: number } }).yes.rows }, no: { arm: '1', rows: (policy!['tree'] as { no: { rows: number } }).no.rows } })
  assert.equal(policy?.['settled'], true)
  // The record is one that an experiment can draw by.
  assert.deepEqual(parseRule(policy!, ['0', '1']), { column: 'kind', is: 'old', yes: { arm: '0' }, no: { arm: '1' } })
})

test('exact splits say the same where each value has its code, and nearly the same where values are grouped', async () => {
  const average = async (csv: string, ...more: readonly string[]) => (await asked(csv, ...more)).results.find((row) => row.estimator === 'causal_forest.ate')!
  const coarse = trial(400, 1, 'gains', 0) // a handful of values
  assert.deepEqual((await average(coarse, '--exact-splits')).estimate, (await average(coarse)).estimate)
  const [exact, grouped] = [await average(strong, '--exact-splits'), await average(strong)]
  assert.notEqual(exact.estimate, grouped.estimate)
  assert.ok(Math.abs(exact.estimate - grouped.estimate) < 0.3 * exact.std_error!, `${exact.estimate}, ${grouped.estimate}`)
})

test('on noise nothing is found, and what could have been seen is said', async () => {
  const { code, out } = await runAnalyze([...words, ...forest], none)
  assert.equal(code, 0)
  assert.match(out, /These rows do not show that some gain more in y than others/)
  assert.match(out.replaceAll('\n', ' '), /is seen 4 times in 5 where it is 0\.\d+ or more/)
  assert.match(out.replaceAll('\n', ' '), /do not show that the rule does better than treating (nobody|everybody)/)
})

test('where covariates foretell nothing, groups by the expected outcome are called groups of chance', async () => {
  const random = generator('chance')
  const chance = none.split('\n').map((line, i) => (i === 0 || line === '' ? line : line.replace(/^[^,]+/u, random.normal().toFixed(4)))).join('\n')
  const warned = async (csv: string) => (await asked(csv)).warnings.some((one) => one.includes('groups of chance'))
  assert.equal(await warned(chance), true)
  assert.equal(await warned(strong), false)
})

test('the same bytes with any number of threads; predictions in the order of the file, empty where a row was not used', async () => {
  const gaps = none.split('\n').map((line, i) => (i === 3 ? line.replace(/^[^,]+/u, '') : line)).join('\n')
  const run = async (threads: string): Promise<string> => {
    const { code, said } = await runAnalyze([...words, ...forest, '--threads', threads, '--predictions', join(folder, `p${threads}.csv`), '--json'], gaps)
    assert.equal(code, 0, said)
    assert.match(said, /never to rank people/)
    return readFileSync(join(folder, `p${threads}.csv`), 'utf8')
  }
  const one = await run('1')
  assert.equal(await run('2'), one)
  const lines = one.trimEnd().split('\n')
  assert.equal(lines.length, 501)
  assert.equal(lines[0], 'row,tau,std_error,propensity,score')
  assert.equal(lines[3], '3,,,,')
  for (const line of lines.slice(1).filter((_, i) => i !== 2)) assert.ok(line.split(',').every((field) => field !== '' && Number.isFinite(Number(field))), line)
})

test('the report has a sheet about who gains: in words, drawn, with the caveat of sorted effects, and no request', async () => {
  const file = join(folder, 'gains.html')
  const { code, said } = await runAnalyze([...words, ...forest, '--protected', 'kind', '--budget', '0.3', '--cost', '0.05', '--html', file], strong)
  assert.equal(code, 0, said)
  const report = readFileSync(file, 'utf8')
  for (const part of ['Some gain more', 'Targeting curve', 'By what was expected without treatment', 'Lowest less highest', 'Calibration:', 'chosen', 'Whom to treat', 'class="ruletree"', 'What a budget can gain', 'a budget for 30%', 'What marks those', 'Sorted noise rises too', 'protected groups', 'AUTOC', 'Best linear projection', 'Causal forest:']) assert.ok(report.includes(part), part)
  assert.doesNotMatch(report, /NaN|undefined|<script|Infinity/)
})

test('bad input is refused with a code and a sentence, or stands as a warning in the result; never a quiet NaN', async () => {
  const refusals: readonly (readonly [csv: string, words: string, code: string, sentence: RegExp])[] = [
    [none, '--heterogeneity forrest', 'analyze.unknown_choice', /Did you mean “forest”/],
    [none, '--trees 100', 'analyze.needs_option', /--heterogeneity forest/],
    [none, '--heterogeneity forest --trees many', 'analyze.number_refused', /whole number from 10/],
    [none, '--heterogeneity forest --propensity 1.5', 'analyze.number_refused', /between 0 and 1/],
    [none, '--heterogeneity forest --cost=-1', 'analyze.number_refused', /zero or above/],
    [none, '--heterogeneity forest --budget 0', 'analyze.number_refused', /above 0/],
    [none, '--heterogeneity forest --policy-depth 4', 'analyze.number_refused', /from 1 to 3/],
    [none, '--heterogeneity forest --priority agee', 'analyze.no_column', /Did you mean “age”/],
    [none, '--heterogeneity forest --priority y', 'analyze.same_column', /--outcome and as --priority/],
    [none, '--heterogeneity forest --priority kind', 'analyze.text_column', /priority “kind” is text/],
    // Outcomes of one arm only.
    [none.replaceAll(/^[-\d.]+,1,/gmu, ',1,'), '--heterogeneity forest', 'analyze.one_arm_left', /one arm/],
    // A block in which nobody was treated.
    [`${none.replace('y,z,x,kind,age', 'y,z,x,kind,age,b').replaceAll(/^(.*\d)$/gmu, '$1,1')}0.5,0,0.1,new,30,2\n0.7,0,0.2,old,31,2\n`, '--heterogeneity forest --blocks b', 'analyze.block_of_one_arm', /“b” = 2 is in one arm/],
    [`y,z,x,kind,age\n${Array.from({ length: 10 }, (_, i) => `${i % 3},${i % 2},${i},${['new', 'old'][i % 2]},${20 + i}`).join('\n')}\n`, '--heterogeneity forest --trees 10', 'causal.never_out_of_bag', /Grow more trees/],
  ]
  for (const [csv, more, code, sentence] of refusals) {
    const { code: exit, out, said } = await runAnalyze([...words, ...more.split(' '), '--json'], csv)
    assert.equal(exit, 1, `${more}: ${said}`)
    assert.equal((JSON.parse(out) as { error: { code: string } }).error.code, code, `${more}: ${said}`)
    assert.match(said, sentence, more)
    assert.doesNotMatch(said, /undefined|NaN|\[object|·/)
  }
  assert.match((await runAnalyze(['-', '--outcome', 'y', '--treatment', 'z', ...forest], none)).said, /--covariates is needed/)
})

test('constant columns, gaps, a text with 5,000 values, more covariates than rows and no overlap are told or refused', async () => {
  const random = generator('odd')
  const constant = await asked(none.replaceAll(/,\d+$/gmu, ',30'))
  assert.ok(constant.warnings.some((one) => one.startsWith('age is the same in every row')))
  const gaps = await asked(none.split('\n').map((line, i) => (i % 7 === 3 ? line.replace(/,\d+$/u, ',') : line)).join('\n'))
  assert.ok(gaps.warnings.some((one) => one.startsWith('age has gaps')), gaps.warnings.join('\n'))
  const many = `y,z,x,kind,age\n${Array.from({ length: 6000 }, (_, i) => `${random.normal().toFixed(3)},${i % 2},1.${i},name ${i % 5000},${i % 40}`).join('\n')}\n`
  assert.match((await runAnalyze([...words, ...forest], many)).said, /“kind” is text with 5000 different values/)
  // The checks of the draw take 1,000 columns ten seconds.
  const wide = Array.from({ length: process.env['LAUREL_FULL'] === '1' ? 1000 : 150 }, (_, j) => `c${j}`)
  const columns = `y,z,${wide.join(',')}\n${Array.from({ length: 120 }, (_, i) => [random.normal().toFixed(3), i % 2, ...wide.map(() => random.below(3))].join(',')).join('\n')}\n`
  const { code, said, out } = await runAnalyze(['-', '--outcome', 'y', '--treatment', 'z', '--covariates', wide.join(','), ...forest, '--trees', '20', '--json'], columns)
  assert.equal(code, 0, said)
  assert.ok((JSON.parse(out) as Json).warnings.some((one) => one.includes(`first 30 of ${wide.length} columns`)))
  assert.ok((JSON.parse(out) as Json).warnings.some((one) => one.startsWith('best_linear_projection could not be computed')))
  // Whoever is above 0 is nearly always treated.
  const parted = `y,z,x,kind,age\n${Array.from({ length: 600 }, () => { const x = random.normal(); return [random.normal().toFixed(3), random.uniform() < (x > 0 ? 0.99 : 0.02) ? 1 : 0, x.toFixed(3), 'new', 30].join(',') }).join('\n')}\n`
  const overlap = await runAnalyze([...words, ...forest, '--propensity', 'estimated'], parted)
  assert.match(`${overlap.out}${overlap.said}`.replaceAll('\n', ' '), /% of the rows have a chance of|propensity/)
})
