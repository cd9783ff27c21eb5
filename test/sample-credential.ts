/** Credentials made up from a seed, for the laws of issuing: every odd text, shape and address that issuing may meet. */
import fc from 'fast-check'
import type { JsonObject } from '#kernel/proof'


/** Texts with everything that has to be escaped, and what only looks like syntax. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', ' ', '"', '\\', '\\u0041', '\n', '\r\n', '\t', '\u0000', '\u001f', '\u007f', '\u0080', '\u2028', '_:b0', '_:c14n0', '@value', '@id', '@json', 'true', '1', '1.0', '<a>', 'Élodie "Ö" Ångström', 'نور الهدى', 'आरती', '张伟', '👩🏽‍🎓', '\ue000', '\uffff', '\u{10ffff}', '\ufeff', 'x'.repeat(2000)),
)
/** The same, now and then with half a character. */
export const anyTextOrHalf: fc.Arbitrary<string> = fc.oneof({ weight: 60, arbitrary: anyText }, { weight: 1, arbitrary: fc.constantFrom('\ud800', 'a\udc00b') })

const people = fc.nat(5).map((n) => `did:example:person-${n}`)
/** Addresses: usual ones, few enough that some are equal, and odd ones. */
export const anyAddress: fc.Arbitrary<string> = fc.oneof(
  { weight: 60, arbitrary: fc.uuid().map((uuid) => `urn:uuid:${uuid}`) },
  { weight: 20, arbitrary: people },
  { weight: 40, arbitrary: fc.nat(50).map((n) => `https://example.com/thing/${n}`) },
  { weight: 3, arbitrary: fc.constantFrom('https://example.com/achievement', 'did:web:example.com', 'mailto:a@example.com', 'tel:+1', 'http://example.com/?q=a#b', 'https://example.com/%C3%BC', "https://example.com/~a!$&'()*+,;=:@[]") },
  { weight: 1, arbitrary: fc.constantFrom('https://example.com/ü', 'relative', '', '_:b0', '_:x', 'a b', 'https://example.com/a b', 'https://example.com/<>', 'urn:', 'x:y', 'schema:name', 'xsd:string', 'Achievement', '@type', 'did:example:\u{1f600}', 'https://example.com/\u00a0') },
)

const when = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000).toISOString().replace('.000', ''))

/** The members that vary within one shape. */
export const varying: readonly string[] = Object.freeze([
  '/id', '/validFrom', '/validUntil', '/name', '/awardedDate', '/credentialStatus/id', '/credentialStatus/statusListIndex', '/credentialSubject/id', '/credentialSubject/identifier/*/identityHash',
  '/credentialSubject/identifier/*/salt', '/credentialSubject/result/*/value', '/credentialSubject/result/*/resultDescription', '/credentialSubject/result/*/achievedLevel', '/credentialSubject/source/id',
  '/credentialSubject/narrative', '/evidence/*/id', '/evidence/*/name', '/evidence/*/narrative', '/credentialSubject/activityEndDate', '/credentialSubject/licenseNumber',
])

/** What a whole batch shares. */
export const anyShape = fc.record({
  results: fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(20) }),
  evidences: fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(20) }),
  identifiers: fc.nat(2),
  alignments: fc.nat(3),
  equalAlignments: fc.boolean(),
  withId: fc.boolean(),
  withSubjectId: fc.boolean(),
  withStatus: fc.boolean(),
  withEvidenceIds: fc.boolean(),
  withSource: fc.boolean(),
  withUntil: fc.boolean(),
  issuerAsText: fc.boolean(),
  text: anyText,
})
export type Shape = typeof anyShape extends fc.Arbitrary<infer T> ? T : never

/** One member of the batch: texts by pointer-like name, drawn as they are needed. */
export function anyCredential(shape: Shape): fc.Arbitrary<JsonObject> {
  const list = <T>(length: number, one: fc.Arbitrary<T>) => fc.array(one, { minLength: length, maxLength: length })
  return fc
    .record({
      id: anyAddress, subject: anyAddress, from: when, until: when, name: anyTextOrHalf, index: fc.nat(131_071).map(String), source: anyAddress, narrative: anyText,
      results: list(shape.results, fc.record({ value: fc.oneof({ weight: 8, arbitrary: anyText }, { weight: 1, arbitrary: fc.constantFrom('1', 'A') }), link: anyAddress })),
      evidences: list(shape.evidences, fc.record({ id: anyAddress, name: fc.oneof({ weight: 8, arbitrary: anyText }, { weight: 1, arbitrary: fc.constantFrom('a', 'b') }), narrative: fc.constantFrom('c', 'd', '') })),
      identities: list(shape.identifiers, fc.nat(9).map((n) => `sha256$${n}`)),
    })
    .map((v) => credentialOf(shape, v))
}

interface Values {
  readonly id: string
  readonly subject: string
  readonly from: string
  readonly until: string
  readonly name: string
  readonly index: string
  readonly source: string
  readonly narrative: string
  readonly results: readonly { readonly value: string; readonly link: string }[]
  readonly evidences: readonly { readonly id: string; readonly name: string; readonly narrative: string }[]
  readonly identities: readonly string[]
}

function credentialOf(shape: Shape, v: Values): JsonObject {
  const list = <T>(name: string, members: readonly T[]) => (members.length === 0 ? {} : { [name]: members })
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    ...(shape.withId ? { id: v.id } : {}),
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: v.name,
    issuer: shape.issuerAsText ? 'did:web:example.com' : { id: 'did:web:example.com', type: ['Profile'], name: shape.text, url: 'https://example.com' },
    validFrom: v.from,
    ...(shape.withUntil ? { validUntil: v.until } : {}),
    ...(shape.withStatus
      ? { credentialStatus: { id: `https://example.com/status/1#${v.index}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: v.index, statusListCredential: 'https://example.com/status/1' } }
      : {}),
    credentialSubject: {
      ...(shape.withSubjectId ? { id: v.subject } : {}),
      type: ['AchievementSubject'],
      narrative: v.narrative,
      ...(shape.withSource ? { source: { id: v.source, type: ['Profile'] } } : {}),
      ...list('identifier', v.identities.map((identityHash) => ({ type: 'IdentityObject', hashed: true, identityHash, identityType: 'emailAddress', salt: 'not salted enough' }))),
      achievement: {
        id: 'https://example.com/achievement',
        type: ['Achievement'],
        name: shape.text,
        description: 'What "it" is \\ about.\n',
        criteria: { narrative: shape.text },
        creditsAvailable: 3,
        ...list('alignment', Array.from({ length: shape.alignments }, (_, i) => ({ type: ['Alignment'], targetName: shape.equalAlignments ? 'same' : `alignment ${i}`, targetUrl: 'https://example.com/skill' }))),
      },
      ...list('result', v.results.map(({ value, link }) => ({ type: ['Result'], resultDescription: link, value }))),
    },
    ...list('evidence', v.evidences.map(({ id, name, narrative }) => ({ ...(shape.withEvidenceIds ? { id } : {}), type: ['Evidence'], name, narrative }))),
  } as JsonObject
}
