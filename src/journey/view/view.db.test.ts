import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { generator } from '#kernel/numeric'
import { eraseLearners } from '#journey/party'
import { placementByToken, sharesOf, startShares } from '#journey/share'
import { sql } from '#platform/db'
import { provider, type Graduate, type Provider } from '#test/provider'
import { hitsOf, makePartitions, reclassify, recordHits, viewsOf, type Hit, type Viewer } from './index.ts'

const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'

let t: Provider
let who: Graduate
beforeEach(async () => {
  t = await provider()
  who = (await t.complete(['One']))[0]!
})
afterEach(() => t.close())

const record = (...hits: readonly Hit[]) => t.db.transaction((tx) => recordHits(tx, hits))
const hit = (change: Partial<Hit> = {}): Hit => ({ credentialId: who.credential.id, kind: 'page', at: t.clock.now(), visitor: 'v1', network: '203.0.113.0/24', userAgent: chrome, ...change })
const beacon = (change: Partial<Hit> = {}) => hit({ kind: 'beacon', visibleMs: 3_000, ...change })
const views = async (credentialId = who.credential.id): Promise<Readonly<Partial<Record<Viewer, number>>>> => {
  const counts = (await t.db.read((tx) => viewsOf(tx, [credentialId]))).get(credentialId) ?? []
  return Object.fromEntries(counts.filter((one) => one.inAll > 0).map((one) => [one.viewer, one.inAll]))
}
interface Count {
  readonly key: string
  readonly count: number
}
const counters = async () => await t.db.read((tx) => tx.query(sql<Count>`select concat_ws(' ', credential_id, day, class, kind) as key, count from view.counter order by 1`))
/** What the counters must be, from the raw hits alone. */
const recount = async () => await t.db.read((tx) => tx.query(sql<Count>`select concat_ws(' ', credential_id, at::date, class, kind) as key,
  case when (class, kind) in (('human', 'beacon'), ('unknown', 'page')) then count(distinct coalesce(visitor, id::text)) else count(*) end as count from view.hit group by 1, class, kind order by 1`))
const inMs = (ms: number) => new Date(t.clock.now().getTime() + ms)

test('a person who looked counts once a day, however many pages and beacons; the owner, robots and checks are counted apart', async () => {
  await record(hit(), beacon(), hit(), beacon(), beacon({ visibleMs: 400 }))
  await record(hit(), beacon())
  await record(beacon({ visitor: 'v2' }), hit({ visitor: 'v2' }), hit({ visitor: 'v3' }))
  await record(hit({ owner: true, visitor: 'me' }), beacon({ owner: true, visitor: 'me' }))
  await record(hit({ userAgent: 'LinkedInBot/1.0', visitor: undefined }), hit({ userAgent: 'curl/8', visitor: 'c' }), hit({ userAgent: 'proofpoint', visitor: 'p' }), hit({ method: 'HEAD' }))
  await record(hit({ kind: 'verification' }), hit({ kind: 'verification' }))
  assert.deepEqual(await views(), { human: 2, verification: 2, owner: 1, preview_bot: 1, scanner: 1, robot: 2, unknown: 1 })
  assert.deepEqual(await counters(), await recount())
  t.at('2026-03-03T09:00:00Z')
  await record(hit(), beacon())
  assert.equal((await views()).human, 3, 'another day')
  t.at('2026-04-02T09:00:00Z')
  const recent = (await t.db.read((tx) => viewsOf(tx, [who.credential.id]))).get(who.credential.id)!.find((one) => one.viewer === 'human')
  assert.deepEqual(recent, { viewer: 'human', last30Days: 0, inAll: 3 })
})

