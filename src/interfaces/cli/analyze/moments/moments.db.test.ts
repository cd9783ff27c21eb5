/** Groups that PostgreSQL and DuckDB form, against the same rows read from a file. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import type { Estimate } from '#kernel/causal'
import { generator } from '#kernel/numeric'
import { testDatabase, type TestDatabase } from '#test/cluster'
import { runAnalyze } from '../run-analyze.test-tool.ts'

const folder = mkdtempSync(join(tmpdir(), 'laurel-moments-'))
const [csv, parquet] = [join(folder, 'panel.csv'), join(folder, 'panel.parquet')]
const rows = 3_000

/** Three arms of which two are compared, gaps in every kind of column, blocks of other shares, whole clusters, and an outcome far from zero. */
function panel(): string {
  const random = generator(20261129, 'moments')
  const lines = Array.from({ length: rows }, (_, i) => {
    const block = i % 4
    const arm = i % 17 === 0 ? 'other' : random.uniform() < 0.3 + 0.1 * block ? 'nudge' : 'control'
    const treated = arm === 'nudge' ? 1 : 0
    const age = 1980 + random.below(5)
    const place = ['north', 'south', 'east'][random.below(3)]!
    const shared = random.uniform() < 0.2 + 0.4 * treated ? 'true' : 'false'
    const village = Math.floor(i / 30)
    const hours = (1000 + 2 * treated + (age - 1980) + block + random.normal()).toFixed(3)
    return [arm, village % 2, i % 50 === 0 ? '' : hours, random.below(2), shared, i % 70 === 0 ? '' : age, i % 90 === 0 ? 'NA' : ` ${place} `, block, `v${village}`, random.normal().toFixed(6), 7].join(',')
  })
  return `arm,invited,hours,job,shared,born,place,block,village,score,constant\n${lines.join('\n')}\n`
}

