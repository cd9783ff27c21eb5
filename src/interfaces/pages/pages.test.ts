import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertGuarded, assertHarmless, assertTied, elementsOf, hostile, poisoned } from '#test/markup'
import { assets, themedStyles, type Chrome, type Html } from '#interfaces/look'
import { achievementPage } from './achievement-page.ts'
import { credentialPage, type CredentialView } from './credential-page.ts'
import { embedPage, emptyEmbed } from './embed-page.ts'
import { directoryPage } from './directory-page.ts'
import { erasedPage, erasePage } from './erase-page.ts'
import { issuerPage } from './issuer-page.ts'
import { leavingPage } from './leaving-page.ts'
import { mePage, type MeView } from './me-page.ts'
import { prompt, type PromptView } from './prompt.ts'
import { sharePage, type ShareView } from './share-page.ts'
import { checkMailPage, mailedLinkPage, signInPage } from './sign-in-page.ts'
import { unsubscribePage } from './unsubscribe-page.ts'
import { verifyListPage, type VerifyListView } from './verify-list-page.ts'
import { verifyPage, type VerifyView } from './verify-page.ts'
import { withdrawnPage } from './withdrawn-page.ts'

const chrome: Chrome = { language: 'en', csrf: 'c5rf', demo: true, brand: { name: 'Example Institute', address: '/i/example' }, privacyAddress: '/privacy', alternatives: [{ language: 'ar', address: '/c/7hq2mk9d?lang=ar' }] }
const when = new Date('2026-11-23T09:41:00Z')
const nudge: PromptView = { step: 1, learnerName: 'Ana Example', achievement: { name: 'Data Analysis', language: 'en' }, rarity: { began: 1482, passed: 301, year: 2026 }, fields: 5, answerAddress: '/m/abc' }

