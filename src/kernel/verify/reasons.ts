/**
 * Every reason that a report can give: a closed list, with the check it belongs to, what it means for that check, and one sentence that a hiring
 * manager understands.
 */
import { carrierFaultCodes, formFaultCodes, jsonFaultCodes, lintCodes } from '#kernel/openbadge'
import { refusalCodes } from '#kernel/proof'
import type { Check, CheckName, CheckResult, Place } from './report.ts'

/** What a sentence may name. Texts from a document are cut by `shown` before they come here. */
export interface Particulars {
  readonly name?: string
  /** A moment, in milliseconds since 1970. */
  readonly date?: number
  readonly sentence?: string
}

type Row = readonly [CheckResult, (p: Particulars) => string]

const said = (p: Particulars): string => p.sentence ?? ''
const day = (p: Particulars): string => written(p.date ?? Number.NaN)

const parsed: Record<string, Row> = {
  read: ['passed', () => 'The file could be read.'],
  not_an_object: ['failed', () => 'The file holds no credential.'],
  not_a_credential: ['failed', () => 'The file holds data, but no credential.'],
  presentation_given: ['failed', () => 'This is a presentation that holds credentials; give the credential itself.'],
  envelope_unread: ['not_checked', () => 'The credential is in an envelope of a kind (COSE) that we do not open.'],
  envelope_broken: ['failed', () => 'The envelope around the credential cannot be opened.'],
  too_large: ['failed', () => 'The file is larger than 1 MB.'],
  not_utf8: ['failed', () => 'The file is neither text nor a picture that we know.'],
  empty: ['failed', () => 'The file is empty.'],
  unknown_kind: ['failed', () => 'The file is neither a credential nor a picture or PDF with a credential inside.'],
  address_given: ['failed', () => 'This is an address, not a credential; it has to be fetched first.'],
  open_badges_2: ['failed', () => 'This is a badge of the older kind, Open Badges 2.0; it carries no signature that can be checked without its issuer’s website.'],
  jwe: ['failed', () => 'The credential is encrypted; only signed ones can be checked.'],
  png_broken: ['failed', () => 'The picture is damaged.'],
  png_too_many_chunks: ['failed', () => 'The picture is made of too many pieces to be an honest one.'],
  png_checksum: ['failed', () => 'The credential inside the picture is damaged.'],
  png_no_credential: ['failed', () => 'The picture has no credential inside; it may be a screenshot or a copy that lost it.'],
  png_several_credentials: ['failed', () => 'The picture has more than one credential inside.'],
  png_compressed: ['failed', () => 'The credential inside the picture is compressed, which Open Badges forbids.'],
  svg_broken: ['failed', () => 'The picture is damaged.'],
  svg_too_deep: ['failed', () => 'The picture is nested too deeply to be an honest one.'],
  svg_entities: ['failed', () => 'The picture declares text of its own that could stand for anything; it is not read.'],
  svg_no_credential: ['failed', () => 'The picture has no credential inside; it may be a copy that lost it.'],
  svg_several_credentials: ['failed', () => 'The picture has more than one credential inside.'],
  pdf_broken: ['failed', () => 'The PDF is damaged.'],
  pdf_encrypted: ['failed', () => 'The PDF is encrypted, so the credential attached to it cannot be read.'],
  pdf_no_credential: ['failed', () => 'The PDF has no credential attached; what is printed on it cannot be checked.'],
  pdf_several_credentials: ['failed', () => 'The PDF has more than one credential attached.'],
  pdf_too_large_inside: ['failed', () => 'The attachment of the PDF is larger than 1 MB.'],
  not_json: ['failed', () => 'The file is damaged: it is not complete JSON.'],
  address_unreachable: ['not_checked', () => 'Nothing came from this address: it did not answer, or it is one that this site does not ask.'],
  given_up: ['not_checked', () => 'Reading it took more time or memory than an honest credential needs, so it was given up.'],
  too_deep: ['failed', () => 'The file is nested too deeply to be an honest credential.'],
  too_many_values: ['failed', () => 'The file holds more values than a credential needs.'],
  duplicate_key: ['failed', () => 'The file says something twice under one name, so that two readers could read it differently.'],
  forbidden_key: ['failed', () => 'The file uses a name that no credential has and that is used for attacks.'],
  lone_surrogate: ['failed', () => 'The file holds half a character, which has no certain reading.'],
  number_out_of_range: ['failed', () => 'The file holds a number that is too large to be read.'],
}

const schema: Record<string, Row> = {
  presentation: ['passed', () => 'Complete presentation.'],
  open_badge: ['passed', () => 'Complete Open Badges 3.0 credential.'],
  endorsement: ['passed', () => 'Complete Open Badges 3.0 endorsement.'],
  sd_jwt_vc: ['passed', (p) => `A signed credential of another kind (${p.name}).`],
  other_credential: ['passed', () => 'A verifiable credential, though not an Open Badge.'],
  not_considered: ['not_checked', () => 'Not considered, because the file could not be read.'],
  too_many_credentials: ['failed', () => 'It holds more credentials than we check at once.'],
  unresolved: ['not_checked', () => 'It points at a further schema of its own, which was not fetched.'],
  ...Object.fromEntries(lintCodes.map((code): [string, Row] => [code.slice('openbadge.'.length), ['failed', said]])),
}

