import type { Quad, Term } from 'jsonld'

const langString = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString'
const xsdString = 'http://www.w3.org/2001/XMLSchema#string'

// eslint-disable-next-line no-control-regex
const inLiteral = /[\u0000-\u001f\u007f"\\]/
const inLiteralAll = new RegExp(inLiteral, 'g')
// eslint-disable-next-line no-control-regex
const inIri = /[\u0000-\u0020<>"{}|^`\\]/g
const short: { readonly [character: string]: string } = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '"': '\\"', '\\': '\\\\' }
const long = (character: string) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`

/** A text as it stands between the quotes of a canonical N-Quads literal. Source: RDF Dataset Canonicalization §A (canonical form of N-Quads). */
export function escapeLiteral(text: string): string {
  return inLiteral.test(text) ? text.replace(inLiteralAll, (character) => short[character] ?? long(character)) : text
}

/** What follows the closing quote of a literal: nothing for plain text, a language, or a datatype. */
export function literalSuffix(term: Pick<Term, 'datatype' | 'language'>): string {
  const datatype = term.datatype?.value ?? xsdString
  if (datatype === langString) return term.language ? `@${term.language}` : ''
  return datatype === xsdString ? '' : `^^<${escapeIri(datatype)}>`
}

/** An address between its brackets. */
export function escapeIri(text: string): string {
  return text.replace(inIri, long)
}

/** One term of a quad; blank nodes are named by the caller. */
export function termText(term: Term, blank: (label: string) => string): string {
  switch (term.termType) {
    case 'NamedNode':
      return `<${escapeIri(term.value)}>`
    case 'BlankNode':
      return blank(term.value)
    case 'Literal':
      return `"${escapeLiteral(term.value)}"${literalSuffix(term)}`
    case 'DefaultGraph':
      return ''
  }
}

/** The four terms of a quad in their order; the graph is left out where it is the default one. */
export function termsOf(quad: Quad): readonly Term[] {
  return quad.graph.termType === 'DefaultGraph' ? [quad.subject, quad.predicate, quad.object] : [quad.subject, quad.predicate, quad.object, quad.graph]
}

/** Sorts lines in place and drops equal neighbours, as a set of quads has each only once. */
export function sortedOnce(lines: string[]): string[] {
  lines.sort()
  let kept = 0
  for (let i = 0; i < lines.length; i++) if (i === 0 || lines[i] !== lines[i - 1]) lines[kept++] = lines[i] as string
  lines.length = kept
  return lines
}
