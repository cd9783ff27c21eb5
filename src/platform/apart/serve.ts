import { parentPort } from 'node:worker_threads'
import type { FromThread, ToThread } from './message.ts'

/** Asks the side that gave the job; its answer, as it was cloned. */
export type Call = (name: string, ...args: readonly unknown[]) => Promise<unknown>

/** In the thread: does the jobs that come, one after the other. */
export function serveApart(work: (job: unknown, call: Call) => Promise<unknown>): void {
  const port = parentPort
  if (!port) throw new TypeError('serveApart runs in a thread of its own')
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (reason: Error) => void }>()
  let calls = 0
  const say = (message: FromThread) => port.postMessage(message)
  const call: Call = (name, ...args) =>
    new Promise((resolve, reject) => {
      const number = calls++
      waiting.set(number, { resolve, reject })
      say({ kind: 'call', call: number, name, args })
    })
  port.on('message', (message: ToThread) => {
    if (message.kind === 'job') {
      work(message.job, call).then(
        (result) => say({ kind: 'done', result }),
        (error: unknown) => say({ kind: 'broke', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      )
      return
    }
    const asked = waiting.get(message.call)
    waiting.delete(message.call)
    if (message.kind === 'answer') asked?.resolve(message.value)
    else asked?.reject(new Error(message.reason))
  })
  say({ kind: 'ready' })
}
