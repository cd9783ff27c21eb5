/**
 * Which terms a list of contexts defines at the top level, as far as lint needs it: to see a type that nothing defines, a term that points nowhere,
 * and a protected term that is given another meaning. JSON-LD processing proper happens where a document is signed or verified.
 */
import { isCatchAll, type ContextSource } from './context.ts'
import { finding, type LintFinding } from './finding.ts'
import { isUrl } from './instant.ts'
import { isObject, under, type Json, type JsonObject } from './json.ts'

export interface Terms {
  readonly defined: ReadonlySet<string>
  /** Every further term has a meaning too (`@vocab`), or a context is not at hand. */
  readonly open: boolean
  readonly findings: readonly LintFinding[]
}

interface Definition {
  readonly json: string
  readonly protected: boolean
}

/** Keywords of JSON-LD 1.1 §9.15 that an inline context may set without moving the meaning of what others defined. */
const harmless = new Set(['@version', '@protected', '@vocab', '@language', '@direction'])
const keywordValues = new Set(['@id', '@type', '@graph', '@index', '@value', '@list', '@set', '@none', '@nest', '@json', '@included', '@vocab'])

/** What lists of published contexts define is the same each time, and nearly every credential has one of few such lists. */
const published = new WeakMap<ContextSource, Map<string, Terms>>()
const mostPublished = 64

/** Reads the contexts in their order. Findings are about inline contexts only; vendored ones are pinned. */
export function termsOf(entries: readonly Json[], contexts: ContextSource, pointer: string): Terms {
  if (!entries.every((entry) => typeof entry === 'string')) return read(entries, contexts, pointer)
  const key = entries.join(' ')
  const known = published.get(contexts) ?? new Map<string, Terms>()
  const before = known.get(key)
  if (before !== undefined) return before
  const terms = read(entries, contexts, pointer)
  if (known.size >= mostPublished) known.clear()
  published.set(contexts, known.set(key, terms))
  return terms
}

function read(entries: readonly Json[], contexts: ContextSource, pointer: string): Terms {
  const defined = new Map<string, Definition>()
  const findings: LintFinding[] = []
  let open = false
  entries.forEach((entry, at) => {
    const here = under(pointer, at)
    if (typeof entry === 'string') {
      const vendored = contexts(entry)
      if (vendored === undefined || isCatchAll(vendored)) open = true
      if (vendored !== undefined) for (const inner of contextObjects(vendored)) define(inner, defined)
    } else if (isObject(entry)) {
      const { context, pointer: there } = unwrapped(entry, here)
      findings.push(...checkInline(context, defined, there))
      if (typeof context['@vocab'] === 'string') open = true
      if (context['@vocab'] === null) open = false
      define(context, defined)
    }
  })
  return { defined: new Set(defined.keys()), open, findings }
}

/** A context written as a whole context document, which processors read as what is in it; the W3C's vectors for proof chains are of this form. */
function unwrapped(entry: JsonObject, pointer: string): { readonly context: JsonObject; readonly pointer: string } {
  const inner = Object.keys(entry).length === 1 ? entry['@context'] : undefined
  return isObject(inner) ? { context: inner, pointer: under(pointer, '@context') } : { context: entry, pointer }
}

function contextObjects(document: JsonObject): JsonObject[] {
  const inner = document['@context']
  return (Array.isArray(inner) ? (inner as readonly Json[]) : [inner as Json]).filter(isObject)
}

function define(context: JsonObject, defined: Map<string, Definition>): void {
  const whole = context['@protected'] === true
  for (const [name, meaning] of Object.entries(context)) {
    if (name.startsWith('@')) continue
    const own = isObject(meaning) ? meaning['@protected'] : undefined
    defined.set(name, { json: JSON.stringify(meaning), protected: own === undefined ? whole : own === true })
  }
}

function checkInline(context: JsonObject, defined: ReadonlyMap<string, Definition>, pointer: string): LintFinding[] {
  const found: LintFinding[] = []
  for (const [name, meaning] of Object.entries(context)) {
    const here = under(pointer, name)
    if (name.startsWith('@')) {
      if (!harmless.has(name)) found.push(finding('context_keyword', here, { name }))
      else if (name === '@vocab' && meaning !== null && !(typeof meaning === 'string' && isUrl(meaning))) found.push(finding('context_term_not_url', here, { name }))
      continue
    }
    const earlier = defined.get(name)
    if (earlier?.protected && earlier.json !== JSON.stringify(meaning)) found.push(finding('context_redefines', here, { name }))
    const target = isObject(meaning) ? meaning['@id'] : meaning
    if (target !== undefined && target !== null && !(typeof target === 'string' && (keywordValues.has(target) || isUrl(target) || defined.has(target)))) found.push(finding('context_term_not_url', here, { name }))
    if (isObject(meaning) && isObject(meaning['@context'])) found.push(...checkInline(meaning['@context'], defined, under(here, '@context')))
  }
  return found
}
