/**
 * Threads that share the groups of a job: each takes the next group that nobody has, the main thread among them, and hands over what it has made in the end.
 * A job is a named function on plain data; long arrays lie in shared memory and are not copied.
 *
 * This is the one file of the kernel that knows of threads. It stays pure in what counts: the result of a job does not depend on how many threads there are
 * or on which of them took what, as long as the parts of a result can be added up in any order (grid.ts makes them so).
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { growTrees, type GrowthJob, type GroupWork } from './grow.ts'
import type { Grown } from './growth.ts'

interface Jobs {
  readonly growTrees: { readonly input: GrowthJob; readonly result: Grown }
}

const jobs: { readonly [Name in keyof Jobs]: (input: Jobs[Name]['input']) => GroupWork<Jobs[Name]['result']> } = { growTrees }

export interface Pool {
  /** Runs all groups of a job; the parts of the result come in no order. `done` hears of the groups taken so far. */
  run<Name extends keyof Jobs>(name: Name, input: Jobs[Name]['input'], groups: number, done?: (groups: number) => void): Promise<readonly Jobs[Name]['result'][]>
  close(): Promise<void>
}

const mark = 'laurel threads'

interface Order {
  readonly name: keyof Jobs
  readonly input: GrowthJob
  readonly groups: number
  readonly next: Int32Array
}

/** Starts threads − 1 threads beside the one that calls. */
export function openPool(threads: number): Pool {
  if (!Number.isSafeInteger(threads) || threads < 1) throw new TypeError(`${threads} is not a number of threads.`)
  const workers = Array.from({ length: threads - 1 }, () => new Worker(new URL(import.meta.url), { workerData: mark, env: {}, stdin: false }))
  // Waiting for a thread keeps the process alive, an idle thread does not.
  for (const worker of workers) worker.unref()

  const ask = (worker: Worker, order: Order): Promise<Grown> =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        worker.unref()
        worker.off('message', took).off('error', failed).off('exit', ended)
      }
      const took = (message: Grown): void => {
        settle()
        resolve(message)
      }
      const failed = (error: Error): void => {
        settle()
        reject(error)
      }
      const ended = (): void => failed(new Error('A thread ended before its work did.'))
      worker.ref()
      worker.on('message', took).on('error', failed).on('exit', ended)
      worker.postMessage(order)
    })

  return {
    run: async (name, input, groups, done) => {
      const next = new Int32Array(new SharedArrayBuffer(4))
      const others = Promise.all(workers.slice(0, Math.max(0, groups - 1)).map((worker) => ask(worker, { name, input, groups, next })))
      others.catch(() => {}) // Heard below; until then the main thread is at work.
      const own = jobs[name](input)
      for (let group = Atomics.add(next, 0, 1); group < groups; group = Atomics.add(next, 0, 1)) {
        own.step(group)
        done?.(Math.min(groups, Atomics.load(next, 0)))
        await nextTurn() // others may want the thread: a server, a progress bar, an end
      }
      const parts = [own.end(), ...(await others)]
      done?.(groups)
      return parts
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

if (!isMainThread && workerData === mark) {
  parentPort!.on('message', ({ name, input, groups, next }: Order) => {
    const work = jobs[name](input)
    for (let group = Atomics.add(next, 0, 1); group < groups; group = Atomics.add(next, 0, 1)) work.step(group)
    const made = work.end()
    parentPort!.postMessage(made, [made.sums.buffer as ArrayBuffer, made.counts.buffer as ArrayBuffer])
  })
}
