/** Where the tests find the published vectors, and the contexts among them. Used by tests and benches only. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { JsonObject } from '#kernel/proof'

const folder = new URL('../../shared/fixtures/standards/', import.meta.url)

/** Options for a test that needs the vectors: it is skipped, saying so, where they are absent. */
export const needsStandards = existsSync(folder) ? {} : { skip: 'the folder shared/fixtures/standards is not here' }

export function standardText(path: string): string {
  return readFileSync(new URL(path, folder), 'utf8')
}

export function standardJson<T = JsonObject>(path: string): T {
  return JSON.parse(standardText(path)) as T
}

const loaded = new Map<string, JsonObject>()

/** The current context at an address, from the fixtures. */
export function standardContext(url: string): JsonObject | undefined {
  if (loaded.size === 0) {
    const { contexts } = standardJson<{ contexts: { url: string; file: string; current: boolean }[] }>('contexts/index.json')
    for (const one of contexts) if (one.current) loaded.set(one.url, standardJson(`contexts/${one.file}`))
  }
  return loaded.get(url)
}

/** The files below a folder of the fixtures whose names end alike, as paths for `standardJson`. */
export function standardFiles(below: string, ending: string): readonly string[] {
  return readdirSync(new URL(`${below}/`, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .map((name) => `${below}/${name}`)
}
