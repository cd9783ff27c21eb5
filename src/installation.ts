/**
 * Where everything is wired together, and nowhere else: platform, rooms, servers. main.ts reads it for the commands that need an installation.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { adminRoutes } from '#interfaces/admin'
import { apiRoutes } from '#interfaces/api'
import { demonstration, type CliContext, type Installation, type SimulationOrder, type SimulationReport } from '#interfaces/cli'
import { assetRoutes, forgetAccounts, healthRoutes, isApi, listen, openApiRoute, openHttp, openSignIn, ownerLink, recordServed, servedAddress, signInRoutes, type Http, type Listening, type SignIn, type SignInPages } from '#interfaces/http'
import { cardPrinter, composeLetter } from '#interfaces/look'
import { checkMailPage, mailedLinkPage, pageRoutes, signInPage } from '#interfaces/pages'
import { readEffects, publishedEffects, simulate } from '#interfaces/twin'
import { vcApiRoutes } from '#interfaces/vc-api'
import { aCredentialToShow } from '#journey/credential'
import { settleInterrupted } from '#journey/nudge'
import { allIssuers } from '#journey/party'
import { realClock, virtualClock, type Clock } from '#platform/clock'
import { besideServer, readConfig, type Config } from '#platform/config'
import { embeddedPostgres, folderHolder, lockFolder, migrationsIn, type Database } from '#platform/db'
import { randomIds, seededIds, type Ids } from '#platform/id'
import { openLog, silentLog, type Log } from '#platform/log'
import { everyDay } from '#platform/queue'
import { openMailer, smtpPeer, type Mailer } from '#platform/mail'
import { secretsFrom, secretsIn, type Secrets } from '#platform/secret'
import { openWorld, type World } from '#platform/world'
import { flowWith, type FlowWords } from '#flow'
import { outside, version } from './outside.ts'

const projectFolder = resolve(import.meta.dirname, '..')
const flowOf = (words: FlowWords) => [...flowWith(words), everyDay<World>('sign_in.forget', forgetAccounts)]
const flow = flowOf({ compose: composeLetter, cards: cardPrinter })
/** Of invented learners: a card is drawn when somebody looks. */
const simulatedFlow = flowOf({ compose: composeLetter })

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
  const secrets = () => (config.secret === undefined ? secretsIn(folder, usedBefore, config.passphrase) : secretsFrom(config.secret, 'LAUREL_SECRET'))
  if (options.attach && folderHolder(folder) !== undefined) {
    const server = await embeddedPostgres(folder) // the holder's own server, found running
    return { connectionString: server.connectionString('postgres'), secrets: secrets(), alone: false, stop: async () => {} }
  }
  const lock = lockFolder(folder)
  try {
    const opened = secrets()
    const server = await embeddedPostgres(folder)
    server.keep(() => openLog(config.logLevel).warn({}, 'PostgreSQL ended and is started again'))
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
  /** Its learners are invented and their year is played. */
  readonly simulated?: true
  readonly config: Config
  /** Whether this process stands beside a server, and speaks of the same address. */
  readonly beside?: boolean
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly mail?: (db: Database, config: Config) => Mailer
}

const worldOn = (base: Ground, parts: WorldParts): Promise<World> =>
  openWorld({
    config: async (db) => (parts.beside === true ? besideServer(parts.config, await db.read(servedAddress)) : parts.config),
    connectionString: base.connectionString,
    migrations: migrationsIn(join(projectFolder, 'migrations')),
    flow: parts.simulated === true ? simulatedFlow : flow,
    clock: parts.clock,
    ids: parts.ids,
    secrets: base.secrets,
    log: parts.log,
    fetch: outside,
    mail: parts.mail ?? ((db, { smtpUrl, mailFrom }) => openMailer({ db, smtpUrl, from: mailFrom })),
  })

/** Opens the installation for one command, beside a running server or alone. */
export async function open(config: Config): Promise<Installation> {
  const base = await ground(config, { attach: true })
  whenInterrupted(base.stop)
  const world = await worldOn(base, { config, beside: true, clock: realClock, ids: randomIds, log: openLog(config.logLevel) })
  return {
    world,
    alone: base.alone,
    async close() {
      await world.close()
      await base.stop()
    },
  }
}

const dayMs = 86_400_000

/** The demonstration: a year of learners, ending now, played before the server answers. */
async function loadDemo(base: Ground, config: Config, context: CliContext, stopping: () => boolean): Promise<void> {
  const clock = virtualClock(startOfMonth(new Date(realClock.now().getTime() - 365 * dayMs)))
  const bar = context.progress()
  // The demonstration shows suspending too, whatever the settings say.
  const world = await worldOn(base, { simulated: true, config: { ...config, suspension: true }, clock, ids: randomIds, log: silentLog, mail: (db) => openMailer({ db, smtpUrl: undefined, from: config.mailFrom }) })
  try {
    await simulate({ learners: 2_000, seed: 'demonstration', months: 12, effects: publishedEffects, progress: (share, what) => { if (stopping()) throw stoppedEarly; bar.to(share, `demonstration: ${what}`) } }, { world, clock, received: () => 0, elapsed: () => performance.now() })
  } finally {
    bar.end()
    await world.close()
  }
}

/** Thrown between two days of the demonstration when the server is told to stop; the next start loads it anew. */
const stoppedEarly = new Error('stopped before the demonstration was loaded')

const startOfMonth = (at: Date) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1))

