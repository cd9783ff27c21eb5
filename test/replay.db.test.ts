/** Traffic of which it is known who made it, over the real routes into the real counts: who is taken for whom. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openHttp, openSignIn, type Http } from '#interfaces/http'
import { pageRoutes } from '#interfaces/pages'
import { setVisibility } from '#journey/credential'
import { messagesOfLearners } from '#journey/nudge'
import { startShares } from '#journey/share'
import { makePartitions, viewsOf, type ViewerClass } from '#journey/view'
import { sql } from '#platform/db'
import { client } from './client.ts'
import { provider, type Graduate, type Provider } from './provider.ts'
import { traffic, type Label, type Sent, type Subject } from './visitors.ts'

const site = 'https://credentials.example.org'
const seed = '20261129'
const count = process.env['LAUREL_FULL'] === '1' ? 10_000 : 1_000

let t: Provider
let http: Http
let graduates: readonly Graduate[]
let subjects: readonly Subject[]
const cookies = new Map<number, string>()

before(async () => {
  t = await provider()
  const signIn = await openSignIn(t.world)
  graduates = await t.complete(Array.from({ length: 120 }, (_, at) => `L${at}`), { timeZone: 'UTC' })
  await t.world.queue.tick(t.world)
  await t.world.queue.drain(t.world)
  const mailed = await t.db.read((tx) => messagesOfLearners(tx, graduates.map((one) => one.learner.id)))
  const tokens = await t.db.transaction(async (tx) => {
    for (const { credential } of graduates) await setVisibility(tx, { credentialId: credential.id, visibility: 'public' })
    return await startShares(tx, graduates.map(({ credential, learner }) => ({ credentialId: credential.id, learnerId: learner.id, target: 'copy_link' })))
  })
  subjects = graduates.map(({ credential }) => {
    const letter = mailed.find((one) => one.credentialId === credential.id && one.step === 'award')
    const placement = tokens.find((one) => one.credentialId === credential.id)
    assert.ok(letter?.at && placement)
    return { path: `/c/${credential.publicId}`, mailToken: letter.token, mailedAt: letter.at.getTime(), placementToken: placement.token }
  })
  for (const [at, { learner }] of graduates.entries()) {
    const one = client({ request: async () => new Response() }, site)
    one.take((await signIn.openFor(learner.email ?? '', '')).cookies)
    cookies.set(at, [...one.cookies].map(([name, value]) => `${name}=${value}`).join('; '))
  }
  await makePartitions(t.world)
  http = openHttp({ world: t.world, routes: pageRoutes(signIn), signIn })
})
after(() => t.close())

/** As the socket hands it on: from memory where that can be, else through the door. */
async function send(one: Sent): Promise<number> {
  t.clock.advanceTo(new Date(one.at))
  const headers = { host: new URL(site).host, ...one.headers, ...(one.asOwner ? { cookie: cookies.get(one.credential) ?? '' } : {}), ...(one.method === 'POST' ? { origin: site } : {}) }
  const named: Readonly<Record<string, string>> = headers
  const quick = one.method === 'GET' ? await http.quick({ method: 'GET', url: `${site}${one.path}`, header: (name) => named[name] }, { address: one.address }) : undefined
  if (quick) return quick.status
  const answer = await http.request(new Request(`${site}${one.path}`, { method: one.method, headers, ...(one.form ? { body: new URLSearchParams(one.form) } : {}) }), { address: one.address })
  await answer.arrayBuffer()
  return answer.status
}

test(`${count} labelled requests: no declared robot, HEAD or prefetch is a person, bursts of scanners are found, people are not lost`, async (context) => {
  const all = traffic(seed, count, subjects, t.clock.now().getTime() + 1, 20)
  const refused: string[] = []
  for (const one of all) {
    const status = await send(one)
    if (status >= 400) refused.push(`${status} ${one.label} ${one.method} ${one.path}`)
  }
  await http.settled()
  assert.deepEqual(refused, [], 'nobody is turned away')

  const kept = await t.db.read((tx) => tx.query(sql<{ at: Date; kind: string; class: ViewerClass; reason: string; credentialId: string; times: number }>`select at, kind, class, reason, credential_id as "credentialId", times from view.hit`))
  const sentAt = new Map(all.map((one) => [one.at, one]))
  const labelled = kept.map((hit) => ({ ...hit, label: sentAt.get(hit.at.getTime())?.label }))
  assert.ok(labelled.every((one) => one.label !== undefined))
  assert.equal(kept.reduce((sum, one) => sum + one.times, 0), all.length, 'every request is a hit')
  const of = (...labels: readonly Label[]) => labelled.filter((one) => one.label !== undefined && labels.includes(one.label))
  const share = (some: readonly (typeof labelled)[number][], ok: (one: (typeof labelled)[number]) => boolean) => {
    assert.ok(some.length >= count / 200, `${some.length} ${some[0]?.label}`)
    const yes = some.filter(ok).length
    return { yes, share: yes / some.length, says: `${yes} of ${some.length} (${((100 * yes) / some.length).toFixed(2)}%)` }
  }
  const human = (one: (typeof labelled)[number]) => one.class === 'human'
  const scanner = (one: (typeof labelled)[number]) => one.class === 'scanner'
  const robots = share(of('declared robot', 'HEAD', 'prefetch', 'driven browser'), human)
  const own = share(of('owner', 'recipient'), human)
  const mail = share(of('scanner of a mail'), scanner)
  const bursts = share(of('scanner burst'), scanner)
  const scattered = share(of('scattered scanner burst'), scanner)
  const every = share(of('scanner of a mail', 'scanner burst', 'scattered scanner burst'), scanner)
  const lost = share(of('person').filter((one) => one.kind === 'beacon'), (one) => !human(one))
  const doubtful = share(of('glance', 'person without scripts'), human)
  context.diagnostic(`seed ${seed}: robots taken for people ${robots.says}; owners ${own.says}; scanners found: of a mail ${mail.says}, bursts ${bursts.says}, scattered ${scattered.says}, in all ${every.says}; people lost ${lost.says}; glances and pages without scripts taken for people ${doubtful.says}`)
  assert.deepEqual([robots.yes, own.yes, doubtful.yes], [0, 0, 0])
  assert.ok(every.share >= 0.95, every.says)
  assert.ok(bursts.share >= 0.95, bursts.says)
  assert.ok(lost.share < 0.01, lost.says)

  // What owners are shown is made of the same: people by day, and never more than there were.
  const counts = await t.db.read((tx) => viewsOf(tx, graduates.map((one) => one.credential.id)))
  const shown = [...counts.values()].flat().filter((one) => one.viewer === 'human').reduce((sum, one) => sum + one.inAll, 0)
  assert.ok(shown > 0 && shown <= of('person').filter(human).length + of('scattered scanner burst').filter(human).length, `${shown} shown`)
})
