/** Documents changed at random, in ways that a forger, a bug or another data model might: for laws that must hold for everything that is JSON. */
import fc from 'fast-check'
import type { Json, JsonObject } from '#kernel/proof'
import { anyAddress, anyText } from './sample-credential.ts'

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

export type Change = (place: { readonly holder: { [name: string]: Json }; readonly name: string }, all: readonly JsonObject[]) => void
export const anyChange: fc.Arbitrary<Change> = fc.oneof(
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

/** A copy of a document, changed in some places. */
export function mutated(document: JsonObject, changes: readonly (readonly [number, Change])[]): JsonObject {
  const root = structuredClone(document) as { [name: string]: Json }
  for (const [where, change] of changes) {
    const places: { holder: { [name: string]: Json }; name: string }[] = []
    const nodes: JsonObject[] = []
    const walk = (value: Json): void => {
      if (typeof value !== 'object' || value === null) return
      if (!Array.isArray(value)) nodes.push(value as JsonObject)
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

