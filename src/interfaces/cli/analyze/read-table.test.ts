import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, createReadStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { numberOf } from './delimited-rows.ts'
import { readTable } from './read-table.ts'
import type { Table } from './table.ts'

const folder = mkdtempSync(join(tmpdir(), 'laurel-read-'))
after(() => rmSync(folder, { recursive: true }))

/** The text in pieces of so many bytes, as a slow pipe would bring it. */
const inPieces = (text: string, size: number) => async function* () {
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const read = (text: string, columns: readonly string[], size = 1 << 16, limit?: number): Promise<Table> => readTable({ file: 'x.csv', path: undefined, open: inPieces(text, size) }, () => ({ columns, treatment: columns[0]! }), limit)
const numbersOf = (table: Table, name: string): readonly (number | null)[] => {
  const column = table.columns.get(name)
  assert.ok(column?.kind === 'number', `${name} is no column of numbers`)
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
}
const textsOf = (table: Table, name: string): readonly (string | null)[] => {
  const column = table.columns.get(name)
  assert.ok(column?.kind === 'text', `${name} is no column of text`)
  return Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]!))
}

const awkward = '\uFEFFz,"y, the outcome",note,w\r\n1,2.5,"two\nlines, and ""quotes""",x\r\n0,,plain,NA\r\n\r\n1,-3e2,"",é\r\n'

test('quotes, line ends inside fields, a BOM, CRLF, an empty line and missing values are read alike, however the bytes arrive', async () => {
  for (const size of [1, 2, 3, 7, 1 << 16]) {
    const table = await read(awkward, ['z', 'y, the outcome', 'note', 'w'], size)
    assert.equal(table.rows, 3)
    assert.deepEqual(numbersOf(table, 'z'), [1, 0, 1])
    assert.deepEqual(numbersOf(table, 'y, the outcome'), [2.5, null, -300])
    assert.deepEqual(textsOf(table, 'note'), ['two\nlines, and "quotes"', 'plain', null])
    assert.deepEqual(textsOf(table, 'w'), ['x', null, 'é'])
  }
})

test('semicolons, tabs and bars part columns; with semicolons a comma is a decimal point', async () => {
  const german = await read('z;y;stadt\n0;1,5;Köln\n1;-2,25;"a;b"\n1;1e3;', ['z', 'y', 'stadt'])
  assert.deepEqual(numbersOf(german, 'y'), [1.5, -2.25, 1000])
  assert.equal(german.columns.get('y')?.kind === 'number' && german.columns.get('y')?.missing === 0 && (german.columns.get('y') as { commas: boolean }).commas, true)
  assert.deepEqual(textsOf(german, 'stadt'), ['Köln', 'a;b', null])
  assert.deepEqual(numbersOf(await read('z\ty\n0\t1\n1\t2\n', ['z', 'y']), 'y'), [1, 2])
  assert.deepEqual(numbersOf(await read('z|y\n0|1\n1|2', ['z', 'y']), 'y'), [1, 2])
  assert.deepEqual(numbersOf(await read('sep=;\r\nz;y\r\n0;1\r\n1;2\r\n', ['z', 'y']), 'y'), [1, 2])
  assert.deepEqual(numbersOf(await read('z,y\r0,1\r1,2', ['z', 'y']), 'y'), [1, 2])
})

test('a column that turns out to be text late is text from its first row, leading zeros and all', async () => {
  const rows = Array.from({ length: 5_000 }, (_, i) => `${i % 2},00${i}`)
  const table = await read(`z,zip\n${rows.join('\n')}\n1,A7\n`, ['z', 'zip'], 1_000)
  assert.equal(textsOf(table, 'zip')[7], '007')
  assert.equal(textsOf(table, 'zip')[5_000], 'A7')
})

test('numbers come out as the nearest doubles, as Number() reads them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), fc.stringMatching(/^-?\d{1,25}(\.\d{1,25})?$/)), { minLength: 1, maxLength: 20 }), async (fields) => {
      const table = await read(`z,y\n${fields.map((field, i) => `${i % 2},${field}`).join('\n')}\n`, ['z', 'y'])
      assert.deepEqual(numbersOf(table, 'y'), fields.map(Number))
    }),
    { numRuns: 200, seed: 20261124 },
  )
  assert.equal(numberOf('0x10', false), undefined)
  assert.equal(numberOf(' 12 ', false), 12)
  assert.equal(numberOf('Inf', false), Infinity)
  assert.equal(numberOf('1,5', false), undefined)
})

test('a column whose values each keep to one arm is reported, one that mixes arms or is new in every row is not', async () => {
  const rows = Array.from({ length: 400 }, (_, i) => [Math.floor(i / 20) % 2, i, `village ${Math.floor(i / 20)}`, i % 7].join(','))
  const table = await read(`z,id,village,mixed\n${rows.join('\n')}\n`, ['z'])
  assert.deepEqual(table.clusterLike, [{ column: 'village', values: 20, rows: 400 }])
})

test('what is no table is refused in a sentence', async () => {
  const refused = async (text: string, columns: readonly string[], sentence: RegExp, limit?: number) => assert.rejects(read(text, columns, 1 << 16, limit), (error: Error) => (assert.match(error.message, sentence), true))
  await refused('', ['z'], /no rows of data/)
  await refused('z,y\n', ['z'], /no rows of data/)
  await refused('just one\n1\n2\n', ['z'], /single column/)
  await refused('z,y\n1,2\n1,2,3\n', ['z'], /Row 3 of x\.csv has 3 fields and the first line names 2/)
  await refused('z,y\n1,"open\n', ['z'], /closing quote is missing/)
  await refused('z,y\n1,2\n', ['zz'], /no column “zz”. Did you mean “z”\?/)
  await refused('z,y,y\n1,2,3\n', ['z', 'y'], /two columns named “y”/)
  await refused('PK\u0003\u0004', ['z'], /Excel/)
  await refused('\u001f', ['z'], /single column|compressed/)
  await refused('z,y\n\u0000,2\n', ['z'], /bytes of zero/)
  await refused(`z,y\n${'0,1\n'.repeat(2_000)}`, ['z', 'y'], /of the 0 MB that this machine can give/, 10_000)
})

test('Parquet gives the columns that the same CSV gives', async () => {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const csv = 'z,y,name,when\n0,1.5,ann,2026-01-02\n1,,bob,2026-01-03\n0,-2,,2026-01-04\n'
  const path = join(folder, "o'data.parquet")
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (SELECT * FROM (VALUES (0, 1.5, 'ann', DATE '2026-01-02'), (1, NULL, 'bob', DATE '2026-01-03'), (0, -2, NULL, DATE '2026-01-04')) AS t(z, y, name, "when")) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`)
  instance.closeSync()
  const columns = ['z', 'y', 'name', 'when']
  const [a, b] = [await read(csv, columns), await readTable({ file: path, path, open: () => createReadStream(path) }, () => ({ columns, treatment: 'z' }))]
  assert.equal(b.rows, 3)
  for (const name of ['z', 'y']) assert.deepEqual(numbersOf(b, name), numbersOf(a, name))
  for (const name of ['name', 'when']) assert.deepEqual(textsOf(b, name), textsOf(a, name))
  await assert.rejects(read('PAR1 not really', ['z']), /name the file/)
})
