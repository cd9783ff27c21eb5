/**
 * Nothing that a request says leads a visitor or a letter to another site: addresses to go on to, in every place of the product that takes one,
 * and the names of hosts that a client or a proxy can claim, on every public page and in every letter.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assetRoutes, healthRoutes, openHttp, openSignIn, signInRoutes, type Http, type SignIn } from '#interfaces/http'
import { composeLetter } from '#interfaces/look'
import { checkMailPage, mailedLinkPage, pageRoutes, signInPage } from '#interfaces/pages'
import { recordCompletions, saveAchievement } from '#journey/completion'
import { credentialsOfCompletions, establishKey, setVisibility } from '#journey/credential'
import { createIssuer } from '#journey/party'
import { startShares } from '#journey/share'
import { keptLetters } from '#platform/mail'
import { flowWith } from '#flow'
import { astray, foreignHosts } from './astray.ts'
import { client, type Client } from './client.ts'
import { testWorld, type TestWorld } from './world.ts'

const site = 'https://credentials.example.org'
const { host } = new URL(site)
const proxy = '10.1.2.3'

let t: TestWorld
let http: Http
let signIn: SignIn
let path: string
let token: string

before(async () => {
  t = await testWorld({ env: { LAUREL_TRUSTED_PROXIES: proxy }, flow: flowWith({ compose: composeLetter }) })
  signIn = await openSignIn(t.world)
  http = openHttp({ world: t.world, routes: [...healthRoutes, ...assetRoutes, ...signInRoutes(signIn, { signIn: signInPage, checkMail: checkMailPage, mailedLink: mailedLinkPage }), ...pageRoutes(signIn)], signIn })
  const { issuer, completions } = await t.db.transaction(async (tx) => {
    const issuer = await createIssuer(tx, { handle: 'academy', name: 'Academy' })
    await establishKey(tx, t.world.secrets, issuer.id)
    const achievement = await saveAchievement(tx, { issuerId: issuer.id, handle: 'weaving', document: { id: 'https://academy.test/weaving', type: ['Achievement'], name: 'Weaving', description: 'Weaves.', criteria: { narrative: 'A basket.' } } })
    const { completions } = await recordCompletions(tx, issuer, [{ learner: { externalId: 'l-1', name: 'Learner', email: 'learner@learners.test', timeZone: 'UTC' }, achievement, completedAt: tx.now, covariates: {} }], 'api')
    return { issuer, completions }
  })
  assert.ok(issuer)
  await t.world.queue.drain(t.world)
  await t.db.transaction(async (tx) => {
    const [credential] = await credentialsOfCompletions(tx, completions.map((one) => one.completion.id))
    assert.ok(credential)
    await setVisibility(tx, { credentialId: credential.id, visibility: 'public' })
    const [placement] = await startShares(tx, [{ credentialId: credential.id, learnerId: credential.learnerId, target: 'copy_link' }])
    path = `/c/${credential.publicId}`
    token = placement!.token
  })
})
after(() => t.close())

/** Nobody runs into how often something may be asked. */
const later = () => t.clock.advanceTo(new Date(t.clock.now().getTime() + 3_600_000))
const letters = async () => {
  await signIn.settled()
  return await t.db.read((tx) => keptLetters(tx, { to: 'learner@learners.test', limit: 1_000 }))
}

/** Where an answer leads by itself, as a browser reads it. */
function ledTo(answer: Response, page: string): readonly string[] {
  const location = answer.headers.get('location')
  const refresh = /url=(.*)$/i.exec(answer.headers.get('refresh') ?? '')?.[1]
  const inPage = [...page.matchAll(/(?:href|action|formaction|src)="([^"]*)"/g)].map((match) => (match[1] ?? '').replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'"))
  return [location, refresh, ...inPage].flatMap((one) => (one === null || one === undefined ? [] : [URL.parse(one, `${site}/here`)?.href ?? one]))
}

const ours = (address: string): boolean => address.startsWith(`${site}/`) || address.startsWith('data:')

