import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { conformanceContextFor } from './context.ts'
import { isRefused } from './finding.ts'
import type { Json, JsonObject } from './json.ts'
import { lint } from './lint.ts'

const shared = new URL('../../../../shared/fixtures/standards/', import.meta.url)
const skip = existsSync(shared) ? false : 'the folder ../shared is absent'
const read = (path: string): Json => JSON.parse(readFileSync(new URL(path, shared), 'utf8')) as Json

interface BadgeFixture {
  readonly file: string
  readonly container: string
  readonly officialSchema: { readonly valid: boolean; readonly errors?: readonly string[] } | null
}

test('on every Open Badges fixture our class tables give the verdict of the official JSON Schema', { skip }, (t) => {
  const { files } = read('open-badges-3.0/expected.json') as unknown as { files: BadgeFixture[] }
  let judged = 0
  for (const fixture of files) {
    if (fixture.container !== 'json' || fixture.officialSchema === null) continue
    const as = fixture.file.startsWith('fixtures/endorsement') ? 'EndorsementCredential' : 'AchievementCredential'
    const found = lint(read(`open-badges-3.0/${fixture.file}`), { profile: false, as })
    const refused = found.filter((one) => one.rule !== 'note')
    assert.equal(refused.length === 0, fixture.officialSchema.valid, `${fixture.file}: ${JSON.stringify(refused)}`)
    // Where the official schema complains, we complain at the same places, or above them.
    for (const error of fixture.officialSchema.errors ?? []) {
      const pointer = error.slice(0, error.indexOf(':')).replace(/\/type\/\d+$/, '/type')
      assert.ok(refused.some((one) => one.pointer.startsWith(pointer) || pointer.startsWith(one.pointer)), `${fixture.file} ${error}`)
    }
    judged++
  }
  assert.ok(judged >= 25, `${judged} fixtures judged`)
  t.diagnostic(`conformance ${JSON.stringify({ suite: 'open-badges-3.0, official schema', passed: judged, aside: [] })}`)
})

interface ModelFixture {
  readonly file: string
  readonly operation: string
  readonly expected: string
}

test('every credential of the W3C data model suite is judged as the suite says', { skip }, () => {
  const { files } = read('vc-data-model-2.0/expected.json') as unknown as { files: ModelFixture[] }
  let judged = 0
  for (const fixture of files) {
    if (fixture.operation !== 'issue') continue
    const found = lint(prepared(read(`vc-data-model-2.0/${fixture.file}`) as JsonObject), { contexts: conformanceContextFor })
    assert.equal(!isRefused(found), fixture.expected === 'accept', `${fixture.file}: ${JSON.stringify(found)}`)
    judged++
  }
  assert.ok(judged >= 90, `${judged} inputs judged`)
})

/** As the suite does: the issuer's own id is filled in, and dates are set relative to now. */
function prepared(input: JsonObject): JsonObject {
  const document: Record<string, Json> = { ...input }
  const issuer = document['issuer']
  if (issuer === undefined) document['issuer'] = 'did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi'
  else if (typeof issuer === 'object' && issuer !== null && !('id' in issuer)) document['issuer'] = { ...issuer, id: 'did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi' }
  for (const name of ['validFrom', 'validUntil']) {
    if (document[name] === 'PAST DATE') document[name] = '2025-01-01T00:00:00Z'
    if (document[name] === 'FUTURE DATE') document[name] = '2028-01-01T00:00:00Z'
  }
  return document
}

test('the related resources that the suite states in line are judged as it says', { skip }, (t) => {
  const cases = (read('vc-data-model-2.0/inline-cases.json') as unknown as { relatedResource: { cases: { name: string; expected: string; document?: JsonObject; relatedResource?: Json }[] } }).relatedResource.cases
  assert.ok(cases.length >= 5)
  for (const one of cases) {
    const document = one.document ?? { '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiableCredential'], credentialSubject: { id: 'did:example:subject' }, ...(one.relatedResource === undefined ? {} : { relatedResource: one.relatedResource }) }
    const found = lint(prepared(document), { contexts: conformanceContextFor })
    assert.equal(!isRefused(found), one.expected === 'accept', `${one.name}: ${JSON.stringify(found)}`)
  }
  t.diagnostic(`conformance ${JSON.stringify({ suite: 'vc-data-model-2.0, related resources', passed: cases.length, aside: [] })}`)
})
