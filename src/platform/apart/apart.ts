/**
 * Work on what strangers send, in a thread that can be ended: whatever a document makes the reader do, it ends with the time or the memory that it was given, and the server goes on.
 *
 * The thread has no connections and no secrets of its own; what it needs to know it asks for, by name, from the side that gave the job.
 */
import { Worker } from 'node:worker_threads'
import type { FromThread, ToThread } from './message.ts'

/** What a job may ask for. */
export type Calls = Readonly<Record<string, (...args: readonly never[]) => unknown>>

export interface ApartLimits {
  /** Of the thread's own work; waiting for what it asked for does not count. */
  readonly seconds: number
  /** Of the thread's heap; beyond it V8 ends the thread. */
  readonly megabytes: number
  /** Threads at most; further jobs wait. */
  readonly threads: number
}

export interface Apart {
  /** The result; undefined where the job was given up because it took too long or too much memory. @throws Error where the thread itself is at fault */
  run(job: unknown, calls: Calls): Promise<unknown>
  close(): Promise<void>
}

interface Thread {
  readonly worker: Worker
  readonly ready: Promise<void>
}

export function openApart(entry: URL, limits: ApartLimits): Apart {
  const idle: Thread[] = []
  const queue: (() => void)[] = []
  let threads = 0
  let closed = false

  function begin(): Thread {
    threads++
    const worker = new Worker(entry, { env: {}, resourceLimits: { maxOldGenerationSizeMb: limits.megabytes, maxYoungGenerationSizeMb: 32 }, stdin: false })
    worker.setMaxListeners(0)
    worker.once('exit', () => {
      threads--
      const at = idle.findIndex((one) => one.worker === worker)
      if (at >= 0) idle.splice(at, 1)
      queue.shift()?.()
    })
    const ready = new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve()) // the first message is that it is ready
      worker.once('error', reject)
    })
    ready.catch(() => {})
    return { worker, ready }
  }

  async function take(): Promise<Thread> {
    for (;;) {
      const free = idle.pop()
      if (free) return free
      if (threads < limits.threads) return begin()
      await new Promise<void>((resolve) => queue.push(resolve))
    }
  }

  async function run(job: unknown, calls: Calls): Promise<unknown> {
    if (closed) throw new TypeError('the threads are closed')
    const thread = await take()
    thread.worker.ref()
    await thread.ready
    const outcome = await attempt(thread.worker, job, calls, limits.seconds * 1_000)
    if (outcome.kind === 'done') {
      thread.worker.unref() // a thread that has nothing to do keeps no process alive
      idle.push(thread)
      queue.shift()?.()
      return outcome.result
    }
    await thread.worker.terminate()
    if (outcome.kind === 'broke') throw new Error(outcome.reason)
    return undefined
  }

  return Object.freeze({
    run,
    async close() {
      closed = true
      await Promise.all(idle.map((one) => one.worker.terminate()))
    },
  })
}

type Outcome = { readonly kind: 'done'; readonly result: unknown } | { readonly kind: 'given up' } | { readonly kind: 'broke'; readonly reason: string }

function attempt(worker: Worker, job: unknown, calls: Calls, allowedMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let left = allowedMs
    let since = 0
    let open = 0
    let timer: NodeJS.Timeout | undefined
    const tell = (message: ToThread) => worker.postMessage(message)
    const settle = (outcome: Outcome) => {
      clearTimeout(timer)
      worker.off('message', heard).off('error', failed).off('exit', ended)
      resolve(outcome)
    }
    const goOn = () => {
      since = performance.now()
      timer = setTimeout(() => settle({ kind: 'given up' }), Math.max(0, left))
    }
    const pause = () => {
      clearTimeout(timer)
      left -= performance.now() - since
    }
    const failed = (error: Error & { code?: string }) => settle(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { kind: 'given up' } : { kind: 'broke', reason: error.stack ?? error.message })
    const ended = () => settle({ kind: 'broke', reason: 'the thread ended' })
    const heard = (message: FromThread) => {
      if (message.kind === 'done') settle({ kind: 'done', result: message.result })
      else if (message.kind === 'broke') settle({ kind: 'broke', reason: message.reason })
      else if (message.kind === 'call') {
        if (open++ === 0) pause()
        const { call, name, args } = message
        const answer = Object.hasOwn(calls, name) ? (calls[name] as (...args: readonly unknown[]) => unknown) : undefined
        Promise.resolve()
          .then(() => answer?.(...args))
          .then(
            (value) => tell({ kind: 'answer', call, value }),
            (error: unknown) => tell({ kind: 'failed', call, reason: error instanceof Error ? error.message : String(error) }),
          )
          .finally(() => {
            if (--open === 0) goOn()
          })
      }
    }
    worker.on('message', heard).on('error', failed).on('exit', ended)
    tell({ kind: 'job', job })
    goOn()
  })
}
