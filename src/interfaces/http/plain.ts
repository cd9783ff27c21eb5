/** What came from outside, before and after its schema: text that can be kept, and what is wrong with it in words. */
import type { z } from 'zod'
import type { Finding } from '#kernel/fault'

/** Deeper than any document we know; deeper JSON is made to exhaust parsers (research/reliability.md 7). */
const deepest = 64

type Where = 'body' | 'query' | 'path' | 'header'

/**
 * Text that PostgreSQL cannot keep (NUL) or that is no text (a half surrogate), names that reach into JavaScript's own objects, and nesting
 * beyond 64, with the place of each as a JSON pointer (RFC 6901).
 */
export function checkPlain(value: unknown, where: Where): readonly Finding[] {
  const findings: Finding[] = []
  const tell = (path: readonly string[], code: string, says: string) => findings.push({ code, sentence: `${nameOf(path, where)}: ${says}`, pointer: pointerOf(path) })
  const text = (path: readonly string[], one: string) => {
    if (one.includes('\0')) tell(path, 'http.nul', 'a NUL character cannot be kept.')
    if (!one.isWellFormed()) tell(path, 'http.half_character', 'it has half a character in it (a lone surrogate).')
  }
  const walk = (one: unknown, path: readonly string[]): void => {
    if (typeof one === 'string') return text(path, one)
    if (one === null || typeof one !== 'object') return
    if (path.length >= deepest) return void tell(path, 'http.too_deep', `it is nested deeper than ${deepest}.`)
    if (Array.isArray(one)) return one.forEach((inner, i) => walk(inner, [...path, String(i)]))
    for (const [key, inner] of Object.entries(one)) {
      if (key === '__proto__') tell([...path, key], 'http.unknown_field', 'there is no such field.')
      text([...path, key], key)
      walk(inner, [...path, key])
    }
  }
  walk(value, [])
  return findings
}

/** What a schema found wrong, a sentence each. */
export function findingsOf(error: z.ZodError, value: unknown, where: Where): readonly Finding[] {
  return error.issues.flatMap((issue): Finding[] => {
    const path = issue.path.map(String)
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ code: 'http.unknown_field', sentence: `${nameOf([...path, key], where)}: there is no such field.`, pointer: pointerOf([...path, key]) }))
    }
    const given = at(value, path)
    const missing = given === undefined && path.length > 0
    return [
      {
        code: missing ? 'http.missing_field' : `http.${issue.code}`,
        sentence: `${nameOf(path, where)}: ${missing ? 'it is missing.' : sentenceOf(issue.message)}`,
        pointer: pointerOf(path),
        ...(typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean' ? { value: String(given).slice(0, 100) } : {}),
      },
    ]
  })
}

const sentenceOf = (message: string) => `${message.charAt(0).toLowerCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`
const nameOf = (path: readonly string[], where: Where) => (path.length === 0 ? `the ${where}` : `“${path.join('.').slice(0, 100)}”${where === 'body' ? '' : ` (${where})`}`)
const pointerOf = (path: readonly string[]) => path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((here, step) => (typeof here === 'object' && here !== null && Object.hasOwn(here, step) ? (here as Readonly<Record<string, unknown>>)[step] : undefined), value)
}
