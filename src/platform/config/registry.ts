/**
 * Registries of issuers that the operator trusts, from a file:
 *
 *     [{ "registry": "Board of Education", "issuers": [{ "id": "did:web:school.example", "name": "School" }] }]
 *
 * A credential of an issuer in one of them is called trusted, under the name that the registry gives, not the one that the credential gives itself.
 */
import { readFileSync } from 'node:fs'

export interface Registry {
  readonly name: string
  /** The registry's own name for each issuer, by its id. */
  readonly issuers: ReadonlyMap<string, string | undefined>
}

/** The registries, or what is wrong with the file in half a sentence. */
export function readRegistries(path: string): readonly Registry[] | string {
  let read: unknown
  try {
    read = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return error instanceof SyntaxError ? 'it is not JSON.' : 'it cannot be read.'
  }
  const registries: Registry[] = []
  for (const one of Array.isArray(read) ? (read as unknown[]) : [read]) {
    const { registry, issuers } = recordOf(one)
    if (typeof registry !== 'string' || registry.trim() === '' || !Array.isArray(issuers)) return 'each registry has a name (“registry”) and a list of “issuers”.'
    const listed = new Map<string, string | undefined>()
    for (const issuer of issuers as unknown[]) {
      const { id, name } = recordOf(issuer)
      if (typeof id !== 'string' || !/^(did:[a-z0-9]+:|https:\/\/)\S+$/.test(id)) return `an issuer of “${registry}” has no DID and no https address as its “id”.`
      if (name !== undefined && typeof name !== 'string') return `the name of ${id} is not a text.`
      if (listed.has(id)) return `${id} stands twice in “${registry}”.`
      listed.set(id, name)
    }
    registries.push(Object.freeze({ name: registry, issuers: listed }))
  }
  return Object.freeze(registries)
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {})
