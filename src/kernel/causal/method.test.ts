/** The kernel's functions and what is written about them belong together. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

/** What the door lets out beside types: name and file. */
const functions = [...read('./index.ts').matchAll(/export \{([^}]*)\} from '([^']+)'/g)].flatMap(([, names, file]) =>
  names!
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => ({ name, file: file! })),
)

/** The comment before an exported name. */
function docstringOf({ name, file }: (typeof functions)[number]): string {
  const text = read(file)
  const at = text.search(new RegExp(`^export (?:async )?(?:function|const) ${name}\\b`, 'm'))
  assert.ok(at >= 0, `${file} has no ${name}`)
  const before = text.slice(0, at).trimEnd()
  return before.endsWith('*/') ? before.slice(before.lastIndexOf('/**')) : ''
}

/** In code, since names like `pool` and `rate` are words, too. */
const codeIn = (page: string): string => [...page.matchAll(/```[^]*?```|`[^`\n]+`/g)].map(([code]) => code).join('\n')
const named = (page: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(codeIn(page))

test('docs/method.md names every function of laurel/causal', () => {
  const method = read('../../../docs/method.md')
  assert.ok(functions.length > 70, String(functions.length))
  assert.deepEqual(functions.filter(({ name }) => !named(method, name)).map(({ name }) => name), [])
  assert.equal(named(method.replaceAll('lmLinPasses', ''), 'lmLinPasses'), false)
})

test('every function says what it is, and one with a formula says where that comes from and what pins it', () => {
  const wanting = functions.flatMap((one) => {
    const text = docstringOf(one)
    if (text === '') return [`${one.name}: no docstring`]
    const formula = /^ \* {3}\S/m.test(text)
    if (!formula) return []
    return [
      ...(/Source\b|[Ss]ource and pins as/.test(text) ? [] : [`${one.name}: no source`]),
      ...(/[Pp]inned\b|pins as/.test(text) ? [] : [`${one.name}: not pinned`]),
    ]
  })
  assert.deepEqual(wanting, [])
})
