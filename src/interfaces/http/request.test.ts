import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { comesFrom, factsOf, languageOf, trustedProxies } from './request.ts'

const publicUrl = 'https://credentials.example.org'

test('where a request comes from is what the socket says, or a listed proxy', () => {
  const trusted = trustedProxies(['10.0.0.0/8', '::1', '192.0.2.7'])
  const from = (peer: string, forwarded?: string) => comesFrom(new Request(publicUrl, { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }), peer, trusted).address
  assert.equal(from('203.0.114.1', '198.51.100.1'), '203.0.114.1')
  assert.equal(from('10.0.0.1', '198.51.100.1'), '198.51.100.1')
  assert.equal(from('10.0.0.1', '6.6.6.6, 198.51.100.1, 10.0.0.2'), '198.51.100.1')
  assert.equal(from('::ffff:10.0.0.1', '198.51.100.1'), '198.51.100.1')
  assert.equal(from('::ffff:203.0.114.1'), '203.0.114.1')
  assert.equal(from('10.0.0.1', 'nonsense, "x"'), '10.0.0.1')
  assert.throws(() => trustedProxies(['the proxy']), (error) => isFault(error) && error.code === 'http.proxy_unknown')
})

test('the first language that the reader wants and that there is', () => {
  assert.deepEqual(['en-GB,en;q=0.5', 'xx, en;q=0', undefined, ';;q=x,,', 'EN'].map(languageOf), ['en', 'en', 'en', 'en', 'en'])
})

test('a browser that fetches ahead of a person is known by what it says', () => {
  const facts = (headers: Record<string, string>) => factsOf(new Request(publicUrl, { headers }), { id: 'x', at: new Date(0), path: '/', address: undefined })
  for (const headers of [{ 'sec-purpose': 'prefetch' }, { 'sec-purpose': 'prefetch;prerender' }, { purpose: 'prefetch' }, { 'x-moz': 'prefetch' }, { 'x-purpose': 'preview' }]) assert.equal(facts(headers).prefetch, true, JSON.stringify(headers))
  assert.equal(facts({}).prefetch, false)
})
