import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { needsStandards, standardContext as contexts, standardFiles, standardJson } from '#test/standards'
import { anyAddress, anyCredential, anyShape, anyText } from '#test/sample-credential'
import { canonicalizeShort } from './canonical.ts'
import { expandShort } from './expand.ts'
import { isObject, type Json, type JsonObject, without } from './json.ts'
import { beyond, canonicalizeRdf, canonicalLimits } from './rdf.ts'

const full = process.env['LAUREL_FULL'] === '1'
const seed = Number(process.env['LAUREL_SEED'] ?? 20_260_401)

/** Every JSON document among the published fixtures that says how to read it, and each of its parts that does. */
function published(): readonly JsonObject[] {
  const found: JsonObject[] = []
  for (const folder of ['open-badges-3.0/fixtures', 'vc-data-model-2.0/input', 'vc-di-eddsa', 'vc-di-ecdsa-sd-2023', 'vc-bitstring-status-list/examples']) {
    for (const path of standardFiles(folder, '.json')) {
      const document = standardJson<Json>(path)
      if (isObject(document) && document['@context'] !== undefined) found.push(document, without(document, 'proof'))
    }
  }
  return found
}

/** Whether the short road agrees with the general one on a document, or left it to it. */
async function agree(document: JsonObject): Promise<'short' | 'left'> {
  if (beyond(document, canonicalLimits) !== undefined) return 'left'
  if (expandShort(document, contexts) === undefined) return 'left'
  const short = await canonicalizeShort(document, contexts)
  const general = await canonicalizeRdf(document, contexts)
  assert.deepEqual(short, general, JSON.stringify(document))
  return 'short'
}

test('the short road gives the canonical form of the general road for every published document that it takes', needsStandards, async (t) => {
  const tally = { short: 0, left: 0 }
  for (const document of published()) tally[await agree(document)]++
  t.diagnostic(JSON.stringify(tally))
  assert.ok(tally.short > 150 && tally.left > 20)
})

// ---- mutations ----

const someNames = ['id', 'type', '@id', '@type', '@value', '@context', '@graph', '@set', '@list', '@language', '@none', '@nothing', 'proof', 'name', 'description', 'issuer', 'credentialSubject', 'achievement', 'result', 'alignment', 'evidence',
  'credentialStatus', 'validFrom', 'image', 'criteria', 'narrative', 'relatedResource', 'digestSRI', 'holder', 'verifiableCredential', 'xsd:string', 'schema:name', 'https://schema.org/name', '_:b0', 'unknown', 'hasOwnProperty', '__proto__', 'constructor', '']
const someTypes = ['VerifiableCredential', 'VerifiablePresentation', 'OpenBadgeCredential', 'Achievement', 'AchievementSubject', 'Profile', 'Image', 'DataIntegrityProof', 'Ed25519Signature2020', 'EndorsementCredential', 'Identifier', 'Unknown', 'https://example.com/T', '@json', '']
const anyScalar: fc.Arbitrary<Json> = fc.oneof(anyText, anyAddress, fc.constantFrom<Json>(null, true, false, 0, -0, 1, 1.5, 1e21, 1e-7, -3.25e-9, 2 ** 53, 1e300, 5e-324, ...someTypes, ...someNames), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
const anyValue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: anyScalar },
  { weight: 1, arbitrary: fc.array(anyScalar, { maxLength: 3 }) as fc.Arbitrary<Json> },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...someNames), anyScalar, { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<Json> },
  { weight: 1, arbitrary: fc.constantFrom<Json>([[]], [], {}, [['a']], { '@value': 'a', '@language': 'en' }, { '@value': 'a', '@direction': 'rtl' }, { id: 'https://example.com/x' }, { id: '_:b0' }, [{ id: 'did:example:1' }, { id: 'did:example:1' }], ['a', 'a', 1, '1', 1, true, 'true']) },
)
const anyContext = fc.constantFrom<Json>('https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/2018/credentials/v1', 'https://w3id.org/security/data-integrity/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json', 'https://www.w3.org/ns/credentials/examples/v2', 'https://w3id.org/citizenship/v4rc1', 'https://w3id.org/security/suites/ed25519-2020/v1', 'https://w3id.org/security/jwk/v1', 'https://example.com/unknown', 'relative', null, { name: 'https://example.com/n' }, { '@vocab': 'https://example.com/#' })

