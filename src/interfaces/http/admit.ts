/** Who asks, and whether the row lets them in. */
import { checkApiKey, issuerByHandle, issuerById, type Issuer } from '#journey/party'
import type { World } from '#platform/world'
import { readCookie } from './cookie.ts'
import { fault } from './faults.ts'
import type { Route } from './route.ts'
import type { SignIn } from './sign-in.ts'
import { rolesFor, stranger, whoIsKey, type Who } from './who.ts'

export interface Met {
  readonly who: Who
  /** Set-Cookie lines: a session that was used is prolonged. */
  readonly cookies: readonly string[]
}

/** An API key wins over a session. Both are looked up in every request, so what was revoked is refused at once. @throws Fault `http.key_unknown` */
export async function whoAsks(world: Pick<World, 'db'>, signIn: SignIn | undefined, headers: Headers, sessionCookie: string): Promise<Met> {
  const authorization = headers.get('authorization')
  if (authorization !== null) {
    const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    const key = secret === undefined ? undefined : await world.db.read((tx) => checkApiKey(tx, secret))
    if (!key) throw fault.key_unknown()
    return { who: whoIsKey(key), cookies: [] }
  }
  const cookie = headers.get('cookie') ?? ''
  if (!signIn || readCookie(cookie, sessionCookie) === undefined) return { who: stranger, cookies: [] }
  return await signIn.who(cookie)
}

export interface Admitted {
  readonly issuer: Issuer | undefined
  /** Without the issuer's handle, which has been read. */
  readonly params: Readonly<Record<string, string>>
}

/**
 * Lets in whoever the row names. What belongs to an issuer towards whom one has no role at all is not there; what is there and not for
 * this role is forbidden. @throws Fault `http.who`, `http.role`, `http.scope`, `http.nothing_here`
 */
export async function admit(world: Pick<World, 'db'>, row: Route, who: Who, params: Readonly<Record<string, string>>): Promise<Admitted> {
  const open = row.roles.includes('anonymous')
  if (!open) {
    if (who.roles.includes('anonymous')) throw fault.who()
    if (!who.roles.some((role) => row.roles.includes(role))) throw fault.role()
    if (who.key && row.scope !== undefined && !who.key.scopes.includes(row.scope)) throw fault.scope({ scope: row.scope })
  }
  if (row.issuer === undefined) return { issuer: undefined, params }
  const { issuer: handle = '', ...rest } = params
  const issuer = await world.db.read(async (tx) => {
    if (row.issuer === 'path') return /^[a-z0-9][a-z0-9-]{0,62}$/.test(handle) ? await issuerByHandle(tx, handle) : undefined
    return who.key && (await issuerById(tx, who.key.issuerId))
  })
  if (!issuer) throw fault.nothing_here()
  const held = rolesFor(who, issuer.id)
  if (!open && held.length === 0) throw fault.nothing_here()
  if (!open && !held.some((role) => row.roles.includes(role))) throw fault.role()
  return { issuer, params: row.issuer === 'path' ? rest : params }
}
