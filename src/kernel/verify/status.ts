/**
 * Whether the issuer has withdrawn a credential: Bitstring Status List v1.0, its predecessor StatusList2021 for reading, and 1EdTechRevocationList.
 *
 * A set bit in a list that the issuer signed always counts. A clear bit counts only when everything about the list is in order.
 */
import { isFault } from '#kernel/fault'
import { isCompact, isObject, listOf, readJson, type ContextSource, type Json, type JsonObject } from '#kernel/openbadge'
import { decodeStatusList, statusBit } from '#kernel/proof'
import { periodOf } from './dates.ts'
import { checkIssuer, issuerIdOf } from './issuer.ts'
import type { Keys } from './keys.ts'
import type { Loaders } from './loaders.ts'
import { proveDocument, proveToken, type Proven } from './proofs.ts'
import { check, shown } from './reasons.ts'
import type { Check } from './report.ts'

/** More entries than this and a credential is a way to make us ask many servers. */
const mostEntries = 4

export interface StatusSurroundings {
  readonly loaders: Loaders
  readonly contexts: ContextSource
  readonly keys: Keys
  readonly now: number
}

/** One check for all entries: a withdrawal in any of them, else what could not be checked, else clear. */
export async function checkStatus(document: JsonObject, around: StatusSurroundings): Promise<Check> {
  const entries = listOf(document['credentialStatus'])
  if (entries.length === 0) return check('status', 'none')
  if (entries.length > mostEntries) return check('status', 'too_many')
  const found: Check[] = []
  for (const entry of entries) found.push(await checkEntry(entry, document, around))
  return found.find((one) => one.result === 'failed') ?? found.find((one) => one.result === 'not_checked') ?? found.find((one) => one.code === 'status.refreshable') ?? (found[0] as Check)
}

async function checkEntry(entry: Json, document: JsonObject, around: StatusSurroundings): Promise<Check> {
  if (!isObject(entry)) return check('status', 'entry_malformed')
  const types = listOf(entry['type'])
  if (types.includes('BitstringStatusListEntry')) return checkBit(entry, document, around, false)
  if (types.includes('StatusList2021Entry')) return checkBit(entry, document, around, true)
  if (types.includes('1EdTechRevocationList')) return checkRevocationList(entry, document, around)
  const [type] = types
  return check('status', 'type_unknown', { name: typeof type === 'string' ? shown(type) : 'no type' })
}

interface Entry {
  readonly url: string
  readonly index: number
  readonly purpose: string
}

