/**
 * The rules of the W3C Verifiable Credentials Data Model 2.0, and of 1.1 where it differs, for one credential. Section numbers are those of 2.0.
 *
 * Written from the Recommendation, because the usual library lets 9 of 59 conformance cases through (research/credentials.md 0.2).
 * Pinned by the W3C suite's inputs in fixtures/standards/vc-data-model-2.0.
 */
import { credentialsV1Url, credentialsV2Url, type ContextSource } from './context.ts'
import { finding, type LintFinding } from './finding.ts'
import { instantOf, isUrl } from './instant.ts'
import { isObject, listOf, under, type Json, type JsonObject } from './json.ts'
import { checkRelatedResources } from './related.ts'
import { termsOf } from './terms.ts'

export type DataModel = '2.0' | '1.1'

/** Which data model a document claims by its first context. */
export function dataModelOf(document: JsonObject): DataModel | undefined {
  const first = listOf(document['@context'])[0]
  return first === credentialsV2Url ? '2.0' : first === credentialsV1Url ? '1.1' : undefined
}

/** Findings of rule `model` about a credential. */
export function checkCredentialModel(document: Json, contexts: ContextSource, pointer = ''): LintFinding[] {
  if (!isObject(document)) return [finding('not_an_object', pointer)]
  const model = dataModelOf(document) ?? '2.0'
  return [
    ...checkContextAndType(document, 'VerifiableCredential', contexts, pointer),
    ...checkId(document, pointer),
    ...checkIssuer(document, pointer),
    ...checkWords(document, pointer),
    ...checkSubjects(document, pointer),
    ...checkPeriod(document, model, pointer),
    ...checkParts(document, pointer),
    ...checkRelatedResources(document['relatedResource'], under(pointer, 'relatedResource')),
    ...checkProofs(document, pointer),
  ]
}

/** §4.3 Contexts and §4.5 Types. */
export function checkContextAndType(document: JsonObject, required: string, contexts: ContextSource, pointer: string): LintFinding[] {
  const held = document['@context']
  const here = under(pointer, '@context')
  const found: LintFinding[] = []
  if (held === undefined) return [finding('context_missing', here), ...checkTypes(document, required, undefined, pointer)]
  if (!Array.isArray(held)) return [finding('context_not_list', here), ...checkTypes(document, required, undefined, pointer)]
  const entries = held as readonly Json[]
  if (entries[0] !== credentialsV2Url && entries[0] !== credentialsV1Url) found.push(finding('context_first', under(here, 0), { wanted: credentialsV2Url }))
  entries.forEach((entry, at) => {
    if (!isObject(entry) && !(typeof entry === 'string' && isUrl(entry))) found.push(finding('context_not_url', under(here, at)))
  })
  const terms = termsOf(entries, contexts, here)
  found.push(...terms.findings)
  return [...found, ...checkTypes(document, required, terms.open ? undefined : terms.defined, pointer)]
}

function checkTypes(document: JsonObject, required: string, defined: ReadonlySet<string> | undefined, pointer: string): LintFinding[] {
  const here = under(pointer, 'type')
  const types = listOf(document['type'])
  if (types.length === 0) return [finding('type_missing', here)]
  const found = types.flatMap((type, at) => {
    if (typeof type !== 'string' || type === '' || /\s/.test(type)) return [finding('type_not_text', under(here, at))]
    return defined !== undefined && !defined.has(type) && !isUrl(type) ? [finding('type_unmapped', under(here, at), { name: type })] : []
  })
  if (!types.includes(required)) found.push(finding('type_lacks', here, { wanted: required }))
  return found
}

/** §4.4 Identifiers: one absolute URL where there is an id. */
export function checkId(node: JsonObject, pointer: string): LintFinding[] {
  return Object.hasOwn(node, 'id') && !isUrlValue(node['id']) ? [finding('id_not_url', under(pointer, 'id'))] : []
}

/** §4.7 Issuer. */
function checkIssuer(document: JsonObject, pointer: string): LintFinding[] {
  const here = under(pointer, 'issuer')
  const issuer = document['issuer']
  if (isUrlValue(issuer)) return []
  if (!isObject(issuer) || !isUrlValue(issuer['id'])) return [finding('issuer_missing', here)]
  return checkWords(issuer, here)
}

/** §4.6 Names and Descriptions; §11.1 Language and Base Direction. */
function checkWords(node: JsonObject, pointer: string): LintFinding[] {
  return ['name', 'description'].flatMap((name) => {
    const held = node[name]
    return held === undefined || isLanguageValue(held) || (Array.isArray(held) && held.length > 0 && (held as readonly Json[]).every(isLanguageObject)) ? [] : [finding('language_value', under(pointer, name), { name })]
  })
}

function isLanguageValue(value: Json): boolean {
  return typeof value === 'string' || isLanguageObject(value)
}

function isLanguageObject(value: Json): boolean {
  if (!isObject(value) || typeof value['@value'] !== 'string') return false
  return Object.entries(value).every(([name, held]) => name === '@value' || (typeof held === 'string' && (name === '@language' || (name === '@direction' && (held === 'ltr' || held === 'rtl')))))
}

