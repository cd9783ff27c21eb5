/** Verifying as strangers do it, over the real door and a real database. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { contextFor } from '#kernel/openbadge'
import { addProof, didKey, keyPairFromSeed } from '#kernel/proof'
import { credentialsById, revokeCredentials, setVisibility } from '#journey/credential'
import { viewsOf } from '#journey/view'
import { openHttp, openSignIn, signInRoutes, type Http, type SignIn } from '#interfaces/http'
import { qrCode, qrPng } from '#interfaces/look'
import { sql } from '#platform/db'
import { client, type Client } from '#test/client'
import { provider, type Graduate, type Provider } from '#test/provider'
import { checkMailPage, mailedLinkPage, pageRoutes, signInPage } from './index.ts'

const publicUrl = 'https://credentials.example.org'
const browserName = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'

let t: Provider
let http: Http
let signIn: SignIn
let graduates: readonly Graduate[]
before(async () => {
  t = await provider()
  graduates = await t.complete(['Ana', 'Bo', 'Cy', 'Di'])
  await t.db.transaction(async (tx) => {
    for (const { credential } of graduates.slice(0, 3)) await setVisibility(tx, { credentialId: credential.id, visibility: 'link' })
    await revokeCredentials(tx, { credentialIds: [graduates[1]!.credential.id], reason: 'Marked again.', byWhom: 'staff' })
  })
  signIn = await openSignIn(t.world)
  http = openHttp({ world: t.world, routes: [...signInRoutes(signIn, { signIn: signInPage, checkMail: checkMailPage, mailedLink: mailedLinkPage }), ...pageRoutes(signIn)], signIn })
})
after(() => t.close())

let callers = 0
/** Each from an address of its own, so that the limits are no matter here. */
const somebody = (headers: Readonly<Record<string, string>> = {}): Client => client(http, publicUrl, { address: `198.51.100.${++callers}`, headers: { 'user-agent': browserName, ...headers } })
const pageOf = (at: number) => `${publicUrl}/c/${graduates[at]!.credential.publicId}`
const documentOf = async (at: number) => {
  const { id } = graduates[at]!.credential
  return (await t.db.read((tx) => credentialsById(tx, [id]))).get(id)!.signed!
}
const verified = async (at: number) => {
  const id = graduates[at]!.credential.id
  const counts = (await t.db.read((tx) => viewsOf(tx, [id]))).get(id)!
  return counts.find((one) => one.viewer === 'verification')!.inAll
}

test('what somebody has verified is counted as a look of its own kind, also when it was revoked; the learner’s own and a program’s are not', async () => {
  assert.match(await (await somebody().post('/verify', { text: await documentOf(0) })).text(), /Yes\. It is genuine[\s\S]*The learner sees in a count/)
  await somebody().post('/verify', { text: pageOf(0) })
  await somebody().post('/verify', { text: pageOf(1) })
  assert.deepEqual([await verified(0), await verified(1), await verified(2)], [2, 1, 0])
  await somebody({ 'user-agent': 'python-requests/2.32' }).post('/verify', { text: pageOf(0) })
  const owner = somebody()
  owner.take((await signIn.openFor(graduates[0]!.learner.email!, '')).cookies)
  await owner.post('/verify', { text: pageOf(0) })
  assert.equal(await verified(0), 2)
})

test('a document that a stranger signed under the id of one of ours is no look at ours', async () => {
  const stranger = keyPairFromSeed(Buffer.alloc(32, 3))
  const did = didKey(stranger.publicKey)
  const { proof: _, credentialStatus: _status, ...ours } = JSON.parse(await documentOf(2)) as Record<string, unknown>
  const theirs = await addProof({ ...ours, issuer: { id: did, type: ['Profile'], name: 'Somebody' } } as never, stranger, { cryptosuite: 'eddsa-rdfc-2022', verificationMethod: `${did}#${did.slice('did:key:'.length)}`, created: '2026-01-01T00:00:00Z' }, contextFor)
  const said = await (await somebody().post('/verify', { text: JSON.stringify(theirs) })).text()
  assert.match(said, /It is genuine, but we do not know the issuer\./)
  assert.doesNotMatch(said, /The learner sees in a count/)
  assert.equal(await verified(2), 0)
})

test('what is given to be verified is kept nowhere', async () => {
  const canary = 'Canary Nobody Else Is Called'
  await somebody().post('/verify', { text: (await documentOf(0)).replace('"Ana"', JSON.stringify(canary)) })
  const found = await t.db.read(async (tx) => {
    const tables = await tx.query(sql<{ name: string }>`select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`)
    assert.ok(tables.length > 40)
    const holding = []
    for (const { name } of tables) holding.push(...(await tx.query(sql<{ row: string }>`select row_to_json(this_row)::text as row from ${sql.raw(name)} this_row`)).filter((one) => one.row.includes(canary)))
    return holding
  })
  assert.deepEqual(found, [])
})

test('a picture of a code is as good as the address in it, without JavaScript: a PNG is looked through, other pictures are told what to do instead', async () => {
  const upload = async (bytes: Uint8Array<ArrayBuffer>, type: string, name: string) => {
    const one = somebody()
    const body = new FormData()
    body.set('csrf', await one.token())
    body.set('file', new File([bytes], name, { type }))
    const answer = await one.request('POST', '/verify', { body })
    return { status: answer.status, text: await answer.text() }
  }
  const before = await verified(2)
  assert.match((await upload(await qrPng(qrCode(`${pageOf(2)}?s=abc`)), 'image/png', 'code.png')).text, /Yes\. It is genuine/)
  assert.equal(await verified(2), before + 1)
  assert.match((await upload(await qrPng(qrCode(pageOf(3))), 'image/png', 'private.png')).text, /the page is not open to everybody/)
  const card = await upload(await qrPng(qrCode('BEGIN:VCARD\nEND:VCARD')), 'image/png', 'card.png')
  assert.equal(card.status, 200)
  assert.match(card.text, /Not proved|could not be read|holds no credential|no credential/i)
  const photo = await upload(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0), 'image/jpeg', 'photo.jpg')
  assert.equal(photo.status, 422)
  assert.match(photo.text, /This kind of picture holds no credential\. Point the camera app/)
})
