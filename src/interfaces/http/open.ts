/**
 * The door to the web: a list of rows in, an application out. Hono finds the row for a request; everything that guards it happens here, in
 * one order, and only here:
 *
 *   size -> host -> who -> role, scope, issuer -> origin and token -> how often -> schema -> handler -> audit row -> headers
 *
 * Before it stands what is kept ready for strangers: `quick`, which answers from memory or not at all.
 */
import { Hono, type Context } from 'hono'
import { demoIssuers } from '#journey/party'
import type { Chrome } from '#interfaces/look'
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import { admit, whoAsks } from './admit.ts'
import type { Answer } from './answer.ts'
import { auditRow } from './audit-row.ts'
import { fieldsOf, ordinaryLimit, parseBy, readBody } from './body.ts'
import { cookieNames, readCookie, setCookie } from './cookie.ts'
import { checkOrigin, checkToken, tokenFor, type TiedTo } from './csrf.ts'
import { fault } from './faults.ts'
import { ownHosts } from './own-hosts.ts'
import { forgetAllowances, takeOne, type Rate } from './rate.ts'
import { placeName, readyPages, type Place } from './ready.ts'
import { comesFrom, factsOf, heard, otherLanguages, trustedProxies, withoutLanguage, type Heard, type RequestFacts } from './request.ts'
import { responder, type Written } from './respond.ts'
import type { Asked, Route } from './route.ts'
import type { SignIn } from './sign-in.ts'
import { stranger, type Who } from './who.ts'

export interface Http {
  /** Answers one request, without a socket. */
  request(request: Request, from?: Bindings): Promise<Response>
  /** What is kept ready for a stranger, straight for the socket; undefined where the request has to go through the door. */
  quick(request: Heard, from: Bindings): Promise<Written | undefined> | undefined
  /** When everybody who was answered from memory has been noted. */
  settled(): Promise<void>
  readonly routes: readonly Route[]
  /** What Hono was told, as `METHOD path`. */
  readonly registered: readonly string[]
}

export interface HttpOptions {
  readonly world: World
  readonly routes: readonly Route[]
  /** Knows who holds a session; without it nobody does. */
  readonly signIn?: SignIn
}

interface Bindings {
  /** The network address that the socket says. */
  readonly address?: string | undefined
}

const none = new URLSearchParams()

type Ctx = Context<{ Bindings: Bindings }>

export function openHttp(options: HttpOptions): Http {
  const { world, routes } = options
  const { answer, refuse, quick, settled } = doorOf(world, options.signIn)
  const app = new Hono<{ Bindings: Bindings }>()
  const fallbacks = new Set<string>()
  for (const [path, here] of inOrder(routes)) {
    for (const [method, rows] of Map.groupBy(here, (one) => one.method)) app.on(method, path, (c) => answer(c, rows))
    const allowed = [...new Set(here.flatMap((one) => (one.method === 'GET' ? ['GET', 'HEAD'] : [one.method])))].join(', ')
    app.all(path, (c) => refuse(c, fault.other_method({ method: c.req.method.slice(0, 20), allowed })))
    fallbacks.add(`ALL ${path}`)
  }
  app.notFound((c) => refuse(c, fault.nothing_here()))
  app.onError((error, c) => refuse(c, error))
  return Object.freeze({
    request: async (request: Request, from: Bindings = {}) => await app.fetch(request, from),
    quick,
    settled,
    routes: Object.freeze([...routes]),
    registered: Object.freeze([...new Set(app.routes.map((one) => `${one.method} ${one.path}`))].filter((one) => !fallbacks.has(one))),
  })
}

/** Rows by path: what is written out before a parameter with a pattern, and that before one without. @throws TypeError when two rows would answer the same request */
function inOrder(routes: readonly Route[]): readonly (readonly [string, readonly Route[]])[] {
  const seen = new Set<string>()
  for (const one of routes) {
    const name = `${one.method} ${one.path}${one.withQuery === undefined ? '' : ` with ${one.withQuery}`}`
    if (seen.has(name)) throw new TypeError(`Two rows answer ${name}`)
    seen.add(name)
  }
  const weight = (path: string) => path.split('/').map((step) => (step.includes('*') ? '4' : !step.startsWith(':') ? '1' : step.includes('{') ? '2' : '3')).join('')
  return [...Map.groupBy(routes, (one) => one.path)].toSorted(([a], [b]) => (weight(a) < weight(b) ? -1 : weight(a) > weight(b) ? 1 : 0))
}