const contexts: Record<string, Row> = {
  known: ['passed', () => 'Every term has a published meaning that we hold.'],
  not_needed: ['passed', () => 'The token names no vocabulary, and needs none.'],
  not_considered: ['not_checked', () => 'Not considered, because there is no content that could be read and trusted.'],
  unknown_context: ['failed', (p) => `It uses a vocabulary that we do not hold (${p.name}), so we cannot know what it says.`],
  term_unmapped: ['failed', () => 'It uses a term that its vocabularies do not define, so the signature cannot cover it.'],
  term_redefined: ['failed', () => 'It gives a standard term another meaning.'],
  json_ld_invalid: ['failed', () => 'Its terms cannot be resolved.'],
  ...Object.fromEntries(formFaultCodes.map((code): [string, Row] => [code, ['failed', (p) => `It hides a statement behind an unusual name (${p.name}).`]])),
  nested_context: ['failed', () => 'It changes its vocabulary midway, so that words could change their meaning.'],
  repeated_node: ['failed', (p) => `It tells of the same thing twice in one list (${p.name}).`],
}

const proof: Record<string, Row> = {
  holds: ['passed', () => 'Nothing was changed since it was signed.'],
  none: ['failed', () => 'It carries no signature.'],
  key_unreachable: ['not_checked', (p) => `The key that it names could not be fetched from ${p.name}.`],
  too_many: ['failed', () => 'It carries more signatures than we check.'],
  not_considered: ['not_checked', () => 'Not considered, because the file could not be read.'],
  ...Object.fromEntries(refusalCodes.map((code): [string, Row] => [code, ['failed', said]])),
  key_revoked: ['failed', (p) => (p.date === undefined ? said(p) : `The key was withdrawn by its owner on ${day(p)}; what it signed is no longer proved.`)],
  // A token that does not say with which key it was signed may be sound; nobody can tell.
  token_key_missing: ['not_checked', said],
}

const issuer: Record<string, Row> = {
  key_listed: ['passed', (p) => `The key belongs to ${p.name}.`],
  key_is_issuer: ['passed', () => 'The issuer is known by its key alone, and signed with it.'],
  mismatch: ['failed', (p) => `It was signed by ${p.name}, not by the issuer that it names.`],
  self_stated: ['not_checked', () => 'The key comes with the credential itself, so anybody could have made it in the issuer’s name.'],
  unconfirmed: ['not_checked', (p) => `It was signed by ${p.name}; whether that is the issuer it names could not be checked.`],
  missing: ['failed', () => 'It names no issuer.'],
  not_considered: ['not_checked', () => 'Not considered: without a valid signature the issuer’s name proves nothing.'],
}

const status: Record<string, Row> = {
  none: ['passed', () => 'Its issuer keeps no list of withdrawn credentials for it.'],
  clear: ['passed', () => 'Neither revoked nor suspended.'],
  refreshable: ['passed', () => 'In force; its issuer says that a newer version exists.'],
  revoked: ['failed', () => 'Its issuer has revoked it.'],
  suspended: ['failed', () => 'Its issuer has suspended it for now.'],
  unreachable: ['not_checked', () => 'The issuer’s list did not answer. It may have been revoked.'],
  list_too_large: ['not_checked', () => 'The issuer’s list is larger than we read. It may have been revoked.'],
  list_malformed: ['not_checked', () => 'The issuer’s list cannot be read. It may have been revoked.'],
  list_unsigned: ['not_checked', () => 'The list is not signed, so anybody could have written it. It may have been revoked.'],
  list_signature_wrong: ['failed', () => 'The signature of the list does not hold: somebody is tampering with it.'],
  list_key_unreachable: ['not_checked', () => 'The key that signed the list could not be fetched. It may have been revoked.'],
  list_foreign: ['failed', () => 'The list was made by somebody else than the issuer.'],
  list_issuer_unconfirmed: ['not_checked', () => 'Whether the list comes from the issuer could not be checked.'],
  list_stale: ['not_checked', () => 'The list is out of date. It may have been revoked since.'],
  list_not_yet: ['not_checked', () => 'The list is not in force yet.'],
  list_other: ['not_checked', () => 'Another list was given than the one that the credential names.'],
  list_other_purpose: ['not_checked', () => 'The list is about something else than the credential says.'],
  index_outside: ['failed', () => 'The place that the credential names is not on the list.'],
  entry_malformed: ['failed', () => 'The credential does not say properly where its status is found.'],
  type_unknown: ['not_checked', (p) => `Its status is kept in a way that we cannot read (${p.name}). It may have been revoked.`],
  too_many: ['not_checked', () => 'It names more status lists than we read.'],
  not_considered: ['not_checked', () => 'Not looked up: without a valid signature the status proves nothing.'],
}

