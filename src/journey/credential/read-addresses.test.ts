import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { readAddresses } from './read-addresses.ts'

const read = async (text: string | Uint8Array, most = 100) => await readAddresses(typeof text === 'string' ? Buffer.from(text) : text, most)
const said = (code: string) => (error: unknown) => isFault(error) && error.code === code

test('the column of the addresses is found by its name, in capitals and with a byte order mark too; all others are kept', async () => {
  for (const name of ['address', 'URL', 'Credential URL', ' Link ']) {
    const list = await read(`\uFEFFCandidate,${name}\r\nAna,https://a.example/c/1\r\n`)
    assert.deepEqual([list.column, list.columns], [name.trim().toLowerCase(), ['candidate', name.trim().toLowerCase()]])
    assert.deepEqual(list.rows.map((one) => [one.row, one.given, one.fields['candidate'], one.fault]), [[2, 'https://a.example/c/1', 'Ana', undefined]])
  }
})

test('addresses alone, one a line, are a list without a row of names, and its first row is row 1', async () => {
  for (const mark of ['', '\uFEFF']) {
    const list = await read(`${mark}https://a.example/c/1\nhttps://a.example/c/2\n`)
    assert.deepEqual(list.rows.map((one) => [one.row, one.given]), [[1, 'https://a.example/c/1'], [2, 'https://a.example/c/2']])
  }
})

test('each row has its own fault, and the row of the spreadsheet', async () => {
  const bytes = Buffer.concat([Buffer.from('name,url\nAna,\nBo,not one\nCy,javascript:alert(1)\nDi,https://a.example/c/1,more\nE'), Buffer.from([0xf6]), Buffer.from(`,https://a.example/c/2\nFi,https://a.example/${'x'.repeat(2048)}\n\nGi,http://a.example/c/3\n`)])
  assert.deepEqual(
    (await read(bytes)).rows.map((one) => [one.row, one.fault, one.has]),
    [[2, 'empty', undefined], [3, 'no_address', undefined], [4, 'no_address', undefined], [5, 'width', 3], [6, 'not_utf8', undefined], [7, 'no_address', undefined], [8, undefined, undefined]],
  )
})

test('a list that cannot be read is refused whole: no column, no row, a row too many, no CSV', async () => {
  await assert.rejects(read('name,mail\nAna,a@b.example\n'), said('credential.no_address_column'))
  await assert.rejects(read('address\n'), said('credential.list_empty'))
  await assert.rejects(read('address\nhttps://a.example/1\nhttps://a.example/2\n', 1), said('credential.list_too_long'))
  assert.equal((await read('address\nhttps://a.example/1\n', 1)).rows.length, 1)
  await assert.rejects(read('address\n"https://a.example/1\n'), said('csv.broken'))
  await assert.rejects(read('\uFEFFaddress\n', 1), said('credential.list_empty'))
})
