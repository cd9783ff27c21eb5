import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readJson, under, type JsonFaultCode } from './json.ts'

const refused = (text: string | Uint8Array): JsonFaultCode | undefined => {
  const reading = readJson(text)
  return reading.ok ? undefined : reading.code
}

test('ordinary JSON reads as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ depthSize: 'small' }), (text) => {
      const reading = readJson(text)
      const hasForbidden = text.includes('__proto__')
      if (reading.ok) assert.deepEqual(reading.value, JSON.parse(text))
      else assert.ok(hasForbidden || reading.code === 'duplicate_key' || reading.code === 'lone_surrogate', reading.code)
    }),
    { seed: 20261124, numRuns: 500 },
  )
})

test('equal keys are refused, also when one of them is written with escapes', () => {
  assert.equal(refused('{"a":1,"a":2}'), 'duplicate_key')
  assert.equal(refused('{"a":1,"\\u0061":2}'), 'duplicate_key')
  assert.equal(refused('{"a":{"b":1},"c":[{"d":1,"e":{"x":1,"x":2}}]}'), 'duplicate_key')
  assert.equal(refused('{"a":{"b":1},"b":[{"a":1},{"a":2}]}'), undefined)
  assert.equal(refused('{"a":"a","b":"a","c":["a","a"]}'), undefined)
})

test('__proto__ is refused wherever it is a key, and is an ordinary value', () => {
  assert.equal(refused('{"__proto__":{"x":1}}'), 'forbidden_key')
  assert.equal(refused('[{"a":{"\\u005f_proto__":1}}]'), 'forbidden_key')
  assert.equal(refused('["__proto__"]'), undefined)
})

test('depth, size and number of values have limits', () => {
  assert.equal(refused('['.repeat(64) + ']'.repeat(64)), undefined)
  assert.equal(refused('['.repeat(65) + ']'.repeat(65)), 'too_deep')
  assert.equal(refused('['.repeat(10_000)), 'too_deep')
  assert.equal(refused(`"${'x'.repeat(1_048_576)}"`), 'too_large')
  assert.equal(refused(`[${'0,'.repeat(200_000)}0]`), 'too_many_values')
})

test('what is not UTF-8, not JSON, or not a Unicode string is refused', () => {
  assert.equal(refused(Uint8Array.of(0x22, 0xff, 0x22)), 'not_utf8')
  assert.equal(refused(''), 'not_json')
  assert.equal(refused('{"a":1'), 'not_json')
  assert.equal(refused('{"a":1}}'), 'not_json')
  assert.equal(refused('{a:1}'), 'not_json')
  assert.equal(refused('"abc'), 'not_json')
  assert.equal(refused('{"a":"\\x"}'), 'not_json')
  assert.equal(refused('["\\ud800"]'), 'lone_surrogate')
  assert.equal(refused('["\\udc00\\ud800"]'), 'lone_surrogate')
  assert.equal(refused('["\\ud83d\\ude00"]'), undefined)
  assert.equal(refused('[1e400]'), 'number_out_of_range')
  assert.equal(refused('[NaN]'), 'not_json')
})

test('a byte order mark is dropped', () => {
  assert.deepEqual(readJson(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31)), { ok: true, value: 1 })
})

test('pointers escape the two characters of RFC 6901', () => {
  assert.equal(under(under('', 'a/b'), 'c~d'), '/a~1b/c~0d')
})
