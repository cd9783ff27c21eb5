/** Ctrl-C: whatever is going on ends cleanly, the database with it, and the next start is quick. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { realClock } from '#platform/clock'
import { embeddedPostgres, openDatabase, sql } from '#platform/db'
import { randomIds } from '#platform/id'
import { secretsIn } from '#platform/secret'
import { chanceFor, freePort, full, killIfThere, lives, postmasterOf, report, root, socketOf, workshopFor } from './laurel.ts'
import { coursePlatform, prepare } from './platform.ts'

const rounds = full ? 50 : 3

test(`Ctrl-C under load, ${rounds} times: exit code 0 within 10 s, PostgreSQL gone, nothing acknowledged lost`, { timeout: 60_000 + rounds * 15_000 }, async (t) => {
  const chance = chanceFor('stop')
  const here = workshopFor(t)
  let server = await here.serve()
  const first = server.readyMs
  const { port } = server
  const keys = await prepare(socketOf(here.data), secretsIn(here.data, true), 400 * rounds)
  const platform = coursePlatform({ ports: [port], host: `localhost:${port}`, keys, atOnce: 16 })
  t.after(() => platform.stop())
  const [stops, starts]: [number[], number[]] = [[], []]
  let underLoad = 0
  for (let round = 0; round < rounds; round++) {
    const reported = platform.report(100 * (round + 1), 700)
    await sleep(50 + chance.below(600))
    const postmaster = postmasterOf(here.data)
    assert.ok(postmaster !== undefined)
    if (platform.waiting() > 0) underLoad++
    const told = performance.now()
    server.kill(round % 2 === 0 ? 'SIGINT' : 'SIGTERM')
    const { code, err } = await server.ended
    stops.push(performance.now() - told)
    assert.equal(code, 0, err)
    assert.ok(stops.at(-1)! < 10_000, `${stops.at(-1)} ms`)
    assert.doesNotMatch(err, /"level":50/, 'no error is logged by stopping')
    assert.ok(!lives(postmaster), 'PostgreSQL ended')
    assert.ok(!existsSync(join(here.data, 'postgres/postmaster.pid')), 'and was shut down, not killed')
    assert.ok(!existsSync(join(here.data, 'laurel.lock')), 'the folder is free')
    server = await here.serve({ port })
    starts.push(server.readyMs)
    await reported
  }
  assert.deepEqual(platform.complaints, [])
  const db = openDatabase({ connectionString: socketOf(here.data), clock: realClock, ids: randomIds, connections: 1 })
  const there = new Set((await db.read((tx) => tx.query(sql<{ id: string }>`select id from completion.completion`))).map((one) => one.id))
  await db.close()
  for (const [learner, id] of platform.acknowledged) assert.ok(there.has(id), `${learner} was acknowledged`)
  const longest = (of: readonly number[]) => `${Math.round(Math.max(...of))} ms`
  report('Ctrl-C', { 'under load': underLoad, acknowledged: platform.acknowledged.size, 'first start': `${Math.round(first)} ms`, 'longest stop': longest(stops), 'starts after the first': starts.map((ms) => `${Math.round(ms)}`).join(' '), 'longest of them': longest(starts) }, { done: stops.length, expected: rounds })
  assert.equal(there.size, 100 * rounds)
  assert.ok(underLoad > 0)
})

test('Ctrl-C while a command works, while the first start makes its database, and while a simulation runs leaves no database behind', { timeout: 120_000 }, async (t) => {
  const here = workshopFor(t)
  const run = (words: readonly string[]) => {
    const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...words], { env: { PATH: process.env['PATH'], LAUREL_DATA: here.data, TMPDIR: here.folder, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/laurel-compiled') }, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    t.after(() => child.kill('SIGKILL'))
    return { said: () => said, stop: () => child.kill('SIGINT'), ended }
  }
  const until = async (what: string, holds: () => boolean) => {
    for (const end = performance.now() + 40_000; performance.now() < end; await sleep(5)) if (holds()) return
    assert.fail(`not within 40 s: ${what}`)
  }
  let done = 0

  const making = run(['start', '--no-demo', '--port', String(await freePort())])
  await until('the database is being made', () => existsSync(join(here.data, 'postgres')))
  making.stop()
  await making.ended
  assert.equal(postmasterOf(here.data), undefined)
  done++

  const file = join(here.folder, 'many.csv')
  writeFileSync(file, `learner_id,name,email,locale,time_zone,country,education,completed_at\n${Array.from({ length: 20_000 }, (_, n) => `M-${n},Ana Silva,m${n}@learners.example,pt-BR,America/Sao_Paulo,BR,Bachelor,2026-08-30`).join('\n')}\n`)
  const issuing = run(['issue', file, '--achievement', join(root, 'examples/achievement.json')])
  await until('the command has its database', () => postmasterOf(here.data) !== undefined)
  await sleep(1_500)
  issuing.stop()
  assert.equal(await issuing.ended, 130, issuing.said())
  assert.equal(postmasterOf(here.data), undefined)
  const server = await embeddedPostgres(here.data)
  const db = openDatabase({ connectionString: server.connectionString('postgres'), clock: realClock, ids: randomIds, connections: 1 })
  const [counted] = await db.read((tx) => tx.query(sql<{ n: number }>`select count(*)::int n from completion.completion`)).catch(() => [{ n: 0 }]) // before the first migration there is no table
  await db.close()
  await server.stop()
  const n = counted?.n
  assert.ok(n === 0 || n === 20_000, `${n} of 20,000 rows are there: half an import`)
  done++

  const simulating = run(['simulate', '--learners', '500'])
  const twin = () => readdirSync(here.folder).filter((name) => name.startsWith('laurel-twin-')).map((name) => join(here.folder, name))
  await until('the simulation has its database', () => twin().some((folder) => postmasterOf(folder) !== undefined))
  const postmaster = twin().map(postmasterOf).find((pid) => pid !== undefined) ?? 0
  await sleep(500)
  simulating.stop()
  assert.equal(await simulating.ended, 130, simulating.said())
  t.after(() => killIfThere(postmaster, 'SIGKILL'))
  assert.ok(!lives(postmaster))
  assert.deepEqual(twin(), [], 'nor its folder')
  done++
  report('Ctrl-C in the middle', { 'rows of the interrupted import': n }, { done, expected: 3 })
})
