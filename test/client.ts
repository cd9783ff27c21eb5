/** A browser without a screen, for tests: keeps cookies, sends what a browser sends, and fills in the token of forms. */
import type { Http } from '#interfaces/http'

interface Options {
  readonly headers?: Readonly<Record<string, string>>
  /** The network address that the server sees. */
  readonly address?: string
}

interface Sent extends Options {
  readonly form?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly body?: NonNullable<RequestInit['body']>
  /** Leaves the token out. */
  readonly withoutToken?: boolean
}

export interface Client {
  readonly cookies: ReadonlyMap<string, string>
  request(method: string, path: string, sent?: Sent): Promise<Response>
  get(path: string, options?: Options): Promise<Response>
  /** Posts a form with the token of this client's session. */
  post(path: string, form?: Readonly<Record<string, string>>, options?: Omit<Sent, 'form'>): Promise<Response>
  /** The token that forms for this client carry. */
  token(): Promise<string>
  /** Takes cookies as a browser would from an answer. */
  take(lines: readonly string[]): void
}

export function client(http: Pick<Http, 'request'>, publicUrl: string, standing: Options = {}): Client {
  const { host } = new URL(publicUrl)
  const cookies = new Map<string, string>()
  const take = (lines: readonly string[]) => {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';')
      const [name = '', ...value] = pair.split('=')
      if (attributes.some((one) => /^\s*max-age=0$/i.test(one))) cookies.delete(name.trim())
      else cookies.set(name.trim(), value.join('='))
    }
  }
  const one: Client = {
    cookies,
    take,
    async request(method, path, sent = {}) {
      const headers = new Headers({ host, accept: 'text/html', ...standing.headers })
      if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
      let body = sent.body
      if (sent.form) {
        const token = sent.withoutToken === true ? {} : { csrf: await one.token() }
        if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
        body = new URLSearchParams({ ...token, ...sent.form })
      } else if (sent.json !== undefined) {
        headers.set('content-type', 'application/json')
        body = JSON.stringify(sent.json)
      }
      if (method !== 'GET' && method !== 'HEAD') headers.set('origin', publicUrl)
      for (const [name, value] of Object.entries(sent.headers ?? {})) {
        if (value === '') headers.delete(name)
        else headers.set(name, value)
      }
      const address = sent.address ?? standing.address
      const answer = await http.request(new Request(`${publicUrl}${path}`, { method, headers, ...(body === undefined ? {} : { body, duplex: 'half' }) }), address === undefined ? {} : { address })
      take(answer.headers.getSetCookie())
      return answer
    },
    get: (path, options) => one.request('GET', path, options),
    post: (path, form = {}, options) => one.request('POST', path, { ...options, form }),
    async token() {
      const page = await (await one.get('/sign-in')).text()
      const found = /name="csrf" value="([^"]+)"/.exec(page)?.[1]
      if (found === undefined) throw new Error('No token in the page of /sign-in')
      return found
    },
  }
  return one
}
