/** Two servers on one database: each completion is reported to both at the same moment, and everything that follows happens once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonObject } from '#kernel/proof'
import { realClock } from '#platform/clock'
import { openDatabase, sql } from '#platform/db'
import { randomIds } from '#platform/id'
import { secretsFrom } from '#platform/secret'
import { testDatabase } from '#test/cluster'
import { ask, chanceFor, freePort, full, report, workshopFor } from './laurel.ts'
import { judge, readLedger } from './ledger.ts'
import { coursePlatform, prepare, slowMailServer } from './platform.ts'

const completions = full ? 2_000 : 500

test(`two servers, ${completions} completions reported to both: no job is done twice`, { timeout: 170_000 }, async (t) => {
  const database = await testDatabase()
  const mail = await slowMailServer(chanceFor('two servers'), 5)
  const here = workshopFor(t)
  t.after(async () => {
    await mail.close()
    await database.drop()
  })
  const secret = '2c'.repeat(31) + '01'
  const keys = await prepare(database.connectionString, secretsFrom(secret, 'the test'), 3 * completions)
  const ports = [await freePort(), await freePort()]
  const host = 'credentials.example.org'
  const env = { DATABASE_URL: database.connectionString, LAUREL_SECRET: secret, LAUREL_PUBLIC_URL: `https://${host}`, LAUREL_SMTP_URL: mail.url }
  const servers = await Promise.all(ports.map((port) => here.serve({ env, port })))

  const platform = coursePlatform({ ports, host, keys, atOnce: 12 })
  t.after(() => platform.stop())
  const began = performance.now()
  await platform.report(completions)
  const reported = performance.now() - began
  assert.deepEqual(platform.complaints, [])

  const db = openDatabase({ connectionString: database.connectionString, clock: realClock, ids: randomIds, connections: 2 })
  t.after(() => db.close())
  const count = async (statement: ReturnType<typeof sql<{ n: number }>>) => (await db.read((tx) => tx.query(statement)))[0]?.n ?? 0
  const until = async (what: string, holds: () => Promise<boolean>) => {
    for (const end = performance.now() + 90_000; performance.now() < end; await sleep(50)) if (await holds()) return
    assert.fail(`not within 90 s: ${what}`)
  }
  const left = sql<{ n: number }>`select count(*)::int n from pgboss.job where name like '%/%' and state <> 'completed'`
  await until('every mail is planned', async () => (await count(sql`select count(*)::int n from nudge.message where channel = 'e_mail'`)) === completions && (await count(left)) === 0)
  const followed = performance.now() - began

  // Both look for due mail when they start, at the same moment.
  for (const one of servers) one.kill('SIGTERM')
  for (const one of servers) assert.equal((await one.ended).code, 0)
  await Promise.all(ports.map((port) => here.serve({ env, port })))
  await until('every mail has its end', async () => (await count(sql`select count(*)::int n from nudge.message where channel = 'e_mail' and state in ('planned', 'sending')`)) === 0)

  const jobs = await count(sql`select count(*)::int n from pgboss.job where name like '%/%' and state = 'completed'`)
  const again = await db.read((tx) => tx.query(sql<{ name: string; output: unknown }>`select name, output from pgboss.job where name like '%/%' and retry_count > 0`))
  const did = JSON.parse((await ask({ port: ports[0]!, path: '/i/example/did.json', headers: { host } })).text) as JsonObject
  const { faults, verified, sent, unknown } = await judge(await readLedger(db, { acknowledged: platform.acknowledged, received: mail.received }), completions, { now: realClock.now().getTime(), resolveDid: async () => did })
  report('two servers', { requests: platform.requests(), 'reported in ms': Math.round(reported), 'jobs done': jobs, 'jobs begun again': again.length, 'all done in ms': Math.round(followed), 'credentials verified': verified, 'mails sent': sent, unknown }, { done: platform.acknowledged.size, expected: completions })
  assert.deepEqual(faults, [])
  assert.ok(platform.requests() >= 2 * completions, 'each was reported to both')
  assert.ok(jobs >= completions, `${jobs} jobs`)
  assert.deepEqual(again, [])
  assert.equal(sent, completions, 'nobody died, so no mail is of unknown fate')
})
