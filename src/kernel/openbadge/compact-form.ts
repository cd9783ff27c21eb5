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
  return walk(document, '', true)
}

function walk(value: Json, pointer: string, credential: boolean): FormFault | undefined {
  if (Array.isArray(value)) return repeatedNode(value as readonly Json[], pointer) ?? first((value as readonly Json[]).entries(), ([at, item]) => walk(item, under(pointer, at), false))
  if (!isObject(value)) return undefined
  const begins = credential || listOf(value['type']).some((type) => type === 'VerifiableCredential' || type === 'EnvelopedVerifiableCredential')
  return first(Object.entries(value), ([name, held]) => {
    const here = under(pointer, name)
    if (name === '@context') return begins ? contextsFault(held, here) : { code: 'nested_context', pointer: here, name }
    if (name.startsWith('@')) return languageKeys.has(name) && typeof held === 'string' && Object.keys(value).every((key) => languageKeys.has(key)) ? undefined : { code: 'keyword_key', pointer: here, name }
    if (name.includes(':')) return { code: 'key_not_term', pointer: here, name }
    // A proof over canonical JSON repeats the contexts that it was made with (EdDSA Cryptosuites §3.3.5).
    if (name === 'proof') return first(proofsWithPointers(held, here), ([proof, there]) => walk(proof, there, true))
    return walk(held, here, false)
  })
}

function proofsWithPointers(held: Json, pointer: string): [Json, string][] {
  return Array.isArray(held) ? (held as readonly Json[]).map((proof, at) => [proof, under(pointer, at)]) : [[held, pointer]]
}

/** The same node twice in one list is one node in RDF: it could be shown twice, or in halves. */
function repeatedNode(items: readonly Json[], pointer: string): FormFault | undefined {
  const seen = new Set<Json>()
  return first(items.entries(), ([at, item]) => {
    const id = isObject(item) ? item['id'] : undefined
    if (id === undefined) return undefined
    if (seen.has(id)) return { code: 'repeated_node', pointer: under(pointer, at), name: typeof id === 'string' ? id : 'id' }
    seen.add(id)
    return undefined
  })
}

function contextsFault(held: Json, pointer: string): FormFault | undefined {
  const inline = listOf(held).filter(isObject)
  // Prefixes of one inline context may be used in the next, so all are known before any is judged.
  const prefixes = new Map(inline.flatMap((context) => Object.entries(context).flatMap(([name, meaning]) => (typeof target(meaning) === 'string' ? [[name, target(meaning) as string] as const] : []))))
  return first(listOf(held).entries(), ([at, entry]) => (isObject(entry) ? inlineFault(entry, prefixes, Array.isArray(held) ? under(pointer, at) : pointer) : undefined))
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
