/** What people's files are like: each is answered rightly, or refused with a code, a sentence that names row and column, and exit 1. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Estimate } from '#kernel/causal'
import { generator } from '#kernel/numeric'
import { readTable } from './read-table.ts'
import { spooled } from './spool.ts'
import { runAnalyze } from './run-analyze.test-tool.ts'

const folder = mkdtempSync(join(tmpdir(), 'laurel-bad-'))
after(() => rmSync(folder, { recursive: true }))

interface Person {
  readonly z: number
  readonly y: number
  readonly x: number
  readonly note: string
}
const people: readonly Person[] = (() => {
  const random = generator(20261129, 'bad input')
  return Array.from({ length: 300 }, (_, i) => ({ z: i % 2, y: Number((random.normal() + (i % 2)).toFixed(3)), x: Number(random.normal().toFixed(3)), note: ['one', 'two'][random.below(2)]! }))
})()
const clean = `z,y,x,note\n${people.map(({ z, y, x, note }) => `${z},${y},${x},${note}`).join('\n')}\n`
const words = ['--outcome', 'y', '--treatment', 'z', '--covariates', 'x,note']

const figures = async (file: string | Uint8Array, ...more: string[]): Promise<readonly Estimate[]> => {
  const { code, out, said } = await runAnalyze(['-', ...words, ...more, '--json'], file)
  assert.equal(code, 0, said)
  return (JSON.parse(out) as { results: Estimate[] }).results
}

test('quotes with line ends in them, decimal commas, a BOM, CRLF and blank lines change no figure', async () => {
  const wanted = await figures(clean)
  const quoted = `z,y,x,note\n${people.map(({ z, y, x, note }, i) => `"${z}",${y},"${x}","${note === 'one' ? 'one\nand ""only"", so\r\nto speak' : note}"${i === 9 ? '\n' : ''}`).join('\n')}\n`
  const renamed = (rows: readonly Estimate[]) => JSON.parse(JSON.stringify(rows).replaceAll('notetwo', 'T')) as unknown
  assert.deepEqual(renamed(await figures(quoted)), renamed(wanted))
  const german = `z;y;x;note\r\n${people.map(({ z, y, x, note }) => [z, String(y).replace('.', ','), String(x).replace('.', ','), note].join(';')).join('\r\n')}\r\n`
  assert.deepEqual(await figures(german), wanted)
  assert.deepEqual(await figures(`\uFEFF${clean}`), wanted)
  assert.deepEqual(await figures(`\uFEFF${german.replaceAll(';', '\t').replaceAll(',', '.')}`), wanted)
  assert.deepEqual(await figures(clean.replaceAll('\n', '\r')), wanted)
})

test('what cannot be right is refused: code, sentence with row and column, exit 1', async () => {
  const line = (row: number, text: string) => clean.split('\n').map((old, at) => (at + 1 === row ? text : old)).join('\n')
  const treatment = (of: (i: number) => string) => `z,y,x,note\n${people.map(({ y, x, note }, i) => [of(i), y, x, note].join(',')).join('\n')}\n`
  const cases: readonly (readonly [what: string, file: string | Uint8Array, code: string, sentence: RegExp])[] = [
    ['a treatment with one value', treatment(() => '1'), 'one_value', /Treatment “z” is 1 in every row/],
    ['three values without --arms', treatment((i) => String(i % 3)), 'many_values', /Treatment “z” has 3 values \(0, 1, 2\).*--arms "0,1"/],
    ['an outcome of text', line(77, '1,late,0.5,one'), 'text_column', /The outcome “y” is text \(row 77: “late”\), and numbers are needed/],
    ['a column that does not exist', clean.replace('z,y,x,note', 'z,yy,x,note'), 'no_column', /There is no column “y”\. Did you mean “yy”\? The file has: z, yy, x, note\./],
    ['decimal commas between quotes', line(3, '1,"2,5",0.5,one'), 'text_column', /The outcome “y” is text \(row 3: “2,5”\).*looks like a decimal comma/],
    ['decimal commas without quotes', line(40, '1,2,5,0.5,one'), 'ragged', /Row 40 of the standard input has 5 fields and the first line names 4\. Is a field with the separator in it not quoted\?/],
    ['separators of thousands', line(5, '1,"1,234.5",0.5,one'), 'text_column', /row 5: “1,234\.5”.*separators of thousands/],
    ['a row cut short', line(300, '1,2'), 'ragged', /Row 300 of the standard input has 2 fields/],
    ['a quote that is not closed', line(301, '1,2,3,"one'), 'quote_open', /The standard input ends inside a quoted field that began in row 301; a closing quote is missing/],
    ['an infinite outcome', line(12, '0,-Inf,0.5,one'), 'not_finite', /Column “y” holds an infinite number in row 12/],
    ['a workbook', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), 'not_a_table', /Excel/],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7a, 0, 0x2c, 0]), 'not_a_table', /UTF-16/],
    ['nothing', '', 'empty_file', /no rows of data/],
    ['a quote that swallows the file', `${line(20, '1,2,3,"one')}${'x,'.repeat(9 << 20)}`, 'row_too_long', /Row 20 of the standard input does not end within 17 MB/],
    ['a first line without an end', 'z,'.repeat(9 << 20), 'row_too_long', /Row 1 of the standard input/],
  ]
  for (const [what, file, code, sentence] of cases) {
    const answer = await runAnalyze(['-', ...words, '--json'], file)
    assert.equal(answer.code, 1, `${what}: ${answer.said}`)
    const { error } = JSON.parse(answer.out) as { readonly error: { readonly code: string; readonly sentence: string } }
    assert.equal(error.code, `analyze.${code}`, `${what}: ${error.sentence}`)
    assert.match(error.sentence, sentence, what)
    assert.equal(answer.said, error.sentence)
  }
})

test('a long input is kept in a file of our own that nobody else reads and that is gone afterwards', async () => {
  const kept = () => readdirSync(tmpdir()).filter((name) => name.startsWith('laurel-input-'))
  const before = kept()
  const pieces = async function* () {
    for (let i = 0; i < 100; i++) yield new Uint8Array(1_000).fill(i)
  }
  const source = await spooled(pieces(), 10_000)
  for (let again = 0; again < 2; again++) {
    let at = 0
    for await (const piece of source.open()) for (const byte of piece) assert.equal(byte, Math.floor(at++ / 1_000))
    assert.equal(at, 100_000)
  }
  const [added] = kept().filter((name) => !before.includes(name))
  assert.ok(added !== undefined)
  await source.close()
  assert.ok(!existsSync(join(tmpdir(), added)))
})

/** Rows of 24 columns of which two are asked for, 64 bytes each. */
const wide = (rows: number) => function* (): Generator<string> {
  const tail = `,${Array.from({ length: 22 }, (_, j) => 10 + j).join(',').slice(0, 59)}\n`
  const fields = tail.split(',').length - 1
  yield `z,y,${Array.from({ length: fields }, (_, j) => `x${j}`).join(',')}\n`
  for (let at = 0; at < rows; at += 10_000) yield Array.from({ length: Math.min(10_000, rows - at) }, (_, i) => `${i % 2},${(i * 7) % 10}${tail}`).join('')
}

