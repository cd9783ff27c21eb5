/** Every form that a credential is carried in, taken from its address and given back to the verifier. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inflateSync } from 'node:zlib'
import { unbake } from '#kernel/openbadge'
import { changeStatus, rotateKey, setVisibility, verifyStranger, type Credential } from '#journey/credential'
import { chooseIssuerLook } from '#journey/party'
import { themeOf } from '#interfaces/look'
import { openHttp, openSignIn, type Http } from '#interfaces/http'
import { client } from '#test/client'
import { photoOf, readPhoto } from '#test/photo'
import { provider, type Provider } from '#test/provider'
import { pageRoutes } from './index.ts'

const publicUrl = 'https://credentials.example.org'
const names = ['Adaeze Nkechi Okonkwo', 'क्षितिज विश्वकर्मा', 'فاطمة الزهراء (Fatima)', '欧阳修远', 'Łukasz “Łuk” Жуков', 'ሰላም'] as const

let t: Provider
let http: Http
let credentials: readonly Credential[]
before(async () => {
  t = await provider()
  credentials = (await t.complete(names, { email: () => undefined })).map((one) => one.credential)
  await t.db.transaction(async (tx) => {
    for (const { id } of credentials) await setVisibility(tx, { credentialId: id, visibility: 'link' })
  })
  http = openHttp({ world: t.world, routes: pageRoutes(await openSignIn(t.world)) })
})
after(() => t.close())

/** As a person would, who presses once in a while: every press is ten seconds after the one before. */
const get = (credential: Credential, ending: string) => {
  t.clock.advanceTo(new Date(t.clock.now().getTime() + 10_000))
  return client(http, publicUrl).get(`/c/${credential.publicId}.${ending}`)
}
const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer())

test('certificate, baked pictures, token and document each verify as trusted, and carry the document byte for byte', async () => {
  for (const [i, credential] of credentials.slice(0, 5).entries()) {
    const document = await (await get(credential, 'json')).text()
    for (const [ending, mediaType] of [['pdf', 'application/pdf'], ['png', 'image/png'], ['svg', 'image/svg+xml'], ['jws', 'application/jwt'], ['json', 'application/vc']] as const) {
      const answer = await get(credential, ending)
      assert.equal(answer.status, 200, ending)
      assert.ok((answer.headers.get('content-type') ?? '').startsWith(mediaType), ending)
      assert.match(answer.headers.get('content-disposition') ?? '', new RegExp(`^attachment; filename="[^"]*\\.${ending}"`))
      const bytes = await bytesOf(answer)
      const report = await verifyStranger(t.world, bytes, { online: false })
      assert.equal(report.verdict, 'trusted', `${names[i]} as ${ending}: ${report.reason}`)
      assert.equal(report.facts?.who, names[i], ending)
      const carried = unbake(bytes)
      if (ending !== 'jws') assert.equal(carried.ok && carried.text, document, ending)
    }
  }
})

test('a certificate is the same bytes each time, tagged, in its language, and with a title', async () => {
  const [one] = credentials as [Credential]
  const [first, second] = [await bytesOf(await get(one, 'pdf')), await bytesOf(await get(one, 'pdf'))]
  assert.equal(Buffer.from(first).toString('latin1'), Buffer.from(second).toString('latin1'))
  const text = Buffer.from(first).toString('latin1')
  for (const said of ['/MarkInfo', '/StructTreeRoot', '/Lang (en)', '/DisplayDocTitle true', '/AFRelationship /Source']) assert.ok(text.includes(said), said)
})

test('a name that no face here can set is said with its letters; the badge of the same credential is there', async () => {
  const last = credentials.at(-1)!
  const answer = await get(last, 'pdf')
  const said = await answer.text()
  assert.equal(answer.status, 422, said)
  assert.match(said, /no face has ሰ ላ ም/)
  assert.equal((await get(last, 'png')).status, 200)
})

test('one changed byte in what is carried is not proved', async () => {
  const [one] = credentials as [Credential]
  for (const ending of ['pdf', 'png', 'svg', 'jws']) {
    const bytes = await bytesOf(await get(one, ending))
    const report = await verifyStranger(t.world, ending === 'svg' ? Buffer.from(Buffer.from(bytes).toString().replace('Adaeze', 'Adaezf')) : spoilt(bytes, ending), { online: false })
    assert.notEqual(report.verdict, 'trusted', ending)
  }
})

