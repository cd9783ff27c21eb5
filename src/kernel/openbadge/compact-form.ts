/**
 * Whether a JSON-LD document says things under the names by which its readers look for them.
 *
 * A Data Integrity proof over RDF protects statements, not names: `"validUntil": …` and `"https://www.w3.org/2018/credentials#validUntil": …` are the
 * same statement, and so is a term of an inline context that points at the same address. Whoever renames a property keeps the signature and hides the
 * expiry or the status entry from every reader that looks for the usual name. So only documents in plain compact form are read: every key is a term of
 * a pinned context (or an inline term for an address that no pinned context uses), and contexts stand only where a credential begins.
 * Source: Verifiable Credential Data Integrity 1.0 §2.4.1 (validating contexts) and §5.3.
 */
import { contextFor, contextUrls } from './context.ts'
import { isObject, listOf, under, type Json, type JsonObject } from './json.ts'

export const formFaultCodes = ['nested_context', 'keyword_key', 'key_not_term', 'inline_catch_all', 'inline_keyword', 'inline_alias', 'repeated_node'] as const
export type FormFaultCode = (typeof formFaultCodes)[number]

export interface FormFault {
  readonly code: FormFaultCode
  readonly pointer: string
  readonly name: string
}

/** What a language value may consist of (VC Data Model 2.0 §11.1). */
const languageKeys = new Set(['@value', '@language', '@direction'])

/** The first departure from plain compact form, or undefined. */
export function formFault(document: JsonObject): FormFault | undefined {
  return walk(document, true)
}

/** Pointers are put together on the way back from a fault, so that a document without one costs no strings. */
function within(step: string | number, fault: FormFault | undefined): FormFault | undefined {
  return fault === undefined ? undefined : { ...fault, pointer: under('', step) + fault.pointer }
}

function walk(value: Json, begins: boolean): FormFault | undefined {
  if (Array.isArray(value)) return walkList(value as readonly Json[], false)
  if (!isObject(value)) return undefined
  for (const name of Object.keys(value)) {
    const fault = walkMember(value, name, value[name] as Json, begins)
    if (fault !== undefined) return fault
  }
  return undefined
}

function walkList(items: readonly Json[], begins: boolean): FormFault | undefined {
  const repeated = repeatedNode(items)
  if (repeated !== undefined) return repeated
  for (let at = 0; at < items.length; at++) {
    const item = items[at] as Json
    const fault = typeof item === 'object' && item !== null ? within(at, walk(item, begins)) : undefined
    if (fault !== undefined) return fault
  }
  return undefined
}

function walkMember(value: JsonObject, name: string, held: Json, begins: boolean): FormFault | undefined {
  if (name === '@context') return within(name, begins || beginsCredential(value) ? contextsFault(held) : { code: 'nested_context', pointer: '', name })
  if (name.startsWith('@')) return isLanguagePart(value, name, held) ? undefined : { code: 'keyword_key', pointer: under('', name), name }
  if (name.includes(':')) return { code: 'key_not_term', pointer: under('', name), name }
  if (typeof held !== 'object' || held === null) return undefined
  // A proof over canonical JSON repeats the contexts that it was made with (EdDSA Cryptosuites §3.3.5).
  const proof = name === 'proof'
  return within(name, Array.isArray(held) ? walkList(held as readonly Json[], proof) : walk(held, proof))
}

function beginsCredential(value: JsonObject): boolean {
  return listOf(value['type']).some((type) => type === 'VerifiableCredential' || type === 'EnvelopedVerifiableCredential')
}

function isLanguagePart(value: JsonObject, name: string, held: Json): boolean {
  return languageKeys.has(name) && typeof held === 'string' && Object.keys(value).every((key) => languageKeys.has(key))
}

/** The same node twice in one list is one node in RDF: it could be shown twice, or in halves. */
function repeatedNode(items: readonly Json[]): FormFault | undefined {
  if (items.length < 2) return undefined
  const seen = new Set<Json>()
  for (let at = 0; at < items.length; at++) {
    const item = items[at] as Json
    const id = isObject(item) ? item['id'] : undefined
    if (id === undefined) continue
    if (seen.has(id)) return { code: 'repeated_node', pointer: under('', at), name: typeof id === 'string' ? id : 'id' }
    seen.add(id)
  }
  return undefined
}

function contextsFault(held: Json): FormFault | undefined {
  const inline = listOf(held).filter(isObject)
  if (inline.length === 0) return undefined
  // Prefixes of one inline context may be used in the next, so all are known before any is judged.
  const prefixes = new Map(inline.flatMap((context) => Object.entries(context).flatMap(([name, meaning]) => (typeof target(meaning) === 'string' ? [[name, target(meaning) as string] as const] : []))))
  return first(listOf(held).entries(), ([at, entry]) => (isObject(entry) ? inlineFault(entry, prefixes, Array.isArray(held) ? under('', at) : '') : undefined))
}

function inlineFault(context: JsonObject, prefixes: ReadonlyMap<string, string>, pointer: string): FormFault | undefined {
  return first(Object.entries(context), ([name, meaning]) => {
    const here = under(pointer, name)
    if (name === '@vocab') return meaning === null ? undefined : { code: 'inline_catch_all', pointer: here, name }
    if (name === '@protected' || name === '@version') return undefined
    if (name.startsWith('@')) return { code: 'inline_keyword', pointer: here, name }
    const address = target(meaning)
    if (typeof address === 'string' && (address.startsWith('@') || takenAddresses().has(expanded(address, prefixes)))) return { code: 'inline_alias', pointer: here, name }
    if (!isObject(meaning)) return undefined
    if ('@reverse' in meaning || '@nest' in meaning || '@prefix' in meaning) return { code: 'inline_keyword', pointer: here, name }
    return first(listOf(meaning['@context']), (inner) => (isObject(inner) ? inlineFault(inner, prefixes, under(here, '@context')) : { code: 'nested_context', pointer: here, name }))
  })
}

function target(meaning: Json): Json | undefined {
  return isObject(meaning) ? meaning['@id'] : meaning
}

function expanded(address: string, prefixes: ReadonlyMap<string, string>): string {
  let result = address
  // A prefix may be written with another prefix; more steps than prefixes would be a circle.
  for (let step = 0; step <= prefixes.size; step++) {
    const colon = result.indexOf(':')
    const base = colon > 0 ? prefixes.get(result.slice(0, colon)) : prefixes.get(result)
    if (base === undefined || base === result) break
    result = colon > 0 ? base + result.slice(colon + 1) : base
  }
  return result
}

let taken: ReadonlySet<string> | undefined

/** Every address that a pinned context gives a term to, at any depth. */
function takenAddresses(): ReadonlySet<string> {
  if (taken === undefined) {
    const found = new Set<string>()
    for (const url of contextUrls) collect((contextFor(url) as JsonObject)['@context'] as Json, found)
    taken = found
  }
  return taken
}

function collect(context: Json, found: Set<string>): void {
  for (const one of listOf(context)) {
    if (!isObject(one)) continue
    for (const [name, meaning] of Object.entries(one)) {
      if (name.startsWith('@')) continue
      const address = target(meaning)
      if (typeof address === 'string') found.add(address)
      if (isObject(meaning) && meaning['@context'] !== undefined) collect(meaning['@context'], found)
    }
  }
}

function first<T, R>(items: Iterable<T>, look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}
