/** Parquet files, by DuckDB. This file is imported when one is met and not before: DuckDB is 68 MB. */
import { createHash } from 'node:crypto'
import { DuckDBInstance } from '@duckdb/node-api'
import { ClusterWatch } from './cluster-watch.ts'
import { NumberBuilder, TextBuilder, type Builder } from './column-builder.ts'
import { fault } from './faults.ts'
import { placesOf, refuseTooLarge, type Source } from './read-table.ts'
import type { Column, Table, Wanted } from './table.ts'

const numeric = /^(?:BOOLEAN|U?TINYINT|U?SMALLINT|U?INTEGER|U?BIGINT|U?HUGEINT|FLOAT|DOUBLE|DECIMAL.*)$/
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

export async function readParquet(source: Source, wanted: (header: readonly string[]) => Wanted, limit: number): Promise<Table> {
  const { file, path } = source
  if (path === undefined) throw fault.not_a_table({ file, reason: 'is Parquet, which can only be read from a file; name the file' })
  const hash = createHash('sha256')
  for await (const bytes of source.open()) hash.update(bytes)
  const from = `read_parquet('${path.replaceAll("'", "''")}')`
  const instance = await DuckDBInstance.create(':memory:')
  try {
    const connection = await instance.connect()
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`).catch((error: unknown) => {
      throw fault.unreadable_parquet({ file, reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }, { cause: error })
    })
    const types = described.getRowsJS().map(([name, type]) => ({ name: String(name), type: String(type) }))
    const header = types.map((one) => one.name)
    const { columns, treatment } = wanted(header)
    const places = placesOf(header, columns)
    const builders: Builder[] = columns.map((name) => (numeric.test(types[places.get(name)!]!.type) ? new NumberBuilder(name, 0) : new TextBuilder(name, 0)))
    const others = header.flatMap((column, place) => (places.has(column) ? [] : [{ column, place: columns.length + place }]))
    const watch = new ClusterWatch(others)
    // The columns that are wanted, and all of them once more as text for the watch.
    const selected = [...builders.map((one) => `CAST(${identifier(one.name)} AS ${one.kind === 'number' ? 'DOUBLE' : 'VARCHAR'})`), ...header.map((name) => `CAST(${identifier(name)} AS VARCHAR)`)]
    const result = await connection.stream(`SELECT ${selected.map((one, i) => `${one} AS c${i}`).join(', ')} FROM ${from}`)
    let rows = 0
    const arms = columns.length + places.get(treatment)!
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      for (const [i, builder] of builders.entries()) {
        fill(builder, chunk.getColumnValues(i), rows)
      }
      let watched = watch.places
      let texts = watched.length === 0 ? [] : watched.map((place) => chunk.getColumnValues(place))
      const arm = watched.length === 0 ? [] : chunk.getColumnValues(arms)
      for (let i = 0; i < arm.length && watched.length > 0; i++) {
        if (arm[i] === null) continue
        if (watch.row(texts.map((values) => (values[i] === null ? '' : String(values[i]))), String(arm[i]))) {
          const kept = watch.places
          texts = kept.map((place) => texts[watched.indexOf(place)]!)
          watched = kept
        }
      }
      rows += chunk.rowCount
      refuseTooLarge(file, builders, rows, limit)
    }
    if (rows === 0) throw fault.empty_file({ file })
    return { file, sha256: hash.digest('hex'), rows, header, columns: new Map<string, Column>(builders.map((one) => [one.name, one.finish(rows)])), clusterLike: watch.found() }
  } finally {
    instance.closeSync()
  }
}

function fill(builder: Builder, values: readonly unknown[], rows: number): void {
  builder.reserve(rows + values.length)
  if (builder.kind === 'number') builder.gaps = true
  for (const [i, value] of values.entries()) {
    if (builder.kind === 'number') builder.values[rows + i] = value === null ? Number.NaN : Number(value)
    else builder.values[rows + i] = value === null ? -1 : builder.code(String(value))
  }
}
