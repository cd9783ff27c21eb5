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

export const tokenFor = (secrets: Secrets, tied: TiedTo): string => Buffer.from(secrets.mac('csrf', JSON.stringify(tied))).toString('base64url')

/** @throws Fault `http.form_too_old` */
export function checkToken(secrets: Secrets, tied: TiedTo | undefined, given: string | undefined): void {
  const awaited = tied === undefined ? undefined : Buffer.from(tokenFor(secrets, tied))
  const came = Buffer.from(given ?? '')
  if (awaited === undefined || came.length !== awaited.length || !timingSafeEqual(came, awaited)) throw fault.form_too_old()
}
