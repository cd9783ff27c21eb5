import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsStandards, standardContext as contexts, standardJson, standardText } from '#test/standards'
import type { Json, JsonObject } from './json.ts'
import { canonicalizeRdf, canonicalizeText, canonicalLabels, canonicalLimits } from './rdf.ts'

interface Entry {
  id: string
  type: string
  action: string
  result?: string
  hashAlgorithm?: string
  computationalComplexity?: string
}
const entries = () => standardJson<{ entries: Entry[] }>('rdf-canon/manifest.jsonld').entries

test('every published dataset has the published canonical form, poison graphs included, within our limits', needsStandards, async () => {
  const tests = entries().filter((entry) => entry.type === 'rdfc:RDFC10EvalTest')
  assert.equal(tests.length, 64)
  for (const { id, action, result, hashAlgorithm } of tests) {
    const canonical = await canonicalizeText(standardText(`rdf-canon/${action}`), canonicalLimits, hashAlgorithm === 'SHA384' ? 'sha384' : 'sha256')
    assert.deepEqual(canonical, { ok: true, nquads: standardText(`rdf-canon/${result}`) }, id)
  }
})

test('blank nodes are labelled as published', needsStandards, async () => {
  const tests = entries().filter((entry) => entry.type === 'rdfc:RDFC10MapTest')
  assert.equal(tests.length, 21)
  for (const { id, action, result, hashAlgorithm } of tests) {
    const labels = await canonicalLabels(standardText(`rdf-canon/${action}`), canonicalLimits, hashAlgorithm === 'SHA384' ? 'sha384' : 'sha256')
    assert.ok(labels)
    assert.deepEqual(Object.fromEntries(labels), standardJson(`rdf-canon/${result}`), id)
  }
})

test('a graph made to be endless is given up, and soon', needsStandards, async () => {
  const tests = entries().filter((entry) => entry.type === 'rdfc:RDFC10NegativeEvalTest')
  assert.equal(tests.length, 1)
  for (const { action } of tests) {
    const before = process.cpuUsage()
    const canonical = await canonicalizeText(standardText(`rdf-canon/${action}`))
    const { user, system } = process.cpuUsage(before)
    assert.ok(!canonical.ok && canonical.code === 'too_complex')
    // Each costs less than two seconds of an idle processor; one that is shared with others counts up to three times that for the same work.
    assert.ok(user + system < 6e6, `${(user + system) / 1e6} s`)
  }
})

test('documents as large and as entangled as the limits allow cost seconds, not minutes', needsStandards, async () => {
  const base = { '@context': ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/examples/v2'], type: ['VerifiableCredential'], issuer: 'did:example:i' }
  const many = <T>(length: number, one: (i: number) => T) => Array.from({ length }, (_, i) => one(i))
  const deep = (levels: number): Json => (levels === 0 ? 'end' : { inner: deep(levels - 1) })
  const documents: [string, JsonObject][] = [
    ['1,900 texts', { ...base, credentialSubject: { text: many(1_900, (i) => `text ${i}`) } }],
    ['1,900 equal nodes', { ...base, credentialSubject: { part: many(1_900, () => ({ name: 'same' })) } }],
    ['1,900 types', { ...base, type: ['VerifiableCredential', ...many(1_900, (i) => `T${i}`)] }],
    ['a clique of blank nodes', { ...base, credentialSubject: many(12, (i) => ({ id: `_:n${i}`, knows: many(12, (j) => ({ id: `_:n${j}` })) })) }],
    ['a clique of 80 blank nodes', { ...base, credentialSubject: many(80, (i) => ({ id: `_:n${i}`, knows: many(80, (j) => ({ id: `_:n${j}` })) })) }],
    ['a ring of 600 blank nodes', { ...base, credentialSubject: many(600, (i) => ({ id: `_:n${i}`, next: { id: `_:n${(i + 1) % 600}` } })) }],
    ['60 deep', { ...base, credentialSubject: deep(60) as JsonObject }],
    ['10 lists of 1,900', { ...base, credentialSubject: many(10, (i) => ({ id: `urn:x:${i}`, text: many(1_900, (j) => `${j}`) })) }],
  ]
  for (const [name, document] of documents) {
    const before = process.cpuUsage()
    await canonicalizeRdf(document, contexts)
    const { user, system } = process.cpuUsage(before)
    // Each costs less than two seconds of an idle processor; one that is shared with others counts up to three times that for the same work.
    assert.ok(user + system < 6e6, `${name}: ${(user + system) / 1e6} s`)
  }
})

test('a member named __proto__, which jsonld.js would lose, is refused', needsStandards, async () => {
  const document = JSON.parse('{"@context":"https://www.w3.org/ns/credentials/v2","id":"urn:x:1","name":"a","__proto__":{"name":"b"}}') as JsonObject
  const answer = await canonicalizeRdf(document, contexts)
  assert.ok(!answer.ok && answer.code === 'json_invalid')
})

test('an address named like a member of all objects neither passes nor touches them', needsStandards, async () => {
  const before = Object.getOwnPropertyNames(Object.prototype).length
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    for (const document of [
      { '@context': 'https://www.w3.org/ns/credentials/v2', id: 'urn:x:1', type: 'VerifiableCredential', credentialSubject: name },
      { '@context': 'https://www.w3.org/ns/credentials/v2', id: 'urn:x:1', type: 'VerifiableCredential', credentialSubject: [{ id: name, name: 'x' }] },
      { '@context': 'https://www.w3.org/ns/credentials/v2', id: name, type: 'VerifiableCredential', name: 'x' },
      { '@context': 'https://www.w3.org/ns/credentials/v2', '@graph': [{ '@id': name, name: 'x' }] },
    ] as JsonObject[]) {
      const answer = await canonicalizeRdf(document, contexts)
      assert.ok(!answer.ok && answer.code === 'term_unmapped', `${name}: ${JSON.stringify(answer)}`)
    }
    const text = await canonicalizeRdf({ '@context': 'https://www.w3.org/ns/credentials/v2', id: 'urn:x:1', name }, contexts)
    assert.ok(text.ok && text.nquads.includes(`"${name}"`), 'as a text it is a text')
  }
  assert.equal(Object.getOwnPropertyNames(Object.prototype).length, before)
  assert.equal(Object.keys(Object).length + Object.keys(Object.prototype.toString).length + Object.keys({}).length, 0)
  assert.ok(!('@id' in {}))
})

test('documents beyond the limits are refused before any work', needsStandards, async () => {
  const context = 'https://www.w3.org/ns/credentials/v2'
  let deep: Json = 1
  for (let i = 0; i < 100_000; i++) deep = [deep]
  for (const document of [{ '@context': context, name: deep }, { '@context': context, name: Array.from({ length: 3_000 }, () => 'a') }, { '@context': context, name: Array.from({ length: 200 }, () => Array.from({ length: 200 }, () => 'a')) }]) {
    const answer = await canonicalizeRdf(document, contexts)
    assert.ok(!answer.ok && answer.code === 'too_complex')
  }
})
