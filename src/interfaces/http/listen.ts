/** The socket. */
import { getRequestListener } from '@hono/node-server'
import { createServer, type IncomingMessage } from 'node:http'
import { fault } from './faults.ts'
import type { Http } from './open.ts'
import type { Heard } from './request.ts'

export interface Listening {
  readonly port: number
  /** Takes no new requests, finishes those under way (at most 10 s), and closes. */
  close(): Promise<void>
}

/** research/reliability.md 7: 10 s for the head of a request. The body has its own time, by its size (body.ts). */
const headMs = 10_000
const lastMs = 10_000

/** @throws Fault `http.port_in_use`, `http.port_closed` */
export async function listen(http: Pick<Http, 'request'> & Partial<Pick<Http, 'quick' | 'settled'>>, port: number, host?: string): Promise<Listening> {
  const door = getRequestListener((request, env) => http.request(request, { address: 'incoming' in env ? env.incoming.socket.remoteAddress : undefined }), { overrideGlobalObjects: false })
  const server = createServer({ headersTimeout: headMs, requestTimeout: 0, keepAliveTimeout: 5_000 }, (incoming, outgoing) => {
    const from = { address: incoming.socket.remoteAddress }
    const request = http.quick && heardBy(incoming)
    const quick = request && http.quick?.(request, from)
    if (!quick) return void door(incoming, outgoing)
    void quick.then((found) => {
      if (!found || found.body instanceof ReadableStream) return void door(incoming, outgoing)
      if (outgoing.destroyed) return
      const length = typeof found.body === 'string' ? Buffer.byteLength(found.body) : found.body?.byteLength
      outgoing.writeHead(found.status, length === undefined ? found.headers : { ...found.headers, 'content-length': length })
      outgoing.end(found.body)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? fault.port_in_use({ port }) : fault.port_closed({ port, reason: error.code ?? error.message })))
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return Object.freeze({
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // A connection that was busy becomes idle later, and would be held open for the next request.
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      const last = setTimeout(() => server.closeAllConnections(), lastMs)
      await closed
      clearInterval(idle)
      clearTimeout(last)
      await http.settled?.()
    },
  })
}

/** What Node heard, if it is an ordinary request for a page: an address in another form goes through the door. */
function heardBy(incoming: IncomingMessage): Heard | undefined {
  const { url = '', method = '', headers } = incoming
  if (method !== 'GET' || !/^\/(?!\/)/.test(url)) return undefined
  return {
    method,
    url: `http://${headers.host ?? 'none'}${url}`,
    header(name) {
      const value = headers[name]
      return typeof value === 'string' ? value : value?.join(', ')
    },
  }
}
