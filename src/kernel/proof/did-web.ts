import { fault } from './faults.ts'
import type { JsonObject } from './json.ts'
import type { PublicKey } from './key.ts'
import { encodeMultikey } from './multikey.ts'

/** A label of a domain name, and the segment of a path: nothing that a server, proxy or file system could read in two ways. */
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const segment = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,127}$/

/**
 * The did:web identity whose document is served below an https address.
 *
 *   https://example.com          → did:web:example.com
 *   https://example.com:8443/a/b → did:web:example.com%3A8443:a:b
 *
 * @throws Fault `proof.bad_did_web` when the address is not https, has a user, query or fragment, names an IP address, or has characters that would need escaping
 * Source: did:web method specification §3.1.
 */
export function didWeb(address: string): string {
  const refused = (reason: string) => fault.bad_did_web({ address: address.slice(0, 200), reason })
  let url: URL
  try {
    url = new URL(address)
  } catch {
    throw refused('it is no address')
  }
  if (url.protocol !== 'https:') throw refused('it has to begin with https://')
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw refused('it may only have a host and a path')
  const path = url.pathname.replace(/\/$/, '')
  // What the URL parser repaired (case, dots, escapes, default port) must have been written that way: two spellings would be two identities.
  if (address.replace(/\/$/, '') !== `https://${url.host}${path}`) throw refused(`it has to be written https://${url.host}${path}`)
  if (path.includes(':')) throw refused('its path may not contain a colon')
  const did = `did:web:${url.host.replace(':', '%3A')}${path.replaceAll('/', ':')}`
  if (didWebAddress(did) === undefined) throw refused('its host has to be a domain name and its path plain ASCII names')
  return did
}

/**
 * Where the document of a did:web identity is served, or undefined when it is no acceptable did:web.
 *
 *   did:web:example.com            → https://example.com/.well-known/did.json
 *   did:web:example.com%3A8443:a:b → https://example.com:8443/a/b/did.json
 *
 * Stricter than the specification where spellings were used for attacks: the port is the only thing that may be percent-encoded, and only as `%3A`;
 * the host is a lower-case domain name of two labels at least, in its ASCII form, no IP address and no trailing dot; path segments are plain names,
 * never empty, `.` or `..`. Whether the host may be asked at all is for the guarded fetcher to decide.
 *
 * Source: did:web method specification §3.2 and §2.5.2; w3c-ccg/did-method-web issues 7 and 38.
 */
export function didWebAddress(did: string): string | undefined {
  if (did.length > 1024 || !did.startsWith('did:web:')) return undefined
  const [authority, ...path] = did.slice('did:web:'.length).split(':') as [string, ...string[]]
  const match = /^([a-z0-9.-]{1,253})(?:%3A([1-9][0-9]{0,4}))?$/.exec(authority)
  if (match === null) return undefined
  const [, host, port] = match as unknown as [string, string, string | undefined]
  const labels = host.split('.')
  if (labels.length < 2 || !labels.every((one) => label.test(one))) return undefined
  // The last label of a domain name is never a number; this also keeps out every spelling of an IPv4 address (URL Standard §3.5).
  if (/^(0x[0-9a-f]*|[0-9]+)$/.test(labels.at(-1) as string)) return undefined
  if (port !== undefined && (Number(port) > 65535 || port === '443')) return undefined
  if (!path.every((one) => segment.test(one) && one !== '.' && one !== '..')) return undefined
  const address = `https://${host}${port === undefined ? '' : `:${port}`}/${path.length === 0 ? '.well-known' : path.join('/')}/did.json`
  return URL.canParse(address) && new URL(address).href === address ? address : undefined
}

/** A key as its owner's document tells of it. */
export interface PublishedKey {
  /** The part after `#`: plain characters, never used twice. */
  readonly fragment: string
  readonly publicKey: PublicKey
  /** When the key was found to be in strange hands (an XML Schema dateTimeStamp). It stays in the document, but is allowed for nothing any more. */
  readonly revoked?: string
}

/**
 * The DID document of an identity, with its present and all its former keys: a credential signed years ago is still verified with the key of that time.
 *
 * Every key that is not revoked is listed for `assertionMethod` and `authentication`.
 *
 * @throws TypeError for two keys with one fragment, or a fragment with characters that would need escaping
 * Source: DID Core 1.0 §5; Controlled Identifiers 1.0 §2.2 (Multikey, `revoked`).
 */
export function didDocument(did: string, keys: readonly PublishedKey[], alsoKnownAs: readonly string[] = []): JsonObject {
  const fragments = new Set(keys.map((key) => key.fragment))
  if (fragments.size !== keys.length) throw new TypeError('two keys of an identity have the same fragment')
  for (const fragment of fragments) if (!/^[A-Za-z0-9._-]+$/.test(fragment)) throw new TypeError(`not a plain fragment: ${fragment}`)
  const standing = keys.filter((key) => key.revoked === undefined).map((key) => `${did}#${key.fragment}`)
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    ...(alsoKnownAs.length > 0 ? { alsoKnownAs } : {}),
    verificationMethod: keys.map(({ fragment, publicKey, revoked }) => ({
      id: `${did}#${fragment}`,
      type: 'Multikey',
      controller: did,
      publicKeyMultibase: encodeMultikey(publicKey),
      ...(revoked === undefined ? {} : { revoked }),
    })),
    assertionMethod: standing,
    authentication: standing,
  }
}
