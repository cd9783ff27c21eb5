/** What is known of a request beside its input, and how far it can be believed. */
import ipaddr from 'ipaddr.js'
import { offered } from '#interfaces/look'
import { fault } from './faults.ts'

export interface RequestFacts {
  readonly id: string
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly at: Date
  /** The network address it came from, as far as a trusted proxy or the socket says. */
  readonly address: string | undefined
  readonly userAgent: string | undefined
  readonly referrerHost: string | undefined
  /** Of those that pages are offered in: the one that a link chose (`?lang=`), else the first that the browser asks for. */
  readonly language: string
  /** A browser fetched it ahead of a person. */
  readonly prefetch: boolean
  readonly cookie: string | undefined
  readonly accept: string | undefined
  readonly acceptEncoding: string | undefined
  readonly ifNoneMatch: string | undefined
}

/** A request as it was heard, whether it came as a Request or straight from the socket. Names of headers in lower case. */
export interface Heard {
  readonly method: string
  readonly url: string
  readonly header: (name: string) => string | undefined
}

export const heard = (request: Request): Heard => ({ method: request.method, url: request.url, header: (name) => request.headers.get(name) ?? undefined })

export function factsOf(request: Heard, more: { readonly id: string; readonly at: Date; readonly path: string; readonly address: string | undefined }): RequestFacts {
  const { header } = request
  const purpose = [header('sec-purpose'), header('purpose'), header('x-purpose'), header('x-moz')].join()
  return Object.freeze({
    ...more,
    method: request.method,
    userAgent: header('user-agent')?.slice(0, 500),
    referrerHost: hostOf(header('referer')),
    language: chosenLanguage(request) ?? languageOf(header('accept-language')),
    prefetch: /prefetch|prerender|preview/i.test(purpose),
    cookie: header('cookie'),
    accept: header('accept'),
    acceptEncoding: header('accept-encoding'),
    ifNoneMatch: header('if-none-match'),
  })
}

const hostOf = (address: string | undefined): string | undefined => (address === undefined ? undefined : URL.parse(address)?.host || undefined)

/** By which a page is asked for in a language other than the browser's; kept in addresses, so that no cookie has to be. */
const languageField = 'lang'

/** What the address asks for; a form that was sent is answered in the language of the page that it stood on. */
function chosenLanguage(request: Heard): string | undefined {
  const address = request.method === 'GET' || request.method === 'HEAD' ? request.url : request.header('referer')
  const asked = address?.includes(languageField) ? URL.parse(address)?.searchParams.get(languageField) : undefined
  return offered.find((one) => one === asked)
}

/** The same page in every other language that there is. */
export function otherLanguages(address: string, language: string): readonly { readonly language: string; readonly address: string }[] {
  return offered
    .filter((one) => one !== language)
    .map((one) => {
      const url = new URL(address)
      url.searchParams.set(languageField, one)
      return { language: one, address: `${url.pathname}${url.search}` }
    })
}

/** The fields of an address without the one that every page understands; programs have none to spare. */
export function withoutLanguage(search: URLSearchParams, path: string): URLSearchParams {
  if (path.startsWith('/api/')) return search
  const rest = new URLSearchParams(search)
  rest.delete(languageField)
  return rest
}

/** Browsers say one of a few dozen things about languages, so what they come to is remembered; as much of it as any day brings. */
const remembered = new Map<string, string>()
const mostRemembered = 1_000

/** The first language that the reader wants and that there is (RFC 9110, 12.5.4); English when there is none. */
export function languageOf(accept: string | undefined): string {
  const asked = (accept ?? '').slice(0, 500)
  const known = remembered.get(asked)
  if (known !== undefined) return known
  if (remembered.size >= mostRemembered) remembered.clear()
  const language = negotiated(asked)
  remembered.set(asked, language)
  return language
}

function negotiated(asked: string): string {
  const wanted = asked
    .split(',')
    .map((one, i) => {
      const [tag = '', ...rest] = one.trim().toLowerCase().split(';')
      const quality = Number(/q=([0-9.]+)/.exec(rest.join())?.[1] ?? 1)
      return { tag: tag.split('-')[0] ?? '', quality: Number.isFinite(quality) ? quality : 0, i }
    })
    .filter((one) => one.quality > 0)
    .toSorted((a, b) => b.quality - a.quality || a.i - b.i)
  for (const one of wanted) {
    const found = offered.find((language) => language === one.tag)
    if (found !== undefined) return found
  }
  return 'en'
}

/** A network address as it is written, once: an IPv4 address that came as IPv6 is IPv4. */
type Address = ReturnType<typeof ipaddr.process>
const addressIn = (text: string): Address | undefined => (ipaddr.isValid(text) ? ipaddr.process(text) : undefined)

/** The addresses of trusted proxies: single ones or networks in CIDR notation. */
export type Trusted = (address: Address) => boolean

export function trustedProxies(listed: readonly string[]): Trusted {
  const networks = listed.map((one) => {
    try {
      if (one.includes('/')) return ipaddr.parseCIDR(one)
      const address = ipaddr.process(one)
      return [address, address.kind() === 'ipv4' ? 32 : 128] as const
    } catch (error) {
      throw fault.proxy_unknown({ given: one }, { cause: error })
    }
  })
  return (address) => networks.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits))
}

/**
 * Who asked, and under which host name: what the socket says, and what a header says only where the socket belongs to a trusted proxy. Of
 * X-Forwarded-For the last address counts that no trusted proxy wrote for itself: everything before it can be made up by the client.
 */
export function comesFrom(request: Heard, peer: string | undefined, trusted: Trusted): { readonly address: string | undefined; readonly host: string } {
  const socket = peer === undefined ? undefined : addressIn(peer)
  const behind = socket !== undefined && trusted(socket)
  const chain = behind ? (request.header('x-forwarded-for') ?? '').split(',').flatMap((one) => addressIn(one.trim()) ?? []) : []
  const address = chain.findLast((one) => !trusted(one)) ?? chain[0] ?? socket
  const forwarded = behind ? request.header('x-forwarded-host')?.split(',').at(-1)?.trim() : undefined
  return { address: address?.toString(), host: (forwarded ?? request.header('host') ?? new URL(request.url).host).toLowerCase() }
}