const credential: CredentialView = {
  publicId: '7hq2mk9d',
  address: 'https://credentials.example/c/7hq2mk9d',
  visibility: 'link',
  learner: { name: 'Ana Example', language: 'es' },
  achievement: { name: 'Data Analysis', description: 'Says how sure the answer is.', language: 'en', type: 'MicroCredential' },
  issuer: { name: 'Example Institute', address: 'https://institute.example/', host: 'credentials.example', colour: '#8a1c5b', logo: { address: '/i/example/logo.AAAAAAAAAAAAAAAA.png', width: 480, height: 120 }, known: true, keysAddress: '/i/example/did.json', signed: 48037 },
  assessed: 'A marked project',
  result: '84 of 100',
  workload: 'PT120H',
  level: 'EQF 5',
  issuedAt: new Date('2026-10-14T09:00:00Z'),
  validUntil: new Date('2029-10-14T09:00:00Z'),
  standing: 'in_force',
  verification: {
    verdict: 'unknown_issuer',
    reason: 'registry.none_asked',
    at: '2026-11-23T09:41:00Z',
    checks: [
      { name: 'parsed', result: 'passed', code: 'parsed.read', detail: 'The file could be read.' },
      { name: 'contexts', result: 'passed', code: 'contexts.known', detail: 'Every term has a published meaning.' },
      { name: 'proof', result: 'passed', code: 'proof.holds', detail: 'Nothing was changed since it was signed.' },
      { name: 'status', result: 'not_checked', code: 'status.unreachable', detail: 'The list did not answer.' },
      { name: 'dates', result: 'failed', code: 'dates.expired', detail: 'It has ended.' },
      { name: 'registry', result: 'not_checked', code: 'registry.none_asked', detail: 'This site trusts no registry yet.' },
    ],
  },
  skills: [{ name: 'SQL', description: 'Joins and checks', framework: 'ESCO', address: 'https://esco.example/1' }],
  results: [{ name: 'Exam', weight: '40%', value: '81' }],
  evidence: [{ name: 'Report', description: 'PDF', address: 'https://institute.example/e/1' }],
  endorsements: [{ text: 'Clear.', by: 'The assessor' }],
  downloads: [{ kind: 'json', address: '/c/7hq2mk9d.json', bytes: 4120 }, { kind: 'card', address: '/c/7hq2mk9d.png' }],
  proofBytes: new Uint8Array([1, 2, 3, 4, 5]),
  verifyAddress: '/verify',
  command: 'laurel verify https://credentials.example/c/7hq2mk9d',
  beacon: { address: '/c/7hq2mk9d/seen' },
  card: { address: 'https://credentials.example/card/7hq2mk9d.v1.png' },
}
const owned: CredentialView = {
  ...credential,
  owner: { shareAddress: '/c/7hq2mk9d/share', knownAsAddress: '/c/7hq2mk9d/known-as', visibilityAddress: '/c/7hq2mk9d/visibility', meAddress: '/me', views: [{ viewer: 'human', last30Days: 41, inAll: 58 }, { viewer: 'verification', last30Days: 3, inAll: 4 }, { viewer: 'robot', last30Days: 9, inAll: 9 }], prompt: nudge },
}
const share: ShareView = {
  achievement: { name: 'Data Analysis', language: 'en' },
  issuerName: 'Example Institute',
  learnerName: 'Ana Example',
  credentialAddress: '/c/7hq2mk9d',
  visibility: 'private',
  profile: {
    post: '/c/7hq2mk9d/share/linkedin_profile',
    fields: [{ field: 'name', shown: 'Data Analysis' }, { field: 'organization', shown: 'Example Institute' }, { field: 'issued', shown: 'October 2026' }, { field: 'expires', shown: 'October 2029' }, { field: 'id', shown: '7hq2mk9d' }, { field: 'url', shown: 'credentials.example/c/7hq2mk9d?s=lp', copy: 'https://credentials.example/c/7hq2mk9d?s=lp' }],
    listed: true,
    answerAddress: '/c/7hq2mk9d/share/linkedin-profile/answer',
  },
  post: { post: '/c/7hq2mk9d/share/linkedin_post', text: 'I passed.' },
  targets: [{ id: 'whatsapp', name: 'WhatsApp', kind: 'chat', post: '/c/7hq2mk9d/share/whatsapp', takesWords: true }, { id: 'mastodon', name: 'Mastodon', kind: 'network', post: '/c/7hq2mk9d/share/mastodon', takesWords: true, asks: { what: 'instance', before: 'social.example' } }, { id: 'email', kind: 'mail', post: '/c/7hq2mk9d/share/email', takesWords: true }],
  device: { post: '/c/7hq2mk9d/share/device', pictureAddress: '/c/7hq2mk9d/card.png' },
  link: { address: 'https://credentials.example/c/7hq2mk9d?s=cl' },
  code: { code: { modules: 33, path: 'M0 0h7v1h-7z' }, pngAddress: '/c/7hq2mk9d/share/qr_code.png', svgAddress: '/c/7hq2mk9d/share/qr_code.svg' },
  signature: { address: 'https://credentials.example/c/7hq2mk9d?s=es', source: '<table><tr><td>Ana</td></tr></table>', pictureAddress: '/c/7hq2mk9d/card.png' },
  embed: { frame: '<iframe src="https://credentials.example/c/7hq2mk9d/embed"></iframe>', plain: '<a href="https://credentials.example/c/7hq2mk9d">x</a>' },
  places: [{ id: 'x', name: 'X', clickedAt: when, seen: false, answerAddress: '/c/7hq2mk9d/share/x/answer' }, { id: 'linkedin_post', name: 'LinkedIn', clickedAt: when, confirmed: { at: when, by: 'preview_bot' }, seen: true, answerAddress: '/c/7hq2mk9d/share/linkedin_post/answer' }, { id: 'qr_code', clickedAt: when, seen: false }],
}
const verifies: Readonly<Record<string, VerifyView>> = {
  form: { address: '/verify', listAddress: '/verify/list', largestBytes: 1e6 },
  trusted: { address: '/verify', listAddress: '/verify/list', largestBytes: 1e6, text: 'https://credentials.example/c/7hq2mk9d', result: { verdict: 'trusted', reason: 'registry.listed', checks: credential.verification.checks, at: '2026-11-23T09:41:00Z', milliseconds: 6.2, facts: { who: 'Ana Example', what: 'Data Analysis', issuerName: 'Example Institute', registryName: 'Example Institute', issuerId: 'did:web:credentials.example', language: 'en', assessed: 'A project', hours: 120, awardedDate: '2026-10-14', validFrom: '2026-10-14T00:00:00Z', validUntil: '2029-10-14T00:00:00Z' }, pageAddress: '/c/7hq2mk9d' } },
  unknown: { address: '/verify', listAddress: '/verify/list', largestBytes: 1e6, result: { verdict: 'unknown_issuer', reason: 'registry.unlisted', checks: [], at: '2026-11-23T09:41:00Z', facts: { what: 'Data Analysis', issuerName: 'Somebody', issuerId: 'did:web:somebody.example', validFrom: '2026-10-14T00:00:00Z' } } },
  open: { address: '/verify', listAddress: '/verify/list', largestBytes: 1e6, result: { verdict: 'unknown_issuer', reason: 'status.unreachable', checks: credential.verification.checks, at: '2026-11-23T09:41:00Z', facts: { issuerId: 'did:key:z6Mk' } } },
  changed: { address: '/verify', listAddress: '/verify/list', largestBytes: 1e6, result: { verdict: 'not_proved', reason: 'proof.signature_wrong', checks: [], at: '2026-11-23T09:41:00Z' } },
  unreadable: { address: '/verify', listAddress: '/verify/list', largestBytes: 1e6, result: { verdict: 'not_proved', reason: 'parsed.empty', checks: [{ name: 'parsed', result: 'failed', code: 'parsed.empty', detail: 'The file is empty.' }], at: '2026-11-23T09:41:00Z' } },
  fault: { address: '/verify', listAddress: '/verify/list', largestBytes: 1e6, text: 'hello', fault: 'This is neither a credential nor an address of one.' },
}
const list: VerifyListView = { address: '/verify/list', singleAddress: '/verify', most: 100, largestBytes: 2e5, seconds: 60, columnNames: ['address', 'url'] }
const listed: VerifyListView = {
  ...list,
  answers: {
    column: 'url',
    columns: ['candidate', 'url'],
    rows: [
      { row: 2, fields: { candidate: 'Ana', url: 'https://credentials.example/c/1' }, given: 'https://credentials.example/c/1', result: { verdict: 'trusted', reason: 'registry.listed', checks: [], facts: { who: 'Ana Example', what: 'Data Analysis', issuerName: 'Example Institute', issuerId: 'did:web:credentials.example' } } },
      { row: 3, fields: { candidate: 'Bo', url: 'nowhere' }, given: 'nowhere', fault: 'no_address' },
      { row: 4, fields: { candidate: 'Cy', url: 'https://b.example/' }, given: 'https://b.example/', fault: 'late' },
      { row: 5, fields: { candidate: 'Di', url: '' }, given: '', fault: 'width', has: 3 },
    ],
  },
}
const me: MeView = {
  name: 'Ana Example',
  email: 'ana@example.org',
  credentials: [{ achievement: { name: 'Data Analysis', language: 'en' }, issuerName: 'Example Institute', issuedAt: when, standing: 'in_force', visibility: 'private', address: '/c/7hq2mk9d', shareAddress: '/c/7hq2mk9d/share' }],
  consents: [{ purpose: 'credential', given: true, textVersion: '1', at: when }, { purpose: 'nudge', given: false }, { purpose: 'research', given: true }, { purpose: 'outcome', given: false, at: when }],
  consentAddress: '/me/consents',
  signOutAddress: '/sign-out',
  preferences: { address: '/me/preferences', language: 'es', timeZone: 'Africa/Lagos', timeZones: ['UTC', 'Asia/Kolkata'], hours: { from: 8, to: 20, wrong: true } },
  passkeys: { optionsAddress: '/me/passkeys/options', address: '/me/passkeys', list: [{ name: 'my phone', addedAt: when, synced: true, post: '/me/passkeys/1/removal' }, { synced: false, post: '/me/passkeys/2/removal' }] },
  exportAddress: '/me/export',
  eraseAddress: '/me/erase',
  prompt: { ...nudge, step: 2 },
}

