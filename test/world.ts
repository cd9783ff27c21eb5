/** A world of its own for a test file: a fresh database, a virtual clock, seeded names, and the events that were announced. */
import { readConfig } from '#platform/config'
import { openDatabase, type Announcement, type Database } from '#platform/db'
import { virtualClock, type VirtualClock } from '#platform/clock'
import { seededIds } from '#platform/id'
import { silentLog } from '#platform/log'
import { openMailer, type Mailer } from '#platform/mail'
import type { GuardedFetch } from '#platform/net'
import { openQueue, type Flow } from '#platform/queue'
import { secretsFrom } from '#platform/secret'
import type { World } from '#platform/world'
import { testDatabase } from './cluster.ts'

export interface TestWorld {
  readonly db: Database
  readonly world: World
  readonly clock: VirtualClock
  /** Every event announced in a transaction that was begun, in order. */
  readonly announced: readonly Announcement[]
  readonly connectionString: string
  close(): Promise<void>
}

/** Rows of the same millisecond are in the order of their names, which is chance: LAUREL_TEST_SEED gives other names, and so finds a test that leans on that order. */
const seedOfNames = process.env['LAUREL_TEST_SEED'] ?? 'test'

/** A test that reaches for the outside says which outside that is. */
const refusingFetch: GuardedFetch = async (address) => {
  throw new Error(`nothing outside is there in this test, and ${address} was asked for`)
}

export async function testWorld(options: { readonly flow?: Flow<World>; readonly start?: Date; readonly env?: Readonly<Record<string, string>>; readonly seed?: string; readonly mail?: (db: Database) => Mailer; readonly fetch?: GuardedFetch } = {}): Promise<TestWorld> {
  const database = await testDatabase()
  const clock = virtualClock(options.start ?? new Date('2026-03-02T09:00:00Z'))
  const ids = seededIds(options.seed ?? seedOfNames)
  const config = readConfig({ LAUREL_PUBLIC_URL: 'https://credentials.example.org', ...options.env }, {}, '/nowhere')
  const { queue, announce, listenTo } = await openQueue<World>(database.connectionString, options.flow ?? [], silentLog, clock)
  const announced: Announcement[] = []
  const db = openDatabase({
    connectionString: database.connectionString,
    clock,
    ids,
    connections: 6,
    announce: async (tx, event) => {
      announced.push(event)
      await announce(tx, event)
    },
  })
  listenTo(db)
  const mail = options.mail ? options.mail(db) : openMailer({ db, smtpUrl: undefined, from: config.mailFrom })
  const world: World = {
    config,
    db,
    queue,
    mail,
    clock,
    ids,
    secrets: secretsFrom('5e'.repeat(31) + '01', 'the test'),
    log: silentLog,
    fetch: options.fetch ?? refusingFetch,
    async close() {
      await queue.stop()
      await mail.close()
      await db.close()
    },
  }
  return {
    db,
    world,
    clock,
    announced,
    connectionString: database.connectionString,
    async close() {
      await world.close()
      await database.drop()
    },
  }
}
