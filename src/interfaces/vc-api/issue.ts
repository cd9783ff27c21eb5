/** Issuing what a suite sends: the rules of the data model first, then the signature. */
import { conformanceContextFor, lint, type JsonObject, type LintFinding } from '#kernel/openbadge'
import type { World } from '#platform/world'
import { secure } from './secure.ts'
import { newStatusEntry } from './status.ts'
import type { Suite } from './suite.ts'

export type Issued = { readonly ok: true; readonly credential: JsonObject } | { readonly ok: false; readonly findings: readonly LintFinding[] }

/**
 * @param mandatoryPointers  for selective disclosure: what the holder cannot leave out
 * @returns the secured credential, or what is wrong with the one that came
 * @throws Fault as `secure`
 */
export async function issue(needs: Pick<World, 'secrets' | 'config' | 'clock' | 'ids'>, suite: Suite, given: JsonObject, mandatoryPointers?: readonly string[]): Promise<Issued> {
  const credential = suite.status === true && given['credentialStatus'] === undefined ? { ...given, credentialStatus: newStatusEntry(needs, suite) } : given
  const findings = lint(credential, { profile: false, contexts: conformanceContextFor }).filter((one) => one.rule !== 'note')
  return findings.length > 0 ? { ok: false, findings } : { ok: true, credential: await secure(needs, suite, credential, mandatoryPointers) }
}
