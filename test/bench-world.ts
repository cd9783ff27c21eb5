/** The world that a bench runs in: the flow and the tables as in production, no letter and nothing fetched. */
import { join } from 'node:path'
import type { CardPrinter } from '#journey/share'
import { realClock, type Clock } from '#platform/clock'
import { readConfig } from '#platform/config'
import { migrationsIn } from '#platform/db'
import { randomIds, type Ids } from '#platform/id'
import { silentLog } from '#platform/log'
import { openMailer } from '#platform/mail'
import { secretsFrom } from '#platform/secret'
import { openWorld, type World } from '#platform/world'
import { flowWith } from '#flow'

export interface BenchWorld {
  readonly connectionString: string
  /** Where the bench keeps what it makes. */
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
  /** The machine's own unless a bench needs the same each time. */
  readonly clock?: Clock
  readonly ids?: Ids
  /** Without one no card is drawn. */
  readonly cards?: CardPrinter
}

export async function benchWorld(of: BenchWorld): Promise<World> {
  const config = readConfig({ LAUREL_PUBLIC_URL: 'https://credentials.example.org', ...of.env }, {}, of.folder)
  return await openWorld({
    config: async () => config,
    connectionString: of.connectionString,
    migrations: migrationsIn(join(import.meta.dirname, '..', 'migrations')),
    flow: flowWith({ compose: () => { throw new TypeError('no letter is due in a bench') }, ...(of.cards === undefined ? {} : { cards: of.cards }) }),
    clock: of.clock ?? realClock,
    ids: of.ids ?? randomIds,
    secrets: secretsFrom('7e'.repeat(31) + '01', 'the bench'),
    log: silentLog,
    fetch: async () => { throw new TypeError('nothing is fetched in a bench') },
    mail: (db) => openMailer({ db, smtpUrl: undefined, from: config.mailFrom }),
  })
}
