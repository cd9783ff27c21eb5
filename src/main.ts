/**
 * Where everything is wired together, and nowhere else: settings, platform, rooms, servers, the command line.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runCommandLine, type CliContext, type Installation, type SimulationOrder } from '#interfaces/cli'
import { composeLetter } from '#interfaces/look'
import { readEffects, publishedEffects, simulate } from '#interfaces/twin'
import { realClock, virtualClock, type Clock } from '#platform/clock'
import { readConfig, type Config } from '#platform/config'
import { embeddedPostgres, folderHolder, lockFolder, migrationsIn, type Database } from '#platform/db'
import { randomIds, seededIds, type Ids } from '#platform/id'
import { openLog, type Log } from '#platform/log'
import { openMailer, smtpPeer, type Mailer } from '#platform/mail'
import { secretsFrom, secretsIn, type Secrets } from '#platform/secret'
import { openWorld, type World } from '#platform/world'
import { flowWith } from '#flow'

const projectFolder = resolve(import.meta.dirname, '..')
const flow = flowWith({ compose: composeLetter })

interface Ground {
  readonly connectionString: string
  readonly secrets: Secrets
  /** Whether no other process works on this database. */
  readonly alone: boolean
  stop(): Promise<void>
}

/** The database and the secrets of an installation: the one that DATABASE_URL names, or the embedded one of the data folder. */
async function ground(config: Config, options: { readonly attach: boolean }): Promise<Ground> {
  if (config.databaseUrl !== undefined) return { connectionString: config.databaseUrl, secrets: secretsFrom(config.secret ?? '', 'LAUREL_SECRET'), alone: false, stop: async () => {} }
  const folder = config.dataFolder
  const usedBefore = existsSync(join(folder, 'postgres', 'PG_VERSION'))
  const secrets = () => (config.secret === undefined ? secretsIn(folder, usedBefore) : secretsFrom(config.secret, 'LAUREL_SECRET'))
  if (options.attach && folderHolder(folder) !== undefined) {
    const server = await embeddedPostgres(folder) // the holder's own server, found running
    return { connectionString: server.connectionString('postgres'), secrets: secrets(), alone: false, stop: async () => {} }
  }
  const lock = lockFolder(folder)
  try {
    const opened = secrets()
    const server = await embeddedPostgres(folder)
    return {
      connectionString: server.connectionString('postgres'),
      secrets: opened,
      alone: true,
      async stop() {
        await server.stop()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

interface WorldParts {
  readonly config: Config
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly mail?: (db: Database) => Mailer
}

const worldOn = (base: Ground, parts: WorldParts): Promise<World> =>
  openWorld({
    config: parts.config,
    connectionString: base.connectionString,
    migrations: migrationsIn(join(projectFolder, 'migrations')),
    flow,
    clock: parts.clock,
    ids: parts.ids,
    secrets: base.secrets,
    log: parts.log,
    mail: parts.mail ?? ((db) => openMailer({ db, smtpUrl: parts.config.smtpUrl, from: parts.config.mailFrom })),
  })

/** Opens the installation for one command, beside a running server or alone. */
async function open(config: Config): Promise<Installation> {
  const base = await ground(config, { attach: true })
  const world = await worldOn(base, { config, clock: realClock, ids: randomIds, log: openLog(config.logLevel) })
  return {
    world,
    alone: base.alone,
    async close() {
      await world.close()
      await base.stop()
    },
  }
}


/** The twin in a database of its own, thrown away afterwards; or in this installation, ending now. */
async function simulateHere(order: SimulationOrder) {
  const effects = order.effectFile === undefined ? publishedEffects : readEffects(readFileSync(order.effectFile, 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'laurel-twin-'))
  const server = await embeddedPostgres(folder, { durable: false })
  const base: Ground = { connectionString: server.connectionString('postgres'), secrets: secretsFrom('7e'.repeat(31) + '01', 'the simulation'), alone: true, stop: () => server.stop() }
  let received = 0
  const peer = await smtpPeer({ received: () => void received++ })
  try {
    const config = readConfig({ LAUREL_PUBLIC_URL: 'https://twin.example', LAUREL_SMTP_URL: peer.url }, {}, folder)
    // Waves are calendar months: the year begins on the first day of one.
    const clock = virtualClock(new Date('2025-01-01T00:00:00Z'))
    const world = await worldOn(base, { config, clock, ids: seededIds(`twin ${order.seed}`), log: openLog('warn') })
    try {
      return await simulate({ ...order, effects }, { world, clock, received: () => received, elapsed: () => performance.now() })
    } finally {
      await world.close()
    }
  } finally {
    await peer.close()
    await base.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const context: CliContext = {
  config: (options) => readConfig(process.env, options, projectFolder),
  now: () => realClock.now(),
  stdin: process.stdin,
  out: (text) => void process.stdout.write(`${text}\n`),
  say: (text) => void process.stderr.write(`${text}\n`),
  terminal: process.stderr.isTTY === true,
  open,
  start: async () => {},
  work: async () => {},
  simulate: simulateHere,
}

process.exitCode = await runCommandLine(process.argv.slice(2), context)
