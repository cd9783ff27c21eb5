import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addProof } from './add-proof.ts'
import { bulkSigner, type BulkOptions } from './bulk.ts'
import { didKeyMethod, resolveDidKey } from './did-key.ts'
import type { JsonObject } from './json.ts'
import { keyPairFromSeed } from './key-pair.ts'
import { canonicalizeRdf } from './rdf.ts'
import { anyCredential, anyShape, varying } from '#test/sample-credential'
import { needsStandards, standardContext as contexts } from '#test/standards'
import { compileTemplate, type Template } from './template.ts'
import { verifyProofs } from './verify-proof.ts'
import { isFault } from '#kernel/fault'

const full = process.env['LAUREL_FULL'] === '1'
const seed = Number(process.env['LAUREL_SEED'] ?? 20_260_302)
const pair = keyPairFromSeed(Buffer.alloc(32, 1))
const verificationMethod = didKeyMethod(pair.publicKey)
const created = '2026-01-01T00:00:00Z'
const optionsWith = (chance: () => number = () => 1): BulkOptions => ({ signer: pair, verificationMethod, contexts, varying, chance })

test(`the spliced canonical form is that of the general road, byte for byte (${full ? 20_000 : 'a few hundred'} credentials, seed ${seed})`, needsStandards, async (t) => {
  const wanted = full ? 20_000 : 300
  const perShape = full ? 20 : 12
  let compared = 0
  let spliced = 0
  let refused = 0
  let unsafe = 0
  await fc.assert(
    fc.asyncProperty(
      anyShape.chain((shape) => fc.array(anyCredential(shape), { minLength: perShape, maxLength: perShape })),
      async (documents) => {
        let template: Template | undefined
        for (const document of documents.slice(0, 3)) {
          template ??= await compileTemplate(document, varying, contexts).catch((error: unknown) => {
            if (!isFault(error)) throw error
            return undefined
          })
        }
        if (template === undefined) unsafe++
        for (const document of documents) {
          compared++
          const values = template?.skeleton.valuesOf(document)
          const fast = values && template?.render(values)
          if (fast === undefined) continue
          const general = await canonicalizeRdf(document, contexts)
          if (!general.ok) refused++
          assert.equal(fast, general.ok ? general.nquads : general.detail)
          assert.deepEqual(JSON.parse(`${template?.skeleton.jsonOf(values as string[])}}`), JSON.parse(JSON.stringify(document)))
          spliced++
        }
      },
    ),
    { seed, numRuns: Math.ceil(wanted / perShape) },
  )
  t.diagnostic(`${compared} credentials, ${spliced} spliced and equal, ${unsafe} shapes without template`)
  t.diagnostic(`law ${JSON.stringify({ law: 'Varied credentials through the signing template: the same bytes as by jsonld and rdf-canonize', cases: compared, long: 20_000 })}`)
  assert.ok(compared >= wanted && refused === 0)
  assert.ok(spliced > compared / 4, `only ${spliced} of ${compared} went the fast road`)
})

test('two references that look alike to a blank node both count when it is labelled', needsStandards, async () => {
  // Found by the property above: two identifiers, no id of the credential nor of the learner.
  const two = (n: number): JsonObject => {
    const { id: _, ...rest } = plain(n)
    const { achievement } = rest['credentialSubject'] as JsonObject
    const identifier = ['a', 'b'].map((text) => ({ type: 'IdentityObject', hashed: true, identityHash: `sha256$${text}${n}`, identityType: 'emailAddress', salt: 'not salted enough' }))
    return { ...rest, credentialSubject: { type: ['AchievementSubject'], identifier, achievement: achievement as JsonObject } }
  }
  const template = await compileTemplate(two(0), varying, contexts)
  for (let n = 0; n < 24; n++) {
    const general = await canonicalizeRdf(two(n), contexts)
    assert.ok(general.ok)
    assert.equal(template.render(template.skeleton.valuesOf(two(n)) as string[]), general.nquads)
  }
})

const plain = (n: number): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: `urn:uuid:${n}`,
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: `Badge "${n}"`,
  issuer: 'did:web:example.com',
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: `did:example:${n}`, type: ['AchievementSubject'], achievement: { id: 'https://example.com/achievement', type: ['Achievement'], name: 'A', description: 'B', criteria: { narrative: 'C' } } },
})

