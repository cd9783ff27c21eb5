/**
 * Every route and every kind of visitor: who is let in is what the row says, in every cell. The rows are those that installation.ts serves; a row
 * that is added is walked without a word here.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { adminRoutes } from '#interfaces/admin'
import { apiRoutes } from '#interfaces/api'
import { assetRoutes, healthRoutes, isApi, openApiRoute, openHttp, openSignIn, plainPath, signInRoutes, type Http, type Role, type Route, type SignIn } from '#interfaces/http'
import { checkMailPage, mailedLinkPage, pageRoutes, signInPage } from '#interfaces/pages'
import { vcApiRoutes } from '#interfaces/vc-api'
import { addMember, apiScopes, createApiKey, createIssuer, enrolLearners, revokeApiKey, type ApiScope } from '#journey/party'
import { client, type Client } from './client.ts'
import { testWorld, type TestWorld } from './world.ts'

const publicUrl = 'https://credentials.example.org'
const project = join(import.meta.dirname, '..')

interface Visitor {
  readonly name: string
  /** What this one is towards the issuer in the path. */
  readonly here: readonly Role[]
  /** What this one is anywhere. */
  readonly anywhere: readonly Role[]
  readonly scope?: ApiScope
  /** Comes with something that was good once and is refused wherever it is shown. */
  readonly refused?: true
  enter(): Promise<Client>
}

let t: TestWorld
let signIn: SignIn
let http: Http
let visitors: readonly Visitor[]