function appOn(world: World, signIn: SignIn): Http {
  const pages: SignInPages = { signIn: signInPage, checkMail: checkMailPage, mailedLink: mailedLinkPage }
  const routes = [...healthRoutes, ...assetRoutes, ...signInRoutes(signIn, pages), ...pageRoutes(signIn), ...adminRoutes, ...apiRoutes, ...vcApiRoutes(world.config)]
  return openHttp({ world, routes: [...routes, openApiRoute(routes.filter(isApi), world.config.publicUrl, version)], signIn })
}

/** The server: until it is told to stop. */
export async function start(config: Config, context: CliContext): Promise<void> {
  const told = listenForStop()
  const base = await ground(config, { attach: false })
  const log = openLog(config.logLevel)
  let world: World | undefined
  let listening: Listening | undefined
  try {
    await (await listen({ request: async () => new Response(null, { status: 503 }) }, config.port)).close() // a port in use is said before the demonstration is loaded
    world = await worldOn(base, { config, clock: realClock, ids: randomIds, log })
    await world.db.transaction((tx) => recordServed(tx, config.publicUrl))
    const { isDemoUnfinished, removeDemo } = await demonstration()
    if (await world.db.read(isDemoUnfinished)) await world.db.transaction(removeDemo)
    const empty = (await world.db.read(allIssuers)).length === 0
    if (empty && config.demo) await loadDemo(base, config, context, () => told.stop)
    const signIn = await openSignIn(world)
    listening = await listen(appOn(world, signIn), config.port)
    if (base.alone) await settleInterrupted(world, { onlyProcess: true })
    await world.queue.start(world, { onlyProcess: base.alone })
    context.out(await welcome(world))
    await told.whenTold
    context.say('Stopping.')
    await listening.close()
    await signIn.settled()
  } catch (error) {
    if (error !== stoppedEarly) throw error
    context.say('Stopped before the demonstration was loaded; the next start loads it anew.')
  } finally {
    await listening?.close()
    await world?.close()
    await base.stop()
  }
}

/** A worker beside servers on the same database. */
export async function work(config: Config, context: CliContext): Promise<void> {
  const base = await ground(config, { attach: true })
  const world = await worldOn(base, { config, beside: true, clock: realClock, ids: randomIds, log: openLog(config.logLevel) })
  try {
    const told = listenForStop()
    await world.queue.start(world)
    context.say('Working; Ctrl-C stops.')
    await told.whenTold
  } finally {
    await world.close()
    await base.stop()
  }
}

async function welcome(world: World): Promise<string> {
  const site = world.config.publicUrl
  const example = await world.db.read(aCredentialToShow)
  const lines: [string, string][] = [
    ...(example === undefined ? [] : ([['a learner’s credential', `${site}/c/${example}`]] satisfies [string, string][])),
    ['verify any credential', `${site}/verify`],
    ['dashboard (you, owner)', `${await ownerLink(world)}      (single use, 15 minutes)`],
    ...(world.config.smtpUrl === undefined ? ([['mail that was sent', `${site}/dev/mail             (development only, as owner)`]] satisfies [string, string][]) : []),
  ]
  return ['', 'Laurel is running.', ...lines.map(([what, address]) => `  ${what.padEnd(24)} ${address}`), ''].join('\n')
}

/** From now on Ctrl-C and the like are a request to stop; before, they would leave the database running under nobody. */
function listenForStop(): { readonly stop: boolean; readonly whenTold: Promise<void> } {
  const told = { stop: false, whenTold: Promise.resolve() }
  told.whenTold = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        told.stop = true
        resolve()
      })
    }
  })
  return told
}

/** A command that is interrupted takes its database with it; what it had not committed is undone. */
function whenInterrupted(clean: () => Promise<void>): void {
  for (const [signal, code] of [['SIGHUP', 129], ['SIGINT', 130], ['SIGTERM', 143]] as const) process.once(signal, () => void clean().finally(() => process.exit(code)))
}

/** The twin: in a database of its own, thrown away afterwards, or in this installation, ending now. */
export async function simulateHere(order: SimulationOrder): Promise<SimulationReport> {
  const effects = order.effectFile === undefined ? publishedEffects : readEffects(readFileSync(order.effectFile, 'utf8'))
  let received = 0
  const peer = await smtpPeer({ received: () => void received++ })
  const folder = order.into === undefined ? mkdtempSync(join(tmpdir(), 'laurel-twin-')) : undefined
  try {
    const base = order.into === undefined ? await groundOfItsOwn(folder ?? '') : await ground(order.into, { attach: false })
    whenInterrupted(async () => {
      await base.stop()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    })
    const config = order.into ?? readConfig({ LAUREL_PUBLIC_URL: 'https://twin.example' }, {}, folder ?? '')
    // Waves are calendar months: the time begins on the first day of one.
    const clock = virtualClock(order.into === undefined ? new Date('2025-01-01T00:00:00Z') : startOfMonth(new Date(realClock.now().getTime() - Math.ceil(order.months * 30.5) * dayMs)))
    try {
      const world = await worldOn(base, { simulated: true, config, clock, ids: order.into === undefined ? seededIds(`twin ${order.seed}`) : randomIds, log: openLog('warn'), mail: (db) => openMailer({ db, smtpUrl: peer.url, from: config.mailFrom }) })
      try {
        return await simulate({ ...order, effects }, { world, clock, received: () => received, elapsed: () => performance.now() })
      } finally {
        await world.close()
      }
    } finally {
      await base.stop()
    }
  } finally {
    await peer.close()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}

async function groundOfItsOwn(folder: string): Promise<Ground> {
  const server = await embeddedPostgres(folder, { durable: false })
  return { connectionString: server.connectionString('postgres'), secrets: secretsFrom('7e'.repeat(31) + '01', 'the simulation'), alone: true, stop: () => server.stop() }
}