test('a batch comes out as if each credential had been signed alone, and its credentials verify', needsStandards, async () => {
  const signer = bulkSigner(optionsWith())
  const documents = Array.from({ length: 20 }, (_, n) => plain(n))
  // Others in between: a shape of its own, an odd address, half the members in another order.
  documents.splice(5, 0, { ...plain(100), awardedDate: created }, { ...plain(101), id: 'mailto:a@example.com' }, { ...plain(102), name: 'Ünïcode \u2028 "q"' })
  const signed = await signer.sign(documents, created)
  assert.equal(signed.length, documents.length)
  for (const [i, document] of documents.entries()) {
    const alone = await addProof(document, pair, { cryptosuite: 'eddsa-rdfc-2022', created, verificationMethod, asList: true }, contexts)
    const text = signed[i] as (typeof signed)[0]
    assert.deepEqual(JSON.parse(text.json), alone)
    assert.equal(text.proofValue, (alone['proof'] as JsonObject[])[0]?.['proofValue'])
    const [verdict] = await verifyProofs(JSON.parse(text.json) as JsonObject, { contexts, resolve: resolveDidKey })
    assert.ok(verdict?.ok)
  }
  const counts = signer.counts()
  assert.deepEqual(counts, { fast: 20, general: 3, checked: 1, templates: 1 })
})

test('the first of each batch and one in a thousand are checked by the general road', needsStandards, async () => {
  const signer = bulkSigner(optionsWith(() => 0.0009))
  await signer.sign([plain(1), plain(2), plain(3)], created)
  assert.equal(signer.counts().checked, 2)
  const seldom = bulkSigner(optionsWith(() => 0.001))
  for (let batch = 0; batch < 3; batch++) await seldom.sign([plain(1), plain(2), plain(3)], created)
  assert.deepEqual(seldom.counts(), { fast: 8, general: 1, checked: 3, templates: 1 })
})

test('batches signed at the same time, for two moments and by a signer that takes its time, do not mix', needsStandards, async () => {
  const slow = { publicKey: pair.publicKey, sign: async (message: Uint8Array) => Promise.resolve(pair.sign(message)) }
  const signer = bulkSigner({ ...optionsWith(), signer: slow })
  const moments = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z']
  const batches = await Promise.all(moments.map((moment, b) => signer.sign(Array.from({ length: 12 }, (_, n) => plain(100 * b + n)), moment)))
  for (const [b, signed] of batches.entries()) {
    for (const { json } of signed) {
      const [verdict] = await verifyProofs(JSON.parse(json) as JsonObject, { contexts, resolve: resolveDidKey })
      assert.ok(verdict?.ok && verdict.created === moments[b], JSON.stringify(verdict))
    }
  }
  assert.ok(signer.counts().checked >= 3)
})

test('a batch with one document that cannot be signed is refused as a whole, and says which', needsStandards, async () => {
  const signer = bulkSigner(optionsWith())
  for (const bad of [{ ...plain(7), unknownTerm: 1 }, { ...plain(7), name: '\ud800' }, { ...plain(7), id: 'relative' }]) {
    await assert.rejects(signer.sign([plain(1), plain(2), plain(3), bad], created), (error: unknown) => {
      assert.ok(isFault(error) && error.code === 'proof.not_canonical_rdf' && error.findings[0]?.pointer === '/3', String(error))
      return true
    })
  }
})

test('a document that does not read alike twice is found by the check, and the batch is refused', needsStandards, async () => {
  const signer = bulkSigner(optionsWith())
  await signer.sign([plain(1), plain(2), plain(3)], created)
  const { name, ...rest } = plain(4)
  let reads = 0
  const shifty = Object.defineProperty(rest, 'name', { enumerable: true, get: () => `${String(name)}${reads++}` }) as JsonObject
  await assert.rejects(signer.sign([shifty], created), { code: 'proof.template_differs' })
})

test('places that decide about meaning cannot vary', needsStandards, async () => {
  for (const pointer of ['/type/0', '/@context/0', '/credentialSubject/type/0']) await assert.rejects(compileTemplate(plain(1), [pointer], contexts), { code: 'proof.template_unsafe' })
  await assert.rejects(compileTemplate({ ...plain(1), unknownTerm: 1 }, varying, contexts), { code: 'proof.not_canonical_rdf' })
})

test('texts that could mean something else are left to the general road', needsStandards, async () => {
  const template = await compileTemplate(plain(1), varying, contexts)
  const at = template.skeleton.pointers.indexOf('/id')
  const values = template.skeleton.valuesOf(plain(1)) as string[]
  assert.ok(template.render(values))
  for (const bad of ['relative', '_:b0', 'x:y', 'schema:name', 'https://example.com/ü', 'https://example.com/a b', 'https://', 'did:', 'urn:x', 'https://example.com/\u00a0', 'HTTPS://example.com', 'mailto:a@b']) {
    assert.equal(template.render(values.with(at, bad)), undefined, bad)
  }
  assert.equal(template.render(values.with(template.skeleton.pointers.indexOf('/name'), '\udc00')), undefined)
})
