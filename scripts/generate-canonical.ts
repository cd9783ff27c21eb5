/**
 * The kernel's short road to canonical N-Quads as JavaScript for browsers: the very files, without their types and comments, and the contexts that our credentials name. A program in
 * the page checks signatures with it (src/interfaces/look/static/check.js), so there are not two canonicalisers that could differ.
 */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { contextFor } from '#kernel/openbadge'
import { root } from './run-tests.ts'

/** In the order in which one needs the other, each with what it gives. */
const files = [
  ['json', ['isObject']],
  ['jcs', ['canonicalJson']],
  ['nquads', ['escapeIri', 'escapeLiteral']],
  ['active-context', ['derive', 'expandAddress', 'expandName', 'initialContext', 'isAbsolute', 'unusual']],
  ['expand', ['expandShort']],
] as const

/** What credentials and status lists of ours name (`contextOf` in #kernel/openbadge). */
const addresses = ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json', 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json']

export async function canonicalProgram(): Promise<string> {
  const parts = files.map(([name, gives]) => {
    const code = stripTypeScriptTypes(readFileSync(join(root, `src/kernel/proof/${name}.ts`), 'utf8'))
    return `const { ${gives.join(', ')} } = (() => {\n${bare(code)}\nreturn { ${gives.join(', ')} }\n})()\n`
  })
  const contexts = addresses.map((address) => [address, contextFor(address)])
  return `// Made by ./laurel generate from src/kernel/proof; do not edit. The kernel's own canonicaliser, for browsers.
// A fault of the kernel is here a plain error: the document is then said to be of another kind.
const fault = { not_canonical_json: ({ reason }) => new Error(reason) }
${parts.join('')}export { expandShort }
export const contexts = ${JSON.stringify(Object.fromEntries(contexts))}
`
}

/** Without imports, the word export, comments on lines of their own, and the room that types took. */
function bare(code: string): string {
  return code
    .replace(/^import .*$/gm, '')
    .replace(/^export (?=const|function)/gm, '')
    .replace(/\/\*\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/(?<=\S) {2,}(?=\S)/g, ' ')
    .replace(/\n{2,}/g, '\n')
    .trim()
}
