import { createECDH, createPrivateKey, createPublicKey, type KeyObject, sign as cryptoSign } from 'node:crypto'
import { fault } from './faults.ts'
import { publicKeyFromObject, type Signer } from './key.ts'
import { encodeMultikey, splitMultikey } from './multikey.ts'

/** A key pair in memory. */
export interface KeyPair extends Signer {
  sign(message: Uint8Array): Uint8Array
  /** The public half as a Multikey. */
  readonly publicKeyMultibase: string
  readonly privateKey: KeyObject
}

/** RFC 8410 §7: the fixed beginning of a PKCS #8 structure with an Ed25519 seed. */
const ed25519Pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * A key pair from its seed: the same bytes give the same pair. Where the bytes come from is the caller's affair; they must be unpredictable.
 *
 * @param seed  Ed25519: the 32 bytes of RFC 8032 §5.1.5; P-256: the private scalar, 32 bytes, 1 to n − 1
 * @throws Fault `proof.bad_key`
 * Pinned by RFC 8032 §7.1 and the key pairs of `standards/vc-di-eddsa` and `standards/vc-di-ecdsa-sd-2023`.
 */
export function keyPairFromSeed(seed: Uint8Array, type: 'Ed25519' | 'P-256' = 'Ed25519'): KeyPair {
  if (seed.length !== 32) throw fault.bad_key({ reason: `the seed of an ${type} key has 32 bytes` })
  if (type === 'Ed25519') return keyPairFromObject(createPrivateKey({ key: Buffer.concat([ed25519Pkcs8, seed]), format: 'der', type: 'pkcs8' }))
  const curve = createECDH('prime256v1')
  try {
    curve.setPrivateKey(Buffer.from(seed))
  } catch (cause) {
    throw fault.bad_key({ reason: 'the seed is not between 1 and the order of P-256' }, { cause })
  }
  const point = curve.getPublicKey()
  const coordinates = { x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') }
  return keyPairFromObject(createPrivateKey({ key: { kty: 'EC', crv: 'P-256', ...coordinates, d: Buffer.from(seed).toString('base64url') }, format: 'jwk' }))
}

/**
 * A key pair from a private key that Node has read. Ed25519 signs the same message alike each time; ECDSA takes a fresh nonce from OpenSSL, as no Node
 * interface gives the deterministic one of RFC 6979.
 *
 * @throws Fault `proof.bad_key` for other kinds of keys
 */
export function keyPairFromObject(privateKey: KeyObject): KeyPair {
  const publicKey = publicKeyFromObject(createPublicKey(privateKey.export({ format: 'pem', type: 'pkcs8' })))
  if (publicKey.type !== 'Ed25519' && publicKey.type !== 'P-256') throw fault.bad_key({ reason: 'we sign with Ed25519 and P-256 only' })
  const sign =
    publicKey.type === 'Ed25519'
      ? (message: Uint8Array) => cryptoSign(null, message, privateKey)
      : (message: Uint8Array) => cryptoSign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return Object.freeze({ publicKey, publicKeyMultibase: encodeMultikey(publicKey), privateKey, sign })
}

/**
 * A key pair from the Multikey of its secret (`z3u2…` for Ed25519, `z42t…` for P-256).
 *
 * @throws Fault `proof.bad_encoding`, `proof.bad_key`
 */
export function decodeSecretMultikey(text: string): KeyPair {
  const [type, bytes] = splitMultikey(text, 'secret')
  return keyPairFromSeed(bytes, type)
}

/**
 * A signer with an RSA key, for tokens under RS256: the algorithm that Open Badges 3.0 §8.2.1 has every reader know. Embedded proofs are never made with it.
 *
 * @throws Fault `proof.bad_key` for another kind of key, and outside 2048 to 8192 bits
 */
export function rsaSigner(privateKey: KeyObject): Signer {
  const publicKey = publicKeyFromObject(createPublicKey(privateKey.export({ format: 'pem', type: 'pkcs8' })))
  if (publicKey.type !== 'RSA') throw fault.bad_key({ reason: 'it is no RSA key' })
  return Object.freeze({ publicKey, sign: (message: Uint8Array) => cryptoSign('sha256', message, privateKey) })
}