const dates: Record<string, Row> = {
  in_force: ['passed', (p) => `In force since ${day(p)}.`],
  in_force_until: ['passed', (p) => `In force until ${day(p)}.`],
  no_dates: ['passed', () => 'It is not limited in time.'],
  not_yet: ['failed', (p) => `It is not in force before ${day(p)}.`],
  expired: ['failed', (p) => `It expired on ${day(p)}.`],
  unreadable: ['failed', () => 'Its dates cannot be read.'],
  not_considered: ['not_checked', () => 'Not considered: without a valid signature the dates prove nothing.'],
}

const registry: Record<string, Row> = {
  listed: ['passed', (p) => `Listed in ${p.name}.`],
  unlisted: ['not_checked', () => 'The issuer is in no registry that this site trusts.'],
  none_asked: ['not_checked', () => 'This site trusts no registry yet.'],
  unreachable: ['not_checked', () => 'The registry did not answer.'],
  not_considered: ['not_checked', () => 'Not considered: it is not certain who signed this.'],
}

const refresh: Record<string, Row> = {
  none: ['passed', () => 'The credential stands for itself; no newer version is offered.'],
  current: ['passed', () => 'Its issuer offers no newer version.'],
  newer: ['passed', (p) => `Its issuer has a newer version, of ${day(p)}.`],
  not_asked: ['not_checked', () => 'Its issuer may have a newer version; it was not asked.'],
  unreachable: ['not_checked', () => 'Its issuer may have a newer version, but did not answer.'],
  type_unknown: ['not_checked', (p) => `A newer version may be had in a way that we do not know (${p.name}).`],
  answer_wrong: ['not_checked', () => 'What the issuer gave as a newer version does not hold.'],
  not_considered: ['not_checked', () => 'Not considered: without a valid signature there is nothing to renew.'],
}

const holder: Record<string, Row> = {
  none: ['passed', () => 'It names no holder.'],
  key_listed: ['passed', (p) => `It was presented with a key of ${p.name}.`],
  key_is_holder: ['passed', () => 'The holder is known by a key alone, and presented it with that key.'],
  mismatch: ['failed', (p) => `It was presented by ${p.name}, not by the holder that it names.`],
  unconfirmed: ['not_checked', (p) => `It was presented by ${p.name}; whether that is the holder it names could not be checked.`],
  self_stated: ['not_checked', () => 'The key comes with the presentation itself, so anybody could have made it in the holder’s name.'],
  not_considered: ['not_checked', () => 'Not considered: without a valid signature the holder’s name proves nothing.'],
}

const tables: Readonly<Record<CheckName, Readonly<Record<string, Row>>>> = { parsed, schema, contexts, proof, issuer, status, dates, registry, refresh, holder }

// Faults of other rooms that have no sentence here would be told as "undefined"; better not to start.
for (const code of [...jsonFaultCodes, ...carrierFaultCodes]) if (!(code in parsed)) throw new TypeError(`no sentence for parsed.${code}`)

export type ReasonCode = `${CheckName}.${string}`

/** Every code, `check.reason`. */
export const reasonCodes: readonly ReasonCode[] = Object.freeze(Object.entries(tables).flatMap(([name, rows]) => Object.keys(rows).map((reason) => `${name}.${reason}` as ReasonCode)))

/** A check with its result and its sentence. @throws TypeError for a reason that is not on the list */
export function check(name: CheckName, reason: string, particulars: Particulars = {}, places?: readonly Place[]): Check {
  const row = Object.hasOwn(tables[name], reason) ? tables[name][reason] : undefined
  if (row === undefined) throw new TypeError(`${name}.${reason} is no reason`)
  const [result, sentence] = row
  return Object.freeze({ name, result, code: `${name}.${reason}` as ReasonCode, detail: sentence(particulars), ...aboutOf(particulars), ...(places === undefined || places.length === 0 ? {} : { places: Object.freeze([...places]) }) })
}

function aboutOf({ name, date }: Particulars): Pick<Check, 'about'> {
  const moment = date === undefined ? undefined : new Date(date)
  const readable = moment !== undefined && !Number.isNaN(moment.getTime()) ? moment.toISOString() : undefined
  return name === undefined && readable === undefined ? {} : { about: Object.freeze({ ...(name === undefined ? {} : { name }), ...(readable === undefined ? {} : { date: readable }) }) }
}

/** Text from a document, made safe to stand in a sentence: short, without control or direction characters. */
export function shown(text: string): string {
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, ' ').toWellFormed()
  return plain.length > 120 ? `${plain.slice(0, 117)}…` : plain
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** A moment as a date written out, in UTC. */
function written(instant: number): string {
  const date = new Date(instant)
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}