const made: Readonly<Record<string, (poison: <T>(data: T) => T) => Html>> = {
  credential: (p) => credentialPage(p(credential), chrome),
  'credential, public': (p) => credentialPage(p({ ...credential, visibility: 'public' as const }), chrome),
  'credential, owner': (p) => credentialPage(p(owned), chrome),
  'credential, revoked': (p) => credentialPage(p({ ...credential, standing: 'revoked' as const, standingSince: when, standingReason: 'A correction.' }), chrome),
  'credential, suspended': (p) => credentialPage(p({ ...credential, standing: 'suspended' as const, standingSince: when }), chrome),
  'credential, expired': (p) => credentialPage(p({ ...credential, standing: 'expired' as const }), chrome),
  'credential, not yet': (p) => credentialPage(p({ ...credential, standing: 'not_yet' as const }), chrome),
  share: (p) => sharePage(p(share), chrome),
  'share, confirmed': (p) => sharePage(p({ ...share, profile: { ...(share.profile as NonNullable<ShareView['profile']>), confirmed: { at: when, by: 'learner' } } }), chrome),
  embed: (p) => embedPage(p(credential), 'https://credentials.example/c/7hq2mk9d?s=e', chrome),
  'embed, revoked': (p) => embedPage(p({ ...credential, standing: 'revoked' as const }), 'https://credentials.example/c/7hq2mk9d', chrome),
  'embed, empty': (p) => emptyEmbed(p({ says: 'Nothing is here' }).says, chrome),
  'share, on the way': (p) => leavingPage(p({ place: { id: 'email' }, shareAddress: '/c/7hq2mk9d/share', to: 'mailto:?body=x' }), chrome),
  'share, no such server': (p) => leavingPage(p({ place: { id: 'mastodon', name: 'Mastodon' }, shareAddress: '/c/7hq2mk9d/share', asked: { given: 'somewhere', post: '/c/7hq2mk9d/share/mastodon', text: 'I passed.' } }), chrome),
  ...Object.fromEntries(Object.entries(verifies).map(([name, view]) => [`verify, ${name}`, (p: <T>(data: T) => T) => verifyPage(p(view), chrome)])),
  'verify, list': (p) => verifyListPage(p({ ...list, text: 'x', fault: { name: 'broken' as const, row: 3 } }), chrome),
  'verify, list answered': (p) => verifyListPage(p(listed), chrome),
  'sign in': (p) => signInPage(p({ address: '/sign-in', email: 'ana', fault: 'No address.', next: '/me', passkey: { optionsAddress: '/sign-in/passkey/options', address: '/sign-in/passkey' } }), chrome),
  'check mail': (p) => checkMailPage(p({ email: 'ana@example.org', expiresAt: when, mailboxAddress: '/dev/mail' }), chrome),
  'mailed link': (p) => mailedLinkPage(p({ purpose: 'sign_in' as const, address: '/sign-in/confirm', token: 't', email: 'a@b.example' }), chrome),
  me: (p) => mePage(p(me), chrome),
  'me, two issuers': (p) => mePage(p({ ...me, consents: ['Example Institute', 'Second University'].flatMap((issuerName) => me.consents.map((one) => ({ ...one, towards: { learnerId: issuerName, issuerName } }))) }), chrome),
  erase: (p) => erasePage(p({ address: '/me/erase', backAddress: '/me', exportAddress: '/me/export', credentials: 2, mistaken: 'ana' }), chrome),
  erased: () => erasedPage(chrome),
  directory: (p) => directoryPage(p({ issuer: { name: 'Example Institute', address: '/i/example', colour: '#8a1c5b' }, address: 'https://credentials.example/i/example/directory', credentials: [{ learner: 'Ana Example', achievement: { name: 'Data Analysis', language: 'en' }, issuedAt: when, address: '/c/7hq2mk9d' }], nextAddress: '/i/example/directory?before=1' }), chrome),
  issuer: (p) =>
    issuerPage(
      p({
        name: 'Example Institute', website: 'https://institute.example/', address: 'https://credentials.example/i/example', signed: 48037, revoked: 12,
        achievements: [{ name: 'Data Analysis', description: 'Says how sure the answer is.', language: 'en', type: 'MicroCredential', address: '/i/example/a/data-analysis' }],
        did: 'did:web:credentials.example:i:example', documentAddress: '/i/example/did.json',
        keys: [{ publicMultibase: 'z6MkNew', createdAt: when }, { publicMultibase: 'z6MkOld', createdAt: when, retiredAt: when }, { publicMultibase: 'z6MkLost', createdAt: when, retiredAt: when, compromisedAt: when }],
      }),
      chrome,
    ),
  achievement: (p) =>
    achievementPage(
      p({
        name: 'Data Analysis', description: 'Says how sure the answer is.', criteria: 'Twelve units.\n\nAn exam.', criteriaAddress: 'https://institute.example/criteria', language: 'en', type: 'MicroCredential',
        skills: [{ name: 'SQL', description: 'Joins', framework: 'ESCO', address: 'https://esco.example/1' }], issuer: { name: 'Example Institute', address: '/i/example' },
        address: 'https://credentials.example/i/example/a/data-analysis', signed: 312, revoked: 3, dataAddress: '/i/example/a/data-analysis/achievement.json',
      }),
      chrome,
    ),
  unsubscribe: (p) => unsubscribePage(p({ issuerName: 'Example', address: '/u/x', token: 't', state: 'asked' as const }), chrome),
  unsubscribed: (p) => unsubscribePage(p({ issuerName: 'Example', address: '/u/x', token: 't', state: 'done' as const, settingsAddress: '/me' }), chrome),
  withdrawn: (p) => withdrawnPage(p({ publicId: '7hq2mk9d', verifyAddress: '/verify' }), chrome),
}

