import jsonld, { type Quad } from 'jsonld'
import { canonize, NQuads } from 'rdf-canonize'
import type { Json, JsonObject } from './json.ts'
import { refuse, type Refusal } from './refusal.ts'

/**
 * The contexts that exist: whole documents `{"@context": …}` by address, and nothing else. Pass the same function each time; what is compiled from
 * it is kept for as long as the function lives.
 */
export type ContextSource = (url: string) => JsonObject | undefined

export interface CanonicalLimits {
  /** Objects, arrays and scalars in the document. */
  readonly values: number
  /** Members of one array or object; JSON-LD processing compares them in pairs. */
  readonly members: number
  readonly depth: number
  /** Calls of Hash N-Degree Quads (RDFC-1.0 §4.8). */
  readonly deepIterations: number
}

export const canonicalLimits: CanonicalLimits = Object.freeze({ values: 20_000, members: 2_000, depth: 64, deepIterations: 2_000 })

export type CanonicalRdf = { readonly ok: true; readonly nquads: string } | Refusal
export type Dataset = { readonly ok: true; readonly quads: readonly Quad[] } | Refusal

/**
 * The canonical N-Quads of a JSON-LD document, by the general road: jsonld.js and rdf-canonize.
 *
 * Safe mode (everything that would be dropped silently is refused), no base address, text direction as i18n datatypes, and only the given contexts.
 *
 * @returns the canonical form; or a refusal `context_unknown`, `term_unmapped`, `term_redefined`, `json_ld_invalid`, `json_invalid` or `too_complex`
 * Source: JSON-LD 1.1 API §5 and §7; RDF Dataset Canonicalization (RDFC-1.0) §4. Lines are sorted by UTF-16 code units, as all JavaScript
 * implementations do; the specification says code points, which differs only where one line has an astral character and another one U+E000 to U+FFFF.
 */
export async function canonicalizeRdf(document: JsonObject, contexts: ContextSource, limits: CanonicalLimits = canonicalLimits): Promise<CanonicalRdf> {
  const dataset = await toDataset(document, contexts, limits)
  return dataset.ok ? canonicalizeDataset(dataset.quads, limits) : dataset
}

/** RDFC-1.0 of a dataset. */
export async function canonicalizeDataset(quads: readonly Quad[], limits: Pick<CanonicalLimits, 'deepIterations'> = canonicalLimits, algorithm: 'sha256' | 'sha384' = 'sha256'): Promise<CanonicalRdf> {
  try {
    return { ok: true, nquads: await canonize(quads, { algorithm: 'RDFC-1.0', messageDigestAlgorithm: algorithm, maxDeepIterations: callsAllowed(quads, limits.deepIterations) }) }
  } catch {
    return refuse('too_complex', 'blank nodes')
  }
}

/** The canonical labels of the blank nodes in N-Quads, both without `_:`; undefined beyond the limits. */
export async function canonicalLabels(nquads: string, limits: Pick<CanonicalLimits, 'deepIterations'> = canonicalLimits, algorithm: 'sha256' | 'sha384' = 'sha256'): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const quads = NQuads.parse(nquads)
    const labels = new Map<string, string>()
    await canonize(quads, { algorithm: 'RDFC-1.0', messageDigestAlgorithm: algorithm, maxDeepIterations: callsAllowed(quads, limits.deepIterations), canonicalIdMap: labels })
    return labels
  } catch {
    return undefined
  }
}

/** Related blank nodes hashed altogether: measured at 12 µs each, this is about a second. */
const mostRelated = 80_000

/** How often Hash N-Degree Quads may be called: each call hashes all neighbours of a blank node, so graphs with a node of many neighbours get fewer calls. */
function callsAllowed(quads: readonly Quad[], most: number): number {
  const neighbours = new Map<string, number>()
  let largest = 1
  for (const { subject, object, graph } of quads) {
    for (const { termType, value } of [subject, object, graph]) {
      if (termType !== 'BlankNode') continue
      const count = (neighbours.get(value) ?? 0) + 1
      neighbours.set(value, count)
      if (count > largest) largest = count
    }
  }
  return Math.min(most, Math.floor(mostRelated / largest))
}

/** RDFC-1.0 of N-Quads. @returns the canonical form, or a refusal `json_ld_invalid` for what is no N-Quads, `too_complex` beyond the limits */
export async function canonicalizeText(nquads: string, limits: Pick<CanonicalLimits, 'deepIterations'> = canonicalLimits, algorithm: 'sha256' | 'sha384' = 'sha256'): Promise<CanonicalRdf> {
  try {
    return await canonicalizeDataset(NQuads.parse(nquads), limits, algorithm)
  } catch {
    return refuse('json_ld_invalid', 'N-Quads')
  }
}

