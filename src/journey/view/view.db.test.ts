import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { generator } from '#kernel/numeric'
import { eraseLearners } from '#journey/party'
import { placementByToken, sharesOf, startShares } from '#journey/share'
import { sql } from '#platform/db'
import { provider, type Graduate, type Provider } from '#test/provider'
import { classify, hitsOf, makePartitions, reclassify, recordHits, viewsOf, type Hit, type Viewer } from './index.ts'

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

type Label = 'person' | 'robot' | 'scanner burst' | 'scanner of one mail'

/** Ten thousand hits of which it is known who made them: people at their ease and in a hurry, robots that say so, gateways that do not. */
function labelledHits(many: readonly Graduate[], start: number): readonly { readonly hit: Hit; readonly label: Label }[] {
  const chance = generator('20261127', 'replay')
  const pick = <T>(some: readonly T[]): T => some[chance.below(some.length)]!
  const declared = ['curl/8.5', 'python-requests/2.32', 'Googlebot/2.1', 'LinkedInBot/1.0', 'WhatsApp/2.23', 'facebookexternalhit/1.1', 'Slackbot-LinkExpanding 1.0', 'HeadlessChrome/150', 'Mozilla/5.0 (compatible; AhrefsBot/7.0)', 'ms-office']
  const inApps = ['[LinkedInApp]/9.29', '[FBAN/FBIOS;FBAV/480.0;FB_IAB/FB4A]', 'Instagram 300.0']
  const labelled: { readonly hit: Hit; readonly label: Label }[] = []
  const add = (label: Label, change: Partial<Hit>) => labelled.push({ label, hit: hit({ credentialId: pick(many).credential.id, ...change }) })
  const look = (label: Label, at: number, change: Partial<Hit>) => {
    add(label, { at: new Date(at), ...change })
    add(label, { kind: 'beacon', at: new Date(at + 1_500 + chance.below(4_000)), visibleMs: 1_500 + chance.below(60_000), ...change })
  }
  while (labelled.length < 10_000) {
    const visitor = `visitor ${labelled.length}`
    const at = start + chance.below(20 * 86_400_000)
    const which = chance.below(100)
    if (which < 30) {
      // One person at one to three pages, now and then from a mail that came a while ago, or inside a network's own app.
      const userAgent = chance.below(4) === 0 ? `${chrome} ${pick(inApps)}` : chrome
      for (let pages = 1 + chance.below(3), when = at; pages > 0; pages--, when += 4_000 + chance.below(60_000)) look('person', when, { visitor, userAgent, credentialId: pick(many).credential.id, ...(chance.below(3) === 0 ? { sinceMailMs: 12_000 + chance.below(3_600_000) } : {}) })
    } else if (which < 34) {
      // A recruiter opens the four links of a list in tabs.
      for (let tab = 0; tab < 4; tab++) look('person', at + tab * 600, { visitor, credentialId: many[(chance.below(40) * 4 + tab) % many.length]!.credential.id })
    } else if (which < 36) {
      // An office behind one address, everybody with the same browser: for this installation they are one visitor.
      for (let person = 0; person < 12; person++) look('person', at + chance.below(4 * 3_600_000), { visitor, credentialId: pick(many).credential.id })
    } else if (which < 40) {
      for (let one = 0; one < 3; one++) add('person', { kind: 'verification', at: new Date(at + one * 900), visitor })
    } else if (which < 70) {
      const name = pick(declared)
      add('robot', { at: new Date(at), visitor, ...pick<Partial<Hit>>([{ userAgent: name }, { userAgent: name, kind: 'beacon', visibleMs: 9_000 }, { userAgent: name, kind: 'verification' }, { method: 'HEAD' }, { prefetch: true }, { prefetch: true, kind: 'beacon', visibleMs: 9_000 }, { userAgent: '' }]) })
    } else if (which < 77) {
      // A gateway with an ordinary browser's name goes through the links of a morning's mails; every second runs scripts and waits.
      const links = 6 + chance.below(10)
      const scripts = chance.below(2) === 0
      const first = chance.below(many.length)
      for (let link = 0; link < links; link++) {
        const change = { visitor, credentialId: many[(first + link) % many.length]!.credential.id }
        if (scripts) look('scanner burst', at + chance.below(4_000), change)
        else add('scanner burst', { at: new Date(at + chance.below(9_000)), ...change })
      }
    } else {
      look('scanner of one mail', at, { visitor, credentialId: pick(many).credential.id, sinceMailMs: chance.below(9_999) })
    }
  }
  return labelled.slice(0, 10_000).toSorted((a, b) => a.hit.at.getTime() - b.hit.at.getTime())
}

