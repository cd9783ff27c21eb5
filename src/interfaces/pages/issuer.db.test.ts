/** The pages of issuers and achievements, and the same addresses as programs read them. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { keysOf, revokeCredentials, rotateKey, setVisibility, type Credential } from '#journey/credential'
import { chooseIssuerLook } from '#journey/party'
import { openHttp, openSignIn, type Http } from '#interfaces/http'
import { ownNames, themedStyles } from '#interfaces/look'
import { client } from '#test/client'
import { provider, type Provider } from '#test/provider'
import { pageRoutes } from './index.ts'

const publicUrl = 'https://credentials.example.org'
const page = '/i/example/a/Data-analysis'

let t: Provider
let http: Http
let revoked: Credential
let kept: Credential
before(async () => {
  t = await provider()
  const [one, other] = await t.complete(['Ana', 'Bo'])
  revoked = one!.credential
  kept = other!.credential
  await t.db.transaction(async (tx) => {
    for (const { id } of [revoked, kept]) await setVisibility(tx, { credentialId: id, visibility: 'link' })
    await revokeCredentials(tx, { credentialIds: [revoked.id], reason: 'A mistake.', byWhom: 'staff' })
  })
  t.at('2026-04-01T09:00:00Z')
  await t.db.transaction((tx) => rotateKey(tx, t.world.secrets, t.issuer.id))
  http = openHttp({ world: t.world, routes: pageRoutes(await openSignIn(t.world)) })
})
after(() => t.close())

const get = (path: string, accept?: string) => client(http, publicUrl).get(path, accept === undefined ? {} : { headers: { accept } })

test('an issuer’s page says what it awards, how often, and with which keys, the newest first; without a cookie', async () => {
  const answer = await get('/i/example')
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.headers.getSetCookie(), [])
  const text = await answer.text()
  assert.match(text, /2 credentials have been signed here so far\. 1 of them has been revoked\./)
  assert.match(text, /<a href="\/i\/example\/a\/Data-analysis">/)
  assert.match(text, /did:web:credentials\.example\.org:i:example/)
  const [old, fresh] = await t.db.read((tx) => keysOf(tx, t.issuer.id))
  assert.ok(text.indexOf(fresh!.publicMultibase) < text.indexOf(old!.publicMultibase))
  assert.match(text, /In use from <time/)
  assert.doesNotMatch(text, /Ana|Bo\b/, 'a directory of learners is nobody’s wish')
  assert.equal((await get('/i/nobody')).status, 404)
})

test('an achievement’s address is a page for browsers and a document for programs; caches keep them apart', async () => {
  const shown = await get(page)
  assert.match(shown.headers.get('content-type') ?? '', /^text\/html/)
  assert.match(shown.headers.get('vary') ?? '', /^accept, /)
  assert.match(await shown.text(), /Pass six graded assignments and a supervised exam\./)
  for (const accept of ['application/json', 'application/ld+json, application/json;q=0.9', '*/*', '']) {
    const answer = await get(page, accept)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/, accept)
    assert.equal(answer.headers.get('vary'), 'accept')
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    const document = (await answer.json()) as { id: string; name: string }
    assert.deepEqual([document.id, document.name], [`${publicUrl}${page}`, 'Data analysis'])
  }
  const always = await get(`${page}/achievement.json`)
  assert.match(always.headers.get('content-type') ?? '', /^application\/json/)
  for (const path of ['/i/example/a/other', '/i/nobody/a/Data-analysis', '/i/example/a/other/achievement.json']) assert.equal((await get(path)).status, 404, path)
})

test('a page is offered in every other language by its address, and speaks the one that was chosen', async () => {
  const text = await (await get('/i/example?lang=ar')).text()
  assert.match(text, /<html lang="ar" dir="rtl">/)
  for (const [language, name] of Object.entries(ownNames)) {
    if (language === 'ar') continue
    assert.ok(text.includes(`<a href="/i/example?lang=${language}" hreflang="${language}" lang="${language}">${name}</a>`), language)
    assert.match(await (await get(`/i/example?lang=${language}`)).text(), new RegExp(`<html lang="${language}"`))
  }
})

