import { fault } from './faults.ts'
import type { Json } from './json.ts'

/** Arrays and objects inside one another beyond this are refused: deeper recursion would meet the engine's stack. Documents from outside end at 64. */
const deepest = 512

/**
 * The canonical JSON text of a value.
 *
 * Members sorted by their names' UTF-16 code units, no white space, strings and numbers as ECMAScript writes them.
 *
 * @throws Fault `proof.not_canonical_json` for lone surrogates, numbers that are not finite, and nesting beyond 512; TypeError for what is not JSON
 * Source: RFC 8785. Pinned by its test data (`standards/jcs`).
 */
export function canonicalJson(value: Json): string {
  return write(value, 0)
}

function write(value: Json, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
      if (!Number.isFinite(value)) throw fault.not_canonical_json({ reason: 'it has a number that is not finite' })
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      break
    default:
      throw new TypeError(`not JSON: ${typeof value}`)
  }
  if (value === null) return 'null'
  if (depth === deepest) throw fault.not_canonical_json({ reason: `it is nested more than ${deepest} deep` })
  if (Array.isArray(value)) {
    let text = '['
    for (let i = 0; i < value.length; i++) text += (i === 0 ? '' : ',') + write(value[i] as Json, depth + 1)
    return text + ']'
  }
  const object = value as { readonly [key: string]: Json }
  let text = '{'
  // Array.prototype.sort compares UTF-16 code units, as RFC 8785 §3.2.3 asks.
  for (const name of Object.keys(object).sort()) text += `${text.length === 1 ? '' : ','}${quote(name)}:${write(object[name] as Json, depth + 1)}`
  return text + '}'
}

function quote(text: string): string {
  if (!text.isWellFormed()) throw fault.not_canonical_json({ reason: 'it has a text with half a character (a lone surrogate)' })
  return JSON.stringify(text)
}
