/**
 * A presentation: what somebody put together from credentials and signed as its holder, for one asker at one time.
 */
import { contextFor, formFault, isCompact, isObject, lintPresentation, listOf, readJson, type JsonObject } from '#kernel/openbadge'
import { checkDates } from './dates.ts'
import { checkHolder } from './issuer.ts'
import { keysFrom } from './keys.ts'
import type { VerifyOptions } from './loaders.ts'
import { openDocument, openEnvelope } from './open.ts'
import { proveDocument, proveToken, type Asked } from './proofs.ts'
import { check, shown } from './reasons.ts'
import type { Check, CheckResult, PresentationReport, Report } from './report.ts'
import { verifyOpened } from './verify.ts'

/** Each costs a whole verification. */
const mostCredentials = 16

/** What the asker demanded; a presentation that answers something else was made for somebody else. */
export interface PresentationOptions extends VerifyOptions {
  readonly challenge?: string
  readonly domain?: string
}

/**
 * Verifies a presentation and every credential in it.
 *
 * Self-asserted credentials (unsigned, by the holder) are not accepted: a credential without a proof of its own does not hold.
 * Source: VC Data Model 2.0 §4.13 and §7.2; Data Integrity §2.1 (challenge, domain), proof purpose `authentication`.
 */
export async function verifyPresentation(input: Uint8Array | string | JsonObject, options: PresentationOptions): Promise<PresentationReport> {
  const opened = openPresentation(input)
  if ('check' in opened) return told([opened.check], [], options)
  const contexts = options.contexts ?? contextFor
  const keys = keysFrom(options, options.now)
  const asked: Asked = { purpose: 'authentication', ...(options.challenge === undefined ? {} : { challenge: options.challenge }), ...(options.domain === undefined ? {} : { domain: options.domain }) }
  const token = 'token' in opened ? await proveToken(opened.form, opened.token, keys, asked) : undefined
  if (token?.unreadable !== undefined) return told([check('parsed', token.unreadable)], [], options)
  const document = 'document' in opened ? opened.document : token?.document
  const proven = token?.proven ?? (await proveDocument(document as JsonObject, contexts, keys, options.now, asked))
  if (document === undefined) return told([check('parsed', 'read'), ...proven.checks], [], options)
  const held = proven.checks.every((one) => one.result === 'passed')
  const checks = [check('parsed', 'read'), checkForm(document, options), checkMeaning(document, options.expands === true), ...proven.checks]
  checks.push(held ? checkDates(document, options.now, token) : check('dates', 'not_considered'), held ? await checkHolder(document, proven.signatures, keys) : check('holder', 'not_considered'))
  const contained = listOf(document['verifiableCredential']).filter(isObject)
  if (contained.length > mostCredentials) return told([...checks, check('schema', 'too_many_credentials')], [], options)
  const credentials: Report[] = []
  for (const one of contained) credentials.push(await verifyOpened(openDocument(one, 'json'), options))
  const holder = document['holder']
  const id = isObject(holder) ? holder['id'] : holder
  return told(checks, credentials, options, typeof id === 'string' ? id : undefined)
}

type Given = { readonly document: JsonObject } | { readonly form: 'jwt' | 'sd-jwt'; readonly token: string } | { readonly check: Check }

/** A presentation as JSON, as a token, or as a token in an envelope. */
function openPresentation(input: Uint8Array | string | JsonObject): Given {
  const text = typeof input === 'string' ? input.trim() : input instanceof Uint8Array ? Buffer.from(input).toString('latin1').trim() : undefined
  if (text !== undefined && isCompact(text)) return { form: 'jwt', token: text }
  // Selectively disclosed: a token, disclosures, and perhaps a key binding.
  if (text !== undefined && /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}~/.test(text)) return { form: 'sd-jwt', token: text }
  const reading = typeof input === 'string' || input instanceof Uint8Array ? readJson(input) : { ok: true as const, value: input }
  if (!reading.ok) return { check: check('parsed', reading.code) }
  if (!isObject(reading.value)) return { check: check('parsed', 'not_an_object') }
  if (!listOf(reading.value['type']).includes('EnvelopedVerifiablePresentation')) return { document: reading.value }
  const opened = openEnvelope(reading.value, 'json')
  if (!opened.ok) return { check: opened.check }
  return opened.form !== 'document' ? { form: opened.form, token: opened.token } : { check: check('parsed', 'envelope_broken') }
}

function checkForm(document: JsonObject, options: VerifyOptions): Check {
  const findings = lintPresentation(document, options.contexts)
  const [first] = findings
  if (first === undefined) return check('schema', 'presentation')
  return check('schema', first.code.slice('openbadge.'.length), { sentence: first.sentence }, findings.slice(0, 20).map(({ code, sentence, pointer }) => ({ code, sentence, pointer })))
}

function checkMeaning(document: JsonObject, expands: boolean): Check {
  const fault = expands ? undefined : formFault(document)
  return fault === undefined ? check('contexts', 'known') : check('contexts', fault.code, { name: shown(fault.name) })
}

function told(checks: readonly Check[], credentials: readonly Report[], options: VerifyOptions, holder?: string): PresentationReport {
  const results = [...checks.map((one) => one.result), ...credentials.map(resultOf)]
  const result: CheckResult = results.includes('failed') ? 'failed' : results.includes('not_checked') ? 'not_checked' : 'passed'
  return Object.freeze({ result, checks: Object.freeze([...checks]), credentials: Object.freeze([...credentials]), ...(holder === undefined ? {} : { holder }), at: new Date(options.now).toISOString() })
}

/** A credential counts by what can be proved of it; whether its issuer is on a list is for the asker to judge. */
function resultOf(report: Report): CheckResult {
  const counted = report.checks.filter((one) => one.name !== 'registry' && one.name !== 'refresh')
  return counted.some((one) => one.result === 'failed') ? 'failed' : counted.some((one) => one.result === 'not_checked') ? 'not_checked' : 'passed'
}
