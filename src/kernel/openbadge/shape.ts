/**
 * Walks a JSON value along the class tables and says where it departs from them.
 */
import { classes, vocabularies, type BadgeClass, type Property } from './classes.ts'
import { finding, type LintFinding } from './finding.ts'
import { instantOf, isDate, isDateTime, isUrl } from './instant.ts'
import { isObject, under, type Json, type JsonObject } from './json.ts'

export interface ShapeOptions {
  /** Data model 1.1 let a single value stand for a list of types. */
  readonly singleTypes: boolean
  /** Refuse properties that the tables do not name, also in classes that are open. */
  readonly closed: boolean
}

const specified: ShapeOptions = { singleTypes: false, closed: false }

/** Properties that any node may carry whatever its class says. */
const everywhere = new Set(['@context', 'id', 'type'])

const primitives: Readonly<Record<string, readonly [wanted: string, holds: (value: Json) => boolean]>> = {
  String: ['a text', isText],
  Markdown: ['a text', isText],
  URI: ['one absolute address', (v) => isText(v) && isUrl(v)],
  DateTimeZ: ['a date and time with a time zone', (v) => isText(v) && instantOf(v) !== undefined],
  // The table says DateTime and the context says xsd:date for the activity dates; both are seen in the field.
  DateTime: ['a date and time', (v) => isText(v) && (isDateTime(v) || isDate(v))],
  Date: ['a date', (v) => isText(v) && isDate(v)],
  Float: ['a number', (v) => typeof v === 'number'],
  Boolean: ['true or false', (v) => typeof v === 'boolean'],
  EmailAddress: ['an e-mail address', (v) => isText(v) && /^[^\s@]+@[^\s@]+$/.test(v)],
  PhoneNumber: ['a telephone number', (v) => isText(v) && /\d/.test(v)],
  // BCP 47 in outline (RFC 5646 §2.1): subtags of 1 to 8 letters or digits, the first of letters.
  LanguageCode: ['a language tag such as en-GB', (v) => isText(v) && /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(v)],
  CountryCode: ['a country code of two letters', (v) => isText(v) && /^[A-Z]{2}$/.test(v)],
  CompactJws: ['a compact JWS', (v) => isText(v) && /^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+$/.test(v)],
  Context: ['an address or an object', (v) => isText(v) || isObject(v)],
}

function isText(value: Json): value is string {
  return typeof value === 'string'
}

/** Findings of rule `schema` for a value that should be of a class. */
export function checkShape(value: Json, className: string, pointer = '', options: ShapeOptions = specified): LintFinding[] {
  const found: LintFinding[] = []
  const badgeClass = classes.get(className)
  if (badgeClass === undefined) throw new TypeError(`no class ${className}`)
  walk(value, badgeClass, pointer, options, found)
  return found
}

function walk(value: Json, badgeClass: BadgeClass, pointer: string, options: ShapeOptions, found: LintFinding[]): void {
  if (!isObject(value)) {
    found.push(finding('wrong_kind', pointer, { name: last(pointer), wanted: 'an object' }))
    return
  }
  walkType(value, badgeClass, pointer, options, found)
  for (const property of badgeClass.properties.values()) {
    const held = Object.hasOwn(value, property.name) ? value[property.name] : undefined
    if (held === undefined) {
      if (property.occurs.startsWith('1')) found.push(finding('missing', under(pointer, property.name), { name: property.name }))
    } else walkProperty(held, property, under(pointer, property.name), options, found)
  }
  for (const [name, held] of Object.entries(value)) {
    if (badgeClass.properties.has(name) || everywhere.has(name)) continue
    if (!badgeClass.open || options.closed) found.push(finding('unknown_property', under(pointer, name), { name }))
    else walkUnknown(held, under(pointer, name), found)
  }
}

