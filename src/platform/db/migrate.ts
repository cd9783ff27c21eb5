/**
 * The schema's history, applied in order: numbered plain SQL files, each in a transaction of its own, under one advisory lock.
 *
 * A process that dies in the middle of a file leaves the database as it was before that file. Two that start at once wait for one another.
 * A file is never edited once it is applied somewhere: its digest is kept and compared. An older binary refuses a newer schema.
 */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { fault } from './faults.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  readonly text: string
  readonly digest: string
}

const fileName = /^(\d{6})_([a-z_]+)\.sql$/

export function migrationsIn(folder: string): readonly Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql')).sort()
  return files.map((file, index) => {
    const match = fileName.exec(file)
    if (!match || Number(match[1]) !== index + 1) throw new TypeError(`${file}: migrations are numbered from 000001 without gaps, like 000001_party.sql`)
    const text = readFileSync(join(folder, file), 'utf8')
    return Object.freeze({ number: index + 1, name: file, text, digest: createHash('sha256').update(text).digest('hex') })
  })
}

/** One number for this application's migrations, so that all its processes wait for the same lock: the first 48 bits of SHA-256("laurel migrations"). */
const advisoryLock = Number.parseInt(createHash('sha256').update('laurel migrations').digest('hex').slice(0, 12), 16)

/** Brings the database up to date and says how many files were applied. */
export async function migrate(connectionString: string, migrations: readonly Migration[]): Promise<number> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    throw fault.unreachable({ reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
  try {
    const version = await client.query<{ server_version_num: string; server_version: string }>(`select current_setting('server_version_num') server_version_num, current_setting('server_version') server_version`)
    if (Number(version.rows[0]?.server_version_num) < 140_000) throw fault.server_too_old({ version: version.rows[0]?.server_version ?? 'of unknown age' })
    await client.query('select pg_advisory_lock($1)', [advisoryLock])
    await client.query(`create schema if not exists platform`)
    await client.query(`create table if not exists platform.migration (number int primary key, name text not null, digest text not null, applied_at timestamptz not null default now())`)
    const applied = await client.query<{ number: number; name: string; digest: string }>('select number, name, digest from platform.migration order by number')
    const newest = applied.rows.at(-1)?.number ?? 0
    if (newest > migrations.length) throw fault.schema_newer({ found: newest, known: migrations.length })
    for (const row of applied.rows) if (migrations[row.number - 1]?.digest !== row.digest) throw fault.migration_changed({ migration: row.name })
    for (const migration of migrations.slice(newest)) {
      await client.query('begin')
      try {
        await client.query(migration.text)
        await client.query('insert into platform.migration (number, name, digest) values ($1, $2, $3)', [migration.number, migration.name, migration.digest])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback').catch(() => {})
        throw error
      }
    }
    return migrations.length - newest
  } finally {
    await client.end().catch(() => {}) // ends the session, and with it the advisory lock
  }
}

/** The number of the newest migration that a database has; 0 for an empty one. */
export async function schemaVersion(pool: pg.Pool): Promise<number> {
  const there = await pool.query<{ there: boolean }>(`select to_regclass('platform.migration') is not null there`)
  if (!there.rows[0]?.there) return 0
  const newest = await pool.query<{ number: number }>('select coalesce(max(number), 0)::int number from platform.migration')
  return newest.rows[0]?.number ?? 0
}
