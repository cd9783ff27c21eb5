/**
 * A route is a row: everything that decides who may do what, written beside the handler, and nothing registered without it.
 *
 *     export const revoke = route({
 *       method: 'POST',
 *       path: '/api/v1/credentials/:publicId/revocation',
 *       summary: 'Revokes a credential.',
 *       roles: ['key'], scope: 'credentials:revoke', issuer: 'key',
 *       csrf: keysOnly, rate: rates.api, audit: 'credential.revoke',
 *       params: z.strictObject({ publicId: z.string().max(64) }),
 *       body: jsonBody(z.strictObject({ reason: z.string().max(500) })),
 *       answers: { 200: { says: 'Revoked.', schema: z.strictObject({ revokedAt: z.iso.datetime() }) } },
 *       handler: async (asked) => json(await asked.change((tx) => ...)),
 *     })
 */
import { z } from 'zod'
import type { ApiScope, Issuer } from '#journey/party'
import type { Chrome } from '#interfaces/look'
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import type { Answer } from './answer.ts'
import { formBody, type Body } from './body.ts'
import type { Rate } from './rate.ts'
import type { ReadyRule } from './ready.ts'
import type { RequestFacts } from './request.ts'
import { roles as allRoles, type Role, type Who } from './who.ts'

/** Why a rule of the table does not apply to a row; the reason stands in the table. */
export interface Without {
  readonly none: string
}

/**
 * How a request that a browser could be tricked into is told from one that was meant. `form`: it comes from a page of ours (Origin,
 * Sec-Fetch-Site) and carries the token of the session, or of the stranger's cookie. `origin`: it comes from a page of ours; enough where
 * nobody's rights are used.
 */
export type Csrf = 'form' | 'origin' | Without

export const keysOnly: Without = Object.freeze({ none: 'An API key is not sent by a browser of its own accord.' })

/** What was changed, for the audit log. States are hashed, not kept. */
export interface AuditAbout {
  readonly subject?: string | undefined
  readonly issuerId?: string | undefined
  readonly before?: unknown
  readonly after?: unknown
}

export interface Asked<Input = unknown, OfIssuer = Issuer | undefined> {
  /** What a route may reach. On a route that only reads, transactions are read-only: PostgreSQL itself refuses a write. */
  readonly world: World
  readonly who: Who
  readonly input: Input
  readonly request: RequestFacts
  /** The issuer that the row's `issuer` names; undefined without one. */
  readonly issuer: OfIssuer
  /** The token for the forms of this page. The first use gives a stranger the cookie that it is tied to. */
  readonly csrf: () => string
  /** What a page needs: language, token, and whether invented learners are about. With `csrf: ''` for a page without forms. */
  readonly chrome: (more?: Partial<Chrome>) => Chrome
  /** One transaction, with the row of the audit log as its last statement. At most once a request. */
  readonly change: <T>(work: (tx: Tx) => Promise<T>, about?: (done: T) => AuditAbout) => Promise<T>
  /** For a change that takes several transactions, or none of ours: what the audit row says that the door writes afterwards. */
  readonly about: (what: AuditAbout) => void
}

export interface DescribedAnswer {
  readonly says: string
  /** Of a JSON answer. */
  readonly schema?: z.ZodType
  /** Of another one. */
  readonly mediaType?: string
}

type Output<S> = S extends z.ZodType ? z.output<S> : undefined
type BodyOf<B> = B extends Body<infer Out> ? Out : undefined
type Fields = z.ZodObject | undefined

export interface Input<P extends Fields, Q extends Fields, H extends Fields, B extends Body<unknown> | undefined> {
  readonly params: Output<P>
  readonly query: Output<Q>
  readonly headers: Output<H>
  readonly body: BodyOf<B>
}

type IssuerFrom = 'path' | 'key' | undefined

interface Common<P extends Fields, Q extends Fields, H extends Fields, B extends Body<unknown> | undefined, I extends IssuerFrom> {
  /** As Hono writes it: `/c/:publicId`, `/c/:file{.+\\.json}`. */
  readonly path: `/${string}`
  readonly summary: string
  /** Who may; with `anonymous` everybody. */
  readonly roles: readonly [Role, ...Role[]]
  /** What an API key must be allowed; needed where `roles` has `key`. */
  readonly scope?: ApiScope
  /** `path`: the issuer whose handle stands at `:issuer`, towards whom the role must be held. `key`: that of the API key. */
  readonly issuer?: I
  readonly rate: Rate | readonly Rate[] | Without
  readonly params?: P
  readonly query?: Q
  /** Of the request headers that the route reads, by their names in lower case. */
  readonly headers?: H
  /** Parameters that are not in `query` are passed over: networks and mail programs add their own to every link that they carry. */
  readonly otherQuery?: 'passed over'
  /** For routes that share a path: this one answers when the address has that query parameter. */
  readonly withQuery?: string
  /** Origins to which the page's forms, or the answer itself, may lead. */
  readonly leadsTo?: readonly string[]
  /** Pages of other sites may read the answer: for public documents. */
  readonly crossOrigin?: true
  /** Pages of other sites may show it in a frame: for what has nothing to press. */
  readonly framed?: true
  /** The page may ask for the camera. */
  readonly camera?: true
  /** Answers under any host name: for the machines that watch over this one. */
  readonly anyHost?: true
  readonly answers?: Readonly<Record<number, DescribedAnswer>>
  readonly handler: (asked: Asked<Input<P, Q, H, B>, I extends string ? Issuer : undefined>) => Promise<Answer>
}