test('what strangers saw is announced with the placement that led them there, once it is that credential’s own', async () => {
  const [other] = await t.complete(['Other'])
  const [mine, theirs] = await t.db.transaction((tx) =>
    startShares(tx, [{ credentialId: who.credential.id, learnerId: who.learner.id, target: 'x' }, { credentialId: other!.credential.id, learnerId: other!.learner.id, target: 'x' }]),
  )
  const seenAt = async (token: string) => (await t.db.read((tx) => placementByToken(tx, token)))?.seenAt
  await record(hit({ placementToken: mine!.token }), beacon({ placementToken: mine!.token, owner: true }), beacon({ placementToken: mine!.token, visibleMs: 10 }), beacon({ placementToken: mine!.token, userAgent: 'curl/8' }))
  assert.equal(await seenAt(mine!.token), undefined, 'a page opened, the owner, a glance and a robot are no third party that saw it')
  await record(beacon({ placementToken: theirs!.token }), beacon({ placementToken: 'nobody', visitor: 'v9' }))
  assert.equal(await seenAt(theirs!.token), undefined, 'a token of another credential says nothing here')
  await record(beacon({ placementToken: mine!.token }))
  assert.deepEqual(await seenAt(mine!.token), t.clock.now())
  await record(hit({ placementToken: mine!.token, userAgent: 'LinkedInBot/1.0' }))
  assert.equal((await t.db.read((tx) => sharesOf(tx, [who.credential.id]))).get(who.credential.id)![0]?.confirmedBy, undefined, 'another network’s robot')
  await record(hit({ placementToken: mine!.token, userAgent: 'Twitterbot/1.0' }))
  assert.equal((await t.db.read((tx) => sharesOf(tx, [who.credential.id]))).get(who.credential.id)![0]?.confirmedBy, 'preview_bot')
})

test('a burst takes its first hits with it, in one batch or over several, also when two find it at once', async () => {
  const many = await t.complete(Array.from({ length: 12 }, (_, at) => `L${at}`))
  const look = (at: number, ms: number) => [hit({ credentialId: many[at]!.credential.id, visitor: 'gateway', at: inMs(ms) }), beacon({ credentialId: many[at]!.credential.id, visitor: 'gateway', at: inMs(ms + 1_000) })]
  await record(...look(0, 0), ...look(1, 500), ...look(2, 1_000))
  assert.deepEqual(await views(many[0]!.credential.id), { human: 1 })
  await Promise.all([record(...look(3, 1_500), ...look(4, 2_000)), record(...look(5, 2_500), ...look(6, 3_000))])
  await record(...look(7, 3_500))
  for (const one of many.slice(0, 8)) assert.deepEqual(await views(one.credential.id), { scanner: 1 }, one.learner.name)
  assert.deepEqual(await counters(), await recount())
  await record(...look(8, 60_000))
  assert.deepEqual(await views(many[8]!.credential.id), { human: 1 }, 'a minute later it is somebody again')
  const slow = await t.complete(Array.from({ length: 4 }, (_, at) => `M${at}`))
  await record(...slow.flatMap((one, at) => [beacon({ credentialId: one.credential.id, visitor: 'recruiter', at: inMs(100_000 + at * 500) })]))
  for (const one of slow) assert.equal((await views(one.credential.id)).human, 1)
})

