import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '#kernel/fault'
import { comesFrom, factsOf, heard, languageOf, otherLanguages, trustedProxies, withoutLanguage } from './request.ts'

const publicUrl = 'https://credentials.example.org'

test('where a request comes from is what the socket says, or a listed proxy', () => {
  const trusted = trustedProxies(['10.0.0.0/8', '::1', '192.0.2.7'])
  const from = (peer: string, forwarded?: string) => comesFrom(heard(new Request(publicUrl, { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } })), peer, trusted).address
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

test('a link may choose the language; a form that is sent is answered in that of its page; nothing else does', () => {
  const language = (path: string, init: RequestInit = {}) => factsOf(heard(new Request(`${publicUrl}${path}`, init)), { id: 'x', at: new Date(0), path, address: undefined }).language
  const browser = { 'accept-language': 'de' }
  assert.equal(language('/verify?lang=ar', { headers: browser }), 'ar')
  assert.equal(language('/verify?lang=tlh', { headers: browser }), 'de')
  assert.equal(language('/verify?lang=ar&lang=fr', { headers: browser }), 'ar')
  assert.equal(language('/verify', { headers: { ...browser, referer: `${publicUrl}/?lang=fr` } }), 'de')
  assert.equal(language('/verify', { method: 'POST', headers: { ...browser, referer: `${publicUrl}/verify?lang=fr` } }), 'fr')
  assert.equal(language('/verify?lang=ar', { method: 'POST', headers: browser }), 'de')
  assert.equal(language('/verify', { method: 'POST', headers: { ...browser, referer: 'nonsense' } }), 'de')
})

test('the links to other languages keep what else the address says, and stay on this site', () => {
  const others = otherLanguages(`${publicUrl}/c/x?s=tok%26en&lang=fr`, 'fr')
  assert.deepEqual(others.map((one) => one.language), ['en', 'es', 'pt', 'de', 'ar', 'hi', 'zh', 'id', 'ru'])
  assert.equal(others.find((one) => one.language === 'hi')?.address, '/c/x?s=tok%26en&lang=hi')
  assert.equal(withoutLanguage(new URLSearchParams('s=a&lang=hi'), '/c/x').toString(), 's=a')
  assert.equal(withoutLanguage(new URLSearchParams('lang=hi'), '/api/v1/x').toString(), 'lang=hi')
})

test('a browser that fetches ahead of a person is known by what it says', () => {
  const facts = (headers: Record<string, string>) => factsOf(heard(new Request(publicUrl, { headers })), { id: 'x', at: new Date(0), path: '/', address: undefined })
  for (const headers of [{ 'sec-purpose': 'prefetch' }, { 'sec-purpose': 'prefetch;prerender' }, { purpose: 'prefetch' }, { 'x-moz': 'prefetch' }, { 'x-purpose': 'preview' }]) assert.equal(facts(headers).prefetch, true, JSON.stringify(headers))
  assert.equal(facts({}).prefetch, false)
})
