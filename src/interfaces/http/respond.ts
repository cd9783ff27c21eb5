/** From an answer, or an error, to what is sent, with the headers that every response has. */
import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
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

/** A response, for a Response or for the socket. */
export interface Written {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Answer['body']
}

/** Below this a compressed page is hardly a packet less. */
const worthCompressing = 1_000

export function responder(options: RespondOptions) {
  const written = (made: Answer, row: Route | undefined, facts: RequestFacts, cookies: readonly string[]): Written => {
    const html = made.mediaType?.startsWith('text/html') ?? false
    checkLocation(made.headers['location'], row)
    const headers: Record<string, string | string[]> = {
      ...secureHeaders({ html, mediaType: made.mediaType, leadsTo: row?.leadsTo ?? [], crossOrigin: row?.crossOrigin ?? false, framed: row?.framed ?? false, camera: row?.camera ?? false, https: options.https }),
      'x-request-id': facts.id,
      ...made.headers,
    }
    if (made.mediaType !== undefined) headers['content-type'] = made.mediaType
    if (html) headers['vary'] = [...(made.headers['vary'] === undefined ? [] : [made.headers['vary']]), 'accept-language, cookie, accept-encoding'].join(', ')
    const allCookies = [...cookies, ...made.cookies]
    if (allCookies.length > 0) headers['set-cookie'] = allCookies
    // What sets a cookie is one reader's alone, whatever the handler thought of it.
    const keep = allCookies.length > 0 ? undefined : made.keep
    // A page that is kept ready may lie in its reader's browser, which asks each time whether it still holds: on a slow line that saves the page.
    const asks = keep === undefined && made.ready !== undefined && allCookies.length === 0
    headers['cache-control'] = asks ? 'private, no-cache' : keep === undefined ? 'no-store' : `${keep.by}, max-age=${keep.seconds}${keep.immutable ? ', immutable' : ''}`
    const encoding = html && typeof made.body === 'string' && made.body.length >= worthCompressing ? encodingFor(facts.acceptEncoding) : undefined
    const { body, tag } = encoded(made, encoding)
    if (encoding !== undefined) headers['content-encoding'] = encoding
    if ((keep !== undefined || asks) && made.status === 200 && tag !== undefined) {
      headers['etag'] ??= tag
      if (facts.ifNoneMatch?.split(',').some((one) => one.trim().replace(/^W\//, '') === headers['etag'])) {
        delete headers['content-type']
        delete headers['content-encoding']
        return { status: 304, headers, body: undefined }
      }
    }
    return { status: made.status, headers, body }
  }

  function respond(made: Answer, row: Route | undefined, facts: RequestFacts, cookies: readonly string[]): Response {
    const { status, headers, body } = written(made, row, facts, cookies)
    const lines = new Headers()
    for (const [name, value] of Object.entries(headers)) for (const one of Array.isArray(value) ? value : [value]) lines.append(name, one)
    return new Response(body ?? null, { status, headers: lines })
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

  return { written, respond, told }
}

type Encoding = 'br' | 'gzip'

const encodingFor = (accepted: string | undefined): Encoding | undefined => (accepted === undefined ? undefined : /\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted) ? 'br' : /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted) ? 'gzip' : undefined)

interface Encoded {
  readonly body: Answer['body']
  readonly tag: string | undefined
}

/** Of pages that are kept ready, compressed once. Forms carry a new mask over their token each time (csrf.ts), so that the length of a compressed page tells nothing of it. */
const ready = new WeakMap<Answer, Map<string, Encoded>>()

function encoded(made: Answer, encoding: Encoding | undefined): Encoded {
  if (made.ready === undefined) return encode(made.body, encoding, made.keep !== undefined)
  let forms = ready.get(made)
  if (!forms) ready.set(made, (forms = new Map<string, Encoded>()))
  const name = encoding ?? ''
  let form = forms.get(name)
  if (!form) forms.set(name, (form = encode(made.body, encoding, true)))
  return form
}

function encode(body: Answer['body'], encoding: Encoding | undefined, tagged: boolean): Encoded {
  const sent = encoding === undefined || typeof body !== 'string' ? body : encoding === 'br' ? brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }) : gzipSync(body, { level: 6 })
  const tag = !tagged || sent === undefined || sent instanceof ReadableStream ? undefined : `"${createHash('sha256').update(sent).digest('base64url').slice(0, 22)}"`
  return { body: sent, tag }
}

/** The last check before a browser is sent somewhere: a path of this site, or an origin (or scheme) that the row names. */
function checkLocation(location: string | undefined, row: Route | undefined): void {
  if (location === undefined || sameOriginPath(location) === location) return
  const url = URL.parse(location)
  if (url && row?.leadsTo.some((one) => one === url.origin || one === url.protocol)) return
  throw new TypeError(`${row?.path ?? 'A page'} leads to ${location}, which its row does not name`)
}