/** A numeric index is accepted where the specification wants text, because it is seen in the field (Open Badges fixtures). */
function readEntry(entry: JsonObject): Entry | undefined {
  const { statusListCredential: url, statusListIndex, statusPurpose: purpose, statusSize } = entry
  const index = typeof statusListIndex === 'number' ? statusListIndex : typeof statusListIndex === 'string' && /^\d{1,15}$/.test(statusListIndex) ? Number(statusListIndex) : Number.NaN
  if (typeof url !== 'string' || !/^https?:\/\//.test(url) || typeof purpose !== 'string' || !Number.isSafeInteger(index) || index < 0) return undefined
  // Entries of more than one bit carry messages (§2.1, statusSize), not withdrawals; we read lists of single bits.
  return statusSize !== undefined && statusSize !== 1 ? undefined : { url, index, purpose }
}

async function checkBit(raw: JsonObject, document: JsonObject, around: StatusSurroundings, legacy: boolean): Promise<Check> {
  const entry = readEntry(raw)
  if (entry === undefined) return check('status', 'entry_malformed')
  const listed = await listAt(entry.url, legacy, around)
  if ('code' in listed) return listed
  const { list, subject, author, bits } = listed
  if (issuerIdOf(list) !== issuerIdOf(document)) return check('status', 'list_foreign')
  if (author?.result === 'failed' || author?.code === 'status.list_unsigned') return author
  if (!listOf(subject['statusPurpose']).includes(entry.purpose)) return check('status', 'list_other_purpose')
  if (bits === undefined) return check('status', 'list_malformed')
  if (entry.index >= bits.length * 8) return check('status', 'index_outside')
  const bit = statusBit(bits, entry.index)
  if (bit && entry.purpose === 'revocation') return check('status', 'revoked')
  if (bit && entry.purpose === 'suspension') return check('status', 'suspended')
  if (author !== undefined) return author
  if (list['id'] !== entry.url) return check('status', 'list_other')
  const period = periodOf(list)
  if (!period.readable) return check('status', 'list_malformed')
  if (period.until !== undefined && around.now > period.until) return check('status', 'list_stale')
  if (period.from !== undefined && around.now < period.from) return check('status', 'list_not_yet')
  return bit && entry.purpose === 'refresh' ? check('status', 'refreshable') : check('status', 'clear')
}

/** A list that was fetched and whose proof was looked at. */
interface Listed {
  readonly list: JsonObject
  readonly subject: JsonObject
  /** What is wrong with its author; undefined when the list is proved to be by the issuer that it names. */
  readonly author: Check | undefined
  /** Undefined when it does not unpack. */
  readonly bits: Uint8Array | undefined
}

/** Lists by the options that they were asked for with, as for controllers' documents. A list unpacks to 8 MB at most, so no more than 64 MB are kept. */
const asked = new WeakMap<Loaders, Map<string, Promise<Listed | Check>>>()
const mostLists = 8

function listAt(url: string, legacy: boolean, around: StatusSurroundings): Promise<Listed | Check> {
  const lists = asked.get(around.loaders) ?? new Map<string, Promise<Listed | Check>>()
  asked.set(around.loaders, lists)
  const name = `${legacy ? '2021' : 'bits'} ${url}`
  const known = lists.get(name)
  if (known !== undefined) return known
  if (lists.size >= mostLists) lists.clear()
  const coming = readList(url, legacy, around)
  lists.set(name, coming)
  return coming
}

async function readList(url: string, legacy: boolean, around: StatusSurroundings): Promise<Listed | Check> {
  const body = await around.loaders.fetchStatusList?.(url)
  if (body === undefined) return check('status', 'unreachable')
  const secured = await listIn(body, around)
  if (!('list' in secured)) return secured
  const { list, proven } = secured
  const subject = list['credentialSubject']
  if (!isObject(subject) || typeof subject['encodedList'] !== 'string' || !isListType(list, subject, legacy)) return check('status', 'list_malformed')
  return { list, subject, author: await checkListAuthor(list, proven, around), bits: bitsOf(subject['encodedList'], legacy) }
}

/** The list in a response, with its proof: JSON with an embedded proof, or a token. */
async function listIn(body: Uint8Array | string, around: StatusSurroundings): Promise<{ readonly list: JsonObject; readonly proven: Proven } | Check> {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('latin1')
  if (isCompact(text.trim())) {
    const { document, proven, unreadable } = await proveToken('jwt', text.trim(), around.keys)
    if (unreadable !== undefined) return check('status', 'list_malformed')
    return document === undefined ? (authorFault(proven) ?? check('status', 'list_malformed')) : { list: document, proven }
  }
  const reading = readJson(body)
  if (!reading.ok) return check('status', reading.code === 'too_large' ? 'list_too_large' : 'list_malformed')
  return isObject(reading.value) ? { list: reading.value, proven: await proveDocument(reading.value, around.contexts, around.keys, around.now) } : check('status', 'list_malformed')
}

/** Bitstring Status List v1.0 §2.2: types of the credential and of its subject. */
function isListType(list: JsonObject, subject: JsonObject, legacy: boolean): boolean {
  const [credential, inner] = legacy ? ['StatusList2021Credential', 'StatusList2021'] : ['BitstringStatusListCredential', 'BitstringStatusList']
  return listOf(list['type']).includes(credential) && listOf(subject['type']).includes(inner)
}

/** Whether the list is by the issuer that it names: undefined when that is proved, else the check that says what is wrong. */
async function checkListAuthor(list: JsonObject, proven: Proven, around: StatusSurroundings): Promise<Check | undefined> {
  const fault = authorFault(proven)
  if (fault !== undefined) return fault
  const bound = await checkIssuer(list, proven.signatures, around.keys)
  return bound.result === 'passed' ? undefined : bound.result === 'failed' ? check('status', 'list_foreign') : check('status', 'list_issuer_unconfirmed')
}

function authorFault({ checks }: Proven): Check | undefined {
  if (checks.some((one) => one.code === 'proof.none')) return check('status', 'list_unsigned')
  if (checks.some((one) => one.result === 'not_checked')) return check('status', 'list_key_unreachable')
  return checks.some((one) => one.result === 'failed') ? check('status', 'list_signature_wrong') : undefined
}

function bitsOf(encodedList: string, legacy: boolean): Uint8Array | undefined {
  try {
    // StatusList2021 had base64url without the multibase letter.
    return decodeStatusList(legacy && !encodedList.startsWith('u') ? `u${encodedList}` : encodedList)
  } catch (error) {
    if (!isFault(error)) throw error
    return undefined
  }
}

/**
 * 1EdTech Verifiable Credentials Revocation List: a JSON object at the address in the entry's id, with `revokedCredentials`, each with an `id` and, when
 * it was un-revoked, `revoked: false`. The list is not signed; https to the address that the issuer signed is what vouches for it, so nothing else will do.
 */
async function checkRevocationList(entry: JsonObject, document: JsonObject, around: StatusSurroundings): Promise<Check> {
  const url = entry['id']
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) return check('status', 'entry_malformed')
  const list = await revocationListAt(url, around)
  if (!isObject(list)) return list === 'too_large' ? check('status', 'list_too_large') : list === 'not_json' ? check('status', 'list_malformed') : check('status', 'unreachable')
  const held = list['revokedCredentials'] ?? list['revokedCredential']
  if (!Array.isArray(held)) return check('status', 'list_malformed')
  const withdrawn = (held as readonly Json[]).some((one) => (isObject(one) ? one['id'] === document['id'] && one['revoked'] !== false : one === document['id']))
  if (withdrawn) return check('status', 'revoked')
  const author = list['issuer']
  const named = isObject(author) ? author['id'] : author
  if (named !== undefined && named !== issuerIdOf(document)) return check('status', 'list_foreign')
  return url.startsWith('https://') ? check('status', 'clear') : check('status', 'list_unsigned')
}

async function revocationListAt(url: string, around: StatusSurroundings): Promise<Json | 'too_large' | 'not_json' | undefined> {
  const body = await around.loaders.fetchStatusList?.(url)
  if (body === undefined) return undefined
  const reading = readJson(body)
  if (reading.ok) return isObject(reading.value) ? reading.value : 'not_json'
  return reading.code === 'too_large' ? 'too_large' : 'not_json'
}
