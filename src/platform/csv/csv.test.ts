import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '#kernel/fault'
import { readCsv, writeCsvRow, type CsvRecord } from './index.ts'

async function* pieces(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function read(text: string | Uint8Array, required: readonly string[] = ['a', 'b'], size?: number): Promise<readonly CsvRecord[]> {
  const records: CsvRecord[] = []
  for await (const record of readCsv(pieces(text, size), required)) records.push(record)
  return records
}
const code = (wanted: string) => (error: unknown) => isFault(error) && error.code === wanted

test('quotes, commas, line ends inside fields, a byte order mark and Windows line ends are read as they should be', async () => {
  const records = await read('\uFEFFA,b\r\n"x, ""y""","two\r\nlines"\r\n1,2\r\n')
  assert.deepEqual(records.map((one) => [one.row, one.fields['a'], one.fields['b']]), [[2, 'x, "y"', 'two\r\nlines'], [3, '1', '2']])
})

test('a file whose rows end in two ways is read as one', async () => {
  assert.deepEqual((await read('a,b\r\n1,2\r\n3,4\n5,6\n')).map((one) => one.fields['b']), ['2', '4', '6'])
})

test('a semicolon file is read with semicolons', async () => {
  assert.deepEqual((await read('a;b\n1,5;2\n', ['a', 'b'], 1000))[0]?.fields['a'], '1,5')
})

test('bytes that are not UTF-8 are found in their column, whatever the pieces', async () => {
  const bytes = Buffer.concat([Buffer.from('a,b\nfine,'), Buffer.from([0x4a, 0xf6, 0x72]), Buffer.from('\nmøre,ok\n')])
  for (const size of [1, 2, 3, 50]) assert.deepEqual((await read(bytes, ['a', 'b'], size)).map((one) => one.notUtf8), [['b'], []])
})

test('a row that is too short or too long says so', async () => {
  assert.deepEqual((await read('a,b\n1\n1,2,3\n1,2\n')).map((one) => one.wrongWidth), [1, 3, undefined])
})

test('a missing column, a column named twice, an empty file, UTF-16 and an open quote are each refused in words', async () => {
  await assert.rejects(read('a,c\n1,2\n'), (error: unknown) => code('csv.no_columns')(error) && error instanceof Error && /lacks b; it has a, c/.test(error.message))
  await assert.rejects(read('a,b,a\n'), code('csv.twice'))
  await assert.rejects(read(''), code('csv.empty'))
  await assert.rejects(read(Buffer.from('\uFEFFa,b\n', 'utf16le')), code('csv.not_utf8'))
  await assert.rejects(read('a,b\n1,2\n1,"2\n3,4\n'), (error: unknown) => code('csv.broken')(error) && error instanceof Error && error.message.startsWith('Row 3:'))
})

test('a column called __proto__ is a column', async () => {
  assert.equal((await read('a,b,__proto__\n1,2,3\n'))[0]?.fields['__proto__'], '3')
})

test('what is written is read back, and no field is a live formula', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 2 }), async (fields) => {
      const row = writeCsvRow(['x', ...fields])
      const back = (await read(`k,a,b\r\n${row}`, ['a', 'b'], 5))[0]
      for (const [at, name] of (['a', 'b'] as const).entries()) {
        const value = back?.fields[name] ?? ''
        assert.doesNotMatch(value, /^[=+\-@\t\r]/)
        assert.equal(value.replace(/^'/, ''), fields[at]!.trim().replace(/^'/, ''))
      }
    }),
    { numRuns: 200, seed: 20261124 },
  )
})
