/**
 * Whether a request that changes something was meant by the one whose rights it uses.
 *
 * Twice: the browser says where it came from (Sec-Fetch-Site, else Origin), and the form carries a token that only a page of ours can have
 * put there, an HMAC over the session, or over a random cookie for somebody who is not signed in.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Secrets } from '#platform/secret'
import { fault } from './faults.ts'

/** @throws Fault `http.from_elsewhere` when the browser says that another site sent it; one that says nothing (no browser, or an old one) passes */
export function checkOrigin(request: Request, hosts: ReadonlySet<string>, protocol: string): void {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) {
    if (site !== 'same-origin' && site !== 'none') throw fault.from_elsewhere()
    return
  }
  const origin = request.headers.get('origin')
  if (origin !== null && ![...hosts].some((host) => origin === `${protocol}//${host}`)) throw fault.from_elsewhere()
}

/** What a token is tied to: a session, or the random cookie of a stranger. */
export type TiedTo = { readonly session: string } | { readonly visit: string }

const awaitedFor = (secrets: Secrets, tied: TiedTo): Buffer => Buffer.from(secrets.mac('csrf', JSON.stringify(tied)))

const masked = (mask: Uint8Array, bytes: Uint8Array): Buffer => Buffer.from(bytes.map((byte, at) => byte ^ (mask[at] ?? 0)))

/**
 * The token, under a mask of its own that stands before it: pages are sent compressed, and from the lengths of many of them a secret that is
 * always the same could be read letter by letter (the attack BREACH, CVE-2013-3587).
 */
export function tokenFor(secrets: Secrets, tied: TiedTo, mask: Uint8Array): string {
  const awaited = awaitedFor(secrets, tied)
  if (mask.length !== awaited.length) throw new TypeError('the mask is as long as the token')
  return Buffer.concat([mask, masked(mask, awaited)]).toString('base64url')
}

/** @throws Fault `http.form_too_old` */
export function checkToken(secrets: Secrets, tied: TiedTo | undefined, given: string | undefined): void {
  const awaited = tied === undefined ? undefined : awaitedFor(secrets, tied)
  const came = Buffer.from(given ?? '', 'base64url')
  if (awaited === undefined || came.length !== 2 * awaited.length || !timingSafeEqual(masked(came.subarray(0, awaited.length), came.subarray(awaited.length)), awaited)) throw fault.form_too_old()
}
