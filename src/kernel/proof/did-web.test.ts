import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didDocument, didWeb, didWebAddress } from './did-web.ts'
import { isObject } from './json.ts'
import { keyPairFromSeed } from './key-pair.ts'
import { resolveFragmentKey, resolveInDocument } from './method.ts'
import { encodeMultikey } from './multikey.ts'

const good: [address: string, did: string, document: string][] = [
  ['https://w3c-ccg.github.io', 'did:web:w3c-ccg.github.io', 'https://w3c-ccg.github.io/.well-known/did.json'],
  ['https://w3c-ccg.github.io/user/alice', 'did:web:w3c-ccg.github.io:user:alice', 'https://w3c-ccg.github.io/user/alice/did.json'],
  ['https://example.com:3000/user/alice', 'did:web:example.com%3A3000:user:alice', 'https://example.com:3000/user/alice/did.json'],
  ['https://example.com/', 'did:web:example.com', 'https://example.com/.well-known/did.json'],
  ['https://xn--mnchen-3ya.example/i/1', 'did:web:xn--mnchen-3ya.example:i:1', 'https://xn--mnchen-3ya.example/i/1/did.json'],
]

test('did:web identities and addresses turn into one another as the method specification says', () => {
  for (const [address, did, document] of good) {
    assert.equal(didWeb(address), did)
    assert.equal(didWebAddress(did), document)
  }
})

test('addresses that could be read in two ways get no identity', () => {
  const bad = [
    'http://example.com', 'https://user@example.com', 'https://example.com/?a', 'https://example.com/#a', 'https://EXAMPLE.com', 'https://example.com:443',
    'https://example.com/a/../b', 'https://example.com/a//b', 'https://example.com/%61', 'https://example.com./', 'https://127.0.0.1', 'https://[::1]', 'https://localhost',
    'https://münchen.example', 'https://example.com/a:b', 'https://example.com\\@evil.example', 'https://0x7f.1', 'nothing', 'https://example.com/ü',
  ]
  for (const address of bad) assert.throws(() => didWeb(address), { code: 'proof.bad_did_web' }, address)
})

test('did:web identities made to deceive have no address', () => {
  const bad = [
    'did:web:', 'did:web:example', 'did:web:localhost', 'did:web:127.0.0.1', 'did:web:2130706433', 'did:web:0x7f.0x1', 'did:web:1.2.3.0x4', 'did:web:[::1]', 'did:web:%5B::1%5D',
    'did:web:example.com%2F..%2Fevil', 'did:web:example.com%3a3000', 'did:web:example.com%3A', 'did:web:example.com%3A0', 'did:web:example.com%3A03', 'did:web:example.com%3A443',
    'did:web:example.com%3A99999', 'did:web:example.com%3A3000%3A1', 'did:web:user%40example.com', 'did:web:user@example.com', 'did:web:example.com:..', 'did:web:example.com:.',
    'did:web:example.com:', 'did:web:example.com::a', 'did:web:example.com:a:', 'did:web:example.com:%2e%2e', 'did:web:example.com:a%2Fb', 'did:web:example.com:a/b',
    'did:web:example.com:a?b', 'did:web:example.com:a#b', 'did:web:Example.com', 'did:web:example.com.', 'did:web:.example.com', 'did:web:-a.example', 'did:web:exämple.com',
    'did:web:xn--.example', 'did:web:example%252ecom', 'did:web:example.com:a\\b', 'did:web:example.com\n', 'did:web:ex ample.com', 'did:web:example.com:' + 'a'.repeat(2000),
    'DID:web:example.com', 'did:WEB:example.com', 'did:key:z6Mk',
  ]
  for (const did of bad) assert.equal(didWebAddress(did), undefined, did)
})

const did = 'did:web:example.com'
const pair = (n: number) => keyPairFromSeed(Buffer.alloc(32, n)).publicKey
const document = didDocument(did, [
  { fragment: 'key-1', publicKey: pair(1), revoked: '2026-01-01T00:00:00Z' },
  { fragment: 'key-2', publicKey: pair(2) },
  { fragment: 'key-3', publicKey: keyPairFromSeed(Buffer.alloc(32, 3), 'P-256').publicKey },
])

test('a DID document lists all keys and allows those that were not withdrawn', () => {
  assert.deepEqual(document['assertionMethod'], [`${did}#key-2`, `${did}#key-3`])
  const found = resolveInDocument(`${did}#key-2`, 'assertionMethod', document)
  assert.ok(found.ok && found.origin === 'document' && found.controller === did)
  assert.deepEqual(found.key.bytes, pair(2).bytes)
  assert.ok(resolveInDocument(`${did}#key-3`, 'authentication', document).ok)
})

test('keys that the document does not give are refused by their own codes', () => {
  const method = { id: `${did}#k`, type: 'Multikey', controller: did, publicKeyMultibase: encodeMultikey(pair(5)) }
  const embedded = { id: did, assertionMethod: [{ ...method, id: '#k' }] }
  assert.ok(resolveInDocument(`${did}#k`, 'assertionMethod', embedded).ok, 'embedded with a relative id')
  const cases: [string, ReturnType<typeof resolveInDocument>][] = [
    ['key_revoked', resolveInDocument(`${did}#key-1`, 'assertionMethod', document)],
    ['method_unknown', resolveInDocument(`${did}#key-9`, 'assertionMethod', document)],
    ['method_not_authorized', resolveInDocument(`${did}#key-2`, 'capabilityInvocation', document)],
    ['controller_mismatch', resolveInDocument('did:web:other.example#key-2', 'assertionMethod', document)],
    ['method_malformed', resolveInDocument(did, 'assertionMethod', document)],
    ['controller_mismatch', resolveInDocument(`${did}#k`, 'assertionMethod', { id: did, assertionMethod: [{ ...method, controller: 'did:web:evil.example' }] })],
    ['key_expired', resolveInDocument(`${did}#k`, 'assertionMethod', { id: did, assertionMethod: [{ ...method, expires: '2025-01-01T00:00:00Z' }] }, Date.UTC(2026, 0))],
    ['key_malformed', resolveInDocument(`${did}#k`, 'assertionMethod', { id: did, assertionMethod: [{ ...method, publicKeyMultibase: 'z6Mk' }] })],
    ['key_unsupported', resolveInDocument(`${did}#k`, 'assertionMethod', { id: did, assertionMethod: [{ ...method, type: 'X' }] })],
  ]
  for (const [code, found] of cases) assert.ok(!found.ok && found.code === code, `${code}: ${JSON.stringify(found)}`)
})

test('two keys with one name are never published', () => {
  assert.throws(() => didDocument(did, [{ fragment: 'a', publicKey: pair(1) }, { fragment: 'a', publicKey: pair(2) }]), TypeError)
  assert.throws(() => didDocument(did, [{ fragment: 'a b', publicKey: pair(1) }]), TypeError)
  assert.ok(isObject(document))
})

test('a key in the fragment of an address is a key, but proves no author', () => {
  const found = resolveFragmentKey(`https://example.com/issuers/1#${encodeMultikey(pair(1))}`)
  assert.ok(found.ok && found.origin === 'fragment' && found.controller === 'https://example.com/issuers/1')
  assert.equal(resolveFragmentKey('https://example.com/issuers/1#key').ok, false)
  assert.equal(resolveFragmentKey(`http://example.com/issuers/1#${encodeMultikey(pair(1))}`).ok, false)
})