const onlyNamed = <T>(fields: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> => Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))

function doorOf(world: World, signIn: SignIn | undefined) {
  const { publicUrl } = world.config
  const hosts = ownHosts(publicUrl)
  const trusted = trustedProxies(world.config.trustedProxies)
  const jar = cookieNames(publicUrl)
  const reading: World = Object.freeze({ ...world, db: Object.freeze({ ...world.db, transaction: <T>(work: (tx: Tx) => Promise<T>) => world.db.read(work) }) })
  const demo = demoKnown(world)
  const ready = readyPages(world)
  const { written, respond, told } = responder({ https: jar.secure, log: world.log, demo })
  let checked = 0

  const meet = (c: Ctx): { readonly facts: RequestFacts; readonly host: string } => {
    const { address, host } = comesFrom(heard(c.req.raw), c.env.address, trusted)
    return { facts: factsOf(heard(c.req.raw), { id: world.ids.token(), at: world.clock.now(), path: c.req.path, address }), host }
  }

  async function refuse(c: Ctx, error: unknown): Promise<Response> {
    const { facts, host } = meet(c)
    return await told(hosts.has(host) ? error : fault.other_host({ address: publicUrl }), undefined, facts)
  }

  async function answer(c: Ctx, rows: readonly Route[]): Promise<Response> {
    const { facts, host } = meet(c)
    const search = withoutLanguage(new URL(c.req.url).searchParams, c.req.path)
    const row = rows.find((one) => one.withQuery !== undefined && search.has(one.withQuery)) ?? rows.find((one) => one.withQuery === undefined)
    try {
      if (!row) throw fault.nothing_here()
      if (!hosts.has(host) && !row.anyHost) throw fault.other_host({ address: publicUrl })
      const { made, cookies } = await guarded(c.req.raw, row, facts, c.req.param(), search)
      return respond(made, row, facts, cookies)
    } catch (error) {
      return await told(error, row, facts)
    }
  }

  /** A stranger's GET of a page that lies ready. Nothing else is looked at here that the page could depend on. */
  function quick(request: Heard, from: Bindings): Promise<Written | undefined> | undefined {
    const { header } = request
    if (request.method !== 'GET' || header('authorization') !== undefined || holdsSession(header('cookie'))) return undefined
    const start = request.url.indexOf('/', 'https://'.length)
    const mark = request.url.indexOf('?', start)
    const path = mark < 0 ? request.url.slice(start) : request.url.slice(start, mark)
    const { address, host } = comesFrom(request, from.address, trusted)
    if (!hosts.has(host)) return undefined
    const facts = factsOf(request, { id: world.ids.token(), at: world.clock.now(), path, address })
    const name = placeName(path, facts.language)
    const search = mark < 0 ? undefined : new URLSearchParams(request.url.slice(mark))
    if (!ready.holds(name, search)) return undefined
    return ready.find(name).then(
      (one) => {
        if (!one) return undefined
        ready.note(one, facts, search ?? none)
        return written(one.answer, one.row, facts, [])
      },
      () => undefined, // the door says what is wrong with the database
    )
  }

  const holdsSession = (cookie: string | undefined): boolean => cookie !== undefined && readCookie(cookie, jar.session) !== undefined

  async function guarded(request: Request, row: Route, facts: RequestFacts, pathParams: Readonly<Record<string, string>>, search: URLSearchParams): Promise<{ readonly made: Answer; readonly cookies: readonly string[] }> {
    const limit = row.body?.limit ?? ordinaryLimit
    if (Number(request.headers.get('content-length') ?? 0) > limit) throw fault.too_large({ bytes: limit })

    const met = await whoAsks(world, signIn, request.headers, jar.session)
    const { who } = met
    const cookies = [...met.cookies]
    const { issuer, params } = await admit(world, row, who, pathParams)

    const body = row.body && (await readBody(request, row.body))
    let tied = tiedTo(facts, who.person?.sessionId)
    if (typeof row.csrf === 'string' && !who.key) {
      checkOrigin(request, hosts, new URL(publicUrl).protocol)
      if (row.csrf === 'form') checkToken(world.secrets, tied, body?.csrf ?? request.headers.get('x-csrf-token') ?? undefined)
    }

    const caller = who.key?.id ?? who.person?.id ?? facts.address ?? 'unknown'
    for (const rate of row.rates) if (typeof rate.per === 'string') await take(rate, rate.per === 'address' ? (facts.address ?? 'unknown') : caller)

    const input = Object.freeze({
      params: parseBy(row.params, params, 'path'),
      query: parseBy(row.query, row.otherQuery === 'refused' ? fieldsOf(search) : onlyNamed(fieldsOf(search), Object.keys(row.query.shape)), 'query'),
      headers: row.headers && parseBy(row.headers, headersNamed(request.headers, Object.keys(row.headers.shape)), 'header'),
      body: body?.parse(),
    })
    for (const rate of row.rates) {
      const subject = typeof rate.per === 'string' ? undefined : rate.per.input(input)
      if (subject !== undefined) await take(rate, subject)
    }

    const csrf = () => {
      if (tied === undefined) {
        const visit = world.ids.token()
        tied = { visit }
        cookies.push(setCookie(jar, jar.visit, visit))
      }
      return tokenFor(world.secrets, tied, world.ids.bytes(32))
    }
    const invented = await demo()
    const log = auditRow(world, row, who, issuer, facts.id)
    const place = placeOf(row, who, params, search, facts)
    const asked: Asked = Object.freeze({
      world: row.method === 'GET' && !row.hits ? reading : world,
      who,
      input,
      request: facts,
      issuer,
      csrf,
      chrome: (more: Partial<Chrome> = {}) => ({ language: facts.language, demo: invented, ...(row.method === 'GET' ? { alternatives: otherLanguages(place ? new URL(facts.path, publicUrl).href : request.url, facts.language) } : {}), ...more, csrf: more.csrf ?? csrf() }),
      change: log.change,
      about: log.about,
    })
    const made = await (place ? ready.findOrMake(place, facts, search, () => row.handler(asked)) : row.handler(asked))
    if (made.status < 400) await log.finish()
    return { made, cookies }
  }

  function placeOf(row: Route, who: Who, params: Readonly<Record<string, string>>, search: URLSearchParams, facts: RequestFacts): Place | undefined {
    const key = row.ready && params[row.ready.by]
    if (!row.ready || key === undefined || who !== stranger || holdsSession(facts.cookie) || row.ready.notWith?.some((field) => search.has(field))) return undefined
    return { rule: row.ready, row, key, name: placeName(facts.path, facts.language) }
  }

  const tiedTo = (facts: RequestFacts, session: string | undefined): TiedTo | undefined => {
    if (session !== undefined) return { session }
    const visit = readCookie(facts.cookie, jar.visit)
    return visit !== undefined && /^[\w-]{22}$/.test(visit) ? { visit } : undefined
  }

  async function take(rate: Rate, caller: string): Promise<void> {
    if (++checked % 1_000 === 0) await forgetAllowances(world)
    await takeOne(world, rate, caller)
  }

  return { answer, refuse, quick, settled: ready.settled }
}

function headersNamed(headers: Headers, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  }))
}

/** Whether invented learners are about, asked at most once a minute. */
function demoKnown(world: Pick<World, 'db' | 'clock'>): () => Promise<boolean> {
  let known = false
  let askedAt = Number.NEGATIVE_INFINITY
  return async () => {
    const now = world.clock.now().getTime()
    if (now - askedAt >= 60_000) {
      known = (await world.db.read(demoIssuers)).length > 0
      askedAt = now
    }
    return known
  }
}
