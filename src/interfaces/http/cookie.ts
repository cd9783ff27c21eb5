/**
 * Cookies. `__Host-` (RFC 6265bis, 4.1.3.2) makes the browser hold a cookie to this host, this path and https, so that no neighbour can set
 * it. A browser takes that prefix only over https, so on http://localhost the same cookies have plain names.
 */

export interface CookieJar {
  readonly session: string
  /** The random value that a stranger's forms are tied to. */
  readonly visit: string
  /** Which challenge a passkey is to sign. */
  readonly challenge: string
  readonly secure: boolean
}

export function cookieNames(publicUrl: string): CookieJar {
  const secure = publicUrl.startsWith('https:')
  const prefix = secure ? '__Host-' : ''
  return Object.freeze({ session: `${prefix}laurel_session`, visit: `${prefix}laurel_visit`, challenge: `${prefix}laurel_challenge`, secure })
}

/** The value of a cookie; undefined when it is not there, or there twice (somebody else set one of them). */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const found = (header ?? '').split(';').map((one) => one.trim()).filter((one) => one.startsWith(`${name}=`))
  return found.length === 1 ? found[0]!.slice(name.length + 1) : undefined
}

/** A Set-Cookie line for the time of the browser's session. */
export const setCookie = (jar: CookieJar, name: string, value: string): string => `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${jar.secure ? '; Secure' : ''}`
