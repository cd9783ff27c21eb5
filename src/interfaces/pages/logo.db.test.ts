/** The logo of an issuer: on its page, on its credentials' pages, cards and certificates, under an address of its own. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setVisibility } from '#journey/credential'
import { chooseIssuerLogo } from '#journey/party'
import { makeCards } from '#journey/share'
import { openHttp, openSignIn, type Http } from '#interfaces/http'
import { cardPrinter, makeLogo, rasterPng } from '#interfaces/look'
import { client } from '#test/client'
import { elementsOf } from '#test/markup'
import { provider, type Graduate, type Provider } from '#test/provider'
import { pageRoutes } from './index.ts'

const site = 'https://credentials.example.org'

let t: Provider
let http: Http
let one: Graduate
before(async () => {
  t = await provider({ cards: cardPrinter })
  http = openHttp({ world: t.world, routes: pageRoutes(await openSignIn(t.world)) })
  one = (await t.complete(['Lucía Núñez']))[0]!
  await t.db.transaction((tx) => setVisibility(tx, { credentialId: one.credential.id, visibility: 'link' }))
})
after(() => t.close())

const get = (path: string) => client(http, site).get(path)
const drawn = async (colour: string) => await makeLogo(await rasterPng(`<svg xmlns="http://www.w3.org/2000/svg" width="600" height="200"><rect width="600" height="200" fill="${colour}"/><circle cx="100" cy="100" r="80" fill="#fff"/></svg>`, 600, 200))
async function choose(logo: Awaited<ReturnType<typeof drawn>> | undefined): Promise<void> {
  await t.db.transaction((tx) => chooseIssuerLogo(tx, { issuerId: t.issuer.id, logo }))
  t.at(new Date(t.clock.now().getTime() + 61_000).toISOString()) // a page is kept ready for a minute
}
const picturesOn = async (path: string): Promise<readonly ReadonlyMap<string, string>[]> => elementsOf(await (await get(path)).text()).filter((element) => element.name === 'img').map((element) => element.attributes)
const cardOn = async (): Promise<string> => elementsOf(await (await get(`/c/${one.credential.publicId}`)).text()).find((element) => element.attributes.get('property') === 'og:image')?.attributes.get('content')?.slice(site.length) ?? ''
const bytesOf = async (path: string): Promise<Buffer> => Buffer.from(await (await get(path)).arrayBuffer())

test('without a logo there is no picture; with one it stands on both pages, with its size, and the same address', async () => {
  const pages = [`/c/${one.credential.publicId}`, '/i/example']
  for (const path of pages) assert.deepEqual(await picturesOn(path), [])
  const logo = await drawn('#1238a0')
  await choose(logo)
  const addresses = new Set<string>()
  for (const path of pages) {
    const pictures = await picturesOn(path)
    assert.ok(pictures.length > 0, path)
    for (const picture of pictures) {
      addresses.add(picture.get('src') ?? '')
      assert.equal(picture.get('alt'), '', 'the name beside it is said')
      assert.ok(Math.abs(Number(picture.get('width')) / Number(picture.get('height')) - 3) < 0.1, 'room is kept for it before it comes')
    }
  }
  const [address = ''] = addresses
  assert.equal(addresses.size, 1)
  const answer = await get(address)
  assert.deepEqual([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')], [200, 'image/png', 'public, max-age=31536000, immutable'])
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), Buffer.from(logo.png))
})

test('another logo is another address and another card; the old ones lead to the new; without a logo its address leads nowhere, and the card is the first one again', async () => {
  await choose(undefined)
  const plain = await cardOn()
  const certificate = await bytesOf(`/c/${one.credential.publicId}.pdf`)
  await choose(await drawn('#1238a0'))
  const [blue] = await picturesOn('/i/example')
  const blueCard = await cardOn()
  assert.notEqual(blueCard, plain)
  const bluePicture = await bytesOf(blueCard)
  assert.notDeepEqual(await bytesOf(`/c/${one.credential.publicId}.pdf`), certificate)
  await choose(await drawn('#7b1233'))
  const [red] = await picturesOn('/i/example')
  assert.notEqual(red?.get('src'), blue?.get('src'))
  const old = await get(blue?.get('src') ?? '')
  assert.deepEqual([old.status, old.headers.get('location')], [303, red?.get('src')])
  const redCard = await cardOn()
  assert.deepEqual([(await get(blueCard)).status, (await get(blueCard)).headers.get('location')], [303, redCard])
  // Made ahead or when somebody asks, by whoever: the same bytes.
  assert.equal(await makeCards(t.world, { credentialIds: [one.credential.id] }, cardPrinter), 1)
  assert.notDeepEqual(await bytesOf(redCard), bluePicture)
  assert.equal(await makeCards(t.world, { credentialIds: [one.credential.id] }, cardPrinter), 0)
  await choose(undefined)
  assert.equal((await get(red?.get('src') ?? '')).status, 404)
  assert.equal(await cardOn(), plain)
  assert.deepEqual(await picturesOn('/i/example'), [])
  assert.equal((await get('/i/nobody/logo.AAAAAAAAAAAAAAAA.png')).status, 404)
})
