import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { conformanceContextFor, contextFor, lint, isRefused, type Json, type JsonObject } from '#kernel/openbadge'
import { addProof, decodeStatusList, didKey, didKeyMethod, keyPairFromSeed, statusBit } from '#kernel/proof'
import type { VerifyOptions } from './loaders.ts'
import { verifyPresentation } from './presentation.ts'
import type { Report } from './report.ts'
import { verifyCredential } from './verify.ts'

const shared = new URL('../../../../shared/fixtures/standards/', import.meta.url)
const skip = existsSync(shared) ? false : 'the folder ../shared is absent'
const bytes = (path: string): Uint8Array => readFileSync(new URL(path, shared))
const json = (path: string): Json => JSON.parse(Buffer.from(bytes(path)).toString('utf8')) as Json
const now = Date.parse('2026-11-23T09:41:00Z')

/** One line per suite for docs/reference/conformance.md, which scripts/generate-conformance.ts makes from these tests. */
function told(t: TestContext, suite: string, passed: number, aside: readonly string[] = []): void {
  t.diagnostic(`conformance ${JSON.stringify({ suite, passed, aside })}`)
}

// ---- Open Badges 3.0: the fixtures of the public validator ----

interface BadgeFixture {
  readonly file: string
  readonly upstream: { readonly verdict: string; readonly area: string | null }
}

/**
 * What the world answers to the fixtures. A `verificationMethod` such as `https://example.com/issuers/1#z6Mk…` carries its key in the fragment, and the
 * upstream suite takes the part before it as the controller; here the controller's document says so.
 */
const carriedKeys = skip === false ? carriedIn('open-badges-3.0/fixtures/') : []