test('the reader keeps the columns that are asked for and no byte of the file', async () => {
  const rows = 200_000
  // One buffer for all pieces: whatever was kept of an earlier piece would be wrong.
  const buffer = Buffer.alloc(1 << 20)
  const open = async function* () {
    for (const piece of wide(rows)()) yield buffer.subarray(0, buffer.write(piece))
  }
  const table = await readTable({ file: 'wide.csv', path: undefined, open }, () => ({ columns: ['z', 'y'], treatment: 'z' }))
  assert.deepEqual([...table.columns.keys()], ['z', 'y'])
  for (const [name, wanted] of [['z', (i: number) => i % 2], ['y', (i: number) => ((i % 10_000) * 7) % 10]] as const) {
    const column = table.columns.get(name)
    assert.ok(column?.kind === 'number' && column.values.length === rows && column.values.every((value, i) => value === wanted(i)), name)
    assert.ok(column.values.buffer.byteLength <= 1.5 * 8 * rows + 8_192)
  }
  await assert.rejects(readTable({ file: 'wide.csv', path: undefined, open }, () => ({ columns: ['z', 'y'], treatment: 'z' }), 2 * 8 * rows - 1), /of the 3 MB that this machine can give/)
})

const long = process.env['LAUREL_FULL'] === undefined ? 'runs under LAUREL_FULL=1: 320 MB through a pipe' : false

test('memory grows with the columns that are asked for and not with what is piped in', { skip: long }, async () => {
  const peak = async (rows: number): Promise<{ readonly megabytes: number; readonly piped: number }> => {
    const note = join(folder, `usage-${rows}`)
    const watch = `import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(${JSON.stringify(note)},String(process.resourceUsage().maxRSS/1024)))`
    const child = spawn(process.execPath, [`--import=data:text/javascript,${encodeURIComponent(watch)}`, join(import.meta.dirname, '../../../main.ts'), 'analyze', '-', '--outcome', 'y', '--treatment', 'z', '--estimators', 'difference_in_means', '--json'], { stdio: ['pipe', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text))
    const ended = once(child, 'close')
    let bytes = 0
    for (const piece of wide(rows)()) {
      bytes += piece.length
      if (!child.stdin.write(piece)) await once(child.stdin, 'drain')
    }
    child.stdin.end()
    assert.deepEqual(await ended, [0, null])
    assert.equal((JSON.parse(out) as { results: Estimate[] }).results[0]?.n, rows)
    return { megabytes: Number(readFileSync(note, 'utf8')), piped: bytes / 2 ** 20 }
  }
  // Both are long enough for the heap to have its size.
  const [short, full] = [await peak(1_000_000), await peak(4_000_000)]
  const [piped, grown] = [full.piped - short.piped, full.megabytes - short.megabytes]
  // Outcome, treatment and arm: 8 bytes a row each. 32 MB for buffers that wait to be collected.
  const columns = (3 * 8 * 3_000_000) / 2 ** 20
  console.log(`${Math.round(piped)} MB more were read with ${Math.round(grown)} MB more of memory; the columns grew by ${Math.round(columns)} MB`)
  assert.ok(piped > 180 && grown < columns + 32)
})

test('a file that is no file is refused', async () => {
  writeFileSync(join(folder, 'clean.csv'), clean)
  assert.equal((await runAnalyze([join(folder, 'clean.csv'), ...words, '--json'])).code, 0)
  assert.match((await runAnalyze([folder, ...words])).said, /is a folder/)
})
