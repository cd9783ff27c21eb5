/**
 * One credential in, a report of named checks out.
 */
import { badgeKind, contextFor, dataModelOf, formFault, isObject, lint, listOf, type CarrierKind, type ContextSource, type Json, type JsonObject, type LintFinding } from '#kernel/openbadge'
import { checkDates } from './dates.ts'
import { verifyEndorsements } from './endorsements.ts'
import { factsOf } from './facts.ts'
import { checkIssuer, issuerIdOf } from './issuer.ts'
import { keysFrom } from './keys.ts'
import type { TrustedIssuer, VerifyOptions } from './loaders.ts'
import { open, type Opened } from './open.ts'
import { proveDocument, proveToken, type Proven } from './proofs.ts'
import { check, shown } from './reasons.ts'
import { checkRefresh } from './refresh.ts'
import type { Check, Report } from './report.ts'
import { checkStatus } from './status.ts'
import { decisive, spoken, verdictOf } from './words.ts'

/**
 * Verifies a credential in any form: JSON, JWT, SD-JWT, a baked PNG or SVG, a PDF with an attachment.
 *
 * Everything is bounded (1 MB, depth 64, limits of canonicalisation, of chunks, of inflating), nothing is fetched but through the loaders, and a bad
 * document is a report, never an error. The facts come from signed content only and are left out when nobody vouches for it.
 *
 * @returns the report; `verdict` is `trusted` only when every check passed
 */
export async function verifyCredential(input: Uint8Array | string, options: VerifyOptions): Promise<Report> {
  return verifyOpened(open(input), options)
}

/** As `verifyCredential`, for a document that was parsed before; the bounds on bytes and keys are then the caller's affair. */
export async function verifyDocument(document: JsonObject, options: VerifyOptions): Promise<Report> {
  return verifyOpened({ ok: true, carrier: 'json', form: 'document', document }, options)
}

/** @param inner  for what another credential holds or its refresh service answered: its own endorsements and refresh service are left alone */
export async function verifyOpened(opened: Opened, options: VerifyOptions, inner = false): Promise<Report> {
  if (!opened.ok) return unread(opened.check, options, opened.carrier)
  const contexts = options.contexts ?? contextFor
  const keys = keysFrom(options, options.now)
  const token = opened.form === 'document' ? undefined : await proveToken(opened.form, opened.token, keys)
  const document = opened.form === 'document' ? opened.document : token?.document
  const { carrier, form } = opened
  if (token?.unreadable !== undefined) return unread(check('parsed', token.unreadable), options, carrier)
  if (token !== undefined && document !== undefined && listOf(document['type']).includes('VerifiablePresentation')) return unread(check('parsed', 'presentation_given'), options, carrier)
  const securing = form === 'document' ? 'data-integrity' : form
  if (document === undefined) return unproved(token?.proven.checks ?? [], options, { carrier, securing })
  const again = inner ? undefined : (next: Opened): Promise<Report> => verifyOpened(next, options, true)
  const proven = token?.proven ?? (await proveDocument(document, contexts, keys, options.now))

  const linted = lint(document, { profile: false, contexts })
  const checks: Check[] = [check('parsed', 'read'), checkSchema(document, linted, token?.kind), token?.kind === undefined ? checkContexts(document, contexts, proven, options.expands === true) : check('contexts', 'not_needed'), ...proven.checks]
  const proved = checks.slice(2).every((one) => one.result === 'passed')
  const bound = proved ? await checkIssuer(document, proven.signatures, keys) : check('issuer', 'not_considered')
  const vouched = proved && bound.result !== 'failed'
  const status = vouched ? await checkStatus(document, { loaders: options, contexts, keys, now: options.now }) : check('status', 'not_considered')
  const { listed, registry } = await checkRegistry(document, bound, options)
  checks.push(bound, status, vouched ? checkDates(document, options.now, token) : check('dates', 'not_considered'), registry)
  const refreshed = vouched ? await checkRefresh(document, options, again) : { check: check('refresh', 'not_considered') }
  checks.push(refreshed.check)
  const endorsements = vouched && again !== undefined ? await verifyEndorsements(document, again) : []
  const facts = vouched ? { ...factsOf(document, listed), ...(token?.kind === undefined ? {} : { what: token.kind }) } : undefined
  return report(checks, options, {
    carrier,
    securing,
    endorsements,
    notes: notesOf(linted, proven),
    ...(dataModelOf(document) === undefined ? {} : { dataModel: dataModelOf(document) as '2.0' | '1.1' }),
    ...(facts === undefined ? {} : { facts, document }),
    ...(refreshed.newer === undefined ? {} : { newer: refreshed.newer }),
  })
}

type Parts = Pick<Report, 'endorsements' | 'notes'> & Partial<Pick<Report, 'carrier' | 'securing' | 'dataModel' | 'facts' | 'document' | 'newer'>>

function report(checks: readonly Check[], options: VerifyOptions, parts: Parts): Report {
  const verdict = verdictOf(checks)
  const reason = decisive(checks)
  return Object.freeze({ verdict, ...spoken(verdict, reason, parts.facts), reason: reason.code, checks: Object.freeze([...checks]), ...parts, at: new Date(options.now).toISOString() })
}

