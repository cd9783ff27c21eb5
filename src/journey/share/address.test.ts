import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostName, linkedinFields, shareAddress, targetById, targets, type ShareFacts } from './index.ts'

const facts: ShareFacts = {
  address: 'https://credentials.example.org/c/7hq2mk9d?s=ab-_1',
  credentialId: '7hq2mk9d',
  title: 'Data & Analysis: “50%”',
  text: 'I passed 数据 & more',
  issuerName: 'Institute, "Öl" & Co',
  issuedAt: new Date('2026-10-31T23:30:00Z'),
  timeZone: 'Europe/Vienna',
}
const to = (id: string, change: Partial<ShareFacts> = {}) => shareAddress(targetById(id)!, { ...facts, ...change })

test('LinkedIn’s profile form gets every parameter, its months by the issuer’s calendar and without a zero', () => {
  const plain = new URL(to('linkedin_profile')!)
  assert.equal(plain.origin + plain.pathname, 'https://www.linkedin.com/profile/add')
  assert.deepEqual([...plain.searchParams], [
    ['startTask', 'CERTIFICATION_NAME'],
    ['name', facts.title],
    ['organizationName', facts.issuerName],
    ['issueYear', '2026'],
    ['issueMonth', '11'], // half past midnight on 1 November in Vienna
    ['certUrl', facts.address],
    ['certId', '7hq2mk9d'],
  ])
  const full = new URL(to('linkedin_profile', { organizationId: '1337', expiresAt: new Date('2028-03-05T12:00:00Z'), timeZone: 'UTC' })!)
  assert.deepEqual([...full.searchParams].slice(2, 7), [['organizationId', '1337'], ['issueYear', '2026'], ['issueMonth', '10'], ['expirationYear', '2028'], ['expirationMonth', '3']])
  assert.equal(full.searchParams.has('organizationName'), false, 'the number takes the place of the name')
  assert.equal(new URL(to('linkedin_profile', { organizationId: '13&x=1' })!).searchParams.get('organizationName'), facts.issuerName)
})

test('every other place gets the link, and words where it takes them', () => {
  const url = encodeURIComponent(facts.address)
  const text = encodeURIComponent(facts.text)
  const both = encodeURIComponent(`${facts.text} ${facts.address}`)
  const expected: Readonly<Record<string, string | undefined>> = {
    linkedin_post: `https://www.linkedin.com/sharing/share-offsite/?url=${url}`,
    x: `https://x.com/intent/post?text=${text}&url=${url}`,
    facebook: `https://www.facebook.com/sharer/sharer.php?u=${url}`,
    whatsapp: `https://wa.me/?text=${both}`,
    telegram: `https://t.me/share/url?url=${url}&text=${text}`,
    bluesky: `https://bsky.app/intent/compose?text=${both}`,
    reddit: `https://www.reddit.com/submit?url=${url}&title=${encodeURIComponent(facts.title)}`,
    threads: `https://www.threads.net/intent/post?text=${both}`,
    xing: `https://www.xing.com/spi/shares/new?url=${url}`,
    line: `https://social-plugins.line.me/lineit/share?url=${url}&text=${text}`,
    email: `mailto:?subject=${encodeURIComponent(facts.title)}&body=${encodeURIComponent(`${facts.text}\n\n${facts.address}`)}`,
    mastodon: undefined,
    copy_link: undefined,
    qr_code: undefined,
    embed: undefined,
    email_signature: undefined,
    device: undefined,
  }
  for (const target of targets) if (target.id !== 'linkedin_profile') assert.equal(to(target.id), expected[target.id], target.id)
  assert.equal(Object.keys(expected).length + 1, targets.length)
  assert.equal(to('mastodon', { instance: ' https://Social.Example/ ' }), `https://social.example/share?text=${both}`)
})

test('what is typed as a server’s name leads to that server or nowhere', () => {
  for (const good of ['mastodon.social', 'a.b-c.example', 'xn--bcher-kva.example', 'HTTPS://mastodon.social/']) assert.notEqual(hostName(good), undefined, good)
  const bad = ['', ' ', 'localhost', '127.0.0.1', '[::1]', 'evil.com/path', 'evil.com?x', 'evil.com#x', 'user@evil.com', 'evil.com:8080', '//evil.com', 'http://evil.com', 'javascript:alert(1)', 'evil.com\\@good.com', 'a..b', '-a.example', 'a-.example', `${'a'.repeat(64)}.example`, 'exa mple.com', 'evil.com%2f', 'evil。com', '2130706433', '0x7f.1', 'a.example\nhost: x']
  for (const text of bad) assert.equal(hostName(text), undefined, JSON.stringify(text))
  for (const text of bad) assert.equal(to('mastodon', { instance: text }), undefined)
})

test('no word can add a parameter or change where a link leads', () => {
  const words = ['&url=https://evil.example', '#frag', '?x=1', '"><script>', "'", '\r\nX: y', '%26url%3Dx', '{address}', '\u2028', 'é😀', 'half \ud83d of one']
  for (const word of words) {
    for (const target of targets.filter((one) => one.address && one.kind !== 'mail')) {
      const one = shareAddress(target, { ...facts, title: word, text: word, issuerName: word, credentialId: word, instance: 'm.example' })!
      const plain = shareAddress(target, { ...facts, instance: 'm.example' })!
      assert.match(one, /^https:\/\/[\x21-\x7e]+$/, `${target.id} ${word}`)
      assert.equal(new URL(one).host, new URL(plain).host)
      assert.deepEqual([...new URL(one).searchParams.keys()], [...new URL(plain).searchParams.keys()])
      assert.equal(new URL(one).hash, '')
    }
  }
})

test('the fields to copy are in the order of LinkedIn’s form, with months in the learner’s language', () => {
  assert.deepEqual(linkedinFields(facts, 'en'), [
    { field: 'name', value: facts.title },
    { field: 'organization', value: facts.issuerName },
    { field: 'issued', value: 'November 2026' },
    { field: 'id', value: '7hq2mk9d' },
    { field: 'url', value: facts.address },
  ])
  const fields = linkedinFields({ ...facts, expiresAt: new Date('2028-03-05T12:00:00Z') }, 'es')
  assert.deepEqual(fields.slice(2, 4), [{ field: 'issued', value: 'noviembre de 2026' }, { field: 'expires', value: 'marzo de 2028' }])
})