test('what was checked is said in the reader’s language, with the names and dates that the check found', async () => {
  const shown = async (credential: Credential, language: string) => await (await get(`/c/${credential.publicId}?lang=${language}`)).text()
  const german = await shown(kept, 'de')
  assert.match(german, /Seit der Unterschrift wurde nichts verändert\./)
  assert.match(german, /Der Schlüssel gehört zu <bdi>credentials\.example\.org<\/bdi>\./)
  assert.match(german, /Gültig seit dem 2\. März 2026\./)
  assert.match(await shown(revoked, 'de'), /Die ausstellende Stelle hat ihn widerrufen\./)
  for (const language of Object.keys(ownNames)) {
    if (language === 'en') continue
    for (const credential of [kept, revoked]) assert.doesNotMatch(await shown(credential, language), /<span class="why"><bdi lang="en">/, language)
  }
})

test('a directory is turned page by page, newest first, each public credential once and no other; without the issuer’s wish it is not there', async () => {
  const graduates = await t.complete(Array.from({ length: 57 }, (_, at) => `Learner ${at}`))
  await t.db.transaction(async (tx) => {
    for (const [at, { credential }] of graduates.entries()) await setVisibility(tx, { credentialId: credential.id, visibility: at < 55 ? 'public' : at === 55 ? 'link' : 'private' })
    await revokeCredentials(tx, { credentialIds: [graduates[3]!.credential.id], reason: 'A mistake.', byWhom: 'staff' })
  })
  assert.equal((await get('/i/example/directory')).status, 404)
  assert.doesNotMatch(await (await get('/i/example')).text(), /directory/)
  await t.db.transaction((tx) => chooseIssuerLook(tx, { issuerId: t.issuer.id, directory: true, colour: '#8A1C5B' }))
  assert.match(await (await get('/i/example')).text(), /href="\/i\/example\/directory"/)
  const seen: string[] = []
  let path: string | undefined = '/i/example/directory'
  let pages = 0
  const styles = themedStyles('#8a1c5b')
  while (path !== undefined) {
    const text: string = await (await get(path)).text()
    assert.deepEqual([...text.matchAll(/<link rel="stylesheet" href="([^"]+)">/g)].map(([, address]) => address), [styles.path], 'one sheet in place of another')
    seen.push(...[...text.matchAll(/<a href="\/c\/([\w-]{22})"/g)].map((one) => one[1]!))
    path = /rel="next" href="([^"]+)"/.exec(text)?.[1]
    pages++
  }
  const wanted = graduates.filter((_, at) => at < 55 && at !== 3).map((one) => one.credential).toSorted((a, b) => (a.id < b.id ? 1 : -1)).map((one) => one.publicId)
  assert.deepEqual([pages, seen], [2, wanted])
  const sheet = await get(styles.path, '*/*')
  assert.deepEqual([sheet.headers.get('cache-control'), sheet.headers.get('content-type')], ['public, max-age=31536000, immutable', 'text/css; charset=utf-8'])
  assert.match(await sheet.text(), /--laurel: #1e5540[^]+--laurel: #8a1c5b/)
  assert.ok(styles.encoded.br.length < 12_000, 'small, as it is sent')
  const older = await get('/theme/8a1c5b.0123456789.css', '*/*')
  assert.deepEqual([older.status, older.headers.get('location')], [303, styles.path])
  assert.equal((await get('/theme/8a1c5b.png')).status, 404)
  await t.db.transaction((tx) => chooseIssuerLook(tx, { issuerId: t.issuer.id, directory: false, colour: undefined }))
  assert.equal((await get('/i/example/directory')).status, 404)
})
