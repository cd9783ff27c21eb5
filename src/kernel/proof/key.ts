import { createPublicKey, ECDH, type JsonWebKey, type KeyObject, verify as cryptoVerify } from 'node:crypto'
import { fault } from './faults.ts'

/** The kinds of keys we know. RSA is for tokens only (Open Badges 3.0 asks for RS256), and so are P-384 and P-521 (VC-JOSE-COSE's suite uses them). */
export type KeyType = 'Ed25519' | 'P-256' | 'P-384' | 'P-521' | 'RSA'

/** FIPS 186-5 curves: OpenSSL's name, bytes of a coordinate (and of half a signature), and the digest that RFC 7518 §3.4 signs with each. */
const curves = {
  'P-256': { name: 'prime256v1', bytes: 32, digest: 'sha256' },
  'P-384': { name: 'secp384r1', bytes: 48, digest: 'sha384' },
  'P-521': { name: 'secp521r1', bytes: 66, digest: 'sha512' },
} as const
const curveNames = Object.keys(curves) as readonly (keyof typeof curves)[]

export interface PublicKey {
  readonly type: KeyType
  /** Ed25519: 32 bytes. P-256, P-384, P-521: the compressed point, 33, 49 or 67 bytes. RSA: the DER of SubjectPublicKeyInfo. */
  readonly bytes: Uint8Array
  readonly object: KeyObject
}

/** What signs. A key in memory is one; a key in a PKCS#11 token or a key service can be another, and may take its time. */
export interface Signer {
  readonly publicKey: PublicKey
  /** Signs a message: Ed25519 as RFC 8032 (64 bytes), P-256 as ECDSA with SHA-256 (r ‖ s, 64 bytes), P-384 with SHA-384 (96), P-521 with SHA-512 (132), RSA as RSASSA-PKCS1-v1_5 with SHA-256. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/**
 * Ed25519 public keys of small order: for these a signature can be found that holds for many messages, so they identify nobody.
 * y = 0, 1, −1 and the two values of order 8, with and without the sign bit, and the spellings of y ≥ p. Source: RFC 7748 §6.1 and RFC 8032 §8.9 (mixed order); the list is
 * computed in the test from the curve equation.
 */
const smallOrder = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
])
const fieldPrime = 2n ** 255n - 19n

/**
 * A public key from its bytes.
 *
 * @param bytes  Ed25519: 32 bytes; P-256, P-384, P-521: the point, compressed or not; RSA: DER SubjectPublicKeyInfo, 2048 to 8192 bits
 * @throws Fault `proof.bad_key` when the bytes are no point of the curve, are of small order, or have another length
 */
export function publicKeyFromBytes(type: KeyType, bytes: Uint8Array): PublicKey {
  switch (type) {
    case 'Ed25519': {
      if (bytes.length !== 32) throw fault.bad_key({ reason: 'an Ed25519 key has 32 bytes' })
      if (isSmallOrder(bytes)) throw fault.bad_key({ reason: 'it is a point of small order' })
      return freeze(type, bytes, jwkObject({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(bytes).toString('base64url') }))
    }
    case 'P-256':
    case 'P-384':
    case 'P-521': {
      const curve = curves[type]
      let point: Buffer
      try {
        point = ECDH.convertKey(bytes, curve.name, undefined, undefined, 'uncompressed') as Buffer
      } catch (cause) {
        throw fault.bad_key({ reason: `it is no point of ${type}` }, { cause })
      }
      const x = point.subarray(1, 1 + curve.bytes)
      const compressed = Buffer.concat([Buffer.from([2 + ((point.at(-1) as number) & 1)]), x])
      return freeze(type, compressed, jwkObject({ kty: 'EC', crv: type, x: x.toString('base64url'), y: point.subarray(1 + curve.bytes).toString('base64url') }))
    }
    case 'RSA':
      try {
        return publicKeyFromObject(createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' }))
      } catch (cause) {
        throw fault.bad_key({ reason: 'it is no RSA key of 2048 to 8192 bits' }, { cause })
      }
  }
}

/**
 * A public key from a JWK (RFC 7517, RFC 8037). Private members are refused: whoever publishes one has lost the key.
 *
 * @throws Fault `proof.bad_key`
 */
export function publicKeyFromJwk(jwk: { readonly [member: string]: unknown }): PublicKey {
  if ('d' in jwk) throw fault.bad_key({ reason: 'it contains a private key' })
  const { kty, crv, x, y, n, e } = jwk
  if (kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string') return publicKeyFromBytes('Ed25519', Buffer.from(x, 'base64url'))
  const curve = curveNames.find((name) => name === crv)
  if (kty === 'EC' && curve !== undefined && typeof x === 'string' && typeof y === 'string') {
    return publicKeyFromBytes(curve, Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]))
  }
  if (kty === 'RSA' && typeof n === 'string' && typeof e === 'string') return publicKeyFromObject(jwkObject({ kty, n, e }))
  throw fault.bad_key({ reason: 'only Ed25519, P-256, P-384, P-521 and RSA keys are known' })
}

