/**
 * Who is signed in: mailed links and sessions, kept by better-auth in schema `sign_in`.
 *
 * None of better-auth's own addresses is mounted. Its magic link is used up by a GET, and mail scanners open links (research/reliability.md
 * 2); so its server API is called from our own POST, behind our own page with a button. Its own rate limits, origin checks and redirects
 * live in the router that is not mounted, too: the route table has them.
 *
 * better-auth reads the machine's clock itself. So links and sessions run out by the machine's time, also where the journey runs under a
 * virtual clock.
 */
import type { Kysely } from 'kysely'
import { issuerById, learnersByEmail, memberRoles } from '#journey/party'
import { signInMail } from '#interfaces/look'
import type { Tx } from '#platform/db'
import { forgetLettersTo } from '#platform/mail'
import type { World } from '#platform/world'
import { cookieNames } from './cookie.ts'
import { fault } from './faults.ts'
import { startAddress } from './owner-link.ts'
import { passkeyHome } from './own-hosts.ts'
import type { AssertedPasskey, CreatedPasskey } from './passkey-routes.ts'
import { accountsAfter, deleteAccounts, deleteRunOut, deleteWaitingLinks } from './store.ts'
import { stranger, whoIsPerson, type Person, type Who } from './who.ts'

/** research/reliability.md 7: a link 15 minutes; a session 8 hours without use and 7 days in all. */
export const linkMinutes = 15
const idleSeconds = 8 * 3600
const absoluteMs = 7 * 86_400_000
/** A session is prolonged at most so often, so that reading pages does not write each time. */
const prolongSeconds = 600

export interface SignedIn {
  readonly person: Person
  readonly who: Who
  /** Set-Cookie lines. */
  readonly cookies: readonly string[]
}

export interface Challenge {
  /** WebAuthn Level 3, 5.4 and 5.5, as JSON. */
  readonly options: Readonly<Record<string, unknown>>
  readonly cookies: readonly string[]
}

export interface SignIn {
  /** Who holds the session that a Cookie header carries. */
  who(cookie: string): Promise<{ readonly who: Who; readonly cookies: readonly string[] }>
  /** Mails a link to an address that is a member's or a learner's, and does nothing for others; the answer does not tell which, nor does its time. */
  askForLink(email: string, next: string | undefined): void
  /** Uses a mailed link up and opens a new session; the old one, if there was one, ends. @throws Fault `http.link_spent` */
  openByLink(token: string, cookie: string): Promise<SignedIn>
  /** The same for somebody who has shown otherwise that the address is theirs. */
  openFor(email: string, cookie: string): Promise<SignedIn>
  /** What a browser is to be asked so that somebody signs in with a passkey; the cookie says later which challenge it was. */
  passkeyChallenge(cookie: string): Promise<Challenge>
  /** Opens a session for whoever signed the challenge; the old one, if there was one, ends. @throws Fault `http.passkey_refused` */
  openByPasskey(response: AssertedPasskey, cookie: string): Promise<SignedIn>
  /** What a browser is to be asked so that it makes a passkey for the holder of the session. @throws Fault `http.passkey_stale` for a session older than a day */
  newPasskeyChallenge(cookie: string): Promise<Challenge>
  /** Keeps the passkey that was made. @throws Fault `http.passkey_refused`, `http.passkey_stale` */
  addPasskey(response: CreatedPasskey, name: string | undefined, cookie: string): Promise<{ readonly id: string }>
  /** Ends a session; gives the cookies that take it from the browser. */
  close(cookie: string): Promise<readonly string[]>
  /** When every letter that was asked for has been handed over. */
  settled(): Promise<void>
}

