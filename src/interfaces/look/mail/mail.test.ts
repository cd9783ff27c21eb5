import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf, hostile, poisoned } from '#test/markup'
import { awardMail, shareMail, type ShareMailView } from './credential-mail.ts'
import { signInMail } from './sign-in-mail.ts'
import type { MailContent } from './frame.ts'

const view: ShareMailView = {
  language: 'en',
  step: 1,
  learnerName: 'Ana Example',
  achievement: { name: 'Data Analysis', language: 'en' },
  issuerName: 'Example Institute',
  issuedAt: new Date('2026-10-14'),
  address: 'https://credentials.example/c/7?n=e1',
  shareAddress: 'https://credentials.example/c/7/share?n=e1',
  unsubscribeAddress: 'https://credentials.example/unsubscribe/q8d',
  settingsAddress: 'https://credentials.example/me',
  fields: 5,
  rarity: { began: 1482, passed: 301, year: 2026 },
  research: { since: new Date('2026-07-12'), address: 'https://credentials.example/me#consents' },
  demo: true,
}
const signIn = { language: 'en', from: 'Example Institute', address: 'https://credentials.example/sign-in/abc', expiresAt: new Date('2026-11-23T09:41:00Z') }

const made: Readonly<Record<string, (poison: <T>(data: T) => T) => MailContent>> = {
  award: (p) => awardMail(p(view)),
  'first reminder': (p) => shareMail(p(view)),
  'second reminder': (p) => shareMail(p({ ...view, step: 2 as const })),
  'sign in': (p) => signInMail(p(signIn)),
}

/** Mail may carry inline styles; nothing in it may run, load, or lead elsewhere. */
function assertMail(content: MailContent): void {
  for (const { name, attributes } of elementsOf(content.html)) {
    assert.ok(!['script', 'img', 'iframe', 'object', 'form', 'link', 'base', 'svg', 'math'].includes(name), `<${name}>`)
    for (const [key, value] of attributes) {
      assert.ok(!key.startsWith('on'), key)
      if (key === 'href') assert.match(value, /^https:\/\//)
      if (key === 'style') assert.doesNotMatch(value, /url\(|expression/)
    }
  }
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(content.subject, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u)
  assert.ok(!content.text.includes('\u0000') && !content.html.includes('\u0000'))
}

for (const [name, make] of Object.entries(made)) {
  test(`${name}: nothing is fetched when it is opened, and its plain text holds the same links`, () => {
    const content = make((data) => data)
    assertMail(content)
    const links = elementsOf(content.html).flatMap((one) => one.attributes.get('href') ?? [])
    assert.ok(links.length > 0)
    for (const link of links) assert.ok(content.text.includes(link), link)
    assert.doesNotMatch(content.html.replace('<!doctype', '').replaceAll('!important', ''), /!/u)
  })

  test(`${name}: hostile names and titles stay text, in the subject, the text and the HTML`, () => {
    for (const text of hostile) {
      const content = make((data) => poisoned(data, text, new Set(), /^language$/))
      const { length } = elementsOf(content.html)
      assertMail(content)
      assert.ok(length > 10)
    }
  })
}

test('a demonstration says so in its mail too', () => {
  assert.match(shareMail(view).html, /Demonstration: invented learners/)
  assert.match(shareMail(view).text, /^Demonstration: invented learners/)
  assert.doesNotMatch(shareMail({ ...view, demo: false }).html, /Demonstration/)
})

test('the first reminder gives the provider’s own figures, or none; the second is the last and says so', () => {
  assert.match(shareMail(view).text, /Of the 1,482 people who began this course in 2026, 301 have passed so far/)
  const { rarity: _r, ...plain } = view
  assert.doesNotMatch(shareMail(plain).text, /people who began/)
  assert.match(shareMail({ ...view, step: 2 }).text, /this is our last reminder/)
  assert.match(shareMail(view).text, /You get at most two of these\./)
})

test('every mail about a credential has a way out, and the award asks for nothing', () => {
  assert.match(awardMail(view).text, /No more reminders\nhttps:\/\/credentials\.example\/unsubscribe\/q8d/)
  assert.doesNotMatch(awardMail(view).text, /LinkedIn/)
})
