import { type ActiveContext, derive, expandAddress, expandName, initialContext, isAbsolute, type Term, unusual } from './active-context.ts'
import { canonicalJson } from './jcs.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import { escapeIri, escapeLiteral } from './nquads.ts'
import type { ContextSource } from './rdf.ts'

const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
const xsd = 'http://www.w3.org/2001/XMLSchema#'
const rdfType = `<${rdf}type>`
const rdfFirst = `<${rdf}first>`
const rdfRest = `<${rdf}rest>`
const rdfNil = `<${rdf}nil>`

/** A node of the graph: an address in brackets, or the number of a blank node. */
type Node = string | number

export interface ShortQuad {
  readonly subject: Node
  readonly predicate: string
  /** As `subject`, or a literal as N-Quads writes it. */
  readonly object: Node
  readonly graph: Node | undefined
}

/** Gives the blank node of an object that has no id, or of the graph around it. */
export type Naming = (object: JsonObject, as: 'node' | 'graph') => number

export interface ShortDataset {
  readonly quads: readonly ShortQuad[]
  readonly blanks: number
}

/**
 * The quads of a document, by the short road: compiled contexts, and only documents that are plain under them.
 *
 * Plain means: contexts given by address; members that all mean something; texts, numbers, truth values, lists and nodes, addresses that are absolute; no null, no keyword of
 * JSON-LD but `@context`, no blank node names, no empty objects, no lists in lists. The result is then what jsonld.js gives in safe mode, with its ways: equal
 * values of a property are one; a number is written by its JavaScript text.
 *
 * @param naming  numbers the blank nodes; lists, whose cells belong to no object, are unusual then. Without it they are counted.
 * @returns the quads, or undefined when the document has to go the general road, be it because it is unusual or because it is wrong
 * Source: JSON-LD 1.1 Processing Algorithms §5.1.2 (expansion), §7.2 (node map generation), §8.1 (to RDF). Held to jsonld.js by `expand.test.ts`.
 */
export function expandShort(document: JsonObject, contexts: ContextSource, naming?: Naming): ShortDataset | undefined {
  const state: State = { quads: [], seen: new Set(), blanks: 0, naming }
  try {
    const root = initialContext(contexts)
    node(state, root, undefined, document, 'root', undefined)
    return state.quads.length === 0 ? undefined : state
  } catch (error) {
    if (error === unusual) return undefined
    throw error
  }
}

interface State {
  readonly quads: ShortQuad[]
  readonly seen: Set<string>
  blanks: number
  readonly naming: Naming | undefined
}

function blank(state: State, object: JsonObject, as: 'node' | 'graph'): number {
  if (state.naming === undefined) return state.blanks++
  const number = state.naming(object, as)
  state.blanks = Math.max(state.blanks, number + 1)
  return number
}

/** A node object, its own members first. `property` is what its name means in `active`; where it stands decides what may be empty. */
function node(state: State, active: ActiveContext, property: Term | undefined, element: JsonObject, place: 'root' | 'value' | 'graph', graph: Node | undefined): Node {
  const names = Object.keys(element)
  // §5.1.2 steps 7 to 9: a context that came by a type ends here, except for a mere reference; then the property's own context, then the node's own.
  let context = active
  if (active.previous !== undefined && !(names.length === 1 && meaning(active, names[0] as string) === '@id')) context = active.previous
  if (property?.scoped !== undefined) context = derive(context, property.scoped.context, 'property')
  const own = element['@context']
  if (own !== undefined) context = derive(context, documentContext(own), 'plain')
  const beforeTypes = context

  let typeName: string | undefined
  for (const name of names) {
    if (name === '@context' || meaning(beforeTypes, name) !== '@type') continue
    if (typeName !== undefined) throw unusual
    typeName = name
  }
  const types = typeName === undefined ? [] : typesOf(element[typeName] as Json)
  // §5.1.2 step 11: in the order of their names.
  for (const type of types.length > 1 ? types.toSorted() : types) {
    const scoped = beforeTypes.terms.get(type)?.scoped
    if (scoped !== undefined) context = derive(context, scoped.context, 'type')
  }

  let id: Node | undefined
  const members: string[] = []
  for (const name of names) {
    if (name === '@context' || name === typeName) continue
    const stands = expandName(context, name)
    if (stands === '@id') {
      const value = element[name]
      if (id !== undefined || typeof value !== 'string') throw unusual
      id = address(expandAddress(context, value))
    } else if (stands === '@type') throw unusual
    else members.push(name)
  }
  if (typeName !== undefined && expandName(context, typeName) !== '@type') throw unusual
  const only = members.length === 0 && typeName === undefined
  // A reference says nothing by itself: it may stand as a value, but not as a document or as the whole of a graph; nor may an empty object.
  if (only && (id === undefined || place !== 'value' || own !== undefined)) throw unusual
  const subject = id ?? blank(state, element, 'node')

  for (const type of types) add(state, subject, rdfType, address(expandName(beforeTypes, type)), graph, '')
  for (const name of members) values(state, context, name, element[name] as Json, subject, graph)
  return subject
}

