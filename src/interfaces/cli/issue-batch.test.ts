import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isFault } from '#kernel/fault'
import { isIdentity, lint, isRefused, parseAchievement, type JsonObject } from '#kernel/openbadge'
import { didKey, didKeyMethod, keyPairFromSeed } from '#kernel/proof'
import { verifyCredential } from '#kernel/verify'
import { batchIssuer } from '#journey/credential'
import { seededIds } from '#platform/id'
import { issueBatch } from './issue-batch.ts'

const pair = keyPairFromSeed(Buffer.alloc(32, 3))
const parsed = parseAchievement({
  id: 'https://academy.example/a/weaving',
  type: ['Achievement'],
  name: 'Weaving',
  description: 'Weaves a basket.',
  criteria: { narrative: 'Two baskets.' },
  resultDescription: [{ id: 'urn:uuid:4b2d6ad2-0000-4000-8000-000000000001', type: ['ResultDescription'], name: 'Points', resultType: 'RawScore', valueMin: '0', valueMax: '100' }],
})
assert.ok(parsed.ok)
const achievement = parsed.value
const issuer = () => batchIssuer({ pair, method: didKeyMethod(pair.publicKey), profile: { id: didKey(pair.publicKey), type: ['Profile'], name: 'Academy' }, achievement, ids: seededIds('batch'), at: new Date('2026-03-01T00:00:00Z') })