interface Reads {
  readonly method: 'GET'
  /** Strangers are shown the same page, which is kept ready. */
  readonly ready?: ReadyRule
  /** May write all the same: hits, and what only a visit can show. */
  readonly hits?: true
}

interface Changes<B extends Body<unknown> | undefined> {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly csrf: Csrf
  /** The action's name in the audit log. */
  readonly audit: string | Without
  readonly body?: B
}

/** A row, with the types of its input forgotten: they were checked where it was written. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly summary: string
  readonly roles: readonly Role[]
  readonly scope: ApiScope | undefined
  readonly issuer: IssuerFrom
  readonly hits: boolean
  readonly ready: ReadyRule | undefined
  readonly csrf: Csrf
  readonly rates: readonly Rate[]
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  readonly headers: z.ZodObject | undefined
  readonly body: Body<unknown> | undefined
  readonly audit: string | Without
  readonly withQuery: string | undefined
  readonly otherQuery: 'refused' | 'passed over'
  readonly leadsTo: readonly string[]
  readonly crossOrigin: boolean
  readonly framed: boolean
  readonly camera: boolean
  readonly anyHost: boolean
  readonly answers: Readonly<Record<number, DescribedAnswer>>
  readonly handler: (asked: Asked) => Promise<Answer>
}

const no = z.strictObject({})

/** Makes a row. @throws TypeError where the row contradicts itself */
export function route<P extends Fields = undefined, Q extends Fields = undefined, H extends Fields = undefined, B extends Body<unknown> | undefined = undefined, I extends IssuerFrom = undefined>(
  declared: Common<P, Q, H, B, I> & (Reads | Changes<B>),
): Route {
  const where = `${declared.method} ${declared.path}`
  const refuse = (reason: string): never => {
    throw new TypeError(`${where}: ${reason}`)
  }
  const names = [...declared.path.matchAll(/:([A-Za-z]\w*)/g)].map((match) => match[1] ?? '').filter((name) => name !== 'issuer' || declared.issuer !== 'path')
  const described = Object.keys(declared.params?.shape ?? {})
  if (names.toSorted().join() !== described.toSorted().join()) refuse(`its path has the parameters ${names.join(', ') || 'none'}, and its schema ${described.join(', ') || 'none'}`)
  if (declared.issuer === 'path' && !/:issuer\b/.test(declared.path)) refuse('its issuer stands at :issuer in the path, which is not there')
  if (declared.issuer === 'key' && declared.roles.some((role) => role !== 'key')) refuse('only an API key has an issuer of its own')
  if (new Set(declared.roles).size !== declared.roles.length || declared.roles.some((role) => !allRoles.includes(role))) refuse('a role stands twice, or is none')
  if (declared.roles.includes('key') !== (declared.scope !== undefined)) refuse('a scope is named where, and only where, API keys may come')
  for (const [what, schema] of [['params', declared.params], ['query', declared.query], ['body', declared.method === 'GET' ? undefined : declared.body?.schema]] as const) {
    const open = schema === undefined ? undefined : openObject(schema)
    if (open !== undefined) refuse(`the ${what} schema lets unknown fields pass at ${open || 'its top'}; use z.strictObject`)
  }
  const rates: readonly Rate[] = 'none' in declared.rate ? [] : 'name' in declared.rate ? [declared.rate] : declared.rate
  for (const rate of rates) if (!(rate.burst >= 1 && rate.burst < rate.limit && rate.seconds > 0)) refuse(`the limit ${rate.name} is none`)
  if (declared.method === 'GET' && ('csrf' in declared || 'audit' in declared || 'body' in declared)) refuse('a route that reads has no body and needs neither csrf nor audit')
  if (declared.method === 'GET' && declared.ready && !(declared.roles.includes('anonymous') && described.includes(declared.ready.by))) refuse('a page that is kept ready is for strangers, and found by a parameter of its path')
  const changes = declared.method === 'GET' ? undefined : declared
  return Object.freeze({
    method: declared.method,
    path: declared.path,
    summary: declared.summary,
    roles: Object.freeze([...declared.roles]),
    scope: declared.scope,
    issuer: declared.issuer,
    hits: declared.method === 'GET' && declared.hits === true,
    ready: declared.method === 'GET' ? declared.ready : undefined,
    csrf: changes?.csrf ?? { none: 'It changes nothing.' },
    rates,
    params: declared.params ?? no,
    query: declared.query ?? no,
    headers: declared.headers,
    body: changes?.body ?? (changes?.csrf === 'form' ? formBody(no) : undefined),
    audit: changes?.audit ?? { none: 'It changes nothing.' },
    withQuery: declared.withQuery,
    otherQuery: declared.otherQuery ?? 'refused',
    leadsTo: declared.leadsTo ?? [],
    crossOrigin: declared.crossOrigin ?? false,
    framed: declared.framed ?? false,
    camera: declared.camera ?? false,
    anyHost: declared.anyHost ?? false,
    answers: declared.answers ?? {},
    // The door parses with these very schemas before it calls, so the handler gets what it was typed for.
    handler: declared.handler as unknown as Route['handler'],
  })
}

/** Where a schema has an object that takes unknown fields, as a path; undefined when it has none. A record is not one: it says that any name will do. */
function openObject(schema: z.ZodType): string | undefined {
  const walk = (node: unknown, path: string): string | undefined => {
    if (typeof node !== 'object' || node === null) return undefined
    if ('properties' in node && !('additionalProperties' in node && node.additionalProperties === false)) return path
    for (const [key, inner] of Object.entries(node)) {
      const found = walk(inner, ['properties', 'anyOf', 'allOf', 'oneOf', '$defs'].includes(key) ? path : `${path}/${key}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  return walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), '')
}