function walkType(value: JsonObject, badgeClass: BadgeClass, pointer: string, options: ShapeOptions, found: LintFinding[]): void {
  if (badgeClass.typed === 'none') return
  const at = under(pointer, 'type')
  const held = Object.hasOwn(value, 'type') ? value['type'] : undefined
  if (held === undefined) {
    found.push(finding('missing', at, { name: 'type' }))
    return
  }
  const many = Array.isArray(held)
  const types = (many ? held : [held]) as readonly Json[]
  if (!types.every(isText)) found.push(finding('wrong_kind', at, { name: 'type', wanted: 'a text or a list of texts' }))
  else if (badgeClass.typed === 'list' && !many && !options.singleTypes) found.push(finding('not_a_list', at, { name: 'type' }, held))
  else if (badgeClass.typed === 'one' && many && !options.singleTypes) found.push(finding('is_a_list', at, { name: 'type' }))
  else if (badgeClass.types.length > 0 && !badgeClass.types.some((wanted) => types.includes(wanted))) found.push(finding('wrong_type', at, { wanted: badgeClass.types.join(' or ') }, types[0] as Json))
}

function walkProperty(held: Json, property: Property, pointer: string, options: ShapeOptions, found: LintFinding[]): void {
  const name = property.name
  if (held === null) {
    found.push(finding('null_value', pointer, { name }))
    return
  }
  const many = property.occurs.endsWith('*')
  if (!Array.isArray(held)) {
    if (many && !property.compact) found.push(name === 'proof' ? finding('proof_not_list', pointer) : finding('not_a_list', pointer, { name }, held))
    walkValue(held, property, pointer, options, found)
    return
  }
  const items = held as readonly Json[]
  if (!many && !property.compact) found.push(finding('is_a_list', pointer, { name }))
  else if (items.length === 0) found.push(finding('empty_list', pointer, { name }))
  else items.forEach((item, at) => { walkValue(item, property, under(pointer, at), options, found) })
}

function walkValue(value: Json, property: Property, pointer: string, options: ShapeOptions, found: LintFinding[]): void {
  const { name, kind } = property
  if (value === null) found.push(finding('null_value', pointer, { name }))
  else if (kind === 'ProfileRef') {
    if (isText(value)) walkPrimitive(value, name, 'URI', pointer, found)
    else walkClass(value, 'Profile', pointer, options, found)
  } else if (Object.hasOwn(primitives, kind)) walkPrimitive(value, name, kind, pointer, found)
  else if (Object.hasOwn(vocabularies, kind)) walkTerm(value, name, kind, pointer, found)
  else if (kind === 'EndorsementCredential') walkClass(value, endorsementClass(value), pointer, options, found)
  else walkClass(value, kind, pointer, options, found)
}

/** An embedded endorsement follows the data model that its own context names. */
function endorsementClass(value: Json): string {
  return isObject(value) && Object.hasOwn(value, 'issuanceDate') && !Object.hasOwn(value, 'validFrom') ? 'EndorsementCredential1' : 'EndorsementCredential'
}

function walkClass(value: Json, className: string, pointer: string, options: ShapeOptions, found: LintFinding[]): void {
  walk(value, classes.get(className) as BadgeClass, pointer, options, found)
}

function walkPrimitive(value: Json, name: string, kind: string, pointer: string, found: LintFinding[]): void {
  const [wanted, holds] = primitives[kind] as (typeof primitives)[string]
  if (!holds(value)) found.push(finding('wrong_kind', pointer, { name, wanted }, value))
}

function walkTerm(value: Json, name: string, kind: string, pointer: string, found: LintFinding[]): void {
  const { terms, extensible } = vocabularies[kind] as (typeof vocabularies)[string]
  // "ext:" and a name, as the specification's naming convention for extended enumerations has it.
  const known = isText(value) && (terms.has(value) || (extensible && /^ext:[A-Za-z0-9._:-]+$/.test(value)))
  if (!known) found.push(finding('not_in_vocabulary', pointer, { name, wanted: [...terms].join(', ') }, value))
}

/** In properties of extensions nothing is known but that there are no nulls and no empty lists (Open Badges 3.0, "Serialization"). */
function walkUnknown(value: Json, pointer: string, found: LintFinding[]): void {
  if (value === null) found.push(finding('null_value', pointer, { name: last(pointer) }))
  else if (Array.isArray(value)) {
    if (value.length === 0) found.push(finding('empty_list', pointer, { name: last(pointer) }))
    ;(value as readonly Json[]).forEach((item, at) => { walkUnknown(item, under(pointer, at), found) })
  } else if (isObject(value)) for (const [name, held] of Object.entries(value)) walkUnknown(held, under(pointer, name), found)
}

function last(pointer: string): string {
  return pointer === '' ? 'The document' : pointer.slice(pointer.lastIndexOf('/') + 1)
}
