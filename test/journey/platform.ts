/** The two neighbours of a running installation: a course platform that reports completions, and a mail server that takes its time. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { saveAchievement } from '#journey/completion'
import { establishKey } from '#journey/credential'
import { createExperiment, defaultArms, startExperiment } from '#journey/experiment'
import { createApiKey, createIssuer } from '#journey/party'
import type { Generator } from '#kernel/numeric'
import { realClock } from '#platform/clock'
import { openDatabase } from '#platform/db'
import { randomIds } from '#platform/id'
import type { Secrets } from '#platform/secret'
import { ask, root } from './laurel.ts'

const perKey = 100 // requests that a key may make at once before it has to wait (rates.api)

/** An issuer with an achievement, a running experiment, and as many keys as so many requests need. */
export async function prepare(connectionString: string, secrets: Secrets, requests: number): Promise<readonly string[]> {
  const db = openDatabase({ connectionString, clock: realClock, ids: randomIds, connections: 2 })
  try {
    return await db.transaction(async (tx) => {
      const issuer = await createIssuer(tx, { handle: 'example', name: 'Example University' })
      await establishKey(tx, secrets, issuer.id)
      await saveAchievement(tx, { issuerId: issuer.id, handle: 'course', document: JSON.parse(readFileSync(join(root, 'examples/achievement.json'), 'utf8')) as unknown })
      const draft = await createExperiment(tx, { issuerId: issuer.id, name: 'Share', question: 'Does a prompt bring more sharing?', arms: defaultArms('share.in_app') })
      await startExperiment(tx, draft.id)
      const keys: string[] = []
      for (let n = 0; n < Math.ceil(requests / perKey); n++) keys.push((await createApiKey(tx, { issuerId: issuer.id, name: `platform ${n}`, scopes: ['completions:write'] })).secret)
      return keys
    })
  } finally {
    await db.close()
  }
}

export interface CoursePlatform {
  /** Completion ids by learner, as they were answered. */
  readonly acknowledged: ReadonlyMap<string, string>
  /** Answers that contradict an earlier one or that no retry can mend. */
  readonly complaints: readonly string[]
  /** Requests sent, the repeated ones included. */
  readonly requests: () => number
  /** Reported and not yet acknowledged. */
  readonly waiting: () => number
  /** Reports the completions up to this number, all at once or one after the other within `overMs`, and resolves when each is acknowledged. */
  report(upTo: number, overMs?: number): Promise<void>
  /** Says again what was acknowledged, with the same keys; the answers must be the same. */
  repeat(count: number): Promise<void>
  /** Gives up what is not acknowledged. */
  stop(): void
}

/** Reports each completion until it is acknowledged, with one Idempotency-Key for all its tries; to every port where there are several. */
export function coursePlatform(options: { readonly ports: readonly number[]; readonly host: string; readonly keys: readonly string[]; readonly atOnce: number }): CoursePlatform {
  const acknowledged = new Map<string, string>()
  const complaints: string[] = []
  let [begun, requests, waiting, stopped] = [0, 0, 0, false]

  async function tell(n: number, port: number): Promise<void> {
    const learner = `L-${n}`
    for (let tries = 0; !stopped; tries++) {
      requests++
      const answer = await ask({
        port,
        path: '/api/v1/completions',
        method: 'POST',
        headers: { host: options.host, authorization: `Bearer ${options.keys[n % options.keys.length]!}`, 'idempotency-key': `completion-${n}` },
        json: { learner: { id: learner, name: `Learner ${n}`, email: `l${n}@learners.example`, timeZone: 'Europe/Vienna' }, achievement: 'course', completedAt: '2026-08-30T10:00:00Z' },
      }).catch(() => undefined)
      if (answer?.status === 201 || answer?.status === 200) {
        const { completion } = JSON.parse(answer.text) as { completion: string }
        const before = acknowledged.get(learner)
        if (before !== undefined && before !== completion) complaints.push(`${learner} was acknowledged as ${before} and as ${completion}`)
        acknowledged.set(learner, completion)
        return
      }
      // Refusals that no other try changes.
      if (answer && answer.status < 500 && answer.status !== 429) return void complaints.push(`${learner}: ${answer.status} ${answer.text}`)
      await sleep(answer?.status === 429 ? 250 : Math.min(200, 10 * 2 ** tries))
    }
  }

  async function each(numbers: readonly number[], overMs = 0): Promise<void> {
    const queue = numbers.entries()
    const began = performance.now()
    const one = async () => {
      for (const [at, n] of queue) {
        const early = began + (overMs * at) / numbers.length - performance.now()
        if (early > 0) await sleep(early)
        waiting++
        await Promise.all(options.ports.map((port) => tell(n, port)))
        waiting--
      }
    }
    await Promise.all(Array.from({ length: options.atOnce }, one))
  }

  return {
    acknowledged,
    complaints,
    requests: () => requests,
    waiting: () => waiting,
    async report(upTo, overMs) {
      const numbers = Array.from({ length: Math.max(0, upTo - begun) }, (_, at) => begun + at)
      begun = Math.max(begun, upTo)
      await each(numbers, overMs)
    },
    repeat: (count) => each(Array.from({ length: Math.min(count, begun) }, (_, at) => at)),
    stop: () => void (stopped = true),
  }
}

export interface SlowMailServer {
  readonly url: string
  /** The message id of every letter that arrived whole, each time it did. */
  readonly received: readonly string[]
  /** Letters that it has and has not answered yet. */
  readonly underWay: () => number
  close(): Promise<void>
}

/**
 * A mail server that has a letter before it says so, by up to `slowestMs`: a client that dies in between cannot know, and a client that
 * sends such a letter again is found out.
 */
export async function slowMailServer(chance: Generator, slowestMs: number): Promise<SlowMailServer> {
  const received: string[] = []
  let underWay = 0
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        received.push(/^Message-ID: <([^@>]+)@/im.exec(Buffer.concat(chunks).toString())?.[1] ?? 'a letter without an id')
        underWay++
        setTimeout(() => {
          underWay--
          done()
        }, chance.below(slowestMs + 1))
      })
    },
  })
  server.on('error', () => {}) // clients that died in the middle of something
  const port = await new Promise<number>((resolve, reject) => {
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address()
      if (address === null || typeof address === 'string') reject(new TypeError('a mail server without a port'))
      else resolve(address.port)
    })
  })
  return { url: `smtp://127.0.0.1:${port}`, received, underWay: () => underWay, close: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}