const folder = mkdtempSync(join(tmpdir(), 'laurel-batch-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const out = join(folder, 'out.ndjson')

/** In pieces of seven bytes, so that lines and characters are cut anywhere. */
async function* cut(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
}
async function issued(name: string, text: string): Promise<readonly JsonObject[]> {
  await issueBatch({ name, open: () => cut(text), out, issuer: issuer(), progress: () => {} })
  return readFileSync(out, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as JsonObject)
}
const refused = async (name: string, text: string) => {
  rmSync(out, { force: true })
  try {
    await issueBatch({ name, open: () => cut(text), out, issuer: issuer(), progress: () => {} })
  } catch (error) {
    assert.ok(isFault(error), String(error))
    assert.deepEqual(readdirSync(folder), [], 'nothing is left behind')
    return error
  }
  throw new Error('it was not refused')
}

const lines = [
  { learner: { id: 'did:example:ana', name: 'Ana Ünïcode "q"', email: 'Ana@Example.org' }, completedAt: '2026-02-27T10:00:00Z' },
  { learner: { id: 'did:example:bo', name: 'सीता', email: 'bo@example.org' }, completedAt: '2026-02-27T15:30:00+05:30', validUntil: '2029-02-27' },
  { learner: { name: 'Chi' }, completedAt: '2026-02-27' },
  { learner: { email: 'dee@example.org' }, completedAt: '2026-02-27T10:00:00.5Z' },
  { learner: { name: 'Eve' }, completedAt: '2026-02-27', narrative: 'Wove at night.', evidence: [{ id: 'https://academy.example/eve/basket', type: ['Evidence'], name: 'The basket' }], results: [{ type: ['Result'], resultDescription: 'urn:uuid:4b2d6ad2-0000-4000-8000-000000000001', value: '93' }] },
  ...Array.from({ length: 300 }, (_, n) => ({ learner: { id: `did:example:${n}`, name: `Learner ${n}`, email: `l${n}@example.org` }, completedAt: '2026-02-27T10:00:00Z' })),
]
const ndjson = lines.map((line) => JSON.stringify(line)).join('\n')

test('each line becomes a credential that says what the line says, and every one verifies', async () => {
  const credentials = await issued('learners.ndjson', ndjson)
  assert.equal(credentials.length, lines.length)
  for (const [at, credential] of credentials.entries()) {
    if (at < 8 || at % 100 === 0) {
      const report = await verifyCredential(JSON.stringify(credential), { now: Date.parse('2026-03-02T00:00:00Z') })
      assert.ok(report.verdict === 'unknown_issuer' && report.reason === 'registry.none_asked', `${at} ${report.explanation}`)
    }
    assert.ok(!isRefused(lint(credential)))
    const subject = credential['credentialSubject'] as JsonObject
    const { learner } = lines[at]! as { learner: { id?: string; name?: string; email?: string } }
    assert.equal(subject['id'], learner.id)
    const identifiers = (subject['identifier'] ?? []) as JsonObject[]
    assert.equal(identifiers.length, Number(learner.name !== undefined) + Number(learner.email !== undefined))
    if (learner.name !== undefined) assert.equal(identifiers[0]!['identityHash'], learner.name)
    if (learner.email !== undefined) assert.ok(isIdentity(identifiers.at(-1)!, learner.email))
  }
  assert.deepEqual(credentials.slice(0, 4).map((one) => [one['validFrom'], one['validUntil']]), [['2026-02-27T10:00:00Z', undefined], ['2026-02-27T10:00:00Z', '2029-02-27T00:00:00Z'], ['2026-02-27T00:00:00Z', undefined], ['2026-02-27T10:00:00Z', undefined]])
  assert.deepEqual([(credentials[4]!['credentialSubject'] as JsonObject)['narrative'], (credentials[4]!['evidence'] as JsonObject[])[0]!['name']], ['Wove at night.', 'The basket'])
  assert.equal(new Set(credentials.map((one) => one['id'])).size, credentials.length)
})

test('a CSV file with the columns of completions gives the same', async () => {
  const rows = ['learner_id,name,email,locale,completed_at,learner_did,valid_until', 'L-1,"Ruiz, Ana",ana@example.org,es,2026-02-27,did:example:ana,2029-02-27', 'L-2,Bo,,en,2026-02-27T10:00:00Z,,']
  const [ana, bo] = await issued('learners.csv', rows.join('\r\n'))
  assert.equal((ana!['credentialSubject'] as JsonObject)['id'], 'did:example:ana')
  assert.equal(ana!['validUntil'], '2029-02-27T00:00:00Z')
  assert.equal(((bo!['credentialSubject'] as JsonObject)['identifier'] as JsonObject[]).length, 1)
})

test('every wrong row is named, and nothing is written', async () => {
  const wrong = [
    ['{"learner":{"name":"A"},"completedAt":"yesterday"}', 'completedAt'],
    ['{"learner":{},"completedAt":"2026-02-27"}', 'learner'],
    ['{"learner":{"id":"ana"},"completedAt":"2026-02-27"}', 'learner.id'],
    ['{"learner":{"name":"A","email":"a at example"},"completedAt":"2026-02-27"}', 'learner.email'],
    ['{"learner":{"name":"A"},"completedAt":"2026-02-30"}', 'completedAt'],
    ['{"learner":{"name":"A"},"completedAt":"2026-02-27","validUntil":"2025-01-01"}', 'validUntil'],
    ['{"learner":{"name":"A"},"completedAt":"2026-02-27","grade":1}', 'grade'],
    ['{"learner":{"name":"A","phone":"1"},"completedAt":"2026-02-27"}', 'learner.phone'],
    ['{"learner":{"name":"\\ud800"},"completedAt":"2026-02-27"}', 'learner.name'],
    ['{"learner":', ''],
    ['[1]', ''],
  ] as const
  const error = await refused('learners.ndjson', [ndjson, ...wrong.map(([line]) => line)].join('\n'))
  assert.equal(error.code, 'cli.bad_rows')
  assert.deepEqual(error.findings.map((one) => [one.row, one.column]), wrong.map(([, column], at) => [lines.length + 1 + at, column]))
  assert.equal((await refused('learners.csv', 'name,completed_at\nAna,2026-02-27\nBo,never\n')).findings[0]?.row, 3)
  assert.equal((await refused('empty.ndjson', '\n\n')).code, 'cli.no_rows')
  assert.equal((await refused('learners.csv', 'name,email\nAna,\n')).code, 'csv.no_columns')
})

test('a row whose parts are no Open Badge is refused before anything is signed with it', async () => {
  const bad = { learner: { name: 'A' }, completedAt: '2026-02-27', evidence: [{ name: 'no type' }] }
  const error = await refused('learners.ndjson', `${lines.slice(0, 3).map((line) => JSON.stringify(line)).join('\n')}\n\n${JSON.stringify(bad)}\n`)
  assert.equal(error.code, 'cli.bad_rows')
  assert.equal(error.findings[0]?.row, 5, error.message)
  assert.match(error.findings[0]!.sentence, /^Row 5: /)
  assert.ok(!existsSync(out))
})
