/**
 * Jobs in the database (pg-boss), written in the transaction of the facts that they follow from.
 *
 * A job carries no time of its own: what is due when is a column of the room that it belongs to, read under the platform's clock. So the
 * queue keeps to the wall clock even when the journey runs under a virtual one, and `drain` runs a simulated year as fast as it goes.
 *
 * Delivery is at least once. A worker that dies is noticed by its missing heartbeat and its job runs again, elsewhere or after a restart.
 */
import { PgBoss, fromKysely } from 'pg-boss'
import type { Database, Tx, Announcement } from '#platform/db'
import type { Clock } from '#platform/clock'
import type { Log } from '#platform/log'
import type { Flow } from './event.ts'

export interface Queue<World> {
  /** Works until stopped: jobs as they come, and once a minute whatever the flow wants every minute. With `onlyProcess`, jobs that a dead process held are taken up at once, not when their heartbeat is missed. */
  start(world: World, options?: { readonly onlyProcess?: boolean }): Promise<void>
  /** Runs every job there is, and those that they lead to, and returns when none is left; says how many. A job that fails, throws. */
  drain(world: World): Promise<number>
  /** Runs the steps of every minute once. */
  tick(world: World): Promise<void>
  /** Jobs that wait, and the age in seconds of the oldest. */
  backlog(): Promise<{ readonly waiting: number; readonly oldestSeconds: number }>
  stop(): Promise<void>
}

/** Ten jobs a fetch: a job is itself a batch (up to 1,000 learners), so larger fetches only hold more work hostage to a crash. */
const batchSize = 10
const pollMs = 1_000
const heartbeatSeconds = 20
// Tried again after 1, 2, 4 ... at most 600 s; 60 tries are more than eight hours before a job is set aside for a person to look at.
const retries = { retryLimit: 60, retryDelay: 1, retryBackoff: true, retryDelayMax: 600, expireInSeconds: 900, heartbeatSeconds }

