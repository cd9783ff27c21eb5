/**
 * What verification may ask for from outside, all of it passed in. Nothing here opens a connection.
 */
import type { ContextSource, JsonObject } from '#kernel/openbadge'

export interface TrustedIssuer {
  /** The registry that lists the issuer, as a reader knows it. */
  readonly registry: string
  /** The issuer's name in that registry; shown instead of the name that the credential gives. */
  readonly name?: string
}

/**
 * The loaders. Each answers undefined for "no answer" (not found, not allowed, too slow, not asked); the report then says that this could not be
 * checked, and the credential is never called trusted. Addresses come from strangers: whoever implements a loader sends them through a guarded fetcher.
 */
export interface Loaders {
  /** The document of a DID (not asked for did:key), or of a controller that is an https address. */
  readonly resolveDid?: (id: string) => Promise<JsonObject | undefined>
  /** When the owner of a did:key took it back (ISO 8601), for owners whom the caller knows: a did:key itself cannot say. */
  readonly withdrawnKey?: (method: string) => Promise<string | undefined>
  /** The body at the address of a status list; at most 1 MB is read. */
  readonly fetchStatusList?: (url: string) => Promise<Uint8Array | string | undefined>
  /** The body at the address of a refresh service. Asked at most once, and only after the proof held. */
  readonly fetchRefresh?: (url: string) => Promise<Uint8Array | string | undefined>
  /** Whether a registry that the caller trusts lists the issuer. Left out when there is no registry. */
  readonly trustedIssuers?: (issuerId: string) => TrustedIssuer | undefined | Promise<TrustedIssuer | undefined>
}

/**
 * How to verify, and for which moment. An options object that is used again answers from what it has asked before (controllers' documents, status
 * lists and their proofs), so a batch is verified with one, and a new moment gets a new one.
 */
export interface VerifyOptions extends Loaders {
  /** Milliseconds since 1970. */
  readonly now: number
  /** The vendored production contexts when left out. Pass the same function each time. */
  readonly contexts?: ContextSource
  /** The caller reads documents by expanding them, so no unusual spelling hides a statement from it; documents that are shown by their plain names need it refused. */
  readonly expands?: true
}
