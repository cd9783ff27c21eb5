import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { elementsOf, hostile, poisoned } from '#test/markup'
import { awardMail, shareMail, type ShareMailView } from './credential-mail.ts'
import { contrastOf } from '../theme.ts'
import { signInMail } from './sign-in-mail.ts'
import { mailColours, type MailContent } from './frame.ts'

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

test('whatever colour an issuer chooses, all that stands in it and on it in its mail can be read, on light and on dark', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 0, max: 0xffffff }), fc.constantFrom(0, 0xffffff, 0xffff00, 0x00ff00, 0x0000ff, 0xff0000)), (number) => {
      const { light, dark } = mailColours(`#${number.toString(16).padStart(6, '0')}`)
      const pairs = [
        [light.laurel, '#fffdf9'], [light.laurel, '#faf7f0'], [light.deep, light.wash], ['#1b1e1a', light.wash], ['#464b43', light.wash],
        [dark.laurel, '#171c17'], [dark.laurel, '#10140f'], [dark.laurel, '#0b1a12'], [dark.deep, dark.wash], ['#f0ecdf', dark.wash], ['#c6c5b8', dark.wash],
      ] as const
      for (const [ink, ground] of pairs) assert.ok(contrastOf(ink, ground) >= 4.5, `${ink} on ${ground} for #${number.toString(16)}`)
    }),
    { numRuns: 2_000, seed: 20261129 },
  )
})

for (const [name, make] of Object.entries(made)) {
  test(`${name}: an issuer’s colour stands wherever Laurel’s stood, and nothing else changes`, () => {
    const [plain, coloured] = [make((data) => data), make((data) => ({ ...data, colour: '#7b1233' }))]
    const [ours, theirs] = [mailColours(undefined), mailColours('#7b1233')]
    let expected = plain.html
    // What is written in Laurel's green, in either light, is the issuer's in theirs; no other colour of the mail is one of these.
    for (const light of ['light', 'dark'] as const) for (const part of ['laurel', 'deep', 'wash', 'line'] as const) expected = expected.replaceAll(ours[light][part], theirs[light][part])
    assert.notEqual(expected, plain.html)
    assert.equal(coloured.html, expected)
    assert.equal(coloured.text, plain.text)
  })
}
