/**
 * Members of a credential that no published vocabulary names: those that only a context which gives a meaning to everything would let pass.
 *
 * With Data Integrity such a member is at least expanded and signed as a statement; what goes into an envelope is never expanded, so a misspelt
 * member would go out as it is. The VC-JOSE-COSE suite wants it refused where the credential itself has it (research/credentials.md 3.5, trap 6).
 */
import { isObject, listOf, type ContextSource, type Json, type JsonObject } from '#kernel/openbadge'

export function unknownMembers(credential: JsonObject, contexts: ContextSource): readonly string[] {
  const known = new Set<string>(['@context'])
  for (const entry of listOf(credential['@context'])) {
    for (const one of contextsIn(typeof entry === 'string' ? contexts(entry)?.['@context'] : entry)) take(one, known)
  }
  return Object.keys(credential).filter((name) => !known.has(name))
}

/** The terms of a context, and those that it gives to a thing of the types that a credential has. */
function take(context: JsonObject, known: Set<string>): void {
  for (const [name, meaning] of Object.entries(context)) {
    known.add(name)
    if (/Credential$/.test(name) && isObject(meaning)) for (const inner of contextsIn(meaning['@context'])) for (const term of Object.keys(inner)) known.add(term)
  }
}

const contextsIn = (value: Json | undefined): readonly JsonObject[] => listOf(value).filter(isObject)
