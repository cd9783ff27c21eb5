import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseAchievement, type Achievement } from './achievement.ts'
import { buildAchievementCredential, buildEndorsementCredential, statusEntry, type AchievementCredentialParts } from './build.ts'
import { isRefused } from './finding.ts'
import { hashedIdentity, identityHash, isIdentity, namedIdentity } from './identity.ts'
import type { JsonObject } from './json.ts'
import { lint } from './lint.ts'

const parsed = parseAchievement(JSON.parse(readFileSync(new URL('../../../examples/achievement.json', import.meta.url), 'utf8')))
assert.ok(parsed.ok)
const achievement: Achievement = parsed.value
const salt = '0123456789abcdef'

const parts: AchievementCredentialParts = {
  id: 'https://learn.example.org/credentials/7hq2mk9d',
  issuer: { id: 'did:web:learn.example.org', type: ['Profile'], name: 'Example Institute' },
  achievement,
  subject: { identifier: [hashedIdentity('emailAddress', 'Learner@example.org', salt), namedIdentity('Adaeze Nkechi Okonkwo')] },
  validFrom: '2026-10-14T09:00:00Z',
  validUntil: '2029-10-14T09:00:00Z',
  status: { statusListCredential: 'https://learn.example.org/status/1', index: 94_567, purpose: 'revocation' },
  results: [{ type: ['Result'], resultDescription: `${achievement.id}#project`, value: '82' }],
  evidence: [{ type: ['Evidence'], name: 'Project report', id: 'https://learn.example.org/evidence/1' }],
}

test('a built credential passes lint, and says what it was given', () => {
  const credential = buildAchievementCredential(parts)
  assert.deepEqual(lint(credential), [])
  assert.deepEqual(credential['@context'], ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'])
  assert.equal(credential['name'], achievement.name)
  assert.deepEqual(credential['credentialStatus'], {
    id: 'https://learn.example.org/status/1#94567',
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '94567',
    statusListCredential: 'https://learn.example.org/status/1',
  })
})

test('what was left out is not there: no null, no empty list, no undefined', () => {
  const { results, evidence, validUntil, status, ...least } = parts
  assert.ok(results && evidence && validUntil && status)
  const credential = buildAchievementCredential({ ...least, evidence: [], results: [] })
  const text = JSON.stringify(credential)
  assert.doesNotMatch(text, /null|\[\]/)
  for (const name of ['validUntil', 'evidence', 'credentialStatus', 'description', 'endorsement']) assert.ok(!(name in credential), name)
  assert.deepEqual(lint(credential), [])
})

test('equal parts give equal bytes, in the same order of keys', () => {
  assert.equal(JSON.stringify(buildAchievementCredential(parts)), JSON.stringify(buildAchievementCredential({ ...parts })))
})

test('lint sees a subject without identity, a result without description, hashes without salt, and addresses in clear', () => {
  const codes = (changed: Partial<AchievementCredentialParts>): string[] => lint(buildAchievementCredential({ ...parts, ...changed })).map((one) => `${one.pointer} ${one.code}`)
  assert.deepEqual(codes({ subject: {} }), ['/credentialSubject openbadge.subject_unidentified'])
  assert.deepEqual(codes({ results: [{ type: ['Result'], resultDescription: 'urn:x:none', value: '1' }] }), ['/credentialSubject/result/0/resultDescription openbadge.result_unlinked'])
  assert.deepEqual(codes({ results: [{ type: ['Result'], resultDescription: `${achievement.id}#project`, value: '101' }] }), ['/credentialSubject/result/0/value openbadge.result_value_outside'])
  assert.deepEqual(codes({ subject: { identifier: [{ type: 'IdentityObject', hashed: true, identityHash: identityHash('emailAddress', 'a@example.com', '', 'sha256'), identityType: 'emailAddress' }] } }), ['/credentialSubject/identifier/0/salt openbadge.identity_unsalted'])
  assert.deepEqual(codes({ subject: { identifier: [{ type: 'IdentityObject', hashed: false, identityHash: 'a@example.com', identityType: 'emailAddress' }] } }), ['/credentialSubject/identifier/0/identityHash openbadge.identity_in_clear'])
  assert.deepEqual(codes({ validFrom: '2026-10-14' }), ['/validFrom openbadge.date_not_stamp', '/validFrom openbadge.wrong_kind'])
  assert.deepEqual(codes({ validUntil: '2026-10-13T00:00:00Z' }), ['/validUntil openbadge.dates_reversed'])
  assert.deepEqual(codes({ status: { statusListCredential: 'http://learn.example.org/status/1', index: 1, purpose: 'revocation' } }), ['/credentialStatus/statusListCredential openbadge.status_not_https'])
})

test('several status entries are allowed and noted', () => {
  const both = (['revocation', 'suspension'] as const).map((purpose) => ({ statusListCredential: `https://learn.example.org/status/${purpose}`, index: 7, purpose }))
  const found = lint(buildAchievementCredential({ ...parts, status: both }))
  assert.deepEqual(found.map((one) => one.code), ['openbadge.status_several'])
  assert.equal(isRefused(found), false)
  assert.throws(() => statusEntry({ statusListCredential: 'https://learn.example.org/status/1', index: -1, purpose: 'revocation' }), TypeError)
})

test('an endorsement is a credential of its own', () => {
  const endorsement = buildEndorsementCredential({ id: 'https://agency.example.org/endorsements/1', issuer: { id: 'did:web:agency.example.org', type: ['Profile'], name: 'Example Agency' }, endorsed: achievement.id, comment: 'We reviewed this course.', name: 'Endorsement of a course', validFrom: '2026-01-01T00:00:00Z' })
  assert.deepEqual(lint(endorsement), [])
  const carried = lint(buildAchievementCredential({ ...parts, endorsement: [endorsement as JsonObject] }))
  assert.deepEqual(carried, [])
})

test('1EdTech types bring the context that defines them', () => {
  const credential = buildAchievementCredential({ ...parts, refreshService: { id: 'https://learn.example.org/refresh/1', type: '1EdTechCredentialRefresh' } })
  assert.equal((credential['@context'] as string[])[2], 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json')
})

test('the identity hash is that of the specification’s example, and finds its owner only with the salt', () => {
  assert.equal(identityHash('emailAddress', 'a@example.com', 'Kosher', 'sha256'), 'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399')
  const identity = hashedIdentity('emailAddress', 'Learner@Example.org', salt)
  assert.ok(isIdentity(identity, 'learner@example.org'))
  assert.ok(!isIdentity(identity, 'other@example.org'))
  assert.ok(!isIdentity({ ...identity, salt: 'another salt 1234' }, 'learner@example.org'))
  assert.ok(isIdentity(namedIdentity('陈思远'), '陈思远'))
  assert.throws(() => hashedIdentity('emailAddress', 'a@example.com', 'short'), TypeError)
})
