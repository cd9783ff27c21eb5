/** From an answer, or an error, to a response with the headers that every response has. */
import { createHash } from 'node:crypto'
import { isFault } from '#kernel/fault'
import type { Log } from '#platform/log'
import type { Answer } from './answer.ts'
import { secureHeaders } from './headers.ts'
import { problem, problemPage, toldOf } from './problem.ts'
import type { RequestFacts } from './request.ts'
import type { Route } from './route.ts'
import { sameOriginPath } from './same-origin.ts'

export interface RespondOptions {
  readonly https: boolean
  readonly log: Log
  readonly demo: () => Promise<boolean>
}

export function responder(options: RespondOptions) {
  function respond(made: Answer, row: Route | undefined, facts: RequestFacts, cookies: readonly string[]): Response {
    const html = made.mediaType?.startsWith('text/html') ?? false
    checkLocation(made.headers['location'], row)
    const headers = new Headers({
      ...secureHeaders({ html, mediaType: made.mediaType, leadsTo: row?.leadsTo ?? [], crossOrigin: row?.crossOrigin ?? false, https: options.https }),
      'x-request-id': facts.id,
      ...made.headers,
    })
    if (made.mediaType !== undefined) headers.set('content-type', made.mediaType)
    if (html) headers.append('vary', 'accept-language, cookie')
    const allCookies = [...cookies, ...made.cookies]
    for (const cookie of allCookies) headers.append('set-cookie', cookie)
    // What sets a cookie is one reader's alone, whatever the handler thought of it.
    const keep = allCookies.length > 0 ? undefined : made.keep
    headers.set('cache-control', keep === undefined ? 'no-store' : `${keep.by}, max-age=${keep.seconds}${keep.immutable ? ', immutable' : ''}`)
    if (keep !== undefined && made.status === 200 && made.body !== undefined && !(made.body instanceof ReadableStream)) {
      const tag = headers.get('etag') ?? `"${createHash('sha256').update(made.body).digest('base64url').slice(0, 22)}"`
      headers.set('etag', tag)
      if (facts.ifNoneMatch?.split(',').some((one) => one.trim().replace(/^W\//, '') === tag)) {
        headers.delete('content-type')
        return new Response(null, { status: 304, headers })
      }
    }
    return new Response(made.body ?? null, { status: made.status, headers })
  }

  async function told(error: unknown, row: Route | undefined, facts: RequestFacts): Promise<Response> {
    const said = toldOf(error)
    if (said.status >= 500) {
      const fields = { request: facts.id, route: row?.path ?? 'none', code: said.code }
      if (isFault(error)) options.log.error({ ...fields, sentence: error.message }, 'a request failed')
      else options.log.error({ ...fields, error: error instanceof Error ? error.message : String(error), stack: error instanceof Error ? error.stack : undefined }, 'a request met an unknown error')
    }
    // Pages speak to people and the API to programs; a program is known by not asking for HTML.
    const asPage = !facts.path.startsWith('/api/') && (facts.accept?.includes('text/html') ?? false)
    if (!asPage) return respond(problem(said, facts.id), row, facts, [])
    const back = facts.method === 'GET' ? sameOriginPath(facts.path) : undefined
    const demo = await options.demo().catch(() => false)
    return respond(problemPage(said, facts.id, { language: facts.language, csrf: '', demo }, back), row, facts, [])
  }

  return { respond, told }
}

/** The last check before a browser is sent somewhere: a path of this site, or an origin (or scheme) that the row names. */
function checkLocation(location: string | undefined, row: Route | undefined): void {
  if (location === undefined || sameOriginPath(location) === location) return
  const url = URL.parse(location)
  if (url && row?.leadsTo.some((one) => one === url.origin || one === url.protocol)) return
  throw new TypeError(`${row?.path ?? 'A page'} leads to ${location}, which its row does not name`)
}
