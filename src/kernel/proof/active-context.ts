import { canonicalJson } from './jcs.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import type { ContextSource } from './rdf.ts'

/**
 * JSON-LD contexts, worked out once for each set of pinned documents, for the short road of `expand.ts`.
 *
 * Only what the pinned contexts use is known here: terms with types, `@set`, `@list` and `@graph` containers, scoped and protected contexts, prefixes, `@vocab`.
 * Whatever else occurs, and every error, is `unusual`: the document takes the general road, which decides. So this file never has to say what is wrong.
 */

/** Thrown to leave the short road, and caught in `expand.ts` only. */
export const unusual: unique symbol = Symbol('unusual')

/** What a term means. */
export interface Term {
  /** An absolute address, `@id`, `@type`, or null for a term that is switched off. */
  readonly id: string | null
  /** `@id`, `@vocab`, `@json`, `@none`, the address of a datatype, or nothing. */
  readonly type: string | undefined
  readonly container: 'none' | 'set' | 'list' | 'graph'
  /** The context that holds for what this term leads to, not yet worked out. */
  readonly scoped: { readonly context: Json } | undefined
  readonly isPrefix: boolean
  readonly isProtected: boolean
}

/** How a local context is applied: at the top, by a property, or by a type (JSON-LD 1.1 API §4.1: propagate, override protected). */
type Mode = 'plain' | 'property' | 'type'

export interface ActiveContext {
  readonly terms: ReadonlyMap<string, Term>
  readonly vocab: string | undefined
  /** Where a context that came by a type ends: at the next node. */
  readonly previous: ActiveContext | undefined
  /** Contexts derived from this one, by local context. */
  readonly derived: { readonly [mode in Mode]: Map<Json, ActiveContext> }
  /** Answers of `expandName`, kept. */
  readonly names: Map<string, string | null>
  readonly home: ContextHome
}

/** All active contexts of one source. Documents choose their combinations, so their number is bounded; beyond it everything is forgotten and begun again. */
export interface ContextHome {
  readonly source: ContextSource
  count: number
  initial: ActiveContext
}

const mostContexts = 4096
const mostNames = 4096
const homes = new WeakMap<ContextSource, ContextHome>()

/** The context of a document before its own contexts. */
export function initialContext(source: ContextSource): ActiveContext {
  let home = homes.get(source)
  if (home === undefined || home.count > mostContexts) {
    home = { source, count: 0, initial: undefined as unknown as ActiveContext }
    home.initial = make(home, new Map(), undefined, undefined)
    homes.set(source, home)
  }
  return home.initial
}

function make(home: ContextHome, terms: ReadonlyMap<string, Term>, vocab: string | undefined, previous: ActiveContext | undefined): ActiveContext {
  home.count++
  return { terms, vocab, previous, derived: { plain: new Map(), property: new Map(), type: new Map() }, names: new Map(), home }
}

/**
 * The context that a local context makes of an active one.
 *
 * @param local  an address, an object that is part of a pinned context, null, or a list of these
 * Source: JSON-LD 1.1 Processing Algorithms §4.1.
 */
export function derive(active: ActiveContext, local: Json, mode: Mode): ActiveContext {
  // Texts are compared by value, objects by identity; lists from documents are taken member by member, so that no key is made by a stranger.
  if (Array.isArray(local) && mode === 'plain') return (local as readonly Json[]).reduce<ActiveContext>((context, member) => derive(context, member, 'plain'), active)
  const known = active.derived[mode].get(local)
  if (known !== undefined) return known
  let context = active
  // A context by a type is left again at the next node; that of the first type is the one to return to.
  let previous = mode === 'type' ? (active.previous ?? active) : active.previous
  for (const member of resolved(local, active.home.source, 0)) {
    if (member === null) previous = undefined
    context = applied(context, member, previous, mode === 'property')
  }
  const result = context === active && previous !== active.previous ? make(active.home, active.terms, active.vocab, previous) : context
  active.derived[mode].set(local, result)
  return result
}

/** The objects behind a local context, in order. */
function resolved(local: Json, source: ContextSource, depth: number): readonly (JsonObject | null)[] {
  if (depth > 8) throw unusual
  if (local === null) return [null]
  if (Array.isArray(local)) return (local as readonly Json[]).flatMap((member) => resolved(member, source, depth + 1))
  if (typeof local === 'string') {
    const document = source(local)
    if (document === undefined || document['@context'] === undefined) throw unusual
    return resolved(document['@context'], source, depth + 1)
  }
  if (isObject(local)) return [local]
  throw unusual
}

const knownMembers = new Set(['@id', '@type', '@container', '@context', '@protected', '@prefix'])

