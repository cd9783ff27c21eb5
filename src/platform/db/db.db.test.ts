import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { isFault } from '#kernel/fault'
import { migrations, testDatabase } from '#test/cluster'
import { realClock } from '#platform/clock'
import { randomIds } from '#platform/id'
import { embeddedPostgres, folderHolder, lockFolder, migrate, openDatabase, sql, type Migration } from './index.ts'

const code = (wanted: string) => (error: unknown) => isFault(error) && error.code === wanted
const folderFor = () => mkdtempSync(join(tmpdir(), 'laurel-db-'))

const version = async (connectionString: string) => {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const rows = await client.query<{ n: number }>(`select coalesce(max(number), 0)::int n from platform.migration`)
    return rows.rows[0]?.n
  } finally {
    await client.end()
  }
}

test('two that migrate at once apply each file once', async () => {
  const database = await testDatabase({ empty: true })
  try {
    const applied = await Promise.all([1, 2, 3].map(() => migrate(database.connectionString, migrations)))
    assert.equal(applied.reduce((sum, n) => sum + n, 0), migrations.length)
    assert.equal(await version(database.connectionString), migrations.length)
  } finally {
    await database.drop()
  }
})

test('a migration that fails leaves the schema before it, and an older binary refuses a newer schema', async () => {
  const database = await testDatabase({ empty: true })
  const file = (number: number, text: string): Migration => ({ number, name: `00000${number}_x.sql`, text, digest: text })
  try {
    await assert.rejects(migrate(database.connectionString, [file(1, 'create table one (a int)'), file(2, 'create table two (a int); select 1/0')]))
    assert.equal(await version(database.connectionString), 1)
    await migrate(database.connectionString, [file(1, 'create table one (a int)'), file(2, 'create table two (a int)')])
    await assert.rejects(migrate(database.connectionString, [file(1, 'create table one (a int)')]), code('db.schema_newer'))
    await assert.rejects(migrate(database.connectionString, [file(1, 'create table one (b int)'), file(2, 'create table two (a int)')]), code('db.migration_changed'))
  } finally {
    await database.drop()
  }
})

test('a server that cannot be reached is said in a sentence', async () => {
  await assert.rejects(migrate('postgresql://nobody@127.0.0.1:1/none', migrations), code('db.unreachable'))
})

test('a transaction is kept whole or not at all, and a read cannot write', async () => {
  const database = await testDatabase({ empty: true })
  const db = openDatabase({ connectionString: database.connectionString, clock: realClock, ids: randomIds })
  try {
    await db.transaction((tx) => tx.change(sql`create table kept (a int)`))
    await assert.rejects(
      db.transaction(async (tx) => {
        await tx.change(sql`insert into kept values (1)`)
        throw new Error('stop')
      }),
      /stop/,
    )
    assert.deepEqual(await db.read((tx) => tx.query(sql`select count(*) n from kept`)), [{ n: 0 }])
    await assert.rejects(db.read((tx) => tx.change(sql`insert into kept values (1)`)), /read-only/)
  } finally {
    await db.close()
    await database.drop()
  }
})

test('the cluster outlives a killed parent and is adopted; what was confirmed is there', async () => {
  const folder = folderFor()
  try {
    const script = join(folder, 'parent.ts')
    writeFileSync(
      script,
      `import { embeddedPostgres, openDatabase, sql } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
       const server = await embeddedPostgres(${JSON.stringify(join(folder, 'data'))})
       const { default: pg } = await import(${JSON.stringify(import.meta.resolve('pg'))})
       const client = new pg.Client({ connectionString: server.connectionString('postgres') })
       await client.connect()
       await client.query('create table told (a int)'); await client.query('insert into told values (42)')
       console.log('told'); setInterval(() => {}, 1000)`,
    )
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise<void>((resolve, reject) => {
      parent.stdout.on('data', (text: Buffer) => text.toString().includes('told') && resolve())
      parent.on('exit', () => reject(new Error('the parent ended early')))
    })
    parent.kill('SIGKILL')
    const server = await embeddedPostgres(join(folder, 'data'))
    const client = new pg.Client({ connectionString: server.connectionString('postgres') })
    await client.connect()
    assert.deepEqual((await client.query('select a from told')).rows, [{ a: 42 }])
    await client.end()
    await server.stop()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a folder has one holder, who is named, and a dead holder is no holder', async () => {
  const folder = folderFor()
  try {
    const lock = lockFolder(folder)
    assert.equal(folderHolder(folder), process.pid)
    assert.throws(() => lockFolder(folder), (error: unknown) => code('db.in_use')(error) && error instanceof Error && error.message.includes(String(process.pid)))
    lock.release()
    assert.equal(folderHolder(folder), undefined)
    writeFileSync(join(folder, 'laurel.lock'), JSON.stringify({ pid: process.pid, started: '1' })) // this pid, but a process that began at another time
    lockFolder(folder).release()
    writeFileSync(join(folder, 'laurel.lock'), 'torn')
    lockFolder(folder).release()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