/** Words of closed lists: they choose what a template does, and come from our own code. */
const closed = new Set(
  ('private link public in_force not_yet expired suspended revoked not_proved trusted unknown_issuer human verification owner robot json card passed failed not_checked instance name organization issued expires id url ' +
    'network chat mail learner preview_bot profile_export sign_in asked done credential nudge research outcome PT120H').split(' '),
)
/** Addresses that a form posts to: a form refuses what is not one, which has a test of its own. */
const kept = /^(?:address|answerAddress|visibilityAddress|knownAsAddress|consentAddress|signOutAddress|post|at)$/

/** With every address poisoned too, where the page has no form to post; with those kept that a form posts to, where it has. */
function poisonedPage(make: (poison: <T>(data: T) => T) => Html, text: string): string {
  try {
    return String(make((data) => poisoned(data, text, closed, /^(?:at|publicId)$/)))
  } catch (error) {
    assert.match(String(error), /A form cannot post to/)
    return String(make((data) => poisoned(data, text, closed, kept)))
  }
}

for (const [name, make] of Object.entries(made)) {
  test(`${name}: harmless, every form guarded, every label tied`, () => {
    const page = String(make((data) => data))
    assertHarmless(page)
    assertGuarded(page, 'c5rf')
    assertTied(page)
    assert.match(page, /Demonstration: invented learners/)
    assert.doesNotMatch(page.replace('<!doctype', ''), /!(?=[<\s])/, 'no exclamation marks')
    assert.equal(elementsOf(page).filter((one) => one.name === 'h1').length, 1)
  })

  test(`${name}: hostile text in every field stays text`, () => {
    const names = (page: string): string => elementsOf(page).map((one) => one.name).filter((one) => one !== 'a' && one !== 'bdi').join(' ')
    const harmless = names(String(make((data) => data)))
    for (const text of hostile) {
      const page = poisonedPage(make, text)
      assertHarmless(page)
      assert.ok(!page.includes('<b>bold</b>'))
      // Elements whose address was refused are gone; nothing that the text asked for has come.
      for (const one of ['script', 'img', 'svg', 'style', 'form', 'iframe', 'math', 'object', 'textarea', 'title']) {
        const count = (list: string): number => list.split(' ').filter((name) => name === one).length
        assert.ok(count(names(page)) <= count(harmless), `<${one}> came in with ${JSON.stringify(text)}`)
      }
    }
  })
}