/** The public JWK of a key. */
export function jwkOf(key: PublicKey): { readonly [member: string]: string } {
  const { kty, crv, x, y, n, e } = key.object.export({ format: 'jwk' })
  return Object.freeze(JSON.parse(JSON.stringify({ kty, crv, x, y, n, e })) as { [member: string]: string })
}

/** Whether a signature over a message was made with the key; the algorithm follows from the key's type alone. Never throws. */
export function isSignature(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    switch (key.type) {
      case 'Ed25519':
        return signature.length === 64 && cryptoVerify(null, message, key.object, signature)
      case 'P-256':
      case 'P-384':
      case 'P-521':
        return signature.length === 2 * curves[key.type].bytes && cryptoVerify(curves[key.type].digest, message, { key: key.object, dsaEncoding: 'ieee-p1363' }, signature)
      case 'RSA':
        return cryptoVerify('sha256', message, key.object, signature)
    }
  } catch {
    return false
  }
}

/** A public key that Node has read. @throws Fault `proof.bad_key` for other kinds, and for RSA outside 2048 to 8192 bits */
export function publicKeyFromObject(object: KeyObject): PublicKey {
  if (object.asymmetricKeyType === 'ed25519') {
    return freeze('Ed25519', Buffer.from(object.export({ format: 'jwk' }).x as string, 'base64url'), object)
  }
  const curve = curveNames.find((name) => curves[name].name === object.asymmetricKeyDetails?.namedCurve)
  if (object.asymmetricKeyType === 'ec' && curve !== undefined) {
    const { x, y } = object.export({ format: 'jwk' })
    return publicKeyFromBytes(curve, Buffer.concat([Buffer.from([4]), Buffer.from(x as string, 'base64url'), Buffer.from(y as string, 'base64url')]))
  }
  if (object.asymmetricKeyType === 'rsa') {
    const bits = object.asymmetricKeyDetails?.modulusLength ?? 0
    if (bits < 2048 || bits > 8192) throw fault.bad_key({ reason: `RSA keys have 2048 to 8192 bits, not ${bits}` })
    return freeze('RSA', object.export({ format: 'der', type: 'spki' }), object)
  }
  throw fault.bad_key({ reason: 'only Ed25519, P-256, P-384, P-521 and RSA keys are known' })
}

function jwkObject(key: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key, format: 'jwk' })
  } catch (cause) {
    throw fault.bad_key({ reason: 'its numbers are no key' }, { cause })
  }
}

function freeze(type: KeyType, bytes: Uint8Array, object: KeyObject): PublicKey {
  return Object.freeze({ type, bytes: Uint8Array.from(bytes), object })
}

function isSmallOrder(bytes: Uint8Array): boolean {
  const y = Buffer.from(bytes)
  y[31] = (y[31] as number) & 0x7f
  if (smallOrder.has(y.toString('hex'))) return true
  // The non-canonical spellings y ≥ p are of small order for y = p and p + 1, and no honest library writes any of them.
  return y[31] === 0x7f && BigInt(`0x${y.reverse().toString('hex')}`) >= fieldPrime
}