export async function openQueue<World>(connectionString: string, flow: Flow<World>, log: Log, clock: Clock): Promise<{ queue: Queue<World>; announce: (tx: Tx, event: Announcement) => Promise<void>; listenTo: (db: Database) => void }> {
  const boss = new PgBoss({ connectionString, max: 4, schema: 'pgboss', schedule: false, superviseIntervalSeconds: 10, monitorIntervalSeconds: 10, persistWarnings: false })
  let stopping = false
  // A connection that is being closed may still hear the server's farewell: no error of ours.
  boss.on('error', (error) => (stopping ? undefined : log.error({ error: error.message }, 'the job queue met an error')))
  await boss.start()
  const jobs = flow.filter((step) => step.kind === 'job').map((step) => ({ ...step, queue: `${step.event}/${step.name}` }))
  if (new Set(jobs.map((job) => job.queue)).size !== jobs.length) throw new TypeError('Two lines of the flow have the same event and name')
  const there = new Set((await boss.getQueues()).map((queue) => queue.name))
  for (const job of jobs) if (!there.has(job.queue)) await boss.createQueue(job.queue, retries)

  async function announce(tx: Tx, event: Announcement): Promise<void> {
    for (const step of flow) if (step.kind === 'at once' && step.event === event.name) await step.run(tx, event.payload)
    for (const job of jobs) {
      if (job.event === event.name) await boss.insert(job.queue, [{ data: event.payload, ...(event.afterSeconds === undefined ? {} : { startAfter: event.afterSeconds }) }], { db: fromKysely(tx.connection) })
    }
  }

  /** Fetches and runs one batch of one queue; says how many jobs there were. */
  async function runBatch(job: (typeof jobs)[number], world: World, onFailure: (error: unknown) => void): Promise<number> {
    const fetched = await boss.fetch<object>(job.queue, { batchSize })
    let left = fetched.map((one) => one.id)
    const beat = setInterval(() => void boss.touch(job.queue, left).catch(() => {}), (heartbeatSeconds * 1000) / 3)
    try {
      for (const one of fetched) {
        try {
          await job.run(world, one.data)
          await boss.complete(job.queue, one.id)
        } catch (error) {
          await boss.fail(job.queue, one.id, { message: error instanceof Error ? error.message : String(error) })
          onFailure(error)
        }
        left = left.filter((id) => id !== one.id)
      }
    } finally {
      clearInterval(beat)
    }
    return fetched.length
  }

  let working = false
  let lastDay = ''
  let wake: () => void = () => {}
  let loop: Promise<void> | undefined
  let minutes: NodeJS.Timeout | undefined
  let ticking: Promise<void> = Promise.resolve()

  async function work(world: World): Promise<void> {
    while (working) {
      let done = 0
      let announcedMeanwhile = false
      wake = () => void (announcedMeanwhile = true)
      const waiting = await waitingQueues().catch((error: unknown) => {
        log.error({ error: error instanceof Error ? error.message : String(error) }, 'jobs could not be looked for')
        return new Set<string>()
      })
      for (const job of jobs.filter((one) => waiting.has(one.queue))) {
        if (!working) break
        try {
          done += await runBatch(job, world, (error) => log.error({ job: job.queue, error: error instanceof Error ? error.message : String(error) }, 'a job failed and will be tried again'))
        } catch (error) {
          log.error({ job: job.queue, error: error instanceof Error ? error.message : String(error) }, 'jobs could not be fetched')
        }
      }
      if (done > 0 || announcedMeanwhile || !working) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** Queues that have a job to run: one question instead of one for each queue. */
  async function waitingQueues(): Promise<ReadonlySet<string>> {
    if (jobs.length === 0) return new Set()
    const { rows } = await boss.getDb().executeSql(`select distinct name from pgboss.job where name = any($1) and state in ('created', 'retry') and start_after <= now()`, [jobs.map((job) => job.queue)])
    return new Set((rows as { name: string }[]).map((row) => row.name))
  }

  /** Jobs left active by a process that is gone go back in line, at once: it was not they that failed. One that was held by three dead processes waits as a failed one does; it may be what ended them. */
  async function releaseHeld(): Promise<void> {
    for (const job of jobs) {
      const held = await boss.getDb().executeSql(`select id from pgboss.job where name = $1 and state = 'active'`, [job.queue])
      const ids = (held.rows as { id: string }[]).map((row) => row.id)
      if (ids.length === 0) continue
      await boss.fail(job.queue, ids, { message: 'the process that held this job ended' })
      await boss.getDb().executeSql(`update pgboss.job set start_after = now() where name = $1 and id = any($2::uuid[]) and state = 'retry' and retry_count < 3`, [job.queue, ids])
    }
  }

  const tick = async (world: World) => {
    const today = clock.now().toISOString().slice(0, 10)
    for (const step of flow) {
      if (step.kind === 'every minute') await step.run(world)
      if (step.kind === 'every day' && lastDay !== today) await step.run(world)
    }
    lastDay = today
  }

  const queue: Queue<World> = {
    async start(world, options = {}) {
      if (options.onlyProcess === true) await releaseHeld()
      working = true
      loop = work(world)
      const minute = () => {
        ticking = ticking.then(() => tick(world)).catch((error: unknown) => log.error({ error: error instanceof Error ? error.message : String(error) }, 'a step of every minute failed'))
      }
      minutes = setInterval(minute, 60_000)
      minute()
    },
    async drain(world) {
      let total = 0
      for (let done = -1; done !== 0; total += done) {
        done = 0
        const waiting = await waitingQueues()
        for (const job of jobs) {
          if (!waiting.has(job.queue)) continue
          done += await runBatch(job, world, (error) => {
            throw error
          })
        }
      }
      return total
    },
    tick,
    async backlog() {
      const waiting = await boss.getDb().executeSql(`select count(*)::int as waiting, coalesce(extract(epoch from now() - min(created_on)), 0)::float8 as oldest from pgboss.job where name = any($1) and state in ('created', 'retry')`, [jobs.map((job) => job.queue)])
      const row = waiting.rows[0] as { waiting: number; oldest: number } | undefined
      return { waiting: row?.waiting ?? 0, oldestSeconds: row?.oldest ?? 0 }
    },
    async stop() {
      working = false
      clearInterval(minutes)
      wake()
      await loop
      await ticking
      stopping = true
      await boss.stop({ graceful: false, close: true })
    },
  }
  return { queue: Object.freeze(queue), announce, listenTo: (db) => db.onAnnounced(() => wake()) }
}