test('counting anew after rules changed gives what the rules give, and counting anew with the same rules changes nothing', async () => {
  const chance = generator('20261126', 'hits')
  const pick = <T>(some: readonly T[]): T => some[chance.below(some.length)]!
  const many = [who, ...(await t.complete(Array.from({ length: 9 }, (_, at) => `L${at}`)))]
  for (let batch = 0; batch < 10; batch++) {
    const hits = Array.from({ length: 200 }, () =>
      hit({
        credentialId: pick(many).credential.id,
        kind: pick(['page', 'beacon', 'verification'] as const),
        at: inMs(batch * 7 * 3_600_000 + chance.below(3_600_000)),
        visitor: pick(['a', 'b', 'c', 'd', 'e', 'f', undefined]),
        userAgent: pick([chrome, chrome, chrome, 'curl/8', 'LinkedInBot/1.0', undefined]),
        owner: chance.below(10) === 0,
        visibleMs: pick([undefined, 100, 2_000, 60_000]),
        sinceMailMs: pick([undefined, undefined, 500, 60_000]),
      }),
    )
    await Promise.all([record(...hits.slice(0, 100)), record(...hits.slice(100))])
  }
  const before = await counters()
  assert.deepEqual(before, await recount())
  const raw = async () => (await t.db.read((tx) => tx.query(sql<{ id: string; class: string; reason: string; counted: boolean }>`select id, class, reason, counted from view.hit order by at, id`)))
  const hitsBefore = (await raw()).map(({ counted: _, ...one }) => one)
  t.at('2026-03-06T09:00:00Z')
  const same = await t.db.transaction((tx) => reclassify(tx, new Date('2026-03-01T00:00:00Z')))
  assert.deepEqual([same.hits, same.changed], [2_000, 0])
  assert.deepEqual(await counters(), before)
  // As if other rules had been in force.
  await t.db.transaction(async (tx) => {
    await tx.change(sql`update view.hit set class = 'robot', reason = 'an old rule', counted = false where class in ('human', 'scanner')`)
    await tx.change(sql`update view.counter set count = count + 7`)
    await tx.change(sql`delete from view.counter where class = 'unknown'`)
  })
  await t.db.transaction((tx) => reclassify(tx, new Date('2026-03-02T23:00:00Z')))
  assert.deepEqual((await raw()).map(({ counted: _, ...one }) => one), hitsBefore)
  assert.deepEqual(await counters(), before)
  // A visitor counted before is not counted again after.
  await record(beacon({ credentialId: many[0]!.credential.id, visitor: 'a', at: new Date('2026-03-02T10:00:00Z') }))
  assert.deepEqual(await counters(), await recount())
})

test('months are made ahead, hits that came before theirs move into it, ninety days are kept and no longer; counts stay', async () => {
  const tables = async () => (await t.db.read((tx) => tx.query(sql<{ name: string }>`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'view.hit'::regclass order by 1`))).map((one) => one.name)
  const inOther = async () => (await t.db.read((tx) => tx.query(sql<{ count: number }>`select count(*) from view.hit_other`)))[0]!.count
  await record(beacon(), hit({ at: new Date('2026-04-30T23:59:59Z'), visitor: 'x' }))
  assert.equal(await inOther(), 2)
  await Promise.all([makePartitions(t.world), makePartitions(t.world), makePartitions(t.world)])
  assert.deepEqual(await tables(), ['hit_2026_03', 'hit_2026_04', 'hit_2026_05', 'hit_other'])
  assert.equal(await inOther(), 0)
  assert.equal((await t.db.read((tx) => hitsOf(tx, who.credential.id, 10))).length, 2)
  await record(beacon({ visitor: 'y' }))
  assert.equal(await inOther(), 0)

  t.at('2026-05-31T08:59:00Z')
  await makePartitions(t.world)
  assert.equal((await t.db.read((tx) => hitsOf(tx, who.credential.id, 10))).length, 3, 'not yet ninety days')
  t.at('2026-05-31T09:01:00Z')
  await makePartitions(t.world)
  assert.equal((await t.db.read((tx) => hitsOf(tx, who.credential.id, 10))).length, 1)
  t.at('2026-12-15T09:00:00Z')
  await makePartitions(t.world)
  assert.deepEqual(await tables(), ['hit_2026_12', 'hit_2027_01', 'hit_2027_02', 'hit_other'])
  assert.equal((await views()).human, 2)
  await t.db.transaction((tx) => reclassify(tx, new Date('2026-01-01T00:00:00Z')))
  assert.equal((await views()).human, 2, 'days without their raw hits keep their counts')
})

