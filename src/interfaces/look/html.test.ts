import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertHarmless, elementsOf, hostile } from '#test/markup'
import { dataBlock, html, isolated, link, safeAddress } from './html.ts'

test('text that looks like markup comes out as text, in an element and in an attribute', () => {
  for (const text of hostile) {
    const page = String(html`<p title="${text}">${text}${isolated(text)}</p>`)
    assertHarmless(page)
    assert.deepEqual(elementsOf(page).map((one) => one.name), ['p', 'bdi'])
  }
})

test('a template refuses a promise', () => {
  assert.throws(() => html`${Promise.resolve('late')}`, TypeError)
})

test('a link leads to http, https, mailto, or a place of this site, and nowhere else', () => {
  for (const good of ['https://a.example/x?y=1', 'http://a.example', 'mailto:a@b.example', '/c/x', '/', '#top']) assert.equal(safeAddress(good), good)
  for (const bad of ['javascript:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', '//evil.example', '/\\evil.example', '\\\\evil', 'vbscript:x', 'relative', '', undefined]) assert.equal(safeAddress(bad), undefined)
  assert.equal(String(link('javascript:alert(1)', 'here')), 'here')
  assert.equal(String(link('/x', '<here>')), '<a href="/x">&lt;here&gt;</a>')
})

test('no value can leave a data block, and it still parses to what it was', () => {
  for (const text of hostile) {
    const block = String(dataBlock({ text }))
    assert.equal(block.indexOf('</script>'), block.length - '</script>'.length)
    assert.ok(!block.slice(8).includes('<!--'))
    assert.deepEqual(JSON.parse(block.replace(/^<script type="application\/ld\+json">|<\/script>$/gu, '')), { text })
  }
})
