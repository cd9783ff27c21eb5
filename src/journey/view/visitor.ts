/** What is kept of a stranger: enough to count one once a day, and not enough to know them again the next. */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Secrets } from '#platform/secret'
import type { Hit, HitKind } from './view.ts'

/** The address cut to its network: /24 for IPv4, /48 for IPv6 (research notes on reliability, section 7); undefined for what is no address. */
export function networkOf(address: string): string | undefined {
  const kind = isIP(address)
  if (kind === 0) return undefined // the package also takes 203.0.113 and 0x7f.1 for addresses
  if (kind === 4) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`
  const parsed = ipaddr.process(address) // an IPv4 address written as IPv6 is IPv4
  const bits = parsed.kind() === 'ipv4' ? 24 : 48
  const bytes = parsed.toByteArray().map((byte, at) => (at * 8 < bits ? byte : 0))
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`
}

/**
 * A name for a visitor that holds for one day (UTC): HMAC-SHA-256 over day, address and browser name under a key of this installation, cut
 * to 96 bits. Without the key nobody can try addresses; with it, only those of one day match.
 */
export function visitorOf(secrets: Secrets, at: Date, address: string, userAgent: string): string {
  return Buffer.from(secrets.mac('visitor', `${dayOf(at)}\0${address}\0${userAgent}`).subarray(0, 12)).toString('base64url')
}

export const dayOf = (at: Date) => at.toISOString().slice(0, 10)

export interface Request {
  readonly credentialId: string
  readonly kind: HitKind
  readonly at: Date
  readonly method: string
  readonly address: string | undefined
  readonly userAgent: string | undefined
  /** Whichever of Sec-Purpose, Purpose, X-Purpose, X-Moz was sent. */
  readonly purpose?: string | undefined
  readonly referrer?: string | undefined
  readonly owner: boolean
  readonly placementToken?: string | undefined
  readonly visibleMs?: number | undefined
  readonly sinceMailMs?: number | undefined
}

/** A hit from what a request says. Here the address ends: what is kept is its network, and the visitor's name of the day. */
export function hitOf(secrets: Secrets, request: Request): Hit {
  const userAgent = request.userAgent?.slice(0, 400)
  const wholeMs = (ms: number | undefined) => (ms === undefined || !Number.isFinite(ms) ? undefined : Math.round(Math.min(Math.max(ms, 0), 86_400_000)))
  return Object.freeze({
    credentialId: request.credentialId,
    kind: request.kind,
    at: request.at,
    owner: request.owner,
    method: request.method,
    prefetch: request.purpose !== undefined && /prefetch|prerender|preview/i.test(request.purpose),
    sinceMailMs: wholeMs(request.sinceMailMs),
    visibleMs: wholeMs(request.visibleMs),
    placementToken: request.placementToken?.slice(0, 64),
    visitor: request.address === undefined ? undefined : visitorOf(secrets, request.at, request.address, userAgent ?? ''),
    network: request.address === undefined ? undefined : networkOf(request.address),
    userAgent,
    referrerHost: request.referrer === undefined ? undefined : (URL.parse(request.referrer)?.hostname.slice(0, 253) || undefined),
  })
}
