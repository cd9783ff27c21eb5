/** The socket. */
import { createAdaptorServer } from '@hono/node-server'
import type { Server } from 'node:http'
import { fault } from './faults.ts'
import type { Http } from './open.ts'

export interface Listening {
  readonly port: number
  /** Takes no new requests, finishes those under way (at most 10 s), and closes. */
  close(): Promise<void>
}

/** research/reliability.md 7: 10 s for the head of a request. The body has its own time, by its size (body.ts). */
const headMs = 10_000
const lastMs = 10_000

/** @throws Fault `http.port_in_use`, `http.port_closed` */
export async function listen(http: Pick<Http, 'request'>, port: number, host?: string): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: (request, env) => http.request(request, { address: env.incoming.socket.remoteAddress }),
    overrideGlobalObjects: false,
    serverOptions: { headersTimeout: headMs, requestTimeout: 0, keepAliveTimeout: 5_000 },
  }) as Server
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
    },
  })
}
