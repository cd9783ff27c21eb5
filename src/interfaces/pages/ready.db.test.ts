/**
 * Pages that are kept ready: answered from memory, and never with what no longer holds, whoever changed it. The second server of these tests has
 * its own memory and its own connections to the same database; changes are made behind both.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { changeStatus, compromiseKey, countCredentials, countCredentialsOf, eraseCredentials, keysOf, revokeCredentials, setKnownAs, setVisibility, type Credential } from '#journey/credential'
import { viewsOf } from '#journey/view'
import { openHttp, openSignIn, route, type Http, type Route } from '#interfaces/http'
import { openDatabase, sql } from '#platform/db'
import { client } from '#test/client'
import { provider, type Graduate, type Provider } from '#test/provider'
import { credentialRoutes } from './credential-routes.ts'
import { pageRoutes } from './index.ts'

const publicUrl = 'https://credentials.example.org'
const browserName = 'Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36'

let t: Provider
let one: Http
let other: Http
let routes: readonly Route[]
let closeOther: () => Promise<void>
let graduates: readonly Graduate[]
before(async () => {
  t = await provider({ env: { LAUREL_SUSPENSION: '1' } })
  graduates = await t.complete(['Ana', 'Bo', 'Cy', 'Di', 'Ed', 'Fi', 'Gu'])
  await t.db.transaction(async (tx) => {
    for (const { credential } of graduates) await setVisibility(tx, { credentialId: credential.id, visibility: 'link' })
  })
  routes = pageRoutes(await openSignIn(t.world))
  one = openHttp({ world: t.world, routes })
  const db = openDatabase({ connectionString: t.connectionString, clock: t.clock, ids: t.world.ids })
  closeOther = () => db.close()
  other = openHttp({ world: { ...t.world, db }, routes })
})
after(async () => {
  await closeOther()
  await t.close()
})

const credentialOf = (name: string): Credential => graduates.find((each) => each.learner.name === name)!.credential
const get = (http: Http, path: string, headers: Record<string, string> = {}, address = '203.0.113.5') => client(http, publicUrl, { address, headers: { 'user-agent': browserName, ...headers } }).get(path)
const quick = async (http: Http, path: string, headers: Record<string, string> = {}) => {
  const heard = { host: 'credentials.example.org', 'user-agent': browserName, ...headers } as Readonly<Record<string, string>>
  return await http.quick({ method: 'GET', url: `${publicUrl}${path}`, header: (name) => heard[name] }, { address: '203.0.113.5' })
}

test('a page is made once and then answered from memory, letter for letter; each language its own', async () => {
  const path = `/c/${credentialOf('Ana').publicId}`
  assert.equal(await quick(one, path), undefined, 'nothing is there before somebody asks')
  const first = await get(one, path)
  assert.equal(first.status, 200)
  const again = await quick(one, path)
  assert.ok(again, 'the second request is answered from memory')
  const { 'x-request-id': id, ...headers } = again.headers
  const { 'x-request-id': firstId, ...firstHeaders } = Object.fromEntries(first.headers)
  assert.deepEqual(headers, firstHeaders)
  assert.notEqual(id, firstId)
  assert.equal(again.body, await first.text())
  assert.equal(await quick(one, path, { 'accept-language': 'ar' }), undefined)
  assert.match(await (await get(one, `${path}?lang=ar`)).text(), /dir="rtl"/)
  assert.match(String((await quick(one, path, { 'accept-language': 'ar' }))?.body), /dir="rtl"/)
  assert.doesNotMatch(String(again.body), /[?&]s=/)
})

test('what is somebody’s own is never answered from memory', async () => {
  const path = `/c/${credentialOf('Ana').publicId}`
  await get(one, path)
  assert.ok(await quick(one, `${path}?s=token&utm_source=x`), 'what a network adds to an address changes nothing')
  for (const [of, headers] of [[`${path}?n=message`, {}], [path, { cookie: '__Host-laurel_session=x' }], [path, { authorization: 'Bearer x' }], [path, { host: 'evil.example' }]] as const) assert.equal(await quick(one, of, headers), undefined, JSON.stringify([of, headers]))
  assert.equal((await quick(one, path, { 'accept-encoding': 'gzip, br' }))?.headers['content-encoding'], 'br')
  assert.equal((await quick(one, path, { 'accept-encoding': 'gzip, br;q=0' }))?.headers['content-encoding'], 'gzip')
  const tag = (await quick(one, path))?.headers['etag']
  assert.equal((await quick(one, path, { 'if-none-match': String(tag) }))?.status, 304, 'a reader who has the page is told that it still holds')
})

/** What may become of a credential, and what its page then answers. */
const changes: readonly { readonly name: string; readonly change: (credential: Credential) => Promise<unknown>; readonly status: number; readonly says: RegExp }[] = [
  { name: 'Bo', change: (c) => t.db.transaction((tx) => revokeCredentials(tx, { credentialIds: [c.id], reason: 'A mistake.', byWhom: 'staff' })), status: 200, says: /A mistake\./ },
  { name: 'Cy', change: (c) => t.db.transaction((tx) => changeStatus(tx, { change: 'suspend', credentialIds: [c.id], reason: 'Under review.', byWhom: 'staff' })), status: 200, says: /Under review\./ },
  { name: 'Di', change: (c) => t.db.transaction((tx) => setVisibility(tx, { credentialId: c.id, visibility: 'private' })), status: 404, says: /./ },
  { name: 'Fi', change: (c) => t.db.transaction((tx) => setKnownAs(tx, { credentialId: c.id, name: 'Fifi <i>' })), status: 200, says: /known as <bdi>Fifi &lt;i&gt;<\/bdi>/ },
  { name: 'Ed', change: (c) => t.db.transaction((tx) => eraseCredentials(tx, { learnerIds: [c.learnerId] })), status: 410, says: /withdrawn/i },
]