const text = (page: Html): string => String(page).replace(/<script[\s\S]*?<\/script>/gu, '').replace(/<[^>]+>/gu, ' ').replace(/\s+/gu, ' ')

test('the facts stand in one order, and what the issuer does not say is said to be missing', () => {
  const labels = (view: CredentialView): readonly string[] => [...String(credentialPage(view, chrome)).matchAll(/<dt>([^<]*)<\/dt>/gu)].map(([, label = '']) => label)
  assert.deepEqual(labels(credential), ['How assessed', 'Result', 'Workload', 'Issued', 'Valid', 'Level'])
  const { assessed: _a, result: _r, workload: _w, level: _l, ...bare } = credential
  assert.deepEqual(labels(bare), ['How assessed', 'Workload', 'Issued', 'Valid'])
  assert.equal([...text(credentialPage(bare, chrome)).matchAll(/The issuer does not say/gu)].length, 2)
})

test('each check shows its own answer: passed, failed and could not be checked never merge', () => {
  const page = String(credentialPage(credential, chrome))
  for (const says of ['passed', 'failed', 'could not be checked']) assert.ok(page.includes(`role="img" aria-label="${says}"`), says)
})

test('a lapsed credential says so first, keeps its checks, and drops what it no longer claims', () => {
  const revoked = text(credentialPage({ ...credential, standing: 'revoked', standingSince: new Date('2026-11-02'), standingReason: 'The exam result was corrected.' }, chrome))
  assert.match(revoked, /Revoked\. Do not rely on it\./)
  assert.match(revoked, /2 November 2026/)
  assert.match(revoked, /The exam result was corrected\./)
  assert.match(revoked, /Nothing was changed since it was signed\./)
  assert.doesNotMatch(revoked, /Verified just now|Skills shown|Evidence/)
  const page = String(credentialPage({ ...credential, visibility: 'public', standing: 'revoked' }, chrome))
  assert.match(page, /content="noindex"/)
  assert.doesNotMatch(page, /ld\+json|watermark/)
})