test('ten thousand labelled hits: no declared robot, HEAD or prefetch is a person, scanners are found, people are not lost', async () => {
  const chance = generator('20261127', 'replay')
  const many = await t.complete(Array.from({ length: 200 }, (_, at) => `L${at}`))
  await makePartitions(t.world)
  const labelled: { readonly hit: Hit; readonly label: 'person' | 'robot' | 'scanner' }[] = []
  const at = () => inMs(chance.below(20 * 86_400_000))
  const robots = ['curl/8.5', 'python-requests/2.32', 'Googlebot/2.1', 'LinkedInBot/1.0', 'WhatsApp/2.23', 'facebookexternalhit/1.1', 'HeadlessChrome/150', 'Mozilla/5.0 (compatible; AhrefsBot/7.0)']
  while (labelled.length < 10_000) {
    const credentialId = many[chance.below(many.length)]!.credential.id
    const kind = chance.below(3)
    if (kind === 0) {
      const visitor = `person ${labelled.length}`
      for (let looks = 1 + chance.below(3), when = at().getTime(); looks > 0; looks--, when += 4_000 + chance.below(60_000)) {
        labelled.push({ hit: beacon({ credentialId: many[chance.below(many.length)]!.credential.id, visitor, at: new Date(when), visibleMs: 1_500 + chance.below(60_000) }), label: 'person' })
      }
    } else if (kind === 1) {
      const name = robots[chance.below(robots.length)]!
      const variants: Partial<Hit>[] = [{ userAgent: name }, { userAgent: name, kind: 'beacon', visibleMs: 9_000 }, { method: 'HEAD' }, { prefetch: true, kind: 'beacon', visibleMs: 9_000 }, { userAgent: '' }]
      labelled.push({ hit: hit({ credentialId, at: at(), visitor: `robot ${labelled.length}`, ...variants[chance.below(variants.length)]! }), label: 'robot' })
    } else {
      // A gateway with an ordinary browser's name: the links of one mail seconds after it came, or of many mails at once, scripts run and all.
      const visitor = `gateway ${labelled.length}`
      const when = at().getTime()
      const alone = chance.below(2) === 0
      for (let link = 0; link < (alone ? 1 : 8); link++) {
        labelled.push({ hit: beacon({ credentialId: many[(link * 17 + chance.below(16)) % many.length]!.credential.id, visitor, at: new Date(when + chance.below(6_000)), visibleMs: 2_000, ...(alone ? { sinceMailMs: chance.below(9_000) } : {}) }), label: 'scanner' })
      }
    }
  }
  const order = labelled.toSorted((a, b) => a.hit.at.getTime() - b.hit.at.getTime())
  for (let from = 0; from < order.length; from += 1_000) await record(...order.slice(from, from + 1_000).map((one) => one.hit))
  const label = new Map(order.map((one) => [`${one.hit.visitor} ${one.hit.credentialId} ${one.hit.at.getTime()}`, one.label]))
  const kept = await t.db.read((tx) => tx.query(sql<{ visitor: string; credential_id: string; at: Date; class: string }>`select visitor, credential_id, at, class from view.hit`))
  const share = (wanted: string, ok: (cls: string) => boolean) => {
    const some = kept.filter((one) => label.get(`${one.visitor} ${one.credential_id} ${one.at.getTime()}`) === wanted)
    assert.ok(some.length > 500, `${some.length} ${wanted}`)
    return some.filter((one) => ok(one.class)).length / some.length
  }
  assert.equal(share('robot', (cls) => cls === 'human'), 0)
  assert.ok(share('scanner', (cls) => cls === 'scanner') >= 0.95, `${share('scanner', (cls) => cls === 'scanner')} of scanners found`)
  assert.ok(share('person', (cls) => cls !== 'human') < 0.01, `${share('person', (cls) => cls !== 'human')} of people lost`)
  assert.deepEqual(await counters(), await recount())
})

test('erasing a learner removes the raw hits on their page, and the counts of how often it was seen stay', async () => {
  await record(hit(), beacon(), beacon({ visitor: 'v2' }))
  await t.db.transaction((tx) => eraseLearners(tx, [who.learner.id]))
  assert.deepEqual(await t.db.read((tx) => hitsOf(tx, who.credential.id, 10)), [])
  assert.equal((await views()).human, 2)
})
