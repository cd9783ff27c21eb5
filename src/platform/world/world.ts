/**
 * Everything outside the journey, opened together and handed in as arguments: the database, jobs, mail, time, chance, secrets.
 *
 * A job states the part of the world that it needs, `(needs: Pick<World, 'db' | 'mail'>, said)`, and gets no more than that in tests.
 */
import type { Clock } from '../clock/clock.ts'
import type { Config } from '../config/config.ts'
import { openDatabase, type Announce, type Database } from '../db/database.ts'
import { migrate, type Migration } from '../db/migrate.ts'
import type { Ids } from '../id/id.ts'
import type { Log } from '../log/log.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { Flow } from '../queue/event.ts'
import { openQueue, type Queue } from '../queue/queue.ts'
import type { Secrets } from '../secret/secret.ts'

export interface World {
  readonly config: Config
  readonly db: Database
  readonly queue: Queue<World>
  readonly mail: Mailer
  readonly clock: Clock
  readonly ids: Ids
  readonly secrets: Secrets
  readonly log: Log
  close(): Promise<void>
}

export interface WorldOptions {
  readonly config: Config
  readonly connectionString: string
  readonly migrations: readonly Migration[]
  readonly flow: Flow<World>
  readonly clock: Clock
  readonly ids: Ids
  readonly secrets: Secrets
  readonly log: Log
  readonly mail: (db: Database) => Mailer
}

export async function openWorld(options: WorldOptions): Promise<World> {
  await migrate(options.connectionString, options.migrations)
  const { queue, announce, listenTo } = await openQueue<World>(options.connectionString, options.flow, options.log)
  const db = openDatabase({ connectionString: options.connectionString, clock: options.clock, ids: options.ids, announce: announce satisfies Announce })
  listenTo(db)
  const mail = options.mail(db)
  return Object.freeze({
    config: options.config,
    db,
    queue,
    mail,
    clock: options.clock,
    ids: options.ids,
    secrets: options.secrets,
    log: options.log,
    async close() {
      await queue.stop()
      await mail.close()
      await db.close()
    },
  })
}
