/**
 * Links inside the project: every relative link of a Markdown file must lead to a file, and its fragment to a heading; every
 * document under docs/ that a comment in the code names must exist.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { root } from './run-tests.ts'

export interface BrokenLink {
  readonly path: string
  readonly line: number
  readonly link: string
}

/** Checks files given as path -> text; `exists` says whether a path (relative to the root) is there. */
export function checkLinks(files: ReadonlyMap<string, string>, exists: (path: string) => boolean): readonly BrokenLink[] {
  const broken: BrokenLink[] = []
  for (const [path, text] of files) {
    for (const { line, link } of path.endsWith('.md') ? markdownLinks(text) : documentNames(text)) {
      const [file = '', fragment] = link.split('#')
      const target = file === '' ? path : path.endsWith('.md') ? normalize(join(dirname(path), decodeURI(file))) : file
      const there = exists(target)
      const headings = there && fragment !== undefined && target.endsWith('.md') ? slugs(files.get(target) ?? '') : undefined
      if (!there || (headings && !headings.has(fragment ?? ''))) broken.push({ path, line, link })
    }
  }
  return broken
}

function markdownLinks(text: string): { line: number; link: string }[] {
  return withoutCode(text).flatMap((content, index) =>
    [...content.matchAll(/\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s*(\S+)|(?:src|href)="([^"]+)"/g)]
      .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
      .filter((link) => !/^(?:[a-z][a-z0-9+.-]*:|\/\/|\/)/i.test(link))
      .map((link) => ({ line: index + 1, link })),
  )
}

function documentNames(text: string): { line: number; link: string }[] {
  return text.split('\n').flatMap((content, index) => [...content.matchAll(/(?<![\w./-])docs\/[\w./-]+\.md(?:#[\w-]+)?/g)].map((match) => ({ line: index + 1, link: match[0] })))
}

/** The lines of a Markdown file, with fenced code and code spans emptied. */
function withoutCode(text: string): string[] {
  let fenced = false
  return text.split('\n').map((line) => {
    if (/^\s*(?:```|~~~)/.test(line)) {
      fenced = !fenced
      return ''
    }
    return fenced ? '' : line.replace(/`[^`]*`/g, (code) => ' '.repeat(code.length))
  })
}

/** The fragments of a file's headings, as GitHub makes them: lower case, punctuation dropped, blanks to hyphens. */
function slugs(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const out = new Set<string>()
  let fenced = false
  for (const line of text.split('\n')) {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced
    const heading = fenced ? undefined : /^#{1,6}\s+(.+?)\s*#*$/.exec(line)?.[1]
    const id = /<a (?:id|name)="([^"]+)"/.exec(line)?.[1]
    if (id) out.add(id)
    if (heading === undefined) continue
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
      .replace(/\s/g, '-')
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    out.add(times === 0 ? slug : `${slug}-${times}`)
  }
  return out
}

export function projectDocuments(): ReadonlyMap<string, string> {
  const top = readdirSync(root).filter((name) => name.endsWith('.md'))
  const below = ['docs', 'src', 'test', 'scripts', 'bench', 'examples', 'clients', 'fixtures'].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && /\.(?:md|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts') && !entry.parentPath.includes('node_modules'))
          .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      : [],
  )
  return new Map([...top, ...below].map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

if (import.meta.main) {
  const broken = checkLinks(projectDocuments(), (path) => existsSync(join(root, path)))
  for (const one of broken) console.error(`${one.path}:${one.line}  ${one.link} leads nowhere`)
  if (broken.length > 0) process.exitCode = 1
}