export async function openSignIn(world: Pick<World, 'db' | 'config' | 'secrets' | 'ids' | 'clock' | 'mail' | 'log'>): Promise<SignIn> {
  const { publicUrl } = world.config
  const jar = cookieNames(publicUrl)
  const tokens = new Map<string, string>()
  const auth = await betterAuthOf(world, (order, token) => tokens.set(order, token))
  const sending = new Set<Promise<unknown>>()

  const ours = (headers: Headers) => headers.getSetCookie().filter((line) => line.startsWith(`${jar.session}=`))
  const challengeIn = (headers: Headers) => headers.getSetCookie().filter((line) => line.startsWith(`${jar.challenge}=`))
  const withCookie = (cookie: string) => new Headers({ cookie })

  async function roleOf(person: Person): Promise<Who> {
    return await world.db.read(async (tx) => whoIsPerson(person, await memberRoles(tx, person.email), await learnersByEmail(tx, person.email)))
  }

  async function opened(session: { readonly id: string }, user: { readonly id: string; readonly email: string }, headers: Headers, oldCookie: string): Promise<SignedIn> {
    // Whatever session the browser had is over, so that one that somebody planted there gains nothing.
    await auth.api.signOut({ headers: withCookie(oldCookie) })
    const person = Object.freeze({ id: user.id, email: user.email, sessionId: session.id })
    return Object.freeze({ person, who: await roleOf(person), cookies: ours(headers) })
  }

  async function mailLink(email: string, next: string | undefined): Promise<void> {
    if (email === startAddress) return
    const { known, learner, issuer } = await world.db.read(async (tx) => {
      const [learner] = await learnersByEmail(tx, email)
      return { known: learner !== undefined || (await memberRoles(tx, email)).length > 0, learner, issuer: learner && (await issuerById(tx, learner.issuerId)) }
    })
    if (!known) return
    const order = world.ids.token()
    await auth.api.signInMagicLink({ body: { email, metadata: { order } }, headers: new Headers() })
    const token = tokens.get(order)
    tokens.delete(order)
    if (token === undefined) throw new TypeError('better-auth made no link')
    const address = new URL('/sign-in/link', publicUrl)
    address.searchParams.set('token', token)
    if (next !== undefined) address.searchParams.set('next', next)
    const now = world.clock.now()
    const content = signInMail({
      language: learner?.locale ?? 'en',
      from: issuer?.name ?? 'Laurel',
      address: address.href,
      expiresAt: new Date(now.getTime() + linkMinutes * 60_000),
      ...(learner === undefined ? {} : { timeZone: learner.timeZone }),
      demo: issuer?.demo ?? false,
      ...(issuer?.colour === undefined ? {} : { colour: issuer.colour }),
    })
    const delivery = await world.mail.send({ messageId: world.ids.uuid(now), to: email, ...content })
    if (delivery.result !== 'sent') world.log.warn({ result: delivery.result, reason: delivery.reason }, 'a link for signing in was not sent')
  }

  return Object.freeze({
    async who(cookie: string) {
      const { headers, response } = await auth.api.getSession({ headers: withCookie(cookie), returnHeaders: true })
      if (!response) return { who: stranger, cookies: ours(headers) }
      const { session, user } = response
      // Prolonged beyond its seven days: it ends.
      if (session.expiresAt.getTime() - session.createdAt.getTime() > absoluteMs) {
        const closed = await auth.api.signOut({ headers: withCookie(cookie), returnHeaders: true })
        return { who: stranger, cookies: ours(closed.headers) }
      }
      return { who: await roleOf(Object.freeze({ id: user.id, email: user.email, sessionId: session.id })), cookies: ours(headers) }
    },
    askForLink(email: string, next: string | undefined) {
      // Not waited for: how long it takes would tell whether the address is known.
      const going = mailLink(email.toLowerCase(), next)
        .catch((error: unknown) => world.log.error({ error: error instanceof Error ? error.message : String(error) }, 'a link for signing in could not be made'))
        .finally(() => sending.delete(going))
      sending.add(going)
    },
    async openByLink(token: string, cookie: string) {
      let made
      try {
        made = await auth.api.magicLinkVerify({ query: { token }, headers: new Headers(), returnHeaders: true })
      } catch (error) {
        // better-auth answers a link that does not hold with a redirect, thrown.
        if (error instanceof Error && error.name === 'APIError') throw fault.link_spent(undefined, { cause: error })
        throw error
      }
      const { session, user } = made.response
      return await opened(session, user, made.headers, cookie)
    },
    async openFor(email: string, cookie: string) {
      const made = await auth.api.openSession({ body: { email }, headers: new Headers(), returnHeaders: true })
      return await opened(made.response.session, made.response.user, made.headers, cookie)
    },
    async passkeyChallenge(cookie: string) {
      const { headers, response } = await auth.api.generatePasskeyAuthenticationOptions({ headers: withCookie(cookie), returnHeaders: true })
      return { options: { ...response }, cookies: challengeIn(headers) }
    },
    async openByPasskey(response: AssertedPasskey, cookie: string) {
      const made = await passkeyAnswer(() => auth.api.verifyPasskeyAuthentication({ body: { response: asGiven(response) }, headers: withCookie(cookie), returnHeaders: true }))
      const { session, user } = made.response
      return await opened(session, user, made.headers, cookie)
    },
    async newPasskeyChallenge(cookie: string) {
      const { headers, response } = await passkeyAnswer(() => auth.api.generatePasskeyRegistrationOptions({ query: {}, headers: withCookie(cookie), returnHeaders: true }))
      return { options: { ...response }, cookies: challengeIn(headers) }
    },
    async addPasskey(response: CreatedPasskey, name: string | undefined, cookie: string) {
      const { id } = await passkeyAnswer(() => auth.api.verifyPasskeyRegistration({ body: { response, ...(name === undefined ? {} : { name }) }, headers: withCookie(cookie) }))
      return { id }
    },
    async close(cookie: string) {
      return ours((await auth.api.signOut({ headers: withCookie(cookie), returnHeaders: true })).headers)
    },
    async settled() {
      while (sending.size > 0) await Promise.all(sending)
    },
  })
}

