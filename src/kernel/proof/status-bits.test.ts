import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from './digest.ts'
import { needsStandards, standardJson } from '#test/standards'
import { decodeStatusList, encodeStatusList, leastStatusEntries, mostStatusEntries, newStatusBits, setStatusBit, statusBit } from './status-bits.ts'

test('published lists expand to the published bits', needsStandards, () => {
  const { vectors } = standardJson<{ vectors: { encodedList: string; bitLength: number; sha256OfBitstring: string; setBits: number[] }[] }>('vc-bitstring-status-list/encoded-lists.json')
  assert.equal(vectors.length, 2)
  for (const { encodedList, bitLength, sha256OfBitstring, setBits } of vectors) {
    const bits = decodeStatusList(encodedList)
    assert.equal(bits.length * 8, bitLength)
    assert.equal(sha256(bits).toString('hex'), sha256OfBitstring)
    const set = Array.from({ length: bitLength }, (_, i) => i).filter((i) => statusBit(bits, i))
    assert.deepEqual(set, setBits)
    const ours = newStatusBits(bitLength)
    for (const index of setBits) setStatusBit(ours, index, true)
    assert.deepEqual(ours, bits)
  }
})

test('a bit changes alone, and a list survives its encoding', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(leastStatusEntries - 1), { maxLength: 50 }), fc.nat(leastStatusEntries - 1), (set, extra) => {
      const bits = newStatusBits()
      for (const index of set) setStatusBit(bits, index, true)
      const before = Uint8Array.from(bits)
      setStatusBit(bits, extra, true)
      assert.equal(statusBit(bits, extra), true)
      const changed = bits.reduce((count, byte, i) => count + (byte === before[i] ? 0 : 1), 0)
      assert.equal(changed, set.includes(extra) ? 0 : 1)
      setStatusBit(bits, extra, set.includes(extra))
      assert.deepEqual(bits, before)
      const text = encodeStatusList(bits)
      assert.deepEqual(decodeStatusList(text), bits)
      assert.equal(encodeStatusList(bits), text)
    }),
    { seed: 131_072, numRuns: 40 },
  )
})

test('lists that are too short, too long or badly packed are refused, and a bomb is not unpacked', () => {
  const packed = (bytes: Uint8Array) => `u${gzipSync(bytes).toString('base64url')}`
  const bomb = packed(new Uint8Array(mostStatusEntries / 8 + 1))
  assert.ok(bomb.length < 20_000)
  const bad = [bomb, packed(new Uint8Array(leastStatusEntries / 8 - 1)), packed(new Uint8Array(0)), 'uAAAA', 'zAAAA', '', packed(newStatusBits()).slice(1), `${packed(newStatusBits())}=`, packed(newStatusBits()).slice(0, -8)]
  for (const text of bad) assert.throws(() => decodeStatusList(text), { code: 'proof.bad_status_list' }, text.slice(0, 20))
  assert.equal(decodeStatusList(packed(new Uint8Array(8)), 1).length, 8)
  for (const length of [leastStatusEntries - 8, leastStatusEntries + 1, mostStatusEntries + 8, Number.NaN]) assert.throws(() => newStatusBits(length), { code: 'proof.bad_status_list' })
  assert.throws(() => encodeStatusList(new Uint8Array(10)), { code: 'proof.bad_status_list' })
})

test('an index outside the list is refused', () => {
  const bits = newStatusBits()
  for (const index of [-1, leastStatusEntries, 1.5, Number.NaN, 2 ** 40]) {
    assert.throws(() => statusBit(bits, index), { code: 'proof.status_index_outside' })
    assert.throws(() => setStatusBit(bits, index, true), { code: 'proof.status_index_outside' })
  }
})
