import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson } from './jcs.ts'
import type { Json } from './json.ts'
import { needsStandards, standardJson, standardText } from '#test/standards'

test('the published inputs have the published canonical forms, byte for byte', needsStandards, () => {
  const names = ['arrays', 'french', 'structures', 'unicode', 'values', 'weird']
  for (const name of names) {
    const canonical = canonicalJson(standardJson<Json>(`jcs/input/${name}.json`))
    assert.equal(canonical, standardText(`jcs/output/${name}.json`), name)
    const hex = standardText(`jcs/outhex/${name}.txt`).replace(/\s+/g, '')
    assert.equal(Buffer.from(canonical).toString('hex'), hex, name)
  }
})

test('10,000 published numbers are written as published', needsStandards, () => {
  let seen = 0
  const view = new DataView(new ArrayBuffer(8))
  for (const line of standardText('jcs/numbers/es6testfile-10000.txt').split('\n')) {
    if (line === '') continue
    const [bits, expected] = line.split(',') as [string, string]
    view.setBigUint64(0, BigInt(`0x${bits}`))
    assert.equal(canonicalJson(view.getFloat64(0)), expected)
    seen++
  }
  assert.equal(seen, 10_000)
})

test('canonical JSON reads back as the same value and does not depend on the order of members', () => {
  const seed = 20_260_101
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      // jsonValue may contain -0, which JSON cannot tell from 0.
      const plain = JSON.parse(JSON.stringify(value)) as Json
      const canonical = canonicalJson(plain)
      assert.deepEqual(JSON.parse(canonical), plain)
      assert.equal(canonicalJson(turned(plain)), canonical)
    }),
    { seed, numRuns: 300 },
  )
})

test('what has no canonical form is refused', () => {
  for (const bad of ['\ud800', { '\udc00': 1 }, [Number.NaN], Number.POSITIVE_INFINITY]) {
    assert.throws(() => canonicalJson(bad as Json), { code: 'proof.not_canonical_json' })
  }
  let deep: Json = []
  for (let i = 0; i < 10_000; i++) deep = [deep]
  assert.throws(() => canonicalJson(deep), { code: 'proof.not_canonical_json' })
  assert.throws(() => canonicalJson(undefined as unknown as Json), TypeError)
})

function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, turned(member as Json)]))
}
