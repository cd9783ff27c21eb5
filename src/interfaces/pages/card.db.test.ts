/** The card of a credential: made ahead, kept for ever under its address, honest when the credential no longer holds. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { changeStatus, revokeCredentials, setVisibility } from '#journey/credential'
import { makeCards } from '#journey/share'
import { chooseIssuerLook, eraseLearners } from '#journey/party'
import { openHttp, openSignIn, type Http } from '#interfaces/http'
import { cardPrinter } from '#interfaces/look'
import { sql } from '#platform/db'
import { client } from '#test/client'
import { elementsOf } from '#test/markup'
import { provider, type Graduate, type Provider } from '#test/provider'
import { pageRoutes } from './index.ts'

const site = 'https://credentials.example.org'

let t: Provider
let http: Http
before(async () => {
  t = await provider({ env: { LAUREL_SUSPENSION: '1' }, cards: cardPrinter })
  http = openHttp({ world: t.world, routes: pageRoutes(await openSignIn(t.world)) })
})
after(() => t.close())

const get = (path: string) => client(http, site).get(path)
const opened = async (name: string): Promise<Graduate> => {
  const [one] = await t.complete([name])
  await t.db.transaction((tx) => setVisibility(tx, { credentialId: one!.credential.id, visibility: 'link' }))
  return one!
}
/** The address of the picture, as a network reads it from the page. */
const pictureOf = async (one: Graduate): Promise<string> => {
  const page = await (await get(`/c/${one.credential.publicId}`)).text()
  const address = elementsOf(page).find((element) => element.attributes.get('property') === 'og:image')?.attributes.get('content') ?? ''
  assert.ok(address.startsWith(`${site}/c/${one.credential.publicId}/card.`), address)
  return address.slice(site.length)
}
const kept = async (one: Graduate) => await t.db.read((tx) => tx.query(sql<{ key: string; size: number; at: Date }>`select key, length(png) as size, made_at as at from share.card where credential_id = ${one.credential.id}`))

test('the card is there before anybody asks, and may be kept for ever by whoever fetched it', async () => {
  const one = await opened('Lucía Núñez')
  const [made] = await kept(one)
  assert.ok(made && made.size > 10_000, 'made by the job that follows the credential')
  const path = await pictureOf(one)
  assert.ok(path.includes(made.key))
  const answer = await get(path)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'image/png')
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin', 'it stands in mails and in other sites')
  assert.equal((await answer.arrayBuffer()).byteLength, made.size)
  assert.deepEqual(await kept(one), [made], 'looking draws nothing')
  assert.equal(await makeCards(t.world, { credentialIds: [one.credential.id] }, cardPrinter), 0, 'a job that runs twice draws once')
})

test('revoked, suspended and reinstated have cards of their own, and an older address leads to the present one', async () => {
  const one = await opened('Bo')
  const before = await pictureOf(one)
  await t.db.transaction((tx) => revokeCredentials(tx, { credentialIds: [one.credential.id], reason: 'A mistake.', byWhom: 'staff' }))
  await t.world.queue.drain(t.world)
  const revoked = await pictureOf(one)
  assert.notEqual(revoked, before)
  assert.ok(revoked.includes((await kept(one))[0]!.key), 'drawn by the job that follows the revocation')
  const old = await get(before)
  assert.deepEqual([old.status, old.headers.get('location'), old.headers.get('cache-control')], [303, revoked, 'no-store'])

  const other = await opened('Cy')
  const first = await pictureOf(other)
  const change = (to: 'suspend' | 'reinstate') => t.db.transaction((tx) => changeStatus(tx, { change: to, credentialIds: [other.credential.id], reason: 'A question.', byWhom: 'staff' }))
  await change('suspend')
  assert.notEqual(await pictureOf(other), first)
  await change('reinstate')
  assert.equal(await pictureOf(other), first, 'what it says is what it said before')
  assert.equal((await get(first)).status, 200, 'drawn where nobody had made it ahead')
})

test('a private credential shows its card to nobody else, as if it were not there; an erased one has none', async () => {
  const one = await opened('Di')
  const path = await pictureOf(one)
  await t.db.transaction((tx) => setVisibility(tx, { credentialId: one.credential.id, visibility: 'private' }))
  assert.equal((await get(path)).status, 404)
  assert.equal((await get(path.replace(one.credential.publicId, 'A'.repeat(22)))).status, 404)
  await t.db.transaction((tx) => setVisibility(tx, { credentialId: one.credential.id, visibility: 'link' }))
  await t.db.transaction((tx) => eraseLearners(tx, [one.learner.id]))
  assert.deepEqual(await kept(one), [])
  assert.equal((await get(path)).status, 404)
  assert.equal(await makeCards(t.world, { credentialIds: [one.credential.id] }, cardPrinter), 0)
  assert.deepEqual(await kept(one), [])
})

test('another colour is another picture under another address; the address that was given out before leads there', async () => {
  const one = await opened('Ed')
  const green = await pictureOf(one)
  const choose = async (colour: string | undefined) => {
    await t.db.transaction((tx) => chooseIssuerLook(tx, { issuerId: one.credential.issuerId, directory: false, colour }))
    t.at(new Date(t.clock.now().getTime() + 61_000).toISOString()) // a page is kept ready for a minute
  }
  await choose('#7b1233')
  const red = await pictureOf(one)
  assert.notEqual(red, green)
  const old = await get(green)
  assert.deepEqual([old.status, old.headers.get('location')], [303, red])
  assert.equal((await get(red)).status, 200)
  await choose(undefined)
  assert.equal(await pictureOf(one), green, 'a colour that is taken back leaves nothing behind')
  assert.equal((await get(green)).status, 200)
})
