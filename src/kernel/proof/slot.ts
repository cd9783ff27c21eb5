import { isObject, type Json, type JsonObject } from './json.ts'

/**
 * A document taken apart into what stays and what varies: the same members, lengths and constants, and texts in the places called slots.
 */
export interface Skeleton {
  readonly document: JsonObject
  /** JSON pointers of the slots, in the order of the document. */
  readonly pointers: readonly string[]
  /** The texts in the slots of a document with this skeleton, or undefined when the document has another one. */
  readonly valuesOf: (document: JsonObject) => string[] | undefined
  /** The JSON text of the document with these texts in its slots, without the closing brace. */
  readonly jsonOf: (values: readonly string[]) => string
  /** The document with these texts in its slots. */
  readonly fill: (values: readonly string[]) => JsonObject
}

type Part =
  | { readonly kind: 'fixed'; readonly value: Json }
  | { readonly kind: 'slot' }
  | { readonly kind: 'list'; readonly members: readonly Part[] }
  | { readonly kind: 'object'; readonly names: readonly string[]; readonly members: readonly Part[] }

/**
 * The skeleton of a document.
 *
 * @param varying  JSON pointers of what varies, `*` for any member of a list or object: `/credentialSubject/result/*​/value`. Places that the document
 *                 does not have, or that hold no text, are no slots of it.
 */
export function skeletonOf(document: JsonObject, varying: readonly string[]): Skeleton {
  const patterns = varying.map((pointer) => pointer.split('/').slice(1))
  const pointers: string[] = []
  const root = part(document, patterns, '', pointers)
  const pieces = piecesOf(root)
  pieces.push((pieces.pop() as string).slice(0, -1))
  return Object.freeze({
    document,
    pointers: Object.freeze(pointers),
    valuesOf: (other: JsonObject) => {
      const values: string[] = []
      return fits(root, other, values) ? values : undefined
    },
    jsonOf: (values: readonly string[]) => {
      let text = pieces[0] as string
      for (let i = 0; i < values.length; i++) text += JSON.stringify(values[i]) + (pieces[i + 1] as string)
      return text
    },
    fill: (values: readonly string[]) => {
      let at = 0
      return filled(root, () => values[at++] as string) as JsonObject
    },
  })
}

/**
 * A number that documents of one shape share: names, lengths and kinds go in, texts do not. Different shapes may share it too, seldom.
 */
export function shapeOf(value: Json, seed = 0): number {
  if (typeof value !== 'object' || value === null) return Math.imul(seed ^ (typeof value === 'string' ? 1 : 2), 0x01000193)
  let hash = seed
  if (Array.isArray(value)) {
    hash = Math.imul(hash ^ (value.length + 8), 0x01000193)
    for (const member of value as readonly Json[]) hash = shapeOf(member, hash)
    return hash
  }
  for (const name in value as JsonObject) {
    hash = Math.imul(hash ^ (name.length * 31 + name.charCodeAt(0)), 0x01000193)
    hash = shapeOf((value as JsonObject)[name] as Json, hash)
  }
  return Math.imul(hash ^ 4, 0x01000193)
}

function part(value: Json, patterns: readonly (readonly string[])[], pointer: string, pointers: string[]): Part {
  if (patterns.length === 0) return { kind: 'fixed', value }
  if (typeof value === 'string' && patterns.some((pattern) => pattern.length === 0)) {
    pointers.push(pointer)
    return { kind: 'slot' }
  }
  if (typeof value !== 'object' || value === null) return { kind: 'fixed', value }
  const below = (name: string) =>
    patterns.filter((pattern) => pattern.length > 0 && (pattern[0] === '*' || pattern[0] === escaped(name))).map((pattern) => pattern.slice(1))
  const before = pointers.length
  const names = Array.isArray(value) ? value.map((_, i) => String(i)) : Object.keys(value)
  const members = names.map((name) => part((value as { readonly [name: string]: Json })[name] as Json, below(name), `${pointer}/${escaped(name)}`, pointers))
  if (pointers.length === before) return { kind: 'fixed', value }
  return Array.isArray(value) ? { kind: 'list', members } : { kind: 'object', names, members }
}

/** RFC 6901 §3. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function fits(part: Part, value: Json | undefined, values: string[]): boolean {
  switch (part.kind) {
    case 'fixed':
      return isSame(part.value, value)
    case 'slot':
      if (typeof value !== 'string') return false
      values.push(value)
      return true
    case 'list': {
      if (!Array.isArray(value) || value.length !== part.members.length) return false
      for (let i = 0; i < part.members.length; i++) if (!fits(part.members[i] as Part, value[i] as Json, values)) return false
      return true
    }
    case 'object': {
      if (!isObject(value) || count(value) !== part.names.length) return false
      for (let i = 0; i < part.names.length; i++) {
        const name = part.names[i] as string
        if (!Object.hasOwn(value, name) || !fits(part.members[i] as Part, value[name], values)) return false
      }
      return true
    }
  }
}

/** Equal as JSON, whatever the order of members. Documents of one batch usually share the very objects that stay the same. */
function isSame(a: Json, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((member, i) => isSame(member as Json, b[i] as Json))
  if (!isObject(a) || !isObject(b) || count(a) !== count(b)) return false
  for (const name in a) if (!Object.hasOwn(b, name) || !isSame(a[name] as Json, b[name])) return false
  return true
}

function count(object: JsonObject): number {
  let members = 0
  for (const _ in object) members++
  return members
}

/** The JSON text around the slots: one piece more than there are slots. */
function piecesOf(root: Part): string[] {
  const pieces = ['']
  const add = (text: string) => (pieces[pieces.length - 1] += text)
  const write = (part: Part): void => {
    switch (part.kind) {
      case 'fixed':
        add(JSON.stringify(part.value))
        return
      case 'slot':
        pieces.push('')
        return
      case 'list':
      case 'object':
        add(part.kind === 'list' ? '[' : '{')
        part.members.forEach((member, i) => {
          if (i > 0) add(',')
          if (part.kind === 'object') add(`${JSON.stringify(part.names[i])}:`)
          write(member)
        })
        add(part.kind === 'list' ? ']' : '}')
    }
  }
  write(root)
  return pieces
}

function filled(part: Part, next: () => string): Json {
  switch (part.kind) {
    case 'fixed':
      return part.value
    case 'slot':
      return next()
    case 'list':
      return part.members.map((member) => filled(member, next))
    case 'object':
      return Object.fromEntries(part.names.map((name, i) => [name, filled(part.members[i] as Part, next)]))
  }
}
