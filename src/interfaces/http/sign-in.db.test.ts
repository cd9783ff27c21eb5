import assert from 'node:assert/strict'
import { after, before, mock, test } from 'node:test'
import { html, postForm, type Chrome } from '#interfaces/look'
import { addMember, createIssuer, enrolLearners, eraseLearners, removeMember, type Issuer } from '#journey/party'
import { sql } from '#platform/db'
import { keptLetters } from '#platform/mail'
import { auditEntries, checkChain } from '#platform/audit'
import { client } from '#test/client'
import { testWorld, type TestWorld } from '#test/world'
import { z } from 'zod'
import { json } from './answer.ts'
import { openHttp, type Http } from './open.ts'
import { ownerLink } from './owner-link.ts'
import { route } from './route.ts'
import { forgetAccounts, openSignIn, type SignIn } from './sign-in.ts'
import { signInRoutes, type SignInPages } from './sign-in-routes.ts'

const publicUrl = 'https://credentials.example.org'

/** Pages as plain as can be, in the shapes that the rows ask for. */
const form = (address: string, chrome: Chrome, fields: Readonly<Record<string, string>>) => postForm(address, chrome, html`<button>go</button>`, { hidden: fields })
const pages: SignInPages = {
  signIn: (view, chrome) => form(view.address, chrome, view.next === undefined ? {} : { next: view.next }),
  checkMail: (view) => html`<p>look in your mail: ${view.email}</p>`,
  mailedLink: (view, chrome) => form(view.address, chrome, { token: view.token }),
}

const whoAmI = route({
  method: 'GET',
  path: '/api/who',
  summary: 'Who asks.',
  roles: ['anonymous'],
  rate: { none: 'A test.' },
  query: z.strictObject({}),
  handler: async ({ who }) => json({ roles: who.roles, email: who.person?.email, issuers: who.memberships.map((one) => one.issuerId), learners: who.learners.map((one) => one.externalId) }),
})

let t: TestWorld
let signIn: SignIn
let http: Http
let issuer: Issuer
before(async () => {
  t = await testWorld({ start: new Date() })
  signIn = await openSignIn(t.world)
  http = openHttp({ world: t.world, routes: [...signInRoutes(signIn, pages), whoAmI], signIn })
  issuer = await t.db.transaction((tx) => createIssuer(tx, { handle: 'uni', name: 'University' }))
  await t.db.transaction(async (tx) => {
    await enrolLearners(tx, issuer, [{ externalId: 'l-1', name: 'Ana', email: 'Ana@example.org' }, { externalId: 'l-2', name: 'Bo', email: 'bo@example.org' }])
    await addMember(tx, 'staff@example.org', { role: 'staff', issuerId: issuer.id })
    await addMember(tx, 'both@example.org', { role: 'analyst', issuerId: issuer.id })
    await enrolLearners(tx, issuer, [{ externalId: 'l-3', name: 'Both', email: 'both@example.org' }])
  })
})
after(() => t.close())

const browser = () => client(http, publicUrl, { address: `203.0.114.${Math.floor(n++ / 5) % 250}` })
let n = 0
type Answered = { roles: string[]; email?: string; issuers: string[]; learners: string[] }
const me = async (b: ReturnType<typeof browser>) => (await (await b.get('/api/who')).json()) as Answered
const letters = () => t.db.read((tx) => keptLetters(tx, { limit: 1_000 }))

/** The address in the letter that asking for a link sends. Some time has passed since the last one, so that no limit is met by the way. */
async function linkFor(email: string, b = browser(), next?: string): Promise<string> {
  later(10 * 60_000)
  const before = new Set((await letters()).map((one) => one.messageId))
  const answer = await b.post('/sign-in', { email, ...(next === undefined ? {} : { next }) })
  assert.equal(answer.status, 200)
  await signIn.settled()
  const came = (await letters()).filter((one) => !before.has(one.messageId))
  assert.equal(came.length, 1, `a letter to ${email}`)
  const link = /https:\/\/credentials\.example\.org\/sign-in\/link\?\S+/.exec(came[0]?.text ?? '')?.[0]
  assert.ok(link)
  return link.slice(publicUrl.length)
}
const later = (ms: number) => t.clock.advanceTo(new Date(t.clock.now().getTime() + ms))
const press = async (b: ReturnType<typeof browser>, link: string) => {
  const page = await (await b.get(link)).text()
  const action = /action="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
  return await b.post(action, { token: /name="token" value="([^"]+)"/.exec(page)?.[1] ?? '' })
}

