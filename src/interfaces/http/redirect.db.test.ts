import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { astray } from '#test/astray'
import { client } from '#test/client'
import { testWorld, type TestWorld } from '#test/world'
import { leave, redirect } from './answer.ts'
import { openHttp, type Http } from './open.ts'
import { route } from './route.ts'

const publicUrl = 'https://credentials.example.org'
const anyone = ['anonymous'] as const
const free = { none: 'A test.' }
const routes = [
  route({ method: 'GET', path: '/to', summary: 'Leads on.', roles: anyone, rate: free, query: z.strictObject({ to: z.string() }), handler: async ({ input }) => redirect(input.query.to) }),
  route({ method: 'GET', path: '/out', summary: 'Leads away.', roles: anyone, rate: free, leadsTo: ['https://www.linkedin.com', 'mailto:'], query: z.strictObject({ to: z.string() }), handler: async ({ input }) => leave(input.query.to) }),
]

let t: TestWorld
let http: Http
before(async () => {
  t = await testWorld()
  http = openHttp({ world: t.world, routes })
})
after(() => t.close())
const browser = () => client(http, publicUrl)

test('no path that is given from outside leads away from this site', async () => {
  const b = browser()
  assert.ok(astray.length >= 80)
  for (const to of astray) {
    const answer = await b.get(`/to?to=${encodeURIComponent(to)}`)
    const location = answer.headers.get('location')
    if (location !== null) assert.equal(new URL(location, publicUrl).origin, publicUrl, to)
    else assert.ok([422, 500].includes(answer.status), to)
    assert.deepEqual(answer.headers.get('set-cookie'), null)
  }
  for (const [to, location] of [['/page', '/page'], ['/a/../b?x=1#y', '/b?x=1#y'], ['/ü?ö', '/%C3%BC?%C3%B6']] as const) assert.equal((await b.get(`/to?to=${encodeURIComponent(to)}`)).headers.get('location'), location)
})

test('away leads only where the row says', async () => {
  const b = browser()
  for (const to of ['https://www.linkedin.com/profile/add?x=1', 'mailto:?subject=x']) assert.equal((await b.get(`/out?to=${encodeURIComponent(to)}`)).headers.get('location'), to)
  for (const to of ['https://evil.example', 'https://www.linkedin.com.evil.example', 'https://www.linkedin.com@evil.example', 'http://www.linkedin.com', '//www.linkedin.com', 'javascript:alert(1)']) assert.equal((await b.get(`/out?to=${encodeURIComponent(to)}`)).status, 500, to)
  assert.match((await b.get('/out?to=/page')).headers.get('content-security-policy') ?? 'sandbox', /sandbox|linkedin/)
})
