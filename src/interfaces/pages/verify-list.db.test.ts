/** A recruiter's list over the real door: what is asked of whom, what is said of each row, and what is left behind. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Report } from '#kernel/verify'
import { credentialsById, revokeCredentials, setVisibility, verifyAddresses } from '#journey/credential'
import { viewsOf } from '#journey/view'
import { openHttp, openSignIn, signInRoutes, type Http } from '#interfaces/http'
import { readCsv, type CsvRecord } from '#platform/csv'
import { sql } from '#platform/db'
import { guardedFetch, type Fetched } from '#platform/net'
import { client, type Client } from '#test/client'
import { provider, type Graduate, type Provider } from '#test/provider'
import { checkMailPage, mailedLinkPage, pageRoutes, signInPage } from './index.ts'

const publicUrl = 'https://credentials.example.org'
const browserName = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'

let t: Provider
let http: Http
let graduates: readonly Graduate[]
let signed = ''
const asked: string[] = []
before(async () => {
  // Whatever is not on the one known host goes the way that it goes in the product, to the guard; nothing has an address there.
  const guarded = guardedFetch({ userAgent: 'test', resolve: async () => [] })
  t = await provider({
    fetch: async (address, options): Promise<Fetched> => {
      asked.push(address)
      return address.startsWith('https://elsewhere.example/') ? { status: 200, address, mediaType: 'application/json', body: Buffer.from(signed), header: () => undefined } : await guarded(address, options)
    },
  })
  graduates = await t.complete(['Ana', 'Bo', 'Cy'])
  await t.db.transaction(async (tx) => {
    for (const { credential } of graduates.slice(0, 2)) await setVisibility(tx, { credentialId: credential.id, visibility: 'link' })
    await revokeCredentials(tx, { credentialIds: [graduates[1]!.credential.id], reason: 'Marked again.', byWhom: 'staff' })
  })
  const { id } = graduates[0]!.credential
  signed = (await t.db.read((tx) => credentialsById(tx, [id]))).get(id)!.signed!
  const signIn = await openSignIn(t.world)
  http = openHttp({ world: t.world, routes: [...signInRoutes(signIn, { signIn: signInPage, checkMail: checkMailPage, mailedLink: mailedLinkPage }), ...pageRoutes(signIn)], signIn })
})
after(() => t.close())

let callers = 0
const somebody = (language = 'en'): Client => client(http, publicUrl, { address: `198.51.100.${++callers}`, headers: { 'user-agent': browserName, 'accept-language': language } })
const pageOf = (at: number) => `${publicUrl}/c/${graduates[at]!.credential.publicId}`
async function upload(csv: string | Uint8Array, who = somebody()): Promise<Response> {
  const form = new FormData()
  form.append('csrf', await who.token())
  form.append('file', new Blob([typeof csv === 'string' ? csv : new Uint8Array(csv)], { type: 'text/csv' }), 'candidates.csv')
  const made = new Request(publicUrl, { method: 'POST', body: form })
  return await who.request('POST', '/verify/list', { body: await made.arrayBuffer(), headers: { 'content-type': made.headers.get('content-type')! } })
}
async function takenAway(page: string): Promise<readonly CsvRecord[]> {
  const base64 = /href="data:text\/csv;charset=utf-8;base64,([^"]+)"/.exec(page)?.[1] ?? ''
  const records: CsvRecord[] = []
  for await (const one of readCsv((async function* () { yield Buffer.from(base64, 'base64') })(), [])) records.push(one)
  return records
}

test('each row has one verdict and one sentence, in the table and in the file that is taken away, beside the recruiter’s own columns', async () => {
  const answer = await upload(`candidate,credential url\nAna,${pageOf(0)}?s=abc\nBo,${pageOf(1)}\nCy,${pageOf(2)}\n=1+1,not one\nEd,\nFi,https://elsewhere.example/c/1\n`)
  assert.equal(answer.status, 200)
  const page = await answer.text()
  assert.match(page, /6 rows: 2 proved and the issuer trusted, 0 proved but the issuer unknown, 2 not proved, 2 without an answer\./)
  assert.match(page, /Row 5, column credential url: this is not a web address/)
  const rows = await takenAway(page)
  assert.deepEqual(rows.map((one) => [one.fields['candidate'], one.fields['row'], one.fields['verdict'], one.fields['reason'], one.fields['name']]), [
    ['Ana', '2', 'trusted', 'registry.listed', 'Ana'],
    ['Bo', '3', 'not_proved', 'status.revoked', 'Bo'],
    ['Cy', '4', 'not_proved', 'parsed.address_unreachable', ''],
    ["'=1+1", '5', 'no_answer', 'list.no_address', ''],
    ['Ed', '6', 'no_answer', 'list.empty', ''],
    ['Fi', '7', 'trusted', 'registry.listed', 'Ana'],
  ])
  assert.equal(rows[1]!.fields['sentence'], 'Revoked. Do not rely on it.')
  assert.doesNotMatch(page, />Cy</, 'a page that is not open says nothing')
})

test('the answers are in the reader’s language, and the columns of the file are not', async () => {
  const page = await (await upload(`address\n${pageOf(1)}\n`, somebody('ar'))).text()
  assert.match(page, /dir="rtl"/)
  const [row] = await takenAway(page)
  assert.equal(row!.fields['verdict'], 'not_proved')
  assert.match(row!.fields['sentence']!, /\p{Script=Arabic}/u)
})

test('a list is guarded as the single address is: nothing inside the network is spoken to', async () => {
  asked.length = 0
  const inside = ['http://127.0.0.1:5432/', 'https://127.0.0.1/c/1', 'https://169.254.169.254/latest/meta-data/', 'https://[::1]/', 'https://localhost/c/1', 'https://10.0.0.1/']
  const rows = await takenAway(await (await upload(`address\n${inside.join('\n')}\n`)).text())
  assert.deepEqual(rows.map((one) => [one.fields['verdict'], one.fields['reason']]), inside.map(() => ['not_proved', 'parsed.address_unreachable']))
  assert.deepEqual(asked.toSorted(), inside.toSorted(), 'every one went to the guard, which refused it')
})

test('looks are counted once a list, however often an address is in it, and nothing of the list is kept', async () => {
  const id = graduates[0]!.credential.id
  const verified = async () => (await t.db.read((tx) => viewsOf(tx, [id]))).get(id)!.find((one) => one.viewer === 'verification')!.inAll
  const before = await verified()
  await upload(`candidate,address\nCanary Nobody Else Is Called,${pageOf(0)}\nx,${pageOf(0)}\nx,${pageOf(0)}?s=a\n`)
  assert.equal(await verified(), before + 1)
  const holding = await t.db.read(async (tx) => {
    const tables = await tx.query(sql<{ name: string }>`select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`)
    assert.ok(tables.length > 40)
    const found = []
    for (const { name } of tables) found.push(...(await tx.query(sql<{ row: string }>`select row_to_json(this_row)::text as row from ${sql.raw(name)} this_row`)).filter((one) => one.row.includes('Canary Nobody')))
    return found
  })
  assert.deepEqual(holding, [])
})

test('a list that cannot be read is told in words, and what was pasted stands there still', async () => {
  const who = somebody('de')
  for (const [text, says] of [
    ['name\nAna', /Die erste Zeile nennt keine Spalte/],
    [`address\n${'https://elsewhere.example/c/1\n'.repeat(101)}`, /Sie hat mehr als 100 Zeilen/],
    ['address\n"https://elsewhere.example', /Ab Zeile 2 ist es kein CSV/],
  ] as const) {
    const answer = await who.post('/verify/list', { text })
    assert.equal(answer.status, 422)
    const page = await answer.text()
    assert.match(page, says)
    assert.ok(page.includes(text.split('\n')[0]!), 'what was pasted')
  }
})

test('no more than four addresses are under way at once, each is asked once, and what the time did not suffice for has no answer', async () => {
  let [now, most] = [0, 0]
  const verify = async (_: unknown, address: Uint8Array | string): Promise<Report> => {
    most = Math.max(most, ++now)
    await new Promise((resolve) => setImmediate(resolve))
    now--
    seen.push(String(address))
    return { reason: 'test' } as unknown as Report
  }
  const seen: string[] = []
  const addresses = Array.from({ length: 40 }, (_, at) => `https://elsewhere.example/${at % 20}`)
  assert.equal((await verifyAddresses(t.world, addresses, { verify })).size, 20)
  assert.equal(most, 4)
  assert.deepEqual(seen.toSorted(), [...new Set(addresses)].toSorted())
  const stop = new AbortController()
  const half = await verifyAddresses(t.world, addresses, { signal: stop.signal, verify: async (needs, address) => { if (seen.push('') === 48) stop.abort(); return await verify(needs, address) } })
  assert.ok(half.size > 0 && half.size < 20, `${half.size} of 20`)
  assert.equal((await verifyAddresses(t.world, addresses, { signal: AbortSignal.abort(), verify })).size, 0)
})
