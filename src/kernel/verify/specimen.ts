/**
 * For tests: an issuer, its key, its document, its status lists, and credentials that hold in every point. Everything is made, nothing is recorded.
 */
import { buildAchievementCredential, contextFor, hashedIdentity, isObject, namedIdentity, parseAchievement, type AchievementCredentialParts, type Json, type JsonObject } from '#kernel/openbadge'
import { addProof, didDocument, didKey, didKeyMethod, encodeStatusList, keyPairFromSeed, newStatusBits, setStatusBit, type KeyPair, type ProofOptions } from '#kernel/proof'
import type { VerifyOptions } from './loaders.ts'

const seed = (letter: string): Uint8Array => new TextEncoder().encode(letter.repeat(32))

export const issuerKey = keyPairFromSeed(seed('i'))
export const strangerKey = keyPairFromSeed(seed('s'))
export const formerKey = keyPairFromSeed(seed('f'))

export const issuerId = 'did:web:learn.example.org'
export const method = `${issuerId}#key-1`
export const strangerId = didKey(strangerKey.publicKey)
export const strangerMethod = didKeyMethod(strangerKey.publicKey)
export const revocationList = 'https://learn.example.org/status/revocation'
export const suspensionList = 'https://learn.example.org/status/suspension'
export const now = Date.parse('2026-11-23T09:41:00Z')

export const issuerDocument = didDocument(issuerId, [
  { fragment: 'key-1', publicKey: issuerKey.publicKey },
  { fragment: 'key-0', publicKey: formerKey.publicKey, revoked: '2026-06-01T00:00:00Z' },
])

const place = 'https://learn.example.org/achievements/data-analysis'
const parsed = parseAchievement({
  id: place,
  type: ['Achievement'],
  achievementType: 'MicroCredential',
  name: 'Data Analysis for Business Decisions',
  description: 'Turns a business question into a question that data can answer.',
  criteria: { id: `${place}/criteria`, narrative: 'Pass the project and the supervised examination.' },
  image: { id: `${place}/image.png`, type: 'Image', caption: 'A wreath around a rising line' },
  humanCode: 'DA-201',
  creditsAvailable: 4,
  fieldOfStudy: 'Data science',
  inLanguage: 'en',
  tag: ['data analysis', 'statistics'],
  alignment: [{ type: ['Alignment'], targetName: 'perform data analysis', targetUrl: 'http://data.europa.eu/esco/skill/2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f', targetType: 'ext:ESCO.Skill' }],
  resultDescription: [
    { id: `${place}#project`, type: ['ResultDescription'], name: 'Project', resultType: 'RawScore', valueMin: '0', valueMax: '100', requiredValue: '60' },
    { id: `${place}#workload`, type: ['ResultDescription'], name: 'Workload in hours', resultType: 'ext:WorkloadHours', requiredValue: '120' },
    { id: `${place}#assessment`, type: ['ResultDescription'], name: 'Marked project and supervised exam', resultType: 'ext:AssessmentMethod' },
  ],
})
if (!parsed.ok) throw new TypeError('the specimen does not read')
export const achievement = parsed.value

export const parts: AchievementCredentialParts = {
  id: 'https://learn.example.org/credentials/7hq2mk9d',
  issuer: { id: issuerId, type: ['Profile'], name: 'Example Institute', url: 'https://learn.example.org' },
  achievement,
  subject: { identifier: [hashedIdentity('emailAddress', 'learner@example.org', '0123456789abcdef'), namedIdentity('Adaeze Nkechi Okonkwo')] },
  validFrom: '2026-10-14T09:00:00Z',
  validUntil: '2029-10-14T09:00:00Z',
  status: [
    { statusListCredential: revocationList, index: 94_567, purpose: 'revocation' },
    { statusListCredential: suspensionList, index: 1_203, purpose: 'suspension' },
  ],
  results: [{ type: ['Result'], resultDescription: `${achievement.id}#project`, value: '82' }],
  evidence: [{ type: ['Evidence'], id: 'https://learn.example.org/evidence/1', name: 'Project report' }],
}

export const unsigned = buildAchievementCredential(parts)

/** Signs any document with the issuer's key, or another. */
export async function signed(document: JsonObject, changes: Partial<ProofOptions> & { key?: KeyPair } = {}): Promise<JsonObject> {
  const { key = issuerKey, ...options } = changes
  return addProof(document, key, { cryptosuite: 'eddsa-rdfc-2022', verificationMethod: method, created: '2026-10-14T09:00:01Z', ...options }, contextFor)
}

/** A signed status list; bits that are named are set, and members of the credential or its subject can be changed. */
export async function statusList(id: string, purpose: string, set: readonly number[] = [], changes: JsonObject = {}, subject: JsonObject = {}, proof: Partial<ProofOptions> & { key?: KeyPair } = {}): Promise<JsonObject> {
  return signed(plainStatusList(id, purpose, set, changes, subject), proof)
}

export function plainStatusList(id: string, purpose: string, set: readonly number[] = [], changes: JsonObject = {}, subject: JsonObject = {}): JsonObject {
  const bits = newStatusBits()
  for (const index of set) setStatusBit(bits, index, true)
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: issuerId,
    validFrom: '2026-11-23T00:00:00Z',
    validUntil: '2026-11-24T00:00:00Z',
    credentialSubject: { id: `${id}#list`, type: 'BitstringStatusList', statusPurpose: purpose, encodedList: encodeStatusList(bits), ...subject },
    ...changes,
  }
}

export const genuine = await signed(unsigned)
const lists: Readonly<Record<string, JsonObject>> = { [revocationList]: await statusList(revocationList, 'revocation', [7]), [suspensionList]: await statusList(suspensionList, 'suspension', [7]) }

/** Loaders that answer for the issuer above; single answers can be replaced. */
export function surroundings(changes: Partial<VerifyOptions> & { readonly lists?: Readonly<Record<string, Json | undefined>> } = {}): VerifyOptions {
  const { lists: other = {}, ...options } = changes
  return {
    now,
    resolveDid: async (id) => (id === issuerId ? issuerDocument : undefined),
    fetchStatusList: async (url) => {
      const list = url in other ? other[url] : lists[url]
      return list === undefined ? undefined : typeof list === 'string' ? list : JSON.stringify(list)
    },
    trustedIssuers: (id) => (id === issuerId ? { registry: 'the Example Skills Registry', name: 'Example Institute' } : undefined),
    ...options,
  }
}

/** A deep copy with the value at a path replaced, or removed when it is undefined. */
export function changed(document: JsonObject, path: readonly (string | number)[], value: Json | undefined): JsonObject {
  const [step, ...rest] = path
  if (step === undefined) throw new TypeError('no path')
  const copy: Record<string, Json> | Json[] = Array.isArray(document) ? [...(document as unknown as Json[])] : { ...document }
  const holder = copy as Record<string | number, Json>
  if (rest.length > 0) {
    const inner = holder[step]
    if (!isObject(inner) && !Array.isArray(inner)) throw new TypeError(`nothing at ${step}`)
    holder[step] = changed(inner as JsonObject, rest, value)
  } else if (value === undefined) delete holder[step]
  else holder[step] = value
  return copy as JsonObject
}

/** RFC 8032 §5.1.7: S and S + L sign alike unless S is checked to be below L. */
const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n
export function secondSignature(bytes: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(bytes.slice(32)).reverse().toString('hex')}`) + order
  return Uint8Array.from([...bytes.slice(0, 32), ...Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()])
}
