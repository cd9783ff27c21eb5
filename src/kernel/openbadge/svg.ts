/**
 * Baked SVG: the credential in one `credential` element of the Open Badges namespace, directly after the `<svg>` tag; a compact JWS in its `verify`
 * attribute, JSON as CDATA in its body (Open Badges 3.0, "Baked Badge", SVG).
 */
import { fault } from './faults.ts'
import { isCompact, type Unbaked } from './unbaked.ts'
import { readXml, type XmlElement } from './xml.ts'

const namespace = 'https://purl.imsglobal.org/ob/v3p0'
const svgNamespace = 'http://www.w3.org/2000/svg'
/** Open Badges 2.0: `<openbadges:assertion>` in the namespace of its time. */
const olderNamespaces = new Set(['http://openbadges.org', 'https://openbadges.org'])

function isBaked(ns: string, local: string): boolean {
  return (ns === namespace && local === 'credential') || (olderNamespaces.has(ns) && local === 'assertion')
}

/** Takes the credential out of a baked SVG. A second one is refused. */
export function unbakeSvg(source: string): Unbaked {
  const carrier = 'svg' as const
  const read = readXml(source, isBaked)
  if (!read.ok) return { ok: false, carrier, code: read.code }
  if (read.root.local !== 'svg' || read.root.namespace !== svgNamespace) return { ok: false, code: 'unknown_kind' }
  const [element, second] = read.kept.filter((one) => one.namespace === namespace)
  if (second !== undefined) return { ok: false, carrier, code: 'svg_several_credentials' }
  if (element === undefined) return { ok: false, carrier, code: read.kept.length > 0 ? 'open_badges_2' : 'svg_no_credential' }
  const attribute = element.attributes.get('verify')
  const body = element.text.trim()
  // Two contents in one element would let two readers show two credentials.
  if (attribute !== undefined && attribute !== '' && body !== '') return { ok: false, carrier, code: 'svg_several_credentials' }
  const text = attribute === undefined || attribute === '' ? body : attribute.trim()
  return text === '' ? { ok: false, carrier, code: 'svg_no_credential' } : { ok: true, carrier, text }
}

/**
 * Puts a credential (JSON text or compact JWS) into an SVG; one that was there before, also of Open Badges 2.0, is replaced.
 *
 * @throws Fault `openbadge.not_a_picture` when the text is no well-formed SVG
 */
export function bakeSvg(picture: string, credential: string): string {
  const read = readXml(picture, isBaked)
  if (!read.ok) throw fault.not_a_picture({ kind: 'SVG', reason: 'it is not well-formed, or declares entities.' })
  const { root } = read
  if (root.local !== 'svg' || root.namespace !== svgNamespace || root.to === root.opened) throw fault.not_a_picture({ kind: 'SVG', reason: 'it does not begin with an <svg> element that holds something.' })
  const stripped = without(picture, read.kept)
  const bound = root.attributes.get('xmlns:openbadges')
  const declared = bound === namespace
  const tagEnd = root.opened - 1
  // The specification puts the declaration on <svg>; where that prefix is taken by an older badge it goes on the element itself, which is the same XML.
  const start = bound === undefined ? `${stripped.slice(0, tagEnd)} xmlns:openbadges="${namespace}">` : stripped.slice(0, root.opened)
  const own = bound === undefined || declared ? '' : ` xmlns:openbadges="${namespace}"`
  const element = isCompact(credential)
    ? `<openbadges:credential${own} verify="${credential}"></openbadges:credential>`
    : `<openbadges:credential${own}><![CDATA[${cdata(credential)}]]></openbadges:credential>`
  return `${start}${element}${stripped.slice(root.opened)}`
}

/** The source without some elements; all of them lie inside the root, so offsets up to its start tag's end stay as they are. */
function without(source: string, elements: readonly XmlElement[]): string {
  let result = source
  for (const element of [...elements].sort((a, b) => b.from - a.from)) result = result.slice(0, element.from) + result.slice(element.to)
  return result
}

/** JSON in which no CDATA can end and no character stands that XML forbids (XML 1.0 §2.2); inside JSON these occur in strings only, where escapes mean the same. */
function cdata(json: string): string {
  return json.replaceAll(']]>', ']]\\u003e').replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
}
