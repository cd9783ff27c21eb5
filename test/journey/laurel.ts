/** Laurel as people run it: processes of their own, on folders that are gone afterwards. For the tests in this folder. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { generator, type Generator } from '#kernel/numeric'

export const root = join(import.meta.dirname, '../..')
/** The long forms: `npm test -- --full`, or LAUREL_FULL=1. */
export const full = process.env['LAUREL_FULL'] === '1'

/** One seed for every test here; LAUREL_SEED gives another. */
export const seed = process.env['LAUREL_SEED'] ?? '1'
export const chanceFor = (purpose: string): Generator => generator(seed, 'journey', purpose)

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly out: string
  readonly err: string
  readonly ms: number
}

type Env = Readonly<Record<string, string>>

/** Nothing of the settings of whoever runs the tests, and a cache that spares each process half a second of reading the program. */
function environment(env: Env): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^LAUREL_|^(DATABASE_URL|PORT|NODE_TEST_CONTEXT)$/.test(name))
  return { ...Object.fromEntries(kept), NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/laurel-compiled'), ...env }
}

const main = (words: readonly string[]) => [join(root, 'src/main.ts'), ...words]

/** Runs a command to its end, or to its deadline. */
export function laurel(words: readonly string[], options: { readonly env?: Env; readonly stdin?: string | Uint8Array; readonly program?: string; readonly withinMs?: number } = {}): Promise<Ended> {
  const began = performance.now()
  const [program, args] = options.program === undefined ? [process.execPath, main(words)] : [options.program, words]
  const child = spawn(program, args, { cwd: tmpdir(), env: environment(options.env ?? {}), stdio: 'pipe' })
  child.stdin.on('error', () => {}) // a command that ended before it read everything
  child.stdin.end(options.stdin ?? '')
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const end = () => void child.kill('SIGKILL')
  const deadline = setTimeout(end, options.withinMs ?? 100_000)
  process.once('exit', end)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(deadline)
      process.off('exit', end)
      resolve({ code, out, err, ms: performance.now() - began })
    })
  })
}

/** What a command printed with --json. */
export function jsonOf<T>(ended: Ended): T {
  try {
    return JSON.parse(ended.out) as T
  } catch (error) {
    throw new Error(`no JSON came (exit ${ended.code}): ${ended.out}\n${ended.err}`, { cause: error })
  }
}

export interface Server {
  readonly pid: number
  readonly port: number
  /** From starting the process to the first answer of /readyz that says it can work. */
  readonly readyMs: number
  /** Everything printed so far. */
  said(): string
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<Ended>
}

export interface Workshop {
  readonly folder: string
  /** A data folder inside it. */
  readonly data: string
  /** Starts a server and waits until it can work. @throws Error with what it said, where it ended before that */
  serve(options?: { readonly env?: Env; readonly words?: readonly string[]; readonly port?: number }): Promise<Server>
  /** @param before called with the data folder when nothing runs in it any more, and before it is removed */
  close(before?: (data: string) => void): Promise<void>
}

/** A folder for one test, and the processes started in it; `close` ends what is left of both. */
export function workshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-journey-'))
  const data = join(folder, 'data')
  const running = new Set<Server>()
  const end = () => {
    for (const one of running) one.kill('SIGKILL')
    const pid = postmasterOf(data)
    if (pid !== undefined) killIfThere(pid, 'SIGKILL')
  }
  process.once('exit', end)
  return {
    folder,
    data,
    async serve(options = {}) {
      const port = options.port ?? (await freePort())
      const began = performance.now()
      const child = spawn(process.execPath, main(['start', '--no-demo', '--port', String(port), '--data', data, ...(options.words ?? [])]), { cwd: tmpdir(), env: environment(options.env ?? {}), stdio: ['ignore', 'pipe', 'pipe'] })
      let [out, err] = ['', '']
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
      let over = false
      const ended = new Promise<Ended>((resolve) => {
        child.once('close', (code) => {
          over = true
          resolve({ code, out, err, ms: performance.now() - began })
        })
      })
      while (!over && !(await ready(port))) await sleep(10)
      if (over || child.pid === undefined) throw new Error(`The server ended before it could work (exit ${(await ended).code}): ${out}${err}`)
      const server: Server = { pid: child.pid, port, readyMs: performance.now() - began, said: () => `${out}${err}`, kill: (signal) => void child.kill(signal), ended }
      running.add(server)
      void ended.then(() => running.delete(server))
      return server
    },
    async close(before) {
      const all = [...running]
      end()
      await Promise.all(all.map((one) => one.ended))
      process.off('exit', end)
      for (let waited = 0; postmasterOf(data) !== undefined && waited < 5_000; waited += 20) await sleep(20)
      before?.(data)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

/** A workshop for one test. */
export function workshopFor(t: TestContext, beforeRemoving?: (data: string) => void): Workshop {
  const made = workshop()
  t.after(() => made.close(beforeRemoving))
  return made
}

async function ready(port: number): Promise<boolean> {
  try {
    return (await ask({ port, path: '/readyz' })).status === 200
  } catch {
    return false
  }
}

/** The main process of the PostgreSQL of a data folder, while it lives. */
export function postmasterOf(data: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
    return Number.isInteger(pid) && pid > 0 && lives(pid) ? pid : undefined
  } catch {
    return undefined
  }
}

/** Whether a process is there and is more than the exit code that nobody asked for. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' && process.platform !== 'linux' // no /proc: signal 0 has answered
  }
}

export function killIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {} // gone already
}

/** Processes whose parent is this one. */
export function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

export const socketOf = (data: string) => `postgresql://laurel@/postgres?host=${encodeURIComponent(join(data, 'run'))}`

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new TypeError('a port without a number'))))
    })
  })
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

export interface Asking {
  readonly port: number
  readonly path: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
}

/** One request; rejects where no whole answer came within 20 s. */
export function ask(what: Asking): Promise<{ readonly status: number; readonly text: string }> {
  const body = what.json === undefined ? undefined : JSON.stringify(what.json)
  return new Promise((resolve, reject) => {
    const sent = request(
      { agent, host: '127.0.0.1', port: what.port, path: what.path, method: what.method ?? 'GET', timeout: 20_000, headers: { host: `localhost:${what.port}`, ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }), ...what.headers } },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.once('error', reject)
        answer.once('end', () => (answer.complete ? resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }) : reject(new Error('the answer was cut short'))))
        answer.once('close', () => reject(new Error('the answer was cut short')))
      },
    )
    sent.once('error', reject)
    sent.once('timeout', () => sent.destroy(new Error('no answer within 20 s')))
    sent.end(body)
  })
}

/** Says on the test's own output what was done, of what was expected. A test that did nothing fails here. */
export function report(name: string, done: Readonly<Record<string, number | string>>, counts: { readonly done: number; readonly expected: number }): void {
  console.log(`${name}: seed ${seed}, ${counts.done} of ${counts.expected} done; ${Object.entries(done).map(([what, value]) => `${what} ${value}`).join(', ')}`)
  if (counts.done === 0) throw new Error(`${name} did nothing`)
  if (counts.done !== counts.expected) throw new Error(`${name} did ${counts.done} of ${counts.expected}`)
}
