import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertGuarded, assertHarmless, assertTied, elementsOf, hostile } from '#test/markup'
import { errorPage } from './error-page.ts'
import { field, postForm } from './form.ts'
import { html } from './html.ts'
import { publicPage } from './public-frame.ts'
import { rosette } from './rosette.ts'
import type { Chrome } from './chrome.ts'

const chrome: Chrome = { language: 'en', csrf: 'c5rf', demo: false }
const page = (over: Partial<Chrome> = {}): string => String(publicPage({ title: 'A page', noindex: true, main: html`<h1>A page</h1>` }, { ...chrome, ...over }))

test('a demonstration says so on its pages, and a real one does not', () => {
  assert.match(page({ demo: true }), /Demonstration: invented learners/)
  assert.doesNotMatch(page(), /Demonstration/)
})

test('a page names its language and its direction, and the palette only when it was chosen', () => {
  const [root] = elementsOf(page())
  assert.deepEqual([...(root?.attributes ?? [])], [['lang', 'en'], ['dir', 'ltr']])
  assert.equal(elementsOf(page({ theme: 'dark' }))[0]?.attributes.get('data-theme'), 'dark')
})

test('search engines are asked to stay away when they should', () => {
  assert.match(page(), /<meta name="robots" content="noindex">/)
  assert.doesNotMatch(String(publicPage({ title: 'x', noindex: false, main: html`` }, chrome)), /noindex/)
})

test('an error says what happened, what to do, and the number to name; an unknown status has words too', () => {
  for (const status of [400, 401, 403, 404, 405, 409, 413, 415, 418, 422, 429, 500, 502, 503]) {
    const made = String(errorPage({ status, requestId: 'req-1', findings: ['Row 3: no date.'] }, chrome))
    assertHarmless(made)
    assertTied(made)
    assert.match(made, new RegExp(`<p class="eyebrow">${status}</p>`))
    assert.match(made, /req-1/)
    assert.match(made, /Row 3: no date\./)
  }
})

test('hostile text in an error, a brand or a field stays text', () => {
  for (const text of hostile) {
    const made = String(errorPage({ status: 400, sentence: text, findings: [text], requestId: text, next: { address: text, text } }, { ...chrome, brand: { name: text, address: text }, alternatives: [{ language: 'ar', address: text }], privacyAddress: text }))
    assertHarmless(made)
    assertHarmless(String(postForm('/x', chrome, field('name', text, { value: text, hint: text, fault: text, placeholder: text, rows: 3 }), { hidden: { token: text } })))
  }
})

test('a form carries the token, and posts only to this site or to a web address', () => {
  assertGuarded(String(postForm('/x', chrome, html`<button>Go</button>`)), 'c5rf')
  assert.throws(() => postForm('javascript:alert(1)', chrome, html``), TypeError)
})

test('the same proof draws the same rosette, and another proof another', () => {
  const draw = (...bytes: number[]): string => String(rosette(new Uint8Array(bytes)))
  assert.equal(draw(1, 2, 3, 4, 5), draw(1, 2, 3, 4, 5))
  assert.notEqual(draw(1, 2, 3, 4, 5), draw(2, 2, 3, 4, 5))
  assert.doesNotThrow(() => draw())
})
