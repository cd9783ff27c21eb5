import { fault } from './faults.ts'
import { type PublicKey, publicKeyFromBytes } from './key.ts'
import { decodeMultibase, encodeMultibase } from './multibase.ts'

/**
 * Two-byte prefixes (multicodec numbers as unsigned varints) and lengths behind them.
 * Source: Controlled Identifiers 1.0 §2.2.2; multicodec table: ed25519-pub 0xed, p256-pub 0x1200, ed25519-priv 0x1300, p256-priv 0x1306.
 */
const prefixes = {
  public: { Ed25519: [0xed, 0x01, 32], 'P-256': [0x80, 0x24, 33] },
  secret: { Ed25519: [0x80, 0x26, 32], 'P-256': [0x86, 0x26, 32] },
} as const

type MultikeyType = 'Ed25519' | 'P-256'
const types: readonly MultikeyType[] = ['Ed25519', 'P-256']

/** The public key as a Multikey: `z6Mk…` for Ed25519, `zDna…` for P-256. Other kinds, which only tokens use, have none here: TypeError. */
export function encodeMultikey(key: PublicKey): string {
  if (key.type !== 'Ed25519' && key.type !== 'P-256') throw new TypeError(`a key of type ${key.type} has no Multikey form here`)
  const [first, second] = prefixes.public[key.type]
  return encodeMultibase(Buffer.concat([Buffer.from([first, second]), key.bytes]), 'base58btc')
}

/**
 * The public key of a Multikey.
 *
 * @throws Fault `proof.bad_encoding` for text that is no Multikey of a known kind, `proof.bad_key` for bytes that are no key
 */
export function decodeMultikey(text: string): PublicKey {
  const [type, bytes] = splitMultikey(text, 'public')
  return publicKeyFromBytes(type, bytes)
}

/** The kind and the bare bytes of a Multikey. @throws Fault `proof.bad_encoding` */
export function splitMultikey(text: string, kind: 'public' | 'secret'): [MultikeyType, Uint8Array] {
  const bytes = decodeMultibase(text, 'base58btc')
  for (const type of types) {
    const [first, second, length] = prefixes[kind][type]
    if (bytes[0] === first && bytes[1] === second && bytes.length === length + 2) return [type, bytes.subarray(2)]
  }
  throw fault.bad_encoding({ what: 'Multikey', reason: 'it is no Ed25519 or P-256 key of the right length' })
}