test('a mailed link, pressed, signs a learner in; opened as often as one likes it does nothing', async () => {
  const b = browser()
  const link = await linkFor('ana@example.org', b)
  for (const method of ['GET', 'HEAD', 'GET', 'GET']) assert.equal((await b.request(method, link)).status, 200)
  const scanner = browser()
  assert.equal((await scanner.get(link, { headers: { 'sec-purpose': 'prefetch' } })).status, 200)
  assert.deepEqual((await me(scanner)).roles, ['anonymous'])
  assert.deepEqual((await me(b)).roles, ['anonymous'])

  const answer = await press(b, link)
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/me'])
  assert.deepEqual(await me(b), { roles: ['learner'], email: 'ana@example.org', issuers: [], learners: ['l-1'] })
})

test('a link works once, for whoever comes first, and not after 15 minutes', async () => {
  const link = await linkFor('ana@example.org')
  const [one, two] = [browser(), browser()]
  const answers = await Promise.all([press(one, link), press(two, link)])
  assert.deepEqual(answers.map((a) => a.status).toSorted(), [303, 422])
  assert.equal((await press(browser(), link)).status, 422)

  const late = await linkFor('ana@example.org')
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 15 * 60_000 + 1_000 })
  try {
    const b = browser()
    assert.equal((await press(b, late)).status, 422)
    assert.deepEqual((await me(b)).roles, ['anonymous'])
  } finally {
    mock.timers.reset()
  }
  for (const token of ['x', 'A'.repeat(43), '../../x']) assert.equal((await browser().post('/sign-in/link', { token })).status, 422, token)
})

test('an address that nobody has gets the same answer and no letter', async () => {
  const before = (await letters()).length
  const known = await (await browser().post('/sign-in', { email: 'bo@example.org' })).text()
  const unknown = await browser().post('/sign-in', { email: 'nobody@example.org' })
  assert.equal(unknown.status, 200)
  assert.equal((await unknown.text()).replace('nobody@', 'bo@'), known)
  await browser().post('/sign-in', { email: 'owner@start.invalid' })
  await signIn.settled()
  assert.equal((await letters()).length, before + 1)
})

test('the database keeps neither the token of a link nor what a cookie says', async () => {
  const b = browser()
  const link = await linkFor('bo@example.org', b)
  const token = new URL(link, publicUrl).searchParams.get('token') ?? ''
  const dump = async () => JSON.stringify(await t.db.read(async (tx) => [await tx.query(sql`select * from sign_in.verification`), await tx.query(sql`select * from sign_in.session`), await tx.query(sql`select encode(digest, 'base64') from sign_in.start_link`)]))
  assert.ok(token.length === 43 && !(await dump()).includes(token))
  await press(b, link)
  const cookie = b.cookies.get('__Host-laurel_session') ?? ''
  assert.ok(cookie.length > 40 && !(await dump()).includes(cookie))
  // The part that the database has is not enough to be let in.
  const stolen = browser()
  stolen.take([`__Host-laurel_session=${decodeURIComponent(cookie).split('.')[0] ?? ''}`])
  assert.deepEqual((await me(stolen)).roles, ['anonymous'])
})

test('the session cookie is bound to this host, unreadable for scripts, and new with every sign-in', async () => {
  const b = browser()
  const first = await press(b, await linkFor('bo@example.org', b))
  const line = first.headers.getSetCookie().find((one) => one.startsWith('__Host-laurel_session=')) ?? ''
  for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) assert.match(line, new RegExp(`; ${attribute}`, 'i'), line)
  assert.doesNotMatch(line, /Domain/i)
  const before = b.cookies.get('__Host-laurel_session') ?? ''
  await press(b, await linkFor('bo@example.org', b))
  const after = b.cookies.get('__Host-laurel_session')
  assert.notEqual(after, before)
  const planted = browser()
  planted.take([`__Host-laurel_session=${before}`])
  assert.deepEqual((await me(planted)).roles, ['anonymous'], 'the session before is over')
  assert.deepEqual((await me(b)).roles, ['learner'])
})

test('signing out ends the session on the server', async () => {
  const b = browser()
  await press(b, await linkFor('bo@example.org', b))
  const kept = b.cookies.get('__Host-laurel_session') ?? ''
  const answer = await b.post('/sign-out')
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/'])
  assert.equal(b.cookies.has('__Host-laurel_session'), false)
  const replayed = browser()
  replayed.take([`__Host-laurel_session=${kept}`])
  assert.deepEqual((await me(replayed)).roles, ['anonymous'])
})

