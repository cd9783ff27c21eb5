/** A CSV, TSV or Parquet file as DuckDB sees it: columns are read as they are needed, in as little memory as the groups take. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { fault } from '../faults.ts'
import { parquetMark, type Source } from '../read-table.ts'
import { missingTexts } from '../table.ts'
import { literal, type HeldTable, type Kind } from './held-table.ts'

const numeric = /^(?:U?TINYINT|U?SMALLINT|U?INTEGER|U?BIGINT|U?HUGEINT|FLOAT|DOUBLE|DECIMAL.*)$/

export async function openFile(source: Source): Promise<HeldTable> {
  const { file, path } = source
  if (path === undefined) throw fault.not_a_table({ file, reason: 'is the standard input, which DuckDB cannot group; name a file' })
  const hash = createHash('sha256')
  for await (const bytes of source.open()) hash.update(bytes)
  const reader = (await startsWith(path, parquetMark)) ? `read_parquet(${literal(path)})` : `read_csv(${literal(path)}, header = true, sample_size = -1, nullstr = [${['', ...missingTexts].map(literal).join(', ')}])`
  const instance = await DuckDBInstance.create(':memory:')
  try {
    const connection = await instance.connect()
    const select = async (statement: string): Promise<readonly (readonly unknown[])[]> => (await connection.runAndReadAll(statement)).getRowsJS()
    const described = await select(`DESCRIBE SELECT * FROM ${reader}`).catch((error: unknown) => {
      throw fault.not_a_table({ file, reason: `cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}` }, { cause: error })
    })
    const columns = new Map(described.map(([name, type]): readonly [string, Kind] => [String(name), type === 'BOOLEAN' ? 'truth' : numeric.test(String(type)) ? 'number' : 'text']))
    return { name: file, from: reader, columns, sha256: hash.digest('hex'), select, close: async () => instance.closeSync() }
  } catch (error) {
    instance.closeSync()
    throw error
  }
}

async function startsWith(path: string, mark: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mark.length), 0, mark.length, 0)
    return buffer.toString('latin1', 0, bytesRead) === mark
  } finally {
    await file.close()
  }
}
