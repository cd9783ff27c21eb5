/** Issuing what a suite sends: the rules of the data model first, then the signature. */
import { conformanceContextFor, dataModelOf, lint, listOf, type JsonObject } from '#kernel/openbadge'
import type { Finding } from '#kernel/fault'
import type { World } from '#platform/world'
import { secure } from './secure.ts'
import { newStatusEntry } from './status.ts'
import type { Suite } from './suite.ts'
import { unknownMembers } from './unknown-members.ts'

export type Issued = { readonly ok: true; readonly credential: JsonObject } | { readonly ok: false; readonly findings: readonly Finding[] }

/**
 * @param mandatoryPointers  for selective disclosure: what the holder cannot leave out
 * @returns the secured credential, or what is wrong with the one that came
 * @throws Fault as `secure`
 */
export async function issue(needs: Pick<World, 'secrets' | 'config' | 'clock' | 'ids'>, suite: Suite, given: JsonObject, mandatoryPointers?: readonly string[]): Promise<Issued> {
  const credential = suite.status === true && given['credentialStatus'] === undefined ? withStatus(given, newStatusEntry(needs, suite)) : given
  const unknown = suite.cryptosuite === undefined ? unknownMembers(credential, conformanceContextFor) : []
  const findings: readonly Finding[] = [
    ...lint(credential, { profile: false, contexts: conformanceContextFor }).filter((one) => one.rule !== 'note'),
    ...unknown.map((name) => ({ code: 'vc-api.unknown_member', sentence: 'No published vocabulary of the credential names this member.', pointer: `/${name}` })),
  ]
  return findings.length > 0 ? { ok: false, findings } : { ok: true, credential: await secure(needs, suite, credential, mandatoryPointers) }
}

/** The terms of a status entry are part of the base context of data model 2.0; an older credential needs them named. */
function withStatus(credential: JsonObject, credentialStatus: JsonObject): JsonObject {
  const terms = dataModelOf(credential) === '1.1' ? { '@context': [...listOf(credential['@context']), 'https://www.w3.org/ns/credentials/status/v1'] } : {}
  return { ...credential, ...terms, credentialStatus }
}
