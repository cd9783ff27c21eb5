import { isFault } from '#kernel/fault'
import type { PublicKey } from './key.ts'
import { decodeMultikey, encodeMultikey } from './multikey.ts'
import { type MethodResolution, resolved } from './method.ts'
import { refuse } from './refusal.ts'

/** The did:key of a public key. Source: did:key v0.9 §3.1. */
export function didKey(key: PublicKey): string {
  return `did:key:${encodeMultikey(key)}`
}

/** The name of the only key of a did:key: the identity, `#`, and the Multikey again. */
export function didKeyMethod(key: PublicKey): string {
  const multikey = encodeMultikey(key)
  return `did:key:${multikey}#${multikey}`
}

/** Keys decoded before; the same few issuers sign nearly everything. Entries are forgotten in the order of arrival. */
const known = new Map<string, MethodResolution>()
const mostKnown = 1024

/**
 * The key behind a did:key verification method. The identity is the key, so no network is needed and the controller is proved by the name itself.
 *
 * The fragment must repeat the Multikey. A bare `did:key:…` is taken for its only key: there is no other that it could mean.
 *
 * @returns the key, or a refusal `method_unsupported`, `method_malformed`, `key_malformed` or `method_unknown`
 * Source: did:key v0.9 §3.1.
 */
export function resolveDidKey(method: string): MethodResolution {
  const before = known.get(method)
  if (before !== undefined) return before
  if (!method.startsWith('did:key:')) return refuse('method_unsupported', method)
  const [did, fragment, more] = method.split('#')
  const multikey = (did as string).slice('did:key:'.length)
  if (more !== undefined || !/^z[1-9A-HJ-NP-Za-km-z]{20,120}$/.test(multikey)) return refuse('method_malformed', method)
  if (fragment !== undefined && fragment !== multikey) return refuse('method_unknown', method)
  let found: MethodResolution
  try {
    found = resolved({ id: method, controller: did as string, key: decodeMultikey(multikey), origin: 'did:key' })
  } catch (error) {
    if (!isFault(error)) throw error
    return refuse('key_malformed', error.message)
  }
  if (known.size >= mostKnown) known.delete(known.keys().next().value as string)
  known.set(method, found)
  return found
}
