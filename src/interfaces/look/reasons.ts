/**
 * The sentences of the checks, for readers of other languages than English. The English ones are the verifier's own (`#kernel/verify`) and come
 * with each check; here is one for every reason on its closed list (reasons.test.ts holds each language to that). Reasons that differ only for
 * whoever writes the file share a sentence, and the English one stands behind it.
 */
import { IntlMessageFormat } from 'intl-messageformat'
import { figuresOf } from './figures.ts'
import { html, inLanguage, isolated, nothing, type Html } from './html.ts'
import type { Language } from './languages.ts'
import { ar } from './words/reasons/ar.ts'
import { de } from './words/reasons/de.ts'
import { es } from './words/reasons/es.ts'
import { fr } from './words/reasons/fr.ts'
import { hi } from './words/reasons/hi.ts'
import { id } from './words/reasons/id.ts'
import { pt } from './words/reasons/pt.ts'
import { ru } from './words/reasons/ru.ts'
import { zh } from './words/reasons/zh.ts'

export const reasonKeys = [
  'parsed.read', 'parsed.not_an_object', 'parsed.not_a_credential', 'parsed.presentation_given', 'parsed.envelope_unread', 'parsed.envelope_broken', 'parsed.too_large', 'parsed.not_utf8', 'parsed.empty', 'parsed.unknown_kind', 'parsed.address_given', 'parsed.open_badges_2', 'parsed.jwe', 'parsed.picture_broken', 'parsed.png_too_many_chunks', 'parsed.png_checksum', 'parsed.png_no_credential', 'parsed.picture_several', 'parsed.png_compressed', 'parsed.svg_too_deep', 'parsed.svg_entities', 'parsed.svg_no_credential', 'parsed.pdf_broken', 'parsed.pdf_encrypted', 'parsed.pdf_no_credential', 'parsed.pdf_several_credentials', 'parsed.pdf_too_large_inside', 'parsed.not_json', 'parsed.address_unreachable', 'parsed.given_up', 'parsed.too_deep', 'parsed.too_many_values', 'parsed.duplicate_key', 'parsed.forbidden_key', 'parsed.lone_surrogate', 'parsed.number_out_of_range',
  'schema.presentation', 'schema.open_badge', 'schema.endorsement', 'schema.sd_jwt_vc', 'schema.other_credential', 'schema.too_many_credentials', 'schema.unresolved', 'schema.form',
  'contexts.known', 'contexts.not_needed', 'contexts.not_considered', 'contexts.unknown_context', 'contexts.term_unmapped', 'contexts.term_redefined', 'contexts.json_ld_invalid', 'contexts.hidden', 'contexts.nested_context', 'contexts.repeated_node',
  'proof.holds', 'proof.none', 'proof.key_unreachable', 'proof.too_many', 'proof.not_considered', 'proof.unreadable', 'proof.unsupported', 'proof.purpose_wrong', 'proof.expired', 'proof.challenge_wrong', 'proof.domain_wrong', 'proof.previous_proof_missing', 'proof.previous_proof_failed', 'proof.proof_context_wrong', 'proof.context_unknown', 'proof.too_complex', 'proof.method_unknown', 'proof.method_not_authorized', 'proof.key_revoked', 'proof.key_expired', 'proof.key_mismatch', 'proof.controller_mismatch', 'proof.signature_wrong', 'proof.base_proof', 'proof.disclosure_wrong', 'proof.token_encrypted', 'proof.token_alg_none', 'proof.token_header_forbidden', 'proof.token_type_wrong', 'proof.token_claims_wrong', 'proof.token_time_wrong', 'proof.token_key_missing', 'proof.token_holder_missing',
  'issuer.key_listed', 'issuer.key_is_issuer', 'issuer.mismatch', 'issuer.self_stated', 'issuer.unconfirmed', 'issuer.missing', 'issuer.not_considered',
  'status.none', 'status.clear', 'status.refreshable', 'status.revoked', 'status.suspended', 'status.unreachable', 'status.list_too_large', 'status.list_malformed', 'status.list_unsigned', 'status.list_signature_wrong', 'status.list_key_unreachable', 'status.list_foreign', 'status.list_issuer_unconfirmed', 'status.list_stale', 'status.list_not_yet', 'status.list_other', 'status.list_other_purpose', 'status.index_outside', 'status.entry_malformed', 'status.type_unknown', 'status.too_many', 'status.not_considered',
  'dates.in_force', 'dates.in_force_until', 'dates.no_dates', 'dates.not_yet', 'dates.expired', 'dates.unreadable', 'dates.not_considered',
  'registry.listed', 'registry.unlisted', 'registry.none_asked', 'registry.unreachable', 'registry.not_considered',
  'refresh.none', 'refresh.current', 'refresh.newer', 'refresh.not_asked', 'refresh.unreachable', 'refresh.type_unknown', 'refresh.answer_wrong', 'refresh.not_considered',
  'holder.none', 'holder.key_listed', 'holder.key_is_holder', 'holder.mismatch', 'holder.unconfirmed', 'holder.self_stated', 'holder.not_considered',
] as const
export type ReasonKey = (typeof reasonKeys)[number]
export type Reasons = Readonly<Record<ReasonKey, string>>

