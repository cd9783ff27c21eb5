import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import type { FaultKind } from '#kernel/fault'
import { fault as partyFault, addMember, createApiKey, createIssuer, enrolLearners, revokeApiKey, type Issuer } from '#journey/party'
import { auditEntries, checkChain } from '#platform/audit'
import { sql } from '#platform/db'
import { html, postForm } from '#interfaces/look'
import { client, type Client } from '#test/client'
import { testWorld, type TestWorld } from '#test/world'
import { file, json, nothing, page, streamed } from './answer.ts'
import { formBody, jsonBody, uploadBody } from './body.ts'
import { fault } from './faults.ts'
import { healthRoutes } from './health.ts'
import { openHttp, type Http } from './open.ts'
import { keysOnly, route } from './route.ts'
import { openSignIn, type SignIn } from './sign-in.ts'
import { signInRoutes } from './sign-in-routes.ts'
import { mustActFor } from './who.ts'

const publicUrl = 'https://credentials.example.org'
const free = { none: 'A test.' }
const anyone = ['anonymous'] as const

let countRun = 0
const routes = [
  route({
    method: 'GET', path: '/page', summary: 'A page.', roles: anyone, rate: free,
    handler: async ({ chrome }) => page(html`<!doctype html><html lang="en"><body>${postForm('/form', chrome(), html`<button>go</button>`)}</body></html>`),
  }),
  route({
    method: 'GET', path: '/cached', summary: 'A page without a form.', roles: anyone, rate: free, crossOrigin: true,
    handler: async ({ chrome }) => page(html`<p>${chrome({ csrf: '' }).language}</p>`, { keep: { by: 'public', seconds: 60 } }),
  }),
  route({
    method: 'GET', path: '/cached-with-form', summary: 'A page whose handler is wrong about keeping it.', roles: anyone, rate: free,
    handler: async ({ csrf }) => page(html`<p>${csrf()}</p>`, { keep: { by: 'public', seconds: 60 } }),
  }),
  route({
    method: 'POST', path: '/form', summary: 'A form.', roles: anyone, rate: free, csrf: 'form', audit: 'test.form',
    body: formBody(z.strictObject({ name: z.string().min(1).max(20).optional(), tag: z.union([z.string(), z.array(z.string())]).optional() })),
    handler: async ({ input, change }) => json(await change(async () => ({ got: input.body }), () => ({ subject: 'form', after: input.body }))),
  }),
  route({ method: 'POST', path: '/beacon', summary: 'A beacon.', roles: anyone, rate: free, csrf: 'origin', audit: { none: 'A hit.' }, body: formBody(z.strictObject({ token: z.string() })), handler: async () => nothing() }),
  route({
    method: 'POST', path: '/upload', summary: 'A file.', roles: ['staff'], rate: free, csrf: 'form', audit: 'test.upload',
    body: uploadBody(z.strictObject({ note: z.string().optional() }), { mediaTypes: ['text/csv'], limit: 3_000_000 }),
    async handler({ input }) {
      let bytes = 0
      for await (const chunk of input.body.file?.bytes ?? []) bytes += chunk.length
      return json({ note: input.body.fields.note, name: input.body.file?.name, bytes })
    },
  }),
  route({ method: 'GET', path: '/desk/:issuer', summary: 'An issuer’s desk.', roles: ['staff', 'owner'], issuer: 'path', rate: free, handler: async ({ issuer }) => json({ handle: issuer.handle }) }),
  route({ method: 'GET', path: '/things/:id', summary: 'A thing found by its id.', roles: ['staff', 'owner'], rate: free, params: z.strictObject({ id: z.uuid() }), async handler({ who, input }) {
    mustActFor(who, input.params.id, ['staff', 'owner'])
    return json({})
  } }),
  route({ method: 'GET', path: '/mine', summary: 'For learners.', roles: ['learner'], rate: free, handler: async ({ who }) => json(who.learners.map((one) => one.name)) }),
  route({
    method: 'POST', path: '/api/v1/things', summary: 'Adds a thing.', roles: ['key'], scope: 'completions:write', issuer: 'key', rate: { name: 'things', per: 'caller', limit: 20, seconds: 60, burst: 5 }, csrf: keysOnly, audit: 'test.add',
    headers: z.object({ 'idempotency-key': z.string().max(64).optional() }),
    body: jsonBody(z.strictObject({ name: z.string().max(50), inner: z.strictObject({ size: z.int().min(1) }).optional(), free: z.record(z.string(), z.unknown()).optional() })),
    answers: { 201: { says: 'Added.', schema: z.strictObject({ issuer: z.string(), name: z.string(), key: z.string().optional() }) } },
    handler: async ({ input, issuer, change }) => json(await change(async () => ({ issuer: issuer.handle, name: input.body.name, key: input.headers['idempotency-key'] }), (done) => ({ subject: done.name })), { status: 201 }),
  }),
  route({ method: 'DELETE', path: '/api/v1/things', summary: 'Removes all.', roles: ['key', 'owner'], scope: 'outcomes:write', rate: free, csrf: 'form', audit: 'test.remove', handler: async () => nothing() }),
  route({ method: 'GET', path: '/order/:id', summary: 'A parameter.', roles: anyone, rate: free, params: z.strictObject({ id: z.string() }), handler: async () => json('any') }),
  route({ method: 'GET', path: '/order/:file{[a-z]{2}\\.json}', summary: 'A parameter with a pattern.', roles: anyone, rate: free, params: z.strictObject({ file: z.string() }), handler: async () => json('pattern') }),
  route({ method: 'GET', path: '/order/new', summary: 'Written out.', roles: anyone, rate: free, handler: async () => json('written out') }),
  route({ method: 'GET', path: '/writes', summary: 'A handler that forgets what GET is.', roles: anyone, rate: free, async handler({ world }) {
    await world.db.transaction((tx) => tx.change(sql`insert into http.probe (at) values (now()) on conflict (one) do update set at = now()`))
    return json({})
  } }),
  route({ method: 'GET', path: '/hits', summary: 'A page that counts.', roles: anyone, rate: free, hits: true, async handler({ world }) {
    await world.db.transaction((tx) => tx.change(sql`insert into http.probe (at) values (now()) on conflict (one) do update set at = now()`))
    return json({})
  } }),
  route({ method: 'GET', path: '/picture', summary: 'A picture.', roles: anyone, rate: free, handler: async () => file('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'image/svg+xml', { name: 'наклейка "1".svg' }) }),
  route({ method: 'GET', path: '/stream', summary: 'A long answer.', roles: anyone, rate: free, handler: async () => streamed((async function* () { yield 'a,b\n'; yield '1,2\n' })(), 'text/csv; charset=utf-8') }),
  route({ method: 'GET', path: '/fails/:kind', summary: 'Fails.', roles: anyone, rate: free, params: z.strictObject({ kind: z.string() }), async handler({ input }) {
    countRun++
    if (input.params.kind === 'unknown') throw new Error('secret detail: hunter2')
    if (input.params.kind === 'broken') throw Object.assign(fault.nothing_here(), { kind: 'broken', message: 'the key file /secret/place is gone' })
    if (input.params.kind === 'conflict') throw partyFault.handle_taken({ handle: 'uni' })
    throw Object.assign(fault.nothing_here(), { kind: input.params.kind as FaultKind })
  } }),
]

let t: TestWorld
let signIn: SignIn
let http: Http
let issuer: Issuer
let other: Issuer
const plain = html`<p>pages</p>`
before(async () => {
  t = await testWorld({ env: { LAUREL_TRUSTED_PROXIES: '10.0.0.0/8' } })
  signIn = await openSignIn(t.world)
  const pages = { signIn: (view: { address: string }, chrome: Parameters<typeof postForm>[1]) => postForm(view.address, chrome, html`<button>go</button>`), checkMail: () => plain, mailedLink: () => plain }
  http = openHttp({ world: t.world, routes: [...routes, ...healthRoutes, ...signInRoutes(signIn, pages)], signIn })
  await t.db.transaction(async (tx) => {
    issuer = await createIssuer(tx, { handle: 'uni', name: 'University' })
    other = await createIssuer(tx, { handle: 'other', name: 'Other' })
    await addMember(tx, 'staff@example.org', { role: 'staff', issuerId: issuer.id })
    await addMember(tx, 'analyst@example.org', { role: 'analyst', issuerId: issuer.id })
    await addMember(tx, 'analyst@example.org', { role: 'staff', issuerId: other.id })
    await addMember(tx, 'owner@example.org', { role: 'owner', issuerId: undefined })
    await enrolLearners(tx, issuer, [{ externalId: 'l-1', name: 'Ana', email: 'ana@example.org' }])
  })
})
after(() => t.close())

const browser = (headers: Record<string, string> = {}) => client(http, publicUrl, { address: '203.0.114.9', headers })
async function as(email: string): Promise<Client> {
  const b = browser()
  b.take((await signIn.openFor(email, '')).cookies)
  return b
}
async function withKey(scopes: readonly string[], of = issuer): Promise<Client & { keyId: string; standing: Record<string, string> }> {
  const { key, secret } = await t.db.transaction((tx) => createApiKey(tx, { issuerId: of.id, name: 'test', scopes }))
  const standing = { authorization: `Bearer ${secret}`, accept: 'application/json' }
  return Object.assign(client(http, publicUrl, { headers: standing }), { keyId: key.id, standing })
}
interface Problem { type: string; title: string; status: number; detail?: string; instance: string; code: string; findings?: { code: string; sentence: string; pointer?: string; value?: string }[] }
const problemOf = async (answer: Response): Promise<Problem> => {
  assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  const problem = (await answer.json()) as Problem
  assert.equal(problem.status, answer.status)
  assert.equal(problem.instance, `urn:laurel:request:${answer.headers.get('x-request-id')}`)
  assert.equal(problem.type, `urn:laurel:fault:${problem.code}`)
  return problem
}
const later = (ms: number) => t.clock.advanceTo(new Date(t.clock.now().getTime() + ms))

test('every answer, of any kind, carries the headers that protect it', async () => {
  const b = browser()
  for (const path of ['/page', '/cached', '/picture', '/stream', '/nowhere', '/fails/unknown', '/mine', '/healthz']) {
    for (const accept of ['text/html', 'application/json']) {
      const { headers } = await b.get(path, { headers: { accept } })
      const policy = headers.get('content-security-policy') ?? ''
      assert.match(policy, /^default-src 'none'; /, path)
      assert.doesNotMatch(policy, /script-src[^;]*unsafe|\*/, path)
      for (const part of ["frame-ancestors 'none'", "base-uri 'none'"]) assert.ok(policy.includes(part), `${path}: ${part}`)
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
      assert.equal(headers.get('referrer-policy'), 'same-origin', path)
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path)
      assert.equal(headers.get('strict-transport-security'), 'max-age=31536000', path)
      assert.match(headers.get('permissions-policy') ?? '', /camera=\(\)/, path)
      assert.match(headers.get('x-request-id') ?? '', /^[\w-]{22}$/, path)
      assert.ok(headers.get('cache-control'), path)
    }
  }
  const picture = await b.get('/picture')
  assert.match(picture.headers.get('content-security-policy') ?? '', /sandbox/)
  assert.equal(picture.headers.get('content-disposition'), `attachment; filename="1_.svg"; filename*=UTF-8''%D0%BD%D0%B0%D0%BA%D0%BB%D0%B5%D0%B9%D0%BA%D0%B0%20%221%22.svg`)
  assert.equal(await (await b.get('/stream')).text(), 'a,b\n1,2\n')
})

test('a page is kept only where its row says so and nothing in it is one reader’s own', async () => {
  const b = browser()
  const first = await b.get('/cached')
  assert.equal(first.headers.get('cache-control'), 'public, max-age=60')
  assert.equal(first.headers.get('access-control-allow-origin'), '*')
  const tag = first.headers.get('etag') ?? ''
  const again = await b.get('/cached', { headers: { 'if-none-match': `"other", W/${tag}` } })
  assert.deepEqual([again.status, await again.text()], [304, ''])
  assert.equal((await b.get('/cached-with-form')).headers.get('cache-control'), 'no-store')
  assert.equal((await b.get('/page')).headers.get('cache-control'), 'no-store')
  const head = await b.request('HEAD', '/cached')
  assert.deepEqual([head.status, await head.text(), head.headers.get('etag')], [200, '', tag])
})

test('a form needs a page of ours and its token', async () => {
  const b = browser()
  const form = { name: 'Ana' }
  assert.equal((await b.post('/form', form)).status, 200)
  const refused: readonly (readonly [string, Parameters<Client['post']>[2]])[] = [
    ['no token', { withoutToken: true }],
    ['another site, says Origin', { headers: { origin: 'https://evil.example' } }],
    ['another site, says Sec-Fetch-Site', { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['a neighbour', { headers: { 'sec-fetch-site': 'same-site', origin: publicUrl } }],
    ['a page without an origin', { headers: { origin: 'null' } }],
    ['the same name over http', { headers: { origin: 'http://credentials.example.org' } }],
  ]
  for (const [what, options] of refused) assert.equal((await b.post('/form', form, options)).status, 403, what)
  assert.equal((await b.post('/form', { ...form, csrf: 'x'.repeat(43) })).status, 403, 'another token')
  const someoneElse = await browser().token()
  assert.equal((await b.post('/form', { ...form, csrf: someoneElse })).status, 403, 'the token of another visitor')
  assert.equal((await browser().request('POST', '/form', { form, withoutToken: true })).status, 403, 'no cookie')
  const staff = await as('staff@example.org')
  const strangers = await b.token()
  assert.equal((await staff.post('/form', { ...form, csrf: strangers })).status, 403, 'a stranger’s token with a session')
  assert.equal((await staff.post('/form', form)).status, 200)
  assert.equal((await staff.post('/form', form, { headers: { origin: '' } })).status, 200, 'a browser that says nothing has the token')
})

test('where nobody’s rights are used, coming from a page of ours is enough', async () => {
  const b = browser()
  const beacon = { form: { token: 'x' }, withoutToken: true }
  assert.equal((await b.request('POST', '/beacon', beacon)).status, 204)
  assert.equal((await b.request('POST', '/beacon', { ...beacon, headers: { origin: 'https://evil.example' } })).status, 403)
  assert.equal((await b.request('POST', '/beacon', { ...beacon, headers: { 'sec-fetch-site': 'cross-site' } })).status, 403)
})

test('the cookie that a stranger’s forms are tied to is bound to this host and to no script', async () => {
  const answer = await browser().get('/page')
  assert.deepEqual(answer.headers.getSetCookie().map((one) => one.replace(/=[\w-]{22};/, '=*;')), ['__Host-laurel_visit=*; Path=/; HttpOnly; SameSite=Lax; Secure'])
  assert.deepEqual((await browser().get('/cached')).headers.getSetCookie(), [])
})

test('on http://localhost cookies have plain names and https is not demanded', async () => {
  const local = await testWorld({ env: { LAUREL_PUBLIC_URL: 'http://localhost:3000' } })
  try {
    const app = openHttp({ world: local.world, routes })
    const b = client(app, 'http://localhost:3000')
    const answer = await b.get('/page')
    assert.match(answer.headers.getSetCookie()[0] ?? '', /^laurel_visit=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax$/)
    assert.equal(answer.headers.get('strict-transport-security'), null)
  } finally {
    await local.close()
  }
})

test('only the public host is answered; forwarding headers are believed from a listed proxy alone', async () => {
  const b = browser()
  const statusFor = async (headers: Record<string, string>, address = '203.0.114.9') => (await b.get('/page', { headers, address })).status
  for (const host of ['evil.example', 'credentials.example.org.evil.example', 'credentials.example.org:8443', 'localhost', '127.0.0.1', 'credentials.example.org@evil.example', '']) {
    if (host !== '') assert.equal(await statusFor({ host }), 421, host)
  }
  assert.equal(await statusFor({ 'x-forwarded-host': 'evil.example' }), 200, 'not believed: the real host counts')
  assert.equal(await statusFor({ host: 'inside:3000', 'x-forwarded-host': 'credentials.example.org' }), 421)
  assert.equal(await statusFor({ host: 'inside:3000', 'x-forwarded-host': 'credentials.example.org' }, '10.1.2.3'), 200)
  assert.equal(await statusFor({ 'x-forwarded-host': 'evil.example' }, '10.1.2.3'), 421)
  const other = await b.get('/nowhere', { headers: { host: 'evil.example', accept: 'application/json' } })
  assert.doesNotMatch(await other.text(), /evil/)
  assert.equal((await b.get('/healthz', { headers: { host: '10.0.0.7:3000' } })).status, 200, 'watchers ask by address')
})

test('a program is known by its key, its scope and its issuer, and no more once the key is revoked', async () => {
  const good = await withKey(['completions:write'])
  const add = (c: Client, more: Record<string, string> = {}) => c.request('POST', '/api/v1/things', { json: { name: 'one' }, headers: more })
  const answer = await add(good, { 'idempotency-key': 'k-1', origin: 'https://elsewhere.example' })
  assert.deepEqual([answer.status, await answer.json()], [201, { issuer: 'uni', name: 'one', key: 'k-1' }])
  assert.deepEqual(await (await add(await withKey(['completions:write'], other))).json(), { issuer: 'other', name: 'one' })
  assert.deepEqual([(await problemOf(await add(await withKey(['outcomes:write'])))).code], ['http.scope'])
  for (const authorization of ['Bearer laurel_' + 'A'.repeat(43), 'Bearer x', 'Basic abc', 'Bearer', '']) {
    if (authorization === '') continue
    const c = client(http, publicUrl, { headers: { authorization, accept: 'application/json' } })
    const refused = await add(c)
    assert.deepEqual([refused.status, refused.headers.get('www-authenticate')], [401, 'Bearer realm="Laurel"'], authorization)
    assert.equal((await c.get('/cached')).status, 401, 'a wrong key is told also where none is needed')
  }
  assert.equal((await add(browser())).status, 401)
  assert.equal((await add(await as('owner@example.org'))).status, 403)

  await t.db.transaction((tx) => revokeApiKey(tx, good.keyId))
  assert.equal((await problemOf(await add(good))).code, 'http.key_unknown')
})

test('a route for programs and people asks people for a token', async () => {
  const owner = await as('owner@example.org')
  assert.equal((await owner.request('DELETE', '/api/v1/things')).status, 415)
  assert.equal((await owner.request('DELETE', '/api/v1/things', { form: {} })).status, 204)
  assert.equal((await owner.request('DELETE', '/api/v1/things', { form: {}, withoutToken: true })).status, 403)
})

test('towards another issuer one’s roles are not there', async () => {
  const [staff, mixed, owner, learner] = [await as('staff@example.org'), await as('analyst@example.org'), await as('owner@example.org'), await as('ana@example.org')]
  const seen = async (c: Client, path: string) => (await c.get(path)).status
  assert.equal(await seen(staff, '/desk/uni'), 200)
  assert.equal(await seen(staff, '/desk/other'), 404)
  assert.equal(await seen(staff, '/desk/nobody'), 404)
  assert.equal(await seen(staff, '/desk/..%2funi'), 404)
  assert.equal(await seen(mixed, '/desk/uni'), 403, 'there as an analyst')
  assert.equal(await seen(mixed, '/desk/other'), 200)
  assert.equal(await seen(owner, '/desk/other'), 200)
  assert.equal(await seen(learner, '/desk/uni'), 403)
  assert.equal(await seen(browser(), '/desk/uni'), 401)
  assert.equal(await seen(staff, `/things/${issuer.id}`), 200)
  assert.equal(await seen(staff, `/things/${other.id}`), 404)
  assert.equal(await seen(staff, '/things/12'), 422)
})

test('what is not declared is refused, with the place and what is wrong there', async () => {
  const key = await withKey(['completions:write'])
  const send = (value: unknown) => () => key.request('POST', '/api/v1/things', { json: value })
  const raw = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') => () => key.request('POST', '/api/v1/things', { body, headers: { 'content-type': type } })
  const cases: readonly (readonly [() => Promise<Response>, number, string, string?])[] = [
    [send({ name: 'a', issuedAt: 'now' }), 422, 'http.unknown_field', '/issuedAt'],
    [send({ name: 'a', inner: { size: 1, ownerId: 'x' } }), 422, 'http.unknown_field', '/inner/ownerId'],
    [send({}), 422, 'http.missing_field', '/name'],
    [send({ name: 5 }), 422, 'http.invalid_type', '/name'],
    [send({ name: 'a', inner: { size: 1.5 } }), 422, 'http.invalid_type', '/inner/size'],
    [raw('{"name":"a","inner":{"size":1e400}}'), 422, 'http.invalid_type', '/inner/size'],
    [send([]), 422, 'http.invalid_type', ''],
    [send({ name: 'a\0b' }), 422, 'http.nul', '/name'],
    [raw('{"name":"\\ud800"}'), 422, 'http.half_character', '/name'],
    [raw('{"name":"a","__proto__":{"admin":true}}'), 422, 'http.unknown_field', '/__proto__'],
    [raw('{"name":"a","free":{"__proto__":{"admin":true}}}'), 422, 'http.unknown_field', '/free/__proto__'],
    [raw('{"name":"a","constructor":{"prototype":{}}}'), 422, 'http.unknown_field', '/constructor'],
    [raw(`{"name":"a","free":{"x":${'['.repeat(100)}${']'.repeat(100)}}}`), 422, 'http.too_deep'],
  ]
  for (const [asked, status, code, pointer] of cases) {
    later(10_000)
    const problem = await problemOf(await asked())
    assert.equal(problem.status, status, code)
    assert.ok(problem.findings?.some((one) => one.code === code && (pointer === undefined || one.pointer === pointer)), `${code} ${pointer}: ${JSON.stringify(problem.findings)}`)
  }
  later(60_000)
  for (const body of ['{', '', 'null x', '\u{feff}{"name":"a"}x', '['.repeat(200_000), new Uint8Array([0x22, 0xff, 0x22])]) {
    later(10_000)
    assert.equal((await raw(body)()).status, 400, String(body).slice(0, 20))
  }
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', '', 'multipart/form-data; boundary=x']) {
    later(10_000)
    assert.ok([400, 415, 422].includes((await raw('name=a', type)()).status), type)
  }
  assert.equal(Object.hasOwn(Object.prototype, 'admin'), false)

  const b = browser()
  assert.equal((await b.get('/page?role=owner')).status, 422, 'a query that is not declared')
  assert.equal((await b.post('/form', { name: 'a', role: 'owner' })).status, 422)
  assert.match(await (await b.post('/form', { role: 'owner' })).text(), /“role”: there is no such field\./)
  assert.equal((await b.request('POST', '/form', { body: new URLSearchParams([['csrf', await b.token()], ['tag', 'a'], ['tag', 'b']]) })).status, 200)
})

test('a body is taken up to its limit, whether or not its length was said', async () => {
  const key = await withKey(['completions:write'])
  const huge = JSON.stringify({ name: 'a', free: { x: 'y'.repeat(1_100_000) } })
  const said = await key.request('POST', '/api/v1/things', { body: huge, headers: { 'content-type': 'application/json', 'content-length': String(huge.length) } })
  assert.equal((await problemOf(said)).code, 'http.too_large')
  let given = 0
  const long = new ReadableStream<Uint8Array>({ pull(controller) { if (++given > 400) controller.close(); else controller.enqueue(new Uint8Array(65_536)) } })
  const unsaid = await key.request('POST', '/api/v1/things', { body: long, headers: { 'content-type': 'application/json' } })
  assert.equal(unsaid.status, 413)
  assert.ok(given < 40, `${given} chunks were read`)
})

test('a file comes as a part of a form or as the body itself, in a stream', async () => {
  const staff = await as('staff@example.org')
  const token = await staff.token()
  const send = (fields: readonly (readonly [string, string | Blob, string?])[]) => {
    const form = new FormData()
    for (const [name, value, fileName] of fields) form.append(...(typeof value === 'string' ? [name, value] : [name, value, fileName]) as [string, Blob, string?])
    return staff.request('POST', '/upload', { body: form })
  }
  const csv = (size: number) => new Blob([Buffer.alloc(size, 'a,b\r\n--')], { type: 'text/csv' })
  const good = await send([['csrf', token], ['note', 'ünï'], ['file', csv(2_500_000), 'list "1".csv']])
  assert.deepEqual([good.status, await good.json()], [200, { note: 'ünï', name: 'list "1".csv', bytes: 2_500_000 }])
  assert.deepEqual(await (await send([['csrf', token]])).json(), { bytes: 0 })
  assert.equal((await send([['note', 'x'], ['file', csv(10), 'a.csv']])).status, 403, 'without the token')
  assert.equal((await send([['file', csv(10), 'a.csv'], ['csrf', token]])).status, 403, 'the token after the file comes too late')
  assert.equal((await send([['csrf', token], ['role', 'owner'], ['file', csv(10), 'a.csv']])).status, 422)
  assert.equal((await send([['csrf', token], ['file', csv(10), 'a.csv'], ['role', 'owner']])).status, 422, 'a field behind the file')
  assert.equal((await send([['csrf', token], ['file', new Blob(['x'], { type: 'image/png' }), 'a.png']])).status, 415)
  assert.equal((await send([['csrf', token], ['file', csv(3_100_000), 'a.csv']])).status, 413)
  const body = await staff.request('POST', '/upload', { body: 'a,b\n1,2\n', headers: { 'content-type': 'text/csv; charset=utf-8', 'x-csrf-token': token } })
  assert.deepEqual(await body.json(), { bytes: 8 })
  for (const broken of ['', '--x', '--x\r\n', '--x\r\n\r\n', '--x\r\ncontent-disposition: form-data\r\n\r\na\r\n--x--', '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb', 'junk that is no form', `--x\r\n${'a: b\r\n'.repeat(3000)}`]) {
    assert.equal((await staff.request('POST', '/upload', { body: broken, headers: { 'content-type': 'multipart/form-data; boundary=x' } })).status, 400, broken.slice(0, 30))
  }
})

test('a limit holds across a restart, counts each caller alone, and says when to come back', async () => {
  const [one, two] = [await withKey(['completions:write']), await withKey(['completions:write'])]
  const add = (c: Client) => c.request('POST', '/api/v1/things', { json: { name: 'one' } })
  for (let i = 0; i < 5; i++) assert.equal((await add(one)).status, 201)
  const refused = await add(one)
  assert.equal((await problemOf(refused)).code, 'http.too_often')
  assert.equal(refused.headers.get('retry-after'), '4')
  assert.equal((await add(two)).status, 201)

  const key = await withKey(['completions:write'])
  for (let i = 0; i < 5; i++) await add(key)
  http = openHttp({ world: t.world, routes: http.routes, signIn: await openSignIn(t.world) })
  const restarted = client(http, publicUrl, { headers: key.standing })
  assert.equal((await add(restarted)).status, 429)
  later(4_000)
  assert.equal((await add(restarted)).status, 201)
  assert.equal((await add(restarted)).status, 429)

  // However it is timed: never more than 20 in any minute.
  const passed: number[] = []
  for (let i = 0; i < 200; i++) {
    if ((await add(restarted)).status === 201) passed.push(t.clock.now().getTime())
    later(700)
  }
  for (const start of passed) assert.ok(passed.filter((at) => at >= start && at < start + 60_000).length <= 20)
  assert.ok(passed.length >= 30)
})

test('a GET cannot write, not even by mistake, unless its row says that it counts hits', async () => {
  const b = browser()
  const answer = await b.get('/writes', { headers: { accept: 'application/json' } })
  assert.equal((await problemOf(answer)).code, 'http.unknown')
  assert.equal((await b.get('/hits')).status, 200)
  assert.equal((await b.request('HEAD', '/writes')).status, 500)
})

test('a fault is told by its kind; what nobody foresaw is told without a word of detail', async () => {
  const b = browser()
  const statuses: Record<string, number> = { refused: 422, unauthenticated: 401, forbidden: 403, not_found: 404, conflict: 409, too_many: 429, unavailable: 503, broken: 500, unknown: 500 }
  for (const [kind, status] of Object.entries(statuses)) {
    const problem = await problemOf(await b.get(`/fails/${kind}`, { headers: { accept: 'application/json' } }))
    assert.equal(problem.status, status, kind)
    assert.ok(problem.title.length > 0)
    assert.doesNotMatch(JSON.stringify(problem), /hunter2|secret|stack/)
    const shown = await b.get(`/fails/${kind}`)
    assert.deepEqual([shown.status, shown.headers.get('content-type')], [status, 'text/html; charset=utf-8'])
    const text = await shown.text()
    assert.doesNotMatch(text, /hunter2|\/secret|at .*\.ts:/)
    assert.ok(text.includes(shown.headers.get('x-request-id') ?? '?'))
  }
  assert.match((await problemOf(await b.get('/fails/conflict', { headers: { accept: 'application/json' } }))).detail ?? '', /exists already|University|nothing/)
  assert.ok(countRun > 0)
})

test('what is not there is 404, what an address does not do is 405', async () => {
  const b = browser({ accept: 'application/json' })
  assert.equal((await problemOf(await b.get('/nowhere'))).code, 'http.nothing_here')
  const wrong = await b.request('PUT', '/form', { body: 'x' })
  assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'POST'])
  assert.equal((await b.request('DELETE', '/page')).headers.get('allow'), 'GET, HEAD')
  for (const method of ['OPTIONS', 'PROPFIND', 'PATCH']) assert.equal((await b.request(method, '/page')).status, 405, method)
})

test('of paths that fit, the most exact one answers, in whatever order the rows stand', async () => {
  const said = async (path: string) => (await (await browser().get(path)).json()) as string
  assert.deepEqual([await said('/order/x'), await said('/order/ab.json'), await said('/order/new'), await said('/order/abc.json')], ['any', 'pattern', 'written out', 'any'])
})

test('somebody who must sign in first is shown where', async () => {
  const answer = await browser().get('/mine')
  assert.equal(answer.status, 401)
  assert.match(await answer.text(), /href="\/sign-in\?next=%2Fmine"/)
})

test('each change has one row in the audit log: who, what, of which issuer; what failed has none', async () => {
  const read = () => t.db.read((tx) => auditEntries(tx, 0, 100_000))
  const had = (await read()).length
  const staff = await as('staff@example.org')
  const key = await withKey(['completions:write'])
  later(600_000)
  assert.equal((await staff.post('/form', { name: 'Ana' })).status, 200)
  assert.equal((await staff.post('/form', { role: 'x' })).status, 422)
  const answer = await key.request('POST', '/api/v1/things', { json: { name: 'thing-7' } })
  assert.equal((await key.request('POST', '/api/v1/things', { json: {} })).status, 422)
  assert.equal((await browser().request('POST', '/beacon', { form: { token: 'x' }, withoutToken: true })).status, 204)
  const all = await read()
  assert.equal(checkChain(all), undefined)
  const rows = all.slice(had)
  assert.deepEqual(rows.map((one) => [one.actor.kind, one.action, one.subject, one.issuerId]), [['staff', 'test.form', 'form', undefined], ['key', 'test.add', 'thing-7', issuer.id]])
  assert.equal(rows[1]?.actor.id, key.keyId)
  assert.equal(rows[1]?.requestId, answer.headers.get('x-request-id'))
  assert.equal(rows[0]?.after?.length, 32)
})

test('watchers are told that it lives and that it can work, or that it cannot', async () => {
  const b = browser()
  assert.deepEqual(await (await b.get('/healthz')).json(), { alive: true })
  const ready = await b.get('/readyz')
  assert.deepEqual([ready.status, await ready.json()], [200, { ready: true, checks: [{ name: 'database_write', result: 'passed' }, { name: 'queue_age', result: 'passed' }] }])
  const broken = openHttp({ world: { ...t.world, db: { ...t.db, transaction: () => Promise.reject(new Error('read-only file system')) } }, routes: healthRoutes })
  const answer = await client(broken, publicUrl).get('/readyz')
  assert.deepEqual([answer.status, await answer.json()], [503, { ready: false, checks: [{ name: 'database_write', result: 'failed' }, { name: 'queue_age', result: 'passed' }] }])
})
