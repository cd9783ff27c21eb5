import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { needsStandards, standardContext as contexts, standardFiles, standardJson } from '#test/standards'
import { anyChange, mutated } from '#test/mutation'
import { anyCredential, anyShape } from '#test/sample-credential'
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
  t.diagnostic(`law ${JSON.stringify({ law: 'Generated, published and mutated documents: our expander agrees with jsonld or leaves them to it', cases: tally.short + tally.left, long: 20_000 })}`)
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
