/**
 * kill -9 while credentials are issued over the API and mails go out. A client that repeats until it is answered must find everything that it
 * was told of, once; a mail server that answers late must never get a letter twice.
 *
 * LAUREL_FULL=1: 20 kills, 2,000 credentials. LAUREL_KILLS=200: 200 kills, 20,000 credentials.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { realClock } from '#platform/clock'
import { openDatabase, sql, type Database } from '#platform/db'
import { randomIds } from '#platform/id'
import { secretsIn } from '#platform/secret'
import { ask, chanceFor, childrenOf, full, killIfThere, lives, postmasterOf, report, socketOf, workshopFor, type Server, type Workshop } from './laurel.ts'
import { judge, planted, readLedger } from './ledger.ts'
import { coursePlatform, prepare, slowMailServer } from './platform.ts'

const kills = Number(process.env['LAUREL_KILLS'] ?? (full ? 20 : 6))
const credentials = kills > 20 ? 100 * kills : full ? 2_000 : 400

/** What is killed, in turn: the server, the server with the database's main process, one process of the database or its main process under a server that stays. */
const victims = ['server', 'server and database', 'one of the database', 'server', 'database', 'server'] as const

/** Every third kill comes while mails go out, the others while completions are reported and credentials signed. */
const whileMailing = (round: number) => round % 3 === 1

test(`${kills} kills while ${credentials} credentials are issued: nothing lost, nothing twice`, { timeout: 60_000 + kills * 15_000 }, async (t) => {
  const chance = chanceFor('crash')
  const here = workshopFor(t)
  const mail = await slowMailServer(chanceFor('mail'), 30)
  t.after(() => mail.close())
  const env = { LAUREL_SMTP_URL: mail.url }
  let server = await here.serve({ env })
  const first = server.readyMs
  const { port } = server
  const keys = await prepare(socketOf(here.data), secretsIn(here.data, true), 2 * credentials)
  const platform = coursePlatform({ ports: [port], host: `localhost:${port}`, keys, atOnce: 16 })
  t.after(() => platform.stop())
  const db = openDatabase({ connectionString: socketOf(here.data), clock: realClock, ids: randomIds, connections: 2 })
  t.after(() => db.close())

  const restarts: number[] = []
  const recoveries: number[] = []
  const restart = async () => {
    server = await here.serve({ env, port })
    restarts.push(server.readyMs)
  }
  const reports: Promise<void>[] = []
  let [killed, atWork, atMail] = [0, 0, 0]
  for (let round = 0; round < kills; round++) {
    const victim = victims[round % victims.length]!
    // Reported within a second, so that some requests are open whenever the kill comes.
    reports.push(platform.report(Math.ceil((credentials * (round + 1)) / (kills + 1)), 1_000))
    if (whileMailing(round)) {
      // Mails go out when a server starts, and once a minute: so all is brought to where they wait, and a server is started.
      await Promise.all(reports)
      await planned(db, platform.acknowledged.size)
      await crash(here, server, false)
      const before = mail.received.length
      await restart()
      for (const end = performance.now() + 10_000; mail.received.length === before && performance.now() < end; await sleep(1));
      await sleep(chance.below(100))
      if (mail.received.length > before && mail.underWay() > 0) atMail++
    } else {
      await sleep(50 + chance.below(901))
      if (platform.waiting() > 0) atWork++
    }
    killed++
    if (victim === 'one of the database' || victim === 'database') {
      const postmaster = postmasterOf(here.data) ?? 0
      const processes = childrenOf(postmaster)
      const pid = victim === 'database' ? postmaster : processes[chance.below(processes.length)]
      assert.ok(pid !== undefined && pid > 0, 'the database has processes')
      const began = performance.now()
      killIfThere(pid, 'SIGKILL')
      await sleep(100)
      await works(port)
      recoveries.push(performance.now() - began)
      assert.ok(lives(server.pid), `the server did not survive its database: ${server.said()}`)
    } else {
      await crash(here, server, victim === 'server and database')
      await restart()
    }
    console.log(`  ${String(round + 1).padStart(3)} of ${kills}  ${(whileMailing(round) ? 'mailing' : 'issuing').padEnd(7)}  ${victim.padEnd(19)}  acknowledged ${platform.acknowledged.size}, letters ${mail.received.length}, ready again after ${Math.round(victim.startsWith('server') ? server.readyMs : recoveries.at(-1)!)} ms`)
  }
  reports.push(platform.report(credentials))
  await Promise.all(reports)
  const repeated = Math.ceil(credentials / 10)
  await platform.repeat(repeated)
  assert.deepEqual(platform.complaints, [])

  await planned(db, credentials)
  server.kill('SIGINT')
  assert.equal((await server.ended).code, 0)
  await restart()
  await until(db, 'every mail has its end', async () => (await count(db, sql`select count(*)::int n from nudge.message where channel = 'e_mail' and state in ('planned', 'sending')`)) === 0)

  const ledger = await readLedger(db, { acknowledged: platform.acknowledged, received: mail.received })
  const { faults, verified, sent, unknown } = await judge(ledger, credentials, { now: realClock.now().getTime() })
  restarts.sort((a, b) => a - b)
  const rank = (share: number) => `${Math.round(restarts[Math.min(restarts.length - 1, Math.floor(share * restarts.length))] ?? Number.NaN)} ms`
  report(`kill -9, ${credentials} credentials`, { 'kills while requests were open': atWork, 'while letters were under way': atMail, requests: platform.requests(), repeated, 'credentials verified': verified, 'mails sent': sent, 'mails unknown': unknown, 'first start': `${Math.round(first)} ms`, 'restart median': rank(0.5), 'restart p95': rank(0.95), 'restart longest': rank(1), 'longest without its database': `${Math.round(Math.max(...recoveries))} ms` }, { done: killed, expected: kills })
  assert.deepEqual(faults, [])
  assert.equal(verified, credentials)
  assert.ok(atWork >= kills / 3, `${atWork} of ${kills} kills came while requests were open`)
  assert.ok(atMail >= 1, 'a kill came while letters were under way')

  // The judge, judged: with any one thing wrong it says so.
  let found = 0
  for (const [what, spoil, words] of planted) {
    const judged = await judge(spoil(ledger), credentials, { now: realClock.now().getTime() })
    assert.ok(judged.faults.some((fault) => words.test(fault)), `${what}: ${judged.faults.join('; ')}`)
    found++
  }
  console.log(`  ${found} of ${planted.length} planted faults found`)
  assert.ok(found > 10)
})