function applied(active: ActiveContext, local: JsonObject | null, previous: ActiveContext | undefined, overrides: boolean): ActiveContext {
  if (local === null) {
    if (!overrides && [...active.terms.values()].some((term) => term.isProtected)) throw unusual
    return make(active.home, new Map(), undefined, previous)
  }
  let { vocab } = active
  for (const name of Object.keys(local)) {
    if (!name.startsWith('@')) continue
    const value = local[name]
    if (name === '@version' && value === 1.1) continue
    if (name === '@protected' && typeof value === 'boolean') continue
    if (name === '@vocab' && typeof value === 'string' && isAbsolute(value)) vocab = value
    else throw unusual
  }
  const terms = new Map(active.terms)
  const defining = new Map<string, boolean>()

  const define = (name: string): void => {
    const done = defining.get(name)
    if (done === true) return
    if (done === false || name === '' || name.startsWith('@')) throw unusual
    defining.set(name, false)
    const before = terms.get(name)
    terms.delete(name)
    const made = definition(name, local[name] as Json)
    if (before?.isProtected && !overrides) {
      if (!isSameTerm(before, made)) throw unusual
      terms.set(name, { ...made, isProtected: true })
    } else terms.set(name, made)
    defining.set(name, true)
  }

  /** A name inside a definition: what it refers to in the same context is defined first. */
  const expand = (text: string): string => {
    if (text === '@id' || text === '@type') return text
    if (text.startsWith('@')) throw unusual
    if (Object.hasOwn(local, text) && defining.get(text) !== true) define(text)
    const term = terms.get(text)
    if (term !== undefined) {
      if (term.id === null) throw unusual
      return term.id
    }
    const colon = text.indexOf(':')
    if (colon > 0) {
      const prefix = text.slice(0, colon)
      const suffix = text.slice(colon + 1)
      if (prefix === '_') throw unusual
      if (!suffix.startsWith('//')) {
        if (Object.hasOwn(local, prefix) && defining.get(prefix) !== true) define(prefix)
        const by = terms.get(prefix)
        if (by?.isPrefix) return by.id + suffix
      }
      if (isAbsolute(text)) return text
    }
    if (vocab !== undefined) return vocab + text
    throw unusual
  }

  const definition = (name: string, value: Json): Term => {
    const simple = typeof value === 'string' || value === null
    const object: Json = simple ? { '@id': value } : value
    if (!isObject(object) || Object.keys(object).some((member) => !knownMembers.has(member))) throw unusual
    const { '@id': given, '@type': type, '@container': container, '@context': scoped, '@protected': protects, '@prefix': prefix } = object
    // Terms that look like addresses have rules of their own (§4.2.2 step 14.2.5), which no pinned context needs.
    if (/[:/]/.test(name) || given === name) throw unusual
    let id: string | null
    if (given === null) id = null
    else if (typeof given === 'string') id = expand(given)
    else if (given === undefined && vocab !== undefined) id = vocab + name
    else throw unusual
    if (type !== undefined && typeof type !== 'string') throw unusual
    if (prefix !== undefined && typeof prefix !== 'boolean') throw unusual
    if (protects !== undefined && typeof protects !== 'boolean') throw unusual
    return {
      id,
      type: type === undefined || ['@id', '@vocab', '@json', '@none'].includes(type) ? type : expand(type),
      container: containerOf(container),
      scoped: scoped === undefined ? undefined : { context: scoped },
      isPrefix: typeof prefix === 'boolean' ? prefix : simple && id !== null && /[:/?#[\]@]$/.test(id),
      isProtected: protects ?? local['@protected'] === true,
    }
  }

  for (const name of Object.keys(local)) if (!name.startsWith('@')) define(name)
  return make(active.home, terms, vocab, previous)
}

function containerOf(container: Json | undefined): Term['container'] {
  const names = Array.isArray(container) ? (container as readonly Json[]).toSorted() : container === undefined ? [] : [container]
  switch (names.join()) {
    case '':
      return 'none'
    case '@set':
      return 'set'
    case '@list':
      return 'list'
    case '@graph':
    case '@graph,@set':
      return 'graph'
    default:
      throw unusual
  }
}

function isSameTerm(a: Term, b: Term): boolean {
  return a.id === b.id && a.type === b.type && a.container === b.container && a.isPrefix === b.isPrefix && canonicalJson(a.scoped?.context ?? 0) === canonicalJson(b.scoped?.context ?? 0)
}

/** Whether a text is an address with a scheme; blank node names are none. */
export function isAbsolute(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\S*$/.test(text)
}

/**
 * What a member's name or a type stands for: an absolute address, `@id` or `@type`.
 *
 * Source: JSON-LD 1.1 Processing Algorithms §5.2 (IRI expansion), relative to the vocabulary.
 */
export function expandName(active: ActiveContext, name: string): string {
  let found = active.names.get(name)
  if (found === undefined) {
    found = active.terms.has(name) ? (active.terms.get(name) as Term).id : name.startsWith('@') ? null : byPrefix(active, name)
    // Blank node names and what has `//` behind its first colon are never relative to the vocabulary (§5.2.2 step 6.2).
    const relative = !name.startsWith('@') && !active.terms.has(name) && !/^(_:|[^:]+:\/\/)/.test(name) && !/\s/.test(name)
    if (found === null && relative && active.vocab !== undefined) found = active.vocab + name
    if (active.names.size < mostNames) active.names.set(name, found)
  }
  if (found === null) throw unusual
  return found
}

/** An address as a value: prefixes are expanded, terms are not, and there is no base. */
export function expandAddress(active: ActiveContext, text: string): string {
  const found = byPrefix(active, text)
  if (found === null) throw unusual
  return found
}

function byPrefix(active: ActiveContext, text: string): string | null {
  const colon = text.indexOf(':')
  if (colon > 0 && !text.startsWith('//', colon + 1)) {
    const term = active.terms.get(text.slice(0, colon))
    if (term?.isPrefix) return isAbsolute(term.id + text.slice(colon + 1)) ? term.id + text.slice(colon + 1) : null
  }
  return isAbsolute(text) ? text : null
}
