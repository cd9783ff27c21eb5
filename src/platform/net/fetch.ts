/**
 * The one way in which this server fetches from the outside. The address comes from a stranger (a credential, a DID, a webhook), so the
 * server must not become a way into the network behind it.
 *
 * Every hop: https only, no credentials in the address, the name resolved once, every address that it has checked, and the connection made
 * to the very address that was checked, so that a name which answers differently the second time gains nothing. At most three redirects,
 * each of them checked like the first address. No cookies, no authorization, no compression, one deadline and one size for everything.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { Agent, request } from 'undici'
import { isFault } from '#kernel/fault'
import { fault } from './faults.ts'
import { isPublicAddress } from './public-address.ts'

/** All IP addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>

export interface Fetched {
  readonly status: number
  /** Where the answer came from in the end. */
  readonly address: string
  /** Of Content-Type, in lower case, without parameters. */
  readonly mediaType: string
  readonly body: Uint8Array
  header(name: string): string | undefined
}

export type GuardedFetch = (address: string, options?: { readonly accept?: string; readonly signal?: AbortSignal }) => Promise<Fetched>

export interface GuardedFetchOptions {
  readonly userAgent: string
  readonly resolve?: Resolve
  /** `host:port` that may be spoken to in plain http, wherever they are: peers on this machine in tests. */
  readonly plainHosts?: readonly string[]
  readonly maxBytes?: number
  readonly maxMs?: number
}

const redirects = [301, 302, 303, 307, 308]
/** research/reliability.md, B12: 1 MiB, 5 s, 3 hops. */
const most = { bytes: 1 << 20, ms: 5_000, redirects: 3 }

const systemResolve: Resolve = async (host) => (await lookup(host, { all: true, verbatim: true })).map((one) => one.address)

/** Makes the fetcher. GET only. An answer of any status is an answer; what cannot be fetched is a fault. */
export function guardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { userAgent, resolve = systemResolve, plainHosts = [], maxBytes = most.bytes, maxMs = most.ms } = options

  return async (address, { accept = '*/*', signal } = {}) => {
    const deadline = AbortSignal.timeout(maxMs)
    const either = signal ? AbortSignal.any([signal, deadline]) : deadline
    let here = parse(address)
    try {
      for (let hops = 0; ; hops++) {
        const dialled = await checkedAddress(here, resolve, plainHosts, either)
        const answer = await fetchOne(here, dialled, { accept, userAgent, maxBytes, signal: either })
        if (!('next' in answer)) return answer
        if (hops === most.redirects) throw fault.too_many_redirects({ host: here.host, most: most.redirects })
        here = nextOf(here, answer.next)
      }
    } catch (error) {
      if (isFault(error)) throw error
      if (deadline.aborted) throw fault.too_slow({ host: here.host, seconds: maxMs / 1000 }, { cause: error })
      if (signal?.aborted) throw error
      throw fault.unreachable({ host: here.host }, { cause: error })
    }
  }
}

function parse(address: string): URL {
  const url = address.length <= 2048 ? URL.parse(address) : null
  if (!url) throw fault.not_an_address({ address: address.slice(0, 200) })
  return url
}

function nextOf(here: URL, location: string): URL {
  const next = URL.parse(location, here.href)
  if (!next || location.length > 2048) throw fault.redirect_broken({ host: here.host })
  return next
}

/** The address to dial: checked, and the only one that will be dialled. */
async function checkedAddress(url: URL, resolve: Resolve, plainHosts: readonly string[], signal: AbortSignal): Promise<string> {
  const known = plainHosts.includes(url.host)
  if (url.protocol !== 'https:' && !(known && url.protocol === 'http:')) throw fault.scheme_refused({ scheme: url.protocol })
  if (url.username !== '' || url.password !== '') throw fault.credentials_refused({ host: url.host })
  const name = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(name) ? [name] : await resolved(name, resolve, signal)
  const [first] = addresses
  if (first === undefined) throw fault.host_unknown({ host: url.host })
  // One address that is not public is enough: a host that is half inside has no business here.
  if (!known && !addresses.every(isPublicAddress)) throw fault.host_refused({ host: url.host })
  if (isIP(first) === 0) throw fault.host_refused({ host: url.host })
  return first
}

async function resolved(name: string, resolve: Resolve, signal: AbortSignal): Promise<readonly string[]> {
  const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')), { once: true }))
  late.catch(() => {})
  try {
    return await Promise.race([resolve(name), late])
  } catch (error) {
    if (signal.aborted) throw error
    throw fault.host_unknown({ host: name }, { cause: error })
  }
}

interface Manner {
  readonly accept: string
  readonly userAgent: string
  readonly maxBytes: number
  readonly signal: AbortSignal
}

async function fetchOne(url: URL, dialled: string, manner: Manner): Promise<Fetched | { readonly next: string }> {
  const agent = new Agent({
    connect: { lookup: (_host, _options, done) => done(null, [{ address: dialled, family: isIP(dialled) }]) },
    pipelining: 0,
  })
  try {
    const answer = await request(url, {
      dispatcher: agent,
      method: 'GET',
      headers: { accept: manner.accept, 'accept-encoding': 'identity', 'user-agent': manner.userAgent },
      signal: manner.signal,
    })
    const header = (name: string): string | undefined => {
      const value = answer.headers[name.toLowerCase()]
      return Array.isArray(value) ? value.join(', ') : value
    }
    const location = header('location')
    if (redirects.includes(answer.statusCode) && location !== undefined) {
      answer.body.on('error', () => {}).destroy()
      return { next: location }
    }
    const encoding = header('content-encoding')
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') throw fault.encoded({ host: url.host, encoding: encoding.slice(0, 40) })
    const body = await withinSize(answer.body, manner.maxBytes, url.host)
    return Object.freeze({
      status: answer.statusCode,
      address: url.href,
      mediaType: (header('content-type') ?? '').split(';')[0]!.trim().toLowerCase(),
      body,
      header,
    })
  } finally {
    // The agent serves one request: closing it at once also cuts an answer that was not read to its end.
    await agent.destroy().catch(() => {})
  }
}

async function withinSize(body: AsyncIterable<Uint8Array>, maxBytes: number, host: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw fault.too_large({ host, bytes: maxBytes })
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