/** The RDF dataset of a JSON-LD document, by jsonld.js. */
export async function toDataset(document: JsonObject, contexts: ContextSource, limits: CanonicalLimits = canonicalLimits): Promise<Dataset> {
  const outside = beyond(document, limits)
  if (outside !== undefined) return outside
  let unknown: string | undefined
  const documentLoader = async (url: string) => {
    const found = contexts(url)
    if (found === undefined) {
      unknown = url
      throw new Error('unknown context')
    }
    // jsonld.js writes absolute addresses into what it loads, so it gets a copy; the tag lets it keep what it compiled.
    return { documentUrl: url, document: structuredClone(found), tag: 'static' }
  }
  try {
    const options = { base: null, safe: true, rdfDirection: 'i18n-datatype', produceGeneralizedRdf: false, documentLoader } as const
    const expanded = await processorOf(contexts).expand(document, options)
    const relative = relativeReference(expanded as readonly Json[])
    if (relative !== undefined) return refuse('term_unmapped', `relative reference: ${relative}`)
    return { ok: true, quads: await processorOf(contexts).toRDF(expanded, { ...options, skipExpansion: true }) }
  } catch (error) {
    return unknown === undefined ? refusalOf(error) : refuse('context_unknown', unknown)
  }
}

/** One processor per source of contexts: jsonld.js keeps compiled contexts by address, and what one source knows another must not find. */
const processors = new WeakMap<ContextSource, ReturnType<typeof jsonld>>()
function processorOf(contexts: ContextSource): ReturnType<typeof jsonld> {
  let processor = processors.get(contexts)
  if (processor === undefined) processors.set(contexts, (processor = jsonld()))
  return processor
}

/**
 * An address without scheme somewhere in an expanded document.
 *
 * jsonld.js would refuse it too, but too late: it first keeps nodes by their addresses in plain objects, so that one named `__proto__` or `constructor` writes into the
 * prototype of all objects of the process (seen with jsonld 9.0.0: a member that is an address, with the text "__proto__").
 */
function relativeReference(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const name of Object.keys(value)) {
    const member = (value as JsonObject)[name] as Json
    // Between `@value` and its bracket may stand any JSON; it never becomes a node.
    if (name === '@value') continue
    if (name === '@id' && (typeof member !== 'string' || !/^([A-Za-z][A-Za-z0-9+.-]*|_):\S*$/.test(member))) return String(member)
    const found = relativeReference(member)
    if (found !== undefined) return found
  }
  return undefined
}

/** What jsonld.js says went wrong, in our codes. */
function refusalOf(error: unknown): Refusal {
  const details = (error as { details?: { code?: string; event?: { code?: string; details?: Record<string, unknown> } } }).details
  if (details?.event !== undefined) {
    const about = details.event.details ?? {}
    const shown = ['property', 'type', 'id', 'object', 'subject', 'predicate', 'term', 'language'].map((name) => about[name]).find((value) => typeof value === 'string')
    return refuse('term_unmapped', [details.event.code, shown].filter((text) => typeof text === 'string').join(': '))
  }
  if (details?.code === 'protected term redefinition') return refuse('term_redefined')
  return refuse('json_ld_invalid', details?.code)
}

/** Whether a document goes beyond the limits, has half characters, which hashing would turn into U+FFFD and so make equal to others, or a member that would be lost. */
export function beyond(document: Json, limits: CanonicalLimits): Refusal | undefined {
  let values = 0
  const open: [Json, number][] = [[document, 0]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, depth] = next
    if (++values > limits.values) return refuse('too_complex', `more than ${limits.values} values`)
    if (typeof value === 'string') {
      if (!value.isWellFormed()) return refuse('json_invalid', 'half a character')
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= limits.depth) return refuse('too_complex', `nested more than ${limits.depth} deep`)
      const names = Array.isArray(value) ? undefined : Object.keys(value)
      const members: readonly Json[] = names === undefined ? (value as readonly Json[]) : Object.values(value as JsonObject)
      if (members.length > limits.members) return refuse('too_complex', `more than ${limits.members} members in one list`)
      // jsonld.js copies objects by assignment, and so would lose a member of this name without a word.
      if (names?.includes('__proto__')) return refuse('json_invalid', '__proto__')
      if (names?.some((name) => !name.isWellFormed())) return refuse('json_invalid', 'half a character')
      for (const member of members) open.push([member, depth + 1])
    }
  }
  return undefined
}