/** What the browser gave, in the words of the verifier's types, which know no member that is there and undefined; it was parsed at the door. */
const asGiven = (response: AssertedPasskey) => {
  const { response: inner, authenticatorAttachment: _, ...rest } = response
  const { userHandle, ...signed } = inner
  return { ...rest, response: { ...signed, ...(userHandle === undefined ? {} : { userHandle }) } }
}

/** better-auth's refusals of a passkey, as faults of ours. */
async function passkeyAnswer<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'APIError') throw error
    const { body } = error as Error & { readonly body?: { readonly code?: unknown } }
    throw body?.code === 'SESSION_NOT_FRESH' ? fault.passkey_stale(undefined, { cause: error }) : fault.passkey_refused(undefined, { cause: error })
  }
}

/**
 * Forgets accounts whose address is neither a member's nor a learner's any more (an erased learner, a member who left), and whatever has
 * run out. For every so often.
 */
export async function forgetAccounts(world: Pick<World, 'db'>): Promise<void> {
  await world.db.transaction(deleteRunOut)
  let after = ''
  for (;;) {
    const from = after
    const last = await world.db.transaction(async (tx) => {
      const accounts = await accountsAfter(tx, from, 500)
      const stray: string[] = []
      for (const one of accounts) if ((await memberRoles(tx, one.email)).length === 0 && (await learnersByEmail(tx, one.email)).length === 0) stray.push(one.id)
      await deleteAccounts(tx, stray)
      return accounts.at(-1)?.id
    })
    if (last === undefined) return
    after = last
  }
}

/**
 * Forgets one account whose address is nobody's any more, at once: its sessions, the links that wait for it, and the letters that the
 * development mailbox kept for it. An address that is still a member's or a learner's stays. Gives back whether it was forgotten.
 */
export async function forgetAccount(tx: Tx, person: Pick<Person, 'id' | 'email'>): Promise<boolean> {
  if ((await memberRoles(tx, person.email)).length > 0 || (await learnersByEmail(tx, person.email)).length > 0) return false
  await deleteAccounts(tx, [person.id])
  await deleteWaitingLinks(tx, person.email)
  await forgetLettersTo(tx, person.email)
  return true
}

/** better-auth's own word for it; the browser sees the name of cookie.ts. */
const challengeCookie = 'passkey_challenge'

type Needs = Pick<World, 'db' | 'config' | 'secrets' | 'ids' | 'clock' | 'log'>

