import { decodeBase58, encodeBase58 } from './base58.ts'
import { fault } from './faults.ts'

/** The two spellings that the Data Integrity specifications use. Source: Controlled Identifiers 1.0 §2.4. */
export type Base = 'base58btc' | 'base64url'

/** Bytes as multibase text: `z` and base58btc, or `u` and base64url without padding. */
export function encodeMultibase(bytes: Uint8Array, base: Base): string {
  return base === 'base58btc' ? `z${encodeBase58(bytes)}` : `u${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')}`
}

/**
 * The bytes of a multibase text, which must be in the base asked for.
 *
 * @throws Fault `proof.bad_encoding` for another base, foreign characters, or a spelling that is not the only one of its bytes
 */
export function decodeMultibase(text: string, base: Base): Uint8Array {
  const letter = base === 'base58btc' ? 'z' : 'u'
  if (text[0] !== letter) throw fault.bad_encoding({ what: 'multibase text', reason: `it has to begin with ${letter}` })
  return base === 'base58btc' ? decodeBase58(text.slice(1)) : decodeBase64url(text.slice(1))
}

/**
 * The bytes of a base64url text without padding. Node skips foreign characters and surplus bits; here they are refused, so that a text cannot be altered unseen.
 *
 * @throws Fault `proof.bad_encoding`
 * Source: RFC 4648 §5 and §3.5; RFC 7515 §2.
 */
export function decodeBase64url(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw fault.bad_encoding({ what: 'base64url text', reason: 'it has foreign characters, padding or surplus bits' })
  return bytes
}