/** Asks both servers before and after each change; gives the names of those whose old page was still shown. */
async function staleAfterChange(doors: readonly Http[], which = changes): Promise<readonly string[]> {
  const stale: string[] = []
  for (const { name, change, status, says } of which) {
    const path = `/c/${credentialOf(name).publicId}`
    const old = await Promise.all(doors.map(async (http) => (await get(http, path)).text()))
    for (const http of doors) assert.ok(await quick(http, path), 'the page lies ready before the change')
    await change(credentialOf(name))
    for (const [at, http] of doors.entries()) {
      const fromMemory = await quick(http, path)
      if (fromMemory?.body === old[at]) stale.push(name)
      else {
        assert.equal(fromMemory, undefined, `${name}: nothing else is in memory`)
        const answer = await get(http, path)
        assert.equal(answer.status, status, name)
        assert.match(await answer.text(), says, name)
      }
    }
  }
  return stale
}

test('revoked, suspended, hidden, withdrawn, known by another name: seen with the next request, on the server where it was changed and on any other', async () => {
  assert.deepEqual(await staleAfterChange([one, other]), [])
})

test('a server that believed its memory would be found out by that test', async () => {
  const believing = credentialRoutes.map((row) => (row.ready ? { ...row, ready: { ...row.ready, versions: async (_tx: unknown, keys: readonly string[]) => new Map(keys.map((key) => [key, 'as ever'])) } } : row))
  assert.deepEqual(await staleAfterChange([openHttp({ world: t.world, routes: believing })], [{ ...changes[0]!, name: 'Gu' }]), ['Gu'])
})

test('a request that came after a change never joins a question that was asked before it', async () => {
  const [fresh] = await t.complete(['Hu'])
  await t.db.transaction((tx) => setVisibility(tx, { credentialId: fresh!.credential.id, visibility: 'link' }))
  const path = `/c/${fresh!.credential.publicId}`
  await get(one, path)
  let after = false
  let wrong = 0
  let asked = 0
  const ask = async () => {
    for (let i = 0; i < 40; i++) {
      const late = after
      const found = await quick(one, path)
      asked++
      if (late && found) wrong++
      if (!found) return
    }
  }
  const asking = Array.from({ length: 8 }, ask)
  await t.db.transaction((tx) => setVisibility(tx, { credentialId: fresh!.credential.id, visibility: 'private' }))
  after = true
  await Promise.all([...asking, ...Array.from({ length: 8 }, ask)])
  assert.ok(asked > 8)
  assert.equal(wrong, 0)
})

