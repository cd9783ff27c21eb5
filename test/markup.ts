/** Reads a page strictly, for tests: what is not well-formed, or could run, is a failure with its place. */
import assert from 'node:assert/strict'

export interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

const tag = /<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z_:][a-zA-Z0-9_:.-]*(?:="[^"<>]*")?)*)\s*\/?>/y
const attribute = /([a-zA-Z_:][a-zA-Z0-9_:.-]*)(?:="([^"]*)")?/g
const leads = ['href', 'src', 'action', 'formaction', 'poster', 'data-view', 'data-address', 'xlink:href']

/** The elements of a page in order. Fails on any `<` that does not begin a tag, an attribute without double quotes, or a comment. */
export function elementsOf(page: string): readonly Element[] {
  const found: Element[] = []
  let at = page.indexOf('<')
  while (at >= 0) {
    if (page.startsWith('<!doctype html>', at)) {
      at = page.indexOf('<', at + 1)
      continue
    }
    tag.lastIndex = at
    const match = tag.exec(page)
    assert.ok(match, `not a tag at: ${page.slice(at, at + 120)}`)
    const name = (match[2] ?? '').toLowerCase()
    if (match[1] === '') {
      const attributes = new Map<string, string>()
      for (const [, key = '', value = ''] of (match[3] ?? '').matchAll(attribute)) {
        assert.ok(!attributes.has(key), `${key} twice on <${name}>`)
        attributes.set(key.toLowerCase(), value)
      }
      found.push({ name, attributes })
    }
    at = name === 'script' && match[1] === '' ? page.indexOf('</script>', tag.lastIndex) : page.indexOf('<', tag.lastIndex)
  }
  return found
}

/** Fails when something in the page could run, restyle it, or lead where nobody meant to go. */
export function assertHarmless(page: string): void {
  for (const { name, attributes } of elementsOf(page)) {
    if (name === 'script') assert.ok(attributes.get('src')?.startsWith('/assets/') || attributes.get('type') === 'application/ld+json', 'an inline script')
    assert.ok(!['style', 'object', 'embed', 'base', 'foreignobject'].includes(name), `<${name}>`)
    for (const [key, value] of attributes) {
      assert.ok(!key.startsWith('on'), `${key} on <${name}>`)
      assert.notEqual(key, 'style', `style on <${name}>`)
      assert.notEqual(key, 'srcdoc', `srcdoc on <${name}>`)
      // A file that stands in the page itself: text in letters of base64, and taken away, never shown.
      if (key === 'href' && attributes.has('download') && /^data:text\/csv;charset=utf-8;base64,[A-Za-z0-9+/=]*$/.test(value)) continue
      if (leads.includes(key)) assert.match(value, /^(?:\/(?!\/)|#|https?:\/\/|mailto:|$)/, `${key} of <${name}>`)
    }
  }
}

/** Fails unless every form that posts carries the token, and no form changes anything by GET. */
export function assertGuarded(page: string, csrf: string): void {
  const elements = elementsOf(page)
  elements.forEach((one, i) => {
    if (one.name !== 'form' || one.attributes.get('method') !== 'post') return
    const next = elements[i + 1]
    assert.ok(next?.name === 'input' && next.attributes.get('name') === 'csrf' && next.attributes.get('value') === csrf, `no token in the form to ${one.attributes.get('action')}`)
  })
}

/** Fails when two elements share an id, or a label or a description points to nothing. */
export function assertTied(page: string): void {
  const elements = elementsOf(page)
  const ids = elements.flatMap((one) => one.attributes.get('id') ?? [])
  assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), [], 'ids that stand twice')
  for (const { attributes } of elements) {
    for (const key of ['for', 'aria-labelledby', 'aria-describedby']) for (const id of (attributes.get(key) ?? '').split(' ').filter(Boolean)) assert.ok(ids.includes(id), `${key}="${id}" points to nothing`)
    const fragment = attributes.get('href')
    if (fragment !== undefined && fragment.length > 1 && fragment.startsWith('#')) assert.ok(ids.includes(fragment.slice(1)), `${fragment} leads nowhere`)
  }
}

/** What tries to get out of text into markup. From the families of OWASP's filter evasion list: element, attribute, scheme, comment, entity, template. */
export const hostile: readonly string[] = [
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'><svg onload=alert(1)>", '</title><script>alert(1)</script>', '</textarea><script>alert(1)</script>',
  '--><script>alert(1)</script>', ']]><script>alert(1)</script>', '</script><script>alert(1)</script>', '" onmouseover="alert(1)', "' onfocus='alert(1)' autofocus='",
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\tscript:alert(1)', ' javascript:alert(1)', '\u0001javascript:alert(1)', 'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)', '//evil.example/', '/\\evil.example', '\\\\evil.example', 'https://evil.example" onclick="alert(1)', '<style>*{background:url(//evil.example)}</style>',
  '" style="background:url(//evil.example)', '&lt;script&gt;alert(1)&lt;/script&gt;', '&#60;script&#62;', '{{constructor.constructor("alert(1)")()}}', '${alert(1)}', '<b>bold</b>', '{n, plural, one {#}}',
  '\u202Egnp.exe', '\u2066\u2067', 'A\u0000B', '<!--', '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>', '%3Cscript%3E', "');alert(1)//", '\u2028alert(1)',
]

/**
 * A copy of plain data with every text replaced, except those that are words of a closed list. Dates, numbers and bytes stay.
 * Two shapes are left alone because our own code makes them: an address to post to (a page that cannot post is refused), and a language tag.
 */
export function poisoned<T>(data: T, text: string, closed: ReadonlySet<string>, kept: RegExp): T {
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return closed.has(value) || kept.test(key) ? value : text
    if (Array.isArray(value)) return value.map((one) => walk(one, key))
    if (value instanceof Date || value instanceof Uint8Array || value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, name)]))
  }
  return walk(data, '') as T
}
