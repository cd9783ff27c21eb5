/**
 * Finds the key of a verification method: did:key by itself, did:web and https controllers by their documents, and keys that an address merely carries.
 */
import { instantOf, isObject, listOf, type JsonObject } from '#kernel/openbadge'
import { didWebAddress, resolveDidKey, resolveFragmentKey, resolveInDocument, type MethodResolution, type MethodResolver } from '#kernel/proof'
import type { Loaders } from './loaders.ts'

export interface Keys {
  readonly resolve: MethodResolver
  /** A controller's document, asked for once per options object. */
  readonly documentOf: (id: string) => Promise<JsonObject | undefined>
  /** Methods whose document did not come: their key is unknown, not wrong. */
  readonly unreachable: ReadonlySet<string>
  /** When methods were taken back by their owners, milliseconds since 1970, as far as a date was given. */
  readonly withdrawn: ReadonlyMap<string, number>
}

/** Documents by the options that they were asked for with: one options object stands for one moment, so within it each is asked for once. */
const asked = new WeakMap<Loaders, Map<string, Promise<JsonObject | undefined>>>()
const mostDocuments = 1_024

/** @param now  milliseconds since 1970, for keys that expire */
export function keysFrom(loaders: Loaders, now: number): Keys {
  const documents = asked.get(loaders) ?? new Map<string, Promise<JsonObject | undefined>>()
  asked.set(loaders, documents)
  const unreachable = new Set<string>()
  const withdrawn = new Map<string, number>()

  const inDocument = (method: string, purpose: string, document: JsonObject): MethodResolution => {
    const found = resolveInDocument(method, purpose, document, now)
    if (!found.ok && found.code === 'key_revoked') noteWithdrawal(withdrawn, method, revokedIn(document, method))
    return found
  }

  const documentOf = (id: string): Promise<JsonObject | undefined> => {
    // A did:web with a spelling that could mean two hosts is not asked for at all.
    if (id.startsWith('did:') && didWebAddress(id) === undefined) return Promise.resolve(undefined)
    const known = documents.get(id)
    if (known !== undefined) return known
    if (documents.size >= mostDocuments) documents.clear()
    const coming = loaders.resolveDid?.(id).then((document) => (isObject(document) ? document : undefined)) ?? Promise.resolve(undefined)
    documents.set(id, coming)
    return coming
  }

  const resolve = async (method: string, purpose: string): Promise<MethodResolution> => {
    if (method.startsWith('did:key:')) {
      const at = await loaders.withdrawnKey?.(method)
      if (at === undefined) return resolveDidKey(method)
      noteWithdrawal(withdrawn, method, at)
      return { ok: false, code: 'key_revoked', detail: 'The key has been withdrawn by its owner.' }
    }
    const hash = method.indexOf('#')
    const controller = hash > 0 ? method.slice(0, hash) : method
    if (controller.startsWith('did:')) {
      if (!controller.startsWith('did:web:')) return resolveFragmentKey(method)
      if (didWebAddress(controller) === undefined) return { ok: false, code: 'method_malformed', detail: 'The name of the key cannot be read.' }
      const document = await documentOf(controller)
      if (document !== undefined) return inDocument(method, purpose, document)
      unreachable.add(method)
      return { ok: false, code: 'method_unknown', detail: 'The document of the key’s owner could not be fetched.' }
    }
    if (!/^https:\/\//.test(controller)) return resolveFragmentKey(method)
    const document = await documentOf(controller)
    if (document !== undefined) return inDocument(method, purpose, document)
    const carried = resolveFragmentKey(method)
    if (!carried.ok && carried.code === 'method_unsupported') unreachable.add(method)
    return carried
  }

  return { resolve, documentOf, unreachable, withdrawn }
}

function noteWithdrawal(withdrawn: Map<string, number>, method: string, date: unknown): void {
  const instant = typeof date === 'string' ? instantOf(date) : undefined
  if (instant !== undefined) withdrawn.set(method, instant)
}

function revokedIn(document: JsonObject, method: string): unknown {
  const fragment = method.slice(method.indexOf('#'))
  return [...listOf(document['verificationMethod']), ...listOf(document['assertionMethod']), ...listOf(document['authentication'])].filter(isObject).find((one) => one['id'] === method || one['id'] === fragment)?.['revoked']
}
