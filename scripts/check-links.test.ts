import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkLinks } from './check-links.ts'

const broken = (files: Readonly<Record<string, string>>) => {
  const map = new Map(Object.entries(files))
  return checkLinks(map, (path) => map.has(path) || path === 'docs').map((one) => `${one.path}:${one.line} ${one.link}`)
}

test('links that lead somewhere pass, and so do addresses and examples in code', () => {
  const files = {
    'README.md': 'See [the tutorial](docs/tutorial/first.md#step-1-start), [docs](docs), [here](#what-it-is).\n# What it is?\n[web](https://example.org) `[x](gone.md)`\n```\n[x](gone.md)\n```',
    'docs/tutorial/first.md': '# First\n## Step 1: start\nback to [the top](../../README.md)',
    'src/kernel/a.ts': '/** @see docs/tutorial/first.md#first */',
  }
  assert.deepEqual(broken(files), [])
})

test('a missing file, a missing heading and a document that only a comment names are found with their line', () => {
  const files = {
    'README.md': '# A\n\n[gone](docs/gone.md)\n[no heading](docs/b.md#c) [own](#b)\n<img src="docs/gone.svg">',
    'docs/b.md': '# B\n```\n# c\n```',
    'src/kernel/a.ts': '// see docs/method.md#itt',
  }
  assert.deepEqual(broken(files), ['README.md:3 docs/gone.md', 'README.md:4 docs/b.md#c', 'README.md:4 #b', 'README.md:5 docs/gone.svg', 'src/kernel/a.ts:1 docs/method.md#itt'])
})