async function betterAuthOf(world: Needs, made: (order: string, token: string) => void) {
  // Loaded when a server starts: 170 ms that no command needs.
  const [{ betterAuth }, { magicLink }, { APIError, createAuthEndpoint }, { setSessionCookie }, { Kysely, PostgresDialect }, { z }, { passkey }] = await Promise.all([
    import('better-auth'), import('better-auth/plugins/magic-link'), import('better-auth/api'), import('better-auth/cookies'), import('kysely'), import('zod'), import('@better-auth/passkey'),
  ])
  const { publicUrl } = world.config
  const jar = cookieNames(publicUrl)
  const home = passkeyHome(publicUrl)
  const mustBeUnlocked = (unlocked: boolean | undefined): void => {
    if (unlocked !== true) throw new APIError('UNAUTHORIZED', { message: 'The passkey was not unlocked.' })
  }
  const snake = { createdAt: 'created_at', updatedAt: 'updated_at' }
  const db: Kysely<unknown> = new Kysely({ dialect: new PostgresDialect({ pool: world.db.pool }) })

  /** Opens a session for an address that was proved elsewhere. Never mounted, like the rest. */
  const otherWays = {
    id: 'other-ways',
    endpoints: {
      openSession: createAuthEndpoint('/open-session', { method: 'POST', body: z.strictObject({ email: z.email() }), requireHeaders: true, metadata: { SERVER_ONLY: true } }, async (c) => {
        const adapter = c.context.internalAdapter
        const user = (await adapter.findUserByEmail(c.body.email))?.user ?? (await adapter.createUser({ email: c.body.email, emailVerified: true, name: '' }, { method: 'start-link' }))
        const session = await adapter.createSession(user.id)
        await setSessionCookie(c, { session, user })
        return { session, user }
      }),
    },
  }

  return betterAuth({
    appName: 'Laurel',
    baseURL: publicUrl,
    basePath: '/sign-in/never-mounted',
    secret: world.secrets.key('sign-in'),
    database: { db, type: 'postgres', schemaName: 'sign_in', transaction: true },
    user: { modelName: 'person', fields: { emailVerified: 'email_verified', ...snake } },
    session: {
      modelName: 'session',
      fields: { expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', userId: 'person_id', ...snake },
      expiresIn: idleSeconds,
      updateAge: prolongSeconds,
      cookieCache: { enabled: false }, // a role that was taken away, a session that was ended: in force with the next request
    },
    account: {
      modelName: 'account',
      fields: { accountId: 'account_id', providerId: 'provider_id', userId: 'person_id', accessToken: 'access_token', refreshToken: 'refresh_token', idToken: 'id_token', accessTokenExpiresAt: 'access_token_expires_at', refreshTokenExpiresAt: 'refresh_token_expires_at', ...snake },
    },
    verification: { modelName: 'verification', fields: { expiresAt: 'expires_at', ...snake } },
    emailAndPassword: { enabled: false },
    rateLimit: { enabled: false }, // the route table's, which counts in the database
    telemetry: { enabled: false },
    logger: { level: 'warn', log: (level, message) => (level === 'error' ? world.log.error({ from: 'better-auth' }, message) : world.log.warn({ from: 'better-auth' }, message)) },
    advanced: {
      // The names and marks of our own (cookie.ts): its prefix for secure cookies is __Secure-, ours is the stricter __Host-.
      useSecureCookies: false,
      cookies: { session_token: { name: jar.session, attributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: jar.secure } }, [challengeCookie]: { name: jar.challenge, attributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: jar.secure } } },
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => world.ids.uuid(world.clock.now()) },
    },
    plugins: [
      magicLink({
        expiresIn: linkMinutes * 60,
        storeToken: 'hashed',
        generateToken: () => Buffer.from(world.ids.bytes(32)).toString('base64url'),
        sendMagicLink: ({ token, metadata }) => made(String(metadata?.['order']), token),
      }),
      passkey({
        rpID: home.id,
        rpName: 'Laurel',
        origin: home.origin,
        // Found without an address being typed, and unlocked by its owner: a key that lies about opens nothing.
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        registration: { afterVerification: async ({ verification }) => mustBeUnlocked(verification.registrationInfo?.userVerified) },
        authentication: { afterVerification: async ({ verification }) => mustBeUnlocked(verification.authenticationInfo.userVerified) },
        schema: { passkey: { modelName: 'passkey', fields: { userId: 'person_id', credentialID: 'credential_id', publicKey: 'public_key', deviceType: 'device_type', backedUp: 'backed_up', createdAt: 'created_at' } } },
        advanced: { webAuthnChallengeCookie: challengeCookie },
      }),
      otherWays,
    ],
  })
}
