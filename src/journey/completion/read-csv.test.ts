import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Achievement } from './completion.ts'
import { readCompletionsCsv, requiredColumns, type CsvRead } from './read-csv.ts'

const achievement: Achievement = { id: 'a', issuerId: 'i', handle: 'course', domain: 'Business', document: {} }
const now = new Date('2026-10-01T00:00:00Z')
const header = `${requiredColumns.join(',')},score\n`
const good = 'L1,Ana Silva,ana@example.org,pt-BR,America/Sao_Paulo,BR,Bachelor degree,2026-08-30T10:00:00Z,71\n'

async function read(text: string | Uint8Array, achievements: readonly Achievement[] = [], fallback: Achievement | undefined = achievement): Promise<readonly CsvRead[]> {
  const rows: CsvRead[] = []
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  for await (const row of readCompletionsCsv((async function* () { yield bytes })(), { achievements: new Map(achievements.map((one) => [one.handle, one])), achievement: fallback, now })) rows.push(row)
  return rows
}
const findingsOf = (rows: readonly CsvRead[]) => rows.flatMap((row) => (row.ok ? [] : row.findings))

test('the example file is read without a fault, in every script', async () => {
  let rows = 0
  const names: string[] = []
  for await (const read of readCompletionsCsv(createReadStream(join(import.meta.dirname, '../../../examples/completions.csv')), { achievements: new Map(), achievement, now: new Date('2026-12-01') })) {
    rows++
    assert.ok(read.ok, JSON.stringify(read))
    names.push(read.input.learner.name)
  }
  assert.equal(rows, 300)
  for (const script of [/\p{Script=Latin}/u, /\p{Script=Devanagari}/u, /\p{Script=Arabic}/u, /\p{Script=Han}/u, /\p{Script=Cyrillic}/u, /"/, /,/]) assert.ok(names.some((name) => script.test(name)), String(script))
})

test('further columns are covariates, as numbers where they are numbers', async () => {
  const [row] = await read(header + good)
  assert.ok(row?.ok)
  assert.deepEqual(row.input.covariates, { score: 71 })
  assert.equal(row.input.learner.country, 'BR')
})

const faults: readonly (readonly [what: string, row: string, column: string, code: string])[] = [
  ['a date that does not exist', 'L1,Ana,a@example.org,en,UTC,BR,x,2026-02-30,', 'completed_at', 'completion.bad_date'],
  ['a date in the order of another country', 'L1,Ana,a@example.org,en,UTC,BR,x,30/08/2026,', 'completed_at', 'completion.bad_date'],
  ['a time without its zone', 'L1,Ana,a@example.org,en,UTC,BR,x,2026-08-30T10:00:00,', 'completed_at', 'completion.bad_date'],
  ['a date in the future', 'L1,Ana,a@example.org,en,UTC,BR,x,2027-08-30,', 'completed_at', 'completion.future_date'],
  ['no learner', ',Ana,a@example.org,en,UTC,BR,x,2026-08-30,', 'learner_id', 'completion.empty'],
  ['no name', 'L1,,a@example.org,en,UTC,BR,x,2026-08-30,', 'name', 'completion.empty'],
  ['no mail address', 'L1,Ana,not an address,en,UTC,BR,x,2026-08-30,', 'email', 'completion.bad_email'],
  ['two mail addresses', 'L1,Ana,"a@example.org,b@example.org",en,UTC,BR,x,2026-08-30,', 'email', 'completion.bad_email'],
  ['a zone that does not exist', 'L1,Ana,a@example.org,en,Mars/Olympus,BR,x,2026-08-30,', 'time_zone', 'completion.bad_time_zone'],
  ['no language', 'L1,Ana,a@example.org,english please,UTC,BR,x,2026-08-30,', 'locale', 'completion.bad_locale'],
  ['a country by its name', 'L1,Ana,a@example.org,en,UTC,Brazil,x,2026-08-30,', 'country', 'completion.bad_country'],
  ['a line end in a name', 'L1,"Ana\nBcc: x@example.org",a@example.org,en,UTC,BR,x,2026-08-30,', 'name', 'completion.control_character'],
  ['a field of a thousand characters', `L1,${'a'.repeat(1000)},a@example.org,en,UTC,BR,x,2026-08-30,`, 'name', 'completion.too_long'],
  ['a missing field', 'L1,Ana,a@example.org,en,UTC,BR,2026-08-30', '', 'completion.row_width'],
]
for (const [what, line, column, code] of faults) {
  test(`${what} is found at its row and column`, async () => {
    const rows = await read(`${header}${line}\n${good.replace('L1', 'L2')}`)
    const findings = findingsOf(rows)
    assert.deepEqual(findings.map((one) => [one.row, one.column, one.code]), [[2, column, code]])
    assert.ok(findings[0]?.sentence.startsWith('Row 2'))
    assert.equal(rows[1]?.ok, true, 'the good row after it is still good')
  })
}

test('a duplicate names the row that came first; bytes that are not UTF-8 name their column', async () => {
  assert.deepEqual(findingsOf(await read(header + good + good)).map((one) => [one.row, one.code]), [[3, 'completion.duplicate']])
  const latin1 = Buffer.concat([Buffer.from(header), Buffer.from('L1,J'), Buffer.from([0xfc]), Buffer.from('rgen,j@example.org,de,Europe/Berlin,DE,x,2026-08-30,\n')])
  assert.deepEqual(findingsOf(await read(latin1)).map((one) => [one.row, one.column, one.code]), [[2, 'name', 'completion.not_utf8']])
})

test('an achievement that nobody knows is found; a known one by its handle is taken', async () => {
  const withColumn = `${requiredColumns.join(',')},achievement\n`
  const row = (id: string, handle: string) => `${id},Ana,a@example.org,en,UTC,BR,x,2026-08-30,${handle}\n`
  const rows = await read(withColumn + row('L1', 'course') + row('L2', 'curse'), [achievement], undefined)
  assert.equal(rows[0]?.ok, true)
  assert.deepEqual(findingsOf(rows).map((one) => [one.row, one.column, one.code, one.value]), [[3, 'achievement', 'completion.unknown_achievement', 'curse']])
})

test('several faults of one row are all listed', async () => {
  assert.deepEqual(findingsOf(await read(`${header}L1,,x,??,Nowhere,Brazil,,2026-13-01,\n`)).map((one) => one.column), ['name', 'email', 'locale', 'time_zone', 'country', 'completed_at'])
})
