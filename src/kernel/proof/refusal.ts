/**
 * Why a proof was not accepted: a closed list, one sentence each. A refusal is a result; nothing here is thrown.
 */
const sentences = {
  // the document
  proof_missing: 'The document carries no proof.',
  proof_not_object: 'The proof is not an object.',
  proof_type_unknown: 'The proof is of a type that is not supported.',
  cryptosuite_missing: 'The proof does not name its cryptosuite.',
  cryptosuite_unknown: 'The proof uses a cryptosuite that is not supported.',
  method_missing: 'The proof does not say with which key it was made.',
  purpose_missing: 'The proof does not say what it is for.',
  purpose_wrong: 'The proof was made for another purpose.',
  value_missing: 'The proof has no value.',
  value_malformed: 'The value of the proof cannot be read.',
  created_malformed: 'The proof carries a date that cannot be read.',
  expired: 'The proof has expired.',
  challenge_wrong: 'The proof answers another challenge.',
  domain_wrong: 'The proof was made for another domain.',
  previous_proof_missing: 'The proof depends on another proof that is not in the document.',
  previous_proof_failed: 'The proof depends on another proof that does not hold.',
  proof_context_wrong: 'The context of the proof is not the beginning of the context of the document.',
  // canonical form
  context_unknown: 'The document uses a context that is not on the list of known ones.',
  term_unmapped: 'The document uses a term, type or address that its contexts give no meaning, so it cannot be protected by the proof.',
  term_redefined: 'The document gives a new meaning to a protected term.',
  json_ld_invalid: 'The document is not valid JSON-LD.',
  json_invalid: 'The document has no canonical JSON form.',
  too_complex: 'The document is too large or too entangled to be checked.',
  // the key
  method_malformed: 'The name of the key cannot be read.',
  method_unsupported: 'Keys of this kind of address are not supported.',
  method_unknown: 'The key is not in the document of its owner.',
  method_not_authorized: 'The owner of the key does not allow it for this purpose.',
  key_malformed: 'The key cannot be read.',
  key_unsupported: 'Keys of this kind are not supported.',
  key_revoked: 'The key has been withdrawn by its owner.',
  key_expired: 'The key has expired.',
  key_mismatch: 'The kind of the key does not fit the kind of the proof.',
  controller_mismatch: 'The document of the owner is about somebody else.',
  // the signature
  signature_wrong: 'The signature does not match the document.',
  // selective disclosure
  base_proof: 'This is the base form of a selectively disclosable credential, meant for its holder; it has to be derived before it is shown.',
  disclosure_wrong: 'The disclosed parts do not match the proof.',
  // tokens
  token_malformed: 'The token cannot be read.',
  token_encrypted: 'The token is encrypted (five parts); only signed tokens are accepted.',
  token_alg_none: 'The token says that it is not signed.',
  token_alg_unsupported: 'The token uses a signature algorithm that is not supported.',
  token_crit: 'The token demands extensions that are not supported.',
  token_header_forbidden: 'The token brings its own key or tells where to fetch one; such keys prove nothing.',
  token_type_wrong: 'The token is of another type.',
  token_claims_wrong: 'The claims of the token contradict the credential in it.',
  token_time_wrong: 'The token is outside its time.',
  token_key_missing: 'The token does not say with which key it was signed.',
  token_holder_missing: 'The token has to be presented by its holder with a proof of possession.',
} as const

export type RefusalCode = keyof typeof sentences

/** Every code a verification can give, as `proof.<code>`. */
export const refusalCodes: readonly RefusalCode[] = Object.freeze(Object.keys(sentences) as RefusalCode[])

export interface Refusal {
  readonly ok: false
  readonly code: RefusalCode
  /** The sentence of the code, with particulars where they are safe to show. */
  readonly detail: string
}

/** A refusal with its sentence and, in parentheses, particulars. Text from the document is cut and stripped of control characters. */
export function refuse(code: RefusalCode, particulars?: string): Refusal {
  const shown = particulars?.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ').toWellFormed()
  const sentence = sentences[code]
  const detail = shown === undefined || shown === '' ? sentence : `${sentence.slice(0, -1)} (${shown.length > 160 ? `${shown.slice(0, 157)}...` : shown}).`
  return Object.freeze({ ok: false, code, detail })
}