async function crash(here: Workshop, server: Server, database: boolean): Promise<void> {
  const postmaster = postmasterOf(here.data)
  server.kill('SIGKILL')
  if (database && postmaster !== undefined) killIfThere(postmaster, 'SIGKILL')
  await server.ended
  assert.ok(!lives(server.pid))
}

async function works(port: number): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(20)) {
    if ((await ask({ port, path: '/readyz' }).catch(() => undefined))?.status === 200) return
  }
  assert.fail('the server did not work again within 30 s')
}

const planned = (db: Database, mails: number) =>
  until(db, `${mails} mails are planned and no job is left`, async () => (await count(db, sql`select count(*)::int n from nudge.message where channel = 'e_mail'`)) === mails && (await count(db, sql`select count(*)::int n from pgboss.job where name like '%/%' and state <> 'completed'`)) === 0)

const count = async (db: Database, statement: ReturnType<typeof sql<{ n: number }>>) => (await db.read((tx) => tx.query(statement)))[0]?.n ?? 0

async function until(db: Database, what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 120_000; performance.now() < end; await sleep(50)) if (await holds().catch(() => false)) return
  const left = await db.read((tx) => tx.query(sql`select state, count(*)::int from nudge.message group by 1 union all select name || ' ' || state, count(*)::int from pgboss.job where state <> 'completed' group by 1`))
  assert.fail(`not within two minutes: ${what}; there are ${JSON.stringify(left)}`)
}
