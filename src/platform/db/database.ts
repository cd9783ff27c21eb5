/**
 * One PostgreSQL, and transactions on it.
 *
 * A transaction is where a room writes: it carries the SQL connection, the time it is, a source of names, and `announce`, which writes an
 * event beside the facts it is about, so that both are there or neither is.
 */
import { Kysely, PostgresDialect, type RawBuilder } from 'kysely'
import pg from 'pg'
import type { Clock } from '#platform/clock'
import type { Ids } from '#platform/id'
import { fault } from './faults.ts'

/** An event about to be written: its name, and what it says as JSON. */
export interface Announcement {
  readonly name: string
  readonly payload: object
  /** What follows as a job waits this long, for an announcer that does the work itself at once and wants the job as its safety net. */
  readonly afterSeconds?: number
}

export interface Tx {
  /** The clock's reading when the transaction began; every fact in it carries this time. */
  readonly now: Date
  readonly ids: Ids
  query<Row>(statement: RawBuilder<Row>): Promise<readonly Row[]>
  /** How many rows a statement changed. */
  change(statement: RawBuilder<unknown>): Promise<number>
  announce(event: Announcement): Promise<void>
  /** For packages that speak to the connection themselves (the queue). */
  readonly connection: Kysely<unknown>
}

export type Announce = (tx: Tx, event: Announcement) => Promise<void>

export interface Database {
  /** Runs `work` in one transaction: all of it is kept, or none. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Runs `work` in one read-only snapshot. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** For one statement that only reads, asked often: it stands alone, without the two round trips that begin and end a transaction. */
  glance<T>(work: (tx: Pick<Tx, 'query' | 'now'>) => Promise<T>): Promise<T>
  /** Brings the planner's statistics up to date after a bulk load; autovacuum would take a minute to notice. */
  refreshStatistics(): Promise<void>
  /** Called after each commit of a transaction that announced something. */
  onAnnounced(listener: () => void): void
  readonly pool: pg.Pool
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly connectionString: string
  readonly clock: Clock
  readonly ids: Ids
  readonly announce?: Announce
  readonly connections?: number
}

// int8 and numeric are read as numbers (counts and estimates here stay below 2^53), dates stay the text they are.
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary') {
      if (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC) return Number
      if (oid === pg.types.builtins.DATE) return (text: string) => text
    }
    return pg.types.getTypeParser(oid, format) as unknown
  },
} as pg.CustomTypesConfig

/** No statement runs without a deadline: a full disk once left a transaction unanswered for 30 s (research/reliability.md 0.3). */
const statementTimeoutMs = 60_000

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.connections ?? 10,
    types,
    options: `-c timezone=UTC -c statement_timeout=${statementTimeoutMs} -c idle_in_transaction_session_timeout=${statementTimeoutMs}`,
    connectionTimeoutMillis: 10_000,
  })
  pool.on('error', () => {}) // an idle connection that the server closed; the next use opens another
  // One that is lost inside a transaction, between two of its statements: the next of them is told. Without a listener the process would end.
  pool.on('connect', (client) => client.on('error', () => {}))
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  const listeners: (() => void)[] = []

  const within = async <T>(readOnly: boolean, work: (tx: Tx) => Promise<T>): Promise<T> => {
    let announced = false
    const transaction = kysely.transaction()
    const result = await (readOnly ? transaction.setIsolationLevel('repeatable read').setAccessMode('read only') : transaction)
      .execute(async (connection) => {
        const tx: Tx = {
          now: options.clock.now(),
          ids: options.ids,
          connection,
          query: async <Row>(statement: RawBuilder<Row>) => (await statement.execute(connection)).rows,
          change: async (statement) => Number((await statement.execute(connection)).numAffectedRows ?? 0n),
          async announce(event) {
            if (!options.announce) throw new TypeError(`Nobody listens to ${event.name}: the database was opened without a queue`)
            announced = true
            await options.announce(tx, event)
          },
        }
        return await work(tx)
      })
    if (announced) for (const listener of listeners) listener()
    return result
  }

  const translated = async <T>(readOnly: boolean, work: (tx: Tx) => Promise<T>): Promise<T> => {
    try {
      return await within(readOnly, work)
    } catch (error) {
      throw inOurWords(error)
    }
  }
  return Object.freeze({
    pool,
    transaction: <T>(work: (tx: Tx) => Promise<T>) => translated(false, work),
    read: <T>(work: (tx: Tx) => Promise<T>) => translated(true, work),
    async glance<T>(work: (tx: Pick<Tx, 'query' | 'now'>) => Promise<T>) {
      try {
        return await work({ now: options.clock.now(), query: async <Row>(statement: RawBuilder<Row>) => (await statement.execute(kysely)).rows })
      } catch (error) {
        throw inOurWords(error)
      }
    },
    refreshStatistics: async () => void (await pool.query('analyze')),
    onAnnounced: (listener: () => void) => void listeners.push(listener),
    close: () => kysely.destroy(),
  })
}

/** The few database errors that the one who runs the server can do something about. PostgreSQL error codes, appendix A. */
function inOurWords(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === '53100' || code === 'ENOSPC') return fault.disk_full(undefined, { cause: error })
  if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ENOTFOUND' || code === '57P03') return fault.unreachable({ reason: String(code) }, { cause: error })
  return error
}
