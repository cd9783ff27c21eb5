/**
 * Reads JSON from strangers, within limits, and refuses what two readers could understand differently.
 *
 * `JSON.parse` keeps the last of two equal keys and accepts `__proto__`; a signature made over one reading must not be shown with another
 * (RFC 8259 §4 calls the behaviour for equal names unpredictable; RFC 8785 §3.1 and I-JSON, RFC 7493 §2.3, forbid them).
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** Why a text is not acceptable JSON. A closed list. */
export const jsonFaultCodes = ['too_large', 'not_utf8', 'not_json', 'too_deep', 'too_many_values', 'duplicate_key', 'forbidden_key', 'lone_surrogate', 'number_out_of_range'] as const
export type JsonFaultCode = (typeof jsonFaultCodes)[number]

export interface JsonLimits {
  /** Bytes of UTF-8. */
  readonly bytes: number
  /** Arrays and objects inside one another; 1 is a flat object. */
  readonly depth: number
  /** Objects, arrays and scalars altogether. */
  readonly values: number
}

/** 1 MB and depth 64 are the project's bounds for every document from outside (issue 3, part 6); 200,000 values is what 1 MB of `[0,0,…` cannot exceed by much more than twice. */
export const jsonLimits: JsonLimits = Object.freeze({ bytes: 1_048_576, depth: 64, values: 200_000 })

export type JsonReading = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly code: JsonFaultCode; readonly at: number }

const forbiddenKeys = new Set(['__proto__'])
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/**
 * Parses one JSON text, or says why not and at which character.
 *
 * @param input  UTF-8 bytes (a byte order mark is accepted and dropped) or text
 * @returns the value, or a code of `jsonFaultCodes` with the offset where reading stopped
 * Follows RFC 8259, and RFC 7493 §2.1 (no lone surrogates), §2.2 (numbers within double precision), §2.3 (no duplicate names).
 */
export function readJson(input: Uint8Array | string, limits: JsonLimits = jsonLimits): JsonReading {
  const size = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength
  if (size > limits.bytes) return refuse('too_large', limits.bytes)
  let text: string
  if (typeof input === 'string') text = input.charCodeAt(0) === 0xfeff ? input.slice(1) : input
  else {
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(input)
    } catch {
      return refuse('not_utf8', 0)
    }
  }
  const scanned = scan(text, limits)
  if (scanned !== undefined) return scanned
  try {
    return { ok: true, value: JSON.parse(text) as Json }
  } catch {
    return refuse('not_json', 0)
  }
}

function refuse(code: JsonFaultCode, at: number): JsonReading {
  return { ok: false, code, at }
}

/**
 * One pass over the text for what `JSON.parse` does not tell: depth, equal keys, forbidden keys, lone surrogates, infinite numbers.
 * The grammar itself is left to `JSON.parse`, which runs afterwards on the same text; here it is enough never to miss a string or a bracket.
 */
function scan(text: string, limits: JsonLimits): JsonReading | undefined {
  // One entry per open bracket: the keys seen so far in an object, or null for an array.
  const open: (Set<string> | null)[] = []
  let values = 0
  let keyExpected = false
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === 0x22) {
      const end = closingQuote(text, at)
      if (end < 0) return refuse('not_json', at)
      const raw = text.slice(at + 1, end)
      const plain = raw.includes('\\') ? unescape(raw) : raw
      if (plain === undefined) return refuse('not_json', at)
      if (loneSurrogate.test(plain)) return refuse('lone_surrogate', at)
      const keys = open.at(-1)
      if (keyExpected && keys) {
        if (forbiddenKeys.has(plain)) return refuse('forbidden_key', at)
        if (keys.has(plain)) return refuse('duplicate_key', at)
        keys.add(plain)
        keyExpected = false
      } else if (++values > limits.values) return refuse('too_many_values', at)
      at = end
    } else if (c === 0x7b || c === 0x5b) {
      open.push(c === 0x7b ? new Set() : null)
      keyExpected = c === 0x7b
      if (open.length > limits.depth) return refuse('too_deep', at)
      if (++values > limits.values) return refuse('too_many_values', at)
    } else if (c === 0x7d || c === 0x5d) {
      if (open.pop() === undefined) return refuse('not_json', at)
      keyExpected = false
    } else if (c === 0x2c) {
      keyExpected = open.at(-1) instanceof Set
    } else if (c === 0x2d || (c >= 0x30 && c <= 0x39)) {
      let end = at + 1
      while (end < text.length && /[0-9+\-.eE]/.test(text[end] as string)) end++
      if (!Number.isFinite(Number(text.slice(at, end)))) return refuse('number_out_of_range', at)
      if (++values > limits.values) return refuse('too_many_values', at)
      at = end - 1
    } else if (c === 0x74 || c === 0x66 || c === 0x6e) {
      if (++values > limits.values) return refuse('too_many_values', at)
    }
  }
  return undefined
}

function closingQuote(text: string, opening: number): number {
  let at = text.indexOf('"', opening + 1)
  while (at > 0) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return at
    at = text.indexOf('"', at + 1)
  }
  return -1
}

function unescape(raw: string): string | undefined {
  try {
    return JSON.parse(`"${raw}"`) as string
  } catch {
    return undefined
  }
}

/** Whether a value is a plain JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as a list: an array as it is, nothing as empty, anything else as a list of one. */
export function listOf(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value]
}

/** RFC 6901: one more step on a JSON pointer. */
export function under(pointer: string, step: string | number): string {
  const text = String(step)
  // Nearly no key needs escaping, and this runs for every value of every document.
  return `${pointer}/${text.includes('~') || text.includes('/') ? text.replaceAll('~', '~0').replaceAll('/', '~1') : text}`
}

/** Freezes a JSON value and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