test('what has merely expired is genuine and says when it ended; it is not called unproved', () => {
  const page = text(credentialPage({ ...credential, standing: 'expired', validUntil: new Date('2026-11-01'), verification: { ...credential.verification, verdict: 'not_proved', reason: 'dates.expired' } }, chrome))
  assert.match(page, /Genuine, but expired/)
  assert.match(page, /Ended on 1 November 2026/)
  assert.doesNotMatch(page, /Not proved/)
})

test('only a published page may be listed by search engines', () => {
  for (const visibility of ['private', 'link'] as const) assert.match(String(credentialPage({ ...credential, visibility }, chrome)), /content="noindex"/)
  const open = String(credentialPage({ ...credential, visibility: 'public' }, chrome))
  assert.doesNotMatch(open, /noindex/)
  assert.match(open, /EducationalOccupationalCredential/)
})

test('the owner sees the band, the counts and the settings; nobody else does', () => {
  const stranger = text(credentialPage(credential, chrome))
  const owner = text(credentialPage(owned, chrome))
  for (const part of [/It is yours/, /41 people opened your page/, /Who can see it/]) {
    assert.match(owner, part)
    assert.doesNotMatch(stranger, part)
  }
})

test('the beacon is on the page of a stranger, with the address that the route gave', () => {
  const place = elementsOf(String(credentialPage(credential, chrome))).find((one) => one.attributes.has('data-view'))
  assert.equal(place?.attributes.get('data-view'), '/c/7hq2mk9d/seen')
  const { beacon: _b, ...silent } = credential
  assert.doesNotMatch(String(credentialPage(silent, chrome)), /data-view|view\./)
})

test('a document that is not proved shows nothing of what it says about itself', () => {
  const page = text(verifyPage(verifies['changed'] as VerifyView, chrome))
  assert.match(page, /Not proved\. Do not rely on this file\./)
  assert.match(page, /left out on purpose/)
})

test('what decided is said first, and why in the words of its check', () => {
  const answer = (name: string): string => text(verifyPage(verifies[name] as VerifyView, chrome))
  assert.match(answer('open'), /whether it was withdrawn could not be checked\. The list did not answer\./)
  assert.match(answer('unreadable'), /No credential could be read\. The file is empty\./)
  assert.doesNotMatch(answer('unreadable'), /left out on purpose/)
})