/** The report on a token whose signature does not hold: its content is not looked at. */
function unproved(proofs: readonly Check[], options: VerifyOptions, parts: Pick<Report, 'carrier' | 'securing'>): Report {
  const open = (['issuer', 'status', 'dates', 'registry', 'refresh'] as const).map((name) => check(name, 'not_considered'))
  return report([check('parsed', 'read'), check('schema', 'not_considered'), check('contexts', 'not_considered'), ...proofs, ...open], options, { endorsements: [], notes: [], ...parts })
}

/** The report on an input that the verifier never saw whole: its reading was ended from outside (too long, too much memory), or its address gave nothing. */
export const reportUnread = (reason: 'given_up' | 'address_unreachable', now: number): Report => unread(check('parsed', reason), { now })

/** The report on an input that holds no credential: every other check is open. */
function unread(parsed: Check, options: VerifyOptions, carrier?: CarrierKind): Report {
  const open = (['schema', 'contexts', 'proof', 'issuer', 'status', 'dates', 'registry', 'refresh'] as const).map((name) => check(name, 'not_considered'))
  return report([parsed, ...open], options, { endorsements: [], notes: [], ...(carrier === undefined ? {} : { carrier }) })
}

/** A proof that stands alone instead of in a list departs from the Open Badges tables and harms nobody; most of the field writes it so. */
const tolerated = new Set(['openbadge.proof_not_list'])

function checkSchema(document: JsonObject, linted: readonly LintFinding[], kind?: string): Check {
  if (kind !== undefined) return check('schema', 'sd_jwt_vc', { name: shown(kind) })
  const findings = linted.filter((one) => one.rule !== 'note' && !tolerated.has(one.code))
  const [first] = [...findings.filter((one) => one.rule === 'model'), ...findings]
  if (first !== undefined) return check('schema', first.code.slice('openbadge.'.length), { sentence: first.sentence }, findings.slice(0, 20).map(place))
  if (schemaAddresses(document).some((id) => !ourSchemas.test(id))) return check('schema', 'unresolved')
  const badge = badgeKind(document)
  return check('schema', badge === 'AchievementCredential' ? 'open_badge' : badge === 'EndorsementCredential' ? 'endorsement' : 'other_credential')
}

/** The published schemas of Open Badges 3.0: our class tables stand for them. Any other is a further rule that we do not fetch, so it stays open. */
const ourSchemas = /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/schema\/json\/[a-z0-9_-]+\.json$/

function schemaAddresses(document: JsonObject): string[] {
  const found: string[] = []
  gather(document, 'credentialSchema', (one) => found.push(isObject(one) && typeof one['id'] === 'string' ? one['id'] : ''))
  return found
}

function place({ code, sentence, pointer }: LintFinding): { code: string; sentence: string; pointer: string } {
  return { code, sentence, pointer }
}

/** Every context is one that we hold, the document is in plain compact form (unless its reader expands it), and every term has a meaning. */
function checkContexts(document: JsonObject, contexts: ContextSource, proven: Proven, expands: boolean): Check {
  const unknown = contextAddresses(document).find((url) => contexts(url) === undefined)
  if (unknown !== undefined) return check('contexts', 'unknown_context', { name: shown(unknown) })
  const fault = expands ? undefined : formFault(document)
  if (fault !== undefined) return check('contexts', fault.code, { name: shown(fault.name) }, [{ code: fault.code, sentence: 'Here.', pointer: fault.pointer }])
  return proven.meaning === undefined ? check('contexts', 'known') : check('contexts', proven.meaning)
}

/** Addresses of all contexts, those of embedded credentials included. */
function contextAddresses(document: JsonObject): string[] {
  const found: string[] = []
  gather(document, '@context', (entry) => {
    if (typeof entry === 'string') found.push(entry)
  })
  return found
}

/** Hands over every value (each, where there are several) of a member, at any depth. */
function gather(value: Json, name: string, take: (held: Json) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) gather(item, name, take)
    return
  }
  const node = value as JsonObject
  for (const key of Object.keys(node)) {
    const held = node[key] as Json
    if (key !== name) gather(held, name, take)
    else for (const one of listOf(held)) take(one)
  }
}

async function checkRegistry(document: JsonObject, bound: Check, options: VerifyOptions): Promise<{ registry: Check; listed?: TrustedIssuer }> {
  const issuer = issuerIdOf(document)
  if (bound.result !== 'passed' || issuer === undefined) return { registry: check('registry', 'not_considered') }
  if (options.trustedIssuers === undefined) return { registry: check('registry', 'none_asked') }
  const listed = await options.trustedIssuers(issuer)
  return listed === undefined ? { registry: check('registry', 'unlisted') } : { registry: check('registry', 'listed', { name: shown(listed.registry) }), listed }
}

const warningWords: Readonly<Record<string, string>> = {
  legacy_type: 'It is signed in an older form (Ed25519Signature2020), which still holds.',
  legacy_cryptosuite: 'Its signature carries an older name (eddsa-2022), which still holds.',
  context_appended: 'A vocabulary was added after it was signed.',
}

function notesOf(linted: readonly LintFinding[], proven: Proven): readonly string[] {
  return Object.freeze([...proven.warnings.map((warning) => warningWords[warning] ?? warning), ...linted.filter((one) => one.rule === 'note').map((one) => one.sentence)])
}