/** Changes a byte of the picture's text, of the attachment or of the token. */
function spoilt(bytes: Uint8Array, ending: string): Uint8Array {
  const copy = Buffer.from(bytes)
  const at = ending === 'jws' ? copy.length - 20 : ending === 'png' ? copy.indexOf('proofValue') + 30 : copy.indexOf('stream', copy.indexOf('/EmbeddedFile')) + 60
  copy[at] = copy[at]! ^ 1
  return copy
}

test('a token is signed with the key in use after a rotation, and what does not hold is not carried on', async () => {
  const [, other] = credentials as [Credential, Credential]
  t.at('2026-05-01T09:00:00Z')
  const fresh = await t.db.transaction((tx) => rotateKey(tx, t.world.secrets, t.issuer.id))
  const token = await (await get(other, 'jws')).text()
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { readonly kid: string }
  assert.ok(header.kid.endsWith(`#${fresh.publicMultibase}`))
  assert.equal((await verifyStranger(t.world, token, { online: false })).verdict, 'trusted')
  await t.db.transaction((tx) => changeStatus(tx, { change: 'revoke', credentialIds: [other.id], reason: 'A mistake.', byWhom: 'staff' }))
  for (const ending of ['pdf', 'png', 'svg', 'jws']) assert.equal((await get(other, ending)).status, 409, ending)
  const page = await (await client(http, publicUrl).get(`/c/${other.publicId}`)).text()
  assert.doesNotMatch(page, /\.pdf"/)
})

test('a private page keeps its forms to itself', async () => {
  const [one] = credentials as [Credential]
  await t.db.transaction((tx) => setVisibility(tx, { credentialId: one.id, visibility: 'private' }))
  for (const ending of ['pdf', 'png', 'svg', 'jws', 'json']) assert.equal((await get(one, ending)).status, 404, ending)
})

/** What is drawn on a certificate: its content streams are deflated, one each. */
async function drawnOn(credential: Credential): Promise<string> {
  const answer = await get(credential, 'pdf')
  assert.equal(answer.status, 200)
  const bytes = Buffer.from(await bytesOf(answer))
  return [...bytes.toString('latin1').matchAll(/stream\r?\n([\s\S]*?)endstream/g)].map((one) => { try { return inflateSync(Buffer.from(one[1]!, 'latin1')).toString('latin1') } catch { return '' } }).join('\n')
}

test('a camera that is held before a certificate reads the address of its page', async () => {
  const [one] = await t.complete(['Yara'])
  await t.db.transaction((tx) => setVisibility(tx, { credentialId: one!.credential.id, visibility: 'link' }))
  // Runs of dark modules: to the start of one, along its upper edge, down by one, and back.
  const runs = [...(await drawnOn(one!.credential)).matchAll(/(\d+) (\d+) m\n(\d+) \2 l\n\3 (\d+) l\n\1 \4 l\nh\n/g)].map(([, from, row, to]) => [from, row, to].map(Number) as [number, number, number])
  const path = runs.map(([from, row, to]) => `M${from} ${row}h${to - from}`).join('')
  const modules = Math.max(...runs.map(([, row]) => row)) + 1
  assert.equal(readPhoto(photoOf({ modules, path }, { scale: 3, around: 60, noise: 12, turned: 1 })), `${publicUrl}/c/${one!.credential.publicId}`)
})

test('a certificate is drawn in the issuer’s colour, and in Laurel’s when it has none', async () => {
  const [one] = await t.complete(['Zoë'])
  await t.db.transaction((tx) => setVisibility(tx, { credentialId: one!.credential.id, visibility: 'link' }))
  const drawn = () => drawnOn(one!.credential)
  const operands = (colour: string) => [1, 3, 5].map((at) => Math.floor((Number.parseInt(colour.slice(at, at + 2), 16) / 255) * 1_000) / 1_000)
  const has = (content: string, colour: string) => [...content.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) (?:sc|SC|scn|SCN|rg|RG)\b/g)].some((one) => operands(colour).every((part, at) => Math.abs(part - Number(one[at + 1])) < 0.002))
  const { laurel } = themeOf('#ffcc00').light
  const plain = await drawn()
  assert.deepEqual([has(plain, '#1e5540'), has(plain, laurel)], [true, false])
  await t.db.transaction((tx) => chooseIssuerLook(tx, { issuerId: t.issuer.id, directory: false, colour: '#ffcc00' }))
  const own = await drawn()
  assert.deepEqual([has(own, '#1e5540'), has(own, laurel)], [false, true])
  await t.db.transaction((tx) => chooseIssuerLook(tx, { issuerId: t.issuer.id, directory: false, colour: undefined }))
})
