/** A credential in other sites: the frame, oEmbed, and that nothing else of ours can be framed. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { revokeCredentials, setVisibility, type Credential, type Visibility } from '#journey/credential'
import { openHttp, openSignIn, type Http } from '#interfaces/http'
import { client } from '#test/client'
import { elementsOf } from '#test/markup'
import { provider, type Provider } from '#test/provider'
import { pageRoutes } from './index.ts'

const site = 'https://credentials.example.org'

let t: Provider
let http: Http
let shown: Credential
let closed: Credential
const open = (one: Credential, visibility: Visibility) => t.db.transaction((tx) => setVisibility(tx, { credentialId: one.id, visibility }))
before(async () => {
  t = await provider()
  const [one, other] = await t.complete(['Ana <b>Ö</b>', 'Bo'])
  shown = one!.credential
  closed = other!.credential
  await open(shown, 'link')
  http = openHttp({ world: t.world, routes: pageRoutes(await openSignIn(t.world)) })
})
after(() => t.close())

const get = (path: string, accept = 'text/html') => client(http, site).get(path, { headers: { accept } })
const oEmbed = (query: Readonly<Record<string, string>>) => get(`/oembed?${new URLSearchParams(query)}`, 'application/json')

test('the frame may stand in any page, holds nothing to press but the way to the page, and takes its token along', async () => {
  const answer = await get(`/c/${shown.publicId}/embed?s=ab-_1`)
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors \*(?:;|$)/)
  assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin')
  assert.deepEqual(answer.headers.getSetCookie(), [])
  const text = await answer.text()
  const elements = elementsOf(text)
  assert.deepEqual(elements.filter((one) => ['form', 'button', 'input', 'script', 'iframe'].includes(one.name)), [])
  assert.deepEqual(elements.filter((one) => one.name === 'a').map((one) => one.attributes.get('href')), [`${site}/c/${shown.publicId}?s=ab-_1`])
  assert.match(text, /Ana &lt;b&gt;Ö&lt;\/b&gt;/)
  assert.match(text, /Verified just now/)
  assert.match(text, /<meta name="robots" content="noindex">/)
})

test('no other page may stand in a frame', async () => {
  const others = pageRoutes(await openSignIn(t.world)).filter((one) => one.framed)
  assert.deepEqual(others.map((one) => one.path), ['/c/:publicId/embed'])
  for (const path of [`/c/${shown.publicId}`, '/verify', '/sign-in', '/i/example', '/nowhere']) assert.match((await get(path)).headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, path)
})

test('what is private and what never was answer the same, and what was revoked says so in the frame', async () => {
  const texts = await Promise.all([`/c/${closed.publicId}/embed`, `/c/${'A'.repeat(22)}/embed`].map(async (path) => {
    const answer = await get(path)
    assert.equal(answer.status, 404)
    return (await answer.text()).replaceAll(/[\w-]{22}/g, '')
  }))
  assert.equal(texts[0], texts[1])
  await open(closed, 'link')
  await t.db.transaction((tx) => revokeCredentials(tx, { credentialIds: [closed.id], reason: 'A mistake.', byWhom: 'staff' }))
  const answered = await get(`/c/${closed.publicId}/embed`)
  const revoked = await answered.text()
  assert.match(revoked, /class="failed"/)
  assert.match(revoked, /Revoked/)
  assert.doesNotMatch(revoked, /Verified just now/)
})

test('the page names its oEmbed address, which gives the frame in the size that was asked for (oEmbed 1.0, 2.3)', async () => {
  const page = await (await get(`/c/${shown.publicId}`)).text()
  const link = elementsOf(page).find((one) => one.attributes.get('type') === 'application/json+oembed')
  assert.equal(link?.attributes.get('rel'), 'alternate')
  const address = new URL(link?.attributes.get('href') ?? '')
  assert.equal(address.origin + address.pathname, `${site}/oembed`)
  const answer = await get(`${address.pathname}${address.search}${encodeURIComponent('?s=tok')}&maxwidth=300&utm_source=x`, '*/*')
  assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8')
  assert.equal(answer.headers.get('access-control-allow-origin'), '*')
  const told = (await answer.json()) as Record<string, unknown>
  assert.deepEqual({ ...told, html: '' }, { type: 'rich', version: '1.0', title: 'Ana <b>Ö</b>: Data analysis', author_name: 'Example University', provider_name: 'Laurel', provider_url: site, cache_age: 3600, width: 300, height: 232, html: '' })
  const [frame] = elementsOf(String(told['html']))
  assert.deepEqual([frame?.name, frame?.attributes.get('src'), frame?.attributes.get('width'), frame?.attributes.get('title')], ['iframe', `${site}/c/${shown.publicId}/embed?s=tok`, '300', 'Ana &lt;b&gt;Ö&lt;/b&gt;: Data analysis'])
  assert.equal((await oEmbed({ url: `${site}/c/${shown.publicId}`, format: 'xml' })).status, 501)
})

test('oEmbed knows the addresses of open credentials of this site and no others', async () => {
  const refused = [`${site}/c/${'A'.repeat(22)}`, `https://evil.example/c/${shown.publicId}`, `${site}@evil.example/c/${shown.publicId}`, `${site}/c/${shown.publicId}/share`, `javascript:${site}/c/${shown.publicId}`, 'x']
  for (const url of refused) assert.equal((await oEmbed({ url })).status, 404, url)
  await open(shown, 'private')
  assert.equal((await oEmbed({ url: `${site}/c/${shown.publicId}` })).status, 404)
  await open(shown, 'public')
  assert.equal((await oEmbed({ url: `${site}/c/${shown.publicId}` })).status, 200)
})

test('a link to a page shows its title, words and kind to the networks that fetch it, and to search engines what the learner opened', async () => {
  const metaOf = async () => {
    const page = await (await get(`/c/${shown.publicId}`)).text()
    const metas = elementsOf(page).filter((one) => one.name === 'meta').map((one) => [one.attributes.get('property') ?? one.attributes.get('name') ?? '', one.attributes.get('content') ?? ''] as const)
    return { page, meta: new Map(metas) }
  }
  await open(shown, 'link')
  const { page, meta } = await metaOf()
  for (const name of ['og:type', 'og:url', 'og:title', 'og:description', 'og:site_name', 'og:locale', 'twitter:card', 'twitter:title', 'twitter:description']) assert.ok(meta.get(name), name)
  assert.equal(meta.get('og:url'), `${site}/c/${shown.publicId}`)
  assert.equal(meta.get('robots'), 'noindex')
  assert.doesNotMatch(page, /application\/ld\+json/)
  await open(shown, 'public')
  const opened = await metaOf()
  assert.equal(opened.meta.get('robots'), undefined)
  const data = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/.exec(opened.page)?.[1] ?? '') as Record<string, unknown>
  assert.deepEqual([data['@context'], data['@type'], data['name'], data['url']], ['https://schema.org', 'EducationalOccupationalCredential', 'Data analysis', `${site}/c/${shown.publicId}`])
})