suite('a table that stays where it is', () => {
  let database: TestDatabase
  let held = ''
  before(async () => {
    writeFileSync(csv, panel())
    const instance = await DuckDBInstance.create(':memory:')
    await (await instance.connect()).run(`COPY (SELECT * REPLACE (CASE WHEN trim(place) = 'NA' THEN NULL ELSE place END AS place) FROM read_csv('${csv}', header = true)) TO '${parquet}' (FORMAT parquet)`)
    instance.closeSync()
    database = await testDatabase({ empty: true })
    const client = new pg.Client({ connectionString: database.connectionString })
    await client.connect()
    await client.query('CREATE SCHEMA study')
    await client.query('CREATE TABLE study.panel (arm text, invited smallint, hours numeric, job int, shared boolean, born bigint, place text, block int, village varchar(9), score float8, constant int)')
    const lines = panel().trim().split('\n').slice(1).map((line) => line.split(',').map((field) => (field === '' ? null : field)))
    const fields = lines[0]!.map((_, at) => lines.map((line) => line[at]))
    await client.query('INSERT INTO study.panel SELECT a, b::smallint, c::numeric, d::int, e::boolean, f::bigint, g, h::int, i, j::float8, k::int FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[]) AS t(a, b, c, d, e, f, g, h, i, j, k)', fields)
    await client.end()
    held = `${database.connectionString}${database.connectionString.includes('?') ? '&' : '?'}table=study.panel`
  })
  after(async () => {
    await database.drop()
    rmSync(folder, { recursive: true })
  })

  const results = async (words: readonly string[]): Promise<{ readonly results: readonly Estimate[]; readonly warnings: readonly string[]; readonly reasons: readonly string[]; readonly data: { readonly file: string; readonly rows: number } }> => {
    const { code, out, said } = await runAnalyze([...words, '--json'])
    assert.equal(code, 0, `${words.join(' ')}: ${said}`)
    return JSON.parse(out) as never
  }
  const arms = ['--treatment', 'arm', '--arms', 'control,nudge']
  const all = ['--estimators', 'difference_in_means,lm_robust,lm_lin,iv_robust,anderson_rubin']
  const orders: readonly (readonly string[])[] = [
    ['--outcome', 'hours,job', ...arms, '--take-up', 'shared', '--covariates', 'born,place', '--planned', '3:2', ...all],
    ['--outcome', 'hours', ...arms, '--take-up', 'shared', '--covariates', 'born,place', '--se', 'classical,HC0,HC1,HC2,HC3', ...all],
    ['--outcome', 'hours', ...arms, '--take-up', 'shared', '--covariates', 'born,place,score', '--se', 'classical', '--estimators', 'difference_in_means,lm_robust,lm_lin,iv_robust'],
    ['--outcome', 'hours', ...arms, '--blocks', 'block', '--covariates', 'born,constant'],
    ['--outcome', 'hours', ...arms, '--blocks', 'place', '--take-up', 'shared'],
    ['--outcome', 'hours', '--treatment', 'invited', '--cluster', 'village', '--covariates', 'born,place', '--estimators', 'difference_in_means,lm_lin'],
    ['--outcome', 'job', '--treatment', 'invited', '--cluster', 'village', '--take-up', 'shared', '--covariates', 'born', '--se', 'CR0,stata,CR2', ...all],
  ]

  test('the figures of groups are those of the rows, to nine digits, from PostgreSQL, Parquet and CSV', async () => {
    let compared = 0
    for (const order of orders) {
      const wanted = (await results([csv, ...order])).results.filter((row) => !/^(?:balance|multiple_testing|randomization_inference|lee_bounds)/.test(row.estimator) && !row.formula.startsWith('observed('))
      for (const source of [[held], [parquet, '--moments', 'sql'], [csv, '--moments', 'sql']]) {
        const { results: found, data } = await results([...source, ...order])
        assert.equal(data.rows, rows)
        const name = (row: Estimate) => `${row.estimator} ${row.formula} ${row.term} ${JSON.stringify(row.options)}`
        assert.deepEqual(found.map(name), wanted.map(name), `${source[0]} ${order.join(' ')}`)
        for (const [at, row] of wanted.entries()) {
          const own = found[at]!
          assert.equal(own.n, row.n)
          for (const figure of ['estimate', 'std_error', 'statistic', 'df', 'p_value', 'conf_low', 'conf_high'] as const) {
            const [a, b] = [own[figure], row[figure]]
            const tolerance = figure === 'p_value' ? 1e-7 : 1e-9
            assert.ok(a === b || (a !== null && b !== null && Math.abs(a - b) <= tolerance * Math.max(Math.abs(b), row.std_error ?? 0)), `${source[0]} ${name(row)} ${figure}: ${a}, from rows ${b}`)
          }
          compared += 1
        }
      }
    }
    assert.ok(compared > 100, String(compared))
  })

  test('what is left out, missing or constant is said as it is of a file', async () => {
    const order = orders[3]!
    const [file, table] = [await results([csv, ...order]), await results([held, ...order])]
    const plain = (sentences: readonly string[]) => sentences.filter((one) => !/covariates tell|Balance|was seen in|had by too few|have rows of one arm only/.test(one)).toSorted()
    assert.deepEqual(plain(table.warnings), plain(file.warnings))
    assert.ok(table.warnings.length > 2)
    assert.ok(table.reasons.some((one) => one.startsWith('The database grouped the rows')))
  })

  test('neither result nor report tells the password', async () => {
    const secret = held.replace(/\/\/(\w+)(?::[^@]*)?@/, '//$1:sesame@')
    assert.match(secret, /sesame/)
    const report = join(folder, 'report.html')
    const { code, said, out } = await runAnalyze([secret, ...orders[0]!, '--json', '--html', report])
    const told = code === 0 ? `${out}${said}${readFileSync(report, 'utf8')}` : said
    assert.doesNotMatch(told, /sesame/)
    assert.match(told, /table=study\.panel/)
  })

  test('a covariate that is new in every row is refused where groups are needed, and taken where sums are enough', async () => {
    const wide = join(folder, 'wide.parquet')
    const instance = await DuckDBInstance.create(':memory:')
    await (await instance.connect()).run(`COPY (SELECT i % 2 AS z, 1e6 + i AS x, (i * 7919) % 1000 + 3 * (i % 2) + i / 1000 AS y FROM range(250000) AS t(i)) TO '${wide}' (FORMAT parquet)`)
    instance.closeSync()
    const words = ['--outcome', 'y', '--treatment', 'z', '--covariates', 'x', '--estimators', 'lm_lin', '--moments', 'sql']
    const { code, out } = await runAnalyze([wide, ...words, '--json'])
    assert.equal(code, 1)
    assert.equal((JSON.parse(out) as { error: { code: string } }).error.code, 'analyze.too_many_groups')
    const sums = await results([wide, ...words, '--se', 'classical'])
    const wanted = await results([wide, ...words.slice(0, -2), '--se', 'classical'])
    for (const [at, row] of wanted.results.filter((one) => one.estimator === 'lm_lin').entries()) {
      for (const figure of ['estimate', 'std_error'] as const) assert.ok(Math.abs(sums.results[at]![figure]! - row[figure]!) <= 1e-9 * Math.max(Math.abs(row[figure]!), row.std_error!), `${row.term} ${figure}: ${sums.results[at]![figure]}, from rows ${row[figure]}`)
    }
  })

  test('what groups cannot say is refused with a code and a sentence', async () => {
    const refusals: readonly (readonly [words: readonly string[], sentence: RegExp])[] = [
      [['--outcome', 'hours', ...arms, '--estimators', 'lee_bounds'], /lee_bounds needs the rows themselves/],
      [['--outcome', 'hours', ...arms, '--weights', 'job'], /--weights needs the rows themselves/],
      [['--outcome', 'hours', ...arms, '--baseline', 'score'], /--baseline needs the rows themselves/],
      [['--outcome', 'hours', ...arms, '--covariates', 'born', '--subgroup-score', 'auto'], /--subgroup-score needs the rows themselves/],
      [['--outcome', 'hours', ...arms, '--covariates', 'born', '--heterogeneity', 'forest'], /--heterogeneity needs the rows themselves/],
      [['--outcome', 'hours,job', ...arms, '--family', 'romano-wolf'], /--family romano-wolf needs the rows themselves/],
      [['--outcome', 'village', ...arms], /The outcome “village” is text in/],
      [['--outcome', 'hour', ...arms], /no column “hour”. Did you mean “hours”\?/],
      [['--outcome', 'hours', '--treatment', 'arm'], /has 3 values \(control, nudge, other\)/],
      [['--outcome', 'hours', '--treatment', 'constant'], /is 7 in every row/],
    ]
    for (const [words, sentence] of refusals) {
      for (const source of [[held], [csv, '--moments', 'sql']]) {
        const { code, said } = await runAnalyze([...source, ...words])
        assert.equal(code, 1, words.join(' '))
        assert.match(said, sentence)
      }
    }
    const said = async (...words: string[]) => (await runAnalyze(words)).said
    assert.match(await said(`${held}s`, ...orders[0]!), /cannot be read: relation "study.panels" does not exist/)
    assert.match(await said(held.replace(/.table=.*/, ''), ...orders[0]!), /names no table/)
    assert.match(await said(csv, '--moments', 'r', ...orders[0]!), /--moments does not know “r”/)
    assert.match(await said('postgres://nobody@127.0.0.1:1/none?table=t', ...orders[0]!), /cannot be read/)
  })
})