/** Contexts in documents are addresses; anything else is for the general road. */
function documentContext(context: Json): Json {
  const all = Array.isArray(context) ? (context as readonly Json[]) : [context]
  if (!all.every((member) => typeof member === 'string' && isAbsolute(member))) throw unusual
  return context
}

function meaning(context: ActiveContext, name: string): string | null | undefined {
  return context.terms.get(name)?.id
}

function typesOf(value: Json): readonly string[] {
  const types = Array.isArray(value) ? (value as readonly Json[]) : [value]
  for (const type of types) if (typeof type !== 'string') throw unusual
  return types as readonly string[]
}

/** All values of one member. */
function values(state: State, context: ActiveContext, name: string, value: Json, subject: Node, graph: Node | undefined): void {
  const predicate = address(expandName(context, name))
  const term = context.terms.get(name)
  // §5.1.2 step 13.12: the context of the property holds for its values, also for how they are read.
  const below = term?.scoped === undefined ? context : derive(context, term.scoped.context, 'property')
  const reading = below === context ? term : below.terms.get(name)
  if (reading?.id?.startsWith('@') || (reading?.container === 'list') !== (term?.container === 'list')) throw unusual
  if (term?.type === '@json') {
    if (value === null) throw unusual
    add(state, subject, predicate, `"${escapeLiteral(canonicalJson(value))}"^^<${rdf}JSON>`, graph, '')
    return
  }
  const all = Array.isArray(value) ? (value as readonly Json[]) : [value]
  if (term?.container === 'list') {
    list(state, below, reading, all, subject, predicate, graph)
    return
  }
  for (const one of all) {
    if (!isObject(one)) {
      if (term?.container === 'graph') throw unusual
      add(state, subject, predicate, scalar(below, reading, one), graph, typeof one === 'string' ? '' : typeof one)
    } else if (term?.container === 'graph') {
      const inner = blank(state, one, 'graph')
      add(state, subject, predicate, inner, graph, '')
      node(state, below, reading, one, 'graph', inner)
    } else add(state, subject, predicate, node(state, below, reading, one, 'value', graph), graph, '')
  }
}

function list(state: State, context: ActiveContext, term: Term | undefined, all: readonly Json[], subject: Node, predicate: string, graph: Node | undefined): void {
  if (state.naming !== undefined) throw unusual
  const cells = all.map(() => state.blanks++)
  add(state, subject, predicate, cells[0] ?? rdfNil, graph, '')
  all.forEach((one, i) => {
    const cell = cells[i] as number
    add(state, cell, rdfFirst, isObject(one) ? node(state, context, term, one, 'value', graph) : scalar(context, term, one), graph, '')
    add(state, cell, rdfRest, cells[i + 1] ?? rdfNil, graph, '')
  })
}

/** A text, number or truth value as a literal or an address (§5.3 value expansion, §8.2.2 to literals). */
function scalar(context: ActiveContext, term: Term | undefined, value: Json): string {
  if (value === null || typeof value === 'object') throw unusual
  const type = term?.type === '@none' ? undefined : term?.type
  if (typeof value === 'string') {
    if (type === '@id') return address(expandAddress(context, value))
    if (type === '@vocab') return address(expandName(context, value))
    if (type === undefined || type === `${xsd}string`) return `"${escapeLiteral(value)}"`
    if (type === `${xsd}double`) throw unusual
    return `"${escapeLiteral(value)}"^^<${escapeIri(type)}>`
  }
  const datatype = type === '@id' || type === '@vocab' ? undefined : type
  if (typeof value === 'boolean') return `"${value}"^^<${escapeIri(datatype ?? `${xsd}boolean`)}>`
  if (datatype === `${xsd}double`) throw unusual
  // As jsonld.js: what its text shows with a point, or is 10²¹ and more, is a double; all else is written without fraction, 1e-7 too.
  const text = String(value)
  if (text.includes('.') || Math.abs(value) >= 1e21) {
    return typed(value.toExponential(15).replace(/(\d)0*e\+?/, '$1E'), datatype ?? `${xsd}double`)
  }
  return typed(value.toFixed(0), datatype ?? `${xsd}integer`)
}

function typed(text: string, datatype: string): string {
  return datatype === `${xsd}string` ? `"${text}"` : `"${text}"^^<${escapeIri(datatype)}>`
}

function address(text: string): string {
  if (text.startsWith('@')) throw unusual
  return `<${escapeIri(text)}>`
}

/**
 * One quad more, unless the same value is there already. jsonld.js compares values before they are literals: the number 1 and the text "1" of one datatype stay two
 * quads that look alike, which `kind` keeps apart.
 */
function add(state: State, subject: Node, predicate: string, object: Node, graph: Node | undefined, kind: string): void {
  const key = `${graph ?? ''} ${subject} ${predicate} ${object}${kind}`
  if (state.seen.has(key)) return
  state.seen.add(key)
  state.quads.push({ subject, predicate, object, graph })
}