function carriedIn(folder: string): string[] {
  const files = readdirSync(new URL(folder, shared), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'))
  const keys = files.flatMap((file) => [...Buffer.from(bytes(folder + file)).toString('utf8').matchAll(/"verificationMethod":\s*"[^"#]+#(z(?:6Mk|Dna)[1-9A-HJ-NP-Za-km-z]+)"/g)].map((match) => match[1] as string))
  return [...new Set(keys)]
}

const world: VerifyOptions = {
  now,
  resolveDid: async (id) => {
    return id.startsWith('https:') || id.startsWith('did:web:') ? { id, verificationMethod: carriedKeys.map((key) => ({ id: `${id}#${key}`, type: 'Multikey', controller: id, publicKeyMultibase: key })), assertionMethod: carriedKeys.map((key) => `${id}#${key}`) } : undefined
  },
  fetchStatusList: async (url) => (url.endsWith('/bit-string-list/testlist') ? bytes('open-badges-3.0/fixtures/bit-string-list/testlist') : url.includes('/api/revocations/') ? JSON.stringify({ revokedCredentials: [{ id: 'https://dc.1edtech.org/wellspring2022/wellspring-portal/credential/54418d3f-ec01-4652-800a-861c890a51a1' }] }) : undefined),
  trustedIssuers: () => ({ registry: 'a registry for this test' }),
}

/** Where the upstream word and ours do not say the same, and why. */
const otherwise: Readonly<Record<string, string>> = {
  'fixtures/complete.json': 'unknown_issuer: upstream fetches a schema that an endorsement names and does not get it; we do not fetch schemas and say that it was not checked',
}

test('every Open Badges fixture gets the verdict that the public validator gives it', { skip }, async (t) => {
  const { files } = json('open-badges-3.0/expected.json') as unknown as { files: BadgeFixture[] }
  const judged: Record<string, number> = {}
  const aside: string[] = []
  for (const { file, upstream } of files) {
    const report = await verifyCredential(bytes(`open-badges-3.0/${file}`), world)
    const shown = `${file}: ${report.verdict}, ${report.reason}`
    judged[upstream.verdict] = (judged[upstream.verdict] ?? 0) + 1
    if (file in otherwise) assert.ok(otherwise[file]?.startsWith(report.verdict), shown)
    else if (upstream.verdict === 'invalid') assert.equal(report.verdict, 'not_proved', shown)
    else if (upstream.verdict === 'valid' || upstream.verdict === 'warning') assert.notEqual(report.verdict, 'not_proved', shown)
    if (upstream.verdict === 'warning') assert.ok(report.notes.length > 0, shown)
    const because = otherwise[file] ?? (upstream.verdict === 'unstated' || upstream.verdict === 'disabled' ? `upstream states no verdict; ours is ${report.verdict} (${report.reason})` : undefined)
    if (because !== undefined) aside.push(`\`${file.replace('fixtures/', '')}\`: ${because}`)
    if (upstream.area === 'status') assert.equal(report.reason, 'status.revoked', shown)
  }
  told(t, 'open-badges-3.0', files.length - aside.length, aside)
  assert.ok((judged['invalid'] ?? 0) >= 27 && (judged['valid'] ?? 0) >= 11 && (judged['warning'] ?? 0) >= 5)
})

// ---- VC Data Model 2.0: presentations and envelopes ----

const issuer = keyPairFromSeed(new TextEncoder().encode('w'.repeat(32)))
const issuerId = didKey(issuer.publicKey)
const suite: VerifyOptions = { now, contexts: conformanceContextFor }
const asked = { challenge: 'asked-1', domain: 'example.org' }
const sign = (document: JsonObject, more: { readonly proofPurpose?: string; readonly challenge?: string; readonly domain?: string } = {}): Promise<JsonObject> =>
  addProof(document, issuer, { cryptosuite: 'eddsa-rdfc-2022', verificationMethod: didKeyMethod(issuer.publicKey), created: '2026-11-23T09:00:00Z', ...more }, conformanceContextFor)

/** As the upstream suite does: the issuer is put in, contained credentials are signed, then the presentation, with challenge and domain. */
async function presented(input: JsonObject): Promise<JsonObject> {
  const contained: Json[] = []
  for (const one of Array.isArray(input['verifiableCredential']) ? (input['verifiableCredential'] as Json[]) : []) {
    const credential = typeof one === 'object' && one !== null && !Array.isArray(one) ? ({ ...one, issuer: issuerId } as JsonObject) : one
    contained.push(isPlain(credential) ? await sign(credential).catch(() => credential) : one)
  }
  const document: JsonObject = { ...input, ...(input['holder'] === 'did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj' ? { holder: issuerId } : isPlain(input['holder']) && 'id' in input['holder'] && String(input['holder']['id']).startsWith('did:') ? { holder: { ...input['holder'], id: issuerId } } : {}), ...(contained.length > 0 ? { verifiableCredential: contained } : {}) }
  return sign(document, { proofPurpose: 'authentication', ...asked }).catch(() => document)
}

function isPlain(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(typeof (value as JsonObject)['id'] === 'string' && String((value as JsonObject)['id']).startsWith('data:'))
}

test('every presentation of the W3C suite is judged as the suite says', { skip }, async (t) => {
  const aside: string[] = []
  const { files } = json('vc-data-model-2.0/expected.json') as unknown as { files: { file: string; operation: string; expected: string; usedByUpstreamSuite: boolean }[] }
  let judged = 0
  for (const { file, operation, expected, usedByUpstreamSuite } of files) {
    if (operation !== 'verify-presentation') continue
    if (expected === 'unstated') {
      aside.push(`\`${file.replace('input/', '')}\`: upstream states no verdict`)
      continue
    }
    const report = await verifyPresentation(await presented(json(`vc-data-model-2.0/${file}`) as JsonObject), { ...suite, ...asked })
    const shown = `${file}: ${report.result} ${JSON.stringify([...report.checks, ...report.credentials.flatMap((one) => one.checks)].filter((one) => one.result !== 'passed'))}`
    if (expected !== 'accept') assert.equal(report.result, 'failed', shown)
    // Two inputs that upstream does not use carry a token without a key, which nobody can verify; they are well formed.
    else if (usedByUpstreamSuite || !file.includes('enveloped')) assert.equal(report.result, 'passed', shown)
    else {
      assert.equal(report.checks.find((one) => one.name === 'schema')?.result, 'passed', shown)
      aside.push(`\`${file.replace('input/', '')}\`: well formed, but its token names no key, so it cannot be verified; upstream does not use it`)
      continue
    }
    judged++
  }
  assert.ok(judged >= 20, `${judged}`)
  told(t, 'vc-data-model-2.0, presentations', judged, aside)
})

test('a credential of every conforming input, signed, is proved; a non-conforming one is not', { skip }, async (t) => {
  let all = 0
  const { files } = json('vc-data-model-2.0/expected.json') as unknown as { files: { file: string; operation: string; expected: string }[] }
  let judged = 0
  for (const { file, operation, expected } of files) {
    if (operation !== 'issue') continue
    const input = json(`vc-data-model-2.0/${file}`) as JsonObject
    const document: Record<string, Json> = { ...input }
    if (!('issuer' in document)) document['issuer'] = issuerId
    else if (isPlain(document['issuer']) && document['issuer']['id'] === undefined) document['issuer'] = { ...document['issuer'], id: issuerId }
    for (const name of ['validFrom', 'validUntil']) {
      if (document[name] === 'PAST DATE') document[name] = '2025-11-23T09:41:00Z'
      if (document[name] === 'FUTURE DATE') document[name] = '2027-11-23T09:41:00Z'
    }
    const accepted = !isRefused(lint(document, { contexts: conformanceContextFor }))
    assert.equal(accepted, expected === 'accept', file)
    all++
    if (!accepted || 'proof' in document) continue
    const report = await verifyCredential(JSON.stringify(await sign(document)), suite)
    const failed = report.checks.filter((one) => one.result === 'failed').map((one) => one.code)
    // Some inputs are in force another time, or have a status that only the suite knows.
    assert.deepEqual(failed.filter((code) => code !== 'dates.expired' && code !== 'dates.not_yet'), [], `${file}: ${JSON.stringify(report.checks.filter((one) => one.result === 'failed'))}`)
    judged++
  }
  assert.ok(judged >= 50, `${judged}`)
  told(t, 'vc-data-model-2.0, credentials', all)
})

test('the enveloped cases that the W3C suite states in line are judged as it says', { skip }, async (t) => {
  const { cases } = (json('vc-data-model-2.0/inline-cases.json') as unknown as { enveloped: { cases: { name: string; expected: string; operation: string; document: JsonObject }[] } }).enveloped
  for (const { name, expected, operation, document } of cases) {
    const checks = operation === 'verify' ? (await verifyCredential(JSON.stringify(document), suite)).checks : (({ checks: own, credentials }) => [...own, ...credentials.flatMap((one) => one.checks)])(await verifyPresentation(document, suite))
    const failed = checks.filter((one) => one.result === 'failed').map((one) => one.code)
    // The suite accepts a credential whose token names no key: it only looks at the envelope. For us its proof could not be checked, so nothing failed.
    assert.equal(failed.length === 0, expected === 'accept', `${name}: ${failed.join(' ')}`)
  }
  assert.ok(cases.length >= 11)
  told(t, 'vc-data-model-2.0, envelopes', cases.length)
})

test('a document of another type is refused', { skip }, async () => {
  const { cases } = (json('vc-data-model-2.0/inline-cases.json') as unknown as { nonConforming: { cases: { document: JsonObject }[] } }).nonConforming
  for (const { document } of cases) {
    assert.equal((await verifyCredential(JSON.stringify(document), suite)).verdict, 'not_proved')
    assert.equal((await verifyPresentation(document, suite)).result, 'failed')
  }
})

test('a presentation for another asker, by another holder, or with a broken credential does not hold', async () => {
  const credential = await sign({ '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiableCredential'], issuer: issuerId, credentialSubject: { id: 'did:example:subject' } })
  const presentation: JsonObject = { '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiablePresentation'], holder: issuerId, verifiableCredential: [credential] }
  const good = await sign(presentation, { proofPurpose: 'authentication', ...asked })
  const codes = async (document: JsonObject, options = asked): Promise<string[]> => {
    const report = await verifyPresentation(document, { now, contexts: contextFor, ...options })
    return [report.result, ...[...report.checks, ...report.credentials.flatMap((one) => one.checks)].filter((one) => one.result === 'failed').map((one) => one.code)]
  }
  assert.deepEqual(await codes(good), ['passed'])
  assert.deepEqual(await codes(good, { ...asked, challenge: 'asked-2' }), ['failed', 'proof.challenge_wrong'])
  assert.deepEqual(await codes(good, { ...asked, domain: 'evil.example' }), ['failed', 'proof.domain_wrong'])
  assert.deepEqual(await codes(await sign(presentation, asked)), ['failed', 'proof.purpose_wrong'])
  assert.deepEqual(await codes(await sign({ ...presentation, holder: 'did:web:learn.example.org' }, { proofPurpose: 'authentication', ...asked })), ['failed', 'holder.mismatch'])
  assert.deepEqual(await codes(await sign({ ...presentation, verifiableCredential: [{ ...credential, credentialSubject: { id: 'did:example:other' } }] }, { proofPurpose: 'authentication', ...asked })), ['failed', 'proof.signature_wrong'])
  assert.deepEqual(await codes({ ...good, holder: 'did:example:x' }), ['failed', 'proof.signature_wrong'])
  assert.deepEqual(await codes(presentation), ['failed', 'proof.none'])
})

// ---- Bitstring Status List 1.0: the examples of the Recommendation ----

test('the lists of the Recommendation expand to the bits that they state', { skip }, (t) => {
  const { vectors } = json('vc-bitstring-status-list/encoded-lists.json') as unknown as { vectors: { name: string; encodedList: string; bitLength: number; sha256OfBitstring: string; setBits: number[] }[] }
  assert.ok(vectors.length >= 2)
  for (const vector of vectors) {
    const bits = decodeStatusList(vector.encodedList)
    assert.equal(bits.length * 8, vector.bitLength, vector.name)
    assert.equal(createHash('sha256').update(bits).digest('hex'), vector.sha256OfBitstring, vector.name)
    assert.deepEqual(Array.from({ length: bits.length * 8 }, (_, at) => at).filter((at) => statusBit(bits, at)), vector.setBits, vector.name)
  }
  told(t, 'vc-bitstring-status-list, encoded lists', vectors.length)
})

test('the secured examples of the Recommendation verify, with the list beside the credential', { skip }, async (t) => {
  const folder = 'vc-bitstring-status-list/examples/'
  const verified = (suiteName: string, list = `${folder}status-list.signed-${suiteName}.json`): Promise<Report> =>
    verifyCredential(bytes(`${folder}credential.signed-${suiteName}.json`), { now, contexts: conformanceContextFor, fetchStatusList: async () => bytes(list) })
  for (const name of ['eddsa-rdfc-2022', 'ecdsa-rdfc-2019']) {
    const report = await verified(name)
    assert.equal(report.checks.find((one) => one.name === 'proof')?.code, 'proof.holds', name)
    // The examples' issuer is did:example:12345 and their key a did:key, so whose key it is cannot be decided; nothing else is wrong.
    assert.equal(report.reason, 'issuer.mismatch', name)
    const own = await verifyCredential(bytes(`${folder}status-list.signed-${name}.json`), { now, contexts: conformanceContextFor })
    assert.equal(own.checks.find((one) => one.name === 'proof')?.code, 'proof.holds', name)
  }
  const plain = ['credential', 'credential-two-entries', 'status-list', 'status-list-with-examples-context']
  for (const name of plain) assert.deepEqual(lint(json(`${folder}${name}.json`), { contexts: conformanceContextFor }), [], name)
  const aside = ['credential.signed-es256.jwt', 'status-list.signed-es256.jwt'].map((file) => `\`${file}\`: the document gives no key for its \`kid\``)
  for (const file of ['credential.signed-es256.jwt', 'status-list.signed-es256.jwt']) {
    const report = await verifyCredential(bytes(folder + file), { now, contexts: conformanceContextFor })
    assert.equal(report.verdict, 'not_proved', file)
  }
  told(t, 'vc-bitstring-status-list, examples', 4 + plain.length, [...aside, ...['credential-one-list-two-purposes', 'credential-two-lists'].map((file) => `\`${file}.vcdm11-date.json\`: as printed it carries \`issuanceDate\` in data model 2.0, so it is the shape of a status only`)])
})
