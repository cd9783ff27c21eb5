import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formFault } from './compact-form.ts'
import { contextFor, contextUrls } from './context.ts'
import { isObject, listOf, type Json, type JsonObject } from './json.ts'

const v2 = 'https://www.w3.org/ns/credentials/v2'
const base: JsonObject = { '@context': [v2], type: ['VerifiableCredential'], name: { '@value': 'Data', '@language': 'en' }, credentialSubject: { id: 'did:example:a' } }
const code = (document: JsonObject): string | undefined => {
  const fault = formFault(document)
  return fault && `${fault.code} ${fault.pointer}`
}

test('plain compact form passes, with inline terms for addresses of one’s own', () => {
  assert.equal(code(base), undefined)
  assert.equal(code({ ...base, '@context': [v2, { '@protected': true, Trophy: 'https://example.org/#Trophy', ex: 'https://example.org/#' }] }), undefined)
  assert.equal(code({ ...base, endorsement: [{ '@context': [v2], type: ['VerifiableCredential'] }] }), undefined)
})

test('a property under its full address, a prefix, or a keyword is refused', () => {
  assert.equal(code({ ...base, 'https://www.w3.org/2018/credentials#validUntil': 'x' }), 'key_not_term /https:~1~1www.w3.org~12018~1credentials#validUntil')
  assert.equal(code({ ...base, 'cred:validUntil': 'x' }), 'key_not_term /cred:validUntil')
  assert.equal(code({ ...base, '@graph': [] }), 'keyword_key /@graph')
  assert.equal(code({ ...base, credentialSubject: { '@id': 'did:example:a' } }), 'keyword_key /credentialSubject/@id')
  assert.equal(code({ ...base, name: { '@value': 'x', '@type': 'y' } }), 'keyword_key /name/@value')
})

test('the same node twice in one list is refused; the same node in two places is not', () => {
  const evidence = { id: 'https://example.org/e', type: ['Evidence'] }
  assert.equal(code({ ...base, evidence: [{ ...evidence, name: 'Report' }, evidence] }), 'repeated_node /evidence/1')
  assert.equal(code({ ...base, evidence: [evidence], credentialSubject: evidence }), undefined)
})

test('a context inside a part of a credential is refused', () => {
  assert.equal(code({ ...base, credentialSubject: { '@context': { name: 'https://example.org/#n' } } }), 'nested_context /credentialSubject/@context')
})

test('an inline term for an address that a pinned context uses is refused, however it is written', () => {
  const inline = (...contexts: Json[]): string | undefined => code({ ...base, '@context': [v2, ...contexts] })?.split(' ')[0]
  const until = 'https://www.w3.org/2018/credentials#validUntil'
  assert.equal(inline({ until }), 'inline_alias')
  assert.equal(inline({ until: { '@id': until, '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' } }), 'inline_alias')
  assert.equal(inline({ cred: 'https://www.w3.org/2018/credentials#', until: 'cred:validUntil' }), 'inline_alias')
  assert.equal(inline({ w: 'https://www.w3.org/' }, { cred: 'w:2018/credentials#' }, { until: { '@id': 'cred:validUntil' } }), 'inline_alias')
  assert.equal(inline({ outer: { '@id': 'https://example.org/#o', '@context': { until } } }), 'inline_alias')
  assert.equal(inline({ kind: '@type' }), 'inline_alias')
  assert.equal(inline({ hide: '@nest' }), 'inline_alias')
  assert.equal(inline({ '@vocab': 'https://example.org/#' }), 'inline_catch_all')
  assert.equal(inline({ '@base': 'https://example.org/' }), 'inline_keyword')
  assert.equal(inline({ '@import': v2 }), 'inline_keyword')
  assert.equal(inline({ back: { '@reverse': 'https://example.org/#b' } }), 'inline_keyword')
})

test('no pinned context offers a second name for what decides whether a credential holds', () => {
  const names = new Map<string, Set<string>>()
  const collect = (context: Json): void => {
    for (const one of listOf(context)) {
      if (!isObject(one)) continue
      for (const [name, meaning] of Object.entries(one)) {
        if (name.startsWith('@')) continue
        const address = isObject(meaning) ? meaning['@id'] : meaning
        if (typeof address === 'string') names.set(address, (names.get(address) ?? new Set()).add(name))
        if (isObject(meaning)) collect(meaning['@context'] ?? [])
      }
    }
  }
  for (const url of contextUrls) collect((contextFor(url) as JsonObject)['@context'] as Json)
  // `achievement` is not among them: the class has the same address, but a credential without the property is refused by the class tables.
  const decisive = ['validFrom', 'validUntil', 'expirationDate', 'issuanceDate', 'credentialStatus', 'issuer', 'credentialSubject', 'statusListIndex', 'statusListCredential', 'statusPurpose', 'encodedList', 'refreshService', 'termsOfUse', 'identifier', 'identityHash', 'hashed']
  let judged = 0
  for (const [address, terms] of names) {
    if (!decisive.some((name) => terms.has(name))) continue
    assert.equal(terms.size, 1, `${address}: ${[...terms].join(', ')}`)
    judged++
  }
  assert.ok(judged >= decisive.length, `${judged}`)
})