test('eighty addresses to go on to, in every place that takes one, lead nowhere else', async () => {
  assert.ok(astray.length >= 80, `${astray.length}`)
  const learner: Client = client(http, site, { address: '203.0.113.9' })
  learner.take((await signIn.openFor('learner@learners.test', '')).cookies)
  const stranger: Client = client(http, site, { address: '203.0.113.9' })
  let asked = 0
  for (const to of astray) {
    later()
    const q = encodeURIComponent(to.toWellFormed())
    const answers = [
      await stranger.get(`/sign-in?next=${q}`),
      await stranger.get(`/sign-in/link?token=${'A'.repeat(43)}&next=${q}`),
      await stranger.get(`${path}?s=${q}&n=${q}&next=${q}&url=${q}&lang=${q}`),
      await stranger.get(`${path}/embed?s=${q}`),
      await stranger.get(`/oembed?url=${q}`),
      await stranger.get(to.startsWith('/') ? to.replaceAll(/[\u0000-\u0020\\]/g, encodeURIComponent) : `/${q}`),
      await stranger.post(`/sign-in/link?next=${q}`, { token: 'A'.repeat(43) }),
      await learner.post(`${path}/share/mastodon`, { instance: to.toWellFormed(), text: 'x' }),
      await learner.post(`${path}/share/${q}`, { text: 'x' }),
    ]
    asked += answers.length
    for (const answer of answers) {
      assert.notEqual(answer.status, 500, to)
      for (const place of ledTo(answer, await answer.text())) assert.ok(ours(place) || leadsToServer(to, place), `${JSON.stringify(to)} led to ${place}`)
    }
  }
  assert.ok(asked >= 80 * 9)
  assert.deepEqual(ledTo(new Response(null, { headers: { location: '//evil.example', refresh: '0; url=/\\evil.example' } }), '<a href="https:evil.example">').filter((one) => !ours(one)), ['https://evil.example/', 'https://evil.example/'], 'what leads away is seen')
})

/** Whoever names a Mastodon server goes there and nowhere else: to exactly what they typed, over https, and to its share page. */
const leadsToServer = (typed: string, place: string): boolean => {
  const name = typed.trim().toLowerCase().replace(/^https:\/\//, '').replace(/\/$/, '')
  return place.startsWith(`https://${name}/share?text=`) && /^[a-z0-9.-]+$/.test(name)
}

test('the link in a letter goes on to a page of this site or to none', async () => {
  let [count, linked] = [(await letters()).length, 0]
  for (const to of astray) {
    later()
    await client(http, site, { address: '203.0.113.9' }).post('/sign-in', { email: 'learner@learners.test', next: to.slice(0, 2048).toWellFormed() })
    await signIn.settled()
    const [letter, ...older] = await letters()
    if (older.length + 1 > count) linked++
    count = older.length + 1
    for (const link of letter!.text.match(/https?:\/\/\S+/g) ?? []) {
      assert.ok(link.startsWith(`${site}/`), link)
      const next = new URL(link).searchParams.get('next')
      if (next !== null) assert.equal(new URL(next, `${site}/`).origin, site, to)
    }
  }
  assert.ok(linked >= 80, `${linked} letters`)
})

test('twenty names of another host are in no page and no letter, from a stranger and from a trusted proxy alike', async () => {
  assert.ok(foreignHosts.length >= 20)
  let [refused, answered] = [0, 0]
  const pages = ['/', '/verify', '/sign-in', path, `${path}?s=${token}`, `${path}/embed`, `${path}.json`, '/i/academy', '/i/academy/a/weaving', '/i/academy/did.json', `/oembed?url=${encodeURIComponent(`${site}${path}`)}`, '/nothing-here', '/me']
  for (const [at, lines] of foreignHosts.entries()) {
    for (const address of ['203.0.113.9', proxy]) {
      later()
      const headers = new Headers([['host', host], ['accept', 'text/html'], ['user-agent', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36']])
      for (const [name, value] of lines) headers.set(name, value.replaceAll('public', host).replaceAll('PUBLIC', host.toUpperCase()))
      const ask = async (page: string, more: RequestInit = {}) => await http.request(new Request(`${site}${page}`, { ...more, headers: new Headers([...headers, ...new Headers(more.headers)]) }), { address })
      for (const page of pages) {
        const answer = await ask(page)
        const said = `${JSON.stringify([...answer.headers])}\n${await answer.text()}`
        assert.doesNotMatch(said, /evil/i, `${page} for ${JSON.stringify(lines)} from ${address}`)
        if (answer.status === 421) refused++
        else answered++
      }
      // A stranger's page that lies ready is the same for all: what the last one claimed is not in it.
      assert.doesNotMatch(await (await client(http, site).get(path)).text(), /evil/i)
      const count = (await letters()).length
      const form = client(http, site, { address })
      const csrf = await form.token()
      await ask('/sign-in', { method: 'POST', body: new URLSearchParams({ csrf, email: 'learner@learners.test' }), headers: { cookie: [...form.cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...(lines.some(([name]) => name === 'origin') ? {} : { origin: site }) } })
      for (const letter of (await letters()).slice(0, (await letters()).length - count)) assert.doesNotMatch(`${letter.subject}${letter.text}${letter.html}${JSON.stringify(letter.headers)}`, /evil/i, `letter ${at}`)
    }
  }
  // A site that believed such a name would be noticed here.
  const believing = openHttp({ world: { ...t.world, config: { ...t.world.config, publicUrl: 'https://evil.example' } }, routes: pageRoutes(signIn) })
  assert.match(await (await client(believing, 'https://evil.example').get(path)).text(), /evil/)
  assert.ok(refused > 100 && answered > 100, `${refused} refused, ${answered} answered under the right name`)
})
