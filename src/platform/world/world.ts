/**
 * Everything outside the journey, opened together and handed in as arguments: the database, jobs, mail, time, chance, secrets.
 *
 * A job states the part of the world that it needs, `(needs: Pick<World, 'db' | 'mail'>, said)`, and gets no more than that in tests.
 */
import type { Clock } from '#platform/clock'
import type { Config } from '#platform/config'
import { migrate, openDatabase, type Announce, type Database, type Migration } from '#platform/db'
import type { Ids } from '#platform/id'
import type { Log } from '#platform/log'
import type { Mailer } from '#platform/mail'
import { openQueue, type Flow, type Queue } from '#platform/queue'
import type { GuardedFetch } from '#platform/net'
import type { Secrets } from '#platform/secret'

export interface World {
  readonly config: Config
  readonly db: Database
  readonly queue: Queue<World>
  readonly mail: Mailer
  readonly clock: Clock
  readonly ids: Ids
  readonly secrets: Secrets
  readonly log: Log
  /** The one way to the outside. */
  readonly fetch: GuardedFetch
  close(): Promise<void>
}

export interface WorldOptions {
  /** The settings; beside a server they are known when the database is open. */
  readonly config: (db: Database) => Promise<Config>
  readonly connectionString: string
  readonly migrations: readonly Migration[]
  readonly flow: Flow<World>
  readonly clock: Clock
  readonly ids: Ids
  readonly secrets: Secrets
  readonly log: Log
  readonly fetch: GuardedFetch
  readonly mail: (db: Database, config: Config) => Mailer
}

export async function openWorld(options: WorldOptions): Promise<World> {
  await migrate(options.connectionString, options.migrations)
  const { queue, announce, listenTo } = await openQueue<World>(options.connectionString, options.flow, options.log, options.clock)
  const db = openDatabase({ connectionString: options.connectionString, clock: options.clock, ids: options.ids, announce: announce satisfies Announce })
  listenTo(db)
  const config = await options.config(db)
  const mail = options.mail(db, config)
  return Object.freeze({
    config,
    db,
    queue,
    mail,
    clock: options.clock,
    ids: options.ids,
    secrets: options.secrets,
    log: options.log,
    fetch: options.fetch,
    async close() {
      await queue.stop()
      await mail.close()
      await db.close()
    },
  })
}
