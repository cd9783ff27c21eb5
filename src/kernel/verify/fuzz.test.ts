import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bakePng, formFault, lint, lintPresentation, parseAchievement, parseProfile, unbake, type Json, type JsonObject } from '#kernel/openbadge'
import { periodOf } from './dates.ts'
import { factsOf } from './facts.ts'
import { reasonCodes } from './reasons.ts'
import { genuine, surroundings } from './specimen.ts'
import { verifyCredential } from './verify.ts'

const seed = 20_261_124
const names = ['@context', 'id', 'type', 'issuer', 'credentialSubject', 'achievement', 'identifier', 'identityHash', 'hashed', 'validFrom', 'validUntil', 'credentialStatus', 'statusListIndex', 'statusListCredential', 'proof', 'evidence', 'result', 'resultDescription', 'endorsement', 'relatedResource', 'name', '@value', 'refreshService', 'verifiableCredential', 'holder', 'criteria', 'alignment', 'image', 'x']
const words = fc.constantFrom<Json>('VerifiableCredential', 'AchievementCredential', 'AchievementSubject', 'Achievement', 'BitstringStatusListEntry', '1EdTechRevocationList', 'https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/2018/credentials/v1', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json', 'did:web:learn.example.org', 'did:key:z6Mk', '2026-01-01T00:00:00Z', '', '7')
/** JSON of the right words in the wrong places, which comes further than random JSON does. */
const strange = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, words, fc.constantFrom<Json>(null, true, 0, -1.5, [], {}), fc.array(tie('value'), { maxLength: 4 }), tie('object')),
  object: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 8 }),
})).object

test('nothing that JSON can say makes lint, facts, dates or parsing throw', () => {
  fc.assert(
    fc.property(strange, (document) => {
      for (const one of lint(document)) assert.ok(one.pointer === '' || one.pointer.startsWith('/'))
      lintPresentation(document)
      formFault(document)
      periodOf(document)
      assert.equal(typeof factsOf(document).issuerId, 'string')
      parseAchievement(document)
      parseProfile(document)
    }),
    { seed, numRuns: 600 },
  )
})

test('nothing that anybody hands over makes verification throw, and nothing of it is trusted', async () => {
  const known = new Set<string>(reasonCodes)
  const merged = fc.tuple(strange, fc.subarray(Object.keys(genuine))).map(([document, kept]) => ({ ...document, ...Object.fromEntries(kept.map((name) => [name, genuine[name]])) }))
  const input = fc.oneof(strange.map((one) => JSON.stringify(one)), merged.map((one) => JSON.stringify(one)), fc.uint8Array({ maxLength: 200 }), fc.string(), fc.stringMatching(/^[A-Za-z0-9_-]{1,40}\.[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}(~[A-Za-z0-9]{0,10}){0,2}$/))
  await fc.assert(
    fc.asyncProperty(input, async (handed) => {
      const report = await verifyCredential(handed, surroundings())
      if (JSON.stringify(report.document) !== JSON.stringify(genuine)) assert.notEqual(report.verdict, 'trusted')
      for (const one of report.checks) assert.ok(known.has(one.code) && one.detail.length > 0, one.code)
      assert.ok(report.headline.length > 0 && report.explanation.length > 0)
    }),
    { seed, numRuns: 250 },
  )
})

test('pictures with bytes changed at random are read or refused, never an error', () => {
  const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCB4dhpVwAAAABJRU5ErkJggg==', 'base64')
  const picture = bakePng(pixel, JSON.stringify(genuine))
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(picture.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
      const copy = Uint8Array.from(picture)
      for (const [at, value] of changes) copy[at] = value
      const found = unbake(copy)
      if (found.ok) assert.equal(found.text, JSON.stringify(genuine))
    }),
    { seed, numRuns: 500 },
  )
})