test('a session ends after 8 hours without use, and after 7 days however it is used', async () => {
  const [idle, busy] = [browser(), browser()]
  await press(idle, await linkFor('bo@example.org', idle))
  await press(busy, await linkFor('bo@example.org', busy))
  const start = Date.now()
  mock.timers.enable({ apis: ['Date'], now: start })
  try {
    let hours = 0
    for (; hours < 24 * 8; hours += 4) {
      mock.timers.setTime(start + hours * 3_600_000 + 1_000)
      if ((await me(busy)).roles[0] !== 'learner') break
      if (hours === 8) assert.deepEqual((await me(idle)).roles, ['anonymous'])
    }
    assert.ok(hours >= 6 * 24 && hours <= 7 * 24, `ended after ${hours} hours`)
  } finally {
    mock.timers.reset()
  }
})

test('roles are those that the party room says now, in every request', async () => {
  const b = browser()
  await press(b, await linkFor('both@example.org', b))
  assert.deepEqual(await me(b), { roles: ['analyst', 'learner'], email: 'both@example.org', issuers: [issuer.id], learners: ['l-3'] })
  await t.db.transaction((tx) => removeMember(tx, 'both@example.org'))
  assert.deepEqual((await me(b)).roles, ['learner'])
  await t.db.transaction((tx) => addMember(tx, 'both@example.org', { role: 'owner', issuerId: undefined }))
  assert.deepEqual((await me(b)).roles, ['owner', 'learner'])
})

test('after signing in one goes on to a page of this site, and to no other', async () => {
  for (const [next, goesTo] of [['/me/credentials?a=1#b', '/me/credentials?a=1#b'], ['//evil.example', '/me'], ['/\\evil.example', '/me'], ['/.//evil.example', '/me'], ['https://evil.example/', '/me'], ['javascript:alert(1)', '/me'], ['/\t/evil.example', '/me']] as const) {
    const b = browser()
    const answer = await press(b, await linkFor('bo@example.org', b, next))
    assert.equal(answer.headers.get('location'), goesTo, next)
  }
})

test("the owner's link opens a page, signs in once, and not after 15 minutes", async () => {
  const link = (await ownerLink(t.world)).slice(publicUrl.length)
  assert.match(link, /^\/admin\?token=[\w-]{43}$/)
  const b = browser()
  for (let i = 0; i < 3; i++) assert.equal((await b.get(link)).status, 200)
  assert.deepEqual((await me(b)).roles, ['anonymous'])
  const answer = await press(b, link)
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/admin'])
  assert.deepEqual((await me(b)).roles, ['owner'])
  assert.equal((await press(browser(), link)).status, 422)

  const late = (await ownerLink(t.world)).slice(publicUrl.length)
  later(15 * 60_000 + 1)
  assert.equal((await press(browser(), late)).status, 422)
})

test('at most ten letters go to one address in 15 minutes, whoever asks, and others are not held up', async () => {
  later(3_600_000)
  const before = (await letters()).length
  const statuses = new Map<number, number>()
  for (let i = 0; i < 60; i++) {
    const answer = await client(http, publicUrl, { address: `203.0.114.${i}` }).post('/sign-in', { email: i % 2 === 0 ? 'ana@example.org' : 'ANA@example.org' })
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    if (answer.status === 429) assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    later(14_900) // just under 15 minutes in all
  }
  await signIn.settled()
  const sent = (await letters()).length - before
  assert.ok(sent >= 5 && sent <= 10, `${sent} letters`)
  assert.equal(statuses.get(200), sent)
  assert.equal((await client(http, publicUrl, { address: '198.51.100.77' }).post('/sign-in', { email: 'bo@example.org' })).status, 200)
  await signIn.settled()
})

test('accounts whose address is nobody’s any more are forgotten, with their sessions', async () => {
  const b = browser()
  await press(b, await linkFor('bo@example.org', b))
  await t.db.transaction(async (tx) => {
    const learners = await tx.query(sql<{ id: string }>`select id from party.learner where external_id = 'l-2'`)
    await eraseLearners(tx, learners.map((one) => one.id))
  })
  assert.deepEqual((await me(b)).roles, ['anonymous'])
  await forgetAccounts(t.world)
  const emails = await t.db.read((tx) => tx.query(sql<{ email: string }>`select email from sign_in.person order by email`))
  assert.deepEqual(emails.map((one) => one.email), ['ana@example.org', 'both@example.org', 'owner@start.invalid'])
})

test('each sign-in and sign-out has one row in the audit log, without an address in it', async () => {
  const entries = await t.db.read((tx) => auditEntries(tx, 0, 10_000))
  assert.equal(checkChain(entries), undefined)
  const actions = Map.groupBy(entries, (one) => one.action)
  assert.ok((actions.get('sign_in.open')?.length ?? 0) > 5)
  assert.equal(actions.get('sign_in.start')?.length, 1)
  assert.equal(actions.get('sign_in.close')?.length, 1)
  assert.ok(!JSON.stringify(entries).includes('@'))
})
