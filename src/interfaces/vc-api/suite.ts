/**
 * The securing mechanisms that can be asked for, each under a path of its own: the public suites change the options that they send between
 * requests, so what a request means must not hang on them (research/credentials.md 3.5, trap 5).
 */
import { didKey, didKeyMethod, keyPairFromSeed, type KeyPair } from '#kernel/proof'
import type { World } from '#platform/world'

export interface Suite {
  readonly name: string
  /** Data Integrity with this cryptosuite; absent for a credential in an envelope. */
  readonly cryptosuite?: string
  readonly key: 'Ed25519' | 'P-256'
  /** The issuer gives each credential a place on a status list. */
  readonly status?: true
}

const rows: readonly Suite[] = [
  { name: 'eddsa-rdfc-2022', cryptosuite: 'eddsa-rdfc-2022', key: 'Ed25519' },
  { name: 'eddsa-jcs-2022', cryptosuite: 'eddsa-jcs-2022', key: 'Ed25519' },
  { name: 'ecdsa-rdfc-2019', cryptosuite: 'ecdsa-rdfc-2019', key: 'P-256' },
  { name: 'ecdsa-jcs-2019', cryptosuite: 'ecdsa-jcs-2019', key: 'P-256' },
  { name: 'ecdsa-sd-2023', cryptosuite: 'ecdsa-sd-2023', key: 'P-256' },
  { name: 'bitstring-status-list', cryptosuite: 'eddsa-rdfc-2022', key: 'Ed25519', status: true },
  { name: 'vc-jwt', key: 'Ed25519' },
]

export const suites: ReadonlyMap<string, Suite> = new Map(rows.map((one) => [one.name, Object.freeze(one)]))

export interface SuiteKey {
  readonly pair: KeyPair
  /** The issuer of what this suite signs: a did:key. */
  readonly issuer: string
  readonly method: string
}

/** The key of a suite, from the root secret under purposes of its own: it signs whatever a stranger sends, so no issuer's key may have to do with it. */
export function keyOf(secrets: World['secrets'], suite: Suite): SuiteKey {
  const seed = secrets.mac('vc-api', suite.key)
  // A P-256 scalar has to be below the order of the curve, which begins with 32 one bits (FIPS 186-5, via SP 800-186 §3.2.1.3).
  if (suite.key === 'P-256') seed[0] = (seed[0] ?? 0) & 0x7f
  const pair = keyPairFromSeed(seed, suite.key)
  return Object.freeze({ pair, issuer: didKey(pair.publicKey), method: didKeyMethod(pair.publicKey) })
}