export const reasons: Readonly<Record<Exclude<Language, 'en'>, Reasons>> = { es, pt, fr, de, ar, hi, zh, id, ru }

/** Two reasons that say the same to a reader. */
const same: Readonly<Record<string, ReasonKey>> = {
  'parsed.png_broken': 'parsed.picture_broken',
  'parsed.svg_broken': 'parsed.picture_broken',
  'parsed.png_several_credentials': 'parsed.picture_several',
  'parsed.svg_several_credentials': 'parsed.picture_several',
  'schema.not_considered': 'proof.not_considered',
  'contexts.keyword_key': 'contexts.hidden',
  'contexts.key_not_term': 'contexts.hidden',
  'contexts.inline_catch_all': 'contexts.hidden',
  'contexts.inline_keyword': 'contexts.hidden',
  'contexts.inline_alias': 'contexts.hidden',
  'proof.proof_missing': 'proof.none',
  'proof.term_unmapped': 'contexts.term_unmapped',
  'proof.term_redefined': 'contexts.term_redefined',
  'proof.json_ld_invalid': 'contexts.json_ld_invalid',
}

const unreadable = 'proof_not_object cryptosuite_missing method_missing purpose_missing value_missing value_malformed created_malformed method_malformed key_malformed token_malformed json_invalid'.split(' ')
const unsupported = 'proof_type_unknown cryptosuite_unknown method_unsupported key_unsupported token_alg_unsupported token_crit'.split(' ')

/** Which sentence a reason has, and whether it says all of it. */
export function reasonOf(code: string): { readonly key: ReasonKey; readonly whole: boolean } | undefined {
  const key = same[code] ?? reasonKeys.find((one) => one === code)
  if (key !== undefined) return { key, whole: true }
  const [check = '', reason = ''] = code.split('.')
  if (check === 'schema') return { key: 'schema.form', whole: false }
  if (check === 'proof' && unreadable.includes(reason)) return { key: 'proof.unreadable', whole: false }
  if (check === 'proof' && unsupported.includes(reason)) return { key: 'proof.unsupported', whole: false }
  return undefined
}

export interface ReasonGiven {
  readonly code: string
  /** In English. */
  readonly detail: string
  readonly about?: { readonly name?: string; readonly date?: string }
}

const compiled = new Map<string, IntlMessageFormat>()
function formatOf(language: Exclude<Language, 'en'>, key: ReasonKey): IntlMessageFormat {
  const name = `${language} ${key}`
  const found = compiled.get(name) ?? new IntlMessageFormat(reasons[language][key], language)
  compiled.set(name, found)
  return found
}

/** The sentence in the reader's language; undefined where there is none, or where what it has to name was not given. */
export function sayReason(given: ReasonGiven, language: Language): Html | undefined {
  if (language === 'en') return html`${given.detail}`
  const found = reasonOf(given.code)
  if (found === undefined) return undefined
  const message = reasons[language][found.key]
  const { name, date } = given.about ?? {}
  if ((message.includes('{name}') && name === undefined) || (message.includes('{date}') && date === undefined)) return undefined
  const made: unknown = formatOf(language, found.key).format({ name: isolated(name ?? ''), date: date === undefined ? nothing : html`${figuresOf(language).date(date)}` })
  return found.whole ? html`${made}` : html`${made} <span class="fine">(${inLanguage(given.detail, 'en')})</span>`
}

/** The same as plain text, for files and attributes; in English where the language has no sentence. */
export function writeReason(given: ReasonGiven, language: Language): string {
  const found = language === 'en' ? undefined : reasonOf(given.code)
  if (language === 'en' || found === undefined) return given.detail
  const message = reasons[language][found.key]
  const { name, date } = given.about ?? {}
  if ((message.includes('{name}') && name === undefined) || (message.includes('{date}') && date === undefined)) return given.detail
  return String(formatOf(language, found.key).format({ name: name ?? '', date: date === undefined ? '' : figuresOf(language).date(date) }))
}
