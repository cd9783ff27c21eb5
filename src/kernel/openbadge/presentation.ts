/**
 * The rules of VC Data Model 2.0 §4.13 for a presentation, without its proof: what it is, who holds it, and what it contains.
 */
import { contextFor, type ContextSource } from './context.ts'
import { finding, type LintFinding } from './finding.ts'
import { isObject, listOf, under, type Json, type JsonObject } from './json.ts'
import { checkContextAndType, checkCredentialModel, checkId, isUrlValue } from './model.ts'

/** Findings about a presentation and, by the same rules as for a credential alone, about each credential in it. */
export function lintPresentation(document: Json, contexts: ContextSource = contextFor): readonly LintFinding[] {
  if (!isObject(document)) return [finding('not_an_object', '')]
  const held = document['verifiableCredential']
  const contained = listOf(held).flatMap((one, at) => checkContained(one, contexts, Array.isArray(held) ? under('/verifiableCredential', at) : '/verifiableCredential'))
  return Object.freeze([...checkContextAndType(document, 'VerifiablePresentation', contexts, ''), ...checkId(document, ''), ...checkHolder(document), ...contained])
}

function checkHolder(document: JsonObject): LintFinding[] {
  const holder = document['holder']
  return holder === undefined || isUrlValue(holder) || (isObject(holder) && isUrlValue(holder['id'])) ? [] : [finding('holder_not_url', '/holder')]
}

function checkContained(one: Json, contexts: ContextSource, pointer: string): LintFinding[] {
  if (!isObject(one)) return [finding('presentation_content', pointer)]
  return isEnveloped(one) ? checkEnvelope(one, pointer) : checkCredentialModel(one, contexts, pointer)
}

function isEnveloped(document: JsonObject): boolean {
  return listOf(document['type']).includes('EnvelopedVerifiableCredential') || (typeof document['id'] === 'string' && document['id'].startsWith('data:'))
}

/** §4.13.1 Enveloped Verifiable Credentials. */
function checkEnvelope(document: JsonObject, pointer: string): LintFinding[] {
  const found: LintFinding[] = []
  if (!listOf(document['@context']).includes('https://www.w3.org/ns/credentials/v2')) found.push(finding('context_first', under(pointer, '@context'), { wanted: 'https://www.w3.org/ns/credentials/v2' }))
  if (!listOf(document['type']).includes('EnvelopedVerifiableCredential')) found.push(finding('type_lacks', under(pointer, 'type'), { wanted: 'EnvelopedVerifiableCredential' }))
  if (typeof document['id'] !== 'string' || !/^data:[a-z]+\/[a-z0-9.+-]+[;,]/.test(document['id'])) found.push(finding('envelope_not_data_url', under(pointer, 'id')))
  return found
}
