/**
 * The PostgreSQL of the tests: one cluster without fsync for a whole run, and for each test file a database of its own, copied from a
 * template that has every migration (CREATE DATABASE ... TEMPLATE: some 60 ms).
 *
 * LAUREL_TEST_DATABASE names a running cluster (the test script starts one, and any PostgreSQL from 14 on will do); without it this starts one.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { realClock } from '#platform/clock'
import { embeddedPostgres, migrate, migrationsIn } from '#platform/db'
import { silentLog } from '#platform/log'
import { openQueue } from '#platform/queue'

export const migrations = migrationsIn(join(import.meta.dirname, '../migrations'))

export interface TestDatabase {
  readonly connectionString: string
  drop(): Promise<void>
}

/** Starts a cluster in a temporary folder; `stop` removes it. */
export async function startCluster(): Promise<{ readonly connectionString: (database: string) => string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-test-'))
  const server = await embeddedPostgres(folder, { durable: false })
  return {
    connectionString: server.connectionString,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A database of its own for a test file: migrated (by default) or empty. */
export async function testDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const named = process.env['LAUREL_TEST_DATABASE']
  const own = named === undefined ? await startCluster() : undefined
  const connectionString = own?.connectionString ?? ((database: string) => databaseOf(named ?? '', database))
  const name = `laurel_test_${randomBytes(6).toString('hex')}`
  const template = options.empty === true ? 'template1' : await migratedTemplate(connectionString)
  await admin(connectionString, (client) => client.query(`create database ${name} template ${template} strategy wal_log`))
  return {
    connectionString: connectionString(name),
    async drop() {
      await admin(connectionString, (client) => client.query(`drop database if exists ${name} with (force)`))
      await own?.stop()
    },
  }
}

const databaseOf = (url: string, database: string) => {
  const [address = '', query] = url.split('?')
  return `${address.replace(/\/[^/]*$/, `/${database}`)}${query === undefined ? '' : `?${query}`}`
}

/** Made once per state of the migrations, by whichever test file comes first. */
async function migratedTemplate(connectionString: (database: string) => string): Promise<string> {
  const name = `laurel_template_${createHash('sha256').update(migrations.map((one) => one.digest).join()).digest('hex').slice(0, 12)}`
  await admin(connectionString, async (client) => {
    await client.query('select pg_advisory_lock(1)')
    const there = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [name])
    if (there.rowCount === 1) return
    await client.query(`drop database if exists ${name}`)
    await client.query(`create database ${name}`)
    await migrate(connectionString(name), migrations)
    const { queue } = await openQueue(connectionString(name), [], silentLog, realClock)
    await queue.stop()
    await client.query(`update pg_database set datistemplate = true where datname = $1`, [name])
  })
  return name
}

async function admin<T>(connectionString: (database: string) => string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: connectionString('postgres') })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
