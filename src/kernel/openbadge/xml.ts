/**
 * A reader of just enough XML to find an element in an SVG: it knows elements, attributes, namespaces, comments, CDATA, processing instructions and a
 * DOCTYPE without declarations, and refuses the rest. No entity but the five of XML and character references is ever expanded, so there is nothing to
 * blow up and nothing to fetch.
 */

export interface XmlElement {
  readonly namespace: string
  readonly local: string
  readonly attributes: ReadonlyMap<string, string>
  /** Character data directly inside, with CDATA taken as it is. Only kept for elements that `keep` asks for. */
  text: string
  /** Offsets in the source: of `<`, after the start tag, and after the end tag. */
  readonly from: number
  readonly opened: number
  to: number
  readonly depth: number
}

export type XmlFault = 'svg_broken' | 'svg_too_deep' | 'svg_entities'
export type XmlReading = { readonly ok: true; readonly root: XmlElement; readonly kept: readonly XmlElement[] } | { readonly ok: false; readonly code: XmlFault }

const mostDepth = 256
const name = '[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?'
const attribute = new RegExp(`\\s+(${name})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'y')
const startTag = new RegExp(`<(${name})`, 'y')
const endTag = new RegExp(`</(${name})\\s*>`, 'y')

class Refusal extends Error {
  readonly code: XmlFault
  constructor(code: XmlFault) {
    super(code)
    this.code = code
  }
}

/** Reads a document and keeps the elements that are asked for. */
export function readXml(source: string, keep: (namespace: string, local: string) => boolean): XmlReading {
  try {
    return { ok: true, ...read(source, keep) }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, code: error.code }
    throw error
  }
}

/** Prefixes declared on one element; looked up outwards, at most `mostDepth` steps, so that declarations are never copied. */
interface Scope {
  readonly own: ReadonlyMap<string, string>
  readonly outer: Scope | undefined
}

function lookUp(scope: Scope | undefined, prefix: string): string | undefined {
  for (let at = scope; at !== undefined; at = at.outer) {
    const found = at.own.get(prefix)
    if (found !== undefined) return found
  }
  return undefined
}

interface Open {
  readonly tag: string
  readonly scope: Scope
  readonly element: XmlElement
  readonly keeping: boolean
}

function read(source: string, keep: (namespace: string, local: string) => boolean): { root: XmlElement; kept: XmlElement[] } {
  const open: Open[] = []
  const kept: XmlElement[] = []
  let root: XmlElement | undefined
  let at = 0
  const outermost: Scope = { own: new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]), outer: undefined }
  while (at < source.length) {
    const next = source.indexOf('<', at)
    const end = next < 0 ? source.length : next
    if (end > at) {
      const inner = open.at(-1)
      if (inner === undefined) {
        if (source.slice(at, end).trim() !== '') throw new Refusal('svg_broken')
      } else if (inner.keeping) inner.element.text += decoded(source.slice(at, end))
    }
    if (next < 0) break
    at = next
    if (source.startsWith('<!--', at)) at = after(source, '-->', at + 4)
    else if (source.startsWith('<?', at)) at = after(source, '?>', at + 2)
    else if (source.startsWith('<![CDATA[', at)) {
      const close = after(source, ']]>', at + 9)
      const inner = open.at(-1)
      if (inner === undefined) throw new Refusal('svg_broken')
      if (inner.keeping) inner.element.text += source.slice(at + 9, close - 3)
      at = close
    } else if (source.startsWith('<!', at)) at = doctype(source, at, root !== undefined)
    else if (source.startsWith('</', at)) {
      endTag.lastIndex = at
      const match = endTag.exec(source)
      const closing = open.pop()
      if (match === null || closing === undefined || closing.tag !== match[1]) throw new Refusal('svg_broken')
      at += match[0].length
      closing.element.to = at
    } else {
      if (root !== undefined && open.length === 0) throw new Refusal('svg_broken')
      const { element, tag, scope, empty } = opening(source, at, open.at(-1)?.scope ?? outermost, open.length)
      root ??= element
      const keeping = keep(element.namespace, element.local)
      if (keeping) kept.push(element)
      at = element.opened
      if (empty) element.to = at
      else open.push({ tag, scope, element, keeping })
      if (open.length > mostDepth) throw new Refusal('svg_too_deep')
    }
  }
  if (root === undefined || open.length > 0) throw new Refusal('svg_broken')
  return { root, kept }
}

function opening(source: string, from: number, outer: Scope, depth: number): { element: XmlElement; tag: string; scope: Scope; empty: boolean } {
  startTag.lastIndex = from
  const match = startTag.exec(source)
  if (match === null) throw new Refusal('svg_broken')
  const tag = match[1] as string
  let at = from + match[0].length
  const attributes = new Map<string, string>()
  const declared = new Map<string, string>()
  for (;;) {
    attribute.lastIndex = at
    const found = attribute.exec(source)
    if (found === null) break
    const held = decoded(found[2] ?? found[3] ?? '')
    const key = found[1] as string
    if (attributes.has(key)) throw new Refusal('svg_broken')
    attributes.set(key, held)
    if (key === 'xmlns') declared.set('', held)
    else if (key.startsWith('xmlns:')) declared.set(key.slice(6), held)
    at += found[0].length
  }
  const close = /\s*(\/?)>/y
  close.lastIndex = at
  const closed = close.exec(source)
  if (closed === null) throw new Refusal('svg_broken')
  at += closed[0].length
  const colon = tag.indexOf(':')
  const prefix = colon < 0 ? '' : tag.slice(0, colon)
  const scope = declared.size === 0 ? outer : { own: declared, outer }
  const namespace = lookUp(scope, prefix)
  if (namespace === undefined && prefix !== '') throw new Refusal('svg_broken')
  return { tag, scope, empty: closed[1] === '/', element: { namespace: namespace ?? '', local: tag.slice(colon + 1), attributes, text: '', from, opened: at, to: -1, depth } }
}

/** A DOCTYPE may name a public identifier, as SVG files do, but declare nothing: declarations are how entities get in. */
function doctype(source: string, at: number, tooLate: boolean): number {
  if (tooLate || !/^<!DOCTYPE\s/i.test(source.slice(at, at + 10))) throw new Refusal('svg_broken')
  const end = source.indexOf('>', at)
  if (end < 0) throw new Refusal('svg_broken')
  if (source.slice(at, end).includes('[')) throw new Refusal('svg_entities')
  return end + 1
}

function after(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from)
  if (at < 0) throw new Refusal('svg_broken')
  return at + mark.length
}

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decoded(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&\s]{1,10});|&/g, (whole, entity: string | undefined) => {
    if (entity === undefined) throw new Refusal('svg_broken')
    const character = entity.startsWith('#x') ? Number.parseInt(entity.slice(2), 16) : entity.startsWith('#') ? Number.parseInt(entity.slice(1), 10) : undefined
    if (character !== undefined) {
      if (!Number.isInteger(character) || character < 1 || character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff)) throw new Refusal('svg_broken')
      return String.fromCodePoint(character)
    }
    const known = Object.hasOwn(predefined, entity) ? predefined[entity] : undefined
    if (known === undefined) throw new Refusal('svg_entities')
    return known ?? whole
  })
}
