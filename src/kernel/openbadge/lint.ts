/**
 * Lint: everything that can be said about a credential by looking at it, with a JSON pointer to each place.
 */
import { contextFor, credentialsV1Url, credentialsV2Url, openBadgesUrl, type ContextSource } from './context.ts'
import { finding, type LintFinding } from './finding.ts'
import { isObject, listOf, under, type Json, type JsonObject } from './json.ts'
import { checkCredentialModel, dataModelOf } from './model.ts'
import { checkSubjectSense } from './sense.ts'
import { checkShape } from './shape.ts'

export interface LintOptions {
  /** Where contexts come from; the vendored production ones when left out. */
  readonly contexts?: ContextSource
  /** Also what this project asks of the credentials that it signs itself. On by default; verification of foreign credentials turns it off. */
  readonly profile?: boolean
  /** What the document has to be; told by its own types when left out. */
  readonly as?: BadgeKind
}

export type BadgeKind = 'AchievementCredential' | 'EndorsementCredential'

/** Open Badges contexts that are or were current; the specification's schema accepts the numbered ones. */
const openBadgesContexts = /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context-3\.0\.\d+\.json$/
/** A server on one's own machine has no certificate; its credentials convince nobody else anyway, since their issuer is a bare key. */
const onThisMachine = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?\//
const openBadgesDraftContext = 'https://purl.imsglobal.org/spec/ob/v3p0/context.json'

/** What an Open Badges document is, by its types. */
export function badgeKind(document: JsonObject): BadgeKind | undefined {
  const types = listOf(document['type'])
  if (types.includes('AchievementCredential') || types.includes('OpenBadgeCredential')) return 'AchievementCredential'
  return types.includes('EndorsementCredential') ? 'EndorsementCredential' : undefined
}

/**
 * Lints a credential: the W3C data model (rule `model`), the class tables of Open Badges 3.0 where it is a badge or an endorsement (`schema`), our own
 * profile (`profile`), and what is worth knowing (`note`). An empty list, or notes only, means that it may be signed.
 *
 * The verdict on the Open Badges fixtures is that of the official JSON Schema (fixtures/standards/open-badges-3.0/expected.json), which is not ours to
 * redistribute: this is written from the specification's tables.
 */
export function lint(document: Json, options: LintOptions = {}): readonly LintFinding[] {
  const contexts = options.contexts ?? contextFor
  const found = checkCredentialModel(document, contexts)
  if (!isObject(document)) return found
  const kind = options.as ?? badgeKind(document)
  if (kind !== undefined) {
    const older = dataModelOf(document) === '1.1'
    found.push(...checkShape(document, older ? `${kind}1` : kind, '', { singleTypes: older, closed: false }))
    found.push(...checkBadgeContexts(document, older))
    if (options.profile !== false) found.push(...checkProfile(document, kind))
  }
  if (dataModelOf(document) === '1.1') found.push(finding('older_data_model', '/@context/0'))
  return Object.freeze(distinct(found))
}

/** Open Badges 3.0: the base context first, then the Open Badges context. */
function checkBadgeContexts(document: JsonObject, older: boolean): LintFinding[] {
  const [first, second] = listOf(document['@context'])
  const found: LintFinding[] = []
  if (!older && first !== credentialsV2Url) found.push(finding('context_first', '/@context/0', { wanted: credentialsV2Url }))
  if (older && first !== credentialsV1Url) found.push(finding('context_first', '/@context/0', { wanted: credentialsV1Url }))
  if (typeof second !== 'string' || !(openBadgesContexts.test(second) || (older && second === openBadgesDraftContext))) found.push(finding('context_second', '/@context/1', { wanted: openBadgesUrl }))
  else if (second !== openBadgesUrl) found.push(finding('older_context', '/@context/1', { wanted: openBadgesUrl }))
  return found
}

function checkProfile(document: JsonObject, kind: BadgeKind): LintFinding[] {
  const found: LintFinding[] = []
  if (!isNamed(document['name'])) found.push(finding('name_missing', '/name'))
  const issuer = document['issuer']
  if (isObject(issuer) && !isNamed(issuer['name'])) found.push(finding('issuer_name_missing', '/issuer/name'))
  listOf(document['@context']).forEach((entry, at) => {
    if (isObject(entry)) found.push(finding('context_inline', under('/@context', at)))
  })
  const subject = document['credentialSubject']
  if (kind === 'AchievementCredential' && isObject(subject)) found.push(...checkSubjectSense(subject, '/credentialSubject'))
  const held = document['credentialStatus']
  listOf(held).forEach((entry, at) => {
    const here = Array.isArray(held) ? under('/credentialStatus', at) : '/credentialStatus'
    if (!isObject(entry) || entry['type'] !== 'BitstringStatusListEntry') return
    if (typeof entry['statusListIndex'] === 'number') found.push(finding('status_index_not_text', under(here, 'statusListIndex')))
    const list = entry['statusListCredential']
    if (typeof list === 'string' && !list.startsWith('https://') && !onThisMachine.test(list)) found.push(finding('status_not_https', under(here, 'statusListCredential')))
  })
  if (listOf(held).length > 1) found.push(finding('status_several', '/credentialStatus'))
  return found
}

function isNamed(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && !(typeof value === 'string' && value.trim() === '')
}

/** The same fault at the same place is said once, whichever rule book found it first. */
function distinct(found: readonly LintFinding[]): LintFinding[] {
  const seen = new Set<string>()
  return found.filter((one) => {
    const key = `${one.code} ${one.pointer} ${one.sentence}`
    return !seen.has(key) && seen.add(key)
  })
}