test('checks that nobody asks about are folded while they pass, and failures come first', () => {
  const page = String(credentialPage(credential, chrome))
  const names = [...page.matchAll(/<\/span><b>([A-Z][^<]*)<\/b>/gu)].map(([, name]) => name)
  assert.deepEqual(names, ['Dates', 'Signature', 'Status', 'Registry', 'Terms', 'File'])
  assert.match(page, /2 more checks, all passed/)
})

test('on its issuer’s page a credential is genuine without a registry, and not with a failed check', () => {
  assert.match(text(credentialPage(credential, chrome)), /Verified just now/)
  assert.match(text(credentialPage({ ...credential, verification: { ...credential.verification, reason: 'status.unreachable' } }, chrome)), /Not everything could be checked/)
  assert.match(text(credentialPage({ ...credential, verification: { ...credential.verification, verdict: 'not_proved', reason: 'proof.signature_wrong' } }, chrome)), /Not proved\. Do not rely on it\./)
})

test('the three verdicts are three sentences', () => {
  assert.match(text(verifyPage(verifies['trusted'] as VerifyView, chrome)), /Yes\. It is genuine, and we know the issuer\./)
  assert.match(text(verifyPage(verifies['unknown'] as VerifyView, chrome)), /It is genuine, but we do not know the issuer\./)
})

test('a prompt says the provider’s own figures, or none', () => {
  assert.match(text(prompt(nudge, chrome)), /301 of the 1,482 people who began Data Analysis in 2026 have passed\./)
  const { rarity: _r, ...plain } = nudge
  assert.doesNotMatch(text(prompt(plain, chrome)), /people who began/)
  assert.match(text(prompt({ ...nudge, step: 2 }, chrome)), /This is our last reminder\./)
  const answers = [...String(prompt(nudge, chrome)).matchAll(/name="answer" value="([a-z]+)"/gu)].map(([, value]) => value)
  assert.deepEqual(answers, ['close', 'accept', 'decline'])
})

test('the share sheet gives every field of LinkedIn’s form, in its order, with what the button copies', () => {
  const page = String(sharePage(share, chrome))
  assert.deepEqual([...page.matchAll(/<span class="label">([^<]+)</gu)].map(([, label]) => label), ['Name', 'Issuing organization', 'Issue date', 'Expiration date', 'Credential ID', 'Credential URL'])
  assert.match(page, /data-copy="https:\/\/credentials\.example\/c\/7hq2mk9d\?s=lp"/)
  assert.match(page, /opens to anyone with the link/)
  assert.match(page, /<button class="target" form="words" formaction="\/c\/7hq2mk9d\/share\/whatsapp">/, 'the learner’s own words go along to other places')
  const { profile: _p, ...young } = share
  assert.doesNotMatch(String(sharePage(young, chrome)), /LinkedIn profile/)
})

test('the page behind a mailed link does nothing but hold a button', () => {
  const page = String(mailedLinkPage({ purpose: 'unsubscribe', address: '/u/confirm', token: 'tok' }, chrome))
  assert.equal(elementsOf(page).filter((one) => one.name === 'form').length, 1)
  assert.doesNotMatch(page, /<script|http-equiv/)
  assert.match(page, /name="token" value="tok"/)
})

test('the heaviest public page and everything it fetches stay under 30 KB compressed', async () => {
  const { brotliCompressSync, gzipSync } = await import('node:zlib')
  const page = String(credentialPage(credential, chrome))
  const fetched = [themedStyles('#8a1c5b'), ...assets.filter((one) => ['view.js', 'icon.svg'].includes(one.name))]
  for (const one of fetched) assert.ok(page.includes(`"${one.path}"`), one.path)
  const gzip = gzipSync(page).length + fetched.reduce((sum, one) => sum + one.encoded.gzip.length, 0)
  const brotli = brotliCompressSync(page).length + fetched.reduce((sum, one) => sum + one.encoded.br.length, 0)
  assert.ok(gzip < 30_000 && brotli < gzip, `gzip ${gzip}, brotli ${brotli}`)
  assert.ok(elementsOf(page).filter((one) => (one.name !== 'img' && one.attributes.get('src') !== undefined) || one.attributes.get('rel') === 'stylesheet' || one.attributes.get('rel') === 'icon').length <= 3, 'four requests with the page, the logo aside')
})