/** §4.8 Credential Subject. */
function checkSubjects(document: JsonObject, pointer: string): LintFinding[] {
  const here = under(pointer, 'credentialSubject')
  const subjects = listOf(document['credentialSubject'])
  if (subjects.length === 0) return [finding('subject_missing', here)]
  return subjects.flatMap((subject, at) => {
    const there = Array.isArray(document['credentialSubject']) ? under(here, at) : here
    if (!isObject(subject)) return [finding('part_not_object', there, { name: 'credentialSubject' })]
    return Object.keys(subject).length === 0 ? [finding('subject_empty', there)] : checkId(subject, there)
  })
}

/** §4.9 Validity Period; in 1.1 issuanceDate (required) and expirationDate. */
function checkPeriod(document: JsonObject, model: DataModel, pointer: string): LintFinding[] {
  const [from, until] = model === '2.0' ? (['validFrom', 'validUntil'] as const) : (['issuanceDate', 'expirationDate'] as const)
  const found: LintFinding[] = []
  const instants = [from, until].map((name) => {
    const held = document[name]
    if (held === undefined) {
      if (name === 'issuanceDate') found.push(finding('date_missing', under(pointer, name), { name }))
      return undefined
    }
    const instant = typeof held === 'string' ? instantOf(held) : undefined
    if (instant === undefined) found.push(finding('date_not_stamp', under(pointer, name), { name }))
    return instant
  })
  if (instants[0] !== undefined && instants[1] !== undefined && instants[0] > instants[1]) found.push(finding('dates_reversed', under(pointer, until)))
  return found
}

/** §4.10 Status, §4.11 Data Schemas, §5.4 Refreshing, §5.5 Terms of Use, §5.6 Evidence: each part has a type, some an id. */
const parts: readonly (readonly [name: string, needsId: boolean])[] = [
  ['credentialStatus', false],
  ['credentialSchema', true],
  ['refreshService', false],
  ['termsOfUse', false],
  ['evidence', false],
  ['confidenceMethod', false],
  ['renderMethod', false],
]

function checkParts(document: JsonObject, pointer: string): LintFinding[] {
  return parts.flatMap(([name, needsId]) => {
    const held = document[name]
    if (held === undefined) return []
    const here = under(pointer, name)
    if (listOf(held).length === 0) return [finding('part_not_object', here, { name })]
    return listOf(held).flatMap((part, at) => {
      const there = Array.isArray(held) ? under(here, at) : here
      if (!isObject(part)) return [finding('part_not_object', there, { name })]
      const types = listOf(part['type'])
      const typed = types.length > 0 && types.every((type) => typeof type === 'string' && type !== '' && !/\s/.test(type))
      return [
        ...(typed ? [] : [finding('part_type_missing', there, { name })]),
        ...(needsId && !Object.hasOwn(part, 'id') ? [finding('part_id_missing', there, { name })] : []),
        ...checkId(part, there),
        ...(name === 'credentialStatus' ? checkStatusEntry(part, there) : []),
      ]
    })
  })
}

/** Bitstring Status List v1.0 §2.1, for entries of that type. An index that is a number is read (it is seen in the field) and left to the profile. */
function checkStatusEntry(entry: JsonObject, pointer: string): LintFinding[] {
  if (!listOf(entry['type']).includes('BitstringStatusListEntry')) return []
  const found: LintFinding[] = []
  const index = entry['statusListIndex']
  if (typeof entry['statusPurpose'] !== 'string' || entry['statusPurpose'] === '') found.push(finding('status_entry_incomplete', pointer, { wanted: 'a statusPurpose' }))
  if (!(typeof index === 'string' ? /^(0|[1-9]\d{0,14})$/.test(index) : typeof index === 'number' && Number.isSafeInteger(index) && index >= 0)) found.push(finding('status_entry_incomplete', pointer, { wanted: 'a statusListIndex from 0' }))
  if (!isUrlValue(entry['statusListCredential'])) found.push(finding('status_entry_incomplete', pointer, { wanted: 'a statusListCredential' }))
  const size = entry['statusSize']
  if (size !== undefined && !(typeof size === 'number' && Number.isSafeInteger(size) && size > 0)) found.push(finding('status_entry_incomplete', pointer, { wanted: 'a statusSize from 1 where there is one' }))
  return found
}

/**
 * §4.12 Securing Mechanisms: each proof has a type, and an earlier proof that it names is there (Data Integrity §2.1). What else a proof needs depends
 * on its type, and is said where the proof is verified.
 */
function checkProofs(document: JsonObject, pointer: string): LintFinding[] {
  const held = document['proof']
  if (held === undefined) return []
  const here = under(pointer, 'proof')
  const proofs = listOf(held)
  if (proofs.length === 0) return [finding('part_not_object', here, { name: 'proof' })]
  const ids = new Set(proofs.map((proof) => (isObject(proof) ? proof['id'] : undefined)))
  return proofs.flatMap((proof, at) => {
    const there = Array.isArray(held) ? under(here, at) : here
    if (!isObject(proof)) return [finding('part_not_object', there, { name: 'proof' })]
    const untyped = typeof proof['type'] !== 'string' || proof['type'] === ''
    const previous = listOf(proof['previousProof']).filter((id) => typeof id !== 'string' || !ids.has(id))
    return [...(untyped ? [finding('part_type_missing', there, { name: 'proof' })] : []), ...previous.map((id) => finding('proof_previous_missing', there, { name: typeof id === 'string' ? id : 'without a name' }))]
  })
}

export function isUrlValue(value: Json | undefined): value is string {
  return typeof value === 'string' && isUrl(value)
}
