/**
 * Reads TypeScript as far as a fence needs it: where comments and strings are, and what is imported from where.
 *
 * It is a scanner, not a parser: comments, the insides of strings and of regular expressions become spaces of the same length, so that a
 * pattern that matches in `code` matches code, at the same offset as in the file.
 */

export interface StringFound {
  /** Offset of the opening quote. */
  readonly at: number
  readonly text: string
  /** The tag of a template (`sql` in sql`...`), or undefined. */
  readonly tag: string | undefined
  /** False for a template with `${}` in it; its text then has a blank in each of these places. */
  readonly whole: boolean
}

export interface ImportFound {
  readonly at: number
  readonly kind: 'static' | 'effect' | 'dynamic' | 'reexport'
  /** Undefined when a dynamic import computes its target. */
  readonly from: string | undefined
  /** The names taken, without `type` and without what they are renamed to; values and types apart. */
  readonly values: readonly string[]
  readonly types: readonly string[]
}

export interface Source {
  readonly code: string
  readonly strings: readonly StringFound[]
  readonly imports: readonly ImportFound[]
}

export function readSource(text: string): Source {
  const { code, strings } = scan(text)
  return { code, strings, imports: readImports(code, strings) }
}

/** Line of an offset, from 1. */
export function lineAt(text: string, at: number): number {
  let line = 1
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) line++
  return line
}

const wordsBeforeRegex = /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield|instanceof)$/

function scan(text: string): { code: string; strings: StringFound[] } {
  const strings: StringFound[] = []
  let code = ''
  let i = 0
  // Each open `${` remembers the template around it and how deep the braces were.
  const open: { at: number; tag: string | undefined; parts: string[]; depth: number }[] = []
  let depth = 0

  const blank = (from: number, to: number) => {
    code += text.slice(from, to).replace(/[^\n]/g, ' ')
  }
  // Reads a template's text from `i` to its end or to the next `${`.
  const template = (one: { at: number; tag: string | undefined; parts: string[] }) => {
    const from = i
    while (i < text.length && text[i] !== '`' && !(text[i] === '$' && text[i + 1] === '{')) i += text[i] === '\\' ? 2 : 1
    one.parts.push(text.slice(from, i))
    blank(from, Math.min(i, text.length))
    if (text[i] === '`') {
      strings.push({ at: one.at, text: one.parts.join(' '), tag: one.tag, whole: one.parts.length === 1 })
      code += '`'
      i++
    } else if (i < text.length) {
      open.push({ ...one, depth: depth++ })
      code += '${'
      i += 2
    }
  }

  while (i < text.length) {
    const c = text[i]!
    if (c === '/' && text[i + 1] === '/') {
      const end = text.indexOf('\n', i)
      const to = end === -1 ? text.length : end
      blank(i, to)
      i = to
    } else if (c === '/' && text[i + 1] === '*') {
      const end = text.indexOf('*/', i + 2)
      const to = end === -1 ? text.length : end + 2
      blank(i, to)
      i = to
    } else if (c === "'" || c === '"') {
      const from = i++
      while (i < text.length && text[i] !== c && text[i] !== '\n') i += text[i] === '\\' ? 2 : 1
      strings.push({ at: from, text: text.slice(from + 1, i), tag: undefined, whole: true })
      code += c
      blank(from + 1, i)
      if (text[i] === c) {
        code += c
        i++
      }
    } else if (c === '`') {
      const at = i++
      const tag = tagBefore(code)
      code += '`'
      template({ at, tag, parts: [] })
    } else if (c === '/' && regexMayStart(code)) {
      const from = i++
      let inClass = false
      while (i < text.length && text[i] !== '\n' && (inClass || text[i] !== '/')) {
        if (text[i] === '[') inClass = true
        else if (text[i] === ']') inClass = false
        i += text[i] === '\\' ? 2 : 1
      }
      if (text[i] === '/') i++
      blank(from, i)
    } else {
      const around = open.at(-1)
      if (c === '{') depth++
      if (c === '}') depth--
      code += c
      i++
      if (c === '}' && around && depth === around.depth) {
        open.pop()
        template(around)
      }
    }
  }
  return { code, strings }
}

function regexMayStart(code: string): boolean {
  const before = code.trimEnd()
  if (before === '') return true
  const last = before.at(-1)!
  if ('(,=:[!&|?{};+-*%~^<>'.includes(last)) return true
  return /\w/.test(last) && wordsBeforeRegex.test(before.slice(-16))
}

/** The tag in front of a template, past its type arguments: `sql` in `sql<Row>` and in `db.sql`. */
function tagBefore(code: string): string | undefined {
  let end = code.length
  if (code[end - 1] === '>') {
    let angle = 0
    while (end > 0) {
      const c = code[--end]
      if (c === '>' && code[end - 1] !== '=') angle++
      else if (c === '<' && --angle === 0) break
    }
  }
  return /([A-Za-z_$][\w$]*)$/.exec(code.slice(Math.max(0, end - 60), end))?.[1]
}

const importPatterns: readonly (readonly [kind: ImportFound['kind'], pattern: RegExp])[] = [
  ['static', /(?<![.\w$])import\s+(?<clause>[\w\s{},*$]*?)\s*\bfrom\s*(?=['"])/g],
  ['reexport', /(?<![.\w$])export\s+(?<clause>(?:type\s+)?[\w\s{},*$]*?)\s*\bfrom\s*(?=['"])/g],
  ['effect', /(?<![.\w$])import\s*(?=['"])/g],
  ['dynamic', /(?<![.\w$])(?:import|require)\s*\(\s*/g],
]

function readImports(code: string, strings: readonly StringFound[]): ImportFound[] {
  const quoteAt = new Map(strings.map((one) => [one.at, one]))
  const found: ImportFound[] = []
  for (const [kind, pattern] of importPatterns) {
    for (const match of code.matchAll(pattern)) {
      const target = quoteAt.get(match.index + match[0].length)
      found.push({ at: match.index, kind, from: target?.whole ? target.text : undefined, ...namesIn(match.groups?.['clause'] ?? '') })
    }
  }
  return found.toSorted((a, b) => a.at - b.at)
}

function namesIn(clause: string): { values: string[]; types: string[] } {
  const allTypes = /^type\s+[\w{*]/.test(clause)
  const values: string[] = []
  const types: string[] = []
  for (const part of clause.replace(/^type\s+/, '').replace(/[{}]/g, ',').split(',')) {
    const name = /^(?<type>type\s+)?(?<name>[\w$]+|\*)/.exec(part.trim())
    if (name?.groups?.['name']) (allTypes || name.groups['type'] ? types : values).push(name.groups['name'])
  }
  return { values, types }
}
