/**
 * What lint can find: a closed list of codes, each with the rule it comes from and a sentence that says what to change.
 */
import type { Finding } from '#kernel/fault'
import type { Json } from './json.ts'

/**
 * Where a rule comes from: `model` the W3C data model, `schema` the class tables of Open Badges 3.0, `profile` what this project asks of its own
 * credentials beyond both. `note` marks what is allowed but worth knowing.
 */
export type Rule = 'model' | 'schema' | 'profile' | 'note'

export interface LintFinding extends Finding {
  readonly rule: Rule
  readonly pointer: string
}

interface Told {
  readonly name?: string
  readonly wanted?: string
}

const table = {
  // W3C data model
  not_an_object: ['model', () => 'A credential is a JSON object.'],
  context_missing: ['model', () => 'The @context is missing; it has to be a list that begins with the base context.'],
  context_not_list: ['model', () => 'The @context has to be a list of addresses or objects.'],
  context_first: ['model', (d) => `The first @context has to be ${d.wanted}.`],
  context_not_url: ['model', () => 'A @context entry has to be an address or an object.'],
  context_term_not_url: ['model', (d) => `The @context gives “${d.name}” a meaning that is not an address.`],
  context_keyword: ['model', (d) => `An inline @context must not use ${d.name}.`],
  context_redefines: ['model', (d) => `The @context gives the protected term “${d.name}” another meaning.`],
  type_missing: ['model', () => 'The type is missing.'],
  type_not_text: ['model', () => 'A type has to be a text without spaces.'],
  type_lacks: ['model', (d) => `The type has to include ${d.wanted}.`],
  type_unmapped: ['model', (d) => `The type “${d.name}” is defined by no @context.`],
  id_not_url: ['model', () => 'An id has to be exactly one absolute address.'],
  issuer_missing: ['model', () => 'The issuer is missing; it has to be an address, or an object with an id.'],
  subject_missing: ['model', () => 'The credentialSubject is missing.'],
  subject_empty: ['model', () => 'A credentialSubject has to say something.'],
  date_not_stamp: ['model', (d) => `${d.name} has to be a date and time with a time zone, such as 2026-11-23T09:41:00Z.`],
  date_missing: ['model', (d) => `${d.name} is missing.`],
  dates_reversed: ['model', () => 'The credential ends before it begins.'],
  language_value: ['model', (d) => `${d.name} has to be a text, or a text with @value, @language and @direction and nothing else.`],
  part_not_object: ['model', (d) => `${d.name} has to be an object, or a list of objects.`],
  part_type_missing: ['model', (d) => `${d.name} has to have a type.`],
  part_id_missing: ['model', (d) => `${d.name} has to have an id.`],
  resource_twice: ['model', (d) => `The related resource ${d.name} is listed twice.`],
  resource_no_digest: ['model', () => 'A related resource has to have a digestSRI or a digestMultibase.'],
  resource_digest_unknown: ['model', () => 'The digest of the related resource is in no form that is known (sha256, sha384 or sha512).'],
  resource_digest_wrong: ['model', (d) => `The digest of the related resource ${d.name} does not fit any published revision of it.`],
  proof_previous_missing: ['model', (d) => `The proof names an earlier proof, ${d.name}, that is not there.`],
  status_entry_incomplete: ['model', (d) => `A status entry has to have ${d.wanted}.`],
  status_entry_purpose: ['model', () => 'Two status entries of one credential point at the same place for the same purpose.'],
  status_list_incomplete: ['model', (d) => `A status list has to have ${d.wanted}.`],
  holder_not_url: ['model', () => 'The holder has to be an address, or an object with an id.'],
  presentation_content: ['model', () => 'A verifiableCredential has to be an object: a credential, or an enveloped credential.'],
  envelope_not_data_url: ['model', () => 'The id of an enveloped credential has to be a data: address with a known media type.'],
  // Open Badges 3.0 class tables
  missing: ['schema', (d) => `${d.name} is missing.`],
  null_value: ['schema', (d) => `${d.name} is null; leave it out instead.`],
  empty_list: ['schema', (d) => `${d.name} is an empty list; leave it out instead.`],
  not_a_list: ['schema', (d) => `${d.name} has to be a list.`],
  is_a_list: ['schema', (d) => `${d.name} has to be a single value, not a list.`],
  wrong_kind: ['schema', (d) => `${d.name} has to be ${d.wanted}.`],
  wrong_type: ['schema', (d) => `The type has to include ${d.wanted}.`],
  not_in_vocabulary: ['schema', (d) => `${d.name} has to be one of ${d.wanted}, or begin with “ext:”.`],
  unknown_property: ['schema', (d) => `“${d.name}” is not a property that this class can have.`],
  context_second: ['schema', (d) => `The second @context has to be ${d.wanted}.`],
  proof_not_list: ['schema', () => 'proof has to be a list, even of one.'],
  // what we ask of our own credentials
  subject_unidentified: ['profile', () => 'The credentialSubject needs an id or at least one identifier.'],
  name_missing: ['profile', () => 'The credential has no name, so a wallet has nothing to list it under.'],
  issuer_name_missing: ['profile', () => 'The issuer has no name.'],
  criteria_empty: ['profile', () => 'The criteria need a narrative or an id: otherwise nobody can know what was asked.'],
  result_unlinked: ['profile', (d) => `The result points at ${d.name}, which is no result description of this achievement.`],
  result_level_unknown: ['profile', (d) => `The achieved level ${d.name} is not a level of the result description.`],
  result_status_missing: ['profile', () => 'A result of type Status needs a status.'],
  result_value_outside: ['profile', (d) => `The value is not among the allowed ones (${d.wanted}).`],
  required_level_unknown: ['profile', (d) => `The required level ${d.name} is not a level of this result description.`],
  identity_not_hash: ['profile', () => 'A hashed identity has to be sha256$ followed by 64 hexadecimal digits.'],
  identity_unsalted: ['profile', () => 'A hashed identity without salt can be found by trying likely addresses; add a salt of at least 16 characters.'],
  identity_in_clear: ['profile', (d) => `The ${d.name} stands in the credential for everyone to read; hash it with a salt.`],
  status_index_not_text: ['profile', () => 'statusListIndex has to be a text of digits.'],
  status_not_https: ['profile', () => 'The status list has to be at an https address.'],
  context_inline: ['profile', () => 'A context written into the credential cannot be pinned; use a published one.'],
  // allowed, but worth knowing
  older_context: ['note', (d) => `This uses an older Open Badges context; the current one is ${d.wanted}.`],
  older_data_model: ['note', () => 'This is a credential of the older data model 1.1.'],
  status_several: ['note', () => 'Open Badges has room for one status entry; some readers look at the first one only.'],
} as const satisfies Record<string, readonly [Rule, (d: Told) => string]>

export type LintCode = keyof typeof table

/** Every code that lint can give, as `openbadge.<code>`. */
export const lintCodes: readonly string[] = Object.freeze(Object.keys(table).map((code) => `openbadge.${code}`))

/** One finding at a JSON pointer. The value is shown only when it is short text, and never for what may be personal. */
export function finding(code: LintCode, pointer: string, told: Told = {}, value?: Json): LintFinding {
  const [rule, sentence] = table[code]
  const shown = typeof value === 'string' && value.length <= 80 ? { value } : {}
  return Object.freeze({ code: `openbadge.${code}`, sentence: sentence(told), rule, pointer, ...shown })
}

/** Whether anything in the list is more than a note. */
export function isRefused(findings: readonly LintFinding[]): boolean {
  return findings.some((one) => one.rule !== 'note')
}
