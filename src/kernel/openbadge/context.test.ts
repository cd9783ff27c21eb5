import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { conformanceContextFor, contextFiles, contextFor, contextRevisions, contextUrls, isCatchAll } from './context.ts'
import type { JsonObject } from './json.ts'

const here = new URL('./contexts/', import.meta.url)
const shared = new URL('../../../../shared/fixtures/standards/contexts/', import.meta.url)

test('the vendored bytes of every context are the pinned ones, and what is imported is what those bytes say', () => {
  assert.ok(contextFiles.size >= 18)
  for (const [url, file] of contextFiles) {
    const bytes = readFileSync(new URL(file, here))
    const [revision] = contextRevisions(url) ?? []
    assert.ok(revision)
    assert.equal(createHash('sha256').update(bytes).digest('hex'), revision.sha256, file)
    assert.equal(createHash('sha384').update(bytes).digest('base64'), revision.sha384, file)
    assert.deepEqual(conformanceContextFor(url), JSON.parse(bytes.toString('utf8')), file)
  }
})

test('earlier revisions of the same address are pinned to the digests of their published bytes', { skip: existsSync(shared) ? false : 'the folder ../shared is absent' }, (t) => {
  const index = JSON.parse(readFileSync(new URL('index.json', shared), 'utf8')) as { contexts: { url: string; file: string; sha256: string }[] }
  let compared = 0
  for (const entry of index.contexts) {
    const bytes = readFileSync(new URL(entry.file, shared))
    const revision = contextRevisions(entry.url)?.find((r) => r.sha256 === entry.sha256)
    assert.ok(revision, `${entry.file} is not pinned`)
    assert.equal(createHash('sha384').update(bytes).digest('base64'), revision.sha384, entry.file)
    compared++
  }
  assert.ok(compared >= 22)
  t.diagnostic(`conformance ${JSON.stringify({ suite: 'contexts', passed: compared, aside: [] })}`)
})

test('an unknown address gives nothing, and the contexts that map every term are not for production', () => {
  assert.equal(contextFor('https://example.org/context.json'), undefined)
  assert.equal(contextFor('__proto__'), undefined)
  assert.equal(contextFor('https://www.w3.org/ns/credentials/examples/v2'), undefined)
  assert.equal(isCatchAll(conformanceContextFor('https://www.w3.org/ns/credentials/examples/v2') as JsonObject), true)
  for (const url of contextUrls) assert.equal(isCatchAll(contextFor(url) as JsonObject), false, url)
})

test('a context cannot be changed by whoever receives it', () => {
  const document = contextFor(contextUrls[0] as string) as Record<string, unknown>
  assert.throws(() => { document['@context'] = {} }, TypeError)
  assert.throws(() => { (document['@context'] as Record<string, unknown>)['name'] = 'https://example.org/name' }, TypeError)
})
