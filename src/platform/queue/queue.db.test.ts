import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { realClock } from '#platform/clock'
import { openDatabase, sql } from '#platform/db'
import { randomIds } from '#platform/id'
import { silentLog } from '#platform/log'
import { testDatabase, type TestDatabase } from '#test/cluster'
import { atOnce, event, openQueue, when, type Flow } from './index.ts'

const happened = event<{ readonly n: number }>('test.happened')
const followed = event<{ readonly n: number }>('test.followed')

let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.drop())

async function opened<World>(flow: Flow<World>) {
  const { queue, announce, listenTo } = await openQueue<World>(database.connectionString, flow, silentLog, realClock)
  const db = openDatabase({ connectionString: database.connectionString, clock: realClock, ids: randomIds, announce })
  listenTo(db)
  return { queue, db, close: async () => { await queue.stop(); await db.close() } }
}

test('an event is written with its facts or not at all, and what follows at once is in the same transaction', async () => {
  const seen: number[] = []
  const t = await opened<object>([
    atOnce(happened, async (tx, { n }) => void (await tx.change(sql`insert into noted values (${n})`))),
    when(happened, 'see', async (_, { n }) => void seen.push(n)),
  ])
  try {
    await t.db.transaction((tx) => tx.change(sql`create table noted (n int)`))
    await t.db.transaction((tx) => tx.announce(happened({ n: 1 })))
    await assert.rejects(
      t.db.transaction(async (tx) => {
        await tx.announce(happened({ n: 2 }))
        throw new Error('no')
      }),
    )
    assert.equal(await t.queue.drain({}), 1)
    assert.deepEqual(seen, [1])
    assert.deepEqual(await t.db.read((tx) => tx.query(sql`select n from noted`)), [{ n: 1 }])
  } finally {
    await t.close()
  }
})

test('two workers on one database do no job twice', async () => {
  const done: number[] = []
  const flow: Flow<object> = [when(followed, 'count', async (_, { n }) => { await sleep(1); done.push(n) })]
  const [one, two] = [await opened<object>(flow), await opened<object>(flow)]
  try {
    await one.db.transaction(async (tx) => {
      for (let n = 0; n < 300; n++) await tx.announce(followed({ n }))
    })
    await Promise.all([one.queue.start({}), two.queue.start({})])
    for (let waited = 0; done.length < 300 && waited < 10_000; waited += 20) await sleep(20)
    await sleep(50)
    assert.equal(done.length, 300)
    assert.equal(new Set(done).size, 300)
  } finally {
    await one.close()
    await two.close()
  }
})

test('a job that fails is tried again, and one that a dead process held is taken up by the only process left', async () => {
  let tries = 0
  const failing = event<{ readonly n: number }>('test.failing')
  const flow: Flow<object> = [when(failing, 'try', async () => { if (++tries === 1) throw new Error('the first time it fails') })]
  const t = await opened<object>(flow)
  await t.db.transaction((tx) => tx.announce(failing({ n: 1 })))
  await t.queue.start({})
  for (let waited = 0; tries < 2 && waited < 15_000; waited += 50) await sleep(50)
  assert.equal(tries, 2)
  await t.close()

  tries = 1
  const again = await opened<object>(flow)
  await again.db.transaction((tx) => tx.announce(failing({ n: 2 })))
  await again.db.transaction((tx) => tx.change(sql`update pgboss.job set state = 'active', started_on = now() where name = 'test.failing/try' and state = 'created'`))
  await again.queue.start({}, { onlyProcess: true })
  for (let waited = 0; tries < 2 && waited < 15_000; waited += 50) await sleep(50)
  assert.equal(tries, 2)
  assert.equal((await again.queue.backlog()).waiting, 0)
  await again.close()
})
