import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { targets } from '#journey/share'
import { burstsIn, burstWithinMs } from './burst.ts'
import { classify } from './classify.ts'
import { previewBots } from './robots.ts'
import { networkOf, visitorOf, hitOf } from './visitor.ts'
import { secretsFrom } from '#platform/secret'
import type { Hit } from './view.ts'

const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'
const beacon = { kind: 'beacon', userAgent: chrome, visibleMs: 3_000 } as const
const page = { kind: 'page', userAgent: chrome } as const

test('each rule is found, and the first one that holds decides', () => {
  const cases: readonly (readonly [Parameters<typeof classify>[0], string, string, boolean?])[] = [
    [page, 'unknown', 'only_opened'],
    [beacon, 'human', 'visible'],
    [{ ...beacon, visibleMs: 1_500 }, 'human', 'visible'],
    [{ ...beacon, visibleMs: 1_499 }, 'unknown', 'passed_over'],
    [{ ...beacon, visibleMs: undefined }, 'unknown', 'passed_over'],
    [{ kind: 'verification', userAgent: chrome }, 'human', 'verified'],
    [{ kind: 'verification', userAgent: chrome }, 'human', 'verified', true],
    [{ kind: 'verification', userAgent: 'curl/8.5.0' }, 'robot', 'declared'],
    [{ ...beacon, owner: true }, 'owner', 'owner'],
    [{ ...page, owner: true, method: 'HEAD' }, 'owner', 'owner'],
    [{ ...page, method: 'HEAD' }, 'robot', 'head'],
    [{ ...page, method: 'head' }, 'robot', 'head'],
    [{ ...page, prefetch: true }, 'robot', 'prefetch'],
    [{ ...beacon, prefetch: true }, 'robot', 'prefetch'],
    [{ ...beacon, userAgent: undefined }, 'robot', 'no_name'],
    [{ ...beacon, userAgent: '  ' }, 'robot', 'no_name'],
    [{ ...beacon, userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/150.0.0.0 Safari/537.36' }, 'robot', 'declared'],
    [{ ...page, userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }, 'robot', 'declared'],
    [{ ...beacon, userAgent: 'Mozilla/5.0 (compatible; proofpoint)' }, 'scanner', 'declared'],
    [{ ...beacon, userAgent: `${chrome} BarracudaSentinel (EE)` }, 'scanner', 'declared'],
    [{ ...page, userAgent: 'ms-office' }, 'scanner', 'declared'],
    [{ ...beacon, sinceMailMs: 9_999 }, 'scanner', 'too_soon_after_mail'],
    [{ ...beacon, sinceMailMs: 10_000 }, 'human', 'visible'],
    [beacon, 'scanner', 'burst', true],
    [{ ...page, owner: true }, 'owner', 'owner', true],
    // People inside the networks' own apps are people.
    [{ ...beacon, userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.29' }, 'human', 'visible'],
    [{ ...beacon, userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/480.0;FBBV/1;FBDV/iPhone14,5;FB_IAB/FB4A]' }, 'human', 'visible'],
  ]
  for (const [hit, wanted, reason, inBurst] of cases) assert.deepEqual(classify(hit, inBurst ?? false), { class: wanted, reason }, JSON.stringify(hit))
})

test('preview robots are told apart by network, also those that carry another’s name', () => {
  const names: Readonly<Record<string, string>> = {
    'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)': 'linkedin',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)': 'facebook',
    'meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)': 'facebook',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0': 'apple',
    'facebookexternalhit/1.1;line-poker/1.0': 'line',
    'TelegramBot (like TwitterBot)': 'telegram',
    'Twitterbot/1.0': 'x',
    'WhatsApp/2.23.20.0': 'whatsapp',
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)': 'slack',
    'Slack-ImgProxy (+https://api.slack.com/robots)': 'slack',
    'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)': 'discord',
    'Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)': 'reddit',
    'http.rb/5.1.1 (Mastodon/4.2.0; +https://mastodon.example/)': 'mastodon',
    'Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.example/)': 'mastodon',
    'Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)': 'bluesky',
    'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com': 'skype',
    'XING-contenttabreceiver/2.0': 'xing',
    'Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)': 'pinterest',
    'Iframely/1.3.1 (+https://iframely.com/docs/about)': 'embed',
  }
  for (const [name, network] of Object.entries(names)) {
    for (const kind of ['page', 'beacon', 'verification'] as const) assert.deepEqual(classify({ kind, userAgent: name, visibleMs: 9_000 }, false), { class: 'preview_bot', reason: network }, name)
  }
  for (const target of targets) if (target.previewBot !== undefined) assert.ok(previewBots.some((one) => one.network === target.previewBot), `${target.id}: nobody knows a robot of ${target.previewBot}`)
})

const seed = 20_261_125

test(`a burst is five credentials in ten seconds by one visitor, or eight by one browser's name in one network, found as by looking at every window (seed ${seed})`, () => {
  const look = fc.record({
    visitor: fc.oneof({ weight: 1, arbitrary: fc.constantFrom('a', 'b', undefined) }, { weight: 3, arbitrary: fc.uuid() }),
    network: fc.constantFrom('n', 'n', 'n', 'm', undefined),
    userAgent: fc.constantFrom('x', 'x', 'x', 'y', undefined),
    sinceMailMs: fc.constantFrom(undefined, undefined, undefined, 60_000),
    credentialId: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8', '9', '10'),
    ms: fc.integer({ min: 0, max: 25_000 }),
  })
  let [byVisitor, byNetworkAlone] = [0, 0]
  fc.assert(
    fc.property(fc.array(look, { minLength: 5, maxLength: 80, size: 'max' }), (some) => {
      const hits = some.map(({ ms, ...one }, at) => ({ ...one, id: String(at), at: new Date(ms) }))
      const expected = new Set<string>()
      for (const start of hits) {
        const window = hits.filter((one) => one.at >= start.at && one.at.getTime() < start.at.getTime() + burstWithinMs)
        const same = window.filter((one) => one.visitor !== undefined && one.visitor === start.visitor)
        if (new Set(same.map((one) => one.credentialId)).size >= 5) for (const one of same) expected.add(one.id)
      }
      if (expected.size > 0) byVisitor++
      const before = expected.size
      for (const start of hits) {
        const near = hits.filter((one) => one.network !== undefined && one.network === start.network && one.userAgent === start.userAgent && one.sinceMailMs === undefined && start.sinceMailMs === undefined && one.at >= start.at && one.at.getTime() < start.at.getTime() + burstWithinMs)
        if (new Set(near.map((one) => one.credentialId)).size >= 8) for (const one of near) expected.add(one.id)
      }
      if (expected.size > before) byNetworkAlone++
      assert.deepEqual([...burstsIn(hits)].toSorted(), [...expected].toSorted())
    }),
    { seed, numRuns: 1_000 },
  )
  assert.ok(byVisitor > 50 && byNetworkAlone > 20, `${byVisitor} of the cases had a burst by a visitor, ${byNetworkAlone} one by a network`)
})

test('of an address its network is kept, and of a visitor a name that holds for a day', () => {
  assert.equal(networkOf('203.0.113.77'), '203.0.113.0/24')
  assert.equal(networkOf('::ffff:203.0.113.77'), '203.0.113.0/24')
  assert.equal(networkOf('2001:db8:1234:5678:9abc:def0:1234:5678'), '2001:db8:1234::/48')
  for (const none of ['', 'x', '203.0.113', '203.0.113.1:80', 'unknown']) assert.equal(networkOf(none), undefined, none)

  const secrets = secretsFrom('5e'.repeat(31) + '01', 'test')
  const other = secretsFrom('5e'.repeat(31) + '02', 'test')
  const morning = new Date('2026-03-02T01:00:00Z')
  const name = visitorOf(secrets, morning, '203.0.113.77', chrome)
  assert.match(name, /^[A-Za-z0-9_-]{16}$/)
  assert.equal(visitorOf(secrets, new Date('2026-03-02T23:59:59Z'), '203.0.113.77', chrome), name)
  for (const changed of [visitorOf(secrets, new Date('2026-03-03T01:00:00Z'), '203.0.113.77', chrome), visitorOf(secrets, morning, '203.0.113.78', chrome), visitorOf(secrets, morning, '203.0.113.77', 'other'), visitorOf(other, morning, '203.0.113.77', chrome)]) assert.notEqual(changed, name)
})

test('a request becomes a hit in which neither the address nor the page that led here is left', () => {
  const secrets = secretsFrom('5e'.repeat(31) + '01', 'test')
  const hit: Hit = hitOf(secrets, { credentialId: 'c', kind: 'page', at: new Date('2026-03-02T01:00:00Z'), method: 'GET', address: '203.0.113.77', userAgent: `${chrome}${'x'.repeat(1_000)}`, purpose: 'prefetch;prerender', referrer: 'https://www.linkedin.com/in/somebody?q=1', owner: false, visibleMs: Number.NaN })
  assert.ok(!JSON.stringify(hit).includes('203.0.113.77') && !JSON.stringify(hit).includes('somebody'))
  assert.equal(hit.referrerHost, 'www.linkedin.com')
  assert.equal(hit.prefetch, true)
  assert.equal(hit.visibleMs, undefined)
  assert.equal(hit.userAgent?.length, 400)
})