test('ten thousand labelled hits: no declared robot, HEAD or prefetch is a person, bursts of scanners are found, people are not lost', async (context) => {
  const many = await t.complete(Array.from({ length: 200 }, (_, at) => `L${at}`))
  await makePartitions(t.world)
  const labelled = labelledHits(many, t.clock.now().getTime())
  assert.equal(labelled.length, 10_000)
  for (let from = 0; from < labelled.length; from += 1_000) await record(...labelled.slice(from, from + 1_000).map((one) => one.hit))

  const keyOf = (one: Pick<Hit, 'visitor' | 'credentialId' | 'kind' | 'at'>) => `${one.visitor} ${one.credentialId} ${one.kind} ${one.at.getTime()}`
  const labelOf = new Map(labelled.map((one) => [keyOf(one.hit), one.label]))
  const kept = await t.db.read((tx) => tx.query(sql<{ visitor: string; credentialId: string; kind: Hit['kind']; at: Date; class: string }>`select visitor, credential_id as "credentialId", kind, at, class from view.hit`))
  const share = (wanted: Label, ok: (one: (typeof kept)[number]) => boolean, among: (one: (typeof kept)[number]) => boolean = () => true) => {
    const some = kept.filter((one) => labelOf.get(keyOf(one)) === wanted && among(one))
    assert.ok(some.length >= 400, `${some.length} ${wanted}`)
    const [yes, of] = [some.filter(ok).length, some.length]
    return { yes, of, share: yes / of, says: `${yes} of ${of} (${((100 * yes) / of).toFixed(2)}%)` }
  }
  const robots = share('robot', (one) => one.class === 'human')
  const bursts = share('scanner burst', (one) => one.class === 'scanner')
  const single = share('scanner of one mail', (one) => one.class === 'scanner')
  const lost = share('person', (one) => one.class !== 'human', (one) => one.kind !== 'page')
  context.diagnostic(`seed 20261127, 10000 hits: robots taken for people ${robots.says}; hits of scanner bursts found ${bursts.says}; scanners of one mail found ${single.says}; people lost ${lost.says}`)
  assert.equal(robots.yes, 0)
  assert.ok(bursts.share >= 0.95, bursts.says)
  assert.ok(single.share >= 0.95, single.says)
  assert.ok(lost.share < 0.01, lost.says)
  assert.deepEqual(await counters(), await recount())

  // The same hits without the rule of bursts: were the figure above no work of that rule, it would stand here too.
  const ungated = labelled.filter((one) => one.label === 'scanner burst')
  const withoutRule = ungated.filter((one) => classify(one.hit, false).class === 'scanner').length / ungated.length
  assert.ok(withoutRule < 0.5, `${withoutRule} of the bursts are found without the rule`)
})

test('erasing a learner removes the raw hits on their page, and the counts of how often it was seen stay', async () => {
  await record(hit(), beacon(), beacon({ visitor: 'v2' }))
  await t.db.transaction((tx) => eraseLearners(tx, [who.learner.id]))
  assert.deepEqual(await t.db.read((tx) => hitsOf(tx, who.credential.id, 10)), [])
  assert.equal((await views()).human, 2)
})