before(async () => {
  t = await testWorld({ env: { LAUREL_VC_API: '1' } })
  signIn = await openSignIn(t.world)
  const groups = { healthRoutes, assetRoutes, signInRoutes: signInRoutes(signIn, { signIn: signInPage, checkMail: checkMailPage, mailedLink: mailedLinkPage }), pageRoutes: pageRoutes(signIn), adminRoutes, apiRoutes, vcApiRoutes: vcApiRoutes(t.world.config) }
  const served = [...readFileSync(join(project, 'src/installation.ts'), 'utf8').matchAll(/\.\.\.(\w+Routes)\b/g)].map((match) => match[1] ?? '')
  assert.deepEqual(served.toSorted(), Object.keys(groups).toSorted(), 'the groups of rows that installation.ts serves are those that are walked')
  const routes = Object.values(groups).flat()
  http = openHttp({ world: t.world, routes: [...routes, openApiRoute(routes.filter(isApi), publicUrl, '0.0.0')], signIn })

  const keys = new Map<string, string>()
  await t.db.transaction(async (tx) => {
    const here = await createIssuer(tx, { handle: 'here', name: 'Here' })
    const there = await createIssuer(tx, { handle: 'there', name: 'There' })
    await addMember(tx, 'owner@example.org', { role: 'owner', issuerId: undefined })
    for (const [place, issuer] of [['here', here], ['there', there]] as const) {
      await addMember(tx, `staff-${place}@example.org`, { role: 'staff', issuerId: issuer.id })
      await addMember(tx, `analyst-${place}@example.org`, { role: 'analyst', issuerId: issuer.id })
      await enrolLearners(tx, issuer, [{ externalId: 'l-1', name: 'Learner', email: `learner-${place}@example.org` }])
      for (const scope of apiScopes) keys.set(`${place} ${scope}`, (await createApiKey(tx, { issuerId: issuer.id, name: scope, scopes: [scope] })).secret)
    }
    const { key, secret } = await createApiKey(tx, { issuerId: here.id, name: 'revoked', scopes: apiScopes })
    await revokeApiKey(tx, key.id)
    keys.set('revoked', secret)
  })
  const stranger = async () => client(http, publicUrl)
  const person = (email: string) => async () => {
    const one = await stranger()
    one.take((await signIn.openFor(email, '')).cookies)
    return one
  }
  const program = (key: string) => async () => client(http, publicUrl, { headers: { authorization: `Bearer ${keys.get(key)}` } })
  const ended = async () => {
    const one = await person('owner@example.org')()
    await signIn.close([...one.cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    return one
  }
  visitors = [
    { name: 'anonymous', here: [], anywhere: [], enter: stranger },
    { name: 'a session that was ended', here: [], anywhere: [], enter: ended },
    { name: 'a forged session', here: [], anywhere: [], enter: async () => { const one = await stranger(); one.take([`__Host-laurel_session=${'A'.repeat(32)}.${'B'.repeat(43)}%3D`]); return one } },
    { name: 'owner', here: ['owner'], anywhere: ['owner'], enter: person('owner@example.org') },
    ...(['learner', 'analyst', 'staff'] as const).flatMap((role): Visitor[] => [
      { name: `${role} here`, here: [role], anywhere: [role], enter: person(`${role}-here@example.org`) },
      { name: `${role} there`, here: [], anywhere: [role], enter: person(`${role}-there@example.org`) },
    ]),
    ...apiScopes.map((scope): Visitor => ({ name: `key ${scope}`, here: ['key'], anywhere: ['key'], scope, enter: program(`here ${scope}`) })),
    { name: 'key of another issuer', here: [], anywhere: ['key'], scope: 'credentials:read', enter: program('there credentials:read') },
    { name: 'revoked key', here: [], anywhere: [], refused: true, enter: program('revoked') },
  ]
})
after(() => t.close())

type Cell = 'let in' | 401 | 403 | 404

/** What the row says of a visitor; written down a second time, from the words of DESIGN 6 and not from the door's code. */
function declared(row: Route, visitor: Visitor): Cell {
  if (visitor.refused) return 401
  if (row.roles.includes('anonymous')) return 'let in'
  if (visitor.anywhere.length === 0) return 401
  if (!visitor.anywhere.some((role) => row.roles.includes(role))) return 403
  if (visitor.scope !== undefined && visitor.scope !== row.scope) return 403
  if (row.issuer !== 'path') return 'let in'
  if (visitor.here.length === 0) return 404
  return visitor.here.some((role) => row.roles.includes(role)) ? 'let in' : 403
}

/** Something that each schema takes, so that a request gets past it where it can. */
const samples = ['here', '0198f0a2-5b1c-7d3e-8f4a-1b2c3d4e5f60', 'A'.repeat(22), 'A'.repeat(43), `${'A'.repeat(22)}.json`, '1', 'x', 'x.json', `card.${'A'.repeat(16)}.png`, `logo.${'A'.repeat(16)}.png`, '1e5540.0123456789.css']
function sample(schema: z.ZodType): string {
  const { enum: options, const: only } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { enum?: readonly unknown[]; const?: unknown }
  const found = [...(options ?? []), ...(only === undefined ? [] : [only]), ...samples].map(String).find((one) => schema.safeParse(one).success)
  return found ?? 'x'
}
function addressOf(row: Route): string {
  const params: Readonly<Record<string, z.ZodType>> = row.params.shape
  const path = plainPath(row, (name) => (params[name] ? encodeURIComponent(sample(params[name])) : 'here'))
  const query = Object.entries(row.query.shape).filter(([name, field]) => name === row.withQuery || !(field as z.ZodType).safeParse(undefined).success)
  return query.length === 0 ? path : `${path}?${new URLSearchParams(query.map(([name, field]): [string, string] => [name, sample(field as z.ZodType)])).toString()}`
}

/** Time passes between requests, so that no limit is met by the way. */
const pause = () => t.clock.advanceTo(new Date(t.clock.now().getTime() + 3_600_000))

async function ask(row: Route, visitor: Client, how: { readonly withoutToken?: boolean; readonly origin?: string } = {}): Promise<Response> {
  pause()
  const headers = how.origin === undefined ? {} : { origin: how.origin }
  if (row.method === 'GET') return await visitor.get(addressOf(row), { headers })
  // JSON has no field for the token: a header carries it.
  const tokened = row.body?.kind === 'json' && row.csrf === 'form' && how.withoutToken !== true ? { 'x-csrf-token': await visitor.token() } : {}
  if (row.body?.kind === 'json') return await visitor.request(row.method, addressOf(row), { json: {}, headers: { ...headers, ...tokened } })
  return await visitor.request(row.method, addressOf(row), { form: {}, headers, withoutToken: how.withoutToken === true || typeof row.csrf !== 'string' })
}

test('each visitor is let in where the row says so, and nowhere else', async () => {
  let cells = 0
  const wrong: string[] = []
  for (const row of http.routes) {
    for (const visitor of visitors) {
      const client = await visitor.enter()
      // A program has no page to take a token from, and needs none.
      const answer = await ask(row, client, { withoutToken: visitor.anywhere.includes('key') || visitor.refused === true })
      const expected = declared(row, visitor)
      const met: Cell | number = [401, 403].includes(answer.status) || answer.status >= 500 || (expected === 404 && answer.status === 404) ? answer.status : 'let in'
      cells++
      if (met !== expected) wrong.push(`${row.method} ${row.path} as ${visitor.name}: declared ${expected}, met ${answer.status}`)
    }
  }
  assert.deepEqual(wrong, [])
  assert.equal(cells, http.routes.length * visitors.length)
  assert.ok(http.routes.length > 20 && visitors.length >= 17, `${http.routes.length} routes, ${visitors.length} visitors`)
})

test('whatever changes something is refused without its token, and from another site', async () => {
  let tried = 0
  for (const row of http.routes.filter((one) => typeof one.csrf === 'string')) {
    const visitor = visitors.find((one) => !one.anywhere.includes('key') && declared(row, one) === 'let in')
    if (!visitor) continue
    if (row.csrf === 'form') assert.equal((await ask(row, await visitor.enter(), { withoutToken: true })).status, 403, `${row.method} ${row.path} without a token`)
    for (const origin of ['https://evil.example', 'null']) assert.equal((await ask(row, await visitor.enter(), { origin })).status, 403, `${row.method} ${row.path} from ${origin}`)
    tried++
  }
  assert.ok(tried >= 3)
})

test('a change that needs no token says why, and is not open to a session', () => {
  for (const row of http.routes.filter((one) => one.method !== 'GET' && typeof one.csrf !== 'string')) {
    assert.ok(row.roles.every((role) => role === 'key' || role === 'anonymous'), `${row.method} ${row.path}`)
    assert.match((row.csrf as { none: string }).none, /\w{3,} .*\.$/, `${row.method} ${row.path}`)
  }
})

test('every answer that is a page carries the headers that protect it, whoever asks', async () => {
  let seen = 0
  for (const row of http.routes.filter((one) => one.method === 'GET')) {
    for (const visitor of visitors.filter((one) => ['anonymous', 'owner', 'learner here'].includes(one.name))) {
      const { headers } = await ask(row, await visitor.enter())
      assert.equal(headers.get('x-content-type-options'), 'nosniff', row.path)
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none';/, row.path)
      if (headers.get('content-type')?.startsWith('text/html') !== true) continue
      const policy = headers.get('content-security-policy') ?? ''
      assert.doesNotMatch(row.framed ? policy.replace('frame-ancestors *', '') : policy, /unsafe-|\*|http:/, row.path)
      for (const name of ['referrer-policy', 'permissions-policy', 'strict-transport-security', 'cross-origin-opener-policy']) assert.ok(headers.get(name), `${row.path}: ${name}`)
      seen++
    }
  }
  assert.ok(seen > 10)
})

test('what is registered is what the rows say, and rows are the only way', () => {
  assert.deepEqual([...http.registered].toSorted(), [...new Set(http.routes.map((one) => `${one.method} ${one.path}`))].toSorted())
  const sources = readdirSync(join(project, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  assert.ok(sources.length > 100)
  for (const file of sources) {
    const text = readFileSync(join(project, 'src', file), 'utf8')
    const imports = [...text.matchAll(/from '((?:hono|@hono\/|node:https?\b|node:http2)[^']*)'/g)].map((match) => match[1])
    for (const one of imports) assert.ok(file.startsWith('interfaces/http/') || one === 'hono/html', `${file} imports ${one}`)
  }
})

test('every route of the API is described, and nothing else is', async () => {
  const description = (await (await client(http, publicUrl).get('/api/v1/openapi.json')).json()) as { openapi: string; paths: Record<string, Record<string, { operationId: string }>> }
  assert.equal(description.openapi, '3.1.0')
  const described = Object.entries(description.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
  const served = http.routes.filter(isApi).map((one) => `${one.method} ${plainPath(one, (name) => `{${name}}`)}`)
  assert.deepEqual(described.toSorted(), served.toSorted())
  const names = Object.values(description.paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId))
  assert.equal(new Set(names).size, names.length)
})
