import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeBase58, encodeBase58 } from './base58.ts'
import { didKey, didKeyMethod, resolveDidKey } from './did-key.ts'
import { isSignature, jwkOf, publicKeyFromBytes, publicKeyFromJwk } from './key.ts'
import { decodeSecretMultikey, keyPairFromSeed } from './key-pair.ts'
import { decodeBase64url, decodeMultibase, encodeMultibase } from './multibase.ts'
import { decodeMultikey, encodeMultikey } from './multikey.ts'
import { needsStandards, standardJson } from '#test/standards'

const bytesOf = (text: string) => Buffer.from(text)

test('base58 has the published examples', () => {
  // draft-msporny-base58-03 §5
  const examples: [string, string][] = [
    [bytesOf('Hello World!').toString('hex'), '2NEpo7TZRRrLZSi2U'],
    [bytesOf('The quick brown fox jumps over the lazy dog.').toString('hex'), 'USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z'],
    ['0000287fb4cd', '11233QC4'],
  ]
  for (const [hex, text] of examples) {
    assert.equal(encodeBase58(Buffer.from(hex, 'hex')), text)
    assert.equal(Buffer.from(decodeBase58(text)).toString('hex'), hex)
  }
})

test('base58 is the number in base 58, there and back, for any bytes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.nat(70).map((length) => new Uint8Array(length).fill(255))), (bytes) => {
      const text = encodeBase58(bytes)
      assert.deepEqual(decodeBase58(text), bytes)
      let number = bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`)
      let slow = ''
      for (; number > 0n; number /= 58n) slow = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'[Number(number % 58n)] + slow
      assert.equal(text.replace(/^1*/, ''), slow)
    }),
    { seed: 58, numRuns: 500 },
  )
})

test('foreign characters, other bases and second spellings are refused', () => {
  for (const bad of ['0', 'O', 'I', 'l', 'é', '2NEpo7 ', '1'.repeat(2000)]) assert.throws(() => decodeBase58(bad), { code: 'proof.bad_encoding' }, bad)
  assert.throws(() => decodeMultibase('uAAAA', 'base58btc'), { code: 'proof.bad_encoding' })
  for (const bad of ['AA==', 'A', 'AB', 'A+A', 'AA AA']) assert.throws(() => decodeBase64url(bad), { code: 'proof.bad_encoding' }, bad)
  assert.equal(encodeMultibase(Buffer.from([0, 255]), 'base64url'), 'uAP8')
})

test('the key pairs of the specifications read and write, and their halves belong together', needsStandards, () => {
  const pairs = [
    standardJson<Record<string, string>>('vc-di-eddsa/keyPair.json'),
    ...Object.values(standardJson<Record<string, Record<string, string>>>('vc-di-eddsa/proof-set-chain/multiKeyPairs.json')),
    standardJson<Record<string, string>>('vc-di-ecdsa-sd-2023/p256KeyPair.json'),
  ]
  assert.equal(pairs.length, 6)
  for (const { publicKeyMultibase, privateKeyMultibase, secretKeyMultibase } of pairs) {
    const pair = decodeSecretMultikey((privateKeyMultibase ?? secretKeyMultibase) as string)
    assert.equal(encodeMultikey(pair.publicKey), publicKeyMultibase)
    const key = decodeMultikey(publicKeyMultibase as string)
    const signature = pair.sign(bytesOf('a message'))
    assert.equal(isSignature(key, bytesOf('a message'), signature), true)
    assert.equal(isSignature(key, bytesOf('another'), signature), false)
    assert.equal(isSignature(key, bytesOf('a message'), signature.subarray(1)), false)
    assert.deepEqual(publicKeyFromJwk(jwkOf(key)).bytes, key.bytes)
  }
})

test('the same secret gives the same key, and RFC 8032 gives its public half and its signature', () => {
  // RFC 8032 §7.1, test 2
  const pair = keyPairFromSeed(Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex'))
  assert.equal(Buffer.from(pair.publicKey.bytes).toString('hex'), '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
  assert.equal(
    Buffer.from(pair.sign(Buffer.from([0x72]))).toString('hex'),
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  )
})

test('keys that are no keys are refused', () => {
  const bad: [() => unknown, string][] = [
    [() => publicKeyFromBytes('Ed25519', new Uint8Array(31)), 'too short'],
    [() => publicKeyFromBytes('P-256', new Uint8Array(33).fill(5)), 'no point'],
    [() => publicKeyFromBytes('RSA', new Uint8Array(33).fill(5)), 'no DER'],
    [() => keyPairFromSeed(new Uint8Array(32), 'P-256'), 'zero'],
    [() => keyPairFromSeed(new Uint8Array(32).fill(255), 'P-256'), 'beyond the order'],
    [() => publicKeyFromJwk({ kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' }), 'another curve'],
    [() => publicKeyFromJwk({ kty: 'oct', k: 'AA' }), 'symmetric'],
    [() => publicKeyFromJwk({ kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'AA' }), 'private'],
  ]
  for (const [make, why] of bad) assert.throws(make, { code: 'proof.bad_key' }, why)
})

test('Ed25519 keys of small order, found from the curve equation, are all refused', () => {
  const p = 2n ** 255n - 19n
  const power = (base: bigint, exponent: bigint) => {
    let result = 1n
    for (base %= p; exponent > 0n; exponent >>= 1n, base = (base * base) % p) if (exponent & 1n) result = (result * base) % p
    return result
  }
  const d = (((-121665n * power(121666n, p - 2n)) % p) + p) % p
  const root = (a: bigint) => {
    const r = power(a, (p + 3n) / 8n)
    return [r, (r * power(2n, (p - 1n) / 4n)) % p].find((x) => (x * x) % p === a)
  }
  // Order 8 points double to (±√−1, 0), so y² = x² up to sign: d·y⁴ ± 2y² − 1 = 0 with x² = ∓y²; the real ones satisfy d·y⁴ + 2y² − 1 = 0.
  const discriminant = root((1n + d) % p) as bigint
  const found = [discriminant, p - discriminant].map((s) => ((s - 1n + p) * power(d, p - 2n)) % p).map(root).filter((y) => y !== undefined)
  const ys = [0n, 1n, p - 1n, p, p + 1n, ...found.flatMap((y) => [y, p - y])]
  assert.equal(ys.length, 7)
  for (const y of ys) {
    for (const sign of [0n, 1n]) {
      const bytes = Buffer.from((y | (sign << 255n)).toString(16).padStart(64, '0'), 'hex').reverse()
      assert.throws(() => publicKeyFromBytes('Ed25519', bytes), { code: 'proof.bad_key' }, y.toString(16))
    }
  }
})

test('a did:key is its own key', () => {
  const pair = keyPairFromSeed(createHash('sha256').update('seed').digest())
  const method = didKeyMethod(pair.publicKey)
  const found = resolveDidKey(method)
  assert.ok(found.ok)
  assert.equal(found.controller, didKey(pair.publicKey))
  assert.equal(found.origin, 'did:key')
  assert.deepEqual(found.key.bytes, pair.publicKey.bytes)
  assert.equal(resolveDidKey(didKey(pair.publicKey)).ok, true)
})

test('a did:key that is not one is refused by its own code', () => {
  const method = didKeyMethod(keyPairFromSeed(Buffer.alloc(32, 7)).publicKey)
  const other = didKeyMethod(keyPairFromSeed(Buffer.alloc(32, 8)).publicKey)
  const codes: [string, string][] = [
    ['did:web:example.com#a', 'method_unsupported'],
    ['did:key:', 'method_malformed'],
    ['did:key:z6Mk#z6Mk', 'method_malformed'],
    [`${method}#again`, 'method_malformed'],
    [`${method.split('#')[0]}#${other.split('#')[1]}`, 'method_unknown'],
    [method.replaceAll('z6Mk', 'z6Mj'), 'key_malformed'],
    ['did:key:uAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'method_malformed'],
  ]
  for (const [bad, code] of codes) {
    const found = resolveDidKey(bad)
    assert.ok(!found.ok && found.code === code, `${bad}: ${JSON.stringify(found)}`)
  }
})
