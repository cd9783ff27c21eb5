/** How a fault is told over HTTP: a status, and a problem document (RFC 9457) or a page. */
import { isFault, type Fault, type Finding } from '#kernel/fault'
import { errorPage, wordsOf, type Chrome } from '#interfaces/look'
import { json, page, type Answer } from './answer.ts'

/** Faults of the door itself that HTTP has a number of its own for. */
const ownStatus: Readonly<Record<string, number>> = {
  'http.unreadable': 400,
  'http.other_method': 405,
  'http.too_slow': 408,
  'http.too_large': 413,
  'http.other_kind': 415,
  'http.other_host': 421,
}

export function statusOf(fault: Fault): number {
  const own = ownStatus[fault.code]
  if (own !== undefined) return own
  switch (fault.kind) {
    case 'refused':
      return 422
    case 'unauthenticated':
      return 401
    case 'forbidden':
      return 403
    case 'not_found':
      return 404
    case 'conflict':
      return 409
    case 'too_many':
      return 429
    case 'unavailable':
      return 503
    case 'broken':
      return 500
    default:
      return fault.kind satisfies never
  }
}

interface Told {
  readonly status: number
  readonly code: string
  /** Undefined where the sentence is for whoever runs the server, and stands in the log. */
  readonly sentence: string | undefined
  readonly findings: readonly Finding[]
  readonly headers: Readonly<Record<string, string>>
}

/** What strangers are told of an error. Of one that is no fault, and of a fault of the installation, nothing but that it happened. */
export function toldOf(error: unknown): Told {
  if (!isFault(error)) return { status: 500, code: 'http.unknown', sentence: undefined, findings: [], headers: {} }
  const status = statusOf(error)
  const inside = error.kind === 'broken' || error.code.startsWith('db.') || error.code.startsWith('secret.')
  return { status, code: error.code, sentence: inside ? undefined : error.message, findings: inside ? [] : error.findings, headers: headersOf(error, status) }
}

function headersOf(error: Fault, status: number): Readonly<Record<string, string>> {
  if (status === 429 && typeof error.data['seconds'] === 'number') return { 'retry-after': String(error.data['seconds']) }
  if (status === 503) return { 'retry-after': '5' }
  if (status === 401) return { 'www-authenticate': 'Bearer realm="Laurel"' }
  if (status === 405 && typeof error.data['allowed'] === 'string') return { allow: error.data['allowed'] }
  return {}
}

/** RFC 9457. `code` is the one of docs/reference/errors.md, `findings` the single things that are wrong. */
export function problem(told: Told, requestId: string): Answer {
  const title = wordsOf('en').maybe(`error.${told.status}`) ?? (told.status < 500 ? 'Refused' : 'Something broke')
  return json(
    {
      type: `urn:laurel:fault:${told.code}`,
      title,
      status: told.status,
      ...(told.sentence === undefined ? {} : { detail: told.sentence }),
      instance: `urn:laurel:request:${requestId}`,
      code: told.code,
      ...(told.findings.length === 0 ? {} : { findings: told.findings }),
    },
    { status: told.status, mediaType: 'application/problem+json', headers: told.headers },
  )
}

export function problemPage(told: Told, requestId: string, chrome: Chrome, path: string | undefined): Answer {
  const next = told.status === 401 ? { address: path === undefined ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`, text: wordsOf(chrome.language).text('sign_in.title') } : undefined
  return page(
    errorPage(
      {
        status: told.status,
        requestId,
        findings: told.findings.map((one) => one.sentence),
        // That somebody must sign in, or that nothing is there, the page says in the reader's own language.
        ...(told.sentence === undefined || told.code === 'http.who' || told.code === 'http.nothing_here' ? {} : { sentence: told.sentence }),
        ...(next === undefined ? {} : { next }),
      },
      chrome,
    ),
    { status: told.status, headers: told.headers },
  )
}