test('everybody who was answered from memory is counted, by day and kind like everybody else', async () => {
  const [fresh] = await t.complete(['Ix'])
  const { credential } = fresh!
  await t.db.transaction((tx) => setVisibility(tx, { credentialId: credential.id, visibility: 'link' }))
  const path = `/c/${credential.publicId}`
  for (let visitor = 1; visitor <= 30; visitor++) {
    const answer = await get(one, path, visitor > 25 ? { 'user-agent': 'LinkedInBot/1.0' } : {}, `198.51.100.${visitor}`)
    assert.equal(answer.status, 200)
  }
  await one.settled()
  const views = (await t.db.read((tx) => viewsOf(tx, [credential.id]))).get(credential.id) ?? []
  assert.deepEqual(Object.fromEntries(views.filter((view) => view.inAll > 0).map((view) => [view.viewer, view.inAll])), { unknown: 25, preview_bot: 5 })
})

test('a page is verified anew after a minute, and of a hundred who then ask one makes it', async () => {
  const path = `/c/${credentialOf('Ana').publicId}`
  await get(one, path)
  const before = String((await quick(one, path))?.body)
  t.at(new Date(t.clock.now().getTime() + 61_000).toISOString())
  assert.equal(await quick(one, path), undefined)
  let made = 0
  const counting = routes.map((row) => (row.ready ? { ...row, handler: async (asked: Parameters<Route['handler']>[0]) => { made++; return await row.handler(asked) } } : row))
  const http = openHttp({ world: t.world, routes: counting })
  const pages = await Promise.all(Array.from({ length: 100 }, async () => (await get(http, path)).text()))
  assert.equal(made, 1)
  assert.equal(new Set(pages).size, 1)
  assert.notEqual(pages[0], before)
})

test('a key that was withdrawn is told of at once', async () => {
  const path = `/c/${credentialOf('Ana').publicId}`
  await get(other, path)
  assert.ok(await quick(other, path))
  const [key] = await t.db.read((tx) => keysOf(tx, t.issuer.id))
  await t.db.transaction((tx) => compromiseKey(tx, t.world.secrets, { issuerId: t.issuer.id, publicMultibase: key!.publicMultibase, since: new Date('2026-01-01T00:00:00Z') }))
  assert.equal(await quick(other, path), undefined)
})

test('the tally of credentials is what counting them gives', async () => {
  const [counted] = await t.db.read((tx) => tx.query(sql<{ signed: number; revoked: number; suspended: number }>`select count(*) filter (where signed_at is not null) signed, count(*) filter (where revoked_at is not null) revoked,
    count(*) filter (where suspended_at is not null and revoked_at is null) suspended from credential.credential where issuer_id = ${t.issuer.id}`))
  assert.ok(counted!.signed >= 8 && counted!.revoked === 2 && counted!.suspended === 1, JSON.stringify(counted))
  assert.deepEqual(await t.db.read((tx) => countCredentials(tx, t.issuer.id)), counted)
  assert.deepEqual(await t.db.read((tx) => countCredentialsOf(tx, credentialOf('Ana').achievementId)), counted)
  await t.db.transaction((tx) => changeStatus(tx, { change: 'reinstate', credentialIds: [credentialOf('Cy').id], reason: 'Cleared.', byWhom: 'staff' }))
  assert.equal((await t.db.read((tx) => countCredentials(tx, t.issuer.id))).suspended, 0)
})

test('a row that cannot be kept ready is refused when it is written', () => {
  const rule = { by: 'nothing', seconds: 1, versions: async () => new Map<string, string>() }
  assert.throws(() => route({ method: 'GET', path: '/x', summary: 'x', roles: ['anonymous'], rate: { none: 'A test.' }, ready: rule, handler: async () => ({}) as never }), TypeError)
})
