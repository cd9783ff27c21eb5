import { isObject, type Json, type JsonObject } from './json.ts'

/**
 * The names in a JSON pointer, or undefined when it is none.
 *
 * Source: RFC 6901 §3 and §4.
 */
export function pointerNames(pointer: string): readonly string[] | undefined {
  if (pointer === '') return []
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined
  return pointer.slice(1).split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export interface Selection {
  readonly document: JsonObject
  /** The object of the whole document that an object of the selection comes from. */
  readonly sourceOf: ReadonlyMap<JsonObject, JsonObject>
}

type Draft = { [name: string]: Json }

/**
 * The part of a JSON-LD document that some JSON pointers select: what they point at, whole, and on the way to it the contexts of the document and the ids and types of
 * the nodes. Lists lose the members that are not selected.
 *
 * @returns undefined when a pointer points at nothing; a pointer at the document itself selects all of it
 * Source: Data Integrity ECDSA Cryptosuites 1.0 §3.4.11 to §3.4.13 (selectJsonLd and its parts).
 */
export function select(document: JsonObject, pointers: readonly string[]): Selection | undefined {
  const sourceOf = new Map<JsonObject, JsonObject>()
  const indexOf = new Map<Json, number[]>()

  /** What every object on the way keeps. */
  const begin = (source: JsonObject): Draft => {
    const draft: Draft = {}
    const { id, type } = source
    if (typeof id === 'string' && !id.startsWith('_:')) draft['id'] = id
    if (type !== undefined) draft['type'] = type
    sourceOf.set(draft, source)
    return draft
  }
  const copy = (source: Json): Json => {
    if (Array.isArray(source)) {
      indexOf.delete(source)
      return (source as readonly Json[]).map(copy)
    }
    if (!isObject(source)) return source
    const draft: Draft = {}
    for (const name of Object.keys(source)) Object.defineProperty(draft, name, { value: copy(source[name] as Json), enumerable: true, configurable: true, writable: true })
    sourceOf.set(draft, source)
    return draft
  }

  const root = begin(document)
  if (document['@context'] !== undefined) root['@context'] = document['@context']
  for (const pointer of pointers) {
    const names = pointerNames(pointer)
    if (names === undefined) return undefined
    if (names.length === 0) return { document: copy(document) as JsonObject, sourceOf }
    let source: Json = document
    let draft: Json = root
    for (const [depth, name] of names.entries()) {
      const list: readonly Json[] | undefined = Array.isArray(source) ? (source as readonly Json[]) : undefined
      if (list !== undefined ? !/^(0|[1-9][0-9]*)$/.test(name) || Number(name) >= list.length : !isObject(source) || !Object.hasOwn(source, name)) return undefined
      const next: Json = list !== undefined ? (list[Number(name)] as Json) : ((source as JsonObject)[name] as Json)
      const last = depth === names.length - 1
      const before: Json | undefined = list !== undefined ? memberAt(draft as Json[], indexOf.get(source), Number(name)) : (draft as Draft)[name]
      let made: Json
      if (last || typeof next !== 'object' || next === null) {
        if (!last) return undefined
        made = copy(next)
      } else if (before !== undefined) made = before
      else if (Array.isArray(next)) {
        made = []
        indexOf.set(next, [])
      } else made = begin(next as JsonObject)
      if (list !== undefined) place(draft as Json[], indexOf.get(source), Number(name), made)
      else (draft as Draft)[name] = made
      source = next
      draft = made
    }
  }
  return { document: root, sourceOf }
}

/** `indexes` says which members of the source a list holds so far; a list that was selected whole has none, and holds them all. */
function memberAt(draft: readonly Json[], indexes: readonly number[] | undefined, index: number): Json | undefined {
  const at = indexes === undefined ? index : indexes.indexOf(index)
  return at < 0 ? undefined : draft[at]
}

/** Puts a member in its order among those selected before. */
function place(draft: Json[], indexes: number[] | undefined, index: number, member: Json): void {
  const at = indexes === undefined ? index : indexes.indexOf(index)
  if (at >= 0) draft[at] = member
  else if (indexes !== undefined) {
    const before = indexes.findIndex((other) => other > index)
    const to = before < 0 ? indexes.length : before
    indexes.splice(to, 0, index)
    draft.splice(to, 0, member)
  }
}