type Change = (place: { readonly holder: { [name: string]: Json }; readonly name: string }, all: readonly JsonObject[]) => void
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Change>(({ holder, name }) => void delete holder[name]) },
  { weight: 6, arbitrary: anyValue.map<Change>((value) => ({ holder, name }) => void (holder[name] = structuredClone(value))) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...someNames), anyValue).map<Change>(([name, value]) => ({ holder }) => set(holder, name, value)) },
  { weight: 3, arbitrary: fc.constantFrom(...someNames).map<Change>((other) => ({ holder, name }) => { const value = holder[name] as Json; delete holder[name]; set(holder, other, value) }) },
  { weight: 2, arbitrary: fc.constant<Change>(({ holder, name }) => void (holder[name] = [holder[name] as Json])) },
  { weight: 2, arbitrary: fc.constant<Change>(({ holder, name }) => void (holder[name] = [holder[name] as Json, structuredClone(holder[name] as Json)])) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom(...someTypes), { maxLength: 3 }).map<Change>((types) => ({ holder }) => set(holder, 'type', types)) },
  { weight: 1, arbitrary: fc.array(anyContext, { maxLength: 3 }).map<Change>((context) => ({ holder }) => set(holder, '@context', context)) },
  { weight: 2, arbitrary: anyContext.map<Change>((context) => (_, [root]) => set(root as { [name: string]: Json }, '@context', [...[root?.['@context'] ?? []].flat(), context])) },
  { weight: 2, arbitrary: fc.nat().map<Change>((n) => ({ holder, name }, all) => void (holder[name] = structuredClone(all[n % all.length] as Json))) },
)

function set(holder: { [name: string]: Json }, name: string, value: Json): void {
  if (!Array.isArray(holder)) Object.defineProperty(holder, name, { value: structuredClone(value), enumerable: true, writable: true, configurable: true })
}

/** Changes a copy of a document in some places. */
function mutated(document: JsonObject, changes: readonly (readonly [number, Change])[]): JsonObject {
  const root = structuredClone(document) as { [name: string]: Json }
  for (const [where, change] of changes) {
    const places: { holder: { [name: string]: Json }; name: string }[] = []
    const nodes: JsonObject[] = []
    const walk = (value: Json): void => {
      if (typeof value !== 'object' || value === null) return
      if (isObject(value)) nodes.push(value)
      for (const name of Object.keys(value)) {
        places.push({ holder: value as { [name: string]: Json }, name })
        walk((value as JsonObject)[name] as Json)
      }
    }
    walk(root)
    const place = places[where % places.length]
    if (place !== undefined) change(place, nodes)
  }
  // A list that lost a member by its number gets null there.
  return JSON.parse(JSON.stringify(root)) as JsonObject
}

test(`the short road agrees with the general one on generated and mutated documents (${full ? 20_000 : 'a few hundred'}, seed ${seed})`, needsStandards, async (t) => {
  const seeds = published()
  const tally = { short: 0, left: 0 }
  const anyDocument = fc.oneof(
    fc.constantFrom(...seeds),
    anyShape.chain((shape) => anyCredential(shape)),
  )
  await fc.assert(
    fc.asyncProperty(anyDocument, fc.array(fc.tuple(fc.nat(), anyChange), { maxLength: 3 }), async (document, changes) => {
      tally[await agree(mutated(document, changes))]++
    }),
    { seed, numRuns: full ? 20_000 : 300 },
  )
  t.diagnostic(JSON.stringify(tally))
  assert.ok(tally.short > (full ? 4_000 : 60) && tally.left > 50)
})

test('what the short road leaves is answered by the general road, refusals too', needsStandards, async () => {
  const credential = standardJson('open-badges-3.0/fixtures/simple.json')
  const answers: [string, JsonObject][] = [
    ['ok', without(credential, 'proof')],
    ['ok', { ...without(credential, 'proof'), name: { '@value': 'Name', '@language': 'en', '@direction': 'ltr' } }],
    ['term_unmapped', { ...credential, unknownTerm: 1 }],
    ['context_unknown', { ...credential, '@context': ['https://www.w3.org/ns/credentials/v2', 'https://example.com/'] }],
    ['json_invalid', { ...credential, name: '\ud800' }],
  ]
  for (const [code, document] of answers) {
    const answer = await canonicalizeShort(document, contexts)
    assert.equal(answer.ok ? 'ok' : answer.code, code)
  }
})

test('strangers cannot make the compiled contexts grow without end', needsStandards, () => {
  const types = ['VerifiableCredential', 'VerifiablePresentation', 'OpenBadgeCredential', 'AchievementCredential', 'EndorsementCredential', 'Achievement', 'AchievementSubject', 'Profile', 'Image', 'Alignment', 'Address', 'Result', 'ResultDescription', 'Related', 'Criteria', 'IdentityObject', 'IdentifierEntry', 'DataIntegrityProof']
  const base = without(standardJson('open-badges-3.0/fixtures/simple.json'), 'proof')
  let before = process.memoryUsage().heapUsed
  for (let round = 0; round < 12_000; round++) {
    const some = types.filter((_, bit) => (round * 2_654_435_761) & (1 << bit))
    expandShort({ ...base, type: some, evidence: [{ type: some.toReversed(), [`n${round}`]: 1 }] }, contexts)
    if (round === 6_000) before = process.memoryUsage().heapUsed
  }
  assert.ok(process.memoryUsage().heapUsed - before < 200e6)
})
