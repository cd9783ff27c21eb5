/** A table or view of a PostgreSQL server, in one snapshot that only reads. */
import pg from 'pg'
import { fault } from '../faults.ts'
import { identifier, type HeldTable, type Kind } from './held-table.ts'

const { INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, BOOL } = pg.types.builtins
const numeric: ReadonlySet<number> = new Set([INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC])

/** @param address `postgres://user@host/database?table=schema.name`; what is missing is taken from PGHOST, PGUSER, PGPASSWORD and the like, as psql does */
export async function openPostgres(address: string): Promise<HeldTable> {
  // By hand, since an address of a socket (postgres://user@/database?host=/run/postgresql) is none to the standard's parser.
  const [before = '', query = ''] = address.split('?', 2)
  const settings = new URLSearchParams(query)
  const table = settings.get('table') ?? ''
  settings.delete('table')
  const name = `${before.replace(/\/\/[^/]*@/, '//')}?table=${table}`
  if (table === '') throw fault.no_table({ address: name })
  const client = new pg.Client({ connectionString: settings.size === 0 ? before : `${before}?${settings.toString()}`, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {}) // the next statement says it
  const refuse = (error: unknown): never => {
    throw fault.table_unreadable({ address: name, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
  await client.connect().catch(refuse)
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const from = table.split('.').map(identifier).join('.')
    const { fields } = await client.query(`SELECT * FROM ${from} LIMIT 0`).catch(refuse)
    const columns = new Map(fields.map((field): readonly [string, Kind] => [field.name, field.dataTypeID === BOOL ? 'truth' : numeric.has(field.dataTypeID) ? 'number' : 'text']))
    const select = async (statement: string): Promise<readonly (readonly unknown[])[]> => (await client.query<unknown[]>({ text: statement, rowMode: 'array' }).catch(refuse)).rows
    return { name, from, columns, sha256: null, select, close: () => client.end() }
  } catch (error) {
    await client.end()
    throw error
  }
}
